"""OpenDocument: texts (odt), tables (ods) and presentations (odp), from their XML by lxml."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from index.errors import UnsupportedDocument
from index.reading import archive, slides, styled, tables
from index.reading.columns import words
from index.reading.given import Given, Read, damage, locked

_URN = "{urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TEXT, _TABLE = f"{_URN}office:1.0}}", f"{_URN}text:1.0}}", f"{_URN}table:1.0}}"
_DRAW, _SHOW, _STYLE = f"{_URN}drawing:1.0}}", f"{_URN}presentation:1.0}}", f"{_URN}style:1.0}}"
# What is no text of the document: remarks, what was struck out, forms, what a contents repeats.
_ASIDE = frozenset(
    {
        f"{_OFFICE}annotation",
        f"{_OFFICE}forms",
        f"{_TEXT}tracked-changes",
        f"{_TEXT}note",
        f"{_TEXT}sequence-decls",
        f"{_TEXT}variable-decls",
        f"{_TEXT}ruby-text",
        f"{_TABLE}shapes",
        f"{_SHOW}notes",
    }
)
_FRAMES = frozenset({f"{_DRAW}frame", f"{_DRAW}custom-shape", f"{_DRAW}g", f"{_DRAW}text-box"})
_PARAGRAPHS = frozenset({f"{_TEXT}p", f"{_TEXT}h"})
_RUNNING = frozenset({"header", "footer", "date-time", "page-number"})
_MOST_BLANKS = 1_000
_FAR = 1 << 31


def read(given: Given) -> Read:
    """A text as one document with its headings, a table row by row, a presentation slide by slide.

    Notes stand at the end of a text and below a slide. Remarks and struck-out text are left out;
    macros are not run. Raises DamagedDocument, EncryptedDocument, OversizedDocument,
    EmptyDocument, or UnsupportedDocument for what holds none of the three (a drawing, a formula).
    """
    from lxml import etree

    with (
        archive.opened(given, "OpenDocument file") as opened,
        damage(given, "OpenDocument file", etree.LxmlError),
    ):
        _refuse_locked(given, opened)
        content = _xml(opened.read("content.xml"))
        parents = _styles(content)
        if "styles.xml" in opened.namelist():
            parents = _styles(_xml(opened.read("styles.xml"))) | parents
        title = ""
        if "meta.xml" in opened.namelist():
            title = _xml(opened.read("meta.xml")).findtext(".//{*}title") or ""
        body = {child.tag: child for child in content.find(f"{_OFFICE}body")}
        paragraphs: list[styled.Paragraph] = []
        pages: list[list[slides.Line]] = []
        if (text := body.get(f"{_OFFICE}text")) is not None:
            paragraphs = [*_blocks(text, parents), *_notes(text)]
        elif (show := body.get(f"{_OFFICE}presentation")) is not None:
            pages = [list(_slide(page)) for page in show.iterchildren(f"{_DRAW}page")]
    if text is not None:
        yield styled.document(given, paragraphs, title)
    elif show is not None:
        yield slides.document(given, pages, title)
    elif (book := body.get(f"{_OFFICE}spreadsheet")) is not None:
        yield from tables.sheets(given, ((_name(t), _rows(given, t)) for t in _tables(book)))
    else:
        cause = "it is an OpenDocument drawing, formula or database, which is not read"
        raise UnsupportedDocument(given.shown, cause, "Save it as PDF and add that.")


def _blocks(node: Any, parents: dict[str, str]) -> Iterator[styled.Paragraph]:
    """The paragraphs and table rows under a node, in order, with their ranks as headings."""
    for child in node:
        if child.tag in _PARAGRAPHS:
            yield _words(child), _rank(child, parents)
            for frame in child.iter(*_FRAMES):
                if (
                    frame.getparent().tag not in _FRAMES
                    and next(frame.iterancestors(*_PARAGRAPHS)) is child
                ):
                    yield from ((text, None) for text, _ in _blocks(frame, parents))
        elif child.tag == f"{_TABLE}table":
            yield from ((row, None) for row in _lines(child))
        elif child.tag not in _ASIDE:
            yield from _blocks(child, parents)


def _words(node: Any) -> str:
    """The words of a paragraph, without what is aside and what stands in frames."""
    parts = [node.text or ""]
    for child in node:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(_count(child, f"{_TEXT}c"), _MOST_BLANKS))
        elif child.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif isinstance(child.tag, str) and child.tag not in _ASIDE and child.tag not in _FRAMES:
            parts.append(_words(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _rank(node: Any, parents: dict[str, str]) -> int | None:
    """A paragraph's rank as a heading: its own, or that of its style or its style's parents."""
    if node.tag == f"{_TEXT}h":
        return min(_count(node, f"{_TEXT}outline-level"), 6)
    style = node.get(f"{_TEXT}style-name", "")
    for _ in range(10):
        if (rank := styled.rank_of(style.replace("_20_", " "))) is not None or not style:
            return rank
        style = parents.get(style, "")
    return None


def _styles(root: Any) -> dict[str, str]:
    """The parent of each style that has one."""
    return {
        style.get(f"{_STYLE}name", ""): style.get(f"{_STYLE}parent-style-name", "")
        for style in root.iter(f"{_STYLE}style")
    }


def _notes(text: Any) -> Iterator[styled.Paragraph]:
    for body in text.iter(f"{_TEXT}note-body"):
        yield " ".join(" ".join(_words(p) for p in body.iter(*_PARAGRAPHS)).split()), None


def _lines(table: Any) -> Iterator[str]:
    """The rows of a table in a text or on a slide; a cell over several is told once."""
    for row in table.iter(f"{_TABLE}table-row"):
        cells = [
            " ".join(" ".join(_words(p) for p in cell.iter(*_PARAGRAPHS)).split())
            for cell in row.iterchildren(f"{_TABLE}table-cell")
        ]
        if any(cells):
            yield "\t".join(cells)


def _slide(page: Any) -> Iterator[slides.Line]:
    """The lines of a slide: its title, what stands on it, its notes."""
    found: list[slides.Line] = []
    for shape in page:
        held = shape.get(f"{_SHOW}class", "")
        if shape.tag in _ASIDE or held in _RUNNING:
            continue
        texts = [text for text, _ in _blocks([shape], {})]
        lines = [line.strip() for text in texts for line in text.split("\n") if line.strip()]
        if held == "title" and lines:
            found.insert(0, (" ".join(lines), 2))
        else:
            found += [(line, 0) for line in lines]
    yield from found
    for notes in page.iterchildren(f"{_SHOW}notes"):
        for shape in notes:
            if shape.get(f"{_SHOW}class") == "notes":
                yield from ((t.strip(), 0) for t, _ in _blocks(shape, {}) if t.strip())


def _tables(book: Any) -> Iterator[Any]:
    return book.iterchildren(f"{_TABLE}table")  # type: ignore[no-any-return]


def _name(table: Any) -> str:
    return str(table.get(f"{_TABLE}name", ""))


def _rows(given: Given, table: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet that hold anything, (number, cells); one that is repeated, as often."""
    number = 0
    for row in table.iter(f"{_TABLE}table-row"):
        times = _count(row, f"{_TABLE}number-rows-repeated")
        cells: list[str] = []
        for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            repeated = _count(cell, f"{_TABLE}number-columns-repeated")
            cells += [_value(cell)] * min(repeated, tables.COLUMNS + 1)
            if len(cells) > 2 * tables.COLUMNS:
                break
        if any(cell.strip() for cell in cells):
            while not cells[-1].strip():
                cells.pop()
            given.budget.take(times * sum(map(len, cells)), given)
            for at in range(times):
                yield number + at + 1, cells
        number += times


def _value(cell: Any) -> str:
    """A cell's words as a workbook of Excel has them."""
    kind = cell.get(f"{_OFFICE}value-type", "")
    if kind in {"float", "percentage", "currency"}:
        value = float(cell.get(f"{_OFFICE}value", "0"))
        return words(int(value) if value.is_integer() else value)
    if kind == "date":
        return str(cell.get(f"{_OFFICE}date-value", "")).replace("T", " ")
    if kind == "boolean":
        return str(cell.get(f"{_OFFICE}boolean-value", ""))
    return "\n".join(_words(p) for p in cell.iterchildren(*_PARAGRAPHS))


def _count(node: Any, name: str) -> int:
    value = node.get(name, "")
    return min(int(value), _FAR) if value.isascii() and value.isdigit() and int(value) else 1


def _xml(data: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(data, parser)


def _refuse_locked(given: Given, opened: ZipFile) -> None:
    names = opened.namelist()
    if "encrypted-package" in names:
        raise locked(given)
    if "META-INF/manifest.xml" in names:
        manifest = _xml(opened.read("META-INF/manifest.xml"))
        if manifest.find(".//{*}encryption-data") is not None:
            raise locked(given)
