"""No text is embedded twice by one model: vectors kept in the user's cache folder.

One SQLite file, which several processes may use at once. It holds digests of texts, never the
texts. It may be deleted at any time, and a damaged one is set aside: a cache only saves time, so
nothing that happens to it is an error.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np

from index.types import Encoder, Vectors

CACHE_VARIABLE = "YOUJU_CACHE"
FILE = "embeddings-v1.sqlite3"
LIMIT = 2 * 10**9
"""Bytes that the file may take, half a million vectors of 1024 numbers. Past it the oldest go."""
AT_ONCE = 1024
"""New texts embedded between two savings: no more are lost if the process is killed."""
PATIENCE = 10.0
"""Seconds to wait while another process writes."""
_ASKED = 500
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_TABLE = "CREATE TABLE IF NOT EXISTS vectors (id INTEGER PRIMARY KEY, key BLOB UNIQUE, vector BLOB)"

_Kind = Literal["query", "passage"]
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


def open_cache() -> EmbeddingCache | None:
    """The user's cache: in the folder ``$YOUJU_CACHE``, else in ``youju`` of the system's folder
    for caches. None when ``$YOUJU_CACHE`` is ``off``."""
    from platformdirs import user_cache_path

    where = os.environ.get(CACHE_VARIABLE, "").strip()
    if where.lower() == "off":
        return None
    folder = Path(where).expanduser() if where else user_cache_path() / "youju"
    return EmbeddingCache(folder / FILE)


class EmbeddingCache:
    """Vectors by key, in one file. No method raises for what is wrong with the file or the disk."""

    def __init__(self, file: Path, limit: int = LIMIT) -> None:
        self._file, self._limit = file, limit

    @property
    def file(self) -> Path:
        """Where the vectors are."""
        return self._file

    def get(self, keys: Sequence[bytes], dimension: int) -> dict[bytes, Vectors]:
        """Those of the keys that are known, each with its vector, shape ``(dimension,)``."""

        def read(connection: sqlite3.Connection) -> dict[bytes, Vectors]:
            found: dict[bytes, Vectors] = {}
            for start in range(0, len(keys), _ASKED):
                part = keys[start : start + _ASKED]
                marks = ",".join("?" * len(part))
                rows = connection.execute(
                    f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part
                )
                found.update((key, np.frombuffer(data, "<f4")) for key, data in rows)
            return found

        # SQLite does not notice a changed byte inside a row. A row of length 1 is most likely whole.
        nothing: dict[bytes, Vectors] = {}
        found = self._safely(read, nothing)
        return {key: row for key, row in found.items() if _is_unit(row, dimension)}

    def put(self, vectors: Mapping[bytes, Vectors]) -> None:
        """Keep these; forget the oldest if the file grows past its limit."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT OR REPLACE INTO vectors (key, vector) VALUES (?, ?)",
                ((key, vector.astype("<f4").tobytes()) for key, vector in vectors.items()),
            )
            while _size(connection) > self._limit and _forget_a_quarter(connection):
                pass
            connection.execute("COMMIT")

        self._safely(write, None)

    def _safely(self, work: Callable[[sqlite3.Connection], _T], otherwise: _T) -> _T:
        for _ in range(2):
            try:
                with self._open() as connection:
                    return work(connection)
            except sqlite3.DatabaseError as error:
                _log.warning("embedding cache %s: %s", self._file, error)
                if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGE:
                    break
                if not self._set_aside():
                    break
            except OSError as error:
                _log.warning("embedding cache %s: %s", self._file, error)
                break
        return otherwise

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection for one piece of work: so threads and forks need no care."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(
            sqlite3.connect(self._file, timeout=PATIENCE, isolation_level=None)
        ) as connection:
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(_TABLE)
            with suppress(sqlite3.OperationalError):  # two processes at once: one of them sets it
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA journal_size_limit = 64000000")
            yield connection

    def _set_aside(self) -> bool:
        """Rename a damaged file, for whoever wants to look at it, so that a new one begins."""
        try:
            os.replace(self._file, self._file.with_name(f"{self._file.name}.damaged"))
            for suffix in ("-wal", "-shm"):
                self._file.with_name(f"{self._file.name}{suffix}").unlink(missing_ok=True)
        except OSError as error:
            _log.warning("embedding cache %s is damaged and cannot be moved: %s", self._file, error)
            return False
        return True


class CachedEncoder:
    """An encoder that asks its cache first. Its vectors are those of the encoder, bit for bit.

    A text is known by the encoder's fingerprint, ``variant``, whether it is a query or a passage,
    and the text itself, all in one digest. ``variant`` tells apart what the fingerprint does not,
    such as half precision.
    """

    def __init__(self, encoder: Encoder, cache: EmbeddingCache, *, variant: str = "") -> None:
        self._encoder, self._cache, self._variant = encoder, cache, variant

    @property
    def encoder(self) -> Encoder:
        """The encoder behind the cache."""
        return self._encoder

    @property
    def name(self) -> str:
        """The encoder's name."""
        return self._encoder.name

    @property
    def fingerprint(self) -> str:
        """The encoder's fingerprint."""
        return self._encoder.fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, float32, shape ``(len(texts), dimension)``, unit rows."""
        return self._encode("query", self._encoder.encode_queries, texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, float32, shape ``(len(texts), dimension)``, unit rows."""
        return self._encode("passage", self._encoder.encode_passages, texts)

    def _encode(
        self, kind: _Kind, encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]
    ) -> Vectors:
        keys = [self._key(kind, text) for text in texts]
        by_key = dict(zip(keys, texts, strict=True))
        found = self._cache.get(list(by_key), self.dimension)
        new = [key for key in by_key if key not in found]
        for start in range(0, len(new), AT_ONCE):
            part = new[start : start + AT_ONCE]
            fresh = dict(zip(part, encode([by_key[key] for key in part]), strict=True))
            self._cache.put(fresh)
            found.update(fresh)
        vectors = np.empty((len(keys), self.dimension), np.float32)
        for row, key in zip(vectors, keys, strict=True):
            row[:] = found[key]
        return vectors

    def _key(self, kind: _Kind, text: str) -> bytes:
        told = "\0".join((self.fingerprint, self._variant, kind, text))
        return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=20).digest()


def _is_unit(vector: Vectors, dimension: int) -> bool:
    return len(vector) == dimension and abs(float(vector @ vector) - 1.0) < 1e-3


def _size(connection: sqlite3.Connection) -> int:
    pages, free, bytes_each = (
        int(connection.execute(f"PRAGMA {what}").fetchone()[0])
        for what in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * bytes_each


def _forget_a_quarter(connection: sqlite3.Connection) -> bool:
    """Drop the oldest quarter, one row at least; whether there was any."""
    (count,) = connection.execute("SELECT count(*) FROM vectors").fetchone()
    gone = connection.execute(
        "DELETE FROM vectors WHERE id <= (SELECT id FROM vectors ORDER BY id LIMIT 1 OFFSET ?)",
        (count // 4,),
    )
    return gone.rowcount > 0
