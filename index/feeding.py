"""What came into the store → the keyword index, group by group while more is coming.

A thread looks for words and hands over to tantivy, which writes in a thread of its own: neither
waits for the other, nor for what is being read and embedded meanwhile.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from index.keywords import KeywordIndex, file_labels
from index.passages import embedded_text
from index.store import Store
from index.store.records import day_of, labels_of
from index.tokens import Segmenter
from index.types import Article

if TYPE_CHECKING:
    from index.keyword_docs import Prepared

AT_ONCE = 20_000
"""Passages between two savings of the index: no more are lost if the process is killed."""
_PASSAGES, _CHARACTERS = 1_500, 1_000_000  # whose tokens are found together: a group of `adding`
_WAITING = 4  # groups that wait for the thread at most: a few megabytes each

_About = tuple[int | None, list[str]]
"""What filters go by: the day of a passage and its labels."""


class KeywordFeed:
    """An index on its way to the store's revision. Whoever feeds it lets it go by one of
    ``finish`` and ``abandon``."""

    def __init__(self, index: KeywordIndex, store: Store, segmenter: Segmenter) -> None:
        self.index = index
        self._store = store
        self._segmenter = segmenter
        self._fed = self._saved = index.revision
        self._unsaved = 0
        self._thread = ThreadPoolExecutor(1, "youju-keywords")
        self._jobs: deque[Future[None]] = deque()

    def go_on(self) -> None:
        """Hand over what came and went since; it is saved now and then."""
        revision, at = self._store.revision, self._fed
        if revision == at:
            return
        if gone := self._store.removed_since(at):
            self._later(partial(self.index.remove, gone))
        for group, about, first_came, last_came in self._since(at):
            if self._unsaved >= AT_ONCE and first_came > at:
                self._save(at)
            self._later(partial(self._put, group, about))
            self._unsaved, at = self._unsaved + len(about), last_came
        self._fed = revision
        if self._unsaved >= AT_ONCE:
            self._save(revision)

    def conclude(self) -> None:
        """Hand over the rest, to be saved; ``finish`` waits until it is."""
        self.go_on()
        if self._saved != self._fed:
            self._save(self._fed)

    def finish(self) -> None:
        """The rest, saved."""
        self.conclude()
        while self._jobs:
            self._jobs.popleft().result()
        self._thread.shutdown()
        self.index.finish()

    def abandon(self) -> None:
        """Let the index go without what was not saved."""
        self._thread.shutdown(cancel_futures=True)
        self.index.abandon()

    def _later(self, job: Callable[[], None]) -> None:
        """Have it done by the thread, after all before it. Raises what went wrong with those."""
        while self._jobs and (self._jobs[0].done() or len(self._jobs) > _WAITING):
            self._jobs.popleft().result()
        self._jobs.append(self._thread.submit(job))

    def _save(self, revision: int) -> None:
        self._later(partial(self.index.commit, revision))
        self._saved, self._unsaved = revision, 0

    def _put(self, group: Prepared, about: list[_About]) -> None:
        docs = group.docs(self._segmenter)
        self.index.add(doc.labelled(*each) for doc, each in zip(docs, about, strict=True))

    def _since(self, revision: int) -> Iterator[tuple[Prepared, list[_About], int, int]]:
        """What came after a revision, in groups, each with the first and the last revision of it."""
        from index.keyword_docs import Prepared  # a question has no need of it

        numbers: list[int] = []
        texts: list[str] = []
        about: list[_About] = []
        size = first = last = 0
        of: Article | None = None
        for number, start, end, article, came_at in self._store.added_since(revision):
            if len(texts) >= _PASSAGES or size >= _CHARACTERS:
                yield Prepared.of(numbers, texts), about, first, last
                numbers, texts, about, size = [], [], [], 0
            if article is not of:  # its passages follow one another
                of = article
                known = day_of(article), [*labels_of(article), *file_labels(article.source)]
            first, last = came_at if not texts else first, came_at
            numbers.append(number)
            texts.append(embedded_text(article, article.text[start:end], start))
            about.append(known)
            size += len(texts[-1])
        if texts:
            yield Prepared.of(numbers, texts), about, first, last
