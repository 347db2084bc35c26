"""The tables of a library's file, and how a file of an earlier format is brought to this one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from zlib import crc32

from index.store import records
from index.types import Article

FORMAT = 2
"""Format 1 had vectors and revisions in ``passages`` and no checksums, totals, days or names."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS totals (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS revisions (revision INTEGER PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS sources (
  source TEXT PRIMARY KEY, digest TEXT NOT NULL, revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL,
  first INTEGER NOT NULL, passages INTEGER NOT NULL, day INTEGER, checksum INTEGER NOT NULL,
  cuts INTEGER NOT NULL, language TEXT NOT NULL, title TEXT NOT NULL, about TEXT NOT NULL,
  runs BLOB NOT NULL, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS articles_by_source ON articles (source, first, passages);
CREATE INDEX IF NOT EXISTS articles_by_day ON articles (day, first, passages)
  WHERE day IS NOT NULL;
CREATE TABLE IF NOT EXISTS labels (
  label TEXT NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (label, article)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS passages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL, start INTEGER NOT NULL,
  end INTEGER NOT NULL, key INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS removed (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS removed_by_revision ON removed (revision);
"""
"""``revisions.last``: the highest passage id at a revision; ids grow, so what came later is above.
``articles.first``, ``passages``: the ids of its passages are consecutive. ``day`` counts as
``date.toordinal``. ``labels``: names in the byline and sections, for filters. ``passages.key``
hashes the text that was embedded. ``removed``: ids that went, for indexes that catch up."""
VECTORS = (
    "CREATE TABLE IF NOT EXISTS {table} "
    "(id INTEGER PRIMARY KEY, vector BLOB NOT NULL, checksum INTEGER NOT NULL)"
)
FIRST_VECTORS = "vectors_1"


def create(db: sqlite3.Connection) -> None:
    """Make the tables of a new file."""
    db.execute("PRAGMA journal_mode = WAL")
    db.executescript(
        f"BEGIN IMMEDIATE; {SCHEMA} {VECTORS.format(table=FIRST_VECTORS)};"
        f"INSERT OR IGNORE INTO meta VALUES ('format', '{FORMAT}'), ('vectors', '{FIRST_VECTORS}');"
        "COMMIT;"
    )


Entry = tuple[int, int, Article, Sequence[records.NewPassage]]
"""An article on its way in: its number, the number of its first passage, it, its passages."""


def insert(db: sqlite3.Connection, entries: Iterable[Entry], table: str) -> None:
    """Put articles in with their passages, whose vectors go to ``table``."""
    articles, labels, passages, vectors = [], [], [], []
    for number, first, article, own in entries:
        own = list(own)
        cuts = [(p.start, p.end, p.key) for p in own]
        articles.append(
            {
                **records.article_row(article),
                "number": number,
                "first": first,
                "passages": len(own),
                "day": records.day_of(article),
                "cuts": records.cuts_hash(cuts),
            }
        )
        labels += [(label, number) for label in records.labels_of(article)]
        passages += [(first + i, number, *cut) for i, cut in enumerate(cuts)]
        vectors += [(first + i, p.vector) for i, p in enumerate(own)]
    if not articles:
        return
    names = list(articles[0])
    db.executemany(
        f"INSERT INTO articles ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
        [list(row.values()) for row in articles],
    )
    db.executemany("INSERT OR IGNORE INTO labels VALUES (?, ?)", sorted(labels))
    db.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?)", passages)
    db.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", records.vector_rows(vectors))


def add_to_totals(db: sqlite3.Connection, changes: dict[str, int]) -> None:
    """Keep count: of ``sources``, ``articles``, ``passages``, and of articles by language."""
    db.executemany(
        "INSERT INTO totals VALUES (?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value",
        changes.items(),
    )
    db.execute("DELETE FROM totals WHERE value = 0")


def upgrade(db: sqlite3.Connection) -> None:
    """Bring a file of format 1 to this one, in one transaction: all of it or nothing."""
    with db:
        db.execute("BEGIN IMMEDIATE")
        (found,) = db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        if found == "1":  # else another process was first
            _from_1(db)
            db.execute("UPDATE meta SET value = ? WHERE key = 'format'", (str(FORMAT),))


def _from_1(db: sqlite3.Connection) -> None:
    for index in ("articles_by_source", "passages_by_article", "passages_by_revision"):
        db.execute(f"DROP INDEX IF EXISTS {index}")
    db.execute("ALTER TABLE articles RENAME TO old_articles")
    db.execute("ALTER TABLE passages RENAME TO old_passages")
    db.execute("CREATE INDEX old_by_article ON old_passages (article)")
    for statement in [*SCHEMA.split(";"), VECTORS.format(table=FIRST_VECTORS)]:
        db.execute(statement)
    db.execute("INSERT INTO meta VALUES ('vectors', ?)", (FIRST_VECTORS,))
    db.execute("INSERT INTO revisions SELECT revision, max(id) FROM old_passages GROUP BY revision")
    totals = {"sources": db.execute("SELECT count(*) FROM sources").fetchone()[0]}
    for (number,) in db.execute("SELECT number FROM old_articles ORDER BY number").fetchall():
        row = db.execute(
            "SELECT id, title, text, language, source, about, runs FROM old_articles"
            " WHERE number = ?",
            (number,),
        ).fetchone()
        article = records.article_of_columns(row)
        cuts = db.execute(
            "SELECT id, start, end, vector FROM old_passages WHERE article = ? ORDER BY id",
            (number,),
        ).fetchall()
        passages = [records.NewPassage(s, e, records.vector(v, crc32(v), i)) for i, s, e, v in cuts]
        insert(db, [(number, cuts[0][0] if cuts else 0, article, passages)], FIRST_VECTORS)
        counted = {"articles": 1, "passages": len(cuts), f"language {article.language}": 1}
        totals = {name: totals.get(name, 0) + counted.get(name, 0) for name in totals | counted}
    add_to_totals(db, totals)
    # Numbers that were given to passages and articles once are not given again.
    for table in ("articles", "passages"):
        (last,) = db.execute(
            "SELECT max(seq) FROM sqlite_sequence WHERE name IN (?, ?)", (table, f"old_{table}")
        ).fetchone()
        db.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        db.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, last or 0))
    for table in ("old_articles", "old_passages"):
        db.execute(f"DROP TABLE {table}")
