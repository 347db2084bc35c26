"""The commands that look after a library, as a person gives them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qa.cli import app


@pytest.fixture
def home(tmp_path: Path, root: Path) -> Path:
    home = tmp_path / "书 库"
    assert run("add", str(root / "examples" / "corpus"), "-l", str(home)).exit_code == 0
    return home


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_check_and_repair(home: Path) -> None:
    done = run("check", "-l", str(home))
    assert (done.exit_code, done.output) == (0, "nothing is wrong\n")
    truth = home / "library.sqlite"
    content = bytearray(truth.read_bytes())
    content[content.index("隐蔽工程要全程留影像资料".encode()) + 2] ^= 1
    truth.write_bytes(content)
    done = run("check", "-l", str(home))
    assert done.exit_code == 1
    assert "has changed since it was written" in done.output
    assert "youju check --repair" in done.output
    found = json.loads(run("check", "-l", str(home), "--json").output)
    assert len(found["problems"]) == 1
    done = run("check", "--repair", "-l", str(home))
    assert done.exit_code == 0
    assert "add it again" in done.output
    assert "river-start.txt" in done.output
    assert run("check", "-l", str(home)).output == "nothing is wrong\n"


def test_a_truth_that_cannot_be_opened_is_saved_as_far_as_it_can_be(home: Path) -> None:
    truth = home / "library.sqlite"
    content = bytearray(truth.read_bytes())
    page = content.index("隐蔽工程要全程留影像资料".encode()) // 4096 * 4096
    content[page : page + 200] = b"\xff" * 200
    truth.write_bytes(content)
    assert run("check", "-l", str(home)).exit_code == 1
    for _ in range(2):  # what cannot be mended in place is saved in a new file
        done = run("check", "--repair", "-l", str(home))
        if done.exit_code == 0:
            break
    assert run("check", "-l", str(home)).output == "nothing is wrong\n"
    assert json.loads(run("status", "-l", str(home), "--json").output)["sources"] >= 17


def test_remove_and_compact(home: Path, root: Path) -> None:
    page = root / "examples" / "corpus" / "river-start.txt"
    assert run("remove", str(page), "-l", str(home)).exit_code == 0
    done = run("compact", "-l", str(home))
    assert done.exit_code == 0
    assert "MB before" in done.output
    left = b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file())
    assert "隐蔽工程要全程留影像资料".encode() not in left


def test_export_and_import(home: Path, tmp_path: Path) -> None:
    copy, new = tmp_path / "备份.youju", tmp_path / "新 库"
    assert "articles" in run("export", str(copy), "-l", str(home)).output
    assert run("import", str(copy), "-l", str(new)).exit_code == 0
    before, after = (
        json.loads(run("status", "-l", str(place), "--json").output) for place in (home, new)
    )
    for name in ("sources", "articles", "passages", "dates", "model", "revision"):
        assert after[name] == before[name]
    answer = json.loads(run("ask", "柳林河综合整治工程有哪些要求", "-l", str(new), "--json").output)
    assert answer["status"] == "answered"
    refused = subprocess.run(
        [sys.executable, "-m", "qa.cli", "import", str(copy), "-l", str(new)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert "a library is there already" in refused.stderr


def test_migrating_to_the_model_that_it_has_does_nothing(home: Path) -> None:
    done = run("migrate", "-l", str(home))
    assert (done.exit_code, done.output.strip()) == (0, "0 passages embedded by bundled")


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_ctrl_c_says_how_to_go_on(tmp_path: Path, root: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for i in range(3000):
        text = f"苗圃{i}号温室\n" + f"苗圃{i}号温室育苗，长势良好。" * 30 + "\n"
        (pages / f"{i}.txt").write_text(text, encoding="utf-8")
    home = tmp_path / "lib"
    child = subprocess.Popen(
        [sys.executable, "-m", "qa.cli", "add", str(pages), "-l", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=root,
        # Jobs in the background, as some runners start tests, are deaf to it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not (home / "library.sqlite").exists() or not _held(home):
        assert child.poll() is None
    child.send_signal(signal.SIGINT)
    said, errors = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "give the same command again" in errors
    kept = _held(home)
    assert f"{kept} articles" in said
    assert 0 < kept < 3000
    assert run("check", "-l", str(home)).output == "nothing is wrong\n"


def _held(home: Path) -> int:
    from index.store import Store

    store = Store(home / "library.sqlite")
    held = store.counts()[1]
    store.close()
    return held
