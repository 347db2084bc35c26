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
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import PurePath

from index.language import SAMPLE, language_of
from index.pages.about import Paragraph, byline_of, event_of, published_on
from index.pages.bylines import credit
from index.pages.dates import first_date
from index.pages.lines import Line, lines_of
from index.pages.markdown import heading_ranks, is_markdown, levels_of, unmarked
from index.pages.mending import Mended, joined, mend
from index.pages.page import Page
from index.pages.provisions import Law, in_contents, laws_of, paragraphs_of, rank_of
from index.pages.splitting import Block, Kind, blocks_of
from index.types import Article, Document, Heading, Origin, Run

_OPENING: frozenset[Kind] = frozenset({"furniture", "kicker", "title", "lead"})
_ABOVE_TEXT: frozenset[Kind] = frozenset({"furniture", "kicker", "title", "subtitle"})
_LONGEST_TITLE = 30
_CREDIT_LINES = 3  # first and last lines of a whole document that may be credits


def split(document: Document) -> list[Article]:
    """The articles of ``document``, in the order in which they stand there.

    A document without any title is one article, titled with ``document.title`` or the file's
    stem; one of white space only has none. Never raises; takes time linear in the text.
    """
    return split_all([document])


def split_all(documents: Iterable[Document]) -> list[Article]:
    """The articles of all documents of one file; no two have the same id."""
    seen: Counter[str] = Counter()
    return [article for document in documents for article in _split(document, seen)]


def _split(document: Document, seen: Counter[str]) -> list[Article]:
    lines = list(lines_of(document.text))
    if not lines:
        return [_Builder(document, seen).titled()] if document.whole and document.title else []
    builder = _Builder(document, seen)
    if document.whole:
        return [builder.whole(lines)]
    if laws := laws_of(lines):
        return [builder.law(lines, law, alone=len(laws) == 1) for law in laws]
    if document.headings:
        named = dict(document.headings)
        ranks = {at: named[line.number] for at, line in enumerate(lines) if line.number in named}
    else:
        markdown = is_markdown(document.member or document.source)
        ranks = heading_ranks(lines) if markdown else {}
    page = Page(lines, document.text, levels_of(ranks) or None)
    groups = _groups(blocks_of(page))
    return [builder.article(group, page, ranks, alone=len(groups) == 1) for group in groups]


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

    def __init__(self, document: Document, seen: Counter[str]) -> None:
        self._document, self._seen = document, seen
        self._printed: date | None = None

    def article(
        self, blocks: Sequence[Block], page: Page, ranks: Mapping[int, int], alone: bool
    ) -> Article:
        """The article that these blocks of a page are."""

        def lines(block: Block) -> Sequence[Line]:
            return page.lines[block.first : block.last + 1]

        def words(kinds: set[Kind]) -> str:
            return " ".join(
                joined(lines(block), self._document.text, page.exact, page.keeps_blanks)
                for block in blocks
                if block.kind in kinds
            )

        title = words({"title"})
        if page.marked:
            title = unmarked(title)
        rest = [block for block in blocks if block.kind not in _ABOVE_TEXT]
        mended = mend(
            [lines(block) for block in rest], self._document.text, page.exact, page.keeps_blanks
        )
        paragraphs = list(_paragraphs(mended.text, [block.kind for block in rest]))
        headings = [
            Heading(start, ranks[block.first], unmarked(text))
            for block, (_, start, text) in zip(rest, paragraphs, strict=False)
            if block.kind == "heading" and block.first in ranks
        ]
        return self._made(
            mended,
            paragraphs,
            (lines(blocks[0])[0], lines(blocks[-1])[-1]),
            title=title,
            kicker=words({"kicker", "subtitle"}),
            section=words({"furniture"}),
            headings=headings,
            alone=alone,
        )

    def law(self, lines: Sequence[Line], law: Law, alone: bool) -> Article:
        """The article that a law is: all below its title, its parts marked as headings."""
        above = lines[law.first : law.title] if law.title is not None else []
        body = lines[law.first + len(above) + (law.title is not None) : law.end]
        listed = {body[at].number for at in in_contents(body)}
        parts = paragraphs_of(body)
        mended = mend(parts, self._document.text)
        kinds: list[Kind] = [
            "credit" if at < _CREDIT_LINES and credit(part[0].text) else "body"
            for at, part in enumerate(parts)
        ]
        paragraphs = list(_paragraphs(mended.text, kinds))
        headings = []
        for part, (_, start, text) in zip(parts, paragraphs, strict=False):
            rank, words = rank_of(text)
            if rank and part[0].number not in listed:
                headings.append(Heading(start, rank, words))
        title = "" if law.title is None else lines[law.title].text
        if is_markdown(self._document.member or self._document.source):
            title = unmarked(title)
        return self._made(
            mended,
            paragraphs,
            (lines[law.first], lines[law.end - 1]),
            title=title,
            kicker=" ".join(line.text for line in above),
            headings=headings,
            published=first_date(mended.text[: headings[0].start if headings else 200]),
            alone=alone,
        )

    def whole(self, lines: Sequence[Line]) -> Article:
        """The one article that a document is, each of its lines a paragraph."""
        mended = mend([[line] for line in lines], self._document.text)
        last = len(lines) - _CREDIT_LINES
        kinds: list[Kind] = [
            ("credit" if at < _CREDIT_LINES else "end")
            if (at < _CREDIT_LINES or at >= last) and len(line.text) < 60 and credit(line.text)
            else "body"
            for at, line in enumerate(lines)
        ]
        paragraphs = list(_paragraphs(mended.text, kinds))
        ranks = dict(self._document.headings)
        headings = [
            Heading(start, ranks[line.number], text)
            for line, (_, start, text) in zip(lines, paragraphs, strict=False)
            if line.number in ranks
        ]
        return self._made(
            mended, paragraphs, (lines[0], lines[-1]), title=self._document.title or "",
            headings=headings, alone=True,
        )  # fmt: skip

    def titled(self) -> Article:
        """The article of a document that is a title and nothing else."""
        line = Line(1, 0, 0, 0, 0, 0, 0, 0, "")
        return self._made(Mended(), [], (line, line), title=self._document.title or "", alone=True)

    def _made(
        self,
        mended: Mended,
        paragraphs: Sequence[Paragraph],
        ends: tuple[Line, Line],
        *,
        title: str,
        kicker: str = "",
        section: str = "",
        headings: Sequence[Heading] = (),
        published: date | None = None,
        alone: bool,
    ) -> Article:
        """An article with what its text and its document say of it; the text counts first."""
        text, document = mended.text, self._document
        byline, span = byline_of(paragraphs, section)
        if document.byline and (document.whole or not byline):
            # What a page or a mail says outright; a short last line may look like a name.
            byline, span = document.byline, span if byline == document.byline else None
        self._printed = first_date(section) or self._printed
        pages = tuple(self._pages(mended.runs))
        section = section or document.section
        return Article(
            id=self._id(section, kicker, title, text),
            title=title or self._title_for(text, alone),
            text=text,
            language=language_of(f"{title}\n{text[:SAMPLE]}"),
            source=document.source,
            origin=Origin(
                self._number(ends[0].number),
                self._number(ends[1].number),
                pages[0][1] if pages else None,
                document.member,
                document.unit,
            ),
            published=document.published or published or published_on(paragraphs) or self._printed,
            byline=byline,
            section=section,
            kicker=kicker,
            event=event_of(paragraphs),
            byline_span=span,
            runs=tuple(
                Run(r.text_start, r.file_start, r.length, self._number(r.line)) for r in mended.runs
            )
            if self._renumbers
            else tuple(mended.runs),
            headings=tuple(_ranked(headings)),
            pages=pages,
            url=document.url,
        )

    @property
    def _renumbers(self) -> bool:
        return self._document.first_line != 1 or self._document.unit == "row"

    def _number(self, line: int) -> int:
        """The number in the file of a line of the document."""
        row = self._document.unit == "row"
        return self._document.first_line + (0 if row else line - 1)

    def _pages(self, runs: Sequence[Run]) -> Iterator[tuple[int, int]]:
        """Where the text passes to a page: its offset there and the page."""
        pages = self._document.pages
        last = None
        for run in runs if pages else ():
            at = max(0, bisect_right(pages, run.file_start, key=lambda p: p[0]) - 1)
            if pages[at][1] != last:
                last = pages[at][1]
                yield run.text_start, last

    def _title_for(self, text: str, alone: bool) -> str:
        """A title for an article that has none: the file's, or its first words on a full page."""
        if alone or not text:
            source = self._document.member or self._document.source
            return self._document.title or PurePath(source).stem or source or "—"
        first = re.split(r"[。！？!?；;\n]|[.](?=\s)", text[:200], maxsplit=1)[0] or text[:1]
        return first if len(first) <= _LONGEST_TITLE else first[: _LONGEST_TITLE - 1] + "…"

    def _id(self, *content: str) -> str:
        """An id from source and content; the second of two equal articles gets another one."""
        member = [self._document.member] if self._document.member else []
        key = "\x1f".join((self._document.source, *member, *content))
        self._seen[key] += 1
        key = f"{key}\x1f{self._seen[key]}"
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _ranked(headings: Sequence[Heading]) -> Iterator[Heading]:
    """The headings with ranks that count from 1 and leave none out."""
    ranks = {rank: n for n, rank in enumerate(sorted({h.rank for h in headings}), start=1)}
    return (Heading(h.start, ranks[h.rank], h.text) for h in headings)


def _paragraphs(text: str, kinds: Sequence[Kind]) -> Iterator[Paragraph]:
    start = 0
    for kind, paragraph in zip(kinds, text.split("\n"), strict=False):
        yield kind, start, paragraph
        start += len(paragraph) + 1
