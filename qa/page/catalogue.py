"""The articles of a library as a list: narrowed, sorted, cut to what a screen can take. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from index.types import Article
from qa.page.seat import Detail

Order = Literal["added", "new", "old", "title"]
SHOWN = 1000
"""Articles listed at once."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as listed; ``dated`` is ISO 8601, with or without a year, or empty."""

    id: str
    title: str
    dated: str
    byline: str
    source: str
    section: str


@dataclass(frozen=True, slots=True)
class Sieve:
    """What is asked of a list; ``since`` and ``until`` are ISO days, both included."""

    words: tuple[str, ...] = ()
    source: str = ""
    section: str = ""
    since: str = ""
    until: str = ""
    order: Order = "added"
    limit: int = SHOWN

    @classmethod
    def read(cls, detail: Detail) -> Sieve:
        """A sieve as a window sent it."""
        order = detail.text("order")
        return cls(
            words=tuple(detail.text("words", 200).casefold().split()),
            source=detail.text("source"),
            section=detail.text("section"),
            since=detail.text("since", 10),
            until=detail.text("until", 10),
            order=order if order in get_args(Order) else "added",  # type: ignore[arg-type]
            limit=min(max(detail.number("limit"), SHOWN), 100_000),
        )

    def admits(self, entry: Entry) -> bool:
        """Whether an article passes; one without a full date only if no days are asked for."""
        if self.source and entry.source != self.source:
            return False
        if self.section and entry.section != self.section:
            return False
        if self.since or self.until:
            if len(entry.dated) != len("2016-11-14"):
                return False
            if entry.dated < self.since or entry.dated > (self.until or "9999"):
                return False
        told = f"{entry.title}\n{entry.byline}\n{entry.source}\n{entry.section}".casefold()
        return all(word in told for word in self.words)

    def sift(self, entries: Sequence[Entry]) -> list[Entry]:
        """The articles that pass, in the order that is asked for; undated ones come last."""
        found = [e for e in entries if self.admits(e)]
        if self.order == "title":
            found.sort(key=lambda e: e.title.casefold())
        elif self.order == "new":
            found.sort(key=lambda e: (len(e.dated), e.dated), reverse=True)
        elif self.order == "old":
            found.sort(key=lambda e: (-len(e.dated), e.dated))
        return found


def entries_of(articles: Sequence[Article]) -> list[Entry]:
    """What a list says of each article."""
    return [Entry(a.id, a.title, a.dated, a.byline, a.source, a.section) for a in articles]
