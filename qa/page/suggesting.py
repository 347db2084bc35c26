"""Questions that a library answers, for people who do not know what to ask next.

Each was asked before it is offered. That costs a few searches, so what was found is kept until
the library changes, and only one search for suggestions runs at a time: people who ask come first.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from index.types import Article
from qa.assistant import Assistant
from qa.suggest import suggestions
from qa.types import Answer, Place, Status

FIRST = 4
"""Questions to begin with."""
NEXT = 3
"""Questions after an answer."""
_ARTICLES = 4  # whose questions are tried after an answer
_Spans = frozenset[Place]
_KEPT = 2000  # articles whose questions are remembered


class Suggestions:
    """Suggestions for the libraries of a page. Safe from several threads."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[int, list[str]]] = {}
        self._of_article: dict[tuple[str, int, str], list[tuple[str, _Spans]]] = {}
        self._one = threading.Lock()

    def first(self, assistant: Assistant) -> list[str]:
        """Questions to begin with."""
        key, revision = str(assistant.library.folder), assistant.library.revision
        with self._one:
            if self._first.get(key, (-1, []))[0] != revision:
                self._first[key] = (revision, assistant.examples(FIRST))
            return self._first[key][1]

    def after(
        self,
        assistant: Assistant,
        answer: Answer,
        found_for_it: Iterable[str],
        known: Iterable[str],
    ) -> list[str]:
        """Questions about the articles that an answer cites, or that were found for it (by id), none
        that was asked already, and none that is answered by the very same words."""
        asked = {_plain(q) for q in known}
        shown = _spans(answer)
        found: list[str] = []
        with self._one:
            for article in _articles(assistant, answer, found_for_it):
                for question, spans in self._about(assistant, article):
                    if _plain(question) not in asked and not spans <= shown:
                        asked.add(_plain(question))
                        found.append(question)
                    if len(found) == NEXT:
                        return found
        return found

    def _about(self, assistant: Assistant, article: Article) -> list[tuple[str, _Spans]]:
        key = (str(assistant.library.folder), assistant.library.revision, article.id)
        if key not in self._of_article:
            if len(self._of_article) >= _KEPT:
                self._of_article.clear()
            alone = assistant.without_model()
            asked = ((q, alone.ask(q)) for q in suggestions([article]))
            self._of_article[key] = [
                (question, _spans(answer))
                for question, answer in asked
                if answer.status is Status.ANSWERED
                and article.id in {c.article_id for c in answer.citations}
            ]
        return self._of_article[key]


def _spans(answer: Answer) -> _Spans:
    """The characters that an answer cites."""
    return frozenset(c.place for c in answer.citations)


def _articles(assistant: Assistant, answer: Answer, found: Iterable[str]) -> list[Article]:
    """Those cited, then those found or offered, each once, and in a language of those cited: who
    reads one may not read the other."""
    cited = [c.article_id for c in answer.citations]
    ids = dict.fromkeys([*cited, *found, *(a.id for a in answer.nearest)])
    known = [a for i in ids if (a := assistant.library.article(i)) is not None]
    read = {a.language for a in known if a.id in cited} or {a.language for a in known}
    return [a for a in known if a.language in read][:_ARTICLES]


def _plain(question: str) -> str:
    return question.strip().rstrip("？?").casefold()
