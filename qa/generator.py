"""What writes answers: the seam for language models, and a deterministic fake of one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from index.errors import GenerationError


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a model."""

    role: Literal["system", "user", "assistant"]
    content: str


@runtime_checkable
class Generator(Protocol):
    """Messages → the pieces of one answer."""

    @property
    def name(self) -> str:
        """The model's name. May ask the server, and raise as ``stream`` does."""

    @property
    def context(self) -> int:
        """Tokens that prompt and answer may take together. May raise as ``stream`` does."""

    def count(self, text: str) -> int:
        """Tokens of a text: exact, or rather too many than too few."""

    def stream(
        self, messages: Sequence[Message], stop: threading.Event | None = None
    ) -> Iterator[str]:
        """The answer's pieces as they come. Ends early, without an error, once ``stop`` is set.

        Raises GenerationError when the answer is not whole.
        """

    def close(self) -> None:
        """Let go of what is open; it may be used again."""


def estimated_tokens(text: str) -> int:
    """At least as many tokens as today's models make of a text: one for each character that is
    not ASCII, one for three that are."""
    narrow = len(text.encode("ascii", "ignore"))
    return len(text) - narrow + (narrow + 2) // 3


class FakeGenerator:
    """A deterministic stand-in for tests: says what it is told to, piece by piece. No server.

    ``reply`` is the answer, or a function of the messages. With ``error``, that is raised after
    the reply instead of its end. ``heard`` keeps the messages of each call.

    >>> "".join(FakeGenerator("好。[1]").stream([]))
    '好。[1]'
    """

    def __init__(
        self,
        reply: str | Callable[[Sequence[Message]], str],
        *,
        piece: int = 3,
        context: int = 8192,
        error: GenerationError | None = None,
    ) -> None:
        self._reply, self._piece, self._error = reply, piece, error
        self.context = context
        self.heard: list[tuple[Message, ...]] = []

    @property
    def name(self) -> str:
        """``"fake"``."""
        return "fake"

    def count(self, text: str) -> int:
        """As ``estimated_tokens``."""
        return estimated_tokens(text)

    def stream(
        self, messages: Sequence[Message], stop: threading.Event | None = None
    ) -> Iterator[str]:
        """The reply in pieces of ``piece`` characters."""
        self.heard.append(tuple(messages))
        reply = self._reply if isinstance(self._reply, str) else self._reply(messages)
        for i in range(0, len(reply), self._piece):
            if stop and stop.is_set():
                return
            yield reply[i : i + self._piece]
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """Nothing is open."""
