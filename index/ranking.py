"""Which of the passages that the legs propose answers the question: a learned, readable reranker.

A weighted sum of the features of ``index.features``. The weights lie in ``model/ranking.json``;
``python -m training.ranking`` learns them (listwise softmax, Cao et al. 2007), one row for each
``Kind`` of question.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from index.encoder import StaticEncoder, bundled
from index.features import Candidate, Column, Frequencies, lexical, units
from index.meaning import Asked, meaning
from index.parts import PartPieces, Parts, PartsCache
from index.query import QueryTerms
from index.types import Vectors
from index.weights import read_weights

Kind = Literal["known", "rough", "unknown"]
"""The rows of weights. ``known``: all features, for questions in a language that the model knows.
``rough``: all but those that take time, to choose which candidates are worth it. ``unknown``:
without any of the model's, where it knows the letters of a language only."""
CLOSELY, FEWEST = 14, 4
"""At most and at least so many candidates are compared in meaning, part by part; with more, nothing
changed on any set."""
FAR = 8.0
"""A candidate whose rough sum is so far below the best is not: it would not come up that far."""
KNOWN = 0.5
"""The share of a question's pieces from which on the model knows its language."""
FORMAT = 2
WEIGHTS = Path(__file__).resolve().parent / "model" / "ranking.json"
DEPTH = 32
"""How many of the fused candidates are ranked."""
GENTLE = 4.0
"""A difference of so much in the weighted sum is a factor of e in a hit's score."""


class Ranker:
    """Ranks the candidates of one library. Safe to use from several threads."""

    def __init__(self) -> None:
        self._parts: PartsCache | None = None

    def order(
        self,
        question: str,
        terms: QueryTerms,
        candidates: Sequence[Candidate],
        frequencies: Frequencies,
        passages: int,
        nearest: float,
    ) -> list[tuple[Candidate, float]]:
        """The candidates, best first, with scores in (0, 1], the best 1.

        ``frequencies`` and ``passages`` are the library's; ``nearest`` is the highest cosine that the
        dense leg found. Nothing to look for leaves the order as it is.
        """
        sought = units(terms, frequencies, passages)
        if not sought or not candidates:
            return [(c, 1.0 / (1 + i)) for i, c in enumerate(candidates)]
        ready = self._ready(candidates)
        found = lexical(question, sought, candidates, ready, nearest)
        asked = asked_of(question)
        if asked.known < KNOWN:
            return _ordered(candidates, _sums("unknown", found))
        rough = _sums("rough", found)
        order = np.argsort(-rough, kind="stable")
        close = int(np.count_nonzero(rough >= rough[order[0]] - FAR))
        many = min(max(close, FEWEST), CLOSELY)
        best, rest = order[:many], order[many:]
        near = self._meaning(asked, [candidates[i] for i in best], [ready[i] for i in best])
        sums = _sums("known", {name: column[best] for name, column in found.items()} | near)
        ordered = _ordered([candidates[i] for i in best], sums)
        least = ordered[-1][1]
        after = _ordered([candidates[i] for i in rest], rough[rest])
        return ordered + [(c, least * score) for c, score in after]

    def table(
        self,
        question: str,
        terms: QueryTerms,
        candidates: Sequence[Candidate],
        frequencies: Frequencies,
        passages: int,
        nearest: float,
    ) -> dict[str, Column] | None:
        """The features of the candidates by name; None when there is nothing to compare."""
        sought = units(terms, frequencies, passages)
        if not sought or not candidates:
            return None
        ready = self._ready(candidates)
        found = lexical(question, sought, candidates, ready, nearest)
        asked = asked_of(question)
        known = np.full(len(candidates), asked.known, np.float32)
        return found | self._meaning(asked, candidates, ready) | {"known": known}

    def nearest_parts(self, question: str, candidates: Sequence[Candidate]) -> NDArray[np.float32]:
        """The cosine of each candidate or of its nearest part, its title with it, whichever is
        higher, shape ``(candidates,)``.

        A passage of 300 characters says more than the sentence that answers; its vector is a blur
        of both.
        """
        vector = asked_of(question).vector
        pieces = self._pieces(candidates, self._ready(candidates))
        return np.array([_nearest(vector, parts, bundled()) for parts in pieces], np.float32)

    def _meaning(
        self, asked: Asked, candidates: Sequence[Candidate], ready: Sequence[Parts]
    ) -> dict[str, Column]:
        pieces = self._pieces(candidates, ready)
        # Some BLAS kernels raise the flag for lanes of a register that they do not use.
        with np.errstate(invalid="ignore"):
            return meaning(asked, pieces, bundled())

    def _pieces(self, candidates: Sequence[Candidate], ready: Sequence[Parts]) -> list[PartPieces]:
        return self._cache().pieces([(c.id, p) for c, p in zip(candidates, ready, strict=True)])

    def _ready(self, candidates: Sequence[Candidate]) -> list[Parts]:
        return self._cache()([(c.id, c.text, c.head) for c in candidates])

    def _cache(self) -> PartsCache:
        if self._parts is None:
            self._parts = PartsCache(bundled())
        return self._parts


@lru_cache(maxsize=64)
def asked_of(question: str) -> Asked:
    """The pieces of a question by the bundled model: several stages of an answer look at them."""
    return Asked.of(question, bundled())


def is_known(question: str) -> bool:
    """Whether the bundled model knows the language of a question, and not its letters only."""
    return asked_of(question).known >= KNOWN


def _sums(kind: Kind, found: dict[str, Column]) -> Column:
    """The weighted sum of each candidate's features."""
    row = weights()[kind]
    sums: Column = np.array(list(row.values()), np.float32) @ np.stack([found[n] for n in row])
    return sums


def _ordered(candidates: Sequence[Candidate], sums: Column) -> list[tuple[Candidate, float]]:
    """The candidates, best first, with scores that fall from 1."""
    if not len(sums):
        return []
    scores = np.exp((sums - sums.max()) / GENTLE)
    return [(candidates[i], float(scores[i])) for i in np.argsort(-sums, kind="stable")]


def _nearest(vector: NDArray[np.float32], parts: PartPieces, model: StaticEncoder) -> float:
    rows: Vectors = model.rows(parts.ids)[0]
    first = np.cumsum(parts.sizes) - parts.sizes
    there = parts.sizes > 0
    by_part = np.zeros((len(parts.sizes), rows.shape[1]), np.float32)
    if there.any():
        by_part[there] = np.add.reduceat(rows, first[there], axis=0)
    titled = np.vstack([by_part[:-1] + by_part[-1], by_part.sum(axis=0)])
    lengths = np.maximum(np.linalg.norm(titled, axis=1), 1e-9)
    return float((titled @ vector / lengths).max())


@cache
def weights(path: Path = WEIGHTS) -> dict[Kind, dict[str, float]]:
    """What each feature is worth, for each kind of question.

    Raises ModelError when the file is missing or damaged.
    """
    return read_weights(path, get_args(Kind), FORMAT, "the reranker")
