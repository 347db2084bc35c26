"""Numbers and dates: their values against a plain reference, their forms by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.tokens import fold
from index.variants import from_chinese, numerals, to_chinese


def forms(text: str) -> list[tuple[str, ...]]:
    return [n.forms for n in numerals(fold(text))]


def spoken(n: int) -> str:
    """How a number is said, written apart from the code: by places, then noughts put right."""
    digits = str(n).zfill(12)
    text = ""
    for group, name in zip((digits[:4], digits[4:8], digits[8:]), "亿万 ", strict=True):
        said = "".join(
            "零一二三四五六七八九"[int(d)] + (place if d != "0" else "")
            for d, place in zip(group, ["千", "百", "十", ""], strict=True)
        )
        text += (said + name.strip()) if group != "0000" else "零"
    while "零零" in text:
        text = text.replace("零零", "零")
    for unit in "万亿":
        text = text.replace(f"零{unit}", f"{unit}零")
    while "零零" in text:
        text = text.replace("零零", "零")
    text = text.strip("零") or "零"
    return text[1:] if text.startswith("一十") else text


@given(st.integers(0, 10**12 - 1) | st.integers(0, 10**8) | st.integers(0, 20000))
@example(10)
@example(110)
@example(10_010)
@example(100_000_001)
def test_numbers_there_and_back(n: int) -> None:
    text = to_chinese(n)
    assert from_chinese(text) == n
    # A nought after 千万 or 百万 that only closes a group is left to usage: 一千万零一百.
    assert text.replace("零", "") == spoken(n).replace("零", "")


@given(st.integers(0, 9999))
def test_numbers_of_one_group_are_said_as_everyone_says_them(n: int) -> None:
    assert to_chinese(n) == spoken(n)


@given(st.integers(1, 99_999_999), st.sampled_from(["户", "元", "名"]))
def test_figures_with_a_measure_word_are_found_with_their_value(n: int, unit: str) -> None:
    said = to_chinese(n)
    (number,) = numerals(f"{n}{unit}")
    assert number.forms[0] == f"{n}{unit}"
    if len(said) < 6:
        assert f"{said}{unit}" in number.forms
    if n > 1:
        (back,) = numerals(f"{said}{unit}")
        assert f"{n}{unit}" in back.forms


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十四", 14),
        ("一十四", 14),
        ("一百零八", 108),
        ("两千零一十六", 2016),
        ("二〇一六", 2016),
        ("二零一六", 2016),
        ("三〇八", 308),
        ("一万零二百", 10200),
        ("两亿三千万", 230_000_000),
        ("零", 0),
        # No numbers: a day, a plan, parts of words, and what could be two numbers.
        ("五四", None),
        ("十四五", None),
        ("百", None),
        ("万一", None),
        ("二百五", None),
        ("一二三", None),
        ("", None),
        ("三点", None),
        ("二〇" * 50, None),
        ("亿" * 5000, None),
    ],
)
def test_values_by_hand(text: str, value: int | None) -> None:
    assert from_chinese(text) == value


@pytest.mark.parametrize("n", [-1, 10**12])
def test_numbers_without_a_form_are_refused(n: int) -> None:
    with pytest.raises(ValueError, match="only numbers"):
        to_chinese(n)


@pytest.mark.parametrize(
    ("text", "written", "also"),
    [
        ("三项要求", "三项", {"3项"}),
        ("3项要求", "3项", {"三项"}),
        ("２个", "2个", {"二个", "两个"}),
        ("兩個集團", "两个", {"2个", "二个"}),
        ("两百户", "两百户", {"200户", "二百户"}),
        ("百分之五", "百分之五", {"5%"}),
        ("5%", "5%", {"百分之五"}),
        ("增长6.8%", "6.8%", {"百分之六点八"}),
        ("3.8亿元", "3.8亿元", {"三点八亿元", "380000000元"}),
        ("三點八億元", "三点八亿元", {"3.8亿元"}),
        ("1万人", "1万人", {"10000人", "10,000人", "一万人"}),
        ("10000人", "10000人", {"1万人", "10,000人", "一万人"}),
        ("10,000人", "10,000人", {"1万人", "10000人", "一万人"}),
        ("一万人", "一万人", {"1万人", "10000人", "10,000人"}),
        ("第三条", "第三条", {"第3条"}),
        ("第 3 条", "第3条", {"第三条"}),
        ("2016年", "2016年", {"二〇一六年", "二零一六年"}),
        ("二〇一六年", "二〇一六年", {"2016年", "二零一六年"}),
        ("2022春运", "2022", {"二〇二二年"}),
        ("十四日", "十四日", {"14日", "14号", "十四号"}),
        ("14号", "14号", {"14日", "十四日"}),
        ("地铁14号线", "14号", {"十四号"}),
        ("下午3点", "3点", {"15时", "15点", "三点", "十五时"}),
        ("15:00", "15", {"15时", "三点"}),
    ],
)
def test_other_forms(text: str, written: str, also: set[str]) -> None:
    (found,) = forms(text)
    assert found[0] == written
    assert also <= set(found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    "text",
    ["11月14日", "十一月十四日", "11-14", "11/14", "11·14", "14 November", "Nov. 14th", "11月14号"],
)
def test_a_day_has_all_its_forms_however_it_is_written(text: str) -> None:
    months, days = sorted(forms(text), key=lambda f: "十四日" in f)
    assert {"11月", "十一月", "november", "11.14"} <= {*months, "11月"}
    assert {"十四日", "十四号", "11.14"} <= {*days}
    assert "14" in "".join(days)


@pytest.mark.parametrize(
    "text", ["2016年11月14日", "2016-11-14", "2016/11/14", "November 14, 2016"]
)
def test_a_date_with_its_year(text: str) -> None:
    found = forms(text)
    assert len(found) == 3
    assert all("2016.11.14" in part for part in found)
    assert any("二〇一六年" in part for part in found)


def test_a_date_of_one_token_is_three_parts_in_one_place() -> None:
    found = numerals("2016.11.14")
    assert {(n.start, n.end) for n in found} == {(0, 10)}
    assert ["二〇一六年" in n.forms for n in found] == [True, False, False]
    assert ["十一月" in n.forms for n in found] == [False, True, False]
    assert ["十四日" in n.forms for n in found] == [False, False, True]


@pytest.mark.parametrize(
    "text",
    [
        "柳林河治理有什么要求",
        "一体化",
        "十四五规划",
        "五四运动",
        "百姓",
        "usb3.0",
        "72mbps",
        "一个",
        "第一种",
        "一时",
        "0371",
        "may i ask",
        "²½",
        "",
    ],
)
def test_what_is_no_number_has_no_forms(text: str) -> None:
    assert forms(text) == []


@given(
    st.lists(
        st.sampled_from([*"0123456789一二十百千万亿零〇两点.,-/:年月日号时第%分之个 ٣", "nov"]),
        max_size=14,
    ).map("".join)
    | st.text(max_size=20)
)
def test_numbers_stand_where_they_say(text: str) -> None:
    folded = fold(text)
    found = numerals(folded)
    assert [n.start for n in found] == sorted(n.start for n in found)
    places = list(dict.fromkeys((n.start, n.end) for n in found))
    assert all(0 <= a < b <= len(folded) for a, b in places)
    assert all(b <= c for (_, b), (c, _) in pairwise(places))
    for n in found:
        assert len(n.forms) > 1
        assert n.forms[0].replace(" ", "") in folded[n.start : n.end].replace(" ", "")
