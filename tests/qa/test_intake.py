"""``youju add`` beyond files: standard input, columns by option, watched folders."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.errors import SettingsError
from index.library import Library
from qa.assistant import Assistant
from qa.intake import columns_of

ROOT = Path(__file__).resolve().parents[2]
NEWS = "柳林河清淤过半\n3月5日，柳林河清淤工程完成过半，沿岸三个村受益。\n"
ADD = [sys.executable, "-m", "qa.cli", "add"]


def add(*arguments: str | Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*ADD, *map(str, arguments)], input=given, capture_output=True, cwd=ROOT, timeout=120
    )


def test_standard_input(tmp_path: Path) -> None:
    done = add("-", "--library", tmp_path, given=NEWS.encode("gb18030"))
    assert (done.returncode, done.stderr.count(b"failed")) == (0, 0)
    assert b"added stdin-" in done.stdout
    add("-", "--library", tmp_path, given=NEWS.replace("清淤", "绿化").encode("utf-16"))
    add("-", "--library", tmp_path, given=NEWS.encode("gb18030"))  # the same again
    table = "标题,正文\n停水,明日停水。\n通车,大桥通车。\n".encode()
    add("-", "--name", "表.csv", "--library", tmp_path, given=table)
    with Library.open(tmp_path, create=False) as library:
        assert [a.title for a in library.articles()] == [
            "柳林河绿化过半", "柳林河清淤过半", "停水", "通车",
        ]  # fmt: skip
        assert library.sources()[-1] == "表.csv"
        assert library.remove(["表.csv"]) == 2


def test_standard_input_that_cannot_be_read(tmp_path: Path) -> None:
    done = add("-", "--name", "a.pdf", "--library", tmp_path, given=b"%PDF-1.4 broken")
    assert done.returncode == 1
    assert b"failed: a.pdf: it is no sound PDF" in done.stderr


def test_columns_by_option(tmp_path: Path) -> None:
    table = tmp_path / "表.csv"
    table.write_text("名目,说明\n开工,开工了。\n", encoding="utf-8")
    folder = tmp_path / "library"
    done = add(table, "--column", "title=名目", "--column", "text=说明", "--library", folder)
    assert done.returncode == 0
    with Library.open(folder, create=False) as library:
        assert [(a.title, a.text) for a in library.articles()] == [("开工", "开工了。")]
        library.add([table])  # read anew, since it is read in another way
        assert [a.text for a in library.articles()] == ["名目：开工；说明：开工了。"]
    assert b"it has no column" in add(table, "--column", "text=x", "--library", folder).stderr


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("贺铮的电话是多少", "0371-5566"),
        ("苏蕙担任什么职务", "水务局副局长"),
        ("贺铮在哪个科室", "办公室"),
    ],
)
def test_a_row_of_facts_answers(tmp_path: Path, question: str, value: str) -> None:
    table = tmp_path / "名录.csv"
    rows = "姓名,职务,科室,电话\n贺铮,交通局局长,办公室,0371-5566\n苏蕙,水务局副局长,防汛科,0371-5577\n"
    table.write_text(rows, encoding="utf-8")
    with Library.open(tmp_path / "library") as library:
        library.add([table])
        answer = Assistant(library).ask(question)
    assert value in answer.text
    assert [c.unit for c in answer.citations] == ["row"]


@pytest.mark.parametrize("wrong", ["title", "title=", "titel=名目", "=x"])
def test_a_column_that_cannot_be(wrong: str) -> None:
    with pytest.raises(SettingsError, match="ROLE=NAME"):
        columns_of([wrong])


def test_parts_that_fail_are_named_and_the_rest_is_in(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "开工了。"}\nbroken\n', encoding="utf-8")
    done = add(file, "--library", tmp_path / "library")
    assert b"added" in done.stdout
    assert b"record in line 2" in done.stderr


READERS = {"trafilatura", "docx", "openpyxl", "pypdfium2", "lxml", "email", "watchfiles", "csv",
           "rapidocr_onnxruntime", "datasketch", "scipy"}  # fmt: skip


def test_a_question_loads_no_reader(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NEWS, encoding="utf-8")
    add(tmp_path / "a.txt", "--library", tmp_path / "library")
    code = (
        "import json, sys\nfrom qa import cli\n"
        f"sys.argv = ['youju', 'ask', '柳林河清淤怎么样了', '--library', {str(tmp_path / 'library')!r}]\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    print(json.dumps(sorted(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    loaded = set(json.loads(done.stdout.decode().splitlines()[-1]))
    assert "index.searching" in loaded
    assert not loaded & (READERS | {"index.readers", "index.articles"})


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent in another way there")
def test_a_folder_is_watched_until_ctrl_c(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text(NEWS, encoding="utf-8")
    log = tmp_path / "log.txt"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*ADD, str(folder), "--watch", "--library", str(tmp_path / "library")],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            # Jobs in the background, as some runners start tests, are deaf to it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    try:
        _until(lambda: "Watching" in log.read_text(encoding="utf-8"))
        time.sleep(1)
        (folder / "b.txt").write_text(NEWS.replace("清淤", "绿化"), encoding="utf-8")
        _until(lambda: "b.txt" in log.read_text(encoding="utf-8"))
        (folder / "a.txt").unlink()
        _until(lambda: f"forgotten {folder / 'a.txt'}" in log.read_text(encoding="utf-8"))
        process.send_signal(signal.SIGINT)
        assert process.wait(30) in (0, 130)
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in log.read_text(encoding="utf-8")
    with Library.open(tmp_path / "library", create=False) as library:
        assert [a.title for a in library.articles()] == ["柳林河绿化过半"]


def _until(true: object) -> None:
    deadline = time.monotonic() + 40
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.1)
