"""txtai's BM25 with jieba's words: left to itself it cuts Chinese at blanks, or not at all.

A module of its own, for txtai finds it by its name and nothing else need be loaded with it.
"""

from __future__ import annotations

from collections.abc import Callable

from txtai.scoring.bm25 import BM25

from benchmarks.peers import tokens


class WordsBM25(BM25):  # type: ignore[misc]
    """The same words as the others have (``benchmarks.peers.tokens``)."""

    def loadtokenizer(self) -> Callable[[str], list[str]]:
        """The tokenizer, as txtai asks for it."""
        return tokens
