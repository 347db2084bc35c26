"""Adding: files are read one by one and go into the store in groups, each group one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from index import ingest
from index.errors import DocumentError, DocumentUnreadable
from index.store import Store
from index.types import Article, Encoder, FileReport, Vectors

PASSAGES = 1_000
"""Passages that make a group: an encoder and a disk like many at a time."""
SECONDS = 2.0
"""Nothing that was read waits much longer for its group; a slow model is given smaller ones."""
_FEWEST = 16


class Adding:
    """Puts sources into a store, in groups. What waits is in only after ``flush``."""

    def __init__(
        self, store: Store, encoder: Callable[[], Encoder], flushed: Callable[[], None]
    ) -> None:
        self._store = store
        self._encoder = encoder
        self._flushed = flushed  # called after each group
        self._waiting: dict[str, ingest.Cut] = {}
        self._passages = 0  # of those that wait
        self._most = PASSAGES
        self._since = time.monotonic()

    def file(self, path: Path, columns: Mapping[str, str] | None = None) -> FileReport:
        """Read a file into the store unless it is there unchanged. A failure is reported, not raised."""
        source = str(path)
        if source != shown(path):
            mend = "The file's name is not UTF-8. Rename it, then add it again."
            error = f"{shown(path)}: {mend}"
            return FileReport(shown(path), "failed", error=error, kind=DocumentUnreadable.__name__)
        try:
            digest = ingest.digest(path, columns)
            if self._store.digest(source) == digest:
                return FileReport(source, "unchanged")
            found = ingest.contents_of(path, columns)
        except DocumentError as error:
            return FileReport(source, "failed", error=str(error), kind=type(error).__name__)
        return replace(self.put(source, digest, found.articles), failures=found.failures)

    def put(self, source: str, digest: str, articles: Sequence[Article]) -> FileReport:
        """Put articles in the place of all that a source had; from now on it is their source."""
        own = [a if a.source == source else replace(a, source=source) for a in articles]
        cut = ingest.cut(source, digest, own, ingest.fits_of(self._encoder()))
        if source in self._waiting:
            self.flush()  # twice the same: the later one counts
        self._waiting[source] = cut
        self._passages += len(cut.texts)
        if self._passages >= self._most or time.monotonic() - self._since >= SECONDS:
            self.flush()
        return FileReport(source, "added", len(articles), len(cut.texts))

    def flush(self) -> None:
        """Embed what waits and write it, all in one transaction."""
        waiting, self._waiting, self._passages = self._waiting, {}, 0
        began = time.monotonic()
        if waiting:
            known: dict[int, Vectors] = {}
            for source in self._store.held(list(waiting)):
                known |= self._store.known_vectors(source)
            cuts = list(waiting.values())
            self._store.replace_sources(ingest.embedded(cuts, self._encoder(), known))
            if time.monotonic() - began > SECONDS:
                self._most = max(_FEWEST, self._most // 2)
            self._flushed()
        self._since = time.monotonic()


def shown(path: Path) -> str:
    """A path as it can be printed and kept: bytes of its name that are no text are spelled out."""
    return str(path).encode("utf-8", "backslashreplace").decode()
