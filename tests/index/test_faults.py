"""Whatever happens to a library from outside, it says what, and nothing is lost."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import pytest

from index import adding, stamps, vectors
from index.encoder import FakeEncoder
from index.errors import (
    LibraryBusy,
    LibraryError,
    LibraryFull,
    LibraryNewer,
    LibraryReadOnly,
    ModelMismatch,
)
from index.keyword_docs import Prepared
from index.keywords import KeywordDoc
from index.library import Library
from index.store import FORMAT, Store
from index.tokens import Segmenter
from index.types import Mode

LIMITED = """
import json, os, resource, sys
from pathlib import Path
from index import adding, vectors
from index.encoder import FakeEncoder
from index.errors import LibraryError
from index.library import Library

home, limit, files = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
adding.PASSAGES, vectors.UNSAVED = 4, 3
try:
    with Library.open(home, encoder=FakeEncoder(64)) as library:
        library.search("预热")
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        library.add(files)
        library.compact()
    print(json.dumps(["", ""]))
except LibraryError as error:
    print(json.dumps([type(error).__name__, str(error)]))
"""

WITHOUT_RIGHTS = """
import ctypes, json, os, sys
from pathlib import Path
from index.encoder import FakeEncoder
from index.errors import LibraryError
from index.library import Library

if os.geteuid() == 0:  # who may write anywhere, unless it gives that up
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)
    assert ctypes.CDLL(None).capset(head, (ctypes.c_uint32 * 6)()) == 0
home, page = Path(sys.argv[1]), sys.argv[2]
said = []
with Library.open(home, encoder=FakeEncoder(64)) as library:
    for mode in ("hybrid", "keyword", "dense"):
        said.append([h.article.title for h in library.search("苗圃7号温室", 1, mode)])
    said.append([len(library.articles()), len(library.check())])
    for change in (lambda: library.add([page]), lambda: library.remove([page]), library.compact):
        try:
            change()
        except LibraryError as error:
            said.append([type(error).__name__, str(error)])
print(json.dumps(said))
"""


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    folder = tmp_path / "页"
    folder.mkdir()
    for i in range(16):
        text = "\n".join(f"第{j}段：苗圃{i}号温室第{j}排育苗。" * 14 for j in range(4))
        (folder / f"{i:02}.txt").write_text(f"苗圃{i}号\n{text}\n", encoding="utf-8")
    return sorted(map(str, folder.iterdir()))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "书 库 📚"


@pytest.fixture
def library(home: Path, files: list[str]) -> Iterator[Library]:
    with Library.open(home, encoder=FakeEncoder(64)) as library:
        library.add(files)
        yield library


def run(code: str, *arguments: str, root: Path) -> list[list[object]]:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    found: list[list[object]] = json.loads(done.stdout)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("limit", [0, 5_000, 40_000, 60_000, 90_000, 140_000, 200_000])
def test_a_full_disk(home: Path, files: list[str], root: Path, limit: int) -> None:
    """Files may grow no further than the limit, as on a disk without room."""
    with Library.open(home, encoder=FakeEncoder(64)) as library:
        library.add(files[:3])
        before = library.articles()
    kind, said = run(LIMITED, str(home), str(limit), *files, root=root)
    if limit <= 90_000:
        assert (kind, "takes no more" in str(said)) == ("LibraryFull", True)
        assert str(home) in str(said)
        assert "Make room" in str(said)
    with Library.open(home, encoder=FakeEncoder(64)) as library:
        assert library.check() == []
        held = library.articles()
        assert held[:3] == before
        assert {a.source for a in held} == set(library.sources())
        assert {o.outcome for o in library.add(files).files} <= {"added", "unchanged"}
        assert len(library) == 16
        assert len({h.article.id for h in library.search("温室", 200, "keyword")}) == 16
        assert library.check() == []


@pytest.mark.skipif(sys.platform != "linux", reason="gives up the rights of root as Linux has them")
def test_a_folder_that_cannot_be_written_to(
    library: Library, home: Path, files: list[str], root: Path
) -> None:
    library.close()
    for path in [*home.rglob("*"), home]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        *found, counted, add, remove, compact = run(WITHOUT_RIGHTS, str(home), files[0], root=root)
    finally:
        for path in [home, *home.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert found == [["苗圃7号"]] * 3
    assert counted == [16, 0]
    for kind, said in (add, remove, compact):
        assert kind == "LibraryReadOnly"
        assert "Give yourself the right to write" in str(said)


def test_a_second_writer_is_told(library: Library, files: list[str]) -> None:
    with Library.open(library.folder, encoder=FakeEncoder(64)) as other, library._writing():
        for change in (lambda: other.add(files), other.compact):
            with pytest.raises(LibraryBusy, match="another process is changing"):
                change()
        assert other.search("苗圃7号")[0].article.title == "苗圃7号"
        assert other.check() == []
        assert other.export(library.folder.parent / "copy") > 0


def test_a_newer_format_is_told_and_left_alone(library: Library, home: Path) -> None:
    library.close()
    store = Store(home / "library.sqlite")
    store.set_meta("format", str(FORMAT + 1))
    store.close()
    content = (home / "library.sqlite").read_bytes()
    with pytest.raises(LibraryNewer, match="Upgrade with"):
        Library.open(home)
    assert (home / "library.sqlite").read_bytes() == content


def test_another_model_is_told_with_its_mend(library: Library, home: Path) -> None:
    with pytest.raises(ModelMismatch, match=r"youju migrate --model fake --library"):
        Library.open(home, encoder=FakeEncoder(32))


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, LibraryFull),
        (errno.EDQUOT, LibraryFull),
        (errno.EACCES, LibraryReadOnly),
        (errno.EROFS, LibraryReadOnly),
        (errno.EIO, LibraryError),
    ],
)
def test_what_the_system_says_is_named(
    library: Library,
    files: list[str],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    kind: type[LibraryError],
) -> None:
    def fails(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    Path(files[0]).write_text("改版\n本报改版。\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(stamps.os, "replace", fails)
        with pytest.raises(kind, match=os.strerror(number)) as error:
            library.add(files)
        assert type(error.value) is kind
    assert library.search("本报改版")[0].article.title == "改版"  # what was finished is there
    assert library.check() == []


@contextmanager
def held_writer(
    library: Library, page: Path, inside: threading.Event, go_on: threading.Event
) -> Iterator[None]:
    """A thread that adds a page and is held in the midst of it, where ``inside`` was set."""
    library.search("预热")
    page.write_text("新桥通车\n桂花桥今日通车。\n", encoding="utf-8")
    thread = threading.Thread(target=lambda: library.add([page]))
    thread.start()
    try:
        assert inside.wait(60)
        for mode in get_args(Mode):
            assert library.search("苗圃7号", 1, mode)[0].article.title == "苗圃7号"
        yield
    finally:
        go_on.set()
        thread.join()


def test_searches_go_on_while_a_thread_adds(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one of them waits for the writer, however long it takes."""
    monkeypatch.setattr(adding, "PASSAGES", 1)
    monkeypatch.setattr(vectors, "UNSAVED", 0)
    inside, go_on = threading.Event(), threading.Event()
    encode = FakeEncoder.encode_passages

    def slow(self: FakeEncoder, texts: list[str]) -> object:
        if threading.current_thread() is not threading.main_thread():
            inside.set()
            assert go_on.wait(60)
        return encode(self, texts)

    monkeypatch.setattr(FakeEncoder, "encode_passages", slow)
    with held_writer(library, tmp_path / "new.txt", inside, go_on):
        assert library.status()["articles"] == 16
    assert library.search("桂花桥通车")[0].article.title == "新桥通车"


def test_searches_go_on_while_indexes_are_written(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, go_on = threading.Event(), threading.Event()
    made = Prepared.docs

    def slow(group: Prepared, segmenter: Segmenter) -> list[KeywordDoc]:
        inside.set()
        assert go_on.wait(60)
        return made(group, segmenter)

    monkeypatch.setattr(Prepared, "docs", slow)
    with held_writer(library, tmp_path / "new.txt", inside, go_on):
        assert library.search("桂花桥通车", 1, "dense")[0].article.title == "新桥通车"
    assert library.search("桂花桥通车", 1, "keyword")[0].article.title == "新桥通车"


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_killed_at_any_moment_in_any_change(tmp_path: Path, root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.durability", "--kills", "20", "--seed", "3"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=280,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert figures["wrong"] == []
    assert figures["kills"] == 20
    assert len(figures["in"]) >= 2


def test_a_library_of_the_earlier_format_is_brought_up(tmp_path: Path, root: Path) -> None:
    """Made as format 1 made it, table by table, it opens with every article, vector and number."""
    import sqlite3

    import numpy as np

    old, new = tmp_path / "old.sqlite", tmp_path / "new.sqlite"
    page = tmp_path / "a.txt"
    page.write_text("柳溪河治理\n一是加快拆迁。二是保障迁坟。\n记者 王云\n", encoding="utf-8")
    with Library.open(tmp_path / "lib", encoder=FakeEncoder(64)) as library:
        library.add([page])
        articles = library.articles()
    shutil.copyfile(tmp_path / "lib" / "library.sqlite", new)
    source = sqlite3.connect(new)
    db = sqlite3.connect(old)
    db.executescript(FORMAT_1)
    row = source.execute(
        "SELECT number, id, source, language, title, text, about, runs FROM articles"
    ).fetchone()
    db.execute("INSERT INTO articles VALUES (5, ?, ?, ?, ?, ?, ?, ?)", row[1:])
    vector = source.execute("SELECT vector FROM vectors_1").fetchone()[0]
    db.execute("INSERT INTO passages VALUES (9, 5, 0, 7, ?, 3)", (vector,))
    db.execute("INSERT INTO passages VALUES (10, 5, 7, 14, ?, 3)", (vector,))
    db.execute("INSERT INTO sources VALUES (?, 'digest', 3)", (str(page),))
    db.execute("INSERT INTO removed VALUES (12, 4)")
    db.execute("UPDATE sqlite_sequence SET seq = 12 WHERE name = 'passages'")
    db.execute("INSERT INTO meta VALUES ('format', '1'), ('revision', '4'), ('model', 'fake')")
    db.commit()
    db.close()
    source.close()
    store = Store(old)
    assert store.meta("format") == str(FORMAT)
    assert (store.revision, store.counts()) == (4, (1, 1, 2))
    assert store.articles() == articles
    assert [r[:3] for r in store.added_since(0)] == [(9, 0, 7), (10, 7, 14)]
    assert [r[0] for r in store.added_since(3)] == []
    assert store.removed_since(3) == [12]
    assert store.vectors([9])[9].astype(np.float16).tobytes() == vector
    assert store.known_vectors(str(page)) == {}  # what was embedded is not known of these
    from index.store.upkeep import verify

    assert list(verify(store)) == []
    store.replace_source("b", "d", [(articles[0].__class__(**_fields(articles[0], "b")), [])])
    assert store.counts() == (2, 2, 2)
    store.close()
    again = Store(old)
    assert again.articles()[0] == articles[0]
    again.close()


def _fields(article: object, source: str) -> dict[str, object]:
    names = article.__slots__  # type: ignore[attr-defined]
    return {n: getattr(article, n) for n in names} | {"id": "b1", "source": source}


FORMAT_1 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (
  source TEXT PRIMARY KEY, digest TEXT NOT NULL, revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL,
  language TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, about TEXT NOT NULL,
  runs BLOB NOT NULL);
CREATE INDEX articles_by_source ON articles (source);
CREATE TABLE passages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles (number),
  start INTEGER NOT NULL, end INTEGER NOT NULL, vector BLOB NOT NULL, revision INTEGER NOT NULL);
CREATE INDEX passages_by_article ON passages (article);
CREATE INDEX passages_by_revision ON passages (revision);
CREATE TABLE removed (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL);
CREATE INDEX removed_by_revision ON removed (revision);
"""
