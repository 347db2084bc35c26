"""The articles of a library as the page lists them: what a window asks for, and what it gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, get_args

from index.store import Entry, Order, Wanted
from qa.page.seat import Detail

if TYPE_CHECKING:
    from index.library import Library

SHOWN = 1000
"""Articles listed at once; the others are on further pages."""
CHOICES = 300
"""Files, and sections, to choose from; where there are more the search has to do."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a library holds; ``files`` and ``sections`` are to choose from, empty if too many."""

    articles: int = 0
    sources: int = 0
    dates: tuple[str, str] | None = None
    model: str = ""
    size: int = 0
    files: Sequence[str] = ()
    sections: Sequence[str] = ()

    @classmethod
    def of(cls, library: Library) -> Facts:
        """The facts of a library as it is now."""
        told, list_ = library.status(), library.catalogue
        sources = int(str(told["sources"]))
        sections = list_.sections(CHOICES + 1)
        return cls(
            articles=int(str(told["articles"])),
            sources=sources,
            dates=list_.dates(),
            model=str(told["model"]),
            size=int(str(told["bytes"])),
            files=list_.sources(CHOICES) if sources <= CHOICES else (),
            sections=sections if len(sections) <= CHOICES else (),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: its entries, how many come before them, how many are asked for, how many
    articles there are in all, and which asking of the window it answers (0: none, all are shown)."""

    entries: Sequence[Entry] = ()
    first: int = 0
    found: int = 0
    articles: int = 0
    asked: int = 0

    @classmethod
    def of(cls, library: Library, detail: Detail) -> Page:
        """The page that a window asks for; the last one where it asks for one behind it."""
        wanted = wanted_by(detail)
        list_ = library.catalogue
        found = list_.count(wanted)
        first = min(detail.number("page"), max(found - 1, 0) // SHOWN) * SHOWN
        return cls(
            list_.page(wanted, SHOWN, first), first, found, len(library), detail.number("asked")
        )

    @property
    def number(self) -> int:
        """Which page it is, from 0."""
        return self.first // SHOWN


def wanted_by(detail: Detail) -> Wanted:
    """What a window asks of a list; what is no day and no order asks nothing."""
    order = detail.text("order")
    return Wanted(
        words=tuple(detail.text("words", 200).split()),
        source=detail.text("source"),
        section=detail.text("section"),
        since=_day(detail.text("since", 10)),
        until=_day(detail.text("until", 10)),
        order=order if order in get_args(Order) else "added",  # type: ignore[arg-type]
    )


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None
