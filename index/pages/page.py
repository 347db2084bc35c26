"""A page's lines with all that is known of each, before they are cut into blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from index.pages.bylines import credit, credit_at_end
from index.pages.candidates import (
    Candidate,
    Candidates,
    MarkedCandidates,
    closing_strength,
    is_stamp,
)
from index.pages.cues import HAN, addresses, ending, is_item, lead, masthead, unopened
from index.pages.headlines import pairs, shared
from index.pages.layout import Layout, layout_of, link
from index.pages.lines import Line

STYLE_LINES = 800
"""How many lines are looked at to find a page's style."""

_LEADS = {"wire": 2.5, "day": 1.5, "recent": 1.0, "": 0.0}
_PAUSES = {"colon": -3.0, "comma": -3.0, "open": -3.0, "semicolon": -2.0}
_LABEL = re.compile(rf"(?:[{HAN}]{{2,8}}|[A-Z][\w ]{{2,20}})[:：]|附件|https?://")
_SURELY_GOES_ON = 6.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What speaks for and against a line's parts, in nats.

    ``goes_on`` with the line before; ``opening`` an article's text, ``under_heading`` a
    section's; ``within``: a paragraph in the middle; ``leaving``: ending a paragraph;
    ``pause``: letting a new article follow; ``closing``: a credit at its end that closes an
    article; ``wire``: it begins with an agency's dateline.
    """

    goes_on: float
    opening: float
    under_heading: float
    within: float
    leaving: float
    pause: float
    closing: float
    wire: bool
    candidates: tuple[Candidate, ...]


class Page:
    """The lines of one document. Facts are found when asked for, once."""

    def __init__(
        self, lines: Sequence[Line], text: str, levels: dict[int, int] | None = None
    ) -> None:
        self.lines, self.text, self.marked = lines, text, bool(levels)
        self.layout: Layout = layout_of(lines)
        self._candidates = (
            MarkedCandidates(lines, text, levels) if levels else Candidates(lines, text)
        )
        self._facts: list[Facts | None] = [None] * len(lines)
        self._closings: dict[int, float] = {}
        self._links: dict[int, float] = {}

    @cached_property
    def keeps_blanks(self) -> bool:
        """Whether a blank at a line's end is a blank of the text: where few lines have one."""
        lines = self.lines[:STYLE_LINES]
        return sum(self.text[line.end : line.end + 1] == " " for line in lines) <= 0.2 * len(lines)

    @property
    def exact(self) -> bool:
        """Whether lines were cut at a number of characters, in the middle of words too."""
        return self.layout.width is not None and self.layout.width.exact

    @property
    def stamped(self) -> bool:
        """Whether a stamp (when, whence) stands above the page's first title."""
        first = next((line.text for line in self.lines[:3] if not masthead(line.text)), "")
        return bool(first) and is_stamp(first)

    def signed(self, first: int, last: int) -> bool:
        """Whether these lines are an office and a day, the signature of a notice."""
        return self._candidates.signed(first, last)

    def numbered_titles(self, count: int) -> bool:
        """Whether the numbered lines among the first ``count`` may be articles' titles.

        They may when half of them stand between articles: after a credit, or before one, or
        before a lead. The sections of a notice do not.
        """
        numbered = [n for n in range(count) if any(c.numbered for c in self.facts(n).candidates)]
        apart = sum(
            (n > 0 and (self.closing(n - 1) > 0 or self._candidates.alone(n - 1)))
            or (n + 1 < count and self._begins(n + 1))
            for n in numbered
        )
        return len(numbered) >= 2 and apart >= 0.5 * len(numbered)

    def _begins(self, at: int) -> bool:
        return lead(self.lines[at].text) in {"wire", "day"} or self._candidates.alone(at)

    def facts(self, at: int) -> Facts:
        """All that is known of line ``at``."""
        found = self._facts[at]
        if found is None:
            found = self._facts[at] = self._find(at)
        return found

    def _find(self, at: int) -> Facts:
        text = self.lines[at].text
        how, begins = ending(text), lead(text)
        goes_on = self._link(at) if at else 0.0
        width = self.layout.width
        whole = len(text) >= 24 or how == "final" or (width and width.full(self.lines[at]))
        opening = _LEADS[begins] + (0.5 if whole else -1.0)
        candidates = () if self._amid(at) else tuple(self._held(at))
        return Facts(
            goes_on=goes_on,
            opening=opening - (2.0 if addresses(text) else 0.0),
            under_heading=-0.5 * _LEADS[begins],
            within=-2.5 if begins == "wire" else 0.0,
            leaving=self._leaving(at, how),
            pause=_PAUSES.get(how, 0.0),
            closing=self.closing(at),
            wire=begins == "wire",
            candidates=candidates,
        )

    def _amid(self, at: int) -> bool:
        """Whether line ``at`` so surely goes on with the one before that nothing begins there."""
        if at == 0 or self._link(at) < 2.5:
            return False
        return self._link(at) >= _SURELY_GOES_ON or (at > 1 and self._link(at - 1) >= 2.0)

    def _held(self, at: int) -> list[Candidate]:
        """The candidates at a line, with what holds their lines together."""
        found = []
        for each in self._candidates.at(at):
            held = 0.0 if each.loose else sum(self._link(n) for n in range(at + 1, each.last + 1))
            scores = {kind: score + held for kind, score in each.scores.items()}
            found.append(Candidate(each.last, scores, each.numbered, each.loose, each.stamped))
        return found

    def _link(self, at: int) -> float:
        """How much speaks for line ``at`` going on with the line before it."""
        if at not in self._links:
            before, line = self.lines[at - 1], self.lines[at]
            nearby = self.text[max(0, before.end - 1500) : line.start + 2500]
            score = link(before, line, self.layout, nearby)
            if score < _SURELY_GOES_ON and before.columns <= 130:
                score += self._break_after(at - 1)
            self._links[at] = score
        return self._links[at]

    def _break_after(self, at: int) -> float:
        """How much line ``at``, for what it says, goes on in the next line (mostly below zero).

        A credit is complete. A line that begins something and whose words the next line takes
        up again is a headline, not the first piece of a sentence.
        """
        line, following = self.lines[at], self.lines[at + 1]
        if ending(line.text) not in {"other", "closed"}:
            return 0.0
        score = 0.0
        if self.closing(at) > 0 and len(following.text) > 3 and not unopened(following.text):
            score -= 0.0 if credit(following.text) else 2.5
        if masthead(line.text) == "day" or _LABEL.match(line.text):
            score -= 3.0
        before = self.lines[at - 1].text if at else "。"
        if ending(before) == "final" or self._candidates.alone(at - 1):
            score -= 1.5 if line.columns < 14 else 0.8
            again = shared(pairs(line.text), pairs(following.text[:60]))
            score -= 4.0 * max(0.0, again - 0.1)
        return score

    def closing(self, at: int) -> float:
        """How much a credit at the end of line ``at`` ends an article."""
        if at not in self._closings:
            line = self.lines[at]
            texts = [line.text[-100:]]
            if at and line.columns < 60:  # a credit may be cut in two
                before = self.lines[at - 1].text[-100:]
                texts += [before + texts[0], f"{before} {texts[0]}"]
            found = [credit(text) or credit_at_end(text) for text in texts]
            self._closings[at] = max(map(closing_strength, found))
        return self._closings[at]

    def _leaving(self, at: int, how: str) -> float:
        text = self.lines[at].text
        if how in {"comma", "open", "hyphen"}:
            return -3.0
        if how != "other":
            return 0.3 if how == "final" else -0.2
        if self.closing(at) > 0 or _LABEL.match(text) or is_item(text):
            return -0.3
        return -1.0 if at + 1 == len(self.lines) else -2.5
