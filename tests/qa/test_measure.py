"""Measuring on a corpus: the figures agree with ones worked out by hand, and bad files are named."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from index.library import Library
from qa.assistant import Assistant
from qa.cli import app
from qa.measure import (
    EvaluationError,
    Measurement,
    auroc,
    figure,
    measure,
    read_corpus,
    read_questions,
)

CORPUS = (
    ("bridge", "石桥修缮完工", "10月3日，石桥镇古桥修缮工程完工，总投资120万元。"),
    ("tea", "茶山开园", "4月1日，云雾茶山开园采摘，今年预计产茶三千公斤。"),
    ("school", "新学校招生", "第三小学今年招收一年级新生240名，分为六个班。"),
)
QUESTIONS = (
    ("q1", "古桥修缮总投资是多少", ["120万元"], ["bridge"]),
    ("q2", "茶山哪天开园", ["4月1日"], ["tea"]),
    ("q3", "第三小学招收多少名新生", ["240名"], ["bridge"]),  # a gold passage that is wrong
)


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    rows = [{"id": i, "title": t, "text": x, "lang": "zh"} for i, t, x in CORPUS]
    return write(tmp_path / "corpus.jsonl.gz", rows)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    rows = [{"id": i, "question": q, "answers": a, "passage_ids": p} for i, q, a, p in QUESTIONS]
    return write(tmp_path / "questions.jsonl", rows)


@pytest.fixture
def measured(tmp_path: Path, corpus: Path, questions: Path) -> Measurement:
    without = write(tmp_path / "no.jsonl", [{"id": "n", "question": "火星上的氧气浓度是多少"}])
    with Library.open(tmp_path / "library") as library:
        library.add_articles("corpus", read_corpus([corpus]))
        return measure(
            Assistant(library),
            read_questions(questions),
            read_questions(without),
            ("keyword", "hybrid"),
        )


def test_figures_are_those_worked_out_by_hand(measured: Measurement) -> None:
    """Two golds come first; the third, wrongly named, second at best of three passages."""
    for mode in ("keyword", "hybrid"):
        figures = measured.retrieval[mode]
        assert figures["R@1"].mean == pytest.approx(2 / 3)
        rank = {1 / 2: 2, 1 / 3: 3, 0.0: 0}
        third = figures["RR@10"].mean * 3 - 2
        assert any(third == pytest.approx(r) for r in rank)
        assert figures["R@1"].low <= figures["R@1"].mean <= figures["R@1"].high
    assert measured.retrieval["hybrid"]["R@10"].mean == 1.0
    answers = measured.answers
    assert answers["holds_gold_answer"].mean == 1.0
    assert answers["cites_gold"].mean == pytest.approx(2 / 3)
    assert answers["citation_recall"].mean == answers["citation_precision"].mean == 1.0
    assert answers["refusal_rate"].mean == 1.0
    assert answers["false_refusal_rate"].mean == 0.0
    assert answers["refusal_auroc"].mean == 1.0
    assert measured.value("refusal_rate") == 1.0
    with pytest.raises(EvaluationError, match="not measured"):
        measured.value("P@3")


def test_means_intervals_and_areas() -> None:
    assert figure([1.0, 1.0, 1.0]) == figure([1.0, 1.0])
    spread = figure([0.0, 1.0] * 50)
    assert spread.mean == 0.5
    assert 0.3 < spread.low < 0.5 < spread.high < 0.7
    assert auroc([0.9, 0.8], [0.1, 0.2]).mean == 1.0
    assert auroc([0.5], [0.5]).mean == 0.5
    assert auroc([0.9, 0.1], [0.5]).mean == 0.5


def test_the_command_prints_and_judges(
    corpus: Path, questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["eval", "--corpus", str(corpus), "--questions", str(questions), "--json"]
    for limit, status in (("R@1=0.6", 0), ("R@1=0.9", 1)):
        with pytest.raises(SystemExit) as end:
            app([*options, "--fail-under", limit], standalone_mode=False)
        assert end.value.code == status
        report = json.loads(capsys.readouterr().out)
        assert report["questions"] == 3
        assert report["retrieval"]["hybrid"]["R@1"][0] == pytest.approx(0.6667)


def test_more_is_answered_the_bolder(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "vague.jsonl"
    rows = [
        {
            "id": "a",
            "question": "古桥修了多少钱",
            "answers": ["120万元"],
            "passage_ids": ["bridge"],
        },
        {
            "id": "b",
            "question": "小学新来了多少人",
            "answers": ["240名"],
            "passage_ids": ["school"],
        },
    ]
    rows.append(
        {
            "id": "c",
            "question": "修桥投资",
            "answers": ["120万元"],
            "passage_ids": ["bridge"],
        }
    )
    asked.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    refused = {}
    for caution in ("bold", "balanced", "cautious"):
        options = ["eval", "--corpus", str(corpus), "--questions", str(asked), "--json"]
        with pytest.raises(SystemExit):
            app([*options, "--caution", caution], standalone_mode=False)
        answers = json.loads(capsys.readouterr().out)["answers"]
        refused[caution] = answers["false_refusal_rate"][0]
    assert refused["bold"] <= refused["balanced"] <= refused["cautious"]
    assert refused["bold"] == 0 < refused["cautious"]


@pytest.mark.parametrize(
    ("line", "cause"),
    [("{", "JSON lines"), ("[1]", "line 1"), ('{"id": 1}', "line 1"), ("\ud800", "UTF-8")],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, cause: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(line.encode("utf-8", "surrogatepass") + b"\n")
    for read in (lambda: read_corpus([path]), lambda: read_questions(path)):
        with pytest.raises(EvaluationError, match=cause) as error:
            read()
        assert "bad.jsonl" in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"none\.jsonl"):
        read_questions(tmp_path / "none.jsonl")
