"""What a few lines of a page may be, other than a paragraph: a score for each kind, in nats."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from index.pages.bylines import Credit, credit
from index.pages.cues import ending, is_item, is_marked, is_office, is_rule, masthead
from index.pages.dates import first_date
from index.pages.headlines import NEVER, brevity, pairs, shape, shared, size, telling, topic_change
from index.pages.lines import Line
from index.pages.mending import joined

WIDEST = 180
"""No headline is wider than this many columns."""
LONGEST = 4
"""No block but a paragraph has more lines than this."""
NEARBY = 400
"""How many characters above and below a headline are compared with it."""
_TELLING: dict[str, dict[str, float]] = {
    "event": {"title": 0.5},
    "purpose": {"title": -0.5, "kicker": 0.5},
    "detail": {"title": -1.0, "kicker": -1.0, "subtitle": 2.0},
    "": {},
}
_FURNITURE = {"head": 3.0, "section": 1.0, "paper": 0.0, "day": -0.5}
_LEAST = -5.0
"""A score below this cannot win, so it is not kept."""


_DASH = re.compile(r"[—–-]{2}|―")
_QUOTED = re.compile(r"“[^“”]+”|‘[^‘’]+’|「[^「」]+」|（[^（）]+）|\([^()]+\)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Lines up to ``last`` read as one block: a score for each kind that it may be.

    ``numbered``: it begins with a number; ``loose``: its lines need not hang together;
    ``stamped``: it tells when or whence, as some pages do above the title.
    """

    last: int
    scores: dict[str, float]
    numbered: bool = False
    loose: bool = False
    stamped: bool = False


class Candidates:
    """Finds the candidates at each line of a page."""

    def __init__(self, lines: Sequence[Line], text: str) -> None:
        self._lines, self._text = lines, text
        self._windows: dict[tuple[int, int], set[str]] = {}
        body = [
            line
            for before, line in pairwise(lines)
            if line.columns >= 40 and ending(before.text) == "final"
        ]
        indent = _usual([line.indent for line in body])
        self._body_indent = indent if indent and indent >= 2 else None
        self._body_blanks = _usual([line.blanks for line in body])

    def at(self, first: int) -> Iterator[Candidate]:
        """The blocks that may begin with line ``first``."""
        width = 0
        for last in range(first, min(first + LONGEST, len(self._lines))):
            width += self._lines[last].columns
            if width > WIDEST or (last > first and not self._joins(last)):
                return
            text = joined(self._lines[first : last + 1], self._text)
            numbered = is_marked(text)
            scores = {
                kind: score
                for kind, score in self._scores(first, last, text).items()
                if score > _LEAST or (numbered and kind == "title" and score > 2 * _LEAST)
            }
            if scores:
                yield Candidate(last, scores, numbered, self.signed(first, last), is_stamp(text))

    def _joins(self, at: int) -> bool:
        """Whether line ``at`` may stand in one block with the line before."""
        before, text = self._lines[at - 1].text, self._lines[at].text
        if (
            is_item(text)
            or _QUOTED.fullmatch(text)
            or _QUOTED.fullmatch(before)
            or _DASH.match(text)
        ):
            return False
        return ending(before) in {"other", "closed"} and not self.alone(at)

    def alone(self, at: int) -> bool:
        """Whether line ``at`` is a credit or a masthead by itself, no part of a headline."""
        text = self._lines[at].text
        return credit_scores(text).get("end", 0.0) > 2 or masthead(text) == "head"

    def signed(self, first: int, last: int) -> bool:
        """Whether these lines are the signature of a notice: its office, then a day."""
        day = self._lines[last].text
        if last == first or masthead(day) != "day" or first_date(day) is None:
            return False
        return is_office(joined(self._lines[first:last], self._text))

    def _scores(self, first: int, last: int, text: str) -> dict[str, float]:
        scores = dict(credit_scores(text))
        at_end = last + 1 == len(self._lines) and first > 1
        if self.signed(first, last) or (at_end and is_office(text)):
            scores["end"] = max(scores.get("end", NEVER), 3.5)
        kind = masthead(text) if last == first else ""
        if kind:
            scores["furniture"] = _FURNITURE[kind] + (2.0 if kind == "paper" and not first else 0.0)
        if scores.get("credit", 0.0) > 2 or (last > first and self.alone(first)):
            return scores
        if kind != "head":
            self._add_headlines(first, last, text, scores)
        if kind == "day":
            scores["heading"] = 1.5
        return scores

    def _add_headlines(self, first: int, last: int, text: str, scores: dict[str, float]) -> None:
        """The scores of title, kicker, subtitle and heading."""
        score = shape(text)
        if score <= NEVER / 2:
            return
        score += self._set_apart(first)
        any_length = score + brevity(text)  # only titles are hardly ever short
        echo = self._echo(first, last, text)
        topic = topic_change(self._above(first), self._below(last)) if first else 0.0
        item = is_item(text)
        scores["title"] = score + echo + topic - (6.0 if item else 0.0)
        scores["kicker"] = any_length - 1.3 + 0.5 * max(0.0, echo) + topic - (3.0 if item else 0.0)
        scores["subtitle"] = any_length - 2.3 - 0.2 * echo - (3.0 if item else 0.0)
        for to, gain in _TELLING[telling(text)].items():
            scores[to] += gain
        if _DASH.match(text):
            scores["subtitle"] += 5.0
            scores["title"] -= 3.0
            scores["kicker"] -= 3.0
        elif _QUOTED.fullmatch(text):
            scores["subtitle"] += 1.5
            scores["title"] -= 3.0
        scores["heading"] = min(any_length, 0.5) - 1.5
        scores["heading"] += 3.5 if is_marked(text) else 0.0
        scores["heading"] += 0.5 if size(text) <= 12 else -0.3 - 0.1 * max(0.0, size(text) - 16)

    def _echo(self, first: int, last: int, text: str) -> float:
        """How much the text below takes up the words of ``text``, and the text above does not."""
        words, below = pairs(text), self._below(last)
        echo = min(2.5, 6.0 * (shared(words, below) - 0.1))
        echo -= 2.0 * shared(words, self._above(first))
        if last == first:
            return echo
        # A kicker taken for the first piece of a title: its words are not the text's.
        each = [shared(pairs(line.text), below) for line in self._lines[first : last + 1]]
        foreign = each[0] < max(0.1, 0.4 * max(each))
        return echo - (1.5 if foreign else 0.0)

    def _below(self, at: int) -> set[str]:
        return self._window(self._lines[at].end, NEARBY)

    def _above(self, at: int) -> set[str]:
        return self._window(self._lines[at].start, -NEARBY)

    def _window(self, at: int, length: int) -> set[str]:
        """The pairs in the ``length`` characters from ``at``, or before it when negative."""
        key = at, length
        if key not in self._windows:
            if len(self._windows) > 16:
                self._windows.clear()
            start, end = sorted((max(0, at + length), at))
            self._windows[key] = pairs(self._text[start:end])
        return self._windows[key]

    def _set_apart(self, at: int) -> float:
        """How much line ``at`` is set apart from the body by indent and blank lines."""
        line, score = self._lines[at], 0.0
        if self._body_indent is not None:
            score += -0.7 if abs(line.indent - self._body_indent) <= 1 else 1.5
        if self._body_blanks is not None and at:
            score += 1.2 if line.blanks > self._body_blanks else 0.0
        return score


class MarkedCandidates(Candidates):
    """In Markdown with headings, these alone say what is a title: ``levels`` by line."""

    def __init__(self, lines: Sequence[Line], text: str, levels: dict[int, int]) -> None:
        super().__init__(lines, text)
        self._levels = levels

    def at(self, first: int) -> Iterator[Candidate]:
        """The heading or credit at line ``first``."""
        level = self._levels.get(first)
        if level is not None:
            underlined = first + 1 < len(self._lines) and set(self._lines[first + 1].text) == {"="}
            yield Candidate(first + underlined, {"heading" if level else "title": 12.0})
            return
        scores = credit_scores(self._lines[first].text)
        if scores.get("end", 0.0) > 1:
            yield Candidate(first, {k: v for k, v in scores.items() if k != "furniture"})


@lru_cache(maxsize=1024)
def credit_scores(text: str) -> dict[str, float]:
    """The scores of ``text`` as a credit; none when it is not one."""
    if is_rule(text):
        return {"end": 3.0, "furniture": 0.5}
    found = credit(text)
    if found is None:
        return {}
    parts = found.parts
    if parts & {"author", "source"}:
        return {"credit": 3.0, "end": 3.0, "furniture": -3.0}
    if "editor" in parts:
        return {"credit": 1.5, "end": 3.5}
    if "photo" in parts:
        return {"credit": 0.0, "end": 0.5}
    if parts == {"filler"}:
        return {"end": 2.5}
    if parts <= {"stamp", "filler"}:
        return {"credit": 2.5, "end": 1.0, "furniture": -3.0}
    return {"credit": 0.5, "end": 1.0}


def closing_strength(found: Credit | None) -> float:
    """How much a credit at a paragraph's end says that the article ends there."""
    if found is None:
        return 0.0
    if found.parts & {"author", "editor", "source", "filler"}:
        return 2.5
    return 1.2 if found.parts == {"name"} else 0.0


def is_stamp(text: str) -> bool:
    """Whether ``text`` is a credit that tells when or whence."""
    return "furniture" in credit_scores(text) and bool(_parts(text) & {"stamp", "source"})


def _parts(text: str) -> frozenset[str]:
    found = credit(text)
    return found.parts if found else frozenset()


def _usual(values: Sequence[int]) -> int | None:
    """The value that most of these have, None when there is none."""
    if not values:
        return None
    value, count = Counter(values).most_common(1)[0]
    return value if count >= 0.6 * len(values) else None
