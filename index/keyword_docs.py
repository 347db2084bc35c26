"""Passages → what the keyword index takes: many at once, nearly all of it in NumPy and jieba-rs.

The tokens are those of ``keyword_doc``, which does it for one text; a test compares the two. Only
their order differs, which BM25 does not look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.characters import FOLDED, ByCharacter, Codes, codes_of, text_of
from index.keywords import LONGEST_TOKEN, KeywordDoc
from index.lexicon import latin_sound_keys, sound_keys
from index.query import stemmed
from index.sounds import reading, readings
from index.tokens import Script, Segmenter, bigrams, is_among_pairs, letter_words, script_of

_NO_SOUND = 1  # 0 would be a character that was not met yet
_BLANK, _LINE = ord(" "), ord("\n")
_HAN = "\u2e80"  # what comes before it between runs of Chinese are blanks and line ends
_KOREAN = "\uac00", "\ud7b0"

_Kinds = NDArray[np.uint32]
_Begins = NDArray[np.int64]


def keyword_doc(number: int, text: str, segmenter: Segmenter) -> KeywordDoc:
    """A passage as the keyword index takes it: of the words those that are not among the pairs."""
    words = [stemmed(word) for word in segmenter.words(text) if not is_among_pairs(word)]
    return KeywordDoc.of(number, words, bigrams(text), sound_keys(text))


def keyword_docs(
    numbers: Sequence[int], texts: Sequence[str], segmenter: Segmenter
) -> list[KeywordDoc]:
    """The same for many passages, each given by its number and its text."""
    codes, begins = codes_of(texts)
    folded = FOLDED(codes)
    kinds = _KINDS(folded)
    odd = _hold(kinds == Script.FIGURE, begins)
    letters = [letter_words(line) for line in _letters(folded, kinds, begins)]
    words = _words(folded, kinds, begins, segmenter)
    pairs = _pairs(folded, kinds, begins)
    sounds = _sounds(codes, begins)
    named = _hold(_is_capital(codes), begins)
    found = []
    for i, (number, text) in enumerate(zip(numbers, texts, strict=True)):
        if odd[i]:  # such a figure may end a number that begins in another script
            found.append(keyword_doc(number, text, segmenter))
            continue
        own = letters[i]
        latin = latin_sound_keys(text) if named[i] else ()
        found.append(
            KeywordDoc(
                number,
                _with(words[i], map(stemmed, own)),
                _with(pairs[i], own),
                _with(sounds[i], latin),
            )
        )
    return found


def _with(line: str, more: Iterable[str]) -> str:
    kept = KeywordDoc.kept(more)
    return " ".join([line, *kept]) if kept else line


def _words(folded: Codes, kinds: _Kinds, begins: _Begins, segmenter: Segmenter) -> list[str]:
    """The words of each text but those of letters, blanks between them."""
    starts, sizes = _runs(_in_run(kinds))
    of = kinds[starts]  # the first character of a run says how all of it is cut
    places = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
    by_run = np.zeros(len(folded), np.uint32)
    by_run[places] = np.repeat(of, sizes)
    cut = segmenter.cut(text_of(_lines(folded, by_run == Script.HAN, begins)))
    # As is_among_pairs says; that takes a microsecond, for each of a hundred words of a passage.
    low, high = _KOREAN
    cut = [word for word in cut if len(word) > 2 or word < _HAN or low <= word < high]
    if sizes.max(initial=0) > LONGEST_TOKEN:  # else no word is so long
        cut = KeywordDoc.kept(cut)
    lines = " ".join(cut).split("\n")
    whole = by_run == Script.KOREAN
    if whole.any():
        korean = text_of(_lines(folded, whole, begins)).split("\n")
        lines = [_with(a, b.split()) for a, b in zip(lines, korean, strict=True)]
    return lines


def _letters(folded: Codes, kinds: _Kinds, begins: _Begins) -> list[str]:
    """What of each text can be words of letters and numbers, blanks for all else."""
    mask = (kinds == Script.LETTER) | (kinds == Script.POINT)
    return text_of(_lines(folded, mask, begins)).split("\n")


def _lines(folded: Codes, mask: NDArray[np.bool_], begins: _Begins) -> Codes:
    """The characters of the mask, a blank after each run of them, a line for each text."""
    after = mask.copy()
    after[1:] |= mask[:-1]
    out = np.where(mask, folded, np.uint32(_BLANK))
    ends = begins[1:] - 1
    out[ends], after[ends] = _LINE, True
    after[ends[-1:]] = False  # the last line needs no end
    return out[after]


def _pairs(folded: Codes, kinds: _Kinds, begins: _Begins) -> list[str]:
    """Each character of unspaced script and each pair of neighbours, blanks between them."""
    inside = _in_run(kinds)
    at = np.flatnonzero(inside)
    goes_on = inside[at + 1]  # a text's end is never inside
    sizes = np.where(goes_on, 5, 2)
    ends = np.cumsum(sizes)
    places = ends - sizes
    out = np.full(int(ends[-1]) if len(ends) else 0, _BLANK, np.uint32)
    out[places] = folded[at]
    first = places[goes_on]
    out[first + 2], out[first + 3] = folded[at[goes_on]], folded[at[goes_on] + 1]
    cuts = np.append(0, ends)[np.searchsorted(at, begins)].tolist()
    whole = text_of(out)
    return [whole[a:b] for a, b in pairwise(cuts)]


def _sounds(codes: Codes, begins: _Begins) -> list[str]:
    """The sound keys of the Chinese of each text, blanks between them."""
    sounds = _SOUNDS(codes).astype(np.int64) - _NO_SOUND
    first, second = sounds[:-1], sounds[1:]
    at = np.flatnonzero((first > 0) & (second > 0))
    keys = _KEYS(first[at], second[at])
    cuts = np.searchsorted(at, begins).tolist()
    return [" ".join(keys[a:b]) for a, b in pairwise(cuts)]


def _in_run(kinds: _Kinds) -> NDArray[np.bool_]:
    return kinds >= Script.HAN


def _runs(mask: NDArray[np.bool_]) -> tuple[_Begins, _Begins]:
    """Where runs begin, and how long they are."""
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    return edges[::2], edges[1::2] - edges[::2]


def _is_capital(codes: Codes) -> NDArray[np.bool_]:
    return ((codes >= ord("A")) & (codes <= ord("Z"))) | ((codes >= 0xC0) & (codes <= 0xDE))


def _hold(mask: NDArray[np.bool_], begins: _Begins) -> list[bool]:
    """Of each text whether one of its characters is of the mask."""
    before = np.append(0, np.cumsum(mask))
    found: list[bool] = (np.diff(before[begins]) > 0).tolist()
    return found


class _Keys:
    """The keys of two syllables, each written out when it is first met."""

    def __init__(self) -> None:
        self._known: NDArray[np.object_] | None = None
        self._is_known = np.zeros(0, np.bool_)

    def __call__(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> list[str]:
        """The keys of pairs of syllables, each by its number."""
        syllables = _syllables()
        many = len(syllables)
        if self._known is None:
            self._known = np.empty(many * many, np.object_)
            self._is_known = np.zeros(many * many, np.bool_)
        pairs = first * many + second
        new = pairs[~self._is_known[pairs]]
        for pair in set(new.tolist()):
            self._known[pair] = syllables[pair // many] + syllables[pair % many]
        self._is_known[new] = True
        found: list[str] = self._known[pairs].tolist()
        return found


def _sound(char: str) -> int:
    syllable = reading(char)
    return _NO_SOUND if syllable is None else _NO_SOUND + _numbers()[syllable]


@lru_cache(maxsize=1)
def _syllables() -> list[str]:
    return ["", *sorted(set(readings().values()))]


@lru_cache(maxsize=1)
def _numbers() -> dict[str, int]:
    return {syllable: number for number, syllable in enumerate(_syllables())}


_KINDS = ByCharacter(script_of)
_SOUNDS = ByCharacter(_sound)
_KEYS = _Keys()
