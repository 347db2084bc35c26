"""Salience: an idf that starts from news at large and learns the library's own counts."""

from __future__ import annotations

import math
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.frequencies import salience
from index.tokens import fold


def table() -> tuple[float, dict[str, int]]:
    lines = (resources.files("index") / "model" / "frequencies.txt").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines[1:]]
    return float(lines[0].split("\t")[1]), {word: int(count) for word, count in rows}


def test_the_table_is_sound() -> None:
    articles, counts = table()
    assert articles > 10_000
    assert len(counts) > 10_000
    assert all(0 < count <= articles for count in counts.values())
    assert all(word == fold(word).strip() != "" for word in counts)


def test_by_hand_in_an_empty_library() -> None:
    articles, counts = table()
    share = counts["治理"] / articles
    assert salience("治理", 0, 0) == pytest.approx(math.log(501 / (500 * share + 0.5)))
    assert salience("贾鲁河", 0, 0) == pytest.approx(math.log(501 / (500 * 15 / articles + 0.5)))


def test_by_hand_in_a_large_library() -> None:
    articles, counts = table()
    share = counts["治理"] / articles
    expected = math.log((1_000_000 + 501) / (2_000 + 500 * share + 0.5))
    assert salience("治理", 2_000, 1_000_000) == pytest.approx(expected)
    # A million passages outweigh the table: close to the library's own idf.
    assert expected == pytest.approx(math.log(1_000_000 / 2_000), abs=0.02)


def test_common_words_say_little_and_rare_ones_much() -> None:
    said = [salience(word, 1, 20) for word in ("的", "工作", "治理", "贾鲁河")]
    assert said == sorted(said)
    assert said[0] < 0.3 < 4 < said[-1]


@settings(deadline=None)
@given(st.sampled_from(["的", "治理", "贾鲁河", "xyzzy", ""]), st.integers(0, 10**6), st.data())
def test_never_negative_and_falls_with_the_count(
    word: str, passages: int, data: st.DataObject
) -> None:
    some = data.draw(st.integers(0, passages))
    more = data.draw(st.integers(some, passages))
    assert salience(word, some, passages) >= salience(word, more, passages) >= 0.0
