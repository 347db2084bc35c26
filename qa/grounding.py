"""What of a sentence stands in its evidence, character by character, and where.

A passage is read once (``Ground``): its clauses, numbers, dates and names. A sentence's clauses
are then laid beside the clauses that say the same (``Ground.beside``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.sentences import Span, sentence_spans
from index.stems import is_stop, stem
from index.tokens import Segmenter, fold, is_bigrammed
from qa.entities import persons
from qa.facts import Day, Quantity, days, quantities
from qa.orders import without_orders

_CLAUSE_END = re.compile(r"[，；：。！？…\n]|[,;:!?](?!\d)|\.(?=\s|$)|——")
_WORD = re.compile(r"[a-z][a-z'’-]*[a-z]|[a-z]")
_BESIDE = 3  # clauses of evidence that one clause may be drawn from
_LEAST_BESIDE = 2  # pairs of characters that a further one must add


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence between two commas: ``text[start:end]`` of what it was cut from."""

    start: int
    end: int
    text: str
    pairs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an article beside a passage's text: title, byline, date, other names."""

    text: str
    days: tuple[Day, ...] = ()


class Ground:
    """A passage as evidence. ``text`` has what orders a model about blanked out."""

    def __init__(self, text: str, known: Known, segmenter: Segmenter) -> None:
        self.text = without_orders(text)
        self.known = known
        self._segmenter = segmenter
        self.folded = fold(self.text)
        self.clauses = clauses(self.text)

    @cached_property
    def whole(self) -> str:
        """The folded text with title and byline."""
        return f"{self.folded}\n{fold(self.known.text)}"

    @cached_property
    def quantities(self) -> list[Quantity]:
        """The numbers of the text."""
        return quantities(self.text)

    @cached_property
    def days(self) -> list[Day]:
        """The dates of the text."""
        return days(self.text)

    @cached_property
    def persons(self) -> list[Span]:
        """The persons of the text."""
        return persons(self.text, self._segmenter)

    @cached_property
    def sentences(self) -> list[Span]:
        """The sentences of the text."""
        return sentence_spans(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems of its words of letters, of title and byline too."""
        return frozenset(stem(w) for w in _WORD.findall(self.whole))

    def beside(self, clause: Clause, after: int = 0) -> list[Clause]:
        """The clauses that hold most of one, best first; none if it is not here at all.

        Of those that hold as much, the first behind ``after``, where the clause before was found.
        """
        left = set(clause.pairs)
        found: list[Clause] = []
        while left and len(found) < _BESIDE:
            best = max(
                (c for c in self.clauses if c not in found),
                key=lambda c: (len(left & c.pairs), c.start >= after, -abs(c.start - after)),
                default=None,
            )
            gain = 0 if best is None else len(left & best.pairs)
            if best is None or gain == 0:
                break
            if len(found) == 1:
                found[0] = self._nearer(clause, found[0], best)
            if found and gain < _LEAST_BESIDE:
                break
            found.append(best)
            left -= best.pairs
        return found

    def _nearer(self, clause: Clause, best: Clause, second: Clause) -> Clause:
        """Of the clauses that hold as much as the best one, the nearest to the second, and rather
        behind it: what is said of a thing follows it."""
        most = len(clause.pairs & best.pairs)
        alike = [c for c in self.clauses if len(clause.pairs & c.pairs) == most and c != second]
        return min(alike, key=lambda c: (c.start < second.start, abs(c.start - second.start)))

    def sentence_at(self, place: int) -> Span | None:
        """The sentence that holds a place."""
        return next((s for s in self.sentences if s[0] <= place < s[1]), None)


@dataclass(frozen=True, slots=True)
class Laid:
    """A clause of a claim beside the clauses of one passage that say most of it, best first."""

    clause: Clause
    ground: int
    beside: tuple[Clause, ...]

    @classmethod
    def of(cls, clause: Clause, grounds: Sequence[Ground], before: Laid | None = None) -> Laid:
        """Beside the passage whose clause says most of it; near the one before it if others say
        as much."""
        at = [
            before.beside[0].end if before and before.beside and before.ground == i else 0
            for i in range(len(grounds))
        ]
        found = [(i, g.beside(clause, at[i])) for i, g in enumerate(grounds)]
        best = max(found, key=lambda f: len(clause.pairs & f[1][0].pairs) if f[1] else -1)
        return cls(clause, best[0], tuple(best[1]))

    @classmethod
    def all(cls, claim: str, grounds: Sequence[Ground]) -> list[Laid]:
        """Each clause of a claim."""
        laid: list[Laid] = []
        for clause in clauses(claim):
            before = next((p for p in reversed(laid) if p.beside), None)
            laid.append(cls.of(clause, grounds, before))
        return laid

    @property
    def texts(self) -> list[str]:
        """The clauses of the evidence."""
        return [c.text for c in self.beside]


def clauses(text: str) -> list[Clause]:
    """The clauses of a text, in order."""
    folded = fold(text)
    found: list[Clause] = []
    start = 0
    for end in (*(m.start() for m in _CLAUSE_END.finditer(text)), len(text)):
        while start < end and text[start].isspace():
            start += 1
        if start < end:
            found.append(Clause(start, end, text[start:end], pairs(folded[start:end])))
        start = end + 1
    return found


def pairs(folded: str) -> frozenset[str]:
    """Pairs of neighbouring characters, and stems of words of letters; no figures."""
    found = {
        folded[i : i + 2]
        for i in range(len(folded) - 1)
        if is_bigrammed(folded[i]) and is_bigrammed(folded[i + 1])
    }
    found |= {stem(w) for w in _WORD.findall(folded) if not is_stop(w)}
    return frozenset(found)


def covered(folded: str, whole: str, words: Iterable[str]) -> list[bool]:
    """For each character of a folded sentence, whether it stands in a run of two or more that the
    evidence has too. A word of letters counts as a whole, by its stem."""
    held = [not c.isalnum() for c in folded]
    at = 0
    while at < len(folded):
        length = 0
        while (
            at + length < len(folded)
            and folded[at + length] not in "\n"
            and whole.find(folded[at : at + length + 1]) >= 0
        ):
            length += 1
        if length >= 2:
            held[at : at + length] = [True] * length
            # The next run may begin inside of this one.
            at += max(1, length - 1)
        else:
            at += 1
    known = frozenset(words)
    for match in _WORD.finditer(folded):
        here = stem(match.group()) in known or is_stop(match.group())
        held[match.start() : match.end()] = [here] * (match.end() - match.start())
    return held


def merged(spans: Sequence[Span], text: str) -> list[Span]:
    """Spans in order, those that touch (only white space between) as one."""
    out: list[Span] = []
    for a, b in sorted(set(spans)):
        if out and not text[out[-1][1] : a].strip():
            out[-1] = (out[-1][0], max(b, out[-1][1]))
        else:
            out.append((a, b))
    return out
