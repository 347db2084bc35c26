"""The days that a question is about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.library import Library
from index.tokens import fold
from qa.assistant import Assistant
from qa.periods import Period, period, period_span
from qa.types import Status

TODAY = date(2026, 3, 4)  # a Wednesday


def days(*numbers: int) -> date:
    return date(*numbers)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("2016年有哪些新闻", (2016, 1, 1), (2016, 12, 31)),
        ("二〇一六年有哪些新闻", (2016, 1, 1), (2016, 12, 31)),
        ("2016年11月有哪些新闻", (2016, 11, 1), (2016, 11, 30)),
        ("2024年2月份有哪些新闻", (2024, 2, 1), (2024, 2, 29)),
        ("去年有哪些新闻", (2025, 1, 1), (2025, 12, 31)),
        ("去年十一月有哪些新闻", (2025, 11, 1), (2025, 11, 30)),
        ("2023年以来有哪些报道", (2023, 1, 1), None),
        ("2023年以前有哪些报道", None, (2022, 12, 31)),
        ("2024年5月20日以来有哪些报道", (2024, 5, 20), None),
        ("昨天有哪些新闻", (2026, 3, 3), (2026, 3, 3)),
        ("上周有哪些新闻", (2026, 2, 23), (2026, 3, 1)),
        ("上个月有哪些新闻", (2026, 2, 1), (2026, 2, 28)),
        ("最近三天有哪些新闻", (2026, 3, 1), (2026, 3, 4)),
        ("What articles are there since 2023?", (2023, 1, 1), None),
        ("Which news of last year", (2025, 1, 1), (2025, 12, 31)),
    ],
)
def test_periods(question: str, since: tuple[int, ...], until: tuple[int, ...]) -> None:
    found = period(fold(question), TODAY)
    assert found == Period(since and days(*since), until and days(*until))


def test_a_month_of_any_year() -> None:
    assert period("11月有哪些新闻", TODAY) == Period(month=11)


@pytest.mark.parametrize(
    "question",
    ["11月14日有哪些新闻", "2016年11月14日有哪些新闻", "有哪些新闻", "第一小学有哪些新闻"],
)
def test_a_single_day_or_none_is_no_period(question: str) -> None:
    assert period(question, TODAY) is None


@given(
    st.text(
        st.sampled_from("0123456789年月日去今上个周以来前后最近三十两〇二 in2016since"), max_size=24
    )
)
def test_no_question_is_too_odd(text: str) -> None:
    found = period(text, TODAY)
    assert found is None or found.since is None or found.until is None or found.since <= found.until
    span = period_span(text)
    assert span is None or 0 <= span[0] < span[1] <= len(text)


def test_articles_of_the_period_are_listed(tmp_path: Path) -> None:
    for year in (2022, 2023, 2024):
        (tmp_path / f"{year}.txt").write_text(
            f"{year}年清淤完成\n\n{year}年8月1日，柳林河清淤完成。记者 白露\n", encoding="utf-8"
        )
    with Library.open(tmp_path / "library") as library:
        library.add([tmp_path / f"{year}.txt" for year in (2022, 2023, 2024)])
        ask = Assistant(library).ask
        assert [c.published[:4] for c in ask("2023年以来有哪些报道").citations] == ["2024", "2023"]
        assert [c.published[:4] for c in ask("2022年白露写了哪些报道").citations] == ["2022"]
        assert ask("2019年有哪些报道").status is Status.NO_EVIDENCE
        assert len(ask("8月有哪些新闻").citations) == 3
