"""Exams: read line by line, asked by the same road as a user, judged fault by fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.library import Library
from qa.assistant import Assistant
from qa.evaluate import ExamError, ExamQuestion, read_exam, run_exam

TITLE = "云岭水库除险加固工程开工"
MONEY = "云岭水库总投资是多少"


def write(folder: Path, *rows: dict[str, Any] | str) -> Path:
    path = folder / "exam.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def faults(assistant: Assistant, **changes: Any) -> tuple[str, ...]:
    item = ExamQuestion("q1", (MONEY,), TITLE, ("4200万元",))
    [verdict] = run_exam([replace(item, **changes)], assistant).verdicts
    assert verdict.right is not bool(verdict.faults)
    return verdict.faults


def test_a_right_answer_has_no_fault(chinese: Assistant) -> None:
    assert faults(chinese) == ()
    assert faults(chinese, article="另一篇", article_alt=(TITLE,)) == ()
    assert faults(chinese, turns=("怎么做红烧肉",), article=None, must=()) == ()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"must": ("4200万元", "4300万元")}, "missing “4300万元”"),
        ({"must_not": ("2025年",)}, "holds “2025年”, which is beside the question"),
        ({"article": "另一篇"}, f"cites ['{TITLE}'] and not “另一篇”"),
        ({"article": None, "must": ()}, "answered, but the library holds no answer"),
        ({"turns": ("怎么做红烧肉",)}, "refused, but the library holds the answer"),
    ],
)
def test_each_fault_is_named(chinese: Assistant, changes: dict[str, Any], fault: str) -> None:
    assert faults(chinese, **changes) == (fault,)


def test_the_last_turn_is_judged(chinese: Assistant) -> None:
    turns = ("谁主持了校园食品安全会议", "他强调了什么")
    title = "青溪县部署校园食品安全工作"
    assert faults(chinese, turns=turns, article=title, must=("一要", "二要", "三要")) == ()
    assert faults(chinese, turns=turns, article=title, must=("主持",)) == ("missing “主持”",)


def test_a_report_counts_by_type_and_shows_what_went_wrong(chinese: Assistant) -> None:
    right = ExamQuestion("q1", (MONEY,), TITLE, ("4200万元",), type="number")
    wrong = ExamQuestion("q2", (MONEY,), TITLE, ("9900万元",), type="number")
    none = ExamQuestion("q3", ("怎么做红烧肉",), None, (), type="unanswerable")
    report = run_exam([right, wrong, none], chinese)
    assert (report.right, len(report.verdicts)) == (2, 3)
    assert report.by_type == {"number": (1, 2), "unanswerable": (1, 1)}
    shown = report.to_markdown()
    assert shown.startswith("**2 of 3 right**\n")
    assert "| number | 1 | 2 |" in shown
    assert f"- q2 {MONEY}: missing “9900万元”" in shown
    assert "q1" not in shown
    as_json = json.loads(json.dumps(report.to_dict()))
    assert (as_json["right"], as_json["questions"]) == (2, 3)
    assert as_json["by_type"]["number"] == {"right": 1, "questions": 2}
    assert [v["id"] for v in as_json["verdicts"]] == ["q1", "q2", "q3"]


def test_a_file_is_read_line_by_line(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"question": "甲", "article": "文", "must": ["乙"]},
        "",
        {
            "id": "x",
            "turns": ["甲", "乙"],
            "article": None,
            "must_not": ["丙"],
            "article_alt": ["丁"],
            "type": "multiturn",
        },
    )
    assert read_exam(path) == [
        ExamQuestion("1", ("甲",), "文", ("乙",)),
        ExamQuestion("x", ("甲", "乙"), None, (), ("丙",), ("丁",), "multiturn"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        "no json",
        "[1, 2]",
        '"text"',
        '{"article": null}',
        '{"question": "甲"}',
        '{"question": "甲", "article": null, "must": 3}',
        '{"question": 3, "article": null}',
        '{"turns": [], "article": null}',
        '{"turns": "甲乙", "article": null}',
        '{"question": "甲", "article": null, "must": "乙丙"}',
        '{"question": "甲", "article": null, "must": [1]}',
        '{"question": "甲", "article": ["文"]}',
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, row: str) -> None:
    good = {"question": "甲", "article": None}
    with pytest.raises(ExamError, match=r"exam\.jsonl, line 2: .*Each line is an object"):
        read_exam(write(tmp_path, good, row))


def test_only_line_ends_end_a_line(tmp_path: Path) -> None:
    """JSON strings may hold U+2028, which is a line end to str.splitlines; a byte-order mark is none."""
    path = tmp_path / "exam.jsonl"
    path.write_text('{"question": "甲\u2028乙", "article": null}\r\n', encoding="utf-8-sig")
    assert [q.turns for q in read_exam(path)] == [("甲\u2028乙",)]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExamError, match="nowhere"):
        read_exam(tmp_path / "nowhere.jsonl")
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(ExamError, match=r"bytes\.jsonl.*UTF-8"):
        read_exam(tmp_path / "bytes.jsonl")


@pytest.fixture(scope="module")
def news(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Library.open(tmp_path_factory.mktemp("news")) as library:
        library.add([shared / "erqi_news.txt"])
        yield Assistant(library)


def test_the_exam_of_the_news_page(shared: Path, news: Assistant) -> None:
    report = run_exam(read_exam(shared / "exam" / "erqi_dev.jsonl"), news)
    assert report.right >= 14, report.to_markdown()
    right, questions = report.by_type["unanswerable"]
    assert right == questions, report.to_markdown()
