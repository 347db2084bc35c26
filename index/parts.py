"""Passages cut into parts and made ready to be compared with questions: once, then kept.

Folding a passage and finding its pieces takes longer than comparing it with a question, and the
passages that one question brings up the next one often brings up again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.characters import codes_of
from index.encoder import StaticEncoder
from index.matches import Texts
from index.sizes import scales

PART = 90
"""Chinese characters, or as much in letters, of the parts in which a passage is looked at: an
answer stands in one or two."""
KEPT = 4096
"""Passages kept ready: some 4 KB each."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parts:
    """A passage cut into parts, the last of them its title (which may be empty).

    ``folded`` holds the parts' folded characters.
    """

    texts: tuple[str, ...]
    folded: Texts


@dataclass(frozen=True, slots=True)
class PartPieces:
    """The pieces of a passage's parts by the bundled model, one part's after the other's, and how
    many each part has."""

    ids: NDArray[np.int32]
    sizes: NDArray[np.int64]


class PartsCache:
    """Makes the parts of passages and keeps the last ``kept``. Safe to use from several threads."""

    def __init__(self, model: StaticEncoder, kept: int = KEPT) -> None:
        self._model = model
        self._parts: _Kept[Parts] = _Kept(kept)
        self._pieces: _Kept[PartPieces] = _Kept(kept)

    def __call__(self, passages: Sequence[tuple[int, str, str]]) -> list[Parts]:
        """The parts of each passage, given as (id, text, title). An id stands for one text."""
        found = self._parts.get(i for i, _, _ in passages)
        new = _cut([p for p in passages if p[0] not in found])
        self._parts.put(new)
        return [found.get(i) or new[i] for i, _, _ in passages]

    def pieces(self, passages: Sequence[tuple[int, Parts]]) -> list[PartPieces]:
        """The pieces of each passage, given as id and parts."""
        found = self._pieces.get(i for i, _ in passages)
        missing = [(i, parts) for i, parts in passages if i not in found]
        new = {}
        if missing:
            ids, first = self._model.pieces([t for _, parts in missing for t in parts.texts])
            at = 0
            for i, parts in missing:
                spans = first[at : at + len(parts.texts) + 1]
                at += len(parts.texts)
                new[i] = PartPieces(ids[spans[0] : spans[-1]], np.diff(spans))
            self._pieces.put(new)
        return [found.get(i) or new[i] for i, _ in passages]


def _cut(passages: Sequence[tuple[int, str, str]]) -> dict[int, Parts]:
    """The parts of passages; their characters are folded all at once, which is most of the work."""
    if not passages:
        return {}
    sizes = scales([text for _, text, _ in passages])
    by_sentence = _segments([text for _, text, _ in passages], [int(PART * s) for s in sizes])
    cut = [(*parts, title) for parts, (_, _, title) in zip(by_sentence, passages, strict=True)]
    folded = Texts.of([part for parts in cut for part in parts]).divided([len(p) for p in cut])
    return {
        i: Parts(parts, texts)
        for (i, _, _), parts, texts in zip(passages, cut, folded, strict=True)
    }


class _Kept(Generic[T]):
    """The values last asked for, by passage id."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[int, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, ids: Iterable[int]) -> dict[int, T]:
        with self._lock:
            found = {i: self._values[i] for i in ids if i in self._values}
            for i in found:
                self._values.move_to_end(i)
        return found

    def put(self, values: dict[int, T]) -> None:
        with self._lock:
            self._values.update(values)
            while len(self._values) > self._most:
                self._values.popitem(last=False)


def best_part(
    values: NDArray[np.float32], first: NDArray[np.int64], title: NDArray[np.int64]
) -> NDArray[np.float32]:
    """The highest value of each passage's parts, its title apart.

    ``values`` are those of the parts of all passages, whose first parts and titles stand at
    ``first`` and ``title``.
    """
    values = values.copy()
    values[title] = -1e9
    best: NDArray[np.float32] = np.maximum.reduceat(values, first)
    return best


def segments(text: str, size: int) -> list[str]:
    """A text cut at sentence ends into parts of about ``size`` characters, none twice as long.

    Rougher than ``index.sentences`` and many times as fast: nobody reads these.
    """
    return _segments([text], [size])[0]


def _segments(texts: Sequence[str], sizes: Sequence[int]) -> list[list[str]]:
    """``segments`` of many texts, each of its own size: sentence ends are found in all at once."""
    codes, begins = codes_of(texts)
    codes = np.where(codes < len(_IS_END), codes, 0)
    ends = _IS_END[codes]
    ends[:-1] &= ~ends[1:]  # of several in a row the last
    ends[:-1] |= (codes[:-1] == ord(".")) & _IS_BLANK[codes[1:]]
    stops = np.flatnonzero(ends) + 1
    bounds = np.searchsorted(stops, begins, side="right").tolist()
    places: list[int] = stops.tolist()
    return [
        _grouped(text, [stop - start for stop in places[low:high]], size)
        for text, size, start, (low, high) in zip(
            texts, sizes, begins[:-1].tolist(), pairwise(bounds), strict=True
        )
    ]


def _grouped(text: str, stops: Sequence[int], size: int) -> list[str]:
    """A text cut at some of the stops; those behind its end do not count."""
    parts: list[str] = []
    start = end = 0
    for stop in [*(stop for stop in stops if stop < len(text)), len(text)]:
        if stop - start > size and end > start:
            parts += _shorter(text[start:end], size)
            start = end
        end = stop
    return parts + _shorter(text[start:], size)


def _shorter(part: str, size: int) -> list[str]:
    if len(part) <= 1.5 * size:
        return [part]
    step = -(-len(part) // round(len(part) / (1.4 * size) + 0.5))
    return [part[i : i + step] for i in range(0, len(part), step)]


def _table(chars: Iterable[str]) -> NDArray[np.bool_]:
    table = np.zeros(0x10000, bool)
    table[[ord(char) for char in chars]] = True
    return table


_IS_END = _table("。！？!?；;\n।؟…")
_IS_BLANK = _table(char for char in map(chr, range(0x3001)) if char.isspace())
