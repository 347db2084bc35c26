"""The sample corpus is whole, its questions fit it, and the scripts run as they stand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from index import Library
from qa import Assistant

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
CORPUS = sorted((EXAMPLES / "corpus").iterdir())
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (EXAMPLES / "questions.jsonl").read_text("utf-8").splitlines()
]
# One file, one article, except for the run-together page.
PAGE = [
    "澄河区召开营商环境座谈会",
    "区市场监管局开展秋季食品安全检查",
    "区领导调研双塔物流园建设",
    "望湖新村居民自治有了“小账本”",
    "澄河区部署重污染天气应对工作",
    "澄河区“邻里运动会”周末开赛",
]
RIGHT_AT_LEAST = 27


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples") / "library"
    report = Library.open(folder).add([EXAMPLES / "corpus"])
    assert not report.failed
    return folder


@pytest.fixture(scope="module")
def assistant(library: Path) -> Assistant:
    return Assistant.open(library)


def together(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_corpus_shows_every_feature() -> None:
    texts = {path.name: path.read_bytes().decode("utf-8") for path in CORPUS}
    whole = "\n".join(texts.values())
    assert len(texts) >= 15
    for feature in (
        "一是",
        "二是",
        "三是",
        "一要",
        "四要",
        "第一条",
        "、",
        "本报讯（记者",
        "来源：",
    ):
        assert feature in whole
    assert "這一家" in texts["tofu-workshop.txt"]  # traditional characters
    assert not re.search(r"[\u4e00-\u9fff]", texts["grain-depot-library.txt"])


def test_questions_fit_the_corpus() -> None:
    whole = together("".join(path.read_text("utf-8") for path in CORPUS))
    assert len({q["id"] for q in QUESTIONS}) == len(QUESTIONS) >= 25
    assert sum(q["type"] == "unanswerable" for q in QUESTIONS) == 5
    for question in QUESTIONS:
        assert bool(question["must"]) == bool(question["article"]), question["id"]
        for piece in [*question["must"], question["article"] or ""]:
            assert together(piece) in whole, question["id"]


def test_articles_are_found(library: Path) -> None:
    articles = Library.open(library).articles()
    by_file: dict[str, list[str]] = {}
    for article in articles:
        by_file.setdefault(Path(article.source).name, []).append(article.title)
    assert by_file.pop("district-page.txt") == PAGE
    assert [name for name, titles in by_file.items() if len(titles) != 1] == []
    assert {q["article"] for q in QUESTIONS if q["article"]} <= {a.title for a in articles}


def is_right(assistant: Assistant, question: dict[str, Any]) -> bool:
    conversation = assistant.chat()
    for turn in question.get("turns") or [question["question"]]:
        answer = conversation.ask(turn)
    for citation in answer.citations:
        [article] = {
            s.article.id: s.article
            for e in answer.evidence
            for s in e.sentences
            if s.article.id == citation.article_id
        }.values()
        assert article.text[citation.start : citation.end] == citation.quote
    if question["type"] == "unanswerable":
        return answer.status == "no_evidence" and not answer.citations
    held = answer.text.replace("**", "")
    return (
        answer.status == "answered"
        and all(piece in held for piece in question["must"])
        and question["article"] in {c.title for c in answer.citations}
    )


def test_questions_are_answered(assistant: Assistant) -> None:
    wrong = [q["id"] for q in QUESTIONS if not is_right(assistant, q)]
    assert len(QUESTIONS) - len(wrong) >= RIGHT_AT_LEAST, f"wrong: {wrong}"


def run(script: str, *arguments: str, examples: Path) -> str:
    done = subprocess.run(
        [sys.executable, str(examples / script), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONPATH": str(EXAMPLES.parent), "PYTHONIOENCODING": "utf-8", "PATH": ""},
        cwd=examples,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The examples in a folder of their own, so that no library is left in the checkout."""
    for path in [*CORPUS, *EXAMPLES.glob("*.py"), EXAMPLES / "questions.jsonl"]:
        target = tmp_path / path.relative_to(EXAMPLES)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    return tmp_path


@pytest.mark.slow
def test_ask_script_prints_answer_and_evidence(copied: Path) -> None:
    shown = run("ask.py", examples=copied)
    assert "把好质量关" in shown
    assert "[1] 柳林河综合整治工程开工 · " in shown


@pytest.mark.slow
def test_ask_many_script_prints_one_json_a_turn(copied: Path) -> None:
    asked = copied / "asked.jsonl"
    wanted = [q for q in QUESTIONS if q["id"] in {"s02", "s18", "s26"}]
    asked.write_text("".join(json.dumps(q) + "\n" for q in wanted), "utf-8")
    answers = [
        json.loads(line) for line in run("ask_many.py", str(asked), examples=copied).splitlines()
    ]
    assert [a["question"] for a in answers] == [
        wanted[0]["question"],
        *wanted[1]["turns"],
        wanted[2]["question"],
    ]
    assert "3.8亿元" in answers[0]["answer"].replace("**", "")
    assert [a["status"] for a in answers][-1] == "no_evidence"
