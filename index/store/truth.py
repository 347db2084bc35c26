"""The store itself: what is in a library's file, and each change to it as one transaction."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryDamaged, LibraryNewer
from index.store import changes, records, schema
from index.store.connections import Connections
from index.store.recent import Recent
from index.store.records import NewPassage, NewSource, StoredPassage
from index.types import Article, Filters, Passage, Vectors

_TRIES = 100  # with 0.05 s between them
_MANY = 500  # ids in one statement; SQLite's own limit is higher
_BATCH = 2048  # rows read at a time


class Store:
    """One SQLite file. Safe for many readers and one writer, in threads and processes.

    Every method raises a LibraryError that names what is wrong with the file or the disk.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connections = Connections(path)
        """The file as SQLite has it, for upkeep and migration within this package."""
        self._recent = Recent()
        self._table: str | None = None
        self._totals: tuple[int, dict[str, int]] = (-1, {})
        try:
            found = self._format()
        except (sqlite3.DatabaseError, ValueError) as error:
            self.close()
            if isinstance(error, sqlite3.DatabaseError):
                named = self.connections.in_words(error)
                if not isinstance(named, LibraryDamaged):
                    raise named from error
            raise LibraryDamaged(
                f"{path}: not a Youju library file ({error}). Restore it from a copy, or delete the "
                "library's folder and add the files again. What can still be read is saved by: "
                "youju check --repair"
            ) from error
        if found > schema.FORMAT:
            self.close()
            raise LibraryNewer(
                f"{path}: written in format {found}, this Youju reads up to {schema.FORMAT}. "
                "Upgrade with: pip install --upgrade youju"
            )
        if found < schema.FORMAT:
            with self.connections.named():
                schema.upgrade(self._db)

    def close(self) -> None:
        """Close the file, in every thread."""
        self.connections.close()

    @property
    def _db(self) -> sqlite3.Connection:
        return self.connections.mine

    @property
    def revision(self) -> int:
        """How many changes the library has seen."""
        return int(self.meta("revision") or 0)

    def meta(self, key: str) -> str | None:
        """A fact of the library, or None."""
        row = self._one("SELECT value FROM meta WHERE key = ?", (key,))
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str | None) -> None:
        """Keep a fact of the library; None forgets it."""
        with self.connections.named(), self._db:
            if value is None:
                self._db.execute("DELETE FROM meta WHERE key = ?", (key,))
            else:
                self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def digest(self, source: str) -> str | None:
        """The hash of a source's content when it was added, or None."""
        row = self._one("SELECT digest FROM sources WHERE source = ?", (source,))
        return None if row is None else str(row[0])

    def sources(self, limit: int = -1) -> list[str]:
        """All sources, or the first ``limit``, sorted."""
        rows = self.read("SELECT source FROM sources ORDER BY source LIMIT ?", (limit,))
        return [row[0] for row in rows]

    def replace_source(
        self,
        source: str,
        digest: str,
        articles: Sequence[tuple[Article, Sequence[NewPassage]]],
    ) -> int:
        """Put a source's articles in the place of those it had, in one transaction; the revision."""
        return self.replace_sources([NewSource(source, digest, articles)])

    def replace_sources(self, sources: Sequence[NewSource]) -> int:
        """The same for several sources, no two of one name, all in one transaction; each has a
        revision of its own."""
        with self._change(len(sources)) as first:
            written = changes.replace(self._db, sources, first, self.vector_table)
        for number, article in written:  # the indexes will ask for them next
            self._recent.put(number, article)
        return first + len(sources) - 1

    def held(self, sources: Sequence[str]) -> set[str]:
        """Those of the sources of which anything is there."""
        with self.connections.named():
            return changes.held_of(self._db, sources)

    def remove_source(self, source: str) -> int:
        """Forget a source in one transaction; how many articles went."""
        with self._change(1) as revision:
            return changes.drop(self._db, source, revision)

    def counts(self) -> tuple[int, int, int]:
        """How many sources, articles and passages there are."""
        totals = self._counted()
        return totals.get("sources", 0), totals.get("articles", 0), totals.get("passages", 0)

    def languages(self) -> set[str]:
        """The languages of the articles."""
        kind = "language "
        return {name.removeprefix(kind) for name in self._counted() if name.startswith(kind)}

    def days(self) -> tuple[int, int] | None:
        """The earliest and the latest day of an article, as ``date.toordinal``; None without any."""
        first, last = self.read("SELECT min(day), max(day) FROM articles WHERE day IS NOT NULL")[0]
        return None if first is None else (first, last)

    def articles(self, limit: int = -1, source: str = "") -> list[Article]:
        """All articles (of a source), or the first ``limit``, in the order in which they came."""
        where, values = ("WHERE source = ?", [source]) if source else ("", [])
        query = f"SELECT {records.ARTICLE} FROM articles {where} ORDER BY number LIMIT ?"
        rows = self.read(query, [*values, limit])
        with self.connections.named():
            return [records.article(row) for row in rows]

    def article(self, article_id: str) -> Article | None:
        """One article by its id."""
        row = self._one(f"SELECT {records.ARTICLE} FROM articles WHERE id = ?", (article_id,))
        with self.connections.named():
            return None if row is None else records.article(row)

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Passages by id with their articles; ids that are gone are left out."""
        found: dict[int, StoredPassage] = {}
        for rows in self._by_id("SELECT id, start, end, article FROM passages", list(ids)):
            # An article may be long: it is read once, not with each of its passages.
            articles = self.numbered({row[3] for row in rows})
            for number, start, end, holder in rows:
                article = articles.get(holder)
                if article is not None:
                    passage = Passage(number, article.id, start, end, article.text[start:end])
                    found[number] = StoredPassage(passage, article)
        return found

    def vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """The vectors of passages, each of shape ``(dimension,)``."""
        found, rows = self.vector_rows(ids, checked=True)
        return dict(zip(found.tolist(), rows, strict=True))

    def vector_rows(
        self, ids: Sequence[int], checked: bool = False
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Those of the ids that are there, ascending, and their vectors, shape ``(n, dimension)``.

        For searches checksums need not be looked at: they are when an index is built.
        """
        columns = f"SELECT id, vector, checksum FROM {self.vector_table}"
        found = sorted(row for rows in self._by_id(columns, list(ids)) for row in rows)
        if not found:
            return np.zeros(0, np.int64), np.zeros((0, 0), np.float32)
        with self.connections.named():
            rows = records.vectors(found, checked)
        return np.array([i for i, _, _ in found], np.int64), rows

    def known_vectors(self, source: str) -> dict[int, Vectors]:
        """The vectors of a source's passages by the keys of the texts that were embedded."""
        rows = self.read(
            f"SELECT p.key, v.vector, v.checksum, p.id FROM articles a JOIN passages p"
            f" ON p.id BETWEEN a.first AND a.first + a.passages - 1 JOIN {self.vector_table} v"
            " ON v.id = p.id WHERE a.source = ?",
            (source,),
        )
        with self.connections.named():
            known = {key: records.vector(v, check, i) for key, v, check, i in rows}
        known.pop(records.UNKNOWN, None)
        return known

    @property
    def vector_table(self) -> str:
        """The table of the vectors that serve: the same until ``reread``, whatever others do."""
        if self._table is None:
            self._table = self.meta("vectors") or schema.FIRST_VECTORS
        return self._table

    def reread(self) -> None:
        """Take the vectors that serve now: those of another model, if the library was migrated."""
        self._table = None

    def added_since(self, revision: int) -> Iterator[tuple[int, int, int, Article, int]]:
        """Passages that came after a revision, by id: (id, start, end, article, its revision).

        Passages that come while these are read may be among them or not.
        """
        query = "SELECT id, start, end, article FROM passages WHERE id > ? ORDER BY id LIMIT ?"
        last = self._last_at(revision)
        bounds = self.read(
            "SELECT last, revision FROM revisions WHERE revision > ? ORDER BY last", (revision,)
        )
        at = 0
        while rows := self.read(query, (last, _BATCH)):
            articles: dict[int, Article] = {}
            for number, start, end, holder in rows:
                if holder not in articles:  # one at a time, and none kept: they may be long
                    articles = self.numbered({holder}, keep=False)
                while at < len(bounds) and bounds[at][0] < number:
                    at += 1
                if at == len(bounds):
                    return  # came after this began
                if holder in articles:
                    yield number, start, end, articles[holder], bounds[at][1]
            last = rows[-1][0]

    def vectors_since(self, revision: int) -> Iterator[tuple[NDArray[np.int64], Vectors]]:
        """Ids and vectors of the passages that came after a revision, some thousands at a time."""
        last = self._last_at(revision)
        query = (
            f"SELECT id, vector, checksum FROM {self.vector_table} WHERE id > ? ORDER BY id LIMIT ?"
        )
        while rows := self.read(query, (last, _BATCH)):
            with self.connections.named():
                vectors = records.vectors(rows)
            yield np.array([r[0] for r in rows], np.int64), vectors
            last = rows[-1][0]

    def sample_vectors(self, count: int, seed: int = 0) -> Vectors:
        """Vectors of about ``count`` passages picked at random, shape ``(≤ count, dimension)``."""
        table = self.vector_table
        low, high = self.read(f"SELECT min(id), max(id) FROM {table}")[0]
        if low is None:
            return np.zeros((0, 0), np.float32)
        held = max(1, self.counts()[2])
        wanted = min(high - low + 1, int(1.05 * count * (high - low + 1) / held) + 1)
        picked = np.random.default_rng(seed).choice(high - low + 1, wanted, replace=False) + low
        found = self.vectors(sorted(picked.tolist()))
        return np.stack(list(found.values()))[:count] if found else np.zeros((0, 0), np.float32)

    def passages_since(self, revision: int) -> int:
        """At most how many passages came after a revision: some may be gone again."""
        row = self._one("SELECT last FROM revisions ORDER BY revision DESC LIMIT 1")
        return int(row[0]) - self._last_at(revision) if row else 0

    def removed_since(self, revision: int) -> list[int]:
        """Ids of passages that went after a revision."""
        return [r[0] for r in self.read("SELECT id FROM removed WHERE revision > ?", (revision,))]

    def allowed(self, where: Filters) -> NDArray[np.int64]:
        """The ids of all passages that a filter lets through, in ascending order."""
        from index.store import filters

        query, values = filters.condition(where)
        rows = self.read(f"SELECT a.first, a.passages FROM articles a WHERE {query}", values)
        return filters.ids(rows)

    def numbered(self, numbers: set[int], keep: bool = True) -> dict[int, Article]:
        """Articles by number, those that were read last without asking the file."""
        found = {n: a for n in numbers if (a := self._recent.get(n)) is not None}
        missing = list(numbers - found.keys())
        columns = f"SELECT {records.ARTICLE}, number FROM articles"
        for rows in self._by_id(columns, missing, "number"):
            for *row, number in rows:
                with self.connections.named():
                    found[number] = records.article(row)
                if keep:
                    self._recent.put(number, found[number])
        return found

    def _last_at(self, revision: int) -> int:
        row = self._one(
            "SELECT last FROM revisions WHERE revision <= ? ORDER BY revision DESC LIMIT 1",
            (revision,),
        )
        return 0 if row is None else int(row[0])

    def _counted(self) -> dict[str, int]:
        revision = self.revision
        if self._totals[0] != revision:
            self._totals = (revision, dict(self.read("SELECT name, value FROM totals")))
        return self._totals[1]

    def _one(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        with self.connections.named():
            found: tuple[Any, ...] | None = self._db.execute(query, values).fetchone()
        return found

    def read(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self.connections.named():
            return self._db.execute(query, values).fetchall()

    def _by_id(
        self, query: str, ids: list[int], column: str = "id"
    ) -> Iterator[list[tuple[Any, ...]]]:
        for i in range(0, len(ids), _MANY):
            chunk = ids[i : i + _MANY]
            yield self.read(f"{query} WHERE {column} IN ({','.join('?' * len(chunk))})", chunk)

    def _format(self) -> int:
        """The file's format; a new file is made ready, patiently when others make it too."""
        for _ in range(_TRIES):
            try:
                if not self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    schema.create(self._db)
                break
            except sqlite3.OperationalError as error:
                # Turning to WAL does not wait for a lock as everything else does.
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(0.05)
        row = self._db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        return int(row[0]) if row else 0

    @contextmanager
    def _change(self, count: int) -> Iterator[int]:
        """One transaction for ``count`` changes; gives the first one's revision."""
        with self.connections.named(), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            revision = self.revision + 1
            yield revision
            now = datetime.now(UTC).isoformat(timespec="seconds")
            self._db.executemany(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)",
                [("revision", str(revision + count - 1)), ("changed", now)],
            )
