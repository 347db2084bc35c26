"""Where the terms of a question stand in many short texts, found in all of them at once.

A term is found as the keyword index would find it: Chinese and the like wherever its characters
stand, words of letters and numbers only whole, by their stems.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.characters import FOLDED, codes_of, text_of
from index.query import stemmed
from index.tokens import is_bigrammed, word_of_letters

Counts = NDArray[np.int32]
"""How often each term stands in each text, shape ``(texts, terms)``."""

_END = "\n"  # between the texts: stands in no term
_PRIME = np.uint64(1_000_003)
_NARROW = 4095  # a small table of first characters: a few more places are looked at than need be
_INSIDE = np.array([chr(code).isalnum() for code in range(128)])
"""Behind one of these no word begins. Others are looked at one by one."""


class Texts:
    """Texts, folded and side by side as one array of code points."""

    def __init__(self, codes: NDArray[np.uint32], sizes: NDArray[np.int64]) -> None:
        self.codes, self.sizes = codes, sizes

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """Where each text begins in ``codes``."""
        first: NDArray[np.int64] = np.cumsum(self.sizes) - self.sizes
        return first

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """Fold some texts."""
        codes, begins = codes_of(texts, _END)
        return cls(FOLDED(codes), np.diff(begins))

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

    def count_terms(self, terms: Sequence[str], runs: Sequence[str] = ()) -> Counts:
        """How often each of these different terms stands in each text, and behind the terms the
        same for runs of characters, wherever they stand."""
        counts = np.zeros((len(self), len(terms) + len(runs)), np.int32)
        anywhere = [i for i, term in enumerate(terms) if is_bigrammed(term)]
        columns = [*anywhere, *range(len(terms), len(terms) + len(runs))]
        counts[:, columns] = self.count_runs([*(terms[i] for i in anywhere), *runs])
        whole = {term: i for i, term in enumerate(terms) if not is_bigrammed(term)}
        if whole:
            self._count_words(whole, counts)
        return counts

    def count_runs(self, runs: Sequence[str]) -> Counts:
        """How often each of these runs of characters stands in each text, wherever it stands."""
        different = {run: i for i, run in enumerate(dict.fromkeys(runs))}
        hits = [np.zeros(0, np.int64)]
        for texts, numbers in self._places(different):
            hits.append(texts * len(different) + numbers)
        counts = np.bincount(np.concatenate(hits), minlength=len(self) * len(different))
        by_run = counts.reshape(len(self), len(different)).astype(np.int32)
        return by_run if len(different) == len(runs) else by_run[:, [different[r] for r in runs]]

    def longest_common(self, run: str) -> NDArray[np.int64]:
        """For each text the length of the longest run of characters that it shares with ``run``.

        All texts at once, and only where a character of the run stands: ``row[i]`` is the length of
        the common run that ends at the i-th of these places.
        """
        wanted = codes_of([run])[0][:-1]
        places = self._beginning(wanted)
        if not len(places):
            return np.zeros(len(self), np.int64)
        codes = self.codes[places]
        follows = np.diff(places, prepend=-2) == 1  # on the place before, in the same run
        best = np.zeros(len(places), np.int16)
        row = np.zeros(len(places) + 1, np.int16)
        for code in wanted:
            row[1:] = (row[:-1] * follows + 1) * (codes == code)
            np.maximum(best, row[1:], out=best)
        longest = np.zeros(len(self), np.int64)
        edges = np.searchsorted(places, np.append(self.first, len(self.codes)))
        there = np.flatnonzero(edges[1:] > edges[:-1])  # texts in which there is a place
        longest[there] = np.maximum.reduceat(best, edges[there])
        return longest

    def _beginning(self, codes: NDArray[np.uint32]) -> NDArray[np.int64]:
        """The places where one of these characters stands, and a few more."""
        opening = np.zeros(_NARROW + 1, bool)
        opening[codes & np.uint32(_NARROW)] = True
        return np.flatnonzero(opening[self.codes & np.uint32(_NARROW)])

    def _places(self, runs: dict[str, int]) -> Iterator[tuple[Any, Any]]:
        """Texts and numbers of the runs found in them, length by length."""
        by_length: dict[int, list[str]] = {}
        for run in runs:
            by_length.setdefault(len(run), []).append(run)
        if not by_length:
            return
        places = self._beginning(np.array([ord(run[0]) for run in runs], np.uint32))
        keys = np.zeros(len(places), np.uint64)
        for length in range(1, max(by_length) + 1):
            inside = places + (length - 1) < len(self.codes)
            if not inside.all():
                places, keys = places[inside], keys[inside]
            keys = keys * _PRIME + self.codes[places + (length - 1)]
            if length not in by_length:
                continue
            wanted = np.array([_key(run) for run in by_length[length]], np.uint64)
            order = np.argsort(wanted)
            at = np.minimum(np.searchsorted(wanted[order], keys), len(wanted) - 1)
            hit = wanted[order][at] == keys
            numbers = np.array([runs[run] for run in by_length[length]])
            yield self._text_of(places[hit]), numbers[order][at[hit]]

    def _count_words(self, wanted: dict[str, int], counts: Counts) -> None:
        joined = text_of(self.codes)
        places = self._beginning(np.array([ord(term[0]) for term in wanted], np.uint32))
        before = self.codes[np.maximum(places - 1, 0)]
        inside = (before < len(_INSIDE)) & _INSIDE[np.minimum(before, len(_INSIDE) - 1)]
        for place in places[~inside | (places == 0)].tolist():
            word = word_of_letters(joined, place)
            column = wanted.get(stemmed(word)) if word else None
            if column is not None:
                counts[self._text_of(place), column] += 1

    def _text_of(self, places: Any) -> Any:
        return np.searchsorted(self.first, places, side="right") - 1


def _key(run: str) -> int:
    key = 0
    for char in run:
        key = (key * int(_PRIME) + ord(char)) % (1 << 64)
    return key
