"""Vectors by passage id, searched by inner product. The only room of faiss.

What is saved is a file that is never changed; what came or went since is held in memory, read
from the store. When that grows too much, a new file is written in the place of the old.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.types import Vectors
from index.vectors import saved
from index.vectors.building import (
    EXACT_UP_TO,
    OUTGROWN,
    RECALL,
    VectorSource,
    build,
    extend,
    looked_at,
)
from index.vectors.flat import Allowed, FlatVectors, Found, Ids
from index.vectors.saved import Facts, SavedVectors

__all__ = [
    "EXACT_UP_TO",
    "GROWING",
    "MOST_UNSAVED",
    "RECALL",
    "Facts",
    "FlatVectors",
    "Ids",
    "VectorIndex",
    "VectorSource",
    "is_intact",
    "saved_revision",
]

UNSAVED = 2_000
"""Changes that are always held in memory alone, reading them takes some milliseconds."""
UNSAVED_SHARE, MOST_UNSAVED = 0.1, 20_000
"""Past ``UNSAVED``, changes are saved when they exceed this share of what is, or this number."""
GROWING = 100_000
"""Changes that a long change leaves for its end, or as many as are saved: each saving lays out an
index anew and measures it, and whatever is left is read from the store."""


class VectorIndex:
    """The vectors of one library folder at one revision. Safe to search from several threads."""

    def __init__(
        self, folder: Path, dimension: int, fingerprint: str, source: VectorSource
    ) -> None:
        self._folder = folder
        self._source = source
        self._fingerprint = fingerprint
        self.dimension = dimension
        self._lock = threading.Lock()  # held for milliseconds
        self._catching = threading.Lock()
        base = saved.load(folder, dimension, fingerprint)
        self._base: SavedVectors | None = base
        self._recent = FlatVectors(dimension)
        self._gone: Ids = np.zeros(0, np.int64)
        self._left: Allowed | None = None  # what is left of the base; None when all is
        self._is_ahead = False  # the saved file is of a revision that the store has no more
        self.revision = base.facts.revision if base else 0

    def __len__(self) -> int:
        return len(self._recent) + len(self._base or ()) - len(self._gone)

    @property
    def facts(self) -> Facts | None:
        """What is known of the saved file."""
        return self._base.facts if self._base else None

    @property
    def is_outdated(self) -> bool:
        """Whether a writer has put a newer file in the place of the one in use."""
        facts = saved.facts_of(self._folder)
        return facts is not None and (self.facts is None or facts.file != self.facts.file)

    @property
    def unsaved(self) -> int:
        """How many vectors came or went since the saved file was written."""
        return len(self._recent) + len(self._gone)

    def is_due(self, unread: int = 0, growing: bool = False) -> bool:
        """Whether so much has changed that it should be saved; ``unread`` vectors came besides.
        ``growing``: in the midst of a long change.

        A saved file that the store does not know must go: it will come to that revision again.
        """
        if self._is_ahead:
            return True
        held = len(self._base) if self._base else 0
        most = max(GROWING, held) if growing else max(UNSAVED, UNSAVED_SHARE * held)
        return self.unsaved + unread > (most if growing else min(most, MOST_UNSAVED))

    def catch_up(self) -> None:
        """Bring what is in memory to the revision of the store."""
        with self._catching:
            revision, since = self._source.revision, self.revision
            if since > revision:  # the store was put back to an older one
                with self._lock:
                    self._base, self._left, self._is_ahead = None, None, True
                    self._recent, self._gone = FlatVectors(self.dimension), np.zeros(0, np.int64)
                since = 0
            if since == revision:
                return
            for ids, vectors in self._source.vectors_since(since):
                with self._lock:
                    self._recent.put(ids, vectors)
            gone = np.array(self._source.removed_since(since), np.int64)
            with self._lock:
                if len(gone):
                    self._forget(gone)
                self.revision = revision

    def search(self, query: NDArray[np.float32], k: int, among: Ids | None = None) -> Found:
        """The ``k`` nearest ids of one vector, shape ``(dimension,)``, with cosines, best first.

        ``among``: only these ids.
        """
        if k < 1:
            return []
        with self._lock:
            base, left = self._base, self._left
            recent = None
            if among is not None and len(self._recent):
                recent = Allowed.only(among, self._recent.highest)
            found = self._recent.search(query, k, recent)
        if base is not None:
            if among is not None:
                kept = among if left is None else among[~np.isin(among, self._gone)]
                left = Allowed.only(kept, base.facts.highest)
            found += self._in_base(base, query, k, left)
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def exact(self, ids: Ids) -> Vectors | None:
        """The vectors of these ids as they were added, a row each; None when it has not all."""
        with self._lock:
            base, gone = self._base, self._gone
        if base is None or base.facts.lists or not len(ids) or np.isin(ids, gone).any():
            return None
        return base.rows(ids)

    def _in_base(
        self, base: SavedVectors, query: NDArray[np.float32], k: int, among: Allowed | None
    ) -> Found:
        if not base.facts.lists:
            return base.search(query, k, among)
        near = [i for i, _ in base.search(query, looked_at(k, base.facts.width), among)]
        ids, rows = self._source.vector_rows(near)
        cosines = rows @ query if len(ids) else np.zeros(0, np.float32)
        best = np.argsort(-cosines)[:k]
        return list(zip(ids[best].tolist(), cosines[best].tolist(), strict=True))

    def save(self, count: int, revision: int) -> None:
        """Only for the writer: write a file at the store's revision, of about ``count`` vectors.

        This index goes on with what it has; a new one opens the file. Raises OSError.
        """
        facts = self.facts
        if facts and facts.lists and EXACT_UP_TO < count <= OUTGROWN * facts.trained_on:
            try:
                index = saved.in_memory(self._folder, facts)
                index, facts = extend(index, facts, self._source, revision)
            except OSError:  # damaged
                index, facts = self._build(count, revision)
        else:
            index, facts = self._build(count, revision)
        saved.save(self._folder, index, facts)

    def _build(self, count: int, revision: int) -> tuple[Any, Facts]:
        return build(self._source, count, self.dimension, revision, self._fingerprint)

    def _forget(self, gone: Ids) -> None:
        self._recent.remove(gone)
        if self._base is None:
            return
        gone = gone[gone <= self._base.facts.highest]
        if len(gone):
            self._gone = np.union1d(self._gone, gone)
            mask = np.ones(self._base.facts.highest + 1, np.bool_)
            mask[self._gone] = False
            self._left = Allowed(mask, len(self._base) - len(self._gone))


def saved_revision(folder: Path, fingerprint: str | None = None) -> int:
    """The revision of the saved file, by its stamp alone; 0 without one (of this model)."""
    facts = saved.facts_of(folder)
    fits = facts is not None and fingerprint in (None, facts.fingerprint)
    return facts.revision if facts and fits else 0


def is_intact(folder: Path) -> bool:
    """Whether the saved file is there and every byte of it as it was written."""
    facts = saved.facts_of(folder)
    return facts is not None and saved.intact(folder, facts)
