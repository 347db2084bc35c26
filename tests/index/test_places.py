"""Where characters of an article stand: under which headings, on which pages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.types import Article, Heading, Origin

HEADINGS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 5)), max_size=12, unique_by=lambda h: h[0]
)


def article(headings: list[tuple[int, int]], pages: tuple[tuple[int, int], ...] = ()) -> Article:
    made = tuple(Heading(start, rank, f"{start}") for start, rank in sorted(headings))
    return Article("a", "t", "x" * 50, "en", "a.txt", Origin(1, 1), headings=made, pages=pages)


@given(HEADINGS, st.integers(0, 49))
def test_the_path_is_that_of_an_outline(headings: list[tuple[int, int]], offset: int) -> None:
    """As one who reads from the top keeps it: a heading closes all of its rank and below."""
    ranks = {rank: n for n, rank in enumerate(sorted({r for _, r in headings}), start=1)}
    path: list[tuple[int, int]] = []
    for start, rank in sorted(headings):
        if start <= offset:
            path = [*(h for h in path if h[1] < ranks[rank]), (start, ranks[rank])]
    dense = [(start, ranks[rank]) for start, rank in headings]
    assert article(dense).section_path(offset) == tuple(str(start) for start, _ in path)


def test_pages_of_a_span() -> None:
    paged = article([], pages=((0, 3), (10, 4), (30, 6)))
    assert [paged.pages_of(*span) for span in ((0, 10), (9, 11), (10, 30), (29, 31), (45, 45))] == [
        "3", "3-4", "4", "4-6", "6",
    ]  # fmt: skip
    assert article([]).pages_of(0, 5) == ""
