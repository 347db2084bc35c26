"""Different values, beside NumPy's own."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.arrays import unique, unique_places


@given(st.lists(st.integers(-5, 5)))
def test_the_same_as_numpy(values: list[int]) -> None:
    array = np.array(values, np.int64)
    known, inverse = np.unique(array, return_inverse=True)
    assert unique(array).tolist() == known.tolist()
    ours, places = unique_places(array)
    assert ours.tolist() == known.tolist()
    assert places.tolist() == inverse.tolist()
