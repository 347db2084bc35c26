"""Connections to a library's file: one for each thread, and what SQLite says in words of ours."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index import stamps
from index.errors import (
    LibraryBusy,
    LibraryDamaged,
    LibraryError,
    LibraryReadOnly,
)
from index.store.records import Damage

_PATIENCE = 30.0  # seconds, for another process's transaction
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_CANNOT_WRITE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
_MEND = "Mend it with: youju check --repair; or restore it from a copy (youju export makes one)"


class Connections:
    """The connections to one file. A reader in one thread must not see the open transaction of a
    writer in another, so each thread has its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, sqlite3.Connection] = {}

    @property
    def mine(self) -> sqlite3.Connection:
        """This thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            self._local.connection = connection
            self._keep(connection)
        return connection

    def close(self) -> None:
        """Close the file, in every thread."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()
            self._local = threading.local()

    @contextmanager
    def named(self) -> Iterator[None]:
        """Say in words of ours what goes wrong in it."""
        try:
            yield
        except Damage as damage:
            raise LibraryDamaged(f"{self.path}: {damage}. {_MEND}.") from damage
        except sqlite3.DatabaseError as error:
            raise self.in_words(error) from error

    def _connect(self) -> sqlite3.Connection:
        read_only = not os.access(self.path.parent, os.W_OK) or (
            self.path.exists() and not os.access(self.path, os.W_OK)
        )
        where = self.path.absolute().as_uri()
        if read_only:
            # Without a folder to write to SQLite cannot share a file with others. Nothing waits
            # in its log, so that nothing is overlooked when it is taken as it stands.
            log = self.path.with_name(f"{self.path.name}-wal")
            where += "?mode=ro" if log.exists() and log.stat().st_size else "?immutable=1"
        connection = sqlite3.connect(where, timeout=_PATIENCE, check_same_thread=False, uri=True)
        connection.execute("PRAGMA synchronous = FULL")
        # What is removed is written over, in the file and in its log, not just let go.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA cache_size = -16000")
        # In SQLite's 1,000 pages are few changes of a long adding, and each copying of the log
        # into the file waits for the disk twice. 16 MB; what is committed is in the log at once.
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        return connection

    def _keep(self, connection: sqlite3.Connection) -> None:
        """Note this thread's connection, and close those of threads that have ended."""
        with self._lock:
            for ended in [t for t in self._open if not t.is_alive()]:
                self._open.pop(ended).close()
            self._open[threading.current_thread()] = connection

    def in_words(self, error: sqlite3.DatabaseError) -> LibraryError:
        """What SQLite says, as an error of ours."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        primary = code & 0xFF
        if primary in _DAMAGE or not isinstance(error, sqlite3.OperationalError):
            return LibraryDamaged(f"{self.path}: damaged ({error}). {_MEND}.")
        if primary == sqlite3.SQLITE_BUSY:
            return LibraryBusy(
                f"{self.path}: another process is changing this library. Try again when it is done."
            )
        if primary in _CANNOT_WRITE:
            return LibraryReadOnly(
                f"{self.path}: cannot be written ({error}). "
                "Give yourself the right to write there, or copy the library's folder elsewhere."
            )
        if primary == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_WRITE:
            return stamps.full(self.path, str(error))
        if primary == sqlite3.SQLITE_ERROR:
            return LibraryDamaged(f"{self.path}: not a Youju library file ({error}). {_MEND}.")
        return LibraryError(f"{self.path}: {error}. Look at the disk, then try again.")
