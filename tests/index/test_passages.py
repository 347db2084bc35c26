"""Passages: exact places, everything once and in order, whole sentences, never over the limit."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from index.passages import LIMIT, TARGET, Draft, embedded_text, split
from index.sentences import sentence_spans
from index.types import Article, Origin

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
        assert draft.end - draft.start <= limit
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
    assert texts("甲" + " " * 35 + "乙。", target=5, limit=10) == ["甲" + " " * 9, " " * 6 + "乙。"]


def test_an_article_of_nothing_but_a_title_has_an_empty_passage() -> None:
    assert split(article("", title="停水通知")) == [Draft(0, 0)]
    assert split(article(" \n ", title="停水通知")) == [Draft(0, 0)]
    assert split(article("", title="")) == []


def test_the_title_is_embedded_above_the_text() -> None:
    assert (
        embedded_text(article("", "河道治理", "绿水青山"), "一是拆迁。")
        == "绿水青山 河道治理\n一是拆迁。"
    )
    assert embedded_text(article("", "河道治理"), "一是拆迁。") == "河道治理\n一是拆迁。"
    assert embedded_text(article("", ""), "一是拆迁。") == "一是拆迁。"


def test_a_megabyte_in_one_line() -> None:
    text = "贾鲁河" * 333_333
    drafts = split(article(text))
    assert "".join(text[d.start : d.end] for d in drafts) == text
    assert {d.end - d.start for d in drafts[:-1]} == {LIMIT}
