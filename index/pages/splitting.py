"""The lines of a page → its blocks: titles, kickers, credits, headings, paragraphs.

One decision over the whole page. Every way to cut the lines into blocks has a score: what the
words of a block say (`index.pages.candidates`), whether its lines hang together (`index.pages.layout`),
and which kind may follow which. The best way is found by dynamic programming (Viterbi's
algorithm over segments), in time linear in the lines. It is found once for each `Style` of
page (articles closed by a byline, opened by one, numbered titles …) on the page's first lines,
and the style under which these score best is taken for all.

Scores are in nats: +2 is strong, +4 all but decides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, cast

from index.pages.candidates import Candidate
from index.pages.page import STYLE_LINES, Facts, Page

Kind = Literal[
    "furniture", "kicker", "title", "subtitle", "credit", "lead", "body", "heading", "end"
]
"""What a block is. ``furniture``: a masthead, a column's name or a stamp above an article;
``kicker`` above a title, ``subtitle`` below it; ``credit``: who, whence and when, between title
and text; ``lead``: the first paragraph of an article without title; ``heading`` within an
article; ``end``: a credit or signature that ends an article."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines ``first`` to ``last`` (indices, both included) are one block of this kind."""

    kind: Kind
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Style:
    """How the articles of a page are set off from each other.

    ``closed`` is the share that a credit closes, ``opened`` the share that a credit or an
    agency's dateline opens; ``numbered``: whether their titles carry numbers; ``stamped``:
    whether day and source stand above the titles.
    """

    closed: float
    opened: float
    numbered: bool = False
    stamped: bool = False


_SHARES = (0.1, 0.5, 0.9)
STYLES = tuple(Style(closed, opened) for closed in _SHARES for opened in _SHARES)

_NEW_ARTICLE = -3.0
_HEAD = ("furniture", "kicker", "title")
_TEXT = ("body", "lead")
# What it costs to go from one kind of block to the next; pairs not named cannot follow.
_STEPS: dict[str, dict[str, float]] = {
    "start": {"furniture": 0.0, "kicker": 0.0, "title": 1.5, "body": -2.0, "credit": -3.0,
              "heading": -4.0},
    "furniture": {"furniture": -0.3, "kicker": 0.0, "title": 0.0, "body": -4.0},
    "kicker": {"kicker": -1.5, "title": 0.0},
    "title": {"subtitle": 0.0, "credit": 0.0, "body": 0.0, "heading": -0.5},
    "subtitle": {"subtitle": -1.0, "credit": 0.0, "body": 0.0, "heading": -0.5},
    "credit": {"credit": -0.1, "subtitle": -2.0, "body": 0.0, "heading": -0.5},
    "lead": {"body": 0.0, "heading": 0.0, "end": 0.0},
    "body": {"body": 0.0, "heading": 0.0, "end": 0.0},
    "heading": {"heading": -0.7, "body": 0.0, "end": -3.0},
    "end": {"end": -0.2, "body": -3.0, "heading": -3.5},
}  # fmt: skip
for _kind, _gain in (("lead", -1.5), ("body", 0.0), ("end", 0.5)):
    _STEPS[_kind] |= {**dict.fromkeys(_HEAD, _NEW_ARTICLE + _gain), "lead": _NEW_ARTICLE - 2.0}
_LAST = {"body": 0.0, "lead": 0.0, "end": 0.0, "heading": -2.0, "kicker": -4.0}
_NUMBERED = {"title": 8.0, "heading": -5.0}
_STAMPED = {"furniture": 5.0, "end": -3.0}
_HOPELESS = 25.0
"""A way that scores this much less than the best one so far is given up."""


def blocks_of(page: Page) -> list[Block]:
    """The best way to cut a page into blocks."""
    count = min(len(page.lines), STYLE_LINES)
    styles = [replace(style, stamped=page.stamped) for style in STYLES]
    if page.numbered_titles(count):
        styles += [replace(style, numbered=True) for style in styles]
    style = max(styles, key=lambda style: _Cut(page, style, count).score)
    return _Cut(page, style, len(page.lines)).blocks()


class _Cut:
    """The best cut of a page's first ``count`` lines under one style."""

    def __init__(self, page: Page, style: Style, count: int) -> None:
        self.page, self.style, self.count = page, style, count
        self._closed = _odds(style.closed)
        self._opened = _odds(style.opened)
        # For each number of lines, by the kind of the last block: the best score, the block's
        # first line, and the kind of the block before.
        self._reached: list[dict[str, tuple[float, int, str]]] = [{} for _ in range(count + 1)]
        self._reached[0] = {"start": (0.0, 0, "")}
        before: Facts | None = None
        for at in range(count):
            facts = page.facts(at)
            self._from(at, facts, before)
            before = facts
        self.score, self._final = max(
            (step[0] + self._finish(kind), kind) for kind, step in self._reached[count].items()
        )

    def blocks(self) -> list[Block]:
        """The blocks, in order."""
        found: list[Block] = []
        at, kind = self.count, self._final
        while at > 0:
            _, first, before = self._reached[at][kind]
            if kind == "end" and self.page.signed(first, at - 1):
                found += [Block("end", at - 1, at - 1), Block("end", first, at - 2)]
            else:
                found.append(Block(cast(Kind, kind), first, at - 1))
            at, kind = first, before
        return found[::-1]

    def _from(self, at: int, facts: Facts, before: Facts | None) -> None:
        """Every way on from line ``at``."""
        here = self._reached[at]
        if not here:
            return
        least = max(step[0] for step in here.values()) - _HOPELESS
        for kind, (score, first, kind_before) in here.items():
            if score < least:
                continue
            steps = _STEPS[kind]
            if kind in _TEXT and before is not None:
                self._reach(at + 1, kind, score + facts.goes_on, first, kind_before)
                score += before.leaving
            opens = self._opens(kind, before)
            if "body" in steps:
                gain = steps["body"] + self._body(kind, facts, before)
                self._reach(at + 1, "body", score + gain, at, kind)
            if "lead" in steps and facts.wire and not self.page.marked:
                gain = steps["lead"] + opens + facts.opening
                self._reach(at + 1, "lead", score + gain, at, kind)
            for candidate in facts.candidates:
                self._to(candidate, kind, score, opens, at)

    def _to(self, candidate: Candidate, kind: str, score: float, opens: float, at: int) -> None:
        """Every way on from line ``at`` by one candidate."""
        steps = _STEPS[kind]
        for to, gain in candidate.scores.items():
            if to not in steps:
                continue
            total = score + steps[to] + gain
            if to in _HEAD:
                total += opens
            if candidate.numbered and self.style.numbered:
                total += _NUMBERED.get(to, 0.0)
            if candidate.stamped and self.style.stamped:
                total += _STAMPED.get(to, 0.0)
            if kind in {"title", "subtitle"} and to in {"credit", "heading"}:
                total += self._opened[to == "credit"]
            self._reach(candidate.last + 1, to, total, at, kind)

    def _reach(self, at: int, kind: str, score: float, first: int, before: str) -> None:
        if at <= self.count:
            known = self._reached[at].get(kind)
            if known is None or score > known[0]:
                self._reached[at][kind] = (score, first, before)

    def _opens(self, kind: str, before: Facts | None) -> float:
        """What speaks for a new article after a block of this kind: how that one ended."""
        if kind == "end":
            return self._closed[True]
        if kind not in _TEXT or before is None:
            return 0.0
        return before.closing + before.pause + self._closed[before.closing > 0]

    def _body(self, kind: str, facts: Facts, before: Facts | None) -> float:
        """What speaks for a paragraph after a block of this kind."""
        if kind in {"title", "subtitle"}:
            return facts.opening + self._opened[facts.wire]
        if kind in {"credit", "furniture", "start"}:
            return facts.opening
        if kind == "heading":
            return facts.within + facts.under_heading
        closed = kind in _TEXT and before is not None and before.closing > 0
        return facts.within - (1.5 if closed else 0.0)

    def _finish(self, kind: str) -> float:
        """What it means that the page ends with a block of this kind."""
        score = _LAST.get(kind, -3.0)
        if kind == "end":
            return score + self._closed[True]
        if kind in _TEXT:
            score += self._closed[self.page.facts(self.count - 1).closing > 0]
        return score


def _odds(share: float) -> tuple[float, float]:
    """Log odds against an even chance, when a thing of this share fails and when it holds."""
    return math.log((1.0 - share) / 0.5), math.log(share / 0.5)
