"""What came into the store → the keyword index, group by group while more is coming."""

from __future__ import annotations

from collections.abc import Iterator

from index.keywords import KeywordDoc, KeywordIndex, file_labels
from index.passages import embedded_text
from index.store import Store
from index.store.records import day_of, labels_of
from index.tokens import Segmenter
from index.types import Article

AT_ONCE = 20_000
"""Passages between two savings of the index: no more are lost if the process is killed."""
_PASSAGES, _CHARACTERS = 1_000, 1_000_000  # whose tokens are found together


class KeywordFeed:
    """An index on its way to the store's revision. Whoever feeds it lets it go by one of
    ``finish`` and ``abandon``."""

    def __init__(self, index: KeywordIndex, store: Store, segmenter: Segmenter) -> None:
        self.index = index
        self._store = store
        self._segmenter = segmenter
        self._fed = index.revision
        self._unsaved = 0

    def go_on(self) -> None:
        """Hand over what came and went since; it is saved now and then."""
        revision, at = self._store.revision, self._fed
        if revision == at:
            return
        self.index.remove(self._store.removed_since(at))
        for docs, first_came, last_came in self._docs_since(at):
            if self._unsaved >= AT_ONCE and first_came > at:
                self._save(at)
            self.index.add(docs)
            self._unsaved, at = self._unsaved + len(docs), last_came
        self._fed = revision
        if self._unsaved >= AT_ONCE:
            self._save(revision)

    def finish(self) -> None:
        """The rest, saved."""
        self.go_on()
        if self.index.revision != self._fed:
            self._save(self._fed)
        self.index.finish()

    def abandon(self) -> None:
        """Let the index go without what was not saved."""
        self.index.abandon()

    def _save(self, revision: int) -> None:
        self.index.commit(revision)
        self._unsaved = 0

    def _docs_since(self, revision: int) -> Iterator[tuple[list[KeywordDoc], int, int]]:
        """What came after a revision, in groups, each with the first and the last revision of it."""
        group: list[tuple[int, str, Article]] = []
        size = first = last = 0
        for number, start, end, article, came_at in self._store.added_since(revision):
            if len(group) >= _PASSAGES or size >= _CHARACTERS:
                yield self._docs(group), first, last
                group, size = [], 0
            first, last = came_at if not group else first, came_at
            text = embedded_text(article, article.text[start:end], start)
            group.append((number, text, article))
            size += len(text)
        if group:
            yield self._docs(group), first, last

    def _docs(self, group: list[tuple[int, str, Article]]) -> list[KeywordDoc]:
        from index import keyword_docs  # a question has no need of it

        numbers, texts, articles = zip(*group, strict=True)
        docs = keyword_docs.keyword_docs(numbers, texts, self._segmenter)
        found, of = [], None
        for doc, article in zip(docs, articles, strict=True):
            if article is not of:  # its passages follow one another
                of, day = article, day_of(article)
                labels = [*labels_of(article), *file_labels(article.source)]
            found.append(doc.labelled(day, labels))
        return found
