"""How many sentences an answer has: one where it is plain, more where the best may not be the one."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from made import make_library

from index.errors import ModelError
from index.library import Library
from qa.assistant import HITS, Assistant
from qa.choosing import ENOUGH, MOST, WEIGHTS, chance, chosen, sentences, signs, weights
from qa.extract import Extraction, extract
from qa.options import Options
from qa.question import Question, analyse
from qa.types import Status

TEXTS = {
    "tea": "松坪茶厂的春天\n\n茶厂今年春茶采摘比去年晚了十天。\n\n厂里请回五位老师傅。\n\n"
    "茶厂今年春茶采摘用工八十人。\n",
    "ferry": "渡口村的轮渡\n\n渡口村的轮渡每天开行六班。村里的老码头去年拆除。"
    "新码头的候船室有两层，二楼能看见江面。轮渡由县航运公司经营，票价三元。"
    "遇到大雾，轮渡停航。船长鲁子安在江上跑了三十年，他说江雾多在清晨。",
    "school": "南塘小学食堂\n\n南塘小学食堂改造花费86万元。食堂每天供应三百份午餐。"
    "午餐由学校自己做，不再由外面送来。家长委员会每周派人来看一次。",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return make_library(TEXTS, tmp_path_factory.mktemp("texts"))


def found(library: Library, text: str) -> tuple[Question, Extraction]:
    question = analyse(text)
    return question, extract(question, library.search(text, k=HITS), library)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("渡口村的轮渡每天开行几班", "渡口村的轮渡每天开行六班。"),
        ("南塘小学食堂改造花费多少万元", "南塘小学食堂改造花费86万元。"),
        ("春茶采摘用工多少人", "茶厂今年春茶采摘用工八十人。"),
    ],
)
def test_what_is_plainly_said_is_one_sentence(library: Library, question: str, answer: str) -> None:
    assert [s.text for s in Assistant(library).ask(question).sentences] == [answer]


def test_where_the_best_may_not_be_the_one_more_come_along(library: Library) -> None:
    answer = Assistant(library).ask("茶厂今年春茶采摘情况怎么样")
    assert answer.status is Status.ANSWERED
    texts = [s.text for s in answer.sentences]
    assert {"茶厂今年春茶采摘比去年晚了十天。", "茶厂今年春茶采摘用工八十人。"} <= set(texts)
    for citation in answer.citations:
        article = library.article(citation.article_id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote
    assert [s.markers for s in answer.sentences] == [(i + 1,) for i in range(len(texts))]


def test_a_brief_answer_is_the_best_piece(library: Library) -> None:
    answer = Assistant(library).ask("茶厂今年春茶采摘情况怎么样", Options(style="brief"))
    assert len(answer.sentences) == 1


def test_the_threshold_decides_how_many(library: Library) -> None:
    for text in ("茶厂今年春茶采摘情况怎么样", "轮渡的船长说了哪些事", "食堂的午餐怎么样"):
        question, extraction = found(library, text)
        counts = [
            len(chosen(question, extraction, enough))
            for enough in (1.0, 0.5, 0.2, ENOUGH, 0.01, 0.0)
        ]
        assert counts[0] == 1
        assert counts == sorted(counts)
        assert max(counts) <= MOST
        assert counts[-1] > 1


def test_sentences_side_by_side_are_read_in_order_the_run_with_the_best_first(
    library: Library,
) -> None:
    question, extraction = found(library, "轮渡的票价和停航")
    pieces = chosen(question, extraction, 0.0)
    best = max(pieces, key=lambda c: c.score)
    assert len({(c.article.id, c.unit.start) for c in pieces}) == len(pieces) == MOST
    beside = [
        (pieces.index(a), pieces.index(b))
        for a in pieces
        for b in pieces
        if a.article.id == b.article.id
        and a.unit.end <= b.unit.start
        and not a.article.text[a.unit.end : b.unit.start].strip()
    ]
    assert beside
    assert all(after == before + 1 for before, after in beside)
    starts = [0, *(i for i in range(1, MOST) if (i - 1, i) not in beside), MOST]
    assert best in pieces[: starts[1]]


@pytest.mark.parametrize(
    ("question", "holds"),
    [("南塘小学食堂改造花费多少", "86万元"), ("南塘小学食堂每天供应多少份午餐", "三百份")],
)
def test_what_has_not_the_kind_of_thing_asked_for_is_not_added(
    library: Library, question: str, holds: str
) -> None:
    asked, extraction = found(library, question)
    pieces = chosen(asked, extraction, 0.0)
    assert holds in "".join(c.text for c in pieces)
    assert all(c.has_kind == 1 for c in pieces)


def test_the_chance_is_the_weighted_sum_of_the_signs(library: Library) -> None:
    question, extraction = found(library, "食堂的午餐怎么样")
    pool = sentences(question, extraction.candidates, extraction.confidence)
    told = signs(pool, pool[:1], pool[1], extraction.terms, extraction.confidence)
    rows = json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"]
    assert set(rows["read"]) == {*told, "bias"}
    assert set(rows["unread"]) == {*told, "bias"} - {"verdict", "verdict_behind"}
    for name, row in rows.items():
        total = row["bias"] + sum(row[n] * told[n] for n in row if n != "bias")
        assert chance(told, name) == pytest.approx(1 / (1 + math.exp(-total)))


def test_weights_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "choosing.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="choosing sentences"):
        weights(tmp_path / "choosing.json")


def test_nothing_is_said_twice(tmp_path: Path) -> None:
    (tmp_path / "n.txt").write_text(
        "动迁推进会\n\n会议对动迁工作提出要求：一是加快拆迁进度。动迁工作时间紧，要分秒必争。"
        "二是保障迁坟。动迁办要按标准办理动迁手续。动迁工作进展顺利。\n",
        encoding="utf-8",
    )
    with Library.open(tmp_path / "library") as made:
        made.add([tmp_path / "n.txt"])
        for text in ("动迁工作怎么样了", "动迁工作时间紧吗", "动迁办做什么"):
            question, extraction = found(made, text)
            spans = [(c.unit.start, c.unit.end) for c in chosen(question, extraction, 0.0)]
            assert all(a[1] <= b[0] or b[1] <= a[0] for i, a in enumerate(spans) for b in spans[:i])


@pytest.mark.parametrize(("last", "signs_it"), [("2024年5月20日", True), ("以上为旧址。", False)])
def test_the_line_that_signs_a_notice_brings_nothing(
    tmp_path: Path, last: str, signs_it: bool
) -> None:
    notice = f"关于闭馆的通知\n\n县图书馆设在文庙街西侧，周一闭馆。\n\n县文化馆\n{last}\n"
    shelf = make_library({"notice": notice}, tmp_path)
    question = analyse("县图书馆设在哪里")
    found = extract(question, shelf.search(question.text, k=HITS), shelf)
    pool = [s.shown.text for s in sentences(question, found.candidates, found.confidence)]
    assert any("文庙街" in text for text in pool)
    assert any("县文化馆" in text for text in pool) is not signs_it
