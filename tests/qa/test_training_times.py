"""Questions that are learned from get a time of their article put in, the right one."""

from __future__ import annotations

import random
from collections.abc import Iterator

from training.times import timed

TEXT = "2023年8月3日，河湾集团公布业绩。第二季度营业收入为12亿元，较第一季度增长5%。其中书籍业务的毛利率为30%。"


def made(question: str, text: str, end: int | None) -> Iterator[str]:
    chance = random.Random(0)
    for _ in range(300):
        if found := timed(question, text, end, chance):
            yield found


def test_the_time_is_the_last_before_the_answer_that_nothing_is_compared_with() -> None:
    assert set(made("书籍业务的毛利率是多少", TEXT, TEXT.index("30%") + 3)) == {
        time + join + "书籍业务的毛利率是多少"
        for time in ("第二季度", "2023年第二季度")
        for join in ("", "，")
    } | {"书籍业务第二季度的毛利率是多少", "书籍业务2023年第二季度的毛利率是多少"}


def test_what_stands_behind_the_answer_is_no_time_of_it() -> None:
    assert {q[:9] for q in made("河湾集团公布了什么", TEXT, TEXT.index("业绩") + 2)} == {
        "2023年8月3日"
    }


def test_a_near_miss_gets_any_time_of_the_article() -> None:
    times = {
        q.removesuffix("谁是董事长").removesuffix("，") for q in made("谁是董事长", TEXT, None)
    }
    assert times == {"2023年8月3日", "第二季度", "2023年第二季度"}


def test_a_year_is_put_before_only_where_the_article_names_one() -> None:
    text = "2021年成立。2022年扩建。第二季度营业收入为12亿元。"
    found = set(made("营业收入多少", text, text.index("12亿")))
    assert found == {"第二季度营业收入多少", "第二季度，营业收入多少"}


def test_what_asks_for_a_time_or_has_one_stays() -> None:
    asked = (
        "业绩是何时公布的",
        "哪一天公布业绩",
        "2022年营业收入多少",
        "第三季度营业收入多少",
        "今年的收入",
        "多久公布一次",
    )
    assert [list(made(q, TEXT, None)) for q in asked] == [[]] * len(asked)


def test_an_article_without_a_time_gives_none() -> None:
    assert not list(made("营业收入多少", "营业收入为12亿元。", None))
