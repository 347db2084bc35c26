"""What is looked for in the keyword index, and what is put in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

WORDS, BIGRAMS, SOUNDS = "words", "bigrams", "sounds"
"""The fields of tokens."""


@dataclass(frozen=True, slots=True)
class Term:
    """A token to look for in a field; ``weight`` multiplies its BM25 score."""

    field: str
    token: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Alternatives of which the best counts (translations of one word, forms of one number).

    ``field`` is the one that they stand for, though some may be of another; None: both.
    """

    terms: tuple[Term, ...]
    field: str | None = None


@dataclass(frozen=True, slots=True)
class KeywordDoc:
    """A passage as the keyword index takes it: its tokens by field, and what filters go by.

    ``day`` counts as ``date.toordinal``; ``labels`` are ``n:`` a name, ``s:`` a section, ``f:``
    the file or a folder it is in.
    """

    id: int
    words: Sequence[str]
    bigrams: Sequence[str]
    sounds: Sequence[str] = ()
    day: int | None = None
    labels: Sequence[str] = ()

    def labelled(self, day: int | None, source: str, labels: Iterable[str]) -> KeywordDoc:
        """The same passage with what filters go by."""
        folders = source.split(os.sep)
        inside = (os.sep.join(folders[: i + 1]) for i in range(len(folders)))
        return replace(self, day=day, labels=[*labels, *(f"f:{place}" for place in inside)])
