"""Articles, passages and their vectors in one SQLite file: the truth. The only room of sqlite3.

Every change is one transaction that raises the revision. What was removed leaves its passage id
behind with the revision at which it went, so that derived indexes can catch up.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import LibraryDamaged, LibraryNewer
from index.types import Article, Origin, PartialDate, Passage, Run, Vectors

FORMAT = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sources (
  source TEXT PRIMARY KEY, digest TEXT NOT NULL, revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL,
  language TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, about TEXT NOT NULL,
  runs BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS articles_by_source ON articles (source);
CREATE TABLE IF NOT EXISTS passages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles (number),
  start INTEGER NOT NULL, end INTEGER NOT NULL, vector BLOB NOT NULL, revision INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS passages_by_article ON passages (article);
CREATE INDEX IF NOT EXISTS passages_by_revision ON passages (revision);
CREATE TABLE IF NOT EXISTS removed (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS removed_by_revision ON removed (revision);
"""
_ARTICLE = "SELECT a.id, a.title, a.text, a.language, a.source, a.about, a.runs FROM articles a "
_TRIES = 100  # with 0.05 s between them
_MANY = 500  # ids in one statement; SQLite's own limit is higher


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage on its way in: its place in the article and its vector, shape ``(dimension,)``."""

    start: int
    end: int
    vector: Vectors


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the article it belongs to."""

    passage: Passage
    article: Article


class Store:
    """One SQLite file. Safe for many readers and one writer, in threads and processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # A connection for each thread: a reader in one thread must not see the open
        # transaction of a writer in another.
        self._local = threading.local()
        self._opening = threading.Lock()
        self._connections: dict[threading.Thread, sqlite3.Connection] = {}
        try:
            found = self._format()
        except (sqlite3.DatabaseError, ValueError) as error:
            self.close()
            raise LibraryDamaged(
                f"{path}: not a Youju library file ({error}). "
                "Restore it from a copy, or delete the library's folder and add the files again."
            ) from error
        if found > FORMAT:
            self.close()
            raise LibraryNewer(
                f"{path}: written in format {found}, this Youju reads up to {FORMAT}. "
                "Upgrade with: pip install --upgrade youju"
            )

    def close(self) -> None:
        """Close the file, in every thread."""
        with self._opening:
            while self._connections:
                self._connections.popitem()[1].close()
            self._local = threading.local()

    @property
    def _db(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, timeout=30, check_same_thread=False)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
            self._local.connection = connection
            self._keep(connection)
        return connection

    def _keep(self, connection: sqlite3.Connection) -> None:
        """Note this thread's connection, and close those of threads that have ended."""
        with self._opening:
            for ended in [t for t in self._connections if not t.is_alive()]:
                self._connections.pop(ended).close()
            self._connections[threading.current_thread()] = connection

    @property
    def revision(self) -> int:
        """How many changes the library has seen."""
        return int(self.meta("revision") or 0)

    def meta(self, key: str) -> str | None:
        """A fact of the library, or None."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Keep a fact of the library."""
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def digest(self, source: str) -> str | None:
        """The hash of a source's content when it was added, or None."""
        row = self._db.execute("SELECT digest FROM sources WHERE source = ?", (source,)).fetchone()
        return None if row is None else str(row[0])

    def sources(self) -> list[str]:
        """All sources, sorted."""
        return [r[0] for r in self._db.execute("SELECT source FROM sources ORDER BY source")]

    def replace_source(
        self,
        source: str,
        digest: str,
        articles: Sequence[tuple[Article, Sequence[NewPassage]]],
    ) -> int:
        """Put a source's articles in the place of those it had, in one transaction; the revision."""
        with self._change() as revision:
            self._drop(source, revision)
            self._db.execute("INSERT INTO sources VALUES (?, ?, ?)", (source, digest, revision))
            for article, passages in articles:
                number = self._db.execute(
                    "INSERT INTO articles (id, source, language, title, text, about, runs)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    _article_row(article),
                ).lastrowid
                self._db.executemany(
                    "INSERT INTO passages (article, start, end, vector, revision)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (
                        (number, p.start, p.end, p.vector.astype(np.float16).tobytes(), revision)
                        for p in passages
                    ),
                )
        return revision

    def remove_source(self, source: str) -> int:
        """Forget a source in one transaction; how many articles went."""
        with self._change() as revision:
            return self._drop(source, revision)

    def counts(self) -> tuple[int, int, int]:
        """How many sources, articles and passages there are."""
        return tuple(  # type: ignore[return-value]
            int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for table in ("sources", "articles", "passages")
        )

    def languages(self) -> set[str]:
        """The languages of the articles."""
        return {r[0] for r in self._db.execute("SELECT DISTINCT language FROM articles")}

    def articles(self) -> list[Article]:
        """All articles, in the order in which they came."""
        return [_article(r) for r in self._db.execute(_ARTICLE + "ORDER BY a.number")]

    def article(self, article_id: str) -> Article | None:
        """One article by its id."""
        row = self._db.execute(_ARTICLE + "WHERE a.id = ?", (article_id,)).fetchone()
        return None if row is None else _article(row)

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Passages by id with their articles; ids that are gone are left out."""
        found: dict[int, StoredPassage] = {}
        articles: dict[int, Article | None] = {}
        for chunk in _chunks(list(ids)):
            # An article may be long: it is read once, not with each of its passages.
            rows = self._db.execute(
                "SELECT id, start, end, article FROM passages"
                f" WHERE id IN ({','.join('?' * len(chunk))})",
                chunk,
            ).fetchall()
            for number, start, end, holder in rows:
                if holder not in articles:
                    articles[holder] = self._numbered(holder)
                article = articles[holder]
                if article is not None:
                    passage = Passage(number, article.id, start, end, article.text[start:end])
                    found[number] = StoredPassage(passage, article)
        return found

    def vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """The vectors of passages, each of shape ``(dimension,)``."""
        found: dict[int, Vectors] = {}
        for chunk in _chunks(list(ids)):
            rows = self._db.execute(
                f"SELECT id, vector FROM passages WHERE id IN ({','.join('?' * len(chunk))})", chunk
            )
            found.update(
                (i, np.frombuffer(v, dtype=np.float16).astype(np.float32)) for i, v in rows
            )
        return found

    def added_since(self, revision: int) -> Iterator[tuple[int, int, int, Article]]:
        """Passages that came after a revision: (id, start, end, article), by article."""
        rows = self._db.execute(
            "SELECT id, start, end, article FROM passages WHERE revision > ? ORDER BY id",
            (revision,),
        )
        article, holding = None, -1
        for number, start, end, holder in rows:  # while these are read, no change is seen
            if holder != holding:
                article, holding = self._numbered(holder), holder
            if article is not None:
                yield number, start, end, article

    def vectors_since(self, revision: int) -> Iterator[tuple[int, Vectors]]:
        """The vectors of the passages that came after a revision, by passage id."""
        rows = self._db.execute(
            "SELECT id, vector FROM passages WHERE revision > ? ORDER BY id", (revision,)
        )
        return ((i, np.frombuffer(v, np.float16).astype(np.float32)) for i, v in rows)

    def removed_since(self, revision: int) -> list[int]:
        """Ids of passages that went after a revision."""
        rows = self._db.execute("SELECT id FROM removed WHERE revision > ?", (revision,))
        return [int(r[0]) for r in rows]

    def _numbered(self, number: int) -> Article | None:
        row = self._db.execute(_ARTICLE + "WHERE a.number = ?", (number,)).fetchone()
        return None if row is None else _article(row)

    def _format(self) -> int:
        """The file's format; a new file is made ready, patiently when others make it too."""
        for _ in range(_TRIES):
            try:
                if not self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    self._create()
                break
            except sqlite3.OperationalError as error:
                # Turning to WAL does not wait for a lock as everything else does.
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(0.05)
        return int(self.meta("format") or 0)

    def _create(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.executescript(
            f"BEGIN IMMEDIATE; {_SCHEMA} INSERT OR IGNORE INTO meta VALUES ('format', '{FORMAT}');"
            "COMMIT;"
        )

    @contextmanager
    def _change(self) -> Iterator[int]:
        """One transaction, at a revision of its own."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            revision = self.revision + 1
            yield revision
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('revision', ?)", (str(revision),))

    def _drop(self, source: str, revision: int) -> int:
        where = "article IN (SELECT number FROM articles WHERE source = ?)"
        self._db.execute(
            f"INSERT OR REPLACE INTO removed SELECT id, ? FROM passages WHERE {where}",
            (revision, source),
        )
        self._db.execute(f"DELETE FROM passages WHERE {where}", (source,))
        gone = self._db.execute("DELETE FROM articles WHERE source = ?", (source,)).rowcount
        self._db.execute("DELETE FROM sources WHERE source = ?", (source,))
        return gone


def _article_row(article: Article) -> tuple[Any, ...]:
    about = {
        "origin": [article.origin.first_line, article.origin.last_line, article.origin.page],
        "published": article.published.isoformat() if article.published else None,
        "event": str(article.event) if article.event else None,
        "byline": article.byline,
        "byline_span": article.byline_span,
        "section": article.section,
        "kicker": article.kicker,
    }
    runs = np.array(
        [(r.text_start, r.file_start, r.length, r.line) for r in article.runs], dtype=np.int64
    )
    return (
        article.id,
        article.source,
        article.language,
        article.title,
        article.text,
        json.dumps(about, ensure_ascii=False),
        runs.tobytes(),
    )


def _article(row: Sequence[Any]) -> Article:
    article_id, title, text, language, source, about_json, runs_blob = row
    about = json.loads(about_json)
    runs = np.frombuffer(runs_blob, dtype=np.int64).reshape(-1, 4).tolist()
    return Article(
        id=article_id,
        title=title,
        text=text,
        language=language,
        source=source,
        origin=Origin(*about["origin"]),
        published=date.fromisoformat(about["published"]) if about["published"] else None,
        byline=about["byline"],
        section=about["section"],
        kicker=about["kicker"],
        event=_partial_date(about["event"]),
        byline_span=tuple(about["byline_span"]) if about["byline_span"] else None,
        runs=tuple(Run(*r) for r in runs),
    )


def _partial_date(text: str | None) -> PartialDate | None:
    if not text:
        return None
    *year, month, day = (int(part) for part in text.split("-"))
    return PartialDate(month, day, year[0] if year else None)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for i in range(0, len(ids), _MANY):
        yield ids[i : i + _MANY]
