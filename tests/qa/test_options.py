"""What a person may turn, question by question: how much is said, how boldly, from which days."""

from __future__ import annotations

from datetime import date

import pytest

from qa.assistant import Assistant
from qa.brief import brief
from qa.options import Options
from qa.types import Status


def test_brief_keeps_the_sentence_that_answers(assistant: Assistant) -> None:
    full = assistant.ask("林晓棠对工程建设提出了什么要求")
    short = assistant.ask("林晓棠对工程建设提出了什么要求", Options(style="brief"))
    assert short.text == (
        "林晓棠对工程建设提出要求：[1]\n一是把住质量关。[1]\n二是把住安全关。[1]\n三是把住廉洁关。[1]"
    )
    assert (short.citations, short.status) == (full.citations, full.status)
    assert brief(short) == short, "what is brief stays as it is"


def test_brief_keeps_the_asked_for_characters(assistant: Assistant) -> None:
    short = assistant.ask("春茶每斤卖多少钱", Options(style="brief"))
    assert "180元" in short.text
    assert len(short.sentences) == 1


def test_a_refusal_is_never_shortened(assistant: Assistant) -> None:
    refused = assistant.ask("火星上的氧气浓度是多少", Options(style="brief"))
    assert refused.status is Status.NO_EVIDENCE
    assert refused.text == assistant.ask("火星上的氧气浓度是多少").text


def test_boldness_moves_the_line_between_answer_and_refusal(assistant: Assistant) -> None:
    question = "谁主持了校园食品安全会议"
    assert assistant.ask(question, Options(answer_from=1.01)).status is Status.NO_EVIDENCE
    assert assistant.ask(question, Options(answer_from=0.0)).status is Status.ANSWERED


@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
def test_each_way_of_searching_is_used(assistant: Assistant, mode: str) -> None:
    answer = assistant.ask("春茶每斤卖多少钱", Options(mode=mode))  # type: ignore[arg-type]
    legs = {e.hit.leg for e in answer.evidence}
    assert legs == {"reranked" if mode == "hybrid" else mode}


def test_days_keep_other_articles_out(assistant: Assistant) -> None:
    """Nothing in this library is from 1990, so nothing is found, and nothing is offered."""
    answer = assistant.ask("春茶每斤卖多少钱", Options(until=date(1990, 1, 1)))
    assert answer.status is Status.NO_EVIDENCE
    assert answer.evidence == answer.nearest == ()


def test_a_range_of_days_lets_its_own_articles_through(assistant: Assistant) -> None:
    question = "老码头夜市有多少个摊位"
    day = assistant.ask(question).citations[0].published
    assert day, "this article has a day"
    year = int(day[:4]) if len(day) == 10 else 2024
    inside = Options(since=date(year, 1, 1), until=date(year, 12, 31))
    assert "150个" in assistant.ask(question, inside).text
    outside = Options(since=date(year + 1, 1, 1))
    assert assistant.ask(question, outside).status is Status.NO_EVIDENCE
    assert Options().where is None
