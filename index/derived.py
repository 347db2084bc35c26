"""The vector and the keyword index of a library, kept in step with its store.

Both are derived: at any revision they can be caught up, or built anew, from what the store holds,
without embedding anything again. The writer saves them; a reader catches up in memory. Searches
never wait for a writer: what is made anew is made aside, and then takes the place of the old.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import stamps
from index.errors import LibraryDamaged
from index.feeding import KeywordFeed
from index.keywords import AnyOf, KeywordIndex, Term, placed, placed_term
from index.store import Store
from index.tokens import Segmenter
from index.types import Encoder, Filters, Vectors
from index.vectors import MOST_UNSAVED, Ids, VectorIndex, saved_revision

_KEPT_FILTERS = 16


class DerivedIndexes:
    """Both indexes of one library folder. Safe to search from several threads."""

    def __init__(
        self, folder: Path, store: Store, segmenter: Segmenter, encoder: Callable[[], Encoder]
    ) -> None:
        self._folder = folder
        self._store = store
        self._segmenter = segmenter
        self._encoder = encoder
        self._refreshing = threading.RLock()  # held while memory catches up, never for longer
        self._vectors: VectorIndex | None = None
        self._filters: OrderedDict[tuple[int, Filters], Ids] = OrderedDict()
        self._keywords = self._open_keywords()
        self._feed: KeywordFeed | None = None  # within a long change

    @property
    def lagging(self) -> bool:
        """Whether a writer has something to save: the last one was cut off, or is at work."""
        if self._keywords.revision != self._store.revision:
            return True
        vectors = self._vectors
        return self._is_backlog() if vectors is None else vectors.is_due()

    def keyword(
        self, terms: Iterable[Term | AnyOf], k: int, where: Filters | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` best passages by BM25: (id, score)."""
        return self._keywords.search(placed(terms), k, where)

    def nearest(
        self, vector: NDArray[np.float32], k: int, where: Filters | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` passages nearest to a vector of shape ``(dimension,)``: (id, cosine)."""
        return self._loaded().search(vector, k, self._allowed(where) if where else None)

    def exact(self, ids: Sequence[int]) -> tuple[Ids, Vectors] | None:
        """Passages and their vectors, a row each, where the index in memory has all of them as the
        store has: in a sixth of the time that SQLite takes. ``ids`` ascend."""
        rows = self._loaded().exact(np.array(ids, np.int64))
        return None if rows is None else (np.array(ids, np.int64), rows)

    def document_frequency(self, field: str, token: str) -> int:
        """In how many passages a token stands."""
        return self.document_frequencies([Term(field, token)])[0]

    def document_frequencies(self, terms: Sequence[Term]) -> list[int]:
        """In how many passages each of some terms stands."""
        return self._keywords.document_frequencies([placed_term(term) for term in terms])

    def refresh(self) -> None:
        """For a reader: see what a writer has done since, as far as it has come."""
        revision = self._store.revision
        if self._keywords.revision != revision:
            with self._refreshing:
                if self._keywords.revision != self._store.revision:
                    found = self._open_keywords()
                    if found.revision:  # else it is being written anew, and what is open serves
                        self._keywords = found
        if self._vectors is not None and self._vectors.revision != revision:
            with self._refreshing:
                self._vectors = self._caught_up(self._vectors)

    def catch_up(self) -> None:
        """For the writer: bring both indexes to the store's revision and save what should be.

        Raises LibraryFull and others when the disk does not take it; the library is whole all the
        same.
        """
        try:
            feed = self._concluded()
            try:
                self._catch_up_vectors()  # while tantivy writes
            finally:
                if feed is not None:
                    self._finish_or_anew(feed)
        except OSError as error:
            raise stamps.in_words(self._folder, error) from error

    def _catch_up_vectors(self) -> None:
        vectors = self._vectors
        if vectors is None or vectors.is_outdated:
            vectors = self._vectors_on_disk()
        if not vectors.is_due(self._unread(vectors)):  # else it is saved without being read
            vectors.catch_up()
        if vectors.is_due(self._unread(vectors)):
            self._save_vectors(vectors)
        else:
            self._vectors = vectors

    def _unread(self, vectors: VectorIndex) -> int:
        return self._store.passages_since(vectors.revision)

    def keep_up(self) -> None:
        """For the writer in a long change: hand over what came, so that the end is soon reached."""
        try:
            self._go_on()
            vectors = self._vectors
            if vectors is not None and vectors.is_due(self._unread(vectors), growing=True):
                self._save_vectors(vectors)
        except OSError as error:
            raise stamps.in_words(self._folder, error) from error

    def renew(self) -> None:
        """For the writer: write both indexes anew, so that nothing that was removed is in them."""
        try:
            self._write_keywords_anew()
            self._save_vectors(self._caught_up(self._loaded()))
        except OSError as error:
            raise stamps.in_words(self._folder, error) from error

    def sizes(self) -> dict[str, tuple[int, int]]:
        """By the name of an index, how many passages it has, and at which revision."""
        self.refresh()
        vectors = self._loaded()
        return {
            "keywords": (len(self._keywords), self._keywords.revision),
            "vectors": (len(vectors), vectors.revision),
        }

    @property
    def holds_removed(self) -> bool:
        """Whether an index on disk still has something of passages that were removed."""
        facts = self._loaded().facts
        return self._keywords.holds_removed or bool(
            facts and self._store.removed_since(facts.revision)
        )

    def forget(self) -> None:
        """Open both indexes again when next needed: the store's vectors are others now."""
        with self._refreshing:
            self._vectors = None
            self._filters.clear()

    def _open_keywords(self) -> KeywordIndex:
        return KeywordIndex.open(self._folder, self._segmenter.fingerprint)

    def _concluded(self) -> KeywordFeed | None:
        """What is still to be finished so that the keyword index is at the store's revision."""
        feed, self._feed = self._feed or self._begun_feed(), None
        if feed is None:
            return None
        try:
            feed.conclude()
        except LibraryDamaged:
            feed.abandon()
            self._write_keywords_anew()
            return None
        except BaseException:
            feed.abandon()
            raise
        return feed

    def _finish_or_anew(self, feed: KeywordFeed) -> None:
        try:
            self._finish(feed)
        except LibraryDamaged:
            self._write_keywords_anew()

    def _begun_feed(self) -> KeywordFeed | None:
        """What brings the keyword index to the store's revision; None when it is there."""
        revision, known = self._store.revision, self._open_keywords()
        if revision == 0:
            return None
        if known.revision == revision:
            if self._keywords.revision != revision:
                self._keywords = known
            return None
        if known.revision == 0 or known.revision > revision:  # none, or of a store put back
            known = KeywordIndex.anew(self._folder, self._segmenter.fingerprint)
        return KeywordFeed(known, self._store, self._segmenter)

    def _write_keywords_anew(self) -> None:
        fresh = KeywordIndex.anew(self._folder, self._segmenter.fingerprint)
        self._finish(KeywordFeed(fresh, self._store, self._segmenter))

    def _finish(self, feed: KeywordFeed) -> None:
        try:
            feed.finish()
        except BaseException:
            feed.abandon()
            raise
        self._keywords = feed.index

    def _go_on(self) -> None:
        feed, self._feed = self._feed or self._begun_feed(), None
        if feed is None:
            return
        try:
            feed.go_on()
        except LibraryDamaged:
            feed.abandon()  # it is written anew in the end
        except BaseException:
            feed.abandon()
            raise
        else:
            self._feed = feed

    def _is_backlog(self) -> bool:
        """Whether more vectors are unsaved than should be read into memory."""
        saved = saved_revision(self._folder, self._store.meta("fingerprint"))
        return self._store.passages_since(saved) > MOST_UNSAVED

    def _loaded(self) -> VectorIndex:
        vectors = self._vectors
        if vectors is None:
            with self._refreshing:
                if self._vectors is None:
                    self._vectors = self._opened()
                vectors = self._vectors
        return vectors

    def _opened(self) -> VectorIndex:
        vectors = self._vectors_on_disk()
        vectors.catch_up()
        return vectors

    def _vectors_on_disk(self) -> VectorIndex:
        encoder = self._encoder()
        return VectorIndex(self._folder, encoder.dimension, encoder.fingerprint, self._store)

    def _caught_up(self, vectors: VectorIndex) -> VectorIndex:
        """The vectors at the store's revision: from the saved file, if a writer has renewed it."""
        if vectors.is_due() and vectors.is_outdated:
            return self._opened()
        vectors.catch_up()
        return vectors

    def _save_vectors(self, vectors: VectorIndex) -> None:
        vectors.save(self._store.counts()[2], self._store.revision)
        self._vectors = self._opened()

    def _allowed(self, where: Filters) -> Ids:
        """The ids that a filter lets through, kept for the next question."""
        key = (self._store.revision, where)
        found = self._filters.get(key)
        if found is None:
            found = self._store.allowed(where)
            with self._refreshing:
                self._filters[key] = found
                while len(self._filters) > _KEPT_FILTERS:
                    self._filters.popitem(last=False)
        return found
