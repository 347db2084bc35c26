"""Sentences: spans in order that leave out nothing but blanks, cut where a reader would."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import Span, clause_spans, sentence_spans

# Text that is dense in what the rules look at.
TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "。！？!?….．｡；;，,：:“”‘’「」『』（）()【】\"' \n\r\t\u3000\u2028一贾A1aZ9"
        ),
        st.characters(),
    ),
    max_size=200,
)


def sentences(text: str) -> list[str]:
    return [text[a:b] for a, b in sentence_spans(text)]


def assert_spans_hold_all(text: str, spans: list[Span], start: int, end: int) -> None:
    """In order, disjoint, inside, without blanks at their ends, and nothing but blanks between."""
    at = start
    for a, b in spans:
        assert at <= a < b <= end
        assert not text[at:a].strip()
        assert text[a:b] == text[a:b].strip()
        at = b
    assert not text[at:end].strip()


@settings(deadline=None)
@given(TEXTS)
def test_sentences_hold_all_but_blanks(text: str) -> None:
    assert_spans_hold_all(text, sentence_spans(text), 0, len(text))


@settings(deadline=None)
@given(TEXTS)
def test_no_sentence_crosses_a_line_end(text: str) -> None:
    assert not any(set(s) & set("\n\r\u2028\u2029") for s in sentences(text))


@settings(deadline=None)
@given(TEXTS, st.data())
def test_sentences_of_a_part(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = sentence_spans(text, start, end)
    assert_spans_hold_all(text, spans, start, end)
    assert spans == [(a + start, b + start) for a, b in sentence_spans(text[start:end])]


@settings(deadline=None)
@given(TEXTS)
def test_clauses_hold_all_but_blanks(text: str) -> None:
    for a, b in sentence_spans(text):
        spans = clause_spans(text, a, b)
        assert_spans_hold_all(text, spans, a, b)
        assert all(text[y - 1] in "；;" for _, y in spans[:-1] if not text[y - 1].isspace())


@settings(deadline=None)
@given(st.lists(st.text("贾鲁河治理要求，、一二", min_size=1, max_size=20), max_size=8))
def test_plain_sentences_come_back_as_they_were(parts: list[str]) -> None:
    whole = [part + "。" for part in parts]
    assert sentences("".join(whole)) == whole


@pytest.mark.parametrize(
    "parts",
    [
        ["天晴了。", "我们走吧！", "真的？！", "好……", "出发。"],
        ["他说：“好。我来。”", "大家都笑了。"],
        ["他说：“我们一定做好。”，然后走了。"],
        ["「好。」", "他說。"],
        ["会议要求（见附件。共三页）各单位落实。", "散会。"],
        ["（一）加强领导。", "（二）落实责任。"],
        ["他念了“一要快。二要好。”的口号，又念了一遍。"],
        ["他喊道：『快。「快点。」再快。』", "没人应。"],
        ["要求：一是抓落实；二是抓督查；三是抓宣传。", "完。"],
        ["１．加强管理。", "２．增长３．５％。"],
        ["增长6.8%。", "1.加强领导。"],
        ["半角｡", "句号｡"],
        ['他说："好。"', '"行。"', "大家都笑了。"],
    ],
)
def test_chinese(parts: list[str]) -> None:
    assert sentences("".join(parts)) == parts


@pytest.mark.parametrize(
    "parts",
    [
        ["Mr. Li met Dr. Wang at No. 5 Jialu St. in May.", "They talked."],
        ["It cost $3.50.", "That is 2.5 times more!", "Why?"],
        ["The number rose to 250.", "The city is glad."],
        ["J. Smith of the U.S. team came at 8 p.m. and left.", "He was tired."],
        ["On Sept. 5 it rained, e.g. in Henan.", "It stopped."],
        ['He said "Yes."', "Then he left."],
        ['She asked, "Why?" and left.', "(It was late.)", "He stayed."],
        ["She said 'Go.'", "He didn't.", "“Never.”", "So be it."],
        ["See http://a.example/x?id=3!x for more.", "OK!"],
        ["1. Read this.", "2. Sign it.", "(3). Go home."],
        ["Wait...", "What?"],
        ["He waited... and waited."],
        ["all is small.", "nobody cares."],
    ],
)
def test_english(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


def test_other_scripts() -> None:
    assert sentences("वह आया। मैं गया॥ ठीक है।") == ["वह आया।", "मैं गया॥", "ठीक है।"]
    assert sentences("هل جاء؟ نعم.") == ["هل جاء؟", "نعم."]
    assert sentences("走った。「はい。」と言った。") == ["走った。", "「はい。」", "と言った。"]


def test_lines_end_sentences() -> None:
    assert sentences("标题没有句号\n　　正文第一句。\r\n记者 王云\u2028") == [
        "标题没有句号",
        "正文第一句。",
        "记者 王云",
    ]
    assert sentences("") == sentences(" \n\t\u3000\r\n") == []


def test_a_long_quotation_is_cut_at_its_own_full_stops() -> None:
    first, second = "“" + "长" * 130 + "。", "好。”"
    assert sentences(first + second + "他说。") == [first, second, "他说。"]


def test_an_open_quotation_does_not_swallow_what_follows() -> None:
    assert sentences("他说：“好。没有下引号。真的。") == ["他说：“好。", "没有下引号。", "真的。"]


def test_clauses() -> None:
    text = "前言。一是抓落实；二是抓督查; 三是抓宣传。"
    assert [text[a:b] for a, b in clause_spans(text, 3, len(text))] == [
        "一是抓落实；",
        "二是抓督查;",
        "三是抓宣传。",
    ]
    assert clause_spans(text, 3, 3) == []


@pytest.mark.parametrize("unit", ["A. ", "1. ", "“", '."', ". ", "a.b.", '?" a', "（", "。”"])
def test_time_grows_with_length_only(unit: str) -> None:
    text = unit * 30_000  # took minutes when each full stop looked at all before it
    assert_spans_hold_all(text, sentence_spans(text), 0, len(text))


def test_spans_of_neighbours_do_not_touch_blanks() -> None:
    text = "一。  二。\n\n三。"
    spans = sentence_spans(text)
    assert spans == [(0, 2), (4, 6), (8, 10)]
    assert [text[b:c] for (_, b), (c, _) in pairwise(spans)] == ["  ", "\n\n"]
