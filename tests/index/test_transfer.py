"""A library as one file: exported while in use, imported elsewhere, the same in every article."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.encoder import FakeEncoder
from index.errors import LibraryDamaged, LibraryError, LibraryNewer
from index.library import Library
from index.store import FORMAT, Store
from index.transfer import import_


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    for i in range(6):
        text = f"苗圃{i}号\n苗圃{i}号温室育苗。\n"
        (tmp_path / f"{i} 版.txt").write_text(text, encoding="utf-8")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "words.txt").write_text("育苗温室\n", encoding="utf-8")
    with Library.open(tmp_path / "lib", encoder=FakeEncoder(64)) as library:
        library.add(sorted(tmp_path.glob("*.txt")))
        yield library


def test_there_and_back(library: Library, tmp_path: Path) -> None:
    copy = tmp_path / "备 份.youju"
    assert library.export(copy) == copy.stat().st_size > 10_000
    import_(copy, tmp_path / "新 库")
    with Library.open(tmp_path / "新 库", encoder=FakeEncoder(64)) as again:
        assert again.articles() == library.articles()
        assert again.check() == []
        assert again.segmenter.fingerprint == library.segmenter.fingerprint
        for mode in ("keyword", "dense", "hybrid"):
            found = again.search("苗圃3号温室", 3, mode)  # type: ignore[arg-type]
            assert found[0].article.title == "苗圃3号"
        assert {f.outcome for f in again.add(sorted(tmp_path.glob("*.txt"))).files} == {"unchanged"}


def test_exported_while_others_write(library: Library, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        i = 0
        while not stop.is_set():
            page = tmp_path / "busy.txt"
            page.write_text(f"第{i}次\n第{i}次改动。\n", encoding="utf-8")
            library.add([page])
            i += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for i in range(4):
            library.export(tmp_path / f"copy{i}")
            import_(tmp_path / f"copy{i}", tmp_path / f"lib{i}")
    finally:
        stop.set()
        thread.join()
    for i in range(4):
        with Library.open(tmp_path / f"lib{i}", encoder=FakeEncoder(64)) as again:
            assert again.check() == []
            assert len(again) in (6, 7)


def test_nothing_is_written_over(library: Library, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    library.export(copy)
    content = copy.read_bytes()
    with pytest.raises(LibraryError, match="is there already"):
        library.export(copy)
    with pytest.raises(LibraryError, match="a library is there already"):
        import_(copy, library.folder)
    assert copy.read_bytes() == content
    with pytest.raises(LibraryError, match="no such file"):
        import_(tmp_path / "nothing", tmp_path / "new")


@pytest.mark.parametrize("damage", ["garbage", "half", "flipped"])
def test_a_damaged_copy_is_refused(library: Library, tmp_path: Path, damage: str) -> None:
    copy = tmp_path / "copy"
    library.export(copy)
    content = bytearray(copy.read_bytes())
    if damage == "flipped":
        content[content.index("苗圃3号温室".encode()) + 2] ^= 1
    copy.write_bytes(
        {"garbage": b"x" * 9000, "half": content[: len(content) // 2], "flipped": content}[damage]
    )
    with pytest.raises(LibraryDamaged, match="copy"):
        import_(copy, tmp_path / "new")
    assert not (tmp_path / "new" / "library.sqlite").exists()
    assert not list((tmp_path / "new").glob("*.part*"))


def test_a_copy_of_a_newer_version_is_refused(library: Library, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    library.export(copy)
    store = Store(copy)
    store.set_meta("format", str(FORMAT + 1))
    store.close()
    with pytest.raises(LibraryNewer):
        import_(copy, tmp_path / "new")
