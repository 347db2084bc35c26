"""The articles that were read last, kept ready."""

from __future__ import annotations

import threading
from collections import OrderedDict

from index.types import Article

_CHARACTERS = 4_000_000
"""All kept articles together, some 8 MB."""


class Recent:
    """Articles by number: a number stands for one text for ever. Safe from several threads."""

    def __init__(self, characters: int = _CHARACTERS) -> None:
        self._limit = characters
        self._held = 0
        self._known: OrderedDict[int, Article] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, number: int) -> Article | None:
        """The article, if it is kept."""
        with self._lock:
            article = self._known.get(number)
            if article is not None:
                self._known.move_to_end(number)
            return article

    def put(self, number: int, article: Article) -> None:
        """Keep an article; those not asked for longest make room."""
        size = _size(article)
        if size > self._limit // 4:
            return
        with self._lock:
            if number not in self._known:
                self._held += size
            self._known[number] = article
            while self._held > self._limit:
                self._held -= _size(self._known.popitem(last=False)[1])


def _size(article: Article) -> int:
    return len(article.text) + 100 * len(article.runs) + 500
