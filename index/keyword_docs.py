"""Passages → what the keyword index takes: many at once, nearly all of it in NumPy and jieba-rs.

The tokens are those of ``keyword_doc``, which does it for one text; a test compares the two. Only
their order differs, which BM25 does not look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress, pairwise

import numpy as np
from numpy.typing import NDArray

from index.characters import FOLDED, ByCharacter, Codes, codes_of, text_of
from index.keywords import LONGEST_TOKEN, KeywordDoc
from index.lexicon import latin_sound_keys, sound_keys
from index.query import stemmed
from index.sounds import FIRST_LETTER, inventory, letter_of, reading
from index.tokens import Script, Segmenter, bigrams, is_among_pairs, letter_words, script_of

_NO_SOUND = 1  # 0 would be a character that was not met yet
_BLANK, _LINE = ord(" "), ord("\n")
# The end of a text among runs of Chinese: a word, so that those below three characters can go.
_END = " 000 "
_HAN = "\u2e80"  # what comes before it in a run that begins with Chinese is Thai, Lao …
_KOREAN = "\uac00", "\ud7b0"

_Kinds = NDArray[np.uint32]
_Begins = NDArray[np.int64]


def keyword_doc(number: int, text: str, segmenter: Segmenter) -> KeywordDoc:
    """A passage as the keyword index takes it: of the words those that are not among the pairs."""
    words = [stemmed(word) for word in segmenter.words(text) if not is_among_pairs(word)]
    return KeywordDoc.of(number, words, bigrams(text), map(letter_of, sound_keys(text)))


@dataclass(frozen=True, slots=True)
class Prepared:
    """Many passages with all their tokens but jieba's words. These another thread may look for:
    jieba lets Python go on meanwhile, which the many small steps of NumPy hardly do."""

    numbers: Sequence[int]
    texts: Sequence[str]
    chinese: str
    """The runs that jieba cuts, ``_END`` after those of each text but the last."""
    is_mixed: bool  # with scripts that jieba does not know
    is_long: bool  # with what is too long to be a word
    is_odd: Sequence[bool]  # of each text whether it is taken by itself
    words: Sequence[str]  # of each text those that jieba is not asked for
    bigrams: Sequence[str]
    sounds: Sequence[str]

    @classmethod
    def of(cls, numbers: Sequence[int], texts: Sequence[str]) -> Prepared:
        """Passages, each given by its number and its text."""
        codes, begins = codes_of(texts)
        folded = FOLDED(codes)
        kinds = _KINDS(folded)
        is_long = bool((_runs(kinds > Script.OTHER)[1] > LONGEST_TOKEN).any())
        letters = [
            letter_words(line) if "." in line or "," in line else line.split()
            for line in _letters(folded, kinds, begins)
        ]
        if is_long:
            letters = [KeywordDoc.kept(words) for words in letters]
        stems = [[stemmed(w) if w.isalpha() else w for w in words] for words in letters]
        is_mixed = bool((kinds > Script.HAN).any())
        by_run = _by_run(kinds, is_mixed)
        korean = by_run == Script.KOREAN
        if korean.any():
            spaced = text_of(_lines(folded, korean, begins)).split("\n")
            stems = [[*a, *b.split()] for a, b in zip(stems, spaced, strict=True)]
        named = _hold(_is_capital(codes), begins)
        sounds = [
            _with(line, map(letter_of, latin_sound_keys(text))) if is_named else line
            for text, line, is_named in zip(texts, _sounds(codes, begins), named, strict=True)
        ]
        return cls(
            numbers,
            texts,
            text_of(_lines(folded, by_run == Script.HAN, begins)).replace("\n", _END),
            is_mixed,
            is_long,
            # Such a figure may end a number that begins in another script.
            _hold(kinds == Script.FIGURE, begins),
            list(map(" ".join, stems)),
            list(map(_with, _pairs(folded, kinds, begins), letters)),
            sounds,
        )

    def docs(self, segmenter: Segmenter) -> list[KeywordDoc]:
        """The passages as the keyword index takes them."""
        cut = segmenter.cut(self.chinese)
        # As is_among_pairs says; that takes a microsecond, for each of a hundred words of a passage.
        if self.is_mixed:
            low, high = _KOREAN
            cut = [word for word in cut if len(word) > 2 or word < _HAN or low <= word < high]
        else:
            cut = [word for word in cut if len(word) > 2]
        if self.is_long:
            cut = KeywordDoc.kept(cut)
        found = map("{} {}".format, " ".join(cut).split(_END.strip()), self.words)
        docs = list(map(KeywordDoc, self.numbers, found, self.bigrams, self.sounds))
        for i in compress(range(len(docs)), self.is_odd):
            docs[i] = keyword_doc(self.numbers[i], self.texts[i], segmenter)
        return docs


def _with(line: str, more: Iterable[str]) -> str:
    return " ".join([line, *more]) if more else line


def _by_run(kinds: _Kinds, is_mixed: bool) -> _Kinds:
    """Of each character in a run of unspaced script how the run is cut; 0 of any other."""
    starts, sizes = _runs(_in_run(kinds))
    of = kinds[starts]  # the first character of a run says how all of it is cut
    if not is_mixed:
        of = np.where(sizes < 3, np.uint32(0), of)  # all of it is among the pairs
    found = np.zeros(len(kinds), np.uint32)
    places = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
    found[places] = np.repeat(of, sizes)
    return found


def _letters(folded: Codes, kinds: _Kinds, begins: _Begins) -> list[str]:
    """What of each text can be words of letters and numbers, a blank for all else."""
    mask = kinds == Script.LETTER
    within = mask[:-2] & mask[2:]  # a point elsewhere is of no number
    mask[1:-1] |= (kinds[1:-1] == Script.POINT) & within
    return text_of(_lines(folded, mask, begins)).split("\n")


def _lines(folded: Codes, mask: NDArray[np.bool_], begins: _Begins) -> Codes:
    """The characters of the mask, a blank after each run of them, a line for each text."""
    after = mask.copy()
    after[1:] |= mask[:-1]
    out = np.where(mask, folded, np.uint32(_BLANK))
    ends = begins[1:] - 1
    out[ends], after[ends] = _LINE, True
    after[ends[-1:]] = False  # the last line needs no end
    return out.compress(after)


def _pairs(folded: Codes, kinds: _Kinds, begins: _Begins) -> list[str]:
    """Each character of unspaced script and each pair of neighbours, blanks between them."""
    inside = _in_run(kinds)
    at = np.flatnonzero(inside)
    goes_on = inside.take(at + 1)  # a text's end is never inside
    out = np.full((len(at), 5), _BLANK, np.uint32)
    out[:, 0] = folded.take(at)
    out[:, 2] = np.where(goes_on, out[:, 0], _BLANK)
    out[:, 3] = np.where(goes_on, folded.take(at + 1), _BLANK)
    return _parts(out, np.searchsorted(at, begins))


def _sounds(codes: Codes, begins: _Begins) -> list[str]:
    """The sound keys of the Chinese of each text as letters, blanks between them."""
    sounds = _SOUNDS(codes) - np.uint32(_NO_SOUND)
    at = np.flatnonzero((sounds[:-1] > 0) & (sounds[1:] > 0))
    out = np.full((len(at), 2), _BLANK, np.uint32)
    out[:, 0] = _letters_of_sounds()[sounds.take(at), sounds.take(at + 1)]
    return _parts(out, np.searchsorted(at, begins))


def _parts(rows: Codes, begins: _Begins) -> list[str]:
    """Rows of characters as texts, each from one of the beginnings to the next."""
    whole = text_of(rows)
    return [whole[a:b] for a, b in pairwise((rows.shape[1] * begins).tolist())]


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


def _sound(char: str) -> int:
    syllable = reading(char)
    return _NO_SOUND if syllable is None else _NO_SOUND + inventory()[syllable]


@lru_cache(maxsize=1)
def _letters_of_sounds() -> NDArray[np.uint32]:
    """The letter of the key of each two syllables, by their numbers."""
    numbers = inventory()
    table = np.arange((len(numbers) + 1) ** 2, dtype=np.uint32) + np.uint32(FIRST_LETTER)
    table = table.reshape(len(numbers) + 1, -1)
    # What two others spell too has their letter: a syllable that begins with another, before one
    # that goes on where that one ends.
    rests: dict[str, list[str]] = {}
    for syllable in numbers:
        for cut in range(1, len(syllable)):
            if syllable[cut:] in numbers:
                rests.setdefault(syllable[:cut], []).append(syllable[cut:])
    for syllable, number in numbers.items():
        for cut in range(1, len(syllable)):
            if syllable[:cut] in numbers:
                for rest in rests.get(syllable[cut:], ()):
                    table[number, numbers[rest]] = ord(letter_of(syllable + rest))
    return table


_KINDS = ByCharacter(script_of)
_SOUNDS = ByCharacter(_sound)
