"""Fusion: one case worked by hand, and what must hold for all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.fusion import DENSE_WEIGHT, fuse

# Scores with the six digits that engines give.
COSINES = st.dictionaries(
    st.integers(0, 9), st.integers(-(10**6), 10**6).map(lambda n: n / 10**6), max_size=8
)
BM25 = st.dictionaries(
    st.integers(0, 9), st.integers(1, 50 * 10**6).map(lambda n: n / 10**6), max_size=8
)
WEIGHTS = st.floats(0, 1)


def test_by_hand() -> None:
    # Cosines run from .2 to .6; the best BM25 is 8. Id 4 has no cosine: the lowest stands in.
    dense = {1: 0.6, 2: 0.4, 3: 0.2}
    keyword = {2: 8.0, 3: 4.0, 4: 2.0}
    expected = {
        1: 0.35 * 1.0,
        2: 0.35 * 0.5 + 0.65 * 1.0,
        3: 0.65 * 0.5,
        4: 0.65 * 0.25,
    }
    fused = fuse(dense, keyword, 0.35)
    assert [i for i, _ in fused] == [2, 1, 3, 4]
    assert dict(fused) == pytest.approx(expected)
    assert fuse(dense, keyword) == fuse(dense, keyword, DENSE_WEIGHT)


def test_one_leg_alone_keeps_its_order() -> None:
    assert fuse({1: 0.1, 2: 0.9, 3: 0.5}, {}) == [(2, 1.0), (3, pytest.approx(0.5)), (1, 0.0)]
    assert [i for i, _ in fuse({}, {1: 2.0, 2: 9.0, 3: 5.0})] == [2, 3, 1]
    assert fuse({}, {}) == []


def test_ties_go_to_the_older_passage() -> None:
    assert [i for i, _ in fuse({5: 0.5, 2: 0.5, 9: 0.5}, {})] == [2, 5, 9]
    assert fuse({7: 0.3}, {}) == [(7, 0.0)]


@settings(deadline=None)
@given(COSINES, BM25, WEIGHTS)
def test_every_id_once_in_order_and_range(
    dense: dict[int, float], keyword: dict[int, float], weight: float
) -> None:
    fused = fuse(dense, keyword, weight)
    assert sorted(i for i, _ in fused) == sorted(dense.keys() | keyword.keys())
    scores = [score for _, score in fused]
    assert scores == sorted(scores, reverse=True)
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in scores)


@settings(deadline=None)
@given(COSINES, BM25, WEIGHTS, st.sampled_from(["dense", "keyword"]), st.data())
def test_a_better_score_in_a_leg_is_never_a_worse_rank(
    dense: dict[int, float], keyword: dict[int, float], weight: float, leg: str, data: st.DataObject
) -> None:
    scores = dense if leg == "dense" else keyword
    if not scores:
        return
    one = data.draw(st.sampled_from(sorted(scores)))
    best = 1.0 if leg == "dense" else 60.0
    better = {**scores, one: data.draw(st.floats(scores[one], best))}
    before = dict(fuse(dense, keyword, weight))
    after = dict(fuse(better, keyword, weight) if leg == "dense" else fuse(dense, better, weight))
    for other in before.keys() - {one}:
        if before[one] > before[other] + 1e-9:
            assert after[one] >= after[other] - 1e-9


@settings(deadline=None)
@given(COSINES, BM25)
def test_the_weight_decides_between_the_legs(
    dense: dict[int, float], keyword: dict[int, float]
) -> None:
    if keyword:
        best = max(keyword, key=lambda i: (keyword[i], -i))
        assert fuse(dense, keyword, 0.0)[0][0] == best
    if len(set(dense.values())) > 1:
        top = fuse(dense, keyword, 1.0)[0][0]
        assert dense[top] == max(dense.values())
