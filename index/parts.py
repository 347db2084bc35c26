"""Passages cut into parts and made ready to be compared with questions: once, then kept.

Folding a passage and finding its pieces takes longer than comparing it with a question, and the
passages that one question brings up the next one often brings up again.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import StaticEncoder
from index.matches import Texts

PART = 90
"""Characters of the parts in which a passage is looked at: an answer stands in one or two."""
KEPT = 4096
"""Passages kept ready: some 4 KB each."""

_ENDS = re.compile(r"[。！？!?；;\n।؟…]+|\.(?=\s)")


@dataclass(frozen=True, slots=True)
class Parts:
    """A passage cut into parts, the last of them its title (which may be empty).

    ``folded`` holds the parts' folded characters, ``pieces`` their pieces by the bundled model,
    one part's after the other's, and ``sizes`` how many each part has.
    """

    texts: tuple[str, ...]
    folded: Texts
    pieces: NDArray[np.int32]
    sizes: NDArray[np.int64]


class PartsCache:
    """Makes the parts of passages and keeps the last ``kept``. Safe to use from several threads."""

    def __init__(self, model: StaticEncoder, kept: int = KEPT) -> None:
        self._model = model
        self._kept = kept
        self._known: OrderedDict[int, Parts] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, passages: Sequence[tuple[int, str, str]]) -> list[Parts]:
        """The parts of each passage, given as (id, text, title). An id stands for one text."""
        with self._lock:
            found = {i: self._known[i] for i, _, _ in passages if i in self._known}
            for i in found:
                self._known.move_to_end(i)
        new = [p for p in passages if p[0] not in found]
        found.update(zip((i for i, _, _ in new), self._made(new), strict=True))
        with self._lock:
            self._known.update({i: found[i] for i, _, _ in new})
            while len(self._known) > self._kept:
                self._known.popitem(last=False)
        return [found[i] for i, _, _ in passages]

    def _made(self, passages: Sequence[tuple[int, str, str]]) -> list[Parts]:
        if not passages:
            return []
        cut = [(*segments(text, PART), title) for _, text, title in passages]
        pieces, first = self._model.pieces([part for parts in cut for part in parts])
        made, at = [], 0
        for parts in cut:
            spans = first[at : at + len(parts) + 1]
            at += len(parts)
            own = pieces[spans[0] : spans[-1]]
            made.append(Parts(parts, Texts.of(parts), own, np.diff(spans)))
        return made


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
