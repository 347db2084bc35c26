"""What a change writes: a source's articles put in, or taken out, within an open transaction."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence

from index.store import records, schema
from index.store.records import NewSource
from index.types import Article

_MANY = 500  # names in one statement; SQLite's own limit is higher


def replace(
    db: sqlite3.Connection, sources: Sequence[NewSource], first_revision: int, table: str
) -> list[tuple[int, Article]]:
    """Put sources, no two of one name, in the place of what they had; their vectors go to
    ``table``. Each has a revision of its own. Returns the articles by number."""
    held = held_of(db, [change.source for change in sources])
    for revision, change in enumerate(sources, start=first_revision):
        if change.source in held:
            drop(db, change.source, revision)
    number, last = _last(db, "articles"), _last(db, "passages")
    totals, listed, ends = Counter(sources=len(sources)), [], []
    entries: list[schema.Entry] = []
    for revision, change in enumerate(sources, start=first_revision):
        for article, passages in change.articles:
            number += 1
            entries.append((number, last + 1 if passages else 0, article, passages))
            last += len(passages)
            totals.update(
                {"articles": 1, "passages": len(passages), counted_as(article.language): 1}
            )
        listed.append((change.source, change.digest, revision))
        ends.append((revision, last))
    db.executemany("INSERT INTO sources VALUES (?, ?, ?)", listed)
    schema.insert(db, entries, table)
    db.executemany("INSERT OR REPLACE INTO revisions VALUES (?, ?)", ends)
    schema.add_to_totals(db, totals)
    return [(number, article) for number, _, article, _ in entries]


def held_of(db: sqlite3.Connection, sources: Sequence[str]) -> set[str]:
    """Those of the sources of which anything is there."""
    found: set[str] = set()
    for i in range(0, len(sources), _MANY):
        some = sources[i : i + _MANY]
        marks = ",".join("?" * len(some))
        for kind in ("sources", "articles"):
            rows = db.execute(f"SELECT source FROM {kind} WHERE source IN ({marks})", some)
            found.update(source for (source,) in rows)
    return found


def _last(db: sqlite3.Connection, table: str) -> int:
    """The highest number that a table's rows ever had."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(row[0]) if row else 0


def drop(db: sqlite3.Connection, source: str, revision: int) -> int:
    """Take a source out, noting the ids of its passages; how many articles went."""
    rows = db.execute(
        "SELECT number, first, passages, language FROM articles WHERE source = ?", (source,)
    ).fetchall()
    spans = [(first, first + count - 1) for _, first, count, _ in rows if count]
    tables = vector_tables(db)
    for first, last in spans:
        db.execute(
            "INSERT OR REPLACE INTO removed SELECT id, ? FROM passages WHERE id BETWEEN ? AND ?",
            (revision, first, last),
        )
        for table in ("passages", *tables):
            db.execute(f"DELETE FROM {table} WHERE id BETWEEN ? AND ?", (first, last))
    for number, *_ in rows:
        _drop_labels(db, number)
    db.execute("DELETE FROM articles WHERE source = ?", (source,))
    known = db.execute("DELETE FROM sources WHERE source = ?", (source,)).rowcount
    totals = Counter(counted_as(language) for *_, language in rows)
    totals["articles"] = len(rows)
    totals["passages"] = sum(count for _, _, count, _ in rows)
    totals["sources"] = known
    schema.add_to_totals(db, {name: -value for name, value in totals.items()})
    return len(rows)


def _drop_labels(db: sqlite3.Connection, number: int) -> None:
    row = db.execute(f"SELECT {records.ARTICLE} FROM articles WHERE number = ?", (number,))
    try:
        labels = records.labels_of(records.article(row.fetchone()))
    except (ValueError, KeyError, TypeError):  # damaged: any may be its own
        db.execute("DELETE FROM labels WHERE article = ?", (number,))
        return
    db.executemany(
        "DELETE FROM labels WHERE label = ? AND article = ?", ((la, number) for la in labels)
    )


_VECTOR_TABLES = (
    r"SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'vectors\_%' ESCAPE '\'"
)


def vector_tables(db: sqlite3.Connection) -> list[str]:
    """The tables of vectors: one, or more while the library is migrated to another model."""
    return [r[0] for r in db.execute(_VECTOR_TABLES)]


def counted_as(language: str) -> str:
    """The name in ``totals`` under which the articles of a language are counted."""
    return f"language {language}"
