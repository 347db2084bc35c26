"""Passages cut into parts and made ready to be compared with questions: once, then kept.

Folding a passage and finding its pieces takes longer than comparing it with a question, and the
passages that one question brings up the next one often brings up again.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.encoder import StaticEncoder
from index.matches import Texts
from index.sizes import scales

PART = 90
"""Chinese characters, or as much in letters, of the parts in which a passage is looked at: an
answer stands in one or two."""
KEPT = 4096
"""Passages kept ready: some 4 KB each."""

T = TypeVar("T")
_ENDS = re.compile(r"[。！？!?；;\n।؟…]+|\.(?=\s)")


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
    cut = [
        (*segments(text, int(PART * size)), title)
        for (_, text, title), size in zip(passages, sizes, strict=True)
    ]
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
    parts: list[str] = []
    start = end = 0
    for stop in [*(m.end() for m in _ENDS.finditer(text)), len(text)]:
        if stop - start > size and end > start:
            parts.append(text[start:end])
            start = end
        end = stop
    parts.append(text[start:])
    return [piece for part in parts for piece in _shorter(part, size)]


def _shorter(part: str, size: int) -> list[str]:
    if len(part) <= 1.5 * size:
        return [part]
    step = -(-len(part) // round(len(part) / (1.4 * size) + 0.5))
    return [part[i : i + step] for i in range(0, len(part), step)]
