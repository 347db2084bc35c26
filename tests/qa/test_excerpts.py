"""What is read of an article to judge some of its spans."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.excerpts import BEFORE, LONGEST_SPAN, excerpts, shortened

TEXT = "".join(chr(0x4E00 + i) for i in range(900))


@given(st.lists(st.tuples(st.sampled_from(["", "题"]), st.integers(0, 899), st.integers(0, 400))))
def test_each_span_is_a_run_of_segments_behind_what_stands_before_it(
    drawn: list[tuple[str, int, int]],
) -> None:
    told = [(heading, TEXT, start, start + length) for heading, start, length in drawn]
    parts, places = excerpts(told)
    assert len(places) == len(told)
    assert {excerpt for excerpt, *_ in places} == set(range(len(parts)))  # none is read for nothing
    for (heading, text, start, end), (excerpt, first, last) in zip(told, places, strict=True):
        start, end = shortened(start, end)
        under, segments = parts[excerpt]
        before, own = "".join(segments[:first]), "".join(segments[first:last])
        assert (under, own) == (heading, text[start:end])
        assert text[:start].endswith(before)
        assert len(before) >= min(start, BEFORE)


@given(st.lists(st.tuples(st.integers(0, 899), st.integers(1, 60)), min_size=1))
def test_nothing_of_an_article_is_read_twice(drawn: list[tuple[int, int]]) -> None:
    parts, _ = excerpts([("题", TEXT, start, start + length) for start, length in drawn])
    read = "".join(segment for _, segments in parts for segment in segments)
    assert len(set(read)) == len(read)


def test_articles_and_headings_are_read_apart() -> None:
    parts, places = excerpts(
        [("甲", "桥通车。", 0, 4), ("乙", "桥通车。", 0, 4), ("甲", "路。", 0, 2)]
    )
    assert parts == [("甲", ["桥通车。"]), ("乙", ["桥通车。"]), ("甲", ["路。"])]
    assert [excerpt for excerpt, *_ in places] == [0, 1, 2]


def test_of_a_long_span_only_its_beginning_is_read() -> None:
    ((_, segments),), (place,) = excerpts([("", TEXT, 100, 900)])
    assert place == (0, 1, 2)
    assert segments == [TEXT[:100], TEXT[100 : 100 + LONGEST_SPAN]]


def test_spans_far_from_each_other_lie_in_different_excerpts() -> None:
    parts, places = excerpts([("", TEXT, 0, 10), ("", TEXT, 800, 810)])
    assert [len("".join(segments)) for _, segments in parts] == [10, BEFORE + 10]
    assert [excerpt for excerpt, *_ in places] == [0, 1]
