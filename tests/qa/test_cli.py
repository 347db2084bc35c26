"""The command line: what it prints, on which stream, and how it ends."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from index.library import Library
from qa import cli
from qa.settings import LIBRARY_VARIABLE, MODEL_VARIABLE

MONEY = "云岭水库总投资是多少"


class Ended(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``youju`` in this process."""
    monkeypatch.delenv(LIBRARY_VARIABLE, raising=False)
    monkeypatch.delenv(MODEL_VARIABLE, raising=False)

    def run(*arguments: str | Path, typed: str = "") -> Ended:
        monkeypatch.setattr(sys, "argv", ["youju", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        code = ended.value.code
        return Ended(code if isinstance(code, int) else int(code is not None), out, err)

    return run


def one_line(text: str) -> bool:
    return text.count("\n") == 1 and text.startswith("youju: ") and "Traceback" not in text


def test_add_says_what_went_in(run: Run, corpus: Path, tmp_path: Path) -> None:
    ended = run("add", corpus, "--library", tmp_path)
    assert ended.code == 0
    assert ended.out.count("added ") == 6
    assert f"added {corpus / 'tea.txt'}: 1 article" in ended.out
    assert ended.out.endswith(f"6 articles in {tmp_path}\n")
    again = run("add", corpus, "--library", tmp_path)
    assert (again.code, again.out) == (0, f"unchanged: 6 files\n6 articles in {tmp_path}\n")


def test_a_file_that_fails_keeps_no_other_out(run: Run, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 64)
    ended = run(
        "add",
        *(tmp_path / "empty.txt", tmp_path / "binary.txt", tmp_path / "missing.txt"),
        *(corpus / "tea.txt", "--library", tmp_path / "library"),
    )
    assert ended.code == 1
    assert ended.out.endswith(f"1 articles in {tmp_path / 'library'}\n")
    failed = [line for line in ended.err.splitlines() if line.startswith("failed: ")]
    assert [
        f"{name}.txt" in line
        for name, line in zip(("empty", "binary", "missing"), failed, strict=True)
    ] == [True] * 3
    assert "Traceback" not in ended.err
    assert run("ask", "春茶每斤卖多少钱", "--library", tmp_path / "library").code == 0


def test_add_prints_json_with_the_kinds_of_errors(run: Run, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        archive.writestr("good.txt", "青槐桥开工\n2024年3月1日，青槐桥开工，总投资9亿元。\n")
        archive.writestr("bad.pdf", "no pdf at all")
    files = (corpus / "tea.txt", tmp_path / "empty.txt", tmp_path / "both.zip")
    ended = run("add", *files, "--library", tmp_path / "library", "--json")
    assert ended.code == 1
    told = [json.loads(line) for line in ended.out.splitlines()]
    assert [(t["outcome"], t["kind"]) for t in told] == [
        ("added", ""),
        ("failed", "EmptyDocument"),
        ("added", ""),
    ]
    (part,) = told[2]["failures"]
    assert part["kind"] == "DamagedDocument"
    assert part["source"].endswith("both.zip/bad.pdf")
    assert f"articles in {tmp_path / 'library'}" in ended.err


def test_ask_prints_the_answer_and_its_sources(
    run: Run, chinese_folder: Path, corpus: Path
) -> None:
    ended = run("ask", MONEY, "--library", chinese_folder)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "工程总投资4200万元，计划2025年10月底前完工。[1]\n\n"
        "[1] 云岭水库除险加固工程开工  05-06  记者 沈一诺 通讯员 田青禾\n"
        f"    {corpus / 'reservoir.txt'}:3\n"
    )


def test_ask_without_evidence_ends_with_two(run: Run, chinese_folder: Path) -> None:
    ended = run("ask", "怎么做红烧肉", "--library", chinese_folder)
    assert (ended.code, ended.err) == (2, "")
    assert ended.out.startswith("资料库里没有找到能回答这个问题的依据。\n")
    printed = run("ask", "怎么做红烧肉", "--library", chinese_folder, "--json")
    assert printed.code == 2
    assert json.loads(printed.out)["status"] == "no_evidence"


def test_ask_prints_one_json_object_of_the_fixed_shape(
    run: Run, chinese_folder: Path, corpus: Path
) -> None:
    ended = run("ask", MONEY, "--library", chinese_folder, "--json")
    assert (ended.code, ended.err) == (0, "")
    shown = json.loads(ended.out)
    assert list(shown) == [
        "question",
        "answer",
        "status",
        "sentences",
        "citations",
        "background",
        "notices",
        "model",
        "seconds",
    ]
    text = "工程总投资4200万元，计划2025年10月底前完工。"
    assert shown["question"] == MONEY
    assert shown["answer"] == f"{text}[1]"
    assert shown["status"] == "answered"
    assert shown["sentences"] == [{"text": text, "markers": [1], "supported": True}]
    [citation] = shown["citations"]
    assert list(citation) == [
        *("marker", "article_id", "title", "byline", "published"),
        *("source", "lines", "start", "end", "quote", "page", "section", "member", "unit"),
        "also",
    ]
    assert (citation["quote"], citation["end"] - citation["start"]) == (text, len(text))
    assert (citation["source"], citation["lines"]) == (str(corpus / "reservoir.txt"), "3")
    assert all(isinstance(s, float) and s >= 0 for s in shown["seconds"].values())
    assert MONEY in ended.out  # and not \\u escapes


def test_chat_remembers_and_shows_how_it_understood(run: Run, chinese_folder: Path) -> None:
    typed = "谁主持了校园食品安全会议\n他强调了什么\n"
    ended = run("chat", "--library", chinese_folder, typed=typed)
    assert ended.code == 0
    assert "会议由县长高文博主持。[1]" in ended.out
    assert "(主持了校园食品安全会议，高文博强调了什么)\n" in ended.out
    assert "一要把好采购关" in ended.out
    assert ended.out.count("(") == 1
    empty = run("chat", "--library", chinese_folder, typed="\n谁主持了校园食品安全会议\n")
    assert (empty.code, empty.out) == (0, "? ")


def test_status(run: Run, chinese_folder: Path) -> None:
    ended = run("status", "--library", chinese_folder)
    assert ended.code == 0
    assert "articles:    5\n" in ended.out
    facts = json.loads(run("status", "--library", chinese_folder, "--json").out)
    assert (facts["articles"], facts["sources"]) == (5, 5)
    assert facts["library"] == str(chinese_folder)


def test_remove(run: Run, corpus: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        library.add([corpus / "tea.txt", corpus / "snow.txt"])
    ended = run("remove", corpus / "tea.txt", "--library", tmp_path)
    assert (ended.code, ended.out) == (0, f"{corpus / 'tea.txt'}: 1 articles removed\n")
    missing = run("remove", "snow.txt", corpus / "snow.txt", "--library", tmp_path)
    assert missing.code == 1
    assert missing.out == f"{corpus / 'snow.txt'}: 1 articles removed\n"
    assert one_line(missing.err)
    assert str(corpus / "snow.txt") in missing.err
    assert run("ask", "春茶每斤卖多少钱", "--library", tmp_path).code == 2


@pytest.fixture
def exam(tmp_path: Path) -> Path:
    path = tmp_path / "exam.jsonl"
    title = "云岭水库除险加固工程开工"
    rows = [
        {"id": "q1", "question": MONEY, "article": title, "must": ["4200万元"], "type": "number"},
        {"id": "q2", "question": MONEY, "article": title, "must": ["9900万元"], "type": "number"},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_eval_reports(run: Run, chinese_folder: Path, corpus: Path, exam: Path) -> None:
    ended = run("eval", "--exam", exam, "--library", chinese_folder)
    assert ended.code == 0
    assert ended.out.startswith("**1 of 2 right**\n")
    assert "missing “9900万元”" in ended.out
    documents = ("--documents", corpus / "reservoir.txt", "--documents", corpus / "tea.txt")
    printed = run("eval", "--exam", exam, *documents, "--json")
    assert printed.code == 0
    assert json.loads(printed.out)["right"] == 1
    for least, code in ((1, 0), (2, 1)):
        assert (
            run("eval", "--exam", exam, *documents, "--fail-under", f"right={least}").code == code
        )


def test_known_errors_are_one_line(run: Run, corpus: Path, exam: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    a_file = corpus / "tea.txt"
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "library.sqlite").write_text("no database")
    for arguments in (
        ("ask", MONEY, "--library", nowhere),
        ("chat", "--library", nowhere),
        ("status", "--library", nowhere),
        ("remove", a_file, "--library", nowhere),
        ("eval", "--exam", exam, "--library", nowhere),
        ("eval", "--exam", nowhere, "--library", nowhere),
        ("add", a_file, "--library", a_file),
        ("ask", MONEY, "--library", a_file),
        ("ask", MONEY, "--library", damaged),
        ("add", a_file, "--library", tmp_path / "new", "--model", nowhere),
    ):
        ended = run(*arguments)
        assert (ended.code, ended.out) == (1, ""), arguments
        assert one_line(ended.err), ended.err
    assert not nowhere.exists()


def test_a_command_line_that_cannot_be_understood_ends_with_two(run: Run) -> None:
    for arguments in (("ask",), ("add",), ("no-such-command",), ("status", "--no-such-option")):
        ended = run(*arguments)
        assert (ended.code, ended.out) == (2, "")
        assert "Traceback" not in ended.err


def test_the_library_may_come_from_the_environment(
    run: Run, chinese_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LIBRARY_VARIABLE, str(chinese_folder))
    assert run("ask", MONEY).code == 0


def test_a_process_of_its_own(chinese_folder: Path, root: Path) -> None:
    """Bytes that are no text, a terminal that shows no Chinese; and nothing heavy is loaded."""
    code = (
        "import sys\nfrom qa.cli import main\n"
        "try: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    question = b"\xff" + MONEY.encode()
    done = subprocess.run(
        [sys.executable, "-c", code, "ask", question, "--library", chinese_folder, "--json"],
        capture_output=True,
        cwd=root,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "4200万元" in json.loads(done.stdout)["answer"]
    loaded = set(done.stderr.decode().split())
    assert not loaded & {"torch", "gradio", "transformers", "sentence_transformers"}
