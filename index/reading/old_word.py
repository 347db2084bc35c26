"""Word 97 to 2003, by the layout that Microsoft publishes as [MS-DOC]; streams by olefile.

The file tells where the pieces of its text lie (the piece table), and page by page of 512 bytes
how its paragraphs and characters are set. Of that we need the ranks of headings, and which
characters were struck out or are hidden.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.errors import UnsupportedDocument
from index.reading import styled
from index.reading.given import Given, Read, damage, locked

_WORD_97 = 0xC1  # the first format whose text is Unicode
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_PIECES, _PARAGRAPHS, _CHARACTERS = 0x01A2, 0x0102, 0x00FA  # where the head names these tables
_COUNTS = 0x4C  # characters of text, notes, heads, macros, remarks, endnotes, text boxes
_PAGE = 512
_DELETED, _HIDDEN = 0x0800, 0x083C
_OPERANDS = (1, 1, 2, 4, 2, 2, 0, 3)  # bytes of a setting's value, by its three highest bits
_WINDOWS = {n: bytes([n]).decode("cp1252", "ignore") for n in range(0x80, 0xA0)}
_FIELD = re.compile("\x13[^\x13\x14\x15]*(?:\x14([^\x13\x14\x15]*))?\x15")
_FIELDS = 20  # within each other
_BEGUN = re.compile("\x13[^\x13\x14\x15]*(?:\x14|$)")  # a field that ends in a later paragraph
_ODD = re.compile("[\x00-\x06\x08\x0e-\x1d\x1f\ufffe\uffff]")
_ROW = re.compile("\x07{2,}")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters that lie together: from which number on, at which byte, how wide each is."""

    first: int
    last: int
    at: int
    wide: bool


def read(given: Given) -> Read:
    """The document's text, a paragraph a line, a table row a line with tabs between its cells.

    Notes and text boxes stand at the end. Struck-out and hidden text, remarks, and the heads and
    feet of pages are left out. Raises DamagedDocument, EncryptedDocument, EmptyDocument,
    OversizedDocument, or UnsupportedDocument for a file of Word 95 and before.
    """
    import olefile

    with damage(given, "Word document"), olefile.OleFileIO(given.data) as file:
        main = file.openstream("WordDocument").read()
        version, flags = _short(main, 2), _short(main, 0x0A)
        if flags & _ENCRYPTED:
            raise locked(given)
        if version < _WORD_97:
            cause = "it is a document of Word 95 or before, which is not read"
            raise UnsupportedDocument(
                given.shown, cause, "Open it in Word or WPS and save it as .docx."
            )
        table = file.openstream("1Table" if flags & _TABLE_1 else "0Table").read()
        paragraphs = list(_document(given, main, table))
        title = _title(file)
    yield styled.document(given, paragraphs, title)


def _document(given: Given, main: bytes, table: bytes) -> Iterator[styled.Paragraph]:
    counts = struct.unpack_from("<8i", main, _COUNTS)
    pieces = list(_pieces(table[slice(*_named(main, _PIECES))], len(main)))
    if min(counts) < 0 or sum(counts) > len(main):
        raise ValueError("it tells of more text than it holds")
    ranks = _Settings(main, table, _PARAGRAPHS)
    looks = _Settings(main, table, _CHARACTERS)
    starts = [0]
    for count in counts:
        starts.append(starts[-1] + count)
    for part in (0, 1, 5, 6):  # the text, its notes, its endnotes, its text boxes
        yield from _lines(main, pieces, starts[part], starts[part + 1], ranks, looks)


def _lines(
    main: bytes, pieces: list[_Piece], first: int, last: int, ranks: _Settings, looks: _Settings
) -> Iterator[styled.Paragraph]:
    """The paragraphs between two characters; a table's row ends with two marks of cells."""
    parts: list[str] = []
    for piece in pieces:
        begin, end = max(piece.first, first), min(piece.last, last)
        if begin >= end:
            continue
        size = 2 if piece.wide else 1
        at = piece.at + (begin - piece.first) * size
        for start, stop, kept in looks.stretches(at, at + (end - begin) * size):
            data = main[start:stop]
            if piece.wide:
                text = data.decode("utf-16-le", "surrogatepass")
            else:
                text = data.decode("latin-1").translate(_WINDOWS)
            place = start
            for words in re.findall("[^\r\x0c]+|[\r\x0c]", text):
                if words in {"\r", "\x0c"}:
                    yield from _told("".join(parts), ranks.rank(place))
                    parts.clear()
                elif kept:
                    parts.append(words)
                place += (
                    len(words.encode("utf-16-le", "surrogatepass")) if piece.wide else len(words)
                )
    yield from _told("".join(parts), None)


def _told(text: str, rank: int | None) -> Iterator[styled.Paragraph]:
    """A paragraph without fields' instructions and marks of pictures; the rows before it first."""
    for _ in range(_FIELDS):
        if (plain := _FIELD.sub(r"\1", text)) == text:
            break
        text = plain
    text = _ODD.sub("", _BEGUN.sub("", text)).replace("\x1e", "-").replace("\x0b", "\n")
    # Half a pair of UTF-16 stands for no character.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    *rows, text = _ROW.split(text)
    for row in rows:
        yield "\t".join(" ".join(cell.split()) for cell in row.split("\x07")), None
    yield text.replace("\x07", "\t"), rank


def _pieces(table: bytes, end: int) -> Iterator[_Piece]:
    begin = 0
    while table[begin] == 1:  # settings that pieces share: not needed
        begin += 3 + _short(table, begin + 1)
    if table[begin] != 2:
        raise ValueError("its piece table is missing")
    count = (struct.unpack_from("<I", table, begin + 1)[0] - 4) // 12
    bounds = struct.unpack_from(f"<{count + 1}I", table, begin + 5)
    for number in range(count):
        (place,) = struct.unpack_from("<I", table, begin + 5 + 4 * (count + 1) + 8 * number + 2)
        narrow, place = bool(place & 0x40000000), place & 0x3FFFFFFF
        first, last, at = bounds[number], bounds[number + 1], place // 2 if narrow else place
        if first > last or at + (last - first) * (2 - narrow) > end:
            raise ValueError("its text lies beyond its end")
        yield _Piece(first, last, at, not narrow)


class _Settings:
    """How stretches of bytes of the text are set: styles of paragraphs, or looks of characters."""

    def __init__(self, main: bytes, table: bytes, where: int) -> None:
        self._of_paragraphs = where == _PARAGRAPHS
        found: dict[int, int] = {}
        plan = table[slice(*_named(main, where))]
        count = max(0, (len(plan) - 4) // 8)
        for (page,) in struct.iter_unpack(
            "<I", plan[4 * (count + 1) : 4 * (count + 1) + 4 * count]
        ):
            found.update(self._page(main[page * _PAGE : (page + 1) * _PAGE]))
        self._starts = sorted(found)
        self._values = [found[start] for start in self._starts]

    def rank(self, at: int) -> int | None:
        """The rank as a heading of the paragraph that holds the byte: its style is 1 to 9."""
        value = self._at(at)
        return min(value, 6) if 1 <= value <= 9 else None

    def stretches(self, first: int, last: int) -> Iterator[tuple[int, int, bool]]:
        """Parts of the bytes and whether their characters are to be read."""
        at, kept = first, not self._at(first)
        for n in range(bisect_right(self._starts, first), len(self._starts)):
            start = self._starts[n]
            if start >= last:
                break
            if (not self._values[n]) != kept:
                if start > at:
                    yield at, start, kept
                at, kept = start, not kept
        if last > at:
            yield at, last, kept

    def _at(self, at: int) -> int:
        number = bisect_right(self._starts, at) - 1
        return self._values[number] if number >= 0 else 0

    def _page(self, page: bytes) -> Iterator[tuple[int, int]]:
        count = page[_PAGE - 1]
        bounds = struct.unpack_from(f"<{count + 1}I", page)
        size = 13 if self._of_paragraphs else 1
        for number in range(count):
            at = 2 * page[4 * (count + 1) + size * number]
            value = 0
            if at and self._of_paragraphs:
                value = _short(page, at + (1 if page[at] else 2))
            elif at:
                value = _unread(page[at + 1 : at + 1 + page[at]])
            yield bounds[number], value
        yield bounds[count], 0


def _unread(settings: bytes) -> int:
    """1 where characters are struck out or hidden."""
    at = 0
    while at + 3 <= len(settings):
        which = _short(settings, at)
        if which in {_DELETED, _HIDDEN} and settings[at + 2] & 1:
            return 1
        size = _OPERANDS[which >> 13]
        if not size:
            size = 1 + settings[at + 2]
        at += 2 + size
    return 0


def _title(file: Any) -> str:
    """The title in the file's properties, in the code page that they name."""
    found = file.get_metadata()
    title = found.title or b""
    if isinstance(title, str):
        return title
    page = {936: "gb18030", 950: "big5hkscs", 65001: "utf-8"}.get(found.codepage, "gb18030")
    return str(bytes(title).decode(page, "ignore"))


def _named(main: bytes, where: int) -> tuple[int, int]:
    """Where a table begins and ends that the head names."""
    start, size = struct.unpack_from("<II", main, where)
    return start, start + size


def _short(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])
