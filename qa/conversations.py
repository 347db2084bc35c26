"""Conversations as they are kept: SQLite, one file, each change one transaction.

A round is written before it is answered, so that one that failed, was stopped, or was cut off with
the process is still there afterwards. Conversations belong to a user (``""`` without log-in).
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from index.errors import LibraryDamaged, LibraryNewer

Outcome = Literal["open", "done", "stopped", "failed"]
"""How a round ended; ``open`` while it is being answered, or when the process was cut off."""

FORMAT = 1
NAME_LENGTH = 60
"""Characters of a conversation's name."""
_KEPT_DELETED = 24 * 3600  # seconds for which a deletion can be taken back
_SCHEMA = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, library TEXT NOT NULL, name TEXT NOT NULL,
    created REAL NOT NULL, touched REAL NOT NULL, deleted REAL);
CREATE INDEX conversations_of ON conversations (user, touched);
CREATE TABLE rounds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    question TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
    said TEXT NOT NULL DEFAULT '', answer TEXT, asked REAL NOT NULL,
    replaced INTEGER NOT NULL DEFAULT 0, rating INTEGER NOT NULL DEFAULT 0,
    remark TEXT NOT NULL DEFAULT '');
CREATE INDEX rounds_of ON rounds (conversation);
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation as listed; ``created`` and ``touched`` are seconds since 1970."""

    id: str
    user: str
    library: str
    name: str
    created: float
    touched: float


@dataclass(frozen=True, slots=True)
class KeptRound:
    """One round. ``answer`` is a record (``qa.records``); ``rating`` is 1 (good), -1 or 0 (none).

    ``reason`` says why it failed, ``remark`` why it was rated so.
    """

    id: int
    question: str
    outcome: Outcome
    reason: str
    answer: dict[str, Any] | None
    asked: float
    rating: int
    remark: str


class Conversations:
    """The conversations of one file, made when first opened. Safe from several threads."""

    def __init__(self, path: Path) -> None:
        """Raises LibraryNewer or LibraryDamaged when the file cannot be used."""
        self._path = path
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise LibraryDamaged(
                f"{path}: this is not a file of conversations ({error}). Put it aside and start again."
            ) from error

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA foreign_keys = ON")
        found = self._db.execute("PRAGMA user_version").fetchone()[0]
        if found > FORMAT:
            self._db.close()
            raise LibraryNewer(
                f"{self._path}: conversations written by a newer Youju (format {found}, "
                f"this one reads {FORMAT}). Use the newer Youju."
            )
        if found == 0:
            with self._change() as db:
                for statement in _SCHEMA.split(";"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {FORMAT}")
        with self._change() as db:
            db.execute(
                "DELETE FROM conversations WHERE deleted < ?", (time.time() - _KEPT_DELETED,)
            )

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def begin(self, user: str, library: str, question: str) -> Kept:
        """A new conversation, named from its first question."""
        now = time.time()
        kept = Kept(secrets.token_urlsafe(12), user, library, name_from(question), now, now)
        with self._change() as db:
            db.execute(
                "INSERT INTO conversations (id, user, library, name, created, touched) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (kept.id, user, library, kept.name, now, now),
            )
        return kept

    def find(self, conversation: str, user: str) -> Kept | None:
        """A conversation by its id, if it is this user's and not deleted."""
        found = self._rows(
            "SELECT * FROM conversations WHERE id = ? AND user = ? AND deleted IS NULL",
            (conversation, user),
        )
        return _kept(found[0]) if found else None

    def of(self, user: str, words: str = "", limit: int = 200) -> list[Kept]:
        """A user's conversations, the last used first; those only whose name, questions or answers
        hold all of ``words``, where some are given."""
        conditions, values = "", [user]
        for word in words.split():
            like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
            conditions += (
                " AND (name LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM rounds r "
                "WHERE r.conversation = c.id AND r.replaced = 0 "
                "AND (r.question LIKE ? ESCAPE '\\' OR r.said LIKE ? ESCAPE '\\')))"
            )
            values += [like] * 3
        found = self._rows(
            f"SELECT * FROM conversations c WHERE user = ? AND deleted IS NULL{conditions} "
            "ORDER BY touched DESC, rowid DESC LIMIT ?",
            (*values, limit),
        )
        return [_kept(row) for row in found]

    def rename(self, conversation: str, user: str, name: str) -> bool:
        """Give a conversation another name; false when it is not there or the name is blank."""
        name = " ".join(name.split())[:NAME_LENGTH]
        return bool(name) and self._touch(conversation, user, "name = ?", name)

    def delete(self, conversation: str, user: str) -> bool:
        """Delete a conversation; for a day it can be taken back with ``restore``."""
        return self._touch(conversation, user, "deleted = ?", time.time())

    def restore(self, conversation: str, user: str) -> bool:
        """Take a deletion back."""
        return self._touch(conversation, user, "deleted = ?", None, deleted=True)

    def ask(self, conversation: str, question: str, replaces: int = 0) -> int:
        """A question was asked: its round's number. ``replaces`` is the round whose place it takes."""
        now = time.time()
        with self._change() as db:
            if replaces:
                db.execute(
                    "UPDATE rounds SET replaced = 1 WHERE id = ? AND conversation = ?",
                    (replaces, conversation),
                )
            db.execute("UPDATE conversations SET touched = ? WHERE id = ?", (now, conversation))
            row = db.execute(
                "INSERT INTO rounds (conversation, question, outcome, asked) VALUES (?, ?, 'open', ?)",
                (conversation, question, now),
            )
            return int(row.lastrowid or 0)

    def end(
        self,
        number: int,
        outcome: Outcome,
        answer: dict[str, Any] | None = None,
        reason: str = "",
    ) -> None:
        """A round has ended; one that has ended already stays as it is."""
        said = str(answer["text"]) if answer else ""
        kept = json.dumps(answer, ensure_ascii=False) if answer else None
        with self._change() as db:
            db.execute(
                "UPDATE rounds SET outcome = ?, answer = ?, said = ?, reason = ? "
                "WHERE id = ? AND outcome = 'open'",
                (outcome, kept, said, reason, number),
            )

    def rounds(self, conversation: str) -> list[KeptRound]:
        """The rounds of a conversation in order, those that were replaced left out."""
        found = self._rows(
            "SELECT * FROM rounds WHERE conversation = ? AND replaced = 0 ORDER BY id",
            (conversation,),
        )
        return [_round(row) for row in found]

    def rate(self, number: int, user: str, rating: int, remark: str = "") -> bool:
        """Say that an answer is good (1) or not (-1), and why; 0 takes it back."""
        with self._change() as db:
            done = db.execute(
                "UPDATE rounds SET rating = ?, remark = ? WHERE id = ? AND conversation IN "
                "(SELECT id FROM conversations WHERE user = ?)",
                (max(-1, min(1, rating)), remark[:1000], number, user),
            )
            return done.rowcount > 0

    def rated(self, user: str) -> list[KeptRound]:
        """The rounds that a user has rated, oldest first."""
        found = self._rows(
            "SELECT r.* FROM rounds r JOIN conversations c ON c.id = r.conversation "
            "WHERE c.user = ? AND c.deleted IS NULL AND r.rating != 0 ORDER BY r.id",
            (user,),
        )
        return [_round(row) for row in found]

    def _touch(
        self, conversation: str, user: str, what: str, value: object, *, deleted: bool = False
    ) -> bool:
        with self._change() as db:
            done = db.execute(
                f"UPDATE conversations SET {what} WHERE id = ? AND user = ? "
                f"AND deleted IS {'NOT ' if deleted else ''}NULL",
                (value, conversation, user),
            )
            return done.rowcount > 0

    def _rows(self, query: str, values: tuple[object, ...]) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


def name_from(question: str) -> str:
    """A conversation's name: its first question, on one line, cut where it is long."""
    line = " ".join(question.split())
    return line if len(line) <= NAME_LENGTH else line[: NAME_LENGTH - 1] + "…"


def _kept(row: sqlite3.Row) -> Kept:
    return Kept(row["id"], row["user"], row["library"], row["name"], row["created"], row["touched"])


def _round(row: sqlite3.Row) -> KeptRound:
    return KeptRound(
        row["id"],
        row["question"],
        row["outcome"],
        row["reason"],
        json.loads(row["answer"]) if row["answer"] else None,
        row["asked"],
        row["rating"],
        row["remark"],
    )
