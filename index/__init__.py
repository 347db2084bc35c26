"""Documents → a searchable library.

from index import Library
library = Library.open("my-library")
library.add(["news.txt"])
library.search("贾鲁河治理", k=10, mode="hybrid")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from index.errors import YoujuError
from index.types import Article, Encoder, Hit, Passage

if TYPE_CHECKING:
    from index.library import Library

__all__ = ["Article", "Encoder", "Hit", "Library", "Passage", "YoujuError"]


def __getattr__(name: str) -> Any:
    """``Library`` is imported when first asked for: its engines take a while to load."""
    if name == "Library":
        from index.library import Library

        return Library
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
