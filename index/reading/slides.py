"""Presentations by python-pptx: the words of each slide, with its number, its tables and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from index.errors import EmptyDocument, OversizedDocument
from index.reading import archive
from index.reading.given import Given, Read, damage
from index.types import Document

SLIDES = 20_000
"""Slides of one file."""

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_NS = {"a": _A[1:-1], "p": _P[1:-1]}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_RUNNING = {"sldNum", "dt", "ftr", "hdr"}  # placeholders that every slide repeats
_TITLES = {"title", "ctrTitle"}
_MADE_UP = re.compile(r"\.(?:pptx?|ppsx?|potx?|dps|odp)$|^(?:powerpoint|microsoft|slide \d|untitled|幻灯片|演示文稿|无标题)", re.I)  # fmt: skip

Line = tuple[str, int]
"""A line and its rank as a heading: 1 or 2, or 0 for none."""


def read(given: Given) -> Read:
    """All slides as one document, the slide of every character known.

    A slide's title is a heading, below that of its section where a slide opens one. A table row
    is a line with tabs between its cells, as is a row of the figures behind a chart; a slide's
    notes stand below its words. What every slide repeats (number, day, footer) is left out.
    Raises DamagedDocument, EncryptedDocument, OversizedDocument or EmptyDocument.
    """
    from lxml import etree
    from pptx.exc import PythonPptxError
    from pptx.package import Package

    with archive.opened(given, "presentation"):
        pass
    with damage(given, "presentation", PythonPptxError, etree.LxmlError):
        # Not pptx.Presentation: it turns slide shows (ppsx) and templates (potx) away.
        deck = Package.open(BytesIO(given.data)).main_document_part.presentation
        if len(deck.slides) > SLIDES:
            cause = f"it has {len(deck.slides)} slides, more than {SLIDES}"
            raise OversizedDocument(given.shown, cause, "Split it into smaller files.")
        slides = [list(_lines(slide)) for slide in deck.slides]
        named = deck.part.package.core_properties.title or ""
    yield document(given, slides, named)


def document(given: Given, slides: Sequence[list[Line]], named: str) -> Document:
    """The document of a presentation; ``named`` is the title in its properties.

    The first slide's title is the document's and not told again. Raises EmptyDocument.
    """
    if not any(slides):
        mend = 'Save it as PDF and add that with the OCR extra (pip install "youju[ocr]").'
        raise EmptyDocument(given.shown, "its slides hold no text, only pictures or shapes", mend)
    title = next((text for text, rank in slides[0] if rank), "")
    if title and len(slides) > 1 and slides[0][0][0] == title:
        slides = [slides[0][1:], *slides[1:]]
    text, pages, headings = _joined(slides)
    return Document(
        text=text,
        source=given.source,
        title=title or ("" if _MADE_UP.search(named) else named.strip()) or None,
        member=given.member,
        unit="slide",
        pages=pages,
        headings=headings,
        whole=True,
    )


def _joined(
    slides: Sequence[Sequence[Line]],
) -> tuple[str, tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """The text, (offset, slide) where each slide begins, and (line, rank) of its headings."""
    lines: list[str] = []
    pages: list[tuple[int, int]] = []
    headings: list[tuple[int, int]] = []
    at = 0
    for number, slide in enumerate(slides, start=1):
        if slide:
            pages.append((at, number))
        for text, rank in slide:
            lines.append(text)
            at += len(text) + 1
            if rank:
                headings.append((len(lines), rank))
    return "\n".join(lines), tuple(pages), tuple(headings)


def _lines(slide: Any) -> Iterator[Line]:
    """The lines of a slide: its title, what stands on it, its notes."""
    tree = slide.shapes._spTree
    title = next((s for s in tree.iter(f"{_P}sp") if _placeholder(s) in _TITLES), None)
    if title is not None and (words := " ".join(_clean(title))):
        opens_section = slide.slide_layout._element.get("type") == "secHead"
        yield words, 1 if opens_section else 2
    for node in _shapes(tree):
        if node is title or _placeholder(node) in _RUNNING:
            continue
        if node.tag == f"{_P}graphicFrame":
            yield from ((line, 0) for line in _frame(slide, node))
        else:
            yield from ((line, 0) for line in _clean(node))
    if slide.has_notes_slide:
        for node in slide.notes_slide.shapes._spTree.iter(f"{_P}sp"):
            if _placeholder(node) == "body":
                yield from ((line, 0) for line in _clean(node))


def _shapes(tree: Any) -> Iterator[Any]:
    """The shapes of a slide in the order in which they stand in it, those in groups too."""
    for node in tree.iter(f"{_P}sp", f"{_P}graphicFrame", f"{_P}cxnSp"):
        # What is told once more for old programs is no second text.
        if not any(above.tag == _FALLBACK for above in node.iterancestors()):
            yield node


def _placeholder(shape: Any) -> str:
    """What a shape holds a place for: ``"title"``, ``"body"``, ``"sldNum"`` …, ``""`` for nothing."""
    held = shape.find(f"*/{_P}nvPr/{_P}ph")
    return "" if held is None else str(held.get("type", "obj"))


def _clean(node: Any) -> Iterator[str]:
    """The lines under a node that hold anything; a paragraph's own line ends part it."""
    for paragraph in node.iter(f"{_A}p"):
        parts = [
            (each.text or "") if each.tag == f"{_A}t" else "\n"
            for each in paragraph.iter(f"{_A}t", f"{_A}br")
        ]
        for line in re.split(r"[\n\r\v\f]+", "".join(parts)):
            if line.strip():
                yield line.strip()


def _frame(slide: Any, node: Any) -> Iterator[str]:
    """The lines of a table, a chart or a diagram."""
    for row in node.iter(f"{_A}tr"):
        cells = [
            " ".join(_clean(cell))
            for cell in row.iterchildren(f"{_A}tc")
            if not (cell.get("hMerge") or cell.get("vMerge"))
        ]
        if any(cells):
            yield "\t".join(cells)
    for held in node.iterfind("a:graphic/a:graphicData/*", _NS):
        if not isinstance(held.tag, str):
            continue
        if held.tag.endswith("/chart}chart"):
            yield from _chart(slide.part.related_part(_related(held, "id")).chart)
        elif held.tag.endswith("/diagram}relIds"):
            yield from _diagram(slide.part.related_part(_related(held, "dm")).blob)


def _related(node: Any, name: str) -> str:
    return str(node.get(f"{{http://schemas.openxmlformats.org/officeDocument/2006/relationships}}{name}"))  # fmt: skip


def _chart(chart: Any) -> Iterator[str]:
    """A chart's title and the figures behind it, as a table."""
    if chart.has_title and chart.chart_title.has_text_frame:
        yield from _clean(chart.chart_title.text_frame._txBody)
    for plot in chart.plots:
        series = [(each.name, list(each.values)) for each in plot.series]
        names = [str(name) for name in plot.categories]
        rows = [["", *(name for name, _ in series)]]
        for at in range(max((len(values) for _, values in series), default=0)):
            label = names[at] if at < len(names) else ""
            rows.append([label, *(_figure(values, at) for _, values in series)])
        yield from ("\t".join(row) for row in rows if any(row))


def _figure(values: Sequence[float | None], at: int) -> str:
    value = values[at] if at < len(values) else None
    return "" if value is None else f"{value:.12g}"


def _diagram(data: bytes) -> Iterator[str]:
    """The words in a diagram (SmartArt), which lie in a part of their own."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    yield from _clean(etree.fromstring(data, parser))
