"""Timelines and summaries: sentences of several articles, put together.

How a thing went on and what it is no single piece answers: the best sentences of several articles
do, one saying nothing that another has said.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.tokens import bigrams
from qa.scoring import Candidate
from qa.units import UnitKind

STEPS, SENTENCES = 8, 5
"""Sentences of a timeline, and of a summary, at most."""
OF_ONE = 2
"""Sentences of one article at most."""
WORTH = 0.75
"""Share of the best sentence's coverage of the question from which on a sentence is taken."""
ALIKE = 0.8
"""Share of the shorter sentence's pairs of characters from which on two say the same."""
_SHORT = 12  # characters of a sentence that says too little by itself


def timeline(found: Sequence[Candidate]) -> list[Candidate]:
    """The best sentences of each article that tells of the thing, the earliest article first."""
    from qa.listing import by_day  # few questions ask for a timeline

    taken = _best(found, STEPS)
    order = {a.id: i for i, a in enumerate(by_day([c.article for c in taken]))}
    return sorted(taken, key=lambda c: (order[c.article.id], c.unit.start))


def summary(found: Sequence[Candidate]) -> list[Candidate]:
    """The sentences that say most of the thing, article by article, as they stand in each."""
    taken = _best(found, SENTENCES)
    first = {c.article.id: i for i, c in reversed(list(enumerate(taken)))}
    return sorted(taken, key=lambda c: (first[c.article.id], c.unit.start))


def _best(found: Sequence[Candidate], most: int) -> list[Candidate]:
    taken: list[Candidate] = []
    told: list[set[str]] = []
    whole = [
        c
        for c in found
        if c.unit.kind in (UnitKind.SENTENCE, UnitKind.ENUMERATION) and len(c.text) >= _SHORT
    ]
    if not whole:
        return list(found[:1])
    least = WORTH * max(c.around for c in whole)
    for c in whole:
        if len(taken) == most or c.around < least:
            continue
        if sum(t.article.id == c.article.id for t in taken) == OF_ONE:
            continue
        pairs = set(bigrams(c.text))
        if any(len(pairs & t) >= ALIKE * max(1, min(len(pairs), len(t))) for t in told):
            continue
        taken.append(c)
        told.append(pairs)
    return taken
