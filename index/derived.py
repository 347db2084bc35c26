"""The vector and the keyword index of a library, kept in step with its store.

Both are derived: at any revision they can be caught up, or built anew, from what the store holds,
without embedding anything again. The writer saves them; a reader catches up in memory.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.keywords import AnyOf, KeywordIndex, Term
from index.passages import embedded_text
from index.query import keyword_doc
from index.store import Store
from index.tokens import Segmenter
from index.types import Encoder, Vectors
from index.vectors import VectorIndex

_BATCH = 512


class DerivedIndexes:
    """Both indexes of one library folder. Safe to search from several threads."""

    def __init__(
        self, folder: Path, store: Store, segmenter: Segmenter, encoder: Callable[[], Encoder]
    ) -> None:
        self._folder = folder
        self._store = store
        self._segmenter = segmenter
        self._encoder = encoder
        self._lock = threading.RLock()
        self._vectors: VectorIndex | None = None
        self._vectors_at = 0
        self._saved_at = VectorIndex.saved_revision(folder)
        self._keywords, self._keywords_at = self._open_keywords()

    @property
    def lagging(self) -> bool:
        """Whether a saved index is not at the store's revision: its writer was cut off, or is at work."""
        revision = self._store.revision
        return self._keywords_at != revision or self._saved_at != revision

    def keyword(self, terms: Iterable[Term | AnyOf], k: int) -> list[tuple[int, float]]:
        """The ``k`` best passages by BM25: (id, score)."""
        return self._keywords.search(terms, k)

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The ``k`` passages nearest to a vector of shape ``(dimension,)``: (id, cosine)."""
        with self._lock:
            return self._loaded().search(vector, k)

    def document_frequency(self, field: str, token: str) -> int:
        """In how many passages a token stands."""
        return self._keywords.document_frequency(field, token)

    def refresh(self) -> None:
        """For a reader: see what a writer has done since, as far as it has come."""
        with self._lock:
            if self.lagging:
                self._saved_at = VectorIndex.saved_revision(self._folder)
                keywords, at = self._open_keywords()
                if at:  # else it is being written anew, and what is open serves
                    self._keywords, self._keywords_at = keywords, at
            if self._vectors is not None:
                self._catch_up_vectors(self._vectors)

    def catch_up(self) -> None:
        """For the writer: bring both indexes to the store's revision and save them."""
        with self._lock:
            if self.lagging:
                revision = self._store.revision
                self._catch_up_keywords(revision)
                index = self._loaded()
                self._catch_up_vectors(index)
                if VectorIndex.saved_revision(self._folder) != revision:
                    index.save(self._folder, revision, self._encoder().fingerprint)
                self._saved_at = revision

    def _open_keywords(self) -> tuple[KeywordIndex, int]:
        return KeywordIndex.open(self._folder / "keywords", self._segmenter.fingerprint)

    def _catch_up_keywords(self, revision: int) -> None:
        self._keywords, at = self._open_keywords()
        if at == 0 or at > revision:  # none that serves, or the store was put back to an older one
            folder = self._folder / "keywords"
            self._keywords, at = KeywordIndex.anew(folder, self._segmenter.fingerprint), 0
        if at < revision:
            added = (
                keyword_doc(number, embedded_text(a, a.text[start:end]), self._segmenter)
                for number, start, end, a in self._store.added_since(at)
            )
            self._keywords.update(self._store.removed_since(at), added, revision)
        self._keywords_at = revision

    def _loaded(self) -> VectorIndex:
        if self._vectors is None:
            encoder = self._encoder()
            found, at = VectorIndex.load(self._folder, encoder.dimension, encoder.fingerprint)
            if at > self._store.revision:  # the store was put back to an older one
                found, at = VectorIndex(encoder.dimension), 0
            self._vectors, self._vectors_at = found, at
            self._catch_up_vectors(found)
        return self._vectors

    def _catch_up_vectors(self, index: VectorIndex) -> None:
        revision, at = self._store.revision, self._vectors_at
        if at >= revision:
            return
        index.remove(np.array(self._store.removed_since(at), dtype=np.int64))
        for ids, vectors in _batches(self._store.vectors_since(at)):
            index.put(ids, vectors)
        self._vectors_at = revision


def _batches(rows: Iterable[tuple[int, Vectors]]) -> Iterator[tuple[NDArray[np.int64], Vectors]]:
    ids: list[int] = []
    vectors: list[Vectors] = []
    for number, vector in rows:
        ids.append(number)
        vectors.append(vector)
        if len(ids) == _BATCH:
            yield np.array(ids, dtype=np.int64), np.stack(vectors)
            ids, vectors = [], []
    if ids:
        yield np.array(ids, dtype=np.int64), np.stack(vectors)
