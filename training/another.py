"""Questions of a thing that nothing is told of: those that are answered, with another name in them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from qa.matching import QuestionTerm

HEAVY, LONG = 0.2, 3
"""Share of a question of a word, and its length, from which on it may be the name of what the question
is of."""


def heaviest(terms: Sequence[QuestionTerm]) -> str | None:
    """The Chinese word that most of a question lies in, where that is much of it; none that stands beside
    the asking one."""
    total = sum(t.weight for t in terms)
    some = [
        t
        for t in terms
        if len(t.word) >= LONG and not t.asked and all("一" <= c <= "鿿" for c in t.word)
    ]
    best = max(some, key=lambda t: t.weight, default=None)
    return best.word if best and best.weight >= HEAVY * total else None


def of_another(
    question: str, word: str, others: Sequence[str], texts: Sequence[str], chance: random.Random
) -> str | None:
    """The question with a name that no text has in the place of a word: the front of another word
    before its last character (青石河, 韩素月 → 韩素河). None where none is found."""
    if question.count(word) != 1:
        return None
    for other in chance.sample(list(others), min(8, len(others))):
        made = other[: len(word) - 1] + word[-1]
        if len(made) == len(word) and made != word and not any(made in t for t in texts):
            return question.replace(word, made)
    return None
