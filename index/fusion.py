"""How far to trust each leg: dense and keyword results as one ranking. Pure.

Scores are fused, not ranks: with equal-weight rank fusion a leg that is sure and a leg that is
guessing count the same, and it measured worse than keyword search alone.
"""

from __future__ import annotations

from collections.abc import Mapping

DENSE_WEIGHT = 0.2
"""Share of the dense score when the words of the question can be found in the articles."""
CROSS_DENSE_WEIGHT = 0.4
"""The same when question and articles are in different languages: fewer words can match."""


def fuse(
    dense: Mapping[int, float], keyword: Mapping[int, float], dense_weight: float = DENSE_WEIGHT
) -> list[tuple[int, float]]:
    """One ranking from cosines and BM25 scores by passage id; scores in [0, 1], best first.

    ``dense`` should hold a cosine for every id of ``keyword``; where it does not, the lowest
    cosine stands in. BM25 is divided by its best, cosines are stretched over their range.
    """
    ids = dense.keys() | keyword.keys()
    best_keyword = max(keyword.values(), default=0.0) or 1.0
    low = min(dense.values(), default=0.0)
    spread = (max(dense.values(), default=0.0) - low) or 1.0
    if not keyword:
        dense_weight = 1.0
    scores = {
        i: dense_weight * (dense.get(i, low) - low) / spread
        + (1 - dense_weight) * keyword.get(i, 0.0) / best_keyword
        for i in ids
    }
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
