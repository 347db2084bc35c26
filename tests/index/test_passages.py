"""Passages: exact places, everything once and in order, whole sentences, never over the limit."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.passages import LIMIT, TARGET, Draft, embedded_text, split
from index.sentences import sentence_spans
from index.sizes import scale
from index.types import Article, Heading, Origin

TEXTS = st.lists(
    st.one_of(
        st.text("贾鲁河治理，要求；;“”（） ", min_size=1, max_size=80),
        st.text("abc d.", max_size=60),
        st.text(max_size=30),
    ),
    max_size=12,
).map(lambda parts: "。".join(parts))


def article(text: str, title: str = "标题", kicker: str = "") -> Article:
    return Article("a1", title, text, "zh", "news.txt", Origin(1, 1), kicker=kicker)


def texts(text: str, target: int = TARGET, limit: int = LIMIT) -> list[str]:
    return [text[d.start : d.end] for d in split(article(text), target, limit)]


@settings(deadline=None)
@given(TEXTS, st.integers(1, 60), st.integers(0, 60))
def test_passages_hold_every_character_once(text: str, target: int, more: int) -> None:
    limit = target + more
    drafts = split(article(text, title=""), target, limit)
    at = 0
    for draft in drafts:
        assert at <= draft.start < draft.end <= len(text)
        assert draft.end - draft.start <= limit * scale(text)
        assert not text[at : draft.start].strip()
        assert text[draft.start : draft.end].strip()
        at = draft.end
    assert not text[at:].strip()


@settings(deadline=None)
@given(TEXTS, st.integers(1, 60), st.integers(0, 60))
def test_sentences_are_whole_where_they_can_be(text: str, target: int, more: int) -> None:
    limit = target + more
    drafts = split(article(text), target, limit)
    for start, end in sentence_spans(text):
        if end - start <= limit:
            assert any(d.start <= start and end <= d.end for d in drafts)


@settings(deadline=None)
@given(TEXTS)
def test_no_two_neighbours_would_fit_in_one(text: str) -> None:
    for a, b in pairwise(split(article(text))):
        assert b.end - a.start > TARGET


def test_short_text_is_one_passage() -> None:
    assert texts("第一句。第二句。\n第三句。") == ["第一句。第二句。\n第三句。"]


def test_sentences_are_packed_up_to_the_target() -> None:
    text = "一二三四五六七八九。" * 6  # sentences of 10 characters
    assert [len(t) for t in texts(text, target=25, limit=40)] == [20, 20, 20]
    assert [len(t) for t in texts(text, target=30, limit=40)] == [30, 30]
    assert [len(t) for t in texts(text, target=100, limit=100)] == [60]


def test_a_passage_may_pass_the_target_rather_than_stay_tiny() -> None:
    text = "短。" + "长" * 30 + "。"
    assert texts(text, target=25, limit=40) == [text]
    assert texts(text, target=25, limit=32) == ["短。", "长" * 30 + "。"]


def test_a_sentence_over_the_limit_is_cut_at_clauses_then_anywhere() -> None:
    clauses = ["一是" + "抓" * 10 + "；", "二是" + "查" * 10 + "；", "三是" + "宣" * 30 + "。"]
    assert texts("".join(clauses), target=14, limit=20) == [
        clauses[0],
        clauses[1],
        clauses[2][:20],
        clauses[2][20:],
    ]


def test_a_gap_wider_than_the_limit_makes_no_passage() -> None:
    assert texts("甲" + " " * 35 + "乙。", target=5, limit=10) == ["甲", "乙。"]


def test_an_article_of_nothing_but_a_title_has_an_empty_passage() -> None:
    assert split(article("", title="停水通知")) == [Draft(0, 0)]
    assert split(article(" \n ", title="停水通知")) == [Draft(0, 0)]
    assert split(article("", title="")) == []


QUOTED = st.lists(
    st.one_of(
        st.text("柳林河治理要求。！？，", min_size=1, max_size=60).map(lambda t: f"“{t}”，他说。"),
        st.text("县里清淤十二公里，", min_size=1, max_size=80).map(lambda t: f"{t}。"),
    ),
    min_size=1,
    max_size=12,
).map("".join)


@settings(deadline=None)
@given(QUOTED)
def test_no_quotation_is_parted_that_can_be_kept_whole(text: str) -> None:
    for d in split(article(text)):
        assert text.count("“", d.start, d.end) == text.count("”", d.start, d.end)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["投资3.5亿元", "长1,234,567米", "VISTAGEN", "柳林县", "PM2.5", "和", "、"]),
                min_size=60, max_size=200))  # fmt: skip
def test_no_word_or_number_is_parted_where_nothing_pauses(words: list[str]) -> None:
    text = "".join(words)
    inside = {
        at
        for found in re.finditer(r"[A-Za-z]+|\d[\d.,]*\d|柳林", text)
        for at in range(found.start() + 1, found.end())
    }
    drafts = split(article(text))
    assert "".join(text[d.start : d.end] for d in drafts) == text
    assert not inside & {d.start for d in drafts}
    assert all(d.end - d.start <= LIMIT * scale(text) for d in drafts)


def test_letters_get_the_room_that_they_take() -> None:
    chinese = "柳林河清淤工程今天开工，两岸补种柳树三千株。"
    english = "Dredging of the Liulin River began today, and willows were planted again. "
    assert scale(chinese) == 1.0
    assert scale(english) == 2.5
    assert 1.0 < scale(chinese + english) < 2.5
    assert all(len(t) <= LIMIT for t in texts(chinese * 60))
    assert {len(t) > LIMIT for t in texts(english * 60)[:-1]} == {True}


def test_a_long_sentence_is_cut_at_a_comma_outside_quotations() -> None:
    text = "县里" + "抓清淤" * 2 + "，" + "他说“" + "抓好，" * 3 + "抓好”" + "加油" * 8
    first, *_ = texts(text, target=20, limit=20)
    assert first == "县里抓清淤抓清淤，他说“抓好，抓好，"  # the one outside leaves too little
    outside = "县里抓清淤抓清淤抓清淤，他说“好，好”" + "加油" * 8
    assert texts(outside, target=20, limit=20)[0] == "县里抓清淤抓清淤抓清淤，"


@pytest.mark.parametrize(
    ("lead", "items"),
    [
        ("会议提出三点要求。", ["一是抓质量。" + "要" * 20 + "。", "二是抓安全。", "三是抓进度。"]),
        ("措施如下：", ["1.清淤。", "2.巡查。" + "查" * 20 + "。", "3.宣传。"]),
        ("工作有：", ["（一）清淤。", "（二）巡查。", "（三）宣传" + "宣" * 20 + "。"]),
        ("他指出：", ["首先，清淤。" + "清" * 20 + "。", "其次，巡查。", "再次，宣传。"]),
    ],
)
def test_an_enumeration_is_kept_whole_with_what_announces_it(lead: str, items: list[str]) -> None:
    before = "县里召开会议。" * 7
    whole = lead + "".join(items)
    found = texts(before + whole + "会议由县长主持。" * 6, target=80, limit=130)
    assert sum(whole in text for text in found) == 1


def test_an_enumeration_over_the_limit_is_parted_between_sentences() -> None:
    items = [f"{n}是{'抓' * 50}。" for n in "一二三四"]
    found = texts("要求：" + "".join(items), target=60, limit=120)
    assert "".join(found) == "要求：" + "".join(items)
    assert all(len(text) <= 120 and text.endswith("。") for text in found)


def headed(text: str, *headings: tuple[str, int]) -> Article:
    marks = tuple(Heading(text.index(words), rank, words) for words, rank in headings)
    return replace(article(text), headings=marks)


def test_each_provision_has_passages_of_its_own() -> None:
    text = "第一章 总则\n第一条 为了管理，制定本条例。\n第二条 本条例自公布之日起施行。\n" + (
        "第三条 禁止下列活动：\n（一）倾倒；\n（二）采砂。"
    )
    law = headed(text, ("第一章 总则", 3), ("第一条", 5), ("第二条", 5), ("第三条", 5))
    found = split(law)
    assert [text[d.start : d.end] for d in found] == [
        "第一章 总则\n第一条 为了管理，制定本条例。",
        "第二条 本条例自公布之日起施行。",
        "第三条 禁止下列活动：\n（一）倾倒；\n（二）采砂。",
    ]
    assert embedded_text(law, "第二条 …", found[1].start) == "标题\n第一章 总则 第二条\n第二条 …"


def test_a_section_begins_a_passage_unless_the_one_before_is_short() -> None:
    text = (
        "一、概况\n" + "河长十二公里。" * 12 + "\n二、措施\n清淤。\n三、保障\n" + "加强领导。" * 4
    )
    parts = headed(text, ("一、概况", 2), ("二、措施", 2), ("三、保障", 2))
    found = [text[d.start : d.end] for d in split(parts)]
    assert [t[:4] for t in found] == ["一、概况", "二、措施"]


def test_what_the_model_cannot_read_whole_is_cut_smaller() -> None:
    text = "县里召开会议，部署清淤工作。" * 40
    drafts = split(article(text), fits=lambda embedded: len(embedded) <= 100)
    assert "".join(text[d.start : d.end] for d in drafts) == text
    assert all(len(embedded_text(article(text), text[d.start : d.end])) <= 100 for d in drafts)
    assert all(text[d.end - 1] == "。" for d in drafts)


def test_the_title_is_embedded_above_the_text() -> None:
    assert (
        embedded_text(article("", "河道治理", "绿水青山"), "一是拆迁。")
        == "绿水青山 河道治理\n一是拆迁。"
    )
    assert embedded_text(article("", "河道治理"), "一是拆迁。") == "河道治理\n一是拆迁。"
    assert embedded_text(article("", ""), "一是拆迁。") == "一是拆迁。"
    dated = replace(article("", "河道治理"), published=date(2024, 3, 5))
    assert embedded_text(dated, "一是拆迁。") == "河道治理\n2024-03-05\n一是拆迁。"


def test_a_megabyte_in_one_line() -> None:
    text = "贾鲁河" * 333_333
    drafts = split(article(text))
    assert "".join(text[d.start : d.end] for d in drafts) == text
    assert {d.end - d.start for d in drafts[:-1]} == {LIMIT}
