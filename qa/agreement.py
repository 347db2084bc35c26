"""Do other articles say the same as the piece that answers, or something else?

What another article says too is cited beside it; what another has otherwise (another number, day,
person or place of the same thing) is shown with it. Both only where it is plain: two sentences that
name the same thing, hold the same of the question, and one value each of the kind that is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.library import Library
from index.patterns import lazy
from index.sentences import Span
from index.tokens import bigrams, fold, is_unspaced
from index.types import Article
from qa import compose, topic
from qa.background import HELD, HELD_FOREIGN
from qa.entities import SCOPE
from qa.extract import Extraction
from qa.facts import Day, Quantity, agrees, days, quantities
from qa.matching import FoldedText, match
from qa.polarity import is_planned
from qa.question import Kind, Question
from qa.scoring import Candidate
from qa.types import Answer, Evidence
from qa.units import UnitKind

MOST = 3
"""Articles that are compared with the one that answers."""
AS_MUCH = 0.65
"""How much of the question's words that the best piece holds another must hold to be compared."""
ALIKE = 0.65
"""Share of the best piece's pairs of characters that a sentence must have to be asked whether it
bears the piece out."""
A_LITTLE = Decimal("1.25")
"""Up to how many times a number that is only said to be exceeded another may be and not differ."""
LIKE = 0.4
"""Share of the clause that it must have to be taken to say the same of somebody or some day else."""
CLOSE = 10
"""Characters between a value and the word that it is the value of, at most."""
_VALUED = (Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.PERSON, Kind.PLACE, Kind.OFFICE)
_CLAUSE_END = lazy("[，,；;。：:！!？?\n]")
_PART = ("其中", "包括", "of which", "including")
_MORE_THAN = lazy("(?:超过?|逾|突破|至少|不少于|more than|over|at least)\\s?$", re.IGNORECASE)
_LONGEST = 150  # characters of a piece that says one thing
_ONE = (UnitKind.SENTENCE, UnitKind.CLAUSE)


Places = tuple[tuple[Article, Span], ...]
"""Spans of articles."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``same`` are places in other articles that bear the best piece out; ``other`` are pieces that
    have another value, each with the places that bear it out."""

    same: Places = ()
    other: tuple[tuple[Candidate, Places], ...] = ()


NONE = Comparison()


def compare(question: Question, best: Candidate, found: Extraction, library: Library) -> Comparison:
    """What the other articles that were read have in the place of the best piece."""
    if best.unit.kind not in _ONE or not best.article.language.startswith(question.language[:2]):
        return NONE
    if best.text.rstrip().endswith(("?", "？")):
        return NONE  # a heading that asks says nothing
    words = topic.words(question, found.terms, library)
    words = [w for w in words if not SCOPE.fullmatch(w.term.word)]  # 全区: whose it is, both know
    rivals = _rivals(best, found, words)
    if not rivals:
        return NONE
    other = [c for c in rivals if _opposed(question, words, best, c)]
    alike = [c for c in rivals if c not in other]
    same = [p for c in alike if (p := _borne_out(best, c, library))]
    return Comparison(tuple(same), tuple(_grouped(question, words, other, library)))


def composed(
    question: Question,
    asked: str,
    chosen: Sequence[Candidate],
    found: Extraction,
    evidence: Sequence[Evidence],
    library: Library,
) -> Answer:
    """The answer of the chosen pieces, beside what other articles say of the same: cited with it,
    or shown with it."""
    best = max(chosen, key=lambda c: c.score)
    beside = compare(question, best, found, library)
    if not beside.other:
        # What is cited with the best piece is not said once more.
        cited = {article.id for article, _ in beside.same}
        chosen = [c for c in chosen if c.article.id not in cited]
        at = chosen.index(best)
        return compose.answer(question, asked, chosen, evidence, also={at: beside.same})
    from qa import framing  # few answers differ

    said = framing.latest_first([best, *(c for c, _ in beside.other)])
    heads, above = framing.differing(question, said)
    also = {said.index(c): places for c, places in ((best, beside.same), *beside.other)}
    return compose.answer(question, asked, said, evidence, heads, above, also)


def _grouped(
    question: Question, words: Sequence[topic.Word], pieces: Sequence[Candidate], library: Library
) -> Iterator[tuple[Candidate, Places]]:
    """Those that say the same but once, the others cited with the first."""
    left = list(pieces)
    while left:
        first, *rest = left
        places = [
            None if _opposed(question, words, first, c) else _borne_out(first, c, library)
            for c in rest
        ]
        yield first, tuple(p for p in places if p)
        left = [c for c, p in zip(rest, places, strict=True) if p is None]


def _rivals(best: Candidate, found: Extraction, words: Sequence[topic.Word]) -> list[Candidate]:
    """Of each other article its best piece, if it speaks of the same thing as the best of all."""
    mine = _held(best, words)
    names = [i for i, w in enumerate(words) if w.name or w.noun]
    rivals: dict[str, Candidate] = {}
    # A question of common words only (总占地面积有多大) may be of another thing in each article.
    says = any(words[i].name or words[i].term.weight >= topic.SAYS_MUCH for i in names)
    if not says or not all(mine[i] for i in names):
        return []
    for c in found.candidates:
        known = c.article.id == best.article.id or c.article.id in rivals
        if known or c.unit.kind not in _ONE or len(c.text) > _LONGEST:
            continue
        held = _held(c, words)
        much = sum(w.term.weight for w, a, b in zip(words, mine, held, strict=True) if a and b)
        if all(held[i] for i in names) and much >= AS_MUCH * sum(
            w.term.weight for w, a in zip(words, mine, strict=True) if a
        ):
            rivals[c.article.id] = c
            if len(rivals) == MOST:
                break
    return list(rivals.values())


def _held(piece: Candidate, words: Sequence[topic.Word]) -> list[bool]:
    """Which of the question's words a piece and its article's title hold."""
    text = FoldedText(f"{piece.article.kicker} {piece.article.title}\n{piece.text}")
    return [
        match(w.term, text) >= (HELD if is_unspaced(w.term.word) else HELD_FOREIGN) for w in words
    ]


def _opposed(
    question: Question, words: Sequence[topic.Word], best: Candidate, other: Candidate
) -> bool:
    """Whether two pieces have different values of the kind that is asked for, beside the same word."""
    if question.kind not in _VALUED:
        return False
    mine, theirs = _told(question, words, best), _told(question, words, other)
    if mine is None or theirs is None or not mine.beside & theirs.beside:
        return False
    if is_planned(mine.clause) != is_planned(theirs.clause):
        return False  # what was to be and what came of it
    if isinstance(mine.value, Quantity) and _of_two_times(best, other):
        return False
    if isinstance(mine.value, Quantity) and isinstance(theirs.value, Quantity):
        bounded = _bounds(mine, theirs.value) or _bounds(theirs, mine.value)
        same = mine.value.unit == theirs.value.unit
        return same and not bounded and _differ(mine.value, theirs.value)
    # A number has its unit; of a name or a day only the sentence tells whose it is.
    single = isinstance(mine.value, Day) or all(
        len(list(_values(question, piece))) == 1 for piece in (best, other)
    )
    return single and _alike(mine.clause, theirs.clause, LIKE) and _differ(mine.value, theirs.value)


def _bounds(told: _Told, value: Quantity) -> bool:
    """Whether a number is only said to be exceeded (超过400亿), and another exceeds it a little."""
    if not isinstance(told.value, Quantity) or not _MORE_THAN.search(told.before):
        return False
    return told.value.value < value.value <= told.value.value * A_LITTLE


@dataclass(frozen=True, slots=True)
class _Told:
    """A value with the words of the question that stand beside it, and the clause it stands in."""

    value: Quantity | Day | str
    beside: frozenset[int]
    clause: str
    before: str


def _told(question: Question, words: Sequence[topic.Word], piece: Candidate) -> _Told | None:
    """The one value of a piece that stands beside a word of the question; None if several do."""
    found: list[_Told] = []
    for value, start, end in _values(question, piece):
        left = max((m.end() for m in _CLAUSE_END.finditer(piece.text, 0, start)), default=0)
        right = _CLAUSE_END.search(piece.text, end)
        stop = right.start() if right else len(piece.text)
        near = (
            piece.text[max(left, start - CLOSE) : start]
            + "\n"
            + piece.text[end : min(stop, end + CLOSE)]
        )
        text = FoldedText(near)
        beside = [i for i, w in enumerate(words) if not w.name and match(w.term, text) >= HELD]
        clause = piece.text[left:stop]
        if beside and not clause.startswith(_PART):
            found.append(_Told(value, frozenset(beside), clause, piece.text[left:start]))
    alone = found and not any(_differ(found[0].value, t.value) for t in found)
    return found[0] if alone else None


def _values(
    question: Question, piece: Candidate
) -> Iterator[tuple[Quantity | Day | str, int, int]]:
    """The values that a piece may answer with, and where they stand."""
    read: Sequence[Quantity | Day] = ()
    if question.kind in (Kind.NUMBER, Kind.MONEY):
        read = quantities(piece.text)
    elif question.kind is Kind.DATE:
        read = days(piece.text)
    else:
        named = ((fold(piece.text[a:b]), a, b) for a, b in piece.highlights)
        yield from (n for n in named if not any(c.isdigit() for c in n[0]))  # 10月1日开馆: no place
    for v in read:
        if any(a < v.end and v.start < b for a, b in piece.highlights):
            yield v, v.start, v.end


def _differ(one: Quantity | Day | str, two: Quantity | Day | str) -> bool:
    if isinstance(one, Quantity) and isinstance(two, Quantity):
        return not (agrees(one, two) or agrees(two, one))
    if isinstance(one, Day) and isinstance(two, Day):
        return one.clashes(two)
    if isinstance(one, str) and isinstance(two, str):
        return one not in two and two not in one
    return True


def _alike(one: str, two: str, share: float) -> bool:
    """Whether a text has that share of another's pairs of characters."""
    pairs = set(bigrams(one))
    return bool(pairs) and len(pairs & set(bigrams(two))) >= share * len(pairs)


def _of_two_times(one: Candidate, two: Candidate) -> bool:
    """Whether each says of which time it speaks, and not of the same."""
    first, second = days(one.text), days(two.text)
    return bool(first) and bool(second) and all(a.clashes(b) for a in first for b in second)


def _borne_out(best: Candidate, other: Candidate, library: Library) -> tuple[Article, Span] | None:
    """The place in another article that bears the best piece out, if there is one."""
    if not _alike(best.text, other.text, ALIKE):
        return None
    from qa.packing import Source
    from qa.verify import Verifier  # few answers have two articles that say the same

    place = other.unit.start, other.unit.end
    verifier = Verifier([Source(1, other.article, *place)], library.encoder, library.segmenter)
    return (other.article, place) if verifier.check(best.text, [1]).supported else None
