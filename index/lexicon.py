"""A question's words in the other language: English ↔ Chinese, and names by their sound.

A table of p(word | word) learned from a dictionary and parallel sentences, and a table of
sounds; no model, no network. What they were made from: ``model/LEXICON.md``.

    >>> [e.source for e in Lexicon.load().translate_to_chinese("Who is the general manager?")]
    ['general manager']
    >>> pinyin_queries("Jialu River")
    ['jialu']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

from index.sounds import foreign_keys, name_keys, pinyin_keys, readings, syllables
from index.stems import is_stop, stem
from index.tables import FOLDER, SortedTable, cells, read_text
from index.tokens import Token, default_segmenter, fold, is_unspaced

__all__ = ["Expansion", "Lexicon", "latin_sound_keys", "pinyin_keys", "pinyin_queries", "sound_keys", "sound_queries", "stem"]  # fmt: skip

PHRASE = 3
"""The longest phrase looked up, in words."""
_LATIN = re.compile(r"[a-zÀ-ɏ]+(?:['’][a-zÀ-ɏ]+)*", re.IGNORECASE)
# One to four words with capitals, as names have them.
_NAME = re.compile(r"[A-ZÀ-Þ][a-zÀ-ɏ'’]+(?:[ -][A-ZÀ-Þ][a-zÀ-ɏ'’]+){0,3}")
_HAN = re.compile("[\u3400-\u9fff]")
_POSSESSIVE = re.compile("['’]s$")
_BREAK = re.compile(r"[^\w\s'’-]")
_GUESSES = 12  # keys tried for a foreign name
_SURE = 0.3  # a foreign name in English text is indexed under the keys that are at least so sure
_CHINESE_KEY = 0.7  # weight of one sound key of a Chinese name asked in English articles
_Name = tuple[re.Match[str], list[tuple[str, ...]]]  # a word and the ways to read it as pinyin


@dataclass(frozen=True, slots=True)
class Expansion:
    """A word or phrase of a question, ``text[start:end] == source``, and what stands for it.

    ``alternatives`` are words of the other language (or sound keys) with weights in (0, 1], best
    first: what to multiply a match's score by, ``(p / p of the best) ** 0.25``. English ones are
    whole words, to be compared by ``stem``. None: the table does not know the word. Of several
    alternatives that match, the best counts. ``parts`` are the words inside a phrase, or the known
    ones inside an unknown compound, each expanded for itself; a search does best to look for both,
    the whole and its parts.
    """

    source: str
    start: int
    end: int
    alternatives: tuple[tuple[str, float], ...]
    parts: tuple[Expansion, ...] = ()


class Lexicon:
    """Translations of words. Each direction is read at its first use (about 20 ms)."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> Lexicon:
        """The bundled lexicon, one for the process."""
        return Lexicon()

    @cached_property
    def _chinese(self) -> SortedTable:
        return SortedTable(read_text("lexicon_en_zh.tsv", "en-zh", self._folder))

    @cached_property
    def _english(self) -> SortedTable:
        return SortedTable(read_text("lexicon_zh_en.tsv", "zh-en", self._folder))

    def chinese(self, key: str) -> tuple[tuple[str, float], ...] | None:
        """The Chinese of a stem, of stems joined by blanks, or of an acronym in capitals."""
        return _weights(self._chinese.get(key))

    def english(self, word: str) -> tuple[tuple[str, float], ...] | None:
        """The English of a folded Chinese word; empty for words of grammar, None if unknown."""
        return _weights(self._english.get(word))

    def translate_to_chinese(self, text: str) -> list[Expansion]:
        """The English words of a question in Chinese, phrases before words, in text order.

        Words of grammar and numbers yield nothing. Raises ModelError when the table is damaged.
        """
        words = list(_LATIN.finditer(text))
        keys = [self._key(m.group(), text) for m in words]
        found, at = [], 0
        while at < len(words):
            size = self._phrase(words, keys, at, text)
            pieces = [
                _expansion(text, *words[i].span(), self.chinese(keys[i]))
                for i in range(at, at + size)
                if not (is_stop(words[i].group()) and keys[i].islower())
            ]
            if size > 1:
                span = words[at].start(), words[at + size - 1].end()
                known = self.chinese(" ".join(keys[at : at + size]))
                pieces = [_expansion(text, *span, known, tuple(pieces))]
            found += pieces
            at += size
        return found

    def translate_to_english(self, text: str) -> list[Expansion]:
        """The Chinese words of a question in English, the longest known words, in text order.

        Words of grammar, numbers and Latin words yield nothing. Traditional text is folded first.
        Raises ModelError when the table is damaged.
        """
        tokens = [t for t in default_segmenter().tokens(text) if is_unspaced(t.word)]
        found, at = [], 0
        while at < len(tokens):
            size = next((n for n in (4, 3, 2) if self._joined(tokens[at : at + n], n)), 1)
            run = tokens[at : at + size]
            pieces = [e for t in run for e in self._word(text, t)]
            if size > 1:
                known = self.english("".join(t.word for t in run))
                pieces = [_expansion(text, run[0].start, run[-1].end, known, tuple(pieces))]
            found += pieces
            at += size
        return found

    def _key(self, word: str, text: str) -> str:
        """The key of an English word: an acronym stays in capitals where the table has it."""
        acronym = word.isupper() and 2 <= len(word) <= 6 and not text.isupper()
        return word if acronym and self.chinese(word) else stem(fold(word))

    def _phrase(self, words: list[re.Match[str]], keys: list[str], at: int, text: str) -> int:
        """How many words from ``at`` on are one phrase of the table; 1 when none is."""
        for size in range(min(PHRASE, len(words) - at), 1, -1):
            last = at + size - 1
            gap = text[words[at].start() : words[last].end()]
            if is_stop(words[at].group()) or is_stop(words[last].group()) or _BREAK.search(gap):
                continue
            if self.chinese(" ".join(keys[at : last + 1])):
                return size
        return 1

    def _joined(self, run: list[Token], size: int) -> bool:
        together = all(a.end == b.start for a, b in pairwise(run))
        return len(run) == size and together and bool(self.english("".join(t.word for t in run)))

    def _word(self, text: str, token: Token) -> list[Expansion]:
        known = self.english(token.word)
        if known == ():
            return []
        # A name or compound that is in no dictionary: the words inside it still say something.
        parts = self._inside(text, token) if known is None else []
        return [_expansion(text, token.start, token.end, known, tuple(parts))]

    def _inside(self, text: str, token: Token) -> list[Expansion]:
        found = []
        at, size = 0, len(token.word)
        while at < size - 1:
            fits = (n for n in range(size - at, 1, -1) if self.english(token.word[at : at + n]))
            length = next(fits, 0)
            if length:
                start = token.start + at
                known = self.english(token.word[at : at + length])
                found.append(_expansion(text, start, start + length, known))
            at += length or 1
        return found


def _weights(value: str | None) -> tuple[tuple[str, float], ...] | None:
    return None if value is None else tuple((word, n / 99) for word, n in cells(value))


def _expansion(
    text: str,
    start: int,
    end: int,
    known: tuple[tuple[str, float], ...] | None,
    parts: tuple[Expansion, ...] = (),
) -> Expansion:
    return Expansion(text[start:end], start, end, known or (), parts)


def pinyin_queries(text: str) -> list[str]:
    """The sound keys of the pinyin names in an English text: "Wang Yuhong" → wangyu, yuhong.

    A name has at least two syllables; words with one join their neighbours. An English word that
    could be pinyin ("women", "China") is none, unless its Chinese sounds the same ("Zhengzhou").
    """
    keys = (key for run in _pinyin_names(text) for key in name_keys([w for _, w in run]))
    return list(dict.fromkeys(keys))


def sound_queries(text: str) -> list[Expansion]:
    """What to look for among the sound keys of the articles, for a question in another language.

    English: names in pinyin, and unknown names as Chinese would spell them. Chinese: words that
    the lexicon does not know, as the key of each two characters.
    """
    found, taken = [], set[int]()
    for run in _pinyin_names(text):
        span = run[0][0].start(), run[-1][0].end()
        taken.update(m.start() for m, _ in run)
        found += [_expansion(text, *span, ((key, 1.0),)) for key in name_keys([w for _, w in run])]
    for match in _foreign_names(text):
        keys = foreign_keys(_POSSESSIVE.sub("", match.group()))[:_GUESSES]
        if keys and match.start() not in taken:
            sure = tuple((key, round(p**0.25, 2)) for key, p in keys)
            found.append(_expansion(text, *match.span(), sure))
    for unknown in Lexicon.load().translate_to_english(text) if _HAN.search(text) else ():
        if not unknown.alternatives:
            found += _spoken_chinese(text, unknown)
    return found


def _spoken_chinese(text: str, word: Expansion) -> list[Expansion]:
    """The keys of an unknown Chinese word, those of two characters of one known part left out."""
    known = {i: part.start for part in word.parts for i in range(part.start, part.end)}
    return [
        _expansion(text, i, i + 2, ((key, _CHINESE_KEY),))
        for i in range(word.start, word.end - 1)
        if i not in known or known.get(i + 1) != known[i]
        for key in pinyin_keys(text[i : i + 2])
    ]


def sound_keys(text: str) -> list[str]:
    """All sound keys of an article's text: its Chinese by pinyin, its Latin names by guess."""
    return [*pinyin_keys(text), *latin_sound_keys(text)]


def latin_sound_keys(text: str) -> list[str]:
    """The sound keys of a text's names in Latin letters; each begins with a capital."""
    return [key for match in _NAME.finditer(text) for key in _keys_of_name(match.group())]


@lru_cache(maxsize=65_536)
def _keys_of_name(name: str) -> tuple[str, ...]:
    names = (_POSSESSIVE.sub("", match.group()) for match in _foreign_names(name))
    guessed = map(foreign_keys, names)
    return (*pinyin_queries(name), *(key for keys in guessed for key, p in keys if p >= _SURE))


def _foreign_names(text: str) -> Iterator[re.Match[str]]:
    """Unknown words that look like names: with a capital, or any where the text has none."""
    plain = text.islower()
    for match in _LATIN.finditer(text):
        word = match.group()
        named = (plain or word[0].isupper()) and not word.isupper() and len(word) > 3
        if named and _sounds_of(word) is None and not is_stop(word):
            yield match


def _pinyin_names(text: str) -> Iterator[list[_Name]]:
    """Runs of words that can be read as pinyin, of two syllables or more together."""
    plain = text.islower()
    run: list[_Name] = []
    for match in _LATIN.finditer(text):
        ways = _as_name(match.group(), plain, match.start() == 0)
        if run and (not ways or text[run[-1][0].end() : match.start()].strip(" -")):
            if _spoken(run) > 1:
                yield run
            run = []
        if ways:
            run.append((match, ways))
    if _spoken(run) > 1:
        yield run


def _spoken(run: list[_Name]) -> int:
    return sum(len(ways[0]) for _, ways in run)


def _as_name(word: str, plain: bool, first: bool) -> list[tuple[str, ...]]:
    """The ways to read a word as part of a Chinese name; none if it is a word of English."""
    word = _POSSESSIVE.sub("", word)
    ways = syllables(word)
    if not ways or word.isupper():
        return []
    sounds = _sounds_of(word)
    letters = re.sub("['’]", "", fold(word))
    # 二七区 (erqiqu) for "Erqi": the Chinese may also say what the place is.
    known = sounds is not None and not any(sound.startswith(letters) for sound in sounds)
    if len(ways[0]) > 1:
        return [] if known or is_stop(word) else ways
    capital = word[0].isupper() and not (first and is_stop(word))
    return ways if capital or (plain and not known and not is_stop(word)) else []


@lru_cache(maxsize=16_384)
def _sounds_of(word: str) -> frozenset[str] | None:
    """How the Chinese of an English word sounds; None when the lexicon does not know the word."""
    known = Lexicon.load().chinese(stem(fold(word)))
    if known is None:
        return None
    return frozenset("".join(readings().get(c, "") for c in w) for w, _ in known)
