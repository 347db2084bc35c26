"""Courtesies around a question change neither what is found nor how far it is believed."""

from __future__ import annotations

import pytest

from qa import Assistant, Status
from qa.courtesy import without_courtesy

QUESTIONS = (
    "云岭水库除险加固工程总投资是多少",
    "林晓棠对工程建设提出了什么要求",
    "林晓棠哪一年出生",
)
AROUND = (
    "请问{}",
    "你好，请问一下，{}？",
    "我想知道{}",
    "我想了解一下{}。",
    "麻烦帮我查一下{}",
    "请告诉我{}",
    "{}，谢谢",
    "{}？谢谢您！",
    "{}？非常感谢",
    "您好，{}，急，在线等",
    "Hi, {}, thanks!",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_the_same_with_courtesies(chinese: Assistant, question: str) -> None:
    plain = chinese.ask(question)
    for around in AROUND:
        polite = chinese.ask(around.format(question))
        assert (polite.status, polite.text) == (plain.status, plain.text), around
        assert polite.confidence == pytest.approx(plain.confidence, abs=0.01), around
        # What was typed stays as it was, and no other question is shown in its place.
        assert polite.question == around.format(question)
        assert polite.resolved.rstrip("？。") == question
        assert not polite.rewritten


def test_a_courtesy_in_a_conversation_keeps_what_came_before(chinese: Assistant) -> None:
    for follow_up in ("它什么时候完工", "她有什么要求", "还有呢", "那夜市呢"):
        plain, polite = chinese.chat(), chinese.chat()
        plain.ask("林晓棠出席了哪里的开工仪式")
        # Neither those before it nor its own are taken for a part of it.
        polite.ask("你好，帮我查一下林晓棠出席了哪里的开工仪式？谢谢")
        first, second = plain.ask(follow_up), polite.ask(f"{follow_up}，谢谢")
        assert (second.status, second.text) == (first.status, first.text)
        assert "谢谢" not in second.resolved
        assert second.rewritten == first.rewritten
    assert plain.ask("它什么时候完工").status is Status.ANSWERED


@pytest.mark.parametrize("around", AROUND)
def test_only_what_is_around_it_goes(around: str) -> None:
    assert without_courtesy(around.format("夜市几点关门")).rstrip("？。") == "夜市几点关门"
    earlier = "关于夜市，"
    assert without_courtesy(earlier + "几点关门，谢谢", len(earlier)) == "关于夜市，几点关门"


@pytest.mark.parametrize(
    "question",
    [
        "他为什么对志愿者说谢谢",  # what is asked of
        "会上向谁表示感谢",
        "《你好，李焕英》票房多少",
        "你好李焕英票房多少",
        "Hello Kitty是哪一年诞生的",
        "问下沙区有多少人",
        "请说明理由",
        "请教问题的人多吗",
        "想了解的人多吗",
        "帮我查理的作者是谁",
        "帮我找王玉红的报道",
        "请示由谁批准",
        "问题有哪些",
        "问政会几点开始",
        "我想要的房子在哪",
        "麻烦制造者是谁",
        "急救电话是多少",
        "Who thanked the mayor?",
        "high tide when",
        "谢谢",
        "你好",
        "？",
        "",
    ],
)
def test_words_of_courtesy_that_are_asked_of_stay(question: str) -> None:
    assert without_courtesy(question) == question
