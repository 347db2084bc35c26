"""How a page was typeset, and from that: does a line go on with the line before?

Nothing is asked of the user. The page itself tells: where lines end with a comma, the next
line goes on; where they end with a full stop, mostly a paragraph ends. How often a blank line,
an indent or a full-width line falls on either kind says what it means on this page.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.pages.bylines import credit_open
from index.pages.cues import HAN, ending, is_item, lead, starts_midway, unclosed, unopened
from index.pages.lines import Line

LOOK = 4000
"""How many lines are looked at to learn how a page is set."""

_HAN_END, _HAN_START = re.compile(f"[{HAN}]$"), re.compile(f"[{HAN}]")
_NUMBER_CUT = re.compile(r"\d[.\-:：/]?\n[\-./:：]?(?:\d|[年月日号时点分个万亿元米吨人次家项%％])")


@dataclass(frozen=True, slots=True)
class Width:
    """The width at which a page's lines were cut: ``low`` to ``high``, in columns or characters."""

    low: int
    high: int
    by_columns: bool
    exact: bool

    def measure(self, line: Line) -> int:
        """The width of ``line`` with its indent, in characters with the blanks at its end too."""
        return line.indent + line.columns if self.by_columns else line.stop - line.begin

    def full(self, line: Line) -> bool:
        """Whether ``line`` fills the page's width."""
        return self.measure(line) >= self.low

    def short(self, line: Line) -> bool:
        """Whether ``line`` ends well before the page's width."""
        return self.measure(line) < self.low - (0 if self.exact else 8 if self.by_columns else 4)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a page is set. Evidence is in nats, for "goes on with the line before".

    ``blank`` and ``indent`` hold the evidence of their absence and of their presence;
    ``broken`` that of a line that ends with a word and nothing else being known. No line is
    known to be cut at less than ``shortest`` columns.
    """

    width: Width | None
    blank: tuple[float, float]
    indent: tuple[float, float]
    broken: float
    shortest: int = 0


def layout_of(lines: Sequence[Line]) -> Layout:
    """Learn a page's layout from its first lines."""
    lines = lines[:LOOK]
    goes_on: list[Line] = []
    begins: list[Line] = []
    cut = spans = ends = words = 0
    widths: list[int] = []
    for before, line in pairwise(lines):
        how = ending(before.text)
        words += how == "other"
        if how in {"comma", "open", "hyphen"} or starts_midway(line.text):
            goes_on.append(line)
            widths.append(before.columns)
            cut += 1
        elif how == "other" and _word_spans(before.text, line.text):
            goes_on.append(line)
            widths.append(before.columns)
            spans += 1
        elif how == "final":
            begins.append(line)
            ends += 1
        elif how == "other" and before.columns >= 60 and unclosed(before.text):
            goes_on.append(line)
    width = _width(lines)
    if cut == 0 and spans < 0.35 * words and not any("。" in line.text[-2:] for line in lines):
        spans = 0  # a page without full stops, on which two lines chance to make a word
    share = (cut + 0.7 * spans) / (cut + 0.7 * spans + ends + 4)
    return Layout(
        width=width,
        blank=_evidence(goes_on, begins, lambda line: line.blanks > 0),
        indent=_evidence(goes_on, begins, lambda line: line.indent >= 2),
        broken=-1.5 + 3.0 * min(1.0, 6 * share),
        shortest=sorted(widths)[len(widths) // 10] if widths else 0,
    )


def link(before: Line, line: Line, layout: Layout, nearby: str) -> float:
    """How much speaks for ``line`` going on with ``before``: above zero it does.

    ``nearby`` is the text around the two, in which words are looked up that the break may
    have cut.
    """
    how = ending(before.text)
    if _NUMBER_CUT.search(before.text[-2:] + "\n" + line.text[:2]):
        return 5.0
    score = {
        "final": -3.0,
        "closed": 0.5 * layout.broken - 0.3,
        "colon": -1.5,
        "semicolon": -0.5,
        "comma": 4.0,
        "open": 5.0,
        "hyphen": 4.0,
        "other": layout.broken,
    }[how]
    score += layout.blank[line.blanks > 0] + layout.indent[line.indent >= 2]
    if layout.width is not None:
        score += _by_width(before, layout.width, how)
    if starts_midway(line.text):
        score += 5.0
    elif is_item(line.text):
        score -= 3.0
    elif "\t" in before.text and "\t" in line.text:
        score -= 4.0
    if how == "final":
        return score
    if how == "other" and before.columns < 0.8 * layout.shortest:
        score -= 1.5
    if unclosed(before.text):
        score += 2.0
    if unopened(line.text):
        score += 3.0
    if credit_open(before.text):
        score += 4.0
    score += _by_words(before.text, line.text, nearby)
    return score - {"wire": 4.0, "day": 1.0, "recent": 0.5, "": 0.0}[lead(line.text)]


def _by_width(before: Line, width: Width, how: str) -> float:
    if width.full(before):
        return 3.5 if how == "final" else 3.0 if before.text.isascii() else 1.8
    if how in {"comma", "open", "hyphen"}:
        return 0.0
    return -3.0 if width.short(before) else -0.5


def _by_words(before: str, after: str, nearby: str) -> float:
    if not (_HAN_END.search(before) and _HAN_START.match(after)):
        return 0.0
    score = -2.0 if before[-2:] == after[:2] else 0.0
    if before[-2:] + after[:2] in nearby:
        score += 2.5
    return score + (2.0 if _word_spans(before, after) else -0.3)


def _word_spans(before: str, after: str) -> bool:
    """Whether a word of the dictionary lies across the break: “制 / 度”."""
    if not (_HAN_END.search(before) and _HAN_START.match(after)):
        return False
    import rjieba

    head = before[-6:]
    at = 0
    for word in rjieba.cut(head + after[:6], False):
        at += len(word)
        if at >= len(head):
            return at > len(head)
    return False


def _evidence(
    goes_on: Sequence[Line], begins: Sequence[Line], holds: Callable[[Line], bool]
) -> tuple[float, float]:
    """Log odds of going on, when something does not hold of the line and when it does.

    What was not seen on lines that go on is taken to be as on those that begin.
    """
    off = (sum(map(holds, begins)) + 0.5) / (len(begins) + 1)
    on = (sum(map(holds, goes_on)) + off) / (len(goes_on) + 1)
    return _bounded(math.log((1 - on) / (1 - off))), _bounded(math.log(on / off))


def _bounded(score: float) -> float:
    return max(-3.0, min(3.0, score))


def _width(lines: Sequence[Line]) -> Width | None:
    """The width at which lines were cut, when many are that wide and hardly any is wider."""
    best: tuple[float, Width] | None = None
    latin = sum(line.text.isascii() for line in lines) > len(lines) / 2
    least_share = 0.15 if latin else 0.3
    for by_columns, slack, least in ((False, 1, 12), (True, 16 if latin else 3, 24)):
        probe = Width(0, 0, by_columns, exact=False)
        counts = Counter(probe.measure(line) for line in lines)
        total, above = len(lines), 0
        for width in sorted(counts, reverse=True):
            if width < least or above > 0.03 * total:
                break
            share = sum(counts[w] for w in range(width - slack, width + 1)) / total
            above += counts[width]
            exact = not by_columns and counts[width] >= 0.8 * share * total
            candidate = Width(width if exact else width - slack, width, by_columns, exact)
            best_share = best[0] if best else least_share
            if share >= best_share and _cuts(lines, candidate, 2 if latin else 3):
                best = share, candidate
    return best[1] if best else None


def _cuts(lines: Sequence[Line], width: Width, least: int) -> bool:
    """Whether lines of this width mostly stop in the middle of a sentence."""
    full = [line for line in lines[:-1] if width.full(line)]
    amid = sum(ending(line.text) != "final" for line in full)
    return len(full) >= least and amid >= 0.6 * len(full)
