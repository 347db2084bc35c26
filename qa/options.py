"""How one question is to be answered: what a person may turn, question by question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from index.types import Article, Mode

Style = Literal["full", "brief"]


@dataclass(frozen=True, slots=True)
class Options:
    """All of it has a default: ``Options()`` answers as ``Assistant`` does by itself.

    ``answer_from`` (0–1) is the confidence below which is refused, None the assistant's own;
    ``since`` and ``until`` keep to articles of those days, both included, and so to dated ones.
    """

    mode: Mode = "hybrid"
    style: Style = "full"
    answer_from: float | None = None
    since: date | None = None
    until: date | None = None

    @property
    def dated(self) -> bool:
        """Whether the articles are held to a range of days."""
        return self.since is not None or self.until is not None

    def admits(self, article: Article) -> bool:
        """Whether an article falls within the days; without a full date only if there is no range."""
        if not self.dated:
            return True
        day = article.published
        if day is None and article.event is not None and article.event.year is not None:
            day = date(article.event.year, article.event.month, article.event.day)
        if day is None:
            return False
        return (self.since or date.min) <= day <= (self.until or date.max)


PLAIN = Options()
"""Nothing turned."""
