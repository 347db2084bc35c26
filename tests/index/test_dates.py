"""Days as texts name them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.pages.dates import days, first_date, full_day
from index.types import PartialDate


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("11月14日上午", ["11-14"]),
        ("2016年11月14日至15日", ["2016-11-14"]),
        ("２０１６年１１月３日", ["2016-11-03"]),
        ("二〇二三年五月六日", ["2023-05-06"]),
        ("十一月二十三日", ["11-23"]),
        ("8 月 16 日消息", ["08-16"]),
        ("2023-05-06 10:00", ["2023-05-06"]),
        ("2023/5/6，2023.5.7。", ["2023-05-06", "2023-05-07"]),
        ("Nov. 14, 2016 and December 3", ["2016-11-14", "12-03"]),
        ("on 14 November 2016", ["2016-11-14"]),
        ("2月29日", ["02-29"]),
        ("13月40日", []),
        ("11月31日", []),
        ("Mayor 3", []),
        ("version 2001.1.1.1", []),
        ("14日上午", []),
    ],
)
def test_days(text: str, found: list[str]) -> None:
    assert [str(day) for _, day in days(text)] == found


def test_spans_are_those_of_the_words() -> None:
    text = "会议于2016年11月14日召开"
    (((start, end), _),) = days(text)
    assert text[start:end] == "2016年11月14日"


def test_the_first_date_needs_its_year() -> None:
    assert first_date("11月14日召开，2016年11月25日发布") == date(2016, 11, 25)
    assert first_date("11月14日召开") is None
    assert full_day(PartialDate(2, 29, 2023)) is None
    assert full_day(None) is None


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_written_days_are_read_back(day: date) -> None:
    for text in (f"{day.year}年{day.month}月{day.day}日", day.isoformat()):
        assert first_date(text) == day


@given(st.text(max_size=100))
def test_no_text_is_too_strange(text: str) -> None:
    assert all(0 <= a < b <= len(text) for (a, b), _ in days(text))
