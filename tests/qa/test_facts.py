"""Numbers and dates however they are written; denials, plans and their opposites."""

from __future__ import annotations

import pytest

from qa.facts import Day, agrees, dated_by, days, item_counts, quantities
from qa.polarity import denials, denies_otherwise, reverses, surer


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("总投资3.8亿元，长12.6公里，4.3万居民", ["380000000元", "12.6公里", "43000"]),
        ("12000万元", ["120000000元"]),
        ("一亿二千万元", ["120000000元"]),
        ("三点要求、9个社区", ["3点", "9个"]),
        ("百分之十五，15%，15个百分点", ["15%", "15%", "15百分点"]),
        ("上午9时30分至下午3点", ["9时", "30分", "15点"]),
        ("18:00-23:30", ["18时", "23时", "30分"]),
        ("1.8 million yuan and 42 percent", ["1800000元", "42%"]),
        ("1,234人", ["1234人"]),
        ("第三条", ["3第"]),
        ("at 4 p.m.", ["16时"]),
        ("统一部署，二七区，三农，十四五", []),
        ("2024年3月12日", []),
        ("COVID-19", []),
    ],
)
def test_quantities(text: str, found: list[str]) -> None:
    assert [str(q) for q in quantities(text)] == found


@pytest.mark.parametrize(
    ("said", "held", "same"),
    [
        ("1.2亿元", "12000万元", True),
        ("十四名", "14人", True),
        ("3项", "三点", True),
        ("3.8亿", "3.8亿元", True),
        ("3.8亿元", "3.9亿元", False),
        ("86人", "86台", False),
        ("15%", "15个百分点", False),
        ("约3800万元", "3812万元", True),
        ("3800万元", "3812万元", False),
        ("约3812万元", "3800万元", False),
    ],
)
def test_what_bears_out_a_number(said: str, held: str, same: bool) -> None:
    assert agrees(quantities(said)[0], quantities(held)[0]) is same


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2016年11月14日", ["2016-11-14"]),
        ("十一月十四日", ["11-14"]),
        ("14日，2024年底", ["14", "2024"]),
        ("二〇二四年五月二十日", ["2024-05-20"]),
        ("2016-11-14", ["2016-11-14"]),
        ("On October 1, 2024 and 2 May", ["2024-10-01", "05-02"]),
        ("三个月，第2日本", []),
    ],
)
def test_days(text: str, found: list[str]) -> None:
    assert [str(d) for d in days(text)] == found


def test_what_bears_out_a_date() -> None:
    day = Day(0, 0, 2024, 3, 12)
    assert dated_by(day, days("2024年3月12日"))
    assert dated_by(day, days("3月12日，2024年"))
    assert not dated_by(day, days("3月12日"))
    assert not dated_by(day, days("2024年3月13日，12月12日"))
    assert dated_by(Day(0, 0, month=3), days("3月12日"))
    assert dated_by(Day(0, 0, month=7, day=25), [*days("25日"), Day(0, 0, 2020, 7, 26)])


def test_the_items_of_an_enumeration() -> None:
    assert item_counts("一是质量。二是安全。三是民意。") == {3}
    assert item_counts("（一）甲（二）乙") == {2}
    assert item_counts("一致同意") == set()


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("工程没有开工", "工程开工"),
        ("工程已开工", "工程尚未开工"),
        ("可以占用消防通道", "摊位不得占用消防通道"),
        ("会议未通过预算", "会议通过了预算"),
        ("他不能不参加", "他不能参加"),
        ("The bridge was not finished", "The bridge was finished"),
    ],
)
def test_denied_otherwise(said: str, held: str) -> None:
    assert denies_otherwise(said, [held], held)
    assert not denies_otherwise(said, [said], said)
    assert not denies_otherwise(held, [held], held)


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("禁止占用消防通道", "摊位不得占用消防通道"),
        ("不少居民参加", "居民参加"),
        ("没有完成清淤", "未完成清淤"),
        ("未来三年建成", "三年建成"),
    ],
)
def test_denied_alike(said: str, held: str) -> None:
    assert not denies_otherwise(said, [held], held)


def test_what_denials_bear_on() -> None:
    assert [d.bears_on for d in denials("摊位不得再占用通道，不断推进")] == ["占用通道"]


def test_opposites_plans_and_chances() -> None:
    assert reverses("产量减少", ["产量增加"])
    assert not reverses("产量增加", ["产量增加，成本减少"])
    assert surer("工程已经完工", ["工程计划明年完工"], "工程计划明年完工")
    assert not surer("工程将完工", ["工程计划明年完工"], "工程计划明年完工")
    assert surer("线路改道", ["线路可能改道"], "线路可能改道")
    assert not surer("线路可能改道", ["线路可能改道"], "线路可能改道")
