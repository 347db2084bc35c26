"""What is wrong with a claim: its numbers, dates, names, denials and words beside its evidence.

A number that stands elsewhere in the evidence is right only where it takes no other's place: the
clause that says the same must not have a number of the same kind that the claim leaves out. So for
dates, persons and places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa import polarity
from qa.facts import Day, Quantity, agrees, dated_by, item_counts, quantities
from qa.grounding import Clause
from qa.proper import wrong_names
from qa.types import Problem
from qa.wording import Wording

HELD = 0.62
"""The part of a claim's own words (0–1) that its evidence must hold, however near the meaning."""
_SAID_IN_WORDS = 3  # up to this a number may be part of a word in another language
_BARE = 100  # a smaller number without what it counts is known only by what stands before it


def problems(w: Wording) -> tuple[Problem, ...]:
    """All that is wrong with a claim by its words. Adds to ``w.places`` where else in the evidence
    a number, a date or a name of it stands."""
    found = (
        (Problem.NUMBER, any(_wrong_number(w, q) for q in w.quantities)),
        (Problem.DATE, any(_wrong_day(w, d) for d in w.days)),
        (Problem.NAME, wrong_names(w)),
        (Problem.NEGATION, _denials(w)),
        (Problem.MODALITY, _modality(w)),
        (Problem.MEANING, not w.foreign and w.held < HELD),
    )
    return tuple(problem for problem, wrong in found if wrong)


def _denials(w: Wording) -> bool:
    """Whether something is denied that was not, or the other way round, or the opposite said."""
    if w.foreign:
        return bool(polarity.denials(w.claim)) and not polarity.denials(w.whole)
    return any(
        polarity.denies_otherwise(part.clause.text, part.texts, w.whole)
        or polarity.reverses(part.clause.text, part.texts)
        for part in w.laid
    )


def _modality(w: Wording) -> bool:
    """Whether what is planned is said to be done, or what is possible to be certain."""
    return not w.foreign and any(
        polarity.surer(part.clause.text, part.texts, w.whole) for part in w.laid
    )


def _wrong_number(w: Wording, said: Quantity) -> bool:
    part = w.part_at(said.start)
    if part is not None and part.beside:
        held = _numbers_in(w, part.ground, part.beside)
        if any(agrees(said, q) for q in held):
            return False
        # In exchange for another of the same kind?
        for q in _numbers_in(w, part.ground, part.beside[:1]):
            if (
                said.unit == q.unit
                and said.unit
                and not any(agrees(own, q) for own in w.quantities)
            ):
                return True
    if w.foreign and said.value <= _SAID_IN_WORDS:
        return False  # two sides: 双方
    bare = not w.foreign and not said.unit and said.value < _BARE and said.value == int(said.value)
    for i, ground in enumerate(w.grounds):
        for q in ground.quantities:
            if agrees(said, q) and not (bare and q.unit):
                w.places.append((i, q.start))
                return False
        if any(agrees(said, q) for q in quantities(ground.known.text)):
            return False
        if said.unit in ("项", "点", "条", "个", "方面", "类", "种", "") and int(
            said.value
        ) in item_counts(ground.folded):
            return False
    # Written as the evidence writes it: 110, 5g, 312国道.
    literal = w.folded[said.start : said.end].strip()
    if not literal[0].isdigit():
        return True
    before = w.folded[said.start - 1 : said.start].strip(" ，,。;；:：“(（\n") if bare else ""
    pattern = rf"(?<![\d.]){re.escape(before + literal)}(?![\d.])"
    return re.search(pattern, w.whole) is None


def _numbers_in(w: Wording, ground: int, parts: Sequence[Clause]) -> list[Quantity]:
    found = w.grounds[ground].quantities
    return [q for q in found if any(c.start <= q.start < c.end for c in parts)]


def _wrong_day(w: Wording, said: Day) -> bool:
    part = w.part_at(said.start)
    if part is not None and part.beside:
        ground = w.grounds[part.ground]
        near = [d for d in ground.days if any(c.start <= d.start < c.end for c in part.beside[:1])]
        rivals = [d for d in near if d.clashes(said)]
        fits = [d for d in near if not d.clashes(said)]
        if rivals and not fits and not any(dated_by(own, [d]) for d in rivals for own in w.days):
            return True
    for i, ground in enumerate(w.grounds):
        if dated_by(said, [*ground.days, *ground.known.days]):
            place = next((d.start for d in ground.days if dated_by(said, [d])), None)
            if place is not None:
                w.places.append((i, place))
            return False
    return True
