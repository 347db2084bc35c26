"""PDF by PDFium: the text of each page, with its number. Pages that are pictures are read by the
OCR extra where it is installed, else named."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Any

from index.errors import EncryptedDocument, OversizedDocument, ScannedDocument
from index.reading import ocr
from index.reading.given import Given, Read, damage
from index.types import Document

PAGES = 20_000
"""Pages of one file."""

_PDFIUM = threading.Lock()  # it serves one thread at a time
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_HYPHEN = re.compile("(?<=[A-Za-z])\x02\r?\n?")  # how PDFium marks a word that a line end cuts
_FILE_NAME = re.compile(
    r"\.(?:docx?|wps|pptx?|xlsx?|indd|pdf|txt)$|^(?:microsoft|untitled|无标题)", re.I
)
_EDGE = 2  # lines at a page's top and bottom that may be running heads


def read(given: Given) -> Read:
    """The text of all pages as one document, the page of every character known.

    Running heads and page numbers are left out. Raises DamagedDocument, EncryptedDocument,
    OversizedDocument, or ScannedDocument when no page holds text; a file of which some pages
    hold none is yielded, and a ScannedDocument that names them.
    """
    import pypdfium2

    with _PDFIUM, damage(given, "PDF", pypdfium2.PdfiumError):
        pages, title, pictures = _pages(given, pypdfium2)
    if not any(pages):
        raise _scanned(given, pictures, len(pages))
    text, starts = _joined(_without_running_heads(pages))
    yield Document(
        text=text,
        source=given.source,
        title=None if not title or _FILE_NAME.search(title) else title,
        member=given.member,
        pages=starts,
    )
    if pictures:
        yield _scanned(given, pictures, len(pages))


def _pages(given: Given, pypdfium2: Any) -> tuple[list[list[str]], str, list[int]]:
    """The lines of each page, the file's title, and the numbers of pages that are pictures."""
    try:
        file = pypdfium2.PdfDocument(given.data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            mend = "Open it with its password, print it to a new PDF and add that."
            raise EncryptedDocument(given.shown, "it is locked with a password", mend) from error
        raise
    with file:
        if len(file) > PAGES:
            cause = f"it has {len(file)} pages, more than {PAGES}"
            raise OversizedDocument(given.shown, cause, "Split it into smaller files.")
        pages: list[list[str]] = []
        pictures: list[int] = []
        for number in range(len(file)):
            page = file[number]
            try:
                lines = _lines(page)
                if not lines and any(o.type == _IMAGE for o in page.get_objects(max_depth=3)):
                    lines = ocr.lines_of(page)
                    if not lines:
                        pictures.append(number + 1)
            finally:
                page.close()
            pages.append(lines)
        return pages, file.get_metadata_value("Title").strip(), pictures


_IMAGE = 3  # FPDF_PAGEOBJ_IMAGE


def _lines(page: Any) -> list[str]:
    text_page = page.get_textpage()
    try:
        text = text_page.get_text_bounded(errors="ignore")
    finally:
        text_page.close()
    text = _ODD.sub("", _HYPHEN.sub("", text))
    return [line.rstrip() for line in re.split(r"\r\n|\n|\r", text) if line.strip()]


def _without_running_heads(pages: Sequence[list[str]]) -> list[list[str]]:
    """The pages without the lines that stand at the edge of most of them, numbers aside."""
    edges = Counter(
        key for page in pages for key in {_key(line) for line in page[:_EDGE] + page[-_EDGE:]}
    )
    often = max(2, min(3, len(pages)))
    running = {key for key, count in edges.items() if count >= often and count > 0.5 * len(pages)}
    found = []
    for page in pages:
        first, last = 0, len(page)
        while first < min(_EDGE, last) and _key(page[first]) in running:
            first += 1
        while last > max(first, len(page) - _EDGE) and _key(page[last - 1]) in running:
            last -= 1
        # A page of nothing else holds at least what it holds.
        found.append(page[first:last] if last > first else page)
    return found


def _key(line: str) -> str:
    return re.sub(r"\d+", "0", "".join(line.split()))


def _joined(pages: Sequence[list[str]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    parts: list[str] = []
    starts: list[tuple[int, int]] = []
    at = 0
    for number, lines in enumerate(pages, start=1):
        if not lines:
            continue
        starts.append((at, number))
        text = "\n".join(lines) + "\n"
        parts.append(text)
        at += len(text)
    return "".join(parts), tuple(starts)


def _scanned(given: Given, pictures: Sequence[int], count: int) -> ScannedDocument:
    if not pictures:
        return ScannedDocument(given.shown, "its pages hold no text", "Add a PDF that holds text.")
    shown = ", ".join(map(str, pictures[:12])) + (" …" if len(pictures) > 12 else "")
    which = "its pages are" if len(pictures) == count else f"of its {count} pages, {shown} are"
    mend = (
        "The OCR found no text in them either."
        if ocr.installed()
        else 'Install the OCR extra (pip install "youju[ocr]") and add it again, or add a version with text.'
    )
    return ScannedDocument(given.shown, f"{which} pictures without text (scanned)", mend)
