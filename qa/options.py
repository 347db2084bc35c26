"""How one question is to be answered: what a person may turn, question by question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from index.types import Filters, Mode

Style = Literal["full", "brief"]
Caution = Literal["bold", "balanced", "cautious"]
ANSWER_FROM: dict[Caution, float] = {"bold": 0.2, "balanced": 0.4, "cautious": 0.6}
"""Confidence from which on a question is answered; what each lets through, and what it refuses in
vain, is in docs/architecture.md."""


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
    def where(self) -> Filters | None:
        """Which articles are searched; None for all of them."""
        return Filters(self.since, self.until) or None


PLAIN = Options()
"""Nothing turned."""
