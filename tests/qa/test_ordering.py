"""Which of the pieces that fit answers best: the learned order, and where it keeps out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made import make_library

from index.errors import ModelError
from index.library import Library
from qa.assistant import HITS, Assistant
from qa.extract import extract, fitting
from qa.matching import QuestionTerm
from qa.ordering import COMPARED, WEIGHTS, ordered, signs, weights
from qa.question import Question, analyse
from qa.scoring import Candidate

TEXTS = {
    "garden": "山门植物园\n\n山门植物园每天接待游客。山门植物园的温室造价三百万元，由县林业局管理。"
    "门票二十元，老人免费。温室里有一百二十种兰花，最贵的一盆值八千元。",
    "hall": "县文化馆\n\n县文化馆有三个展厅。第一展厅展出皮影，第二展厅展出剪纸。"
    "剪纸是文化馆的老师傅柏青山捐出来的。馆里每周三闭馆。",
    "demand": "县长检查防汛\n\n县长岳明川检查防汛时要求：一是备足沙袋。二是夜里有人值班。三是路断了先通知学校。",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return make_library(TEXTS, tmp_path_factory.mktemp("texts"))


def asked(library: Library, text: str) -> tuple[Question, list[QuestionTerm], list[Candidate]]:
    return fitting(analyse(text), library.search(text, k=HITS), library)


def test_the_learned_sum_orders_what_fits(library: Library) -> None:
    question, terms, found = asked(library, "山门植物园的门票多少钱")
    order = ordered(question, terms, found, library)
    assert "二十元" in order[0].text
    assert sorted(c.place for c in order) == sorted(c.place for c in found)
    scores = [c.score for c in order]
    assert scores == sorted(scores, reverse=True)
    table = signs(question, terms, found[:COMPARED], library)
    sums = sum(weights()["best"][name] * column for name, column in table.items())
    assert order[0].score == pytest.approx(float(np.max(sums)))


def test_what_is_extracted_stands_in_the_learned_order(library: Library) -> None:
    text = "山门植物园的门票多少钱"
    question, terms, found = asked(library, text)
    order = [c.place for c in ordered(question, terms, found, library)]
    assert order != [c.place for c in found]
    extracted = extract(question, library.search(text, k=HITS), library)
    assert [c.place for c in extracted.candidates] == order


def test_signs_say_where_the_words_stand(library: Library) -> None:
    question, terms, found = asked(library, "山门植物园的温室造价多少")
    table = signs(question, terms, found, library)
    at = {c.text: i for i, c in enumerate(found) if c.article.title == "山门植物园"}
    dear = next(i for text, i in at.items() if text.startswith("山门植物园的温室造价"))
    fee = next(i for text, i in at.items() if text.startswith("门票"))
    assert table["told"][dear] > 0 == table["told"][fee]  # the title's words again
    assert table["fresh"][dear] > table["fresh"][fee]
    assert table["new"][dear] == pytest.approx(1.0, abs=1e-3)
    assert table["characters"][dear] == 1.0
    assert table["runs"][dear] == pytest.approx(1.0)
    assert table["asked"][dear] == pytest.approx(1.0, abs=1e-3)  # 造价 itself
    assert table["lacking"][dear] == 0.0
    assert table["verdict"][dear] > table["verdict"][fee]
    for name, column in table.items():
        if name not in ("hand", "verdict"):
            assert ((column >= 0) & (column <= 1 + 1e-6)).all(), name


def test_what_lacks_the_amount_lacks_it(library: Library) -> None:
    question, terms, found = asked(library, "兰花最贵的一盆多少钱")
    lacks = signs(question, terms, found, library)["lacking"]
    assert {("元" in c.text) for c, lack in zip(found, lacks, strict=True) if lack == 0} == {True}


def test_an_enumeration_stays_the_best(library: Library) -> None:
    question, terms, found = asked(library, "岳明川检查防汛时提出了哪些要求")
    assert ordered(question, terms, found, library) == found
    answer = Assistant(library).ask("岳明川检查防汛时提出了哪些要求")
    assert all(word in answer.text for word in ("沙袋", "值班", "通知学校"))


def test_languages_with_blanks_keep_the_order_by_hand(library: Library) -> None:
    question, terms, found = asked(library, "山门植物园的温室造价多少")
    assert ordered(replace(question, language="en"), terms, found, library) == found


def test_pieces_beyond_those_compared_come_last(library: Library) -> None:
    question, terms, found = asked(library, "文化馆的剪纸是谁捐的")
    weak = [replace(found[-1], score=-1.0)] * (COMPARED - len(found))
    many = [*found, *weak, *(replace(found[-1], score=99.0) for _ in range(5))]
    assert len(many) == COMPARED + 5
    order = ordered(question, terms, many, library)
    assert len(order) == len(many)
    assert "柏青山" in order[0].text
    assert all(c.score <= order[COMPARED - 1].score for c in order[COMPARED:])


def test_nothing_to_compare_is_left_alone(library: Library) -> None:
    question, terms, found = asked(library, "文化馆的剪纸是谁捐的")
    assert ordered(question, terms, found[:1], library) == found[:1]
    assert ordered(question, [], found, library) == found
    assert ordered(question, terms, [], library) == []


def test_damaged_weights_are_a_named_error(tmp_path: Path) -> None:
    (tmp_path / "ordering.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="the best piece"):
        weights(tmp_path / "ordering.json")


def test_the_weights_are_readable() -> None:
    assert WEIGHTS.name == "ordering.json"
    row = weights()["best"]
    assert row["hand"] > 0.01 > row["lacking"]
    assert row["verdict"] > 0.01
