"""A text → its articles: a page of run-together news is split, its broken lines are mended.

    >>> page = "区领导调研河道治理\\n11月14日，区领导到贾鲁河调研治\\n理工作。\\n记者 王云"
    >>> article = split(Document(page, "page.txt"))[0]
    >>> article.title, article.text
    ('区领导调研河道治理', '11月14日，区领导到贾鲁河调研治理工作。\\n记者 王云')

Nothing but white space of the document is lost: every other character is in exactly one
article's `section` (the masthead, column or stamp above it), `kicker`, `title` or `text`, in
the order of the file. Only the marks of a Markdown title are left out.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePath

from index.language import SAMPLE, language_of
from index.pages.bylines import Credit, credit, credit_at_end, credit_at_start
from index.pages.dates import days, first_date
from index.pages.lines import Line, lines_of
from index.pages.markdown import heading_levels, is_markdown, unmarked
from index.pages.mending import joined, mend
from index.pages.page import Page
from index.pages.splitting import Block, Kind, blocks_of
from index.types import Article, Document, Origin, PartialDate

_OPENING: frozenset[Kind] = frozenset({"furniture", "kicker", "title", "lead"})
_ABOVE_TEXT: frozenset[Kind] = frozenset({"furniture", "kicker", "title", "subtitle"})
_LONGEST_TITLE = 30


def split(document: Document) -> list[Article]:
    """The articles of ``document``, in the order in which they stand there.

    A document without any title is one article, titled with ``document.title`` or the file's
    stem; one of white space only has none. Never raises; takes time linear in the text.
    """
    lines = list(lines_of(document.text))
    if not lines:
        return []
    levels = heading_levels(lines) if is_markdown(document.source) else None
    page = Page(lines, document.text, levels)
    groups = _groups(blocks_of(page))
    builder = _Builder(document, page, alone=len(groups) == 1)
    return [builder.article(group) for group in groups]


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    """The blocks of each article."""
    groups: list[list[Block]] = []
    above = False
    for block in blocks:
        if not groups or (block.kind in _OPENING and not above):
            groups.append([])
        groups[-1].append(block)
        above = block.kind in {"furniture", "kicker"}
    return groups


class _Builder:
    """Makes the articles of one document, one after the other."""

    def __init__(self, document: Document, page: Page, alone: bool) -> None:
        self._document, self._page, self._alone = document, page, alone
        self._seen: Counter[str] = Counter()
        self._printed: date | None = None

    def article(self, blocks: Sequence[Block]) -> Article:
        """The article that these blocks are."""
        section = self._joined(blocks, {"furniture"})
        kicker = self._joined(blocks, {"kicker", "subtitle"})
        title = self._joined(blocks, {"title"})
        if self._page.marked:
            title = unmarked(title)
        rest = [block for block in blocks if block.kind not in _ABOVE_TEXT]
        mended = mend(
            [self._lines(block) for block in rest],
            self._document.text,
            self._page.exact,
            self._page.keeps_blanks,
        )
        text = mended.text
        paragraphs = list(_paragraphs(text, rest))
        byline, span = byline_of(paragraphs, section)
        self._printed = first_date(section) or self._printed
        return Article(
            id=self._id(section, kicker, title, text),
            title=title or self._title_for(text),
            text=text,
            language=language_of(f"{title}\n{text[:SAMPLE]}"),
            source=self._document.source,
            origin=Origin(self._lines(blocks[0])[0].number, self._lines(blocks[-1])[-1].number),
            published=published_on(paragraphs) or self._printed,
            byline=byline,
            section=section,
            kicker=kicker,
            event=event_of(paragraphs),
            byline_span=span,
            runs=tuple(mended.runs),
        )

    def _lines(self, block: Block) -> Sequence[Line]:
        return self._page.lines[block.first : block.last + 1]

    def _joined(self, blocks: Sequence[Block], kinds: set[Kind]) -> str:
        return " ".join(
            joined(
                self._lines(block),
                self._document.text,
                self._page.exact,
                self._page.keeps_blanks,
            )
            for block in blocks
            if block.kind in kinds
        )

    def _title_for(self, text: str) -> str:
        """A title for an article that has none: the file's, or its first words on a full page."""
        if self._alone or not text:
            source = self._document.source
            return self._document.title or PurePath(source).stem or source or "—"
        first = re.split(r"[。！？!?；;\n]|[.](?=\s)", text[:200], maxsplit=1)[0] or text[:1]
        return first if len(first) <= _LONGEST_TITLE else first[: _LONGEST_TITLE - 1] + "…"

    def _id(self, *content: str) -> str:
        """An id from source and content; the second of two equal articles gets another one."""
        key = "\x1f".join((self._document.source, *content))
        self._seen[key] += 1
        key = f"{key}\x1f{self._seen[key]}"
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


Paragraph = tuple[Kind, int, str]
"""A paragraph of an article: its kind of block, where it starts in the text, its text."""


def _paragraphs(text: str, blocks: Sequence[Block]) -> Iterator[Paragraph]:
    start = 0
    for block, paragraph in zip(blocks, text.split("\n"), strict=False):
        yield block.kind, start, paragraph
        start += len(paragraph) + 1


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
    dated = _DATELINE_DAY.match(_lead_of(paragraphs)[:60])
    return first_date(dated.group()) if dated else None


def _lead_of(paragraphs: Sequence[Paragraph]) -> str:
    return next((text for kind, _, text in paragraphs if kind in {"body", "lead"}), "")
