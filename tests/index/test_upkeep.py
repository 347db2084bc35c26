"""Looking after a library: damage is found and mended, what was removed leaves no trace."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index import adding, ingest, upkeep, vectors
from index.encoder import FakeEncoder
from index.errors import LibraryDamaged, LibraryError, YoujuError
from index.library import Library
from index.types import Article, Origin

SECRET = "青瓷缸"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "区报 2016 版"
    folder.mkdir()
    for i in range(12):
        lines = "\n".join(f"第{j}段：苗圃{i}号温室第{j}排育苗，长势良好。" * 12 for j in range(3))
        (folder / f"{i:02} 版.txt").write_text(f"苗圃{i}号温室\n{lines}\n", encoding="utf-8")
    secret = folder / "secret.txt"
    text = f"{SECRET}出土\n3月2日，{SECRET}在工地出土，记者 钟离墨 现场看到。" * 3
    secret.write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


@pytest.fixture
def library(
    tmp_path: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Library]:
    monkeypatch.setattr(vectors, "UNSAVED", 0)
    with Library.open(tmp_path / "书 库", encoder=FakeEncoder(64)) as library:
        library.add(files)
        yield library


def bytes_of(folder: Path) -> bytes:
    return b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def traces(folder: Path, vector: bytes) -> list[str]:
    """In which files something of the secret is left: its words, its name, its vector."""
    signs = (SECRET.encode(), "瓷缸".encode(), "钟离墨".encode(), b"secret.txt", b"cigang", vector)
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(sign in path.read_bytes() for sign in signs)
    ]


def test_a_library_as_it_was_written_has_no_problems(library: Library) -> None:
    library.search("温室育苗")
    assert library.check() == []
    assert library.repair() == upkeep.Repair(())


def test_removing_leaves_no_trace_in_any_file(library: Library, files: list[Path]) -> None:
    hit = library.search(f"{SECRET}出土", 3, "keyword")[0]
    vector = library._store.vectors([hit.passage.id])[hit.passage.id]
    raw = vector.astype(np.float16).tobytes()
    assert len(traces(library.folder, raw)) >= 2
    assert library.remove([files[-1]]) == 1
    done = library.compact()
    assert done.clean
    assert done.after < done.before
    assert traces(library.folder, raw) == []
    assert SECRET not in " ".join(h.passage.text for h in library.search(SECRET, 50))
    assert library.check() == []
    assert len({h.article.id for h in library.search("温室育苗", 50, "keyword")}) == 12


def test_a_changed_file_leaves_no_trace_of_its_old_text(
    library: Library, files: list[Path]
) -> None:
    files[-1].write_text("出土文物移交\n文物已移交博物馆。\n", encoding="utf-8")
    library.add(files)
    library.compact()
    assert SECRET.encode() not in bytes_of(library.folder)
    assert library.search("文物移交博物馆")[0].article.title == "出土文物移交"


def test_compacting_while_another_reads_says_so(library: Library, files: list[Path]) -> None:
    library.remove([files[-1]])
    reader = sqlite3.connect(library.folder / "library.sqlite", timeout=0)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM articles").fetchone()
    library._store.connections.mine.execute("PRAGMA busy_timeout = 50")
    assert not library.compact().clean
    assert library.check() == []
    reader.close()
    assert library.compact().clean
    assert SECRET.encode() not in bytes_of(library.folder)


def test_copies_that_the_page_made_go_with_their_articles(library: Library) -> None:
    upload = library.folder / "uploads" / "new.txt"
    upload.parent.mkdir()
    upload.write_text("新闻\n新闻一则。\n", encoding="utf-8")
    library.add([upload])
    assert library.remove([upload]) == 1
    assert not upload.exists()


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 0x10
    path.write_bytes(content)


def test_a_flipped_bit_in_an_index_is_found_and_mended(library: Library) -> None:
    library.close()
    folder = library.folder
    parts = [
        path
        for path in folder.rglob("*")
        if path.suffix in {".faiss", ".store", ".idx", ".term", ".fast", ".fieldnorm"}
        or path.name in {"vectors.json", "keywords.json", "meta.json"}
    ]
    assert len(parts) >= 8
    for path in parts:
        if not path.exists():
            continue  # mending gave it another name
        flip(path, min(40, path.stat().st_size // 2))
        with Library.open(folder, encoder=FakeEncoder(64)) as again:
            problems = again.check()
            if problems:
                again.repair()
            assert again.check() == []
            found = again.search("温室育苗", 60, "keyword")
            assert len({hit.article.id for hit in found}) == 12


def test_a_flipped_bit_in_an_article_is_named_and_the_file_read_again(
    library: Library, files: list[Path]
) -> None:
    library.close()
    truth = library.folder / "library.sqlite"
    content = truth.read_bytes()
    flip(truth, content.index("苗圃3号温室第2排".encode()) + 2)
    with Library.open(library.folder, encoder=FakeEncoder(64)) as again:
        with pytest.raises(LibraryDamaged, match=r"has changed since it was written.*--repair"):
            again.articles()
        (problem,) = again.check()
        assert problem.source == str(files[3])
        assert problem.file == "library.sqlite"
        done = again.repair()
        assert done.lost == (str(files[3]),)
        assert again.check() == []
        assert len(again) == 12
        assert again.add(files).articles == 1
        assert len(again) == 13
        assert again.check() == []


def test_a_flipped_bit_anywhere_in_the_truth_is_found_or_harms_nothing(
    library: Library, files: list[Path]
) -> None:
    """A named error, or a problem with a mend, or every article as it was."""
    library.close()
    whole = {a.id: a for a in Library.open(library.folder).articles()}
    truth = library.folder / "library.sqlite"
    content = truth.read_bytes()
    rng = np.random.default_rng(5)
    found, said = 0, []
    for at in rng.integers(0, len(content), 60).tolist():
        copy = library.folder.parent / "flipped"
        shutil.copytree(library.folder, copy)
        flip(copy / "library.sqlite", at)
        try:
            with Library.open(copy, encoder=FakeEncoder(64)) as again:
                problems = again.check()
                found += bool(problems)
                lost = {p.source for p in problems if p.source}
                if all(p.source for p in problems):  # what is not named is as it was
                    kept = [a for a in whole.values() if a.source not in lost]
                    assert [again.article(a.id) for a in kept] == kept
        except YoujuError as error:
            said.append(str(error))
        shutil.rmtree(copy)
    assert all(str(library.folder.parent) in message for message in said)
    assert found + len(said) >= 10


def test_a_flipped_bit_anywhere_in_the_log_leaves_a_finished_revision(
    tmp_path: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's log as a process leaves it that was cut off: nothing of it is in the file yet."""
    monkeypatch.setattr(vectors, "UNSAVED", 5)
    monkeypatch.setattr(adding, "PASSAGES", 4)
    home, left, copy = tmp_path / "书 库", tmp_path / "left", tmp_path / "flipped"
    versions = {str(path): [ingest.articles_of(path)] for path in files}
    with Library.open(home, encoder=FakeEncoder(64)) as library:
        library.add(files[:7])
        files[2].write_text("苗圃另开\n苗圃另开一处，四月起育苗。\n", encoding="utf-8")
        versions[str(files[2])].append(ingest.articles_of(files[2]))
        library.add(files)
        library.remove([files[5]])
        last = library.revision
        shutil.copytree(home, left)
    log = "library.sqlite-wal"
    size = (left / log).stat().st_size
    assert size > 100_000
    rng = np.random.default_rng(5)
    places = [*range(0, 56, 6), *rng.integers(0, size, 36).tolist()]  # the heads, then anywhere
    revisions, said = set(), []
    for at in places:
        shutil.copytree(left, copy)
        flip(copy / log, at)
        try:
            with Library.open(copy, encoder=FakeEncoder(64)) as again:
                assert again.check() == []
                held: dict[str, list[Article]] = {}
                for article in again.articles():
                    held.setdefault(article.source, []).append(article)
                assert all(held[source] in versions[source] for source in held)
                assert set(held) == set(again.sources())
                for mode in ("keyword", "dense"):
                    hits = again.search("苗圃温室育苗出土", 500, mode)
                    assert len(hits) == again.passages()
                    assert {hit.article.source for hit in hits} == set(held)
                revisions.add(again.revision)
                assert again.add(files).failed == ()
                assert (len(again), again.check()) == (13, [])
        except LibraryError as error:
            said.append(str(error))
        shutil.rmtree(copy)
    assert all(str(copy) in message for message in said)
    assert len(revisions) > 5
    assert max(revisions) <= last


def test_vectors_of_a_revision_that_is_gone_are_not_taken_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is put back, and comes to the same revision with other articles."""
    monkeypatch.setattr(vectors, "UNSAVED", 0)
    truth = tmp_path / "library.sqlite"
    with Library.open(tmp_path, encoder=FakeEncoder(64)) as library:
        library.add_articles("a", [made("a", "苗圃温室育苗")])
    earlier = truth.read_bytes()
    with Library.open(tmp_path, encoder=FakeEncoder(64)) as library:
        library.add_articles("b", [made("b", "桂花桥通车")])
    truth.write_bytes(earlier)
    monkeypatch.setattr(vectors, "UNSAVED", 2_000)  # so few are not worth saving
    with Library.open(tmp_path, encoder=FakeEncoder(64)) as library:
        library.add_articles("c", [made("c", "柳林河清淤")])
    with Library.open(tmp_path, encoder=FakeEncoder(64)) as library:
        hit = library.search("柳林河清淤", 1, "dense")[0]
        assert (hit.article.source, library.revision) == ("c", 2)
        assert hit.score == pytest.approx(1.0, abs=0.01)
        assert library.check() == []


def made(source: str, text: str) -> Article:
    return Article(source, "", text, "zh-Hans", source, Origin(1, 1))


def test_what_can_be_read_of_a_broken_file_is_saved(library: Library, files: list[Path]) -> None:
    library.compact()
    library.close()
    truth = library.folder / "library.sqlite"
    content = bytearray(truth.read_bytes())
    page = content.index("苗圃7号温室第1排".encode()) // 4096 * 4096
    content[page : page + 300] = os.urandom(300)
    truth.write_bytes(content)
    done = upkeep.salvage(library.folder)
    assert set(done.lost) <= set(map(str, files))
    assert len(done.lost) <= 3
    with Library.open(library.folder, encoder=FakeEncoder(64)) as again:
        assert len(again) >= 10
        assert again.check() == []
        assert again.add(files).failed == ()
        assert len(again) == 13
        assert again.check() == []
    assert (library.folder / "library.sqlite.damaged").read_bytes() == bytes(content)


def test_nothing_can_be_saved_of_what_is_no_library(library: Library) -> None:
    library.close()
    truth = library.folder / "library.sqlite"
    truth.write_bytes(b"no database at all" * 500)
    with pytest.raises(LibraryError, match=r"nothing of it can be read.*youju import"):
        upkeep.salvage(library.folder)
    assert truth.read_bytes().startswith(b"no database")
