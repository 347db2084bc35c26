"""Citation recall and precision as ALCE has them, and overlap with gold, on cases worked by hand."""

from __future__ import annotations

import pytest

from index.library import Library
from qa.alce import best_f1, character_f1, citation_scores
from qa.assistant import Assistant
from qa.compose import cite
from qa.types import Answer, AnswerSentence, Status

RAISED = "工程总投资4200万元，计划2025年10月底前完工。"


def made(library: Library, *sentences: tuple[str, tuple[int, ...]]) -> Answer:
    """An answer that cites three sentences: two of the reservoir's article, one of the tea's."""
    quotes = (
        ("云岭水库", RAISED),
        ("云岭水库", "混凝土要批批送检"),
        ("老茶厂", "首批春茶炒制了320斤"),
    )
    citations = []
    for marker, (title, quote) in enumerate(quotes, start=1):
        [article] = [a for a in library.articles() if title in a.title]
        at = article.text.index(quote)
        citations.append(cite(article, (at, at + len(quote)), marker))
    said = tuple(AnswerSentence(text, markers, True) for text, markers in sentences)
    return Answer("问", "", Status.ANSWERED, said, tuple(citations))


def test_a_sentence_that_its_citation_bears_out(library: Library) -> None:
    assert citation_scores(made(library, (RAISED, (1,))), library) == (1.0, 1.0)


def test_a_citation_that_adds_nothing_is_not_precise(library: Library) -> None:
    """[1] alone bears the sentence out, [3] does not, nor is it needed: one of two is precise."""
    assert citation_scores(made(library, (RAISED, (1, 3))), library) == (1.0, 0.5)


def test_a_sentence_that_is_not_borne_out_has_no_precise_citation(library: Library) -> None:
    wrong = RAISED.replace("4200", "5200")
    assert citation_scores(made(library, (wrong, (1,))), library) == (0.0, 0.0)
    assert citation_scores(made(library, (RAISED, (3,))), library) == (0.0, 0.0)
    assert citation_scores(made(library, (RAISED, ())), library) == (0.0, 0.0)
    both = made(library, (RAISED, (1,)), (wrong, (1, 2)))
    assert citation_scores(both, library) == (0.5, pytest.approx(1 / 3))


def test_an_nli_model_has_its_say(library: Library) -> None:
    class Never:
        def contradiction(self, text: str, claim: str) -> float:
            return 1.0

    assert citation_scores(made(library, (RAISED, (1,))), library, Never()) == (0.0, 0.0)


def test_extractive_answers_cite_well(assistant: Assistant) -> None:
    answer = assistant.ask("云岭水库除险加固工程总投资是多少")
    assert citation_scores(answer, assistant.library) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("text", "gold", "f1"),
    [
        ("4200万元", "4200万元", 1.0),
        ("総投资：4200 万元。", "总投资4200万元", 16 / 18),  # 総 is no form of 总
        ("總投資4200萬元", "总投资4200万元", 1.0),
        ("甲乙", "丙丁", 0.0),
        ("", "甲", 0.0),
        ("甲甲乙", "甲丙", 2 / 5),
    ],
)
def test_characters_are_compared_as_often_as_they_stand(text: str, gold: str, f1: float) -> None:
    assert character_f1(text, gold) == pytest.approx(f1)


def test_the_gold_answer_that_fits_best_counts() -> None:
    assert best_f1("今年10月底前完工", ["2025年10月底", "10月底前完工"]) == (
        pytest.approx(14 / 16),
        pytest.approx(9 / 7),
    )
