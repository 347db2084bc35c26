"""Different values, and products in parts, beside NumPy's own."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.arrays import ONE_THREAD, product, unique, unique_places


@given(st.lists(st.integers(-5, 5)))
def test_the_same_as_numpy(values: list[int]) -> None:
    array = np.array(values, np.int64)
    known, inverse = np.unique(array, return_inverse=True)
    assert unique(array).tolist() == known.tolist()
    ours, places = unique_places(array)
    assert ours.tolist() == known.tolist()
    assert places.tolist() == inverse.tolist()


@given(
    rows=st.integers(0, 150),
    inner=st.sampled_from([1, 7, 300, ONE_THREAD // 10]),
    columns=st.sampled_from([1, 3, 12, 200]),
    seed=st.integers(0, 9),
)
def test_a_product_in_parts_is_the_product(rows: int, inner: int, columns: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    left = chance.integers(-9, 9, (rows, inner)).astype(np.float32)  # sums of these are exact
    right = chance.integers(-9, 9, (columns, inner)).astype(np.float32).T
    assert np.array_equal(product(left, right), left @ right)
