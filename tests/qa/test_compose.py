"""Chosen pieces become an answer: markers, line breaks, frames, citations, refusals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.types import Article, Origin, PartialDate, Run
from qa import compose
from qa.assistant import HITS, Assistant
from qa.extract import Extraction, extract
from qa.question import Question, analyse
from qa.types import AnswerSentence, Status
from qa.units import UnitKind

DEMANDS = "林晓棠对工程建设提出了哪些要求"


def found(assistant: Assistant, text: str) -> tuple[Question, Extraction]:
    question = analyse(text)
    hits = assistant.library.search(text, k=HITS)
    return question, extract(question, hits, assistant.library)


def test_every_sentence_has_its_marker_and_every_item_its_line(chinese: Assistant) -> None:
    question, extraction = found(chinese, DEMANDS)
    [best] = extraction.candidates[:1]
    assert best.unit.kind is UnitKind.ENUMERATION
    answer = compose.answer(question, DEMANDS, [best], [])
    assert answer.status is Status.ANSWERED
    assert answer.text == (
        "林晓棠对工程建设提出要求：[1]\n"
        "一是把住质量关。[1]混凝土要批批送检，不合格的一律退场。[1]\n"
        "二是把住安全关。[1]汛期每天两次巡坝，发现险情立即停工撤人。[1]\n"
        "三是把住廉洁关。[1]工程款按进度拨付，账目每季度公开一次。[1]"
    )
    assert [s.markers for s in answer.sentences] == [(1,)] * 7
    assert all(s.supported for s in answer.sentences)


def test_pieces_are_numbered_in_the_order_in_which_they_are_said(chinese: Assistant) -> None:
    question, extraction = found(chinese, "云岭水库什么时候开工")
    chosen = [c for c in extraction.candidates if c.unit.kind is UnitKind.SENTENCE][:2]
    answer = compose.answer(question, "云岭水库什么时候开工", chosen, [])
    assert [c.marker for c in answer.citations] == [1, 2]
    assert [s.markers for s in answer.sentences] == [(1,), (2,)]
    first, second = (s.text for s in answer.sentences)
    assert answer.text == f"{first}[1]\n{second}[2]"


def test_the_span_that_answers_is_marked(chinese: Assistant) -> None:
    question, extraction = found(chinese, "云岭水库什么时候开工")
    answer = compose.answer(question, "", extraction.candidates[:1], [])
    [sentence] = answer.sentences
    assert [sentence.text[a:b] for a, b in sentence.highlights] == ["5月6日上午"]


def test_a_tampered_citation_leaves_the_answer_unverified(
    chinese: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    question, extraction = found(chinese, "云岭水库总投资是多少")
    honest = compose.cite
    monkeypatch.setattr(
        compose,
        "cite",
        lambda *a: replace(c := honest(*a), quote=c.quote.replace("4200", "9900")),
    )
    answer = compose.answer(question, "", extraction.candidates[:1], [])
    assert "9900万元" in answer.text
    assert answer.status is Status.UNVERIFIED
    assert [s.supported for s in answer.sentences] == [False]


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("Where is the night market?", "The source says:\n"),
        ("夜市设在哪里", ""),
    ],
)
def test_only_a_quote_in_another_language_is_framed(
    chinese: Assistant, text: str, frame: str
) -> None:
    question, extraction = found(chinese, text)
    answer = compose.answer(question, text, extraction.candidates[:1], [])
    assert answer.text == frame + compose.shown(answer.sentences)


def test_an_english_quote_is_framed_for_a_chinese_asker(assistant: Assistant) -> None:
    question = analyse("钟楼的钟为什么停了")
    _, extraction = found(assistant, "Why did the clock stop?")
    answer = compose.answer(question, "", extraction.candidates[:1], [])
    assert answer.text.startswith("原文如下：\nThe clock stopped in 2013")


def test_a_citation_names_its_place() -> None:
    text = "甲乙丙。\n丁戊己。"
    article = Article(
        "a1",
        "标题",
        text,
        "zh",
        "news.txt",
        Origin(3, 6),
        byline="记者 沈一诺",
        event=PartialDate(5, 6, 2024),
        runs=(Run(0, 10, 4, 4), Run(5, 20, 4, 6)),
    )
    citation = compose.cite(article, (5, 9), 2)
    assert (citation.marker, citation.quote, citation.lines) == (2, "丁戊己。", "6")
    assert (citation.title, citation.byline, citation.published) == (
        "标题",
        "记者 沈一诺",
        "2024-05-06",
    )
    assert compose.cite(article, (0, 9), 1).lines == "4-6"


def test_a_refusal_offers_at_most_three_articles(articles: dict[str, Article]) -> None:
    nearest = list(articles.values())
    answer = compose.refusal(analyse("怎么做红烧肉"), "怎么做红烧肉", nearest, [])
    assert answer.status is Status.NO_EVIDENCE
    assert [a.title for a in answer.nearest] == [a.title for a in nearest[:3]]
    assert all(f"《{a.title}》" in answer.text for a in nearest[:3])
    assert (answer.sentences, answer.citations) == ((), ())
    bare = compose.refusal(analyse("How to cook?"), "How to cook?", [], [])
    assert bare.text == "The library holds no evidence that answers this."


def test_sentences_are_joined_as_their_script_is() -> None:
    def one(text: str, *markers: int) -> AnswerSentence:
        return AnswerSentence(text, markers, True)

    assert compose.shown([one("甲。", 1), one("乙。", 1)]) == "甲。[1]乙。[1]"
    assert (
        compose.shown([one("He said.", 1), one("She went.", 1, 2)]) == "He said.[1] She went.[1][2]"
    )
    assert compose.shown([one("甲。", 1), one("乙。", 2)], {0, 1}) == "甲。[1]\n乙。[2]"
    assert compose.shown([]) == ""


def test_an_article_without_a_title_is_called_by_how_it_begins() -> None:
    long = "没有标题的文章从第一句话开始，后面还有很多。"
    articles = [
        Article(str(i), title, text, "zh", "corpus", Origin(1, 1))
        for i, (title, text) in enumerate([("", long), ("", "短"), ("有题目", "正文")])
    ]
    text = compose.refusal(analyse("谁"), "谁", articles, []).text
    assert f"《{long[: compose.OPENING]}…》《短》《有题目》" in text
