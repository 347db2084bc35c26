"""The wheel holds what it needs, and answers a question where there is no checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("index", "prompts", "qa")
NOT_PACKAGED = ("examples", "tests", "training")
NEWS = "河湾桥本周六通车\n\n4月20日，河湾桥将正式通车。新桥全长318米，双向四车道。\n\n记者 方晓岚\n"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a checkout holds, without what earlier builds left behind."""
    folder = tmp_path_factory.mktemp("source")
    leftovers = shutil.ignore_patterns("__pycache__", "*.pyc", "youju-library", ".*")
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
        elif path.name in {*PACKAGES, *NOT_PACKAGED}:
            shutil.copytree(path, folder / path.name, ignore=leftovers)
    return folder


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    call(sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "-w", str(out), str(source))
    [built] = out.glob("youju-*.whl")
    return built


@pytest.fixture(scope="module")
def youju(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The command, installed with all its dependencies in an environment that was empty."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    # Compiling 1.4 GB of other people's modules would take as long again and teach nothing.
    pip = (sys.executable, "-m", "pip", "--python", str(scripts / "python"))
    call(*pip, "install", "--quiet", "--no-compile", str(wheel))
    yield scripts / "youju"
    shutil.rmtree(folder)  # pytest keeps the folders of three runs, and this one is large


def call(
    *command: str, cwd: Path | None = None, expect: int = 0
) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "YOUJU_LIBRARY"}}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == expect, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def test_wheel_holds_the_packages_and_nothing_else(wheel: Path, source: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {n for n in archive.namelist() if not n.endswith("/")}
    tops = {n.split("/")[0] for n in names}
    assert {t for t in tops if not t.endswith(".dist-info")} == set(PACKAGES)
    assert {f"{package}/py.typed" for package in PACKAGES} <= names
    ours = {
        path.relative_to(source).as_posix()
        for package in PACKAGES
        for path in (source / package).rglob("*")
        if path.is_file()
    }
    assert ours == {n for n in names if n.split("/")[0] in PACKAGES}
    assert {Path(n).suffix for n in names if n.startswith("index/model/")} >= {".safetensors"}
    assert any(n.endswith(".dist-info/licenses/LICENSE") for n in names)


def test_wheel_answers_away_from_the_checkout(youju: Path, tmp_path: Path) -> None:
    elsewhere, library = tmp_path / "elsewhere", tmp_path / "library"
    elsewhere.mkdir()
    (elsewhere / "news.txt").write_text(NEWS, encoding="utf-8")
    where = ("--library", str(library))

    call(str(youju), "add", "news.txt", *where, cwd=elsewhere)
    done = call(str(youju), "ask", "河湾桥全长多少米", "--json", *where, cwd=elsewhere)
    answer = json.loads(done.stdout)
    assert answer["status"] == "answered"
    assert "318米" in answer["answer"].replace("**", "")
    [citation] = answer["citations"]
    assert citation["quote"] == "新桥全长318米，双向四车道。"
    text = NEWS.split("\n\n", 1)[1].replace("\n\n", "\n")
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert (citation["title"], citation["lines"]) == ("河湾桥本周六通车", "3")
    assert Path(citation["source"]).name == "news.txt"

    refused = call(str(youju), "ask", "怎么做红烧肉", "--json", *where, cwd=elsewhere, expect=2)
    assert json.loads(refused.stdout)["status"] == "no_evidence"
    call(str(youju), "add", "missing.txt", *where, cwd=elsewhere, expect=1)
