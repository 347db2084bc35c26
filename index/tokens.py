"""Text → the tokens that are searched: words by jieba, and characters with their bigrams.

Words and bigrams each win on about half of the collections measured, so both are indexed, as
two fields. Everything is folded first: case, full width, traditional characters. Folding keeps
the length, so an offset in the folded text is the same offset in the text.

    >>> fold("ＧＤＰ增長目標")
    'gdp增长目标'
    >>> bigrams("贾鲁河2024")
    ['贾', '贾鲁', '鲁', '鲁河', '河', '2024']
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import chain
from operator import add
from typing import Any

# Scripts written without spaces between words: their words are found by dictionary or bigrams.
_UNSPACED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff"
)
_REMEMBERED = 300  # characters up to which a folded text is remembered
_KNOWN = "\u2e80"  # from here on jieba knows words
# Korean is spaced, but its particles stick to the words: bigrams serve it as well.
_BIGRAMMED = _UNSPACED + "\u1100-\u11ff\uac00-\ud7af"
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+")
_BIGRAMMED_CHAR = re.compile(f"[{_BIGRAMMED}]")
# Marks (vowel signs, accents) belong to the word before them; \w alone would cut Hindi and Thai.
_LETTER = f"(?:(?![{_BIGRAMMED}])[\\w\u0300-\u036f\u0900-\u0dff])+" r"(?:[.,](?=\d)(?<=\d.)\d+)*"
_WHOLE = re.compile(
    f"(?<![^\\W{_BIGRAMMED}])(?<![\u0300-\u036f\u0900-\u0dff])(?<!\\d[.,]){_LETTER}"
)
_LETTERS = re.compile(_LETTER)
_PIECE = re.compile(f"(?P<run>[{_BIGRAMMED}]+)|(?P<word>{_LETTER})")


class _Folding(dict[int, str]):
    """A ``str.translate`` table that fills itself, one character at a time."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = unicodedata.normalize("NFKC", char)
        folded = folded if len(folded) == 1 else char
        lower = folded.lower()
        folded = lower if len(lower) == 1 else folded
        if "\u3400" <= folded <= "\u9fff" or folded >= "\uf900":
            # Twice: 薴 is simplified to 苧, which is itself the traditional form of 苎.
            simple = _simplifier().convert(_simplifier().convert(folded))
            folded = simple if len(simple) == 1 else folded
        self[code] = folded
        return folded


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Lower case, half width, simplified characters; as long as ``text``, offset for offset."""
    return _folded(text) if len(text) <= _REMEMBERED else text.translate(_FOLDING)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """A sentence is folded for each thing that is looked for in it: remembered, it takes a third."""
    return text.translate(_FOLDING)


@dataclass(frozen=True, slots=True)
class Token:
    """A word and where it stands: ``fold(text)[start:end] == word``."""

    word: str
    start: int
    end: int


class Segmenter:
    """jieba with the user's own words. jieba-rs gives jieba's tokens at 30 times its speed."""

    def __init__(self, user_words: Iterable[str] = ()) -> None:
        import rjieba

        own = sorted({fold(word) for word in user_words})
        # The module is a jieba too, whose dictionary was read on import: a second takes 0.1 s.
        self._jieba: Any = rjieba.Jieba() if own else rjieba
        for word in own:
            self._jieba.add_word(word, None, None)
        self.fingerprint = hashlib.blake2b("\n".join(own).encode(), digest_size=8).hexdigest()
        """Changes when the user's words do: the same text may then have other tokens."""

    def words(self, text: str) -> list[str]:
        """The words to search by, long words also cut into the shorter words inside them."""
        return [
            word
            for piece in _pieces(fold(text))
            for word in (self._cut(piece) if _UNSPACED_RUN.match(piece) else (piece,))
        ]

    def cut(self, folded: str) -> list[str]:
        """The words of unspaced script to search by, long words also cut into the shorter words
        inside them. What stands between runs of it (blanks, line ends) comes as it is."""
        found: list[str] = self._jieba.cut_for_search(folded)
        return found

    def tokens(self, text: str) -> list[Token]:
        """The words one after another, none inside another, with their places."""
        found: list[Token] = []
        folded = fold(text)
        for match in _PIECE.finditer(folded):
            at = match.start()
            piece = match.group()
            parts = self._jieba.cut(piece) if _UNSPACED_RUN.match(piece) else (piece,)
            for part in parts:
                found.append(Token(part, at, at + len(part)))
                at += len(part)
        return found

    def dictionary_words(self, text: str) -> list[str]:
        """The words by dictionary alone, no guess at unknown ones; together they are ``fold(text)``."""
        return list(self._jieba.cut(fold(text), hmm=False))

    def in_dictionary(self, word: str) -> bool:
        """Whether jieba's dictionary, or the user's words, have a word."""
        return bool(self._jieba.has_word(fold(word)))

    def tagged(self, text: str) -> list[tuple[str, str]]:
        """Words with jieba's part-of-speech tags; the words together are ``fold(text)``."""
        return list(self._jieba.tag(fold(text)))

    def _cut(self, run: str) -> list[str]:
        # Of Thai, Lao, Burmese and Khmer jieba knows no word: their pairs of characters serve.
        return list(self._jieba.cut_for_search(run)) if run[0] >= _KNOWN else []


@lru_cache(maxsize=1)
def default_segmenter() -> Segmenter:
    """The segmenter without user words (opening its dictionary takes about 0.1 s)."""
    return Segmenter()


def _pieces(folded: str) -> Iterator[str]:
    for match in _PIECE.finditer(folded):
        yield match.group()


def bigrams(text: str) -> list[str]:
    """Each character and each pair of neighbours, within runs of unspaced script; other words whole."""
    found: list[str] = []
    for match in _PIECE.finditer(fold(text)):
        run = match.group("run")
        if run is None:
            found.append(match.group())
            continue
        # Each character, then the pair that it begins; at C's speed, as every passage comes by.
        found += chain.from_iterable(zip(run, map(add, run, run[1:]), strict=False))
        found.append(run[-1])
    return found


class Script(IntEnum):
    """What a folded character is to search: of a word of letters, a point that may stand within a
    number, of a script whose words jieba knows, of one (Thai, Lao …) whose words it does not, of
    Korean. A figure of such a script is apart: a number may go on with it."""

    OTHER = 1
    LETTER = 2
    POINT = 3
    FIGURE = 4
    HAN = 5
    THAI = 6
    KOREAN = 7


def script_of(char: str) -> Script:
    """What a folded character is to search."""
    if char in ".,":
        return Script.POINT
    if not _BIGRAMMED_CHAR.match(char):
        return Script.LETTER if _LETTERS.match(char) else Script.OTHER
    if char.isdecimal():
        return Script.FIGURE
    if not _UNSPACED_RUN.match(char):
        return Script.KOREAN
    return Script.HAN if char >= _KNOWN else Script.THAI


def letter_words(folded: str) -> list[str]:
    """The words of letters and numbers in a folded text."""
    return _LETTERS.findall(folded)


@lru_cache(maxsize=8192)
def is_bigrammed(word: str) -> bool:
    """Whether a word begins in a script that is searched by pairs of characters (Korean too)."""
    return bool(_BIGRAMMED_CHAR.match(word))


def word_of_letters(folded: str, place: int) -> str:
    """The word of letters and numbers that begins there in a folded text; empty when none does."""
    match = _WHOLE.match(folded, place)
    return match.group() if match else ""


@lru_cache(maxsize=8192)
def is_among_pairs(word: str) -> bool:
    """Whether a folded word is among the ``bigrams`` of whatever text jieba found it in: one or two
    characters of a script that jieba knows."""
    return len(word) < 3 and word >= _KNOWN and is_unspaced(word)


@lru_cache(maxsize=8192)
def is_unspaced(word: str) -> bool:
    """Whether a word is of a script that is written without spaces (Chinese, Japanese, Thai …)."""
    return bool(_UNSPACED_RUN.match(word))
