"""Which parts of articles are read to judge some spans of them, and where they are cut into segments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BEFORE, LONGEST_SPAN = 160, 160
"""Characters that are read of what stands before a span, and of a span itself."""
AROUND = 24
"""Pieces that are read of what an excerpt stands under."""

Ids = NDArray[np.int32]
Span = tuple[int, int]
Told = tuple[str, str, int, int]
"""What a span stands under, or nothing; its article's text; and where in that it begins and ends."""
Part = tuple[str, list[str]]
"""What an excerpt stands under, and its segments, one after the other."""
Place = tuple[int, int, int]
"""Of a span its excerpt, and the segments, or the pieces, that it begins at and ends before."""


def excerpts(told: Sequence[Told]) -> tuple[list[Part], list[Place]]:
    """The excerpts in which some spans are read, and where in them each is.

    Spans near to each other lie in one excerpt. It is cut where they begin and end, so that each is a
    run of whole segments.

    >>> text = "河湾桥通车。全长318米。"
    >>> excerpts([("河湾桥", text, 6, 13), ("河湾桥", text, 0, 6)])
    ([('河湾桥', ['河湾桥通车。', '全长318米。'])], [(0, 1, 2), (0, 0, 1)])
    """
    of: dict[tuple[str, str], list[int]] = {}
    for number, (heading, text, *_) in enumerate(told):
        of.setdefault((heading, text), []).append(number)
    parts: list[Part] = []
    places: dict[int, Place] = {}
    for (heading, text), numbers in of.items():
        spans = {i: shortened(*told[i][2:]) for i in numbers}
        for cuts in _cuts(spans.values()):
            at = {cut: segment for segment, cut in enumerate(cuts)}
            for i, (start, end) in spans.items():
                if cuts[0] <= start and end <= cuts[-1]:
                    places[i] = len(parts), at[start], at[end]
            parts.append((heading, [text[a:b] for a, b in pairwise(cuts)]))
    return parts, [places[i] for i in range(len(told))]


def texts(parts: Sequence[Part]) -> list[str]:
    """All headings and segments, one after the other: what is to be cut into pieces."""
    return [t for heading, segments in parts for t in (heading, *segments)]


def in_pieces(
    parts: Sequence[Part], places: Sequence[Place], cut: Iterator[Ids]
) -> tuple[list[Ids], list[Ids], list[Place]]:
    """Headings, excerpts, and of each span its excerpt, and where in its pieces the span begins and
    ends; ``cut`` gives the pieces of ``texts(parts)``."""
    headings, whole, begins = [], [], []
    for _, segments in parts:
        heading = next(cut)
        own = [next(cut) for _ in segments]
        headings.append(heading[:AROUND])
        whole.append(np.concatenate([heading[:0], *own]))
        begins.append(np.cumsum([0, *map(len, own)]))
    return headings, whole, [(e, int(begins[e][a]), int(begins[e][b])) for e, a, b in places]


def shortened(start: int, end: int) -> Span:
    """The part of a span that is read."""
    return start, max(start, min(end, start + LONGEST_SPAN))


def _cuts(spans: Iterable[Span]) -> list[list[int]]:
    """Of each excerpt where it begins, is cut, and ends."""
    found: list[set[int]] = []
    reached = -1
    for start, end in sorted(spans):
        begins = max(0, start - BEFORE)
        if begins > reached:
            found.append({begins})
            reached = end
        found[-1] |= {start, end}
        reached = max(reached, end)
    return [sorted(cuts) for cuts in found]
