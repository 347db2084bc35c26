"""A question → a cited answer.

from qa import Assistant
answer = Assistant.open("my-library").ask("贾鲁河治理有什么要求")
answer.text, answer.citations[0].quote
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.types import Answer, Citation, Evidence, Status

if TYPE_CHECKING:
    from qa.assistant import Assistant, Conversation

__all__ = ["Answer", "Assistant", "Citation", "Conversation", "Evidence", "Status"]


def __getattr__(name: str) -> Any:
    """The assistant is imported when first asked for: its engines take a while to load."""
    if name in ("Assistant", "Conversation"):
        from qa import assistant

        return getattr(assistant, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
