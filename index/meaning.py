"""How near in meaning a question is to passages, part by part, by the bundled model's pieces.

A passage's vector is the sum of all it says; the sentence that answers is a part of it. So each
part is compared, and each piece of the question with the nearest piece of a part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.arrays import unique
from index.asking import without_asking
from index.encoder import StaticEncoder
from index.parts import PartPieces, best_part

NEAR = 0.35
"""Cosine of two pieces below which they have nothing to do with each other."""
UNRELATED = 0.3
"""Cosine of two words up to which they have nothing to do with each other."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question by the bundled model: the pieces of what it is about, how far the model knows
    their language, 0 to 1, and the vector of all of it, shape ``(dimension,)``."""

    pieces: NDArray[np.int32]
    known: float
    vector: NDArray[np.float32]

    @classmethod
    def of(cls, question: str, model: StaticEncoder) -> Asked:
        """Both are found at once, as that takes as long as one of them."""
        about = without_asking(question)
        ids, first = model.pieces([about if about.strip() else question, question or " "])
        pieces = ids[: first[1]]
        return cls(pieces, model.knows(pieces), model.vector(ids[first[1] :]))


def meaning(
    asked: Asked, ready: Sequence[PartPieces], model: StaticEncoder
) -> dict[str, NDArray[np.float32]]:
    """How near the pieces of some candidates are to the question's, by the bundled model.

    ``part_cosine`` is that of the nearest part (its length as if its pieces were unrelated);
    ``soft`` is how much of the question is met by a near piece somewhere in the passage, each of
    its pieces by its nearest (late interaction, Khattab & Zaharia 2020), ``part_soft`` in one part.
    All count only as far as the model knows the language of the question.
    """
    known = np.float32(asked.known)
    counts = np.array([len(p.sizes) for p in ready])
    first_part = np.cumsum(counts) - counts
    title = first_part + counts - 1
    sizes = np.concatenate([p.sizes for p in ready])
    first, empty = np.cumsum(sizes) - sizes, sizes == 0
    here = unique(asked.pieces)
    rows, weights = model.rows(here)
    whole = rows.sum(axis=0)
    words = ~model.is_mark(here)
    mine, weights = rows[words], weights[words]  # none, where the question is of marks only
    different, at = _different(np.concatenate([p.ids for p in ready]))
    axes = np.vstack([mine / weights[:, None], whole / max(float(np.linalg.norm(whole)), 1e-9)])
    products = model.along(different, axes)
    along = products[-1]
    lengths = model.lengths(different)
    near = np.where(model.is_mark(different), 0, products[:-1] / lengths)
    weights = weights / max(float(weights.sum()), 1e-9)
    at = np.append(at, 0)  # so that an empty last part has a place
    dots = np.where(empty, 0, np.add.reduceat(along[at], first))
    squares = np.where(empty, 0, np.add.reduceat(lengths[at] ** 2, first))
    cosines = (dots / np.sqrt(squares + 1e-6)).astype(np.float32)
    by_part = np.where(empty[:, None], 0, np.maximum.reduceat(near[:, at], first, axis=1).T)
    soft = _met(np.maximum.reduceat(by_part, first_part, axis=0), weights)
    found = {
        "part_cosine": known * best_part(cosines, first_part, title),
        "soft": known * soft,
        "part_soft": known * best_part(_met(by_part, weights), first_part, title),
    }
    return found | {f"{name}_rel": column - column.max() for name, column in found.items()}


def alike(
    words: Sequence[str], ids: NDArray[np.int32], first: Sequence[int], model: StaticEncoder
) -> NDArray[np.float64]:
    """How near in meaning each word is to some texts, 0 to 1, shape ``(words, texts)``: the mean of
    the nearest piece of the text to each of its own. ``first`` are where each text's pieces begin
    in ``ids``; unrelated words and empty texts are at 0."""
    own, begins = model.pieces(words)
    rows, lengths = model.rows(own)
    found = np.zeros((len(words), len(first)))
    ends = [*first[1:], len(ids)][: len(first)]
    some = [i for i, (a, b) in enumerate(zip(first, ends, strict=True)) if a < b]
    if not len(own) or not some:
        return found
    near = model.along(ids, rows / lengths[:, None]) / model.lengths(ids)
    nearest = np.maximum.reduceat(near, [first[i] for i in some], axis=1)
    met = np.maximum(nearest - UNRELATED, 0) / (1 - UNRELATED)
    for row, (a, b) in zip(found, pairwise(begins), strict=True):
        if a < b:
            row[some] = met[a:b].mean(axis=0)
    return found


def _different(ids: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """``np.unique`` with the inverse, without sorting."""
    there = np.zeros(int(ids.max(initial=0)) + 1, bool)
    there[ids] = True
    different = np.flatnonzero(there)
    place = np.empty(len(there), np.int64)  # what is not there is not looked at
    place[different] = np.arange(len(different))
    return different.astype(np.int32), place.take(ids)


def _met(near: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    met: NDArray[np.float32] = (np.maximum(near - NEAR, 0) / (1 - NEAR)) @ weights.astype(
        np.float32
    )
    return met
