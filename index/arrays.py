"""Different values of an array, without numpy.ma, which ``np.unique`` loads (10 ms of a cold start);
and products of matrices that stay on one thread."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

ONE_THREAD = 520_000
"""Multiplications of one product of matrices. OpenBLAS spreads those of 524,288 and more over threads,
which take six times as long as one when the cores are busy with something else."""
_ROWS = 48
"""Rows that a part of a product should have: with fewer, most time goes into laying out the matrix."""


def product(rows: NDArray[np.float32], matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """``rows @ matrix``, computed in parts of at most ``ONE_THREAD`` multiplications: nearly as fast
    as all of it on one thread."""
    inner, width = matrix.shape
    parts = max(1, -(-inner * width * _ROWS // ONE_THREAD))
    if parts == 1 or inner < 2 * parts:
        return _by_rows(rows, matrix)
    cuts = [inner * i // parts for i in range(parts + 1)]
    out = _by_rows(rows[:, : cuts[1]], matrix[: cuts[1]])
    for start, end in pairwise(cuts[1:]):
        out += _by_rows(rows[:, start:end], matrix[start:end])
    return out


def _by_rows(rows: NDArray[np.float32], matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    step = max(ONE_THREAD // max(matrix.size, 1), 1)
    even = len(rows) // step * step
    out = np.empty((len(rows), matrix.shape[1]), np.float32)
    np.matmul(
        rows[:even].reshape(-1, step, rows.shape[1]),
        matrix,
        out=out[:even].reshape(-1, step, matrix.shape[1]),
    )
    np.matmul(rows[even:], matrix, out=out[even:])
    return out


def unique(values: NDArray[Any]) -> NDArray[Any]:
    """The different values, sorted, as ``np.unique(values)`` gives them."""
    ordered = np.sort(values, axis=None)
    return ordered[_begins(ordered)]


def unique_places(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The different values, sorted, and for each value its place among them:
    ``np.unique(values, return_inverse=True)`` of one dimension."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    begins = _begins(ordered)
    places = np.empty(len(values), np.int64)
    places[order] = np.cumsum(begins) - 1
    return ordered[begins], places


def _begins(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    begins = np.ones(len(ordered), bool)
    begins[1:] = ordered[1:] != ordered[:-1]
    return begins
