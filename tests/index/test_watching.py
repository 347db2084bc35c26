"""Folders kept in step with a library while they change."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.errors import DocumentNotFound
from index.library import Library
from index.types import AddReport
from index.watching import watch

NEWS = "柳林河清淤过半\n3月5日，柳林河清淤工程完成过半，沿岸三个村受益。\n"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as made:
        yield made


class Watched:
    """A folder watched in a thread, until ``stop``."""

    def __init__(self, library: Library, folder: Path) -> None:
        self.rounds: list[tuple[AddReport, list[str]]] = []
        self.stop = threading.Event()
        self._library = library
        self._thread = threading.Thread(target=self._watch, args=(folder,))
        self._thread.start()

    def _watch(self, folder: Path) -> None:
        watch(
            self._library,
            [folder],
            lambda report, forgotten: self.rounds.append((report, list(forgotten))),
            stop=self.stop,
        )

    def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not true():
            assert time.monotonic() < deadline, self.rounds
            time.sleep(0.05)

    def end(self) -> None:
        self.stop.set()
        self._thread.join(timeout=20)
        assert not self._thread.is_alive()


@pytest.fixture
def watched(library: Library, tmp_path: Path) -> Iterator[Watched]:
    folder = tmp_path / "新 闻"
    folder.mkdir()
    (folder / "有.txt").write_text(NEWS, encoding="utf-8")
    made = Watched(library, folder)
    try:
        made.until(lambda: len(library) == 1)
        yield made
    finally:
        made.end()


def names(library: Library) -> list[str]:
    return [Path(source).name for source in library.sources()]


def test_what_comes_changes_moves_and_goes(
    library: Library, watched: Watched, tmp_path: Path
) -> None:
    folder = tmp_path / "新 闻"
    (folder / "子").mkdir()
    (folder / "子" / "来.txt").write_text(NEWS.replace("清淤", "绿化"), encoding="utf-8")
    (folder / "图.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / ".hidden.txt").write_text(NEWS, encoding="utf-8")
    watched.until(lambda: sorted(names(library)) == sorted(["来.txt", "有.txt"]))

    (folder / "有.txt").write_text(NEWS.replace("过半", "八成"), encoding="utf-8")
    watched.until(lambda: any("八成" in a.text for a in library.articles()))
    assert len(library) == 2

    (folder / "子" / "来.txt").rename(folder / "去.txt")
    watched.until(lambda: sorted(names(library)) == sorted(["去.txt", "有.txt"]))

    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    (elsewhere / "带来.txt").write_text(NEWS.replace("清淤", "修桥"), encoding="utf-8")
    elsewhere.rename(folder / "别处")
    watched.until(lambda: "带来.txt" in names(library))

    shutil.rmtree(folder / "别处")
    (folder / "去.txt").unlink()
    (folder / "有.txt").unlink()
    watched.until(lambda: names(library) == [])
    assert {f.source for r, _ in watched.rounds for f in r.failed} == set()


def test_a_change_waits_while_another_writes(
    library: Library, watched: Watched, tmp_path: Path
) -> None:
    from filelock import FileLock

    with FileLock(library.folder / "write.lock"):
        (tmp_path / "新 闻" / "等.txt").write_text(NEWS.replace("清淤", "等待"), encoding="utf-8")
        time.sleep(4)
        assert len(library) == 1
    watched.until(lambda: len(library) == 2)


def test_what_went_before_is_forgotten_but_not_with_a_whole_disk(
    library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(NEWS + name, encoding="utf-8")
    library.add([folder])
    (folder / "a.txt").unlink()
    first = Watched(library, folder)
    first.until(lambda: names(library) == ["b.txt"])
    first.end()

    (folder / "b.txt").rename(tmp_path / "b.txt")  # an empty folder, as where a disk was
    second = Watched(library, folder)
    time.sleep(4)
    second.end()
    assert names(library) == ["b.txt"]
    assert second.rounds == []


def test_a_folder_that_is_not_there(library: Library, tmp_path: Path) -> None:
    with pytest.raises(DocumentNotFound, match="nothing to watch"):
        watch(library, [tmp_path / "none"], lambda *_: None)
