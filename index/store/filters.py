"""Filters as conditions on the store's articles."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.types import Filters


def condition(where: Filters) -> tuple[str, list[Any]]:
    """A filter as SQL on ``articles a``, and the values that it holds."""
    parts: list[str] = []
    values: list[Any] = []
    for comparison, day in ((">=", where.since), ("<=", where.until)):
        if day is not None:
            parts.append(f"a.day {comparison} ?")
            values.append(day.toordinal())
    for kind, labels in (("n:", where.persons), ("s:", where.sections)):
        if labels:
            marks = ",".join("?" * len(labels))
            parts.append(f"a.number IN (SELECT article FROM labels WHERE label IN ({marks}))")
            values += [kind + label for label in labels]
    if where.sources:
        # Those under a folder stand between "folder/" and "folder0", the next character.
        each = "a.source = ? OR (a.source >= ? AND a.source < ?)"
        parts.append("(" + " OR ".join([each] * len(where.sources)) + ")")
        for source in where.sources:
            folder = source.rstrip(os.sep)
            values += [source, folder + os.sep, folder + chr(ord(os.sep) + 1)]
    return " AND ".join(parts) or "1", values


def ids(spans: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
    """The passage ids of (first, count) spans, in ascending order."""
    if not spans:
        return np.zeros(0, np.int64)
    first, count = np.array(sorted(spans), np.int64).T
    ends = np.cumsum(count)
    return np.repeat(first - (ends - count), count) + np.arange(ends[-1])
