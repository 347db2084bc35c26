"""What an article's text says of itself: who wrote it, when it was published, when it happened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from index.pages.bylines import Credit, credit, credit_at_end, credit_at_start
from index.pages.dates import days, first_date
from index.pages.splitting import Kind
from index.types import PartialDate

Paragraph = tuple[Kind, int, str]
"""A paragraph of an article: its kind of block, where it starts in the text, its text."""


def byline_of(
    paragraphs: Sequence[Paragraph], section: str = ""
) -> tuple[str, tuple[int, int] | None]:
    """The byline and its span in the text: writers before a source, a source before editors.

    A stamp above the title (in ``section``) may name them too; then there is no span.
    """
    found = list(_credits(paragraphs))
    above = credit(section) if section else None
    for wanted in ("author", "name", "photo", "source", "editor"):
        for start, each in found:
            if wanted in each.parts:
                span = start + each.start, start + each.end
                return (
                    _with_next(each.byline, span, found)
                    if wanted == "author"
                    else (each.byline, span)
                )
        if above and wanted in above.parts:
            return above.byline, None
    return "", None


def _with_next(
    byline: str, span: tuple[int, int], found: Sequence[tuple[int, Credit]]
) -> tuple[str, tuple[int, int]]:
    """A byline with the one on the very next line, where more writers are named there."""
    for start, each in found:
        if start == span[1] + 1 and "author" in each.parts:
            return f"{byline} {each.byline}", (span[0], start + each.end)
    return byline, span


def _credits(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[int, Credit]]:
    """The credits of an article with the start of their paragraph, in order of trust."""
    bodies = [p for p in paragraphs if p[0] in {"body", "lead"}]
    for kind, start, text in paragraphs:
        if kind in {"credit", "end"} and (found := credit(text)):
            yield start, found
    for _, start, text in bodies[:1]:
        if found := credit_at_start(text):
            yield start, found
    for _, start, text in bodies[-1:]:
        if found := credit_at_end(text):
            yield start, found


_VAGUE = re.compile(r"近日|日前|近期|近来|连日来|最近|近几天|近幾天|連日來|recently", re.I)
_LABELLED_DAY = re.compile(
    r"(?:(?:发布|发文|成文|印发|刊发|发稿|发表|公开|生成|發佈)(?:日期|时间|時間)|日期|Date|Published)\s*[:：]\s*(.{8,24})",
    re.I,
)
_ENDS = 5  # paragraphs at both ends of an article in which a labelled day is looked for
_DATELINE_DAY = re.compile(r"[^，。,]{2,30}?日\s?(?:电|電|讯|訊|消息)")


def event_of(paragraphs: Sequence[Paragraph]) -> PartialDate | None:
    """The day of the event: the first day that the lead names, if no “近日” comes before it."""
    text = _lead_of(paragraphs)[:200]
    first = next(days(text), None)
    if first is None or _VAGUE.search(text[: first[0][0]]):
        return None
    return first[1]


def published_on(paragraphs: Sequence[Paragraph]) -> date | None:
    """The day of publication, where a credit, a signature or a dateline states it in full."""
    for kind, _, text in paragraphs:
        if kind in {"credit", "end"} and (found := first_date(text)):
            return found
    for _, _, text in (*paragraphs[:_ENDS], *paragraphs[-_ENDS:]):
        if (labelled := _LABELLED_DAY.search(text[:200])) and (found := first_date(labelled[1])):
            return found
    dated = _DATELINE_DAY.match(_lead_of(paragraphs)[:60])
    return first_date(dated.group()) if dated else None


def _lead_of(paragraphs: Sequence[Paragraph]) -> str:
    return next((text for kind, _, text in paragraphs if kind in {"body", "lead"}), "")
