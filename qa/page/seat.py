"""Who asks, and how they want it: what a window says of itself with each thing that it sends.

A window keeps its own wishes (in the browser) and sends them along; the server keeps none, so
that nothing is lost when it starts again. All of it is foreign and read with suspicion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from index.types import Mode
from qa.options import Options, Style
from qa.page.texts import Language, language_of

Theme = Literal["", "light", "dark"]
USUAL = 3
"""The caution in the middle, of 1 (bold) to 5 (cautious): the assistant's own threshold."""
_STEPS = {1: -0.25, 2: -0.12, 4: 0.15, 5: 0.3}  # from the assistant's threshold


class Detail:
    """What came with a click: read by name, as text or number; anything else is empty."""

    def __init__(self, data: object) -> None:
        self._data: Mapping[str, Any] = data if isinstance(data, dict) else {}

    def text(self, key: str, limit: int = 100_000) -> str:
        """A text; empty when no text was sent under this name."""
        value = self._data.get(key)
        return value[:limit] if isinstance(value, str) else ""

    def number(self, key: str) -> int:
        """A number from 0 to 999,999,999, 0 for anything else."""
        value = self._data.get(key)
        digits = str(value) if isinstance(value, int) else self.text(key, 20)
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0

    def part(self, key: str) -> Detail:
        """What is nested under a name."""
        return Detail(self._data.get(key))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is chosen in the settings; the defaults are what nobody chose."""

    language: Literal["", "zh", "en"] = ""
    theme: Theme = ""
    style: Style = "full"
    caution: int = USUAL
    mode: Mode = "hybrid"
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, detail: Detail) -> Wishes:
        """Wishes as sent; what is not one is the default."""
        caution = detail.number("caution")
        return cls(
            language=_one_of(detail.text("language"), ("", "zh", "en")),
            theme=_one_of(detail.text("theme"), ("", "light", "dark")),
            style=_one_of(detail.text("style"), get_args(Style)),
            caution=caution if 1 <= caution <= 5 else USUAL,
            mode=_one_of(detail.text("mode"), get_args(Mode)),
            since=_day(detail.text("since")),
            until=_day(detail.text("until")),
        )

    def options(self, answer_from: float) -> Options:
        """The options of a question, for an assistant with this threshold."""
        step = _STEPS.get(self.caution)
        least = None if step is None else min(max(answer_from + step, 0.05), 0.95)
        return Options(self.mode, self.style, least, self.since, self.until)


@dataclass(frozen=True, slots=True)
class Seat:
    """One window: its user (``""`` without log-in), what they may do, where they are.

    ``window`` tells it from the same user's other windows."""

    language: Language
    wishes: Wishes = Wishes()
    user: str = ""
    writes: bool = True
    talk: str = ""
    library: str = ""
    window: str = ""

    @classmethod
    def read(cls, detail: Detail, request: Any) -> Seat:
        """The seat that an event came from; ``request`` is Starlette's."""
        wishes = Wishes.read(detail.part("wishes"))
        visitor = request.scope.get("youju.visitor")
        return cls(
            language=wishes.language or language_of(request.headers.get("accept-language")),
            wishes=wishes,
            user=visitor.name if visitor else "",
            writes=visitor.writes if visitor else True,
            talk=detail.text("talk", 64),
            library=detail.text("library", 64),
            window=detail.text("window", 64),
        )


def _one_of(value: str, allowed: tuple[Any, ...]) -> Any:
    return value if value in allowed else allowed[0]


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if len(value) == len("2016-11-14") else None
    except ValueError:
        return None
