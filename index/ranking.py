"""Which of the passages that the legs propose answers the question: a learned, readable reranker.

A weighted sum of the features of ``index.features``. The weights lie in ``model/ranking.json``;
``python -m training.ranking`` learns them (listwise softmax, Cao et al. 2007).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import StaticEncoder, load_encoder
from index.errors import ModelError
from index.features import Candidate, Column, Frequency, features, units
from index.parts import Parts, PartsCache
from index.query import QueryTerms
from index.types import Vectors

FORMAT = 1
WEIGHTS = Path(__file__).resolve().parent / "model" / "ranking.json"
DEPTH = 50
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
        frequency: Frequency,
        passages: int,
        nearest: float,
    ) -> list[tuple[Candidate, float]]:
        """The candidates, best first, with scores in (0, 1], the best 1.

        ``frequency`` and ``passages`` are the library's; ``nearest`` is the highest cosine that the
        dense leg found. Nothing to look for leaves the order as it is.
        """
        table = self.table(question, terms, candidates, frequency, passages, nearest)
        if table is None:
            return [(c, 1.0 / (1 + i)) for i, c in enumerate(candidates)]
        sums = sum(weight * table[name] for name, weight in weights().items())
        assert isinstance(sums, np.ndarray)
        scores = np.exp((sums - sums.max()) / GENTLE)
        order = np.argsort(-sums, kind="stable")
        return [(candidates[i], float(scores[i])) for i in order]

    def table(
        self,
        question: str,
        terms: QueryTerms,
        candidates: Sequence[Candidate],
        frequency: Frequency,
        passages: int,
        nearest: float,
    ) -> dict[str, Column] | None:
        """The features of the candidates by name; None when there is nothing to compare."""
        sought = units(terms, frequency, passages)
        if not sought or not candidates:
            return None
        ready = self._ready(candidates)
        # Some BLAS kernels raise the flag for lanes of a register that they do not use.
        with np.errstate(invalid="ignore"):
            return features(question, sought, candidates, ready, _model(), nearest)

    def nearest_parts(
        self, vector: NDArray[np.float32], candidates: Sequence[Candidate]
    ) -> NDArray[np.float32]:
        """The cosine of each candidate's nearest part, its title with it, shape ``(candidates,)``.

        ``vector`` is the question's by the bundled model. A passage of 300 characters says more
        than the sentence that answers; its vector is a blur of both.
        """
        ready = self._ready(candidates)
        return np.array([_nearest(vector, parts, _model()) for parts in ready], np.float32)

    def _ready(self, candidates: Sequence[Candidate]) -> list[Parts]:
        if self._parts is None:
            self._parts = PartsCache(_model())
        return self._parts([(c.id, c.text, c.head) for c in candidates])


def _nearest(vector: NDArray[np.float32], parts: Parts, model: StaticEncoder) -> float:
    ends = np.cumsum(parts.sizes)
    rows: Vectors = model.rows(parts.pieces)[0]
    sums = np.concatenate([np.zeros((1, rows.shape[1]), np.float32), np.cumsum(rows, axis=0)])
    by_part = sums[ends] - sums[ends - parts.sizes]
    whole = by_part[:-1] + by_part[-1]
    lengths = np.maximum(np.linalg.norm(whole, axis=1), 1e-9)
    return float((whole @ vector / lengths).max())


@cache
def weights(path: Path = WEIGHTS) -> dict[str, float]:
    """What each feature is worth. Raises ModelError when the file is missing or damaged."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["format"] != FORMAT:
            raise ValueError(f"format {stored['format']}, not {FORMAT}")
        return {str(name): float(weight) for name, weight in stored["weights"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{path}: the weights of the reranker cannot be read ({error}). Install the package again."
        ) from error


def _model() -> StaticEncoder:
    model = load_encoder()
    assert isinstance(model, StaticEncoder)
    return model
