"""txtai's BM25 with Youju's tokens: left to itself it cuts Chinese at blanks, or not at all.

A module of its own, for txtai finds it by its name and nothing else need be loaded with it.
"""

from __future__ import annotations

from collections.abc import Callable

from txtai.scoring.bm25 import BM25

from index.tokens import bigrams, default_segmenter


class TokensBM25(BM25):  # type: ignore[misc]
    """``config["tokens"]`` says which tokens: ``words`` (jieba's, by default) or ``bigrams``."""

    def loadtokenizer(self) -> Callable[[str], list[str]]:
        """The tokenizer, as txtai asks for it."""
        kind = self.config.get("tokens", "words")
        return default_segmenter().words if kind == "words" else bigrams
