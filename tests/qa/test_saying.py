"""Whether a piece says anything to a question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.library import Library
from index.types import Article
from qa.assistant import Assistant
from qa.question import analyse
from qa.saying import asks, echo, other_year, years
from qa.units import Unit, UnitKind

REPORT = (
    "水厂三年来的账本\n2021年，水厂供水310万吨。水费收缴率九成。\n"
    "2023年，水厂供水402万吨。去年漏损率降到8%。\n2019至2022年，新装水表1.2万块。\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("水厂几点停水？", True),
        ("“水厂几点停水？”", True),
        ("水厂什么时候停水", True),  # a title without its mark
        ("大家问水厂什么时候停水。", False),
        ("水厂6月1日停水。", False),
        ("停水通知", False),
    ],
)
def test_what_asks_does_not_answer(text: str, expected: bool) -> None:
    assert asks(text) is expected


def test_what_says_the_question_over_again_is_an_echo() -> None:
    question = analyse("水厂的吉祥物是什么")
    assert echo(question, "水厂的吉祥物是……", False) == 1.0
    assert echo(question, "水厂的吉祥物是青蛙。", False) == 0.0
    assert echo(question, "水厂的吉祥物是蛙。", False) == 0.0
    assert echo(analyse("吉祥物有几个"), "吉祥物有几个，没有的。", True) == 0.0
    assert echo(analyse("请问热线电话是多少"), "热线电话是多少？", False) == 1.0
    assert echo(analyse("局长问了什么"), "局长问：“水厂什么时候停水？”", False) == 0.0


def test_years_within_a_span_are_named() -> None:
    assert years("2019至2022年，以及1998年的20215号文件") == {2019, 2020, 2021, 2022, 1998}
    assert years("花了2000元，修路1985米，占20.21%，来了2016人") == set()
    assert years("the plant opened in 2016; 2021赛季，2003-05-01") == {2016, 2021, 2003}


@pytest.fixture
def report(tmp_path: Path) -> Article:
    (tmp_path / "a.txt").write_text(REPORT, encoding="utf-8")
    with Library.open(tmp_path / "library") as library:
        library.add([tmp_path / "a.txt"])
        [article] = library.articles()
        return article


def test_a_piece_of_another_year_is_known(report: Article) -> None:
    question = analyse("2021年水厂供水多少吨")

    def of(words: str, article: Article = report) -> float:
        start = article.text.index(words)
        return other_year(question, article, Unit(UnitKind.SENTENCE, start, start + len(words)))

    assert of("2021年，水厂供水310万吨。") == 0.0
    assert of("2023年，水厂供水402万吨。") == 1.0
    assert of("水费收缴率九成。") == 0.0, "of the year that stands before it"
    assert of("去年漏损率降到8%。") == 0.5
    assert of("去年漏损率降到8%。", replace(report, published=date(2022, 1, 5))) == 0.0
    assert of("去年漏损率降到8%。", replace(report, published=date(2024, 1, 5))) == 1.0
    assert of("2019至2022年，新装水表1.2万块。") == 0.0
    assert other_year(analyse("水厂供水多少吨"), report, Unit(UnitKind.SENTENCE, 0, 9)) == 0.0


def test_a_page_that_only_asks_is_not_an_answer(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "居民常问\n澄河水厂的热线电话是多少？\n澄河水厂每月检测水质两次，结果贴在门口。\n",
        encoding="utf-8",
    )
    with Library.open(tmp_path / "library") as library:
        library.add([tmp_path / "a.txt"])
        assistant = Assistant(library)
        assert assistant.ask("澄河水厂的热线电话是多少").refused
        assert "两次" in assistant.ask("澄河水厂每月检测几次水质").text
