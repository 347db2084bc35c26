"""Where the terms of a question stand in many short texts, found in all of them at once.

A term is found as the keyword index would find it: Chinese and the like wherever its characters
stand, words of letters and numbers only whole, by their stems.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arrays import unique
from index.query import stemmed
from index.tokens import fold, is_bigrammed, words_of_letters

Counts = NDArray[np.int32]
"""How often each term stands in each text, shape ``(texts, terms)``."""

_END = "\n"  # between the texts: stands in no term
_PRIME = np.uint64(1_000_003)
_NARROW = 4095  # a small table of first characters: a few more places are looked at than need be


class _Folds:
    """``index.tokens.fold`` as an array by code point, filled as characters are met."""

    def __init__(self) -> None:
        self._folded = np.zeros(0x110000, np.uint32)

    def __call__(self, codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
        folded: NDArray[np.uint32] = self._folded[codes]
        if not folded.all():
            new = unique(codes[folded == 0])
            self._folded[new] = [ord(fold(chr(code))) for code in new]
            folded = self._folded[codes]
        return folded


_FOLDS = _Folds()


class Texts:
    """Texts, folded and side by side as one array of code points."""

    def __init__(self, codes: NDArray[np.uint32], sizes: NDArray[np.int64]) -> None:
        self.codes, self.sizes = codes, sizes
        self.first = np.cumsum(sizes) - sizes
        """Where each text begins in ``codes``."""

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """Fold some texts."""
        raw = _END.join([*texts, ""]).encode("utf-32-le")
        sizes = np.array([len(text) + 1 for text in texts], np.int64)
        return cls(_FOLDS(np.frombuffer(raw, np.uint32)), sizes)

    @classmethod
    def joined(cls, several: Sequence[Texts]) -> Texts:
        """The texts of several, one after the other."""
        codes = np.concatenate([texts.codes for texts in several])
        return cls(codes, np.concatenate([texts.sizes for texts in several]))

    def divided(self, counts: Sequence[int]) -> list[Texts]:
        """The first ``counts[0]`` texts, the next ``counts[1]``, and so on; the inverse of ``joined``."""
        ends = np.cumsum(counts)
        edges = np.append(self.first, len(self.codes))
        return [
            Texts(self.codes[edges[a] : edges[b]].copy(), self.sizes[a:b])
            for a, b in zip(ends - counts, ends, strict=True)
        ]

    def __len__(self) -> int:
        return len(self.sizes)

    def count_terms(self, terms: Sequence[str]) -> Counts:
        """How often each of these different terms stands in each text."""
        counts = np.zeros((len(self), len(terms)), np.int32)
        anywhere = [i for i, term in enumerate(terms) if is_bigrammed(term)]
        self._count_runs([terms[i] for i in anywhere], anywhere, counts)
        whole = {term: i for i, term in enumerate(terms) if not is_bigrammed(term)}
        if whole:
            self._count_words(whole, counts)
        return counts

    def count_runs(self, runs: Sequence[str]) -> Counts:
        """The same for runs of characters, wherever they stand."""
        counts = np.zeros((len(self), len(runs)), np.int32)
        self._count_runs(runs, range(len(runs)), counts)
        return counts

    def longest_common(self, run: str) -> NDArray[np.int64]:
        """For each text the length of the longest run of characters that it shares with ``run``.

        All texts at once: ``length[i]`` is that of the common run that ends at code ``i``.
        """
        wanted = np.frombuffer(run.encode("utf-32-le"), np.uint32)
        best = np.zeros(len(self.codes), np.int16)
        row = np.zeros(len(self.codes) + 1, np.int16)
        for code in wanted:
            row[1:] = np.where(self.codes == code, row[:-1] + 1, 0)
            np.maximum(best, row[1:], out=best)
        return np.maximum.reduceat(best, self.first).astype(np.int64)

    def _count_runs(self, runs: Sequence[str], columns: Sequence[int], counts: Counts) -> None:
        if not runs:
            return
        opening = np.zeros(_NARROW + 1, bool)
        opening[[ord(run[0]) & _NARROW for run in runs]] = True
        places = np.flatnonzero(opening[self.codes & np.uint32(_NARROW)])
        keys = np.zeros(len(places), np.uint64)
        by_length: dict[int, list[int]] = {}
        for i, run in enumerate(runs):
            by_length.setdefault(len(run), []).append(i)
        for length in range(1, max(by_length) + 1):
            inside = places + (length - 1) < len(self.codes)
            places, keys = places[inside], keys[inside]
            keys = keys * _PRIME + self.codes[places + (length - 1)]
            if length not in by_length:
                continue
            wanted = np.array([_key(runs[i]) for i in by_length[length]], np.uint64)
            order = np.argsort(wanted)
            at = np.minimum(np.searchsorted(wanted[order], keys), len(wanted) - 1)
            hit = wanted[order][at] == keys
            found = np.array(by_length[length])[order][at[hit]]
            np.add.at(counts, (self._text_of(places[hit]), np.asarray(columns)[found]), 1)

    def _count_words(self, wanted: dict[str, int], counts: Counts) -> None:
        joined = self.codes.tobytes().decode("utf-32-le")
        for word, place in words_of_letters(joined, (term[0] for term in wanted)):
            column = wanted.get(stemmed(word))
            if column is not None:
                counts[self._text_of(place), column] += 1

    def _text_of(self, places: Any) -> Any:
        return np.searchsorted(self.first, places, side="right") - 1


def _key(run: str) -> int:
    key = 0
    for char in run:
        key = (key * int(_PRIME) + ord(char)) % (1 << 64)
    return key
