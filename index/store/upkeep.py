"""Looking after a library's file: is all of it as it was written, making it small, copying it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index import stamps
from index.errors import LibraryDamaged, LibraryError
from index.store import changes, records, schema
from index.store.records import NewPassage
from index.store.truth import Store
from index.types import Article

_AT_ONCE = 500  # articles


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, and the source that it is about, if it is one."""

    what: str
    source: str | None = None


def verify(store: Store) -> Iterator[Finding]:
    """What is wrong with the file: nothing, when nothing is yielded. Reads every byte of it."""
    db = store.connections.mine
    try:
        for (line,) in db.execute("PRAGMA integrity_check(20)"):
            if line != "ok":
                yield Finding(line)
        yield from _articles(db, store.vector_table)
        yield from _totals(db)
    except sqlite3.DatabaseError as error:
        yield Finding(f"cannot be read further ({error})")


def _articles(db: sqlite3.Connection, table: str) -> Iterator[Finding]:
    last = last_passage = 0
    columns = f"{records.ARTICLE}, number, first, passages, cuts"
    query = f"SELECT {columns} FROM articles WHERE number > ? ORDER BY number LIMIT {_AT_ONCE}"
    while rows := db.execute(query, (last,)).fetchall():
        for *row, number, first, count, cuts in rows:
            last, source = number, row[4]
            try:
                text = records.article(row).text
            except (records.Damage, ValueError, KeyError, TypeError) as error:
                yield Finding(str(error), source)
                continue
            found = db.execute(
                "SELECT p.start, p.end, p.key, p.article, v.vector, v.checksum, p.id FROM passages p"
                f" LEFT JOIN {table} v ON v.id = p.id WHERE p.id BETWEEN ? AND ? ORDER BY p.id",
                (first, first + count - 1),
            ).fetchall()
            if not _fits(found, number, count, cuts, len(text)):
                yield Finding(
                    f"the passages of article {row[0]!r} of {source!r} do not fit", source
                )
            elif count:
                if first <= last_passage:
                    yield Finding(f"passages of article {row[0]!r} belong to two", source)
                last_passage = first + count - 1
                yield from _vectors(found, source)


def _fits(found: list[tuple[object, ...]], number: int, count: int, cuts: int, end: int) -> bool:
    places = [(int(r[0]), int(r[1]), int(r[2])) for r in found]  # type: ignore[call-overload]
    return (
        len(found) == count
        and all(row[3] == number for row in found)
        and records.cuts_hash(places) == cuts
        and all(0 <= a <= b <= end for a, b, _ in places)
    )


def _vectors(found: list[tuple[object, ...]], source: str) -> Iterator[Finding]:
    for *_, data, check, number in found:
        if data is None:
            yield Finding(f"passage {number} of {source!r} has no vector", source)
            continue
        try:
            records.vector(data, check, number)  # type: ignore[arg-type]
        except (records.Damage, ValueError, TypeError) as error:
            yield Finding(f"{error} ({source})", source)


def _totals(db: sqlite3.Connection) -> Iterator[Finding]:
    kept = dict(db.execute("SELECT name, value FROM totals"))
    for name in ("sources", "articles", "passages"):
        (held,) = db.execute(f"SELECT count(*) FROM {name}").fetchone()
        if held != kept.get(name, 0):
            yield Finding(f"{held} {name} are there, {kept.get(name, 0)} are counted")
    lost = db.execute(
        "SELECT DISTINCT source FROM articles WHERE source NOT IN (SELECT source FROM sources)"
    )
    for (source,) in lost.fetchall():
        yield Finding(f"articles of {source!r}, which is not listed", source)


def recount(store: Store) -> None:
    """Count again what ``totals`` keep."""
    with store.connections.named(), store.connections.mine as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("DELETE FROM totals")
        totals = {
            name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("sources", "articles", "passages")
        }
        languages = db.execute("SELECT language, count(*) FROM articles GROUP BY language")
        totals |= {changes.counted_as(language): count for language, count in languages.fetchall()}
        schema.add_to_totals(db, totals)


def compact(store: Store) -> bool:
    """Write the file anew without what was removed; whether nothing of it is left in the log.

    It is not while another process is reading: its end, or the next compacting, sees to it.
    """
    with store.connections.named():
        db = store.connections.mine
        unused = set(changes.vector_tables(db)) - {store.vector_table}
        if store.meta("migrating") is None:
            for table in unused:
                db.execute(f"DROP TABLE {table}")
        db.execute("VACUUM")
        busy, *_ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def snapshot(store: Store, target: Path, words: str) -> None:
    """A copy of the file at one moment, in one file, while others read and write.

    ``words`` are the user's own, kept in the copy.
    """
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with store.connections.named():
            store.connections.mine.execute("VACUUM INTO ?", (str(part),))
            with closing(sqlite3.connect(part)) as copy, copy:
                copy.execute("INSERT OR REPLACE INTO meta VALUES ('words', ?)", (words,))
        with open(part, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, target)
    except OSError as error:
        raise stamps.in_words(target, error) from error
    finally:
        part.unlink(missing_ok=True)


def restore(copy: Path, truth: Path) -> str:
    """Make a library's file of a copy; the user's words in it. Raises LibraryDamaged or LibraryNewer."""
    part = truth.with_name(truth.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(part)) as target,
        ):
            source.backup(target)
        store = Store(part)
        findings = list(verify(store))
        words = store.meta("words") or ""
        store.set_meta("words", None)
        store.connections.mine.execute("PRAGMA journal_mode = WAL")
        store.close()
        if findings:
            raise LibraryDamaged(f"{copy}: damaged ({findings[0].what}). Take another copy.")
        os.replace(part, truth)
    except sqlite3.DatabaseError as error:
        raise LibraryDamaged(f"{copy}: not a copy of a library ({error}).") from error
    except OSError as error:
        raise stamps.in_words(truth, error) from error
    finally:
        for suffix in ("", "-wal", "-shm"):
            part.with_name(part.name + suffix).unlink(missing_ok=True)
    return words


def salvage(truth: Path) -> tuple[int, list[str]]:
    """Put every source that can be read in a new file in the place of a damaged one.

    How many there were, and those that were lost. The damaged file is kept, as ``….damaged``.
    Raises LibraryError when nothing can be read.
    """
    new = truth.with_name(truth.name + ".part")
    new.unlink(missing_ok=True)
    fresh, lost, saved = Store(new), [], 0
    with closing(sqlite3.connect(f"{truth.absolute().as_uri()}?mode=ro", uri=True)) as db:
        try:
            sources = db.execute("SELECT source, digest FROM sources").fetchall()
            facts = dict(db.execute("SELECT key, value FROM meta").fetchall())
        except sqlite3.DatabaseError as error:
            fresh.close()
            new.unlink(missing_ok=True)
            raise LibraryError(
                f"{truth}: nothing of it can be read ({error}). Restore it from a copy (youju "
                "import), or delete the library's folder and add the files again."
            ) from error
        for source, digest in sources:
            try:
                entries = _read(db, source, facts.get("vectors", schema.FIRST_VECTORS))
            except (sqlite3.DatabaseError, ValueError, KeyError, TypeError):
                lost.append(source)
                continue
            fresh.replace_source(source, digest, entries)
            saved += 1
    for key in ("model", "fingerprint"):
        fresh.set_meta(key, facts.get(key))
    fresh.close()
    for suffix in ("-wal", "-shm"):
        truth.with_name(truth.name + suffix).unlink(missing_ok=True)
    os.replace(truth, truth.with_name(truth.name + ".damaged"))
    os.replace(new, truth)
    return saved, lost


def _read(
    db: sqlite3.Connection, source: str, table: str
) -> list[tuple[Article, list[NewPassage]]]:
    entries = []
    for *row, first, count, cuts in db.execute(
        f"SELECT {records.ARTICLE}, first, passages, cuts FROM articles WHERE source = ?"
        " ORDER BY number",
        (source,),
    ).fetchall():
        found = db.execute(
            f"SELECT p.start, p.end, p.key, v.vector, v.checksum, p.id FROM passages p JOIN {table} v"
            " ON v.id = p.id WHERE p.id BETWEEN ? AND ? ORDER BY p.id",
            (first, first + count - 1),
        ).fetchall()
        if len(found) != count or records.cuts_hash(r[:3] for r in found) != cuts:
            raise records.Damage("passages do not fit")
        passages = [NewPassage(a, b, records.vector(v, c, i), k) for a, b, k, v, c, i in found]
        entries.append((records.article(row), passages))
    return entries
