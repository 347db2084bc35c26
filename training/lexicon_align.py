"""Word alignment: IBM Model 1 in both directions at once, trained to agree.

P. F. Brown et al., "The mathematics of statistical machine translation" (1993), model 1;
P. Liang, B. Taskar, D. Klein, "Alignment by agreement" (2006): each step counts the product of
both directions' posteriors, which keeps rare words from collecting whatever stands near them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.lexicon_sources import Pair

ROUNDS = 5
_RARE = 0.01  # counts below it are dropped
NULL = ""


def align(pairs: Sequence[Pair], rounds: int = ROUNDS) -> list[tuple[str, str, float]]:
    """Expected counts: how often an English key and a Chinese word translate each other.

    Deterministic. Memory: about 200 bytes for each combination of words within a pair.
    """
    cells = _Cells(pairs)
    forth: NDArray[np.float64] = 1.0 / np.bincount(cells.kind_english)[cells.kind_english]
    back: NDArray[np.float64] = 1.0 / np.bincount(cells.kind_chinese)[cells.kind_chinese]
    for step in range(rounds):
        chinese, english = cells.posteriors(forth, back)
        if step:  # the first round lets each direction find its own way
            agreed = chinese * english
            chinese = np.where(cells.no_english, chinese, agreed)
            english = np.where(cells.no_chinese, english, agreed)
        forth = _share(np.bincount(cells.kind, chinese * cells.weight), cells.kind_english)
        back = _share(np.bincount(cells.kind, english * cells.weight), cells.kind_chinese)
    chinese, english = cells.posteriors(forth, back)
    counts = np.bincount(cells.kind, chinese * english * cells.weight)
    kept = (cells.kind_english > 0) & (cells.kind_chinese > 0) & (counts > _RARE)
    return [
        (cells.english[e], cells.chinese[z], float(n))
        for e, z, n in zip(
            cells.kind_english[kept], cells.kind_chinese[kept], counts[kept], strict=True
        )
    ]


class _Cells:
    """Every combination of an English and a Chinese word of one pair, the empty word included."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        ids_e, ids_z = {NULL: 0}, {NULL: 0}
        parts: list[list[NDArray[np.int32]]] = [[], [], [], []]
        weights = []
        row = column = 0
        for pair in pairs:
            e = np.array([0] + [ids_e.setdefault(k, len(ids_e)) for k in pair.english], np.int32)
            z = np.array([0] + [ids_z.setdefault(k, len(ids_z)) for k in pair.chinese], np.int32)
            grid = np.meshgrid(np.arange(len(e)), np.arange(len(z)), indexing="ij")
            i, j = (g.ravel()[1:].astype(np.int32) for g in grid)  # not empty with empty
            for part, values in zip(parts, (e[i], z[j], i + row, j + column), strict=True):
                part.append(values)
            weights.append(np.full(len(i), pair.weight, np.float32))
            row, column = row + len(e), column + len(z)
        word_e, word_z, self.row, self.column = (np.concatenate(p) for p in parts)
        self.weight = np.concatenate(weights)
        self.rows, self.columns = row, column
        self.no_english, self.no_chinese = word_e == 0, word_z == 0
        both = word_e.astype(np.int64) * len(ids_z) + word_z
        kinds, kind = np.unique(both, return_inverse=True)
        self.kind = kind.astype(np.int32)
        self.kind_english = (kinds // len(ids_z)).astype(np.int32)
        self.kind_chinese = (kinds % len(ids_z)).astype(np.int32)
        self.english, self.chinese = list(ids_e), list(ids_z)

    def posteriors(
        self, forth: NDArray[np.float64], back: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """For each cell: that the Chinese word comes from the English one, and the reverse."""
        chinese = np.where(self.no_chinese, 0.0, forth[self.kind])
        chinese /= np.maximum(np.bincount(self.column, chinese, self.columns)[self.column], 1e-30)
        english = np.where(self.no_english, 0.0, back[self.kind])
        english /= np.maximum(np.bincount(self.row, english, self.rows)[self.row], 1e-30)
        return chinese, english


def _share(counts: NDArray[Any], group: NDArray[np.int32]) -> NDArray[np.float64]:
    return counts / np.maximum(np.bincount(group, counts)[group], 1e-30)
