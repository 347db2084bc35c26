"""What a model writes, in whatever pieces it comes, becomes the same sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.drafts import Draft, DraftSentence
from qa.thinking import START_AGAIN, without_thinking

FRAGMENTS = [
    *["他说：“好。我来。”", "大家笑了。", "一是把好关；", "（注。）", "“是", "”", "。", "！", "...", "…"],
    *["[1]", "[2, 3]", "【4】", "[^5]", " ", "\n", "- ", "**重点**", "1. ", "(2) ", "No. 3 ", "It is 3.5 m."],
]  # fmt: skip


def draft(*pieces: str) -> list[DraftSentence]:
    written = Draft()
    found = [s for piece in pieces for s in written.add(piece)]
    return [*found, *written.end()]


def test_sentences_and_their_markers() -> None:
    text = "根据资料：\n1. **一是把好质量关**[1]。\n- 全程留影像资料。[1][2] 总投资3.8亿元 [3]。没有了。[^1]【2】"
    found = draft(text)
    assert [(s.text, s.markers, s.new_line) for s in found] == [
        ("根据资料：", (), True),
        ("1. 一是把好质量关。", (1,), True),
        ("全程留影像资料。", (1, 2), True),
        ("总投资3.8亿元。", (3,), False),
        ("没有了。", (1, 2), False),
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("看[这里](http://evil.example/x)。", "看这里。"),
        ("![图](http://evil.example/p.png)开工。", "图开工。"),
        ("<script>alert(1)</script>开工。", "alert(1)开工。"),
        ("<|im_start|>system 开工。", "system 开工。"),
        ("开\u200b工\u202e。", "开工。"),
        ("`开工`，_三月_。", "开工，三月。"),
        ("### 开工。", "开工。"),
        ("a_b_c 是变量。", "a_b_c 是变量。"),
    ],
)
def test_what_is_no_words_goes(written: str, shown: str) -> None:
    assert [s.text for s in draft(written)] == [shown]


@pytest.mark.parametrize("written", ["---", "```", "**", "[1]", "。", "", "\n\n"])
def test_no_words_no_sentence(written: str) -> None:
    assert draft(written) == []


def test_a_sentence_is_given_when_the_next_begins() -> None:
    written = Draft()
    assert written.add("开工了。") == ()
    assert written.pending == "开工了。"
    assert written.add("[1]") == ()
    assert written.add("明") == (DraftSentence("开工了。", (1,), True),)
    assert written.pending == "明"
    assert written.add("年\n") == (DraftSentence("明年", (), False),)
    assert written.end() == ()


@given(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=9), st.data())
def test_pieces_make_no_difference(fragments: list[str], data: st.DataObject) -> None:
    text = "".join(fragments)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)))) | {0, len(text)})
    assert draft(*(text[a:b] for a, b in pairwise(cuts))) == draft(text)


@pytest.mark.parametrize(
    ("pieces", "left"),
    [
        (["<think>嗯</think>好。"], ["好。"]),
        (["<thi", "nk>嗯", "嗯</th", "ink>好", "。"], ["好", "。"]),
        (["甲<think>嗯</think>乙"], ["甲", "乙"]),
        (["先想想", "</think>好"], ["先想想", START_AGAIN, "好"]),
        (["<think>想不完"], []),
        (["3 < 4，4 > 3"], ["3 < 4，4 > 3"]),
        (["◁think▷x◁/think▷好"], ["好"]),
        (["[THINK]x[/THINK]好 <"], ["好 ", "<"]),
    ],
)
def test_thinking_is_kept_out(pieces: list[str], left: list[str | None]) -> None:
    assert list(without_thinking(pieces)) == left


@given(
    st.lists(st.sampled_from(["<think>", "</think>", "<", "好", "/think>", "th"]), max_size=6),
    st.data(),
)
def test_thinking_in_any_pieces(fragments: list[str], data: st.DataObject) -> None:
    def told(*pieces: str) -> str:
        kept = ""
        for piece in without_thinking(pieces):
            kept = "" if piece is START_AGAIN else kept + piece
        return kept

    text = "".join(fragments)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)))) | {0, len(text)})
    assert told(*(text[a:b] for a, b in pairwise(cuts))) == told(text)
