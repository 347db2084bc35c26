"""How near in meaning words are to texts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import bundled
from index.meaning import UNRELATED, alike


def near(words: list[str], texts: list[str]) -> np.ndarray:
    ids, first = bundled().pieces(texts)
    return alike(words, ids, first[:-1].tolist(), bundled())


def test_a_word_is_as_near_as_the_nearest_piece_of_a_text() -> None:
    [river, tea] = near(["河", "茶叶"], ["小镇有一条河。", "", "茶叶卖得好。"])
    assert river[0] == pytest.approx(1.0, abs=1e-5)
    assert tea[2] == pytest.approx(1.0, abs=1e-5)
    assert river[1] == tea[1] == 0.0  # an empty text says nothing
    assert river[2] < 0.5
    assert tea[0] < 0.5


def test_nothing_is_near_to_nothing() -> None:
    assert near([], ["河"]).shape == (0, 1)
    assert near(["河"], []).shape == (1, 0)
    assert near([""], ["河"]).tolist() == [[0.0]]


@given(st.lists(st.text(max_size=6), max_size=3), st.lists(st.text(max_size=20), max_size=4))
def test_all_at_once_is_each_by_itself(words: list[str], texts: list[str]) -> None:
    together = near(words, texts)
    assert together.shape == (len(words), len(texts))
    assert ((together >= 0) & (together <= 1 + 1e-5)).all()
    model = bundled()
    for i, word in enumerate(words):
        rows, lengths = model.rows(model.pieces([word])[0])
        for j, text in enumerate(texts):
            theirs, other = model.rows(model.pieces([text])[0])
            plain = 0.0
            if len(rows) and len(theirs):
                cosines = (rows / lengths[:, None]) @ (theirs / other[:, None]).T
                plain = float(np.maximum(cosines.max(axis=1) - UNRELATED, 0).mean())
            assert together[i, j] == pytest.approx(plain / (1 - UNRELATED), abs=1e-4)
