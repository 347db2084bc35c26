"""The one road from a question to a cited answer, and every door that leads to it."""

from __future__ import annotations

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import LibraryNotFound
from index.library import Library
from qa.assistant import Assistant
from qa.cli import app
from qa.types import Answer, Status

DEMANDS = (
    "林晓棠对工程建设提出要求：[1]\n"
    "一是把住质量关。[1]混凝土要批批送检，不合格的一律退场。[1]\n"
    "二是把住安全关。[1]汛期每天两次巡坝，发现险情立即停工撤人。[1]\n"
    "三是把住廉洁关。[1]工程款按进度拨付，账目每季度公开一次。[1]"
)
# question, the whole text of the answer
ANSWERS = {
    "who": ("谁主持了校园食品安全会议", "会议由县长高文博主持。[1]"),
    "when": ("云岭水库什么时候开工", "5月6日上午，云岭水库除险加固工程在松坪镇开工。[1]"),
    "where": (
        "夜市设在哪里",
        "夜市设在老码头广场西侧，共有摊位150个，分为小吃区、旧书区、手工区三个区域。[1]",
    ),
    "how many": ("全县准备了多少吨融雪剂", "全县准备了融雪剂90吨、铲雪车14辆。[1]"),
    "how much": ("春茶每斤卖多少钱", "首批春茶炒制了320斤，每斤卖180元。[1]"),
    "list": ("林晓棠对工程建设提出了什么要求", DEMANDS),
    "why": ("为什么今年采茶晚了", "由于连续下雨，今年采茶比往年晚了十天。[1]"),
    "how": (
        "茶厂用什么方法炒茶",
        "茶厂用炭火代替电炉炒茶，先高温杀青，再低温慢焙，然后摊凉入罐。[1]",
    ),
    "speech": (
        "欧阳明珠说了什么",
        "茶厂理事长欧阳明珠说：“我们不比谁家产量大，只比谁家火候稳。”[1]",
    ),
    "author": ("水库开工的报道是谁写的", "记者 沈一诺 通讯员 田青禾[1]"),
    "traditional": ("雲嶺水庫總投資多少", "工程总投资4200万元，计划2025年10月底前完工。[1]"),
}
FOREIGN = {
    "where": (
        "Where is the night market?",
        "夜市设在老码头广场西侧，共有摊位150个，分为小吃区、旧书区、手工区三个区域。[1]",
    ),
    "when": (
        "When did the reservoir project start?",
        "5月6日上午，云岭水库除险加固工程在松坪镇开工。[1]",
    ),
    "a name by its sound": ("What did Lin Xiaotang demand for the reservoir project?", DEMANDS),
}
ENGLISH = {
    "why": (
        "Why did the clock stop?",
        "The clock stopped in 2013 because lightning broke its main wheel.[1]",
    ),
    "how much": (
        "How much will the repairs of the clock tower cost?",
        "The repairs will cost 1.8 million yuan.[1]",
    ),
    "who": (
        "Who leads the team of craftsmen?",
        "Clockmaker Shen Guolin leads a team of six craftsmen.[1]",
    ),
}
OTHER_FIELDS = [
    "怎么做红烧肉",
    "珠穆朗玛峰有多高",
    "怎样给笔记本电脑重装系统",
    "量子计算机的原理是什么",
    "明年的GDP增长目标是多少",
    "Who won the football world cup in 1998?",
    "How do I fix a flat bicycle tyre?",
]
NEAR_MISSES = [
    "铲雪车总共花了多少钱",  # how many there are is said, not what they cost
    "水库的库容有多大",
    "林晓棠哪一年出生",
    "高文博的电话号码是多少",
    "王建国参加了哪些活动",  # nobody of that name
    "夜市每个摊位租金是多少",
    "How much will the repairs of the clock tower cost?",  # no such article in that library
]
REFUSAL = {
    "zh": "资料库里没有找到能回答这个问题的依据。",
    "en": "The library holds no evidence that answers this.",
}


def plain(answer: Answer) -> Answer:
    """An answer without its times, which differ from run to run."""
    return replace(answer, seconds={})


def check(answer: Answer, library: Library) -> None:
    """What holds for every answer: citations are the article's characters, at the lines they name."""
    used = {m for s in answer.sentences for m in s.markers}
    assert used == {c.marker for c in answer.citations}
    assert [c.marker for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    for c in answer.citations:
        article = library.article(c.article_id)
        assert article is not None
        assert article.text[c.start : c.end] == c.quote
        assert (c.title, c.source, c.byline) == (article.title, article.source, article.byline)
        first, _, last = c.lines.partition("-")
        lines = Path(c.source).read_text(encoding="utf-8").split("\n")
        there = re.sub(r"\s", "", "".join(lines[int(first) - 1 : int(last or first)]))
        assert re.sub(r"\s", "", c.quote) in there
    for sentence in answer.sentences:
        assert sentence.supported
        assert any(sentence.text in c.quote for c in answer.citations)
        spans = sentence.highlights
        assert all(0 <= a < b <= len(sentence.text) for a, b in spans)
    if answer.status is Status.NO_EVIDENCE:
        assert (answer.sentences, answer.citations) == ((), ())
    else:
        assert answer.status is Status.ANSWERED
        assert answer.sentences


@pytest.mark.parametrize(("question", "text"), ANSWERS.values(), ids=ANSWERS)
def test_answers_are_the_articles_own_words(chinese: Assistant, question: str, text: str) -> None:
    answer = chinese.ask(question)
    assert (answer.status, answer.text) == (Status.ANSWERED, text)
    assert (answer.question, answer.resolved) == (question, question)
    check(answer, chinese.library)


@pytest.mark.parametrize(("question", "text"), FOREIGN.values(), ids=FOREIGN)
def test_english_questions_on_chinese_articles(
    chinese: Assistant, question: str, text: str
) -> None:
    answer = chinese.ask(question)
    assert answer.text == f"The source says:\n{text}"
    check(answer, chinese.library)


@pytest.mark.parametrize(("question", "text"), ENGLISH.values(), ids=ENGLISH)
def test_english_questions_on_english_articles(
    assistant: Assistant, question: str, text: str
) -> None:
    answer = assistant.ask(question)
    assert answer.text == text
    check(answer, assistant.library)


@pytest.mark.parametrize("question", OTHER_FIELDS + NEAR_MISSES)
def test_what_the_library_does_not_hold_is_refused(chinese: Assistant, question: str) -> None:
    answer = chinese.ask(question)
    assert answer.status is Status.NO_EVIDENCE
    language = "en" if question.isascii() else "zh"
    assert answer.text.startswith(REFUSAL[language])
    assert all(a.title in answer.text for a in answer.nearest)
    check(answer, chinese.library)


@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        ("水库的库容有多大", "云岭水库除险加固工程开工"),
        ("铲雪车总共花了多少钱", "青溪县明确冬季除雪分工"),
    ],
)
def test_a_refusal_offers_the_nearest_articles(
    chinese: Assistant, question: str, nearest: str
) -> None:
    answer = chinese.ask(question)
    assert 1 <= len(answer.nearest) <= 3
    assert answer.nearest[0].title == nearest


def test_a_citation_says_where_it_stands(chinese: Assistant, corpus: Path) -> None:
    [citation] = chinese.ask("云岭水库总投资是多少").citations
    assert (citation.marker, citation.title) == (1, "云岭水库除险加固工程开工")
    assert (citation.byline, citation.published) == ("记者 沈一诺 通讯员 田青禾", "05-06")
    assert (citation.source, citation.lines) == (str(corpus / "reservoir.txt"), "3")
    [demands] = chinese.ask("林晓棠对工程建设提出了什么要求").citations
    assert demands.lines == "5-11"


def test_the_words_of_an_answer_are_what_is_found(chinese: Assistant) -> None:
    answer = chinese.ask("云岭水库什么时候开工")
    assert answer.evidence[0].hit.article.title == "云岭水库除险加固工程开工"
    for evidence in answer.evidence:
        for sentence in evidence.sentences:
            assert sentence.text == sentence.article.text[sentence.start : sentence.end]
    assert set(answer.seconds) == {"understand", "search", "extract", "compose"}
    assert all(s >= 0 for s in answer.seconds.values())


@pytest.mark.parametrize("question", ["", "   ", "？", "什么", "的", "\x00", "**", "a" * 5000])
def test_a_question_that_asks_nothing_is_refused(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status is Status.NO_EVIDENCE
    check(answer, assistant.library)


@pytest.mark.parametrize("question", [ANSWERS["list"][0], ANSWERS["who"][0], OTHER_FIELDS[0]])
def test_every_door_gives_the_same_answer(
    chinese: Assistant, chinese_folder: Path, question: str
) -> None:
    asked = plain(chinese.ask(question))
    assert plain([*chinese.stream(question)][-1]) == asked
    assert plain(chinese.chat().ask(question)) == asked
    assert plain([*chinese.chat().stream(question)][-1]) == asked
    assert [plain(a) for a in chinese.ask_many([question, question])] == [asked, asked]
    with Library.open(chinese_folder) as again:
        assert plain(Assistant(again).ask(question)) == asked
    shown = CliRunner().invoke(app, ["ask", question, "--library", str(chinese_folder), "--json"])
    printed = json.loads(shown.stdout)
    assert {**printed, "seconds": {}} == asked.to_dict()


@pytest.mark.parametrize("question", [q for q, _ in ANSWERS.values()] + OTHER_FIELDS[:2])
def test_a_stream_only_grows(chinese: Assistant, question: str) -> None:
    steps = list(chinese.stream(question))
    whole = steps[-1]
    assert len(steps) == max(1, len(whole.sentences))
    lengths = [len(step.text) for step in steps]
    assert lengths == sorted(set(lengths))
    for i, step in enumerate(steps, start=1):
        assert whole.text.startswith(step.text)
        assert step.sentences == whole.sentences[:i]
        assert step.citations == whole.citations
        assert step.text.endswith("]") or not step.sentences


def test_a_conversation_remembers(chinese: Assistant) -> None:
    talk = chinese.chat()
    assert talk.ask("谁主持了校园食品安全会议").text == "会议由县长高文博主持。[1]"
    answer = talk.ask("他强调了什么")
    assert answer.question == "他强调了什么"
    assert "高文博" in answer.resolved
    assert [s.text[:7] for s in answer.sentences] == ["高文博强调，一"]
    assert [turn.question for turn in talk.turns] == ["谁主持了校园食品安全会议", "他强调了什么"]
    check(answer, chinese.library)
    assert chinese.ask("他强调了什么").resolved == "他强调了什么"  # another asker starts anew


def test_a_follow_up_about_a_fact_that_is_not_there_is_refused(chinese: Assistant) -> None:
    talk = chinese.chat()
    talk.ask("谁主持了校园食品安全会议")
    assert talk.ask("他是哪一年出生的").status is Status.NO_EVIDENCE


def test_the_threshold_decides_what_is_refused(chinese: Assistant) -> None:
    question = "云岭水库总投资是多少"
    assert Assistant(chinese.library, answer_from=1.01).ask(question).status is Status.NO_EVIDENCE
    assert Assistant(chinese.library, answer_from=0.0).ask("怎么做红烧肉").status is not None
    confidence = chinese.ask(question).confidence
    assert Assistant(chinese.library, answer_from=confidence).ask(question).citations


def test_threads_give_the_answers_of_one(chinese: Assistant) -> None:
    questions = [q for q, _ in (*ANSWERS.values(), *FOREIGN.values())] + OTHER_FIELDS[:3]
    alone = [plain(a) for a in chinese.ask_many(questions)]
    together = threading.Barrier(8)

    def one(_: int) -> list[Answer]:
        together.wait()
        return [plain(a) for a in chinese.ask_many(questions)]

    with ThreadPoolExecutor(8) as pool:
        assert all(answers == alone for answers in pool.map(one, range(8)))


def test_what_is_removed_is_in_no_answer(corpus: Path, tmp_path: Path) -> None:
    question = "云岭水库总投资是多少"
    with Library.open(tmp_path) as library:
        library.add([corpus / "reservoir.txt", corpus / "tea.txt"])
        assistant = Assistant(library)
        assert assistant.ask(question).status is Status.ANSWERED
        library.remove([str(corpus / "reservoir.txt")])
        answer = assistant.ask(question)
    assert answer.status is Status.NO_EVIDENCE
    assert "云岭" not in answer.text


def test_an_empty_library_refuses(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        answer = Assistant(library).ask("云岭水库总投资是多少")
        assert (answer.status, answer.text) == (Status.NO_EVIDENCE, REFUSAL["zh"])
        assert Assistant(library).examples() == []


def test_there_must_be_a_library(tmp_path: Path) -> None:
    with pytest.raises(LibraryNotFound, match="no library"):
        Assistant.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


WORDS = [
    "云岭水库",
    "林晓棠",
    "要求",
    "谁",
    "什么",
    "哪些",
    "多少",
    "茶厂",
    "夜市",
    "？",
    "[1]",
    "他",
    " ",
    "the",
    "Who",
    "一是",
]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40) | st.lists(st.sampled_from(WORDS), max_size=8).map("".join))
def test_any_question_is_answered_exactly_or_refused(assistant: Assistant, question: str) -> None:
    check(assistant.ask(question), assistant.library)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=5).map("".join), max_size=4))
def test_any_talk_is_answered_exactly_or_refused(chinese: Assistant, asked: list[str]) -> None:
    talk = chinese.chat()
    for question in asked:
        check(talk.ask(question), chinese.library)
