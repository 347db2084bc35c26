"""Vectors of another model, put beside those that serve until they are complete."""

from __future__ import annotations

import json
from collections.abc import Sequence

from index.store import changes, records, schema
from index.store.truth import Store
from index.types import Article, Vectors


def begin(store: Store, model: str, fingerprint: str) -> str:
    """The table that the vectors of a model go to: one that was begun before, or a new one."""
    begun = under_way(store)
    if begun and begun["fingerprint"] == fingerprint:
        return begun["table"]
    with store.connections.named(), store.connections.mine as db:
        db.execute("BEGIN IMMEDIATE")
        for table in set(changes.vector_tables(db)) - {_serving(store)}:
            db.execute(f"DROP TABLE {table}")
        table = f"vectors_{int(_serving(store).removeprefix('vectors_')) + 1}"
        db.execute(schema.VECTORS.format(table=table))
        facts = json.dumps({"table": table, "model": model, "fingerprint": fingerprint})
        db.execute("INSERT OR REPLACE INTO meta VALUES ('migrating', ?)", (facts,))
    return table


def under_way(store: Store) -> dict[str, str]:
    """What was begun and not finished: table, model, fingerprint; empty when nothing was."""
    facts = store.meta("migrating")
    return json.loads(facts) if facts else {}


def done(store: Store, table: str) -> int:
    """How many passages have their vector in a table."""
    with store.connections.named():
        (count,) = store.connections.mine.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)


def missing(store: Store, table: str, limit: int) -> list[tuple[int, int, int, Article]]:
    """The next passages without a vector in a table: (id, start, end, article)."""
    with store.connections.named():
        db = store.connections.mine
        (last,) = db.execute(f"SELECT max(id) FROM {table}").fetchone()  # they come in order
        rows = db.execute(
            "SELECT id, start, end, article FROM passages WHERE id > ? ORDER BY id LIMIT ?",
            (last or 0, limit),
        ).fetchall()
    articles = store.numbered({row[3] for row in rows})
    return [(i, a, b, articles[n]) for i, a, b, n in rows if n in articles]


def put(store: Store, table: str, ids: Sequence[int], vectors: Vectors) -> None:
    """Keep vectors of passages, of those that are still there."""
    with store.connections.named(), store.connections.mine as db:
        db.executemany(
            f"INSERT OR REPLACE INTO {table} SELECT id, ?, ? FROM passages WHERE id = ?",
            ((*records.vector_row(v), i) for i, v in zip(ids, vectors, strict=True)),
        )


def finish(store: Store, table: str, model: str, fingerprint: str) -> None:
    """Let the vectors of a table serve, in one transaction. The old ones go when it is compacted."""
    with store.connections.named(), store.connections.mine as db:
        db.execute("BEGIN IMMEDIATE")
        facts = {"vectors": table, "model": model, "fingerprint": fingerprint}
        db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())
        db.execute("DELETE FROM meta WHERE key = 'migrating'")
    store.reread()


def _serving(store: Store) -> str:
    return store.meta("vectors") or schema.FIRST_VECTORS
