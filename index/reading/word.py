"""Word documents by python-docx: paragraphs, headings, lists with their numbers, tables, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from index.errors import UnsupportedDocument
from index.reading import archive, styled
from index.reading.given import Given, Read, damage
from index.reading.numbering import Numbering

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What is no text of the paragraph: what was struck out, what is told once more for old programs,
# and text boxes, which are paragraphs of their own.
_ASIDE = {f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}  # fmt: skip
_BLANKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_NOTES = re.compile(r"/(?:foot|end)notes\.xml$")


def read(given: Given) -> Read:
    """The document's text: a paragraph a line, a table row a line with tabs between its cells.

    Numbers that Word counts itself are written out, struck-out text is left out, foot- and
    endnotes stand at the end. Headings are marked where the document has any. Raises
    DamagedDocument, EncryptedDocument, OversizedDocument, EmptyDocument, or UnsupportedDocument
    for a document with macros.
    """
    import docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    with archive.opened(given, "Word document") as opened:
        if any(name.endswith("vbaProject.bin") for name in opened.namelist()):
            cause = "it is a Word document with macros"
            raise UnsupportedDocument(given.shown, cause, "Save it as .docx, without macros.")
    with damage(given, "Word document", OpcError, etree.LxmlError):
        document = docx.Document(BytesIO(given.data))
        numbering = Numbering(document)
        paragraphs = list(_lines(document, numbering))
        title = document.core_properties.title or ""
    yield styled.document(given, paragraphs, title)


def _lines(document: Any, numbering: Numbering) -> Iterator[styled.Paragraph]:
    """Each paragraph's text and its rank as a heading (0: the title), None for none."""
    from docx.table import Table

    ranks: dict[str | None, int | None] = {}  # by style: looking one up takes long
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from ((row, None) for row in _rows(block._tbl))
            continue
        text = _text(block._p)
        if text.strip():
            number = numbering.next_for(block)
            if block._p.style not in ranks:
                ranks[block._p.style] = _rank(block)
            yield f"{number}{text}", ranks[block._p.style]
        for box in block._p.iter(f"{_W}txbxContent"):
            if not any(a.tag in _ASIDE for a in box.iterancestors()):
                yield from ((_text(p), None) for p in box.iter(f"{_W}p"))
    yield from ((note, None) for note in _notes(document))


def _text(node: Any) -> str:
    """The words under a node, without what is aside."""
    parts: list[str] = []
    stack = list(reversed(node))
    while stack:
        child = stack.pop()
        if child.tag in _ASIDE:
            continue
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag in _BLANKS:
            parts.append(_BLANKS[child.tag])
        stack.extend(reversed(child))
    return "".join(parts)


def _rows(table: Any) -> Iterator[str]:
    """The rows of a table; a cell over several rows is told once."""
    for row in table.iter(f"{_W}tr"):
        cells = []
        for cell in row.iterchildren(f"{_W}tc"):
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merged is not None and merged.get(f"{_W}val") != "restart":
                continue
            text = " ".join(_text(p).strip() for p in cell.iterchildren(f"{_W}p"))
            cells.append(" ".join(text.split()))
        if any(cells):
            yield "\t".join(cells)


def _rank(paragraph: Any) -> int | None:
    """A paragraph's rank as a heading, by its style or its style's parents."""
    style = paragraph.style
    for _ in range(10):
        if style is None:
            break
        if (rank := styled.rank_of(style.name or "")) is not None:
            return rank
        style = style.base_style
    return None


def _notes(document: Any) -> Iterator[str]:
    """The texts of foot- and endnotes, in order."""
    from lxml import etree

    for relation in document.part.rels.values():
        if relation.is_external or not _NOTES.search(str(relation.target_part.partname)):
            continue
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        for note in etree.fromstring(relation.target_part.blob, parser):
            text = " ".join(_text(note).split())
            if text and note.get(f"{_W}type") is None:
                yield text
