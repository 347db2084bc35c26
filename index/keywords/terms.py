"""What is looked for in the keyword index, and what is put in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.sounds import letter_of
from index.tokens import is_among_pairs

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


def placed(terms: Iterable[Term | AnyOf]) -> list[Term | AnyOf]:
    """Terms as a library's index has them: words of one or two characters among the pairs, where
    each stands anyway, sounds by their letters. What is then asked for twice is asked for once,
    with both weights."""
    weights: dict[tuple[str, str], float] = {}
    others: list[Term | AnyOf] = []
    for term in terms:
        if isinstance(term, AnyOf):
            others.append(AnyOf(tuple(dict.fromkeys(map(placed_term, term.terms))), term.field))
            continue
        there = placed_term(term)
        key = (there.field, there.token)
        weights[key] = weights.get(key, 0.0) + there.weight
    return [*(Term(field, token, w) for (field, token), w in weights.items()), *others]


def placed_term(term: Term) -> Term:
    """A term as a library's index has it."""
    if term.field == WORDS and is_among_pairs(term.token):
        return Term(BIGRAMS, term.token, term.weight)
    if term.field == SOUNDS:
        return Term(SOUNDS, letter_of(term.token), term.weight)
    return term


LONGEST_TOKEN = 120
"""Characters; a longer "word" is data, not language, and tantivy drops those of 64 KB itself."""


@dataclass(frozen=True, slots=True)
class KeywordDoc:
    """A passage as the keyword index takes it: its tokens by field, blanks between them, and what
    filters go by.

    ``day`` counts as ``date.toordinal``; ``labels`` are ``n:`` a name, ``s:`` a section, ``f:``
    the file or a folder it is in.
    """

    id: int
    words: str
    bigrams: str
    sounds: str = ""
    day: int | None = None
    labels: Sequence[str] = ()

    @classmethod
    def of(
        cls, number: int, words: Iterable[str], bigrams: Iterable[str], sounds: Iterable[str] = ()
    ) -> KeywordDoc:
        """A passage of tokens that stand by themselves."""
        joined = [" ".join(cls.kept(field)) for field in (words, bigrams, sounds)]
        return cls(number, joined[0], joined[1], joined[2])

    @staticmethod
    def kept(tokens: Iterable[str]) -> list[str]:
        """The tokens but those that are too long to be words."""
        tokens = list(tokens)
        if max(map(len, tokens), default=0) > LONGEST_TOKEN:
            return [token for token in tokens if len(token) <= LONGEST_TOKEN]
        return tokens

    def labelled(self, day: int | None, labels: Sequence[str]) -> KeywordDoc:
        """The same passage with what filters go by."""
        return KeywordDoc(self.id, self.words, self.bigrams, self.sounds, day, labels)


def file_labels(source: str) -> list[str]:
    """The labels of a file and of all folders that it is in."""
    parts = source.split(os.sep)
    return [f"f:{os.sep.join(parts[: i + 1])}" for i in range(len(parts))]
