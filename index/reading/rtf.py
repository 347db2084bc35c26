"""RTF, read by ourselves: its words in every code page, headings, tables, notes.

striprtf, the library at hand, breaks off at a Chinese character of which the second byte is a
plain letter (``\\'8bY``), knows no headings, and mixes what was struck out into the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.errors import DamagedDocument, UnknownEncoding
from index.reading import styled
from index.reading.given import Given, Read, damage

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,9})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)",
    re.S,
)
# Groups that are no text of the document. A group that begins with \* is none either, but for
# those in ``_TEXT``.
_ASIDE = frozenset(
    "colortbl pict header headerl headerr headerf footer footerl footerr footerf objdata nonshppict "
    "xe tc rxe filetbl revtbl sp ftnsep ftnsepc aftnsep aftnsepc bkmkstart bkmkend fldinst private "
    "comment keywords subject doccomm operator manager company category creatim revtim printim buptim".split()
)  # fmt: skip
_TEXT = frozenset({"shpinst", "ud"})
_SYMBOLS = {
    "par": "\n", "sect": "\n", "line": "\v", "page": "\n", "column": "\n", "tab": "\t",
    "cell": "\t", "nestcell": "\t", "row": "\n", "nestrow": "\n",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "endash": "–", "emdash": "—", "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005",
    "~": "\u00a0", "_": "-", "\n": "\n", "\r": "\n",
}  # fmt: skip
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250",
}  # fmt: skip
_PAGES = {936: "gb18030", 950: "big5hkscs", 65001: "utf-8", 10000: "mac_roman"}
_EAST = {"gb18030", "big5hkscs", "cp932", "cp949"}
# High bytes that stand alone among letters are marks of the Western page (‘ ’ “ ” – — …).
_WESTERN = re.compile(rb"(?:[\x00-\x7f]|(?<![\x80-\xff])[\x80-\x9f](?![\x80-\xff]))+")
_DEEPEST = 10_000


@dataclass(slots=True)
class _State:
    """What holds within a group: where its words go (``""``: nowhere) and how they are read."""

    into: str = "body"
    font: int | None = None
    unicode_skip: int = 1
    hidden: bool = False
    deleted: bool = False


def read(given: Given) -> Read:
    """The document's text, a paragraph a line, a table row a line with tabs between its cells.

    Hidden and struck-out text, heads and feet of pages are left out; notes stand at the end.
    Raises UnknownEncoding with the place of a byte that no code page of the file has,
    DamagedDocument where the file breaks off, or EmptyDocument.
    """
    with damage(given, "RTF document"):
        found = _Reading(given)
        found.run()
        paragraphs, title = list(found.paragraphs()), found.title
    yield styled.document(given, paragraphs, title)


class _Reading:
    """One pass over the file."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._state = _State()
        self._stack: list[_State] = []
        self._page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font: int | None = None
        self._defined: int | None = None  # the font or style that the file is telling of
        self._styles: dict[int, int | None] = {}
        self._raw, self._raw_at = bytearray(), 0
        self._units: list[int] = []
        self._skip = 0
        self._style, self._outline, self._table = 0, -1, False
        self._into: dict[str, list[str]] = {"body": [], "note": [], "title": [], "style": []}
        self._done: list[styled.Paragraph] = []
        self._notes: list[str] = []

    @property
    def title(self) -> str:
        """The title in the file's properties."""
        return "".join(self._into["title"])

    def paragraphs(self) -> Iterator[styled.Paragraph]:
        """The paragraphs with their ranks, then the notes."""
        yield from self._done
        yield from ((note, None) for note in self._notes)

    def run(self) -> None:
        """Read it all. Raises DamagedDocument or UnknownEncoding."""
        data, at = self._given.data, 0
        while match := _TOKEN.match(data, at):
            word, number, code, symbol, brace, plain = match.groups()
            at = match.end()
            if brace == b"{":
                self._flush()
                self._skip = 0
                self._stack.append(replace(self._state))
                if len(self._stack) > _DEEPEST:
                    raise ValueError("groups within groups without end")
            elif brace:
                self._close()
                if not self._stack:
                    break
            elif code:
                self._bytes(bytes([int(code, 16)]), match.start())
            elif plain:
                self._bytes(plain, match.start())
            elif symbol and symbol in b"\\{}":
                self._bytes(symbol, match.start())  # it may be the second half of a character
            elif word == b"bin":
                at += max(0, int(number or 0))
            elif word or symbol:
                self._control(
                    (word or symbol).decode("latin-1"), None if number is None else int(number), at
                )
        if self._stack:
            cause = "it breaks off before its end"
            raise DamagedDocument(self._given.shown, cause, "Get a whole copy.")
        self._end_paragraph()

    def _close(self) -> None:
        self._flush()
        before, self._skip = self._state, 0
        self._state = self._stack.pop() if self._stack else _State()
        if before.into == "note" != self._state.into:
            self._notes.append(" ".join(self._take("note").split()))
        elif before.into == "style":
            rank = styled.rank_of(self._take("style").split(";")[0])
            if self._defined is not None and rank is not None:
                self._styles[self._defined] = rank
            self._defined = None

    def _control(self, word: str, number: int | None, at: int) -> None:
        state = self._state
        if word == "u" and number is not None:
            self._flush_bytes()
            if self._heard:
                self._units.append(number & 0xFFFF)
            self._skip = state.unicode_skip
            return
        self._skip = 0
        self._flush()
        if word == "*":
            known = _TOKEN.match(self._given.data, at)
            if known and (known[1] or b"").decode("latin-1") not in _TEXT:
                state.into = ""
        elif word in _SYMBOLS:
            self._symbol(word)
        elif word in _ASIDE:
            state.into = ""
        elif word == "upr":
            state.into = "upr"  # told twice: as bytes, which are passed over, and as Unicode
        elif word == "ud" and state.into == "upr":
            state.into = "body"
        elif not self._format(word, number) and state.into:
            self._destination(word, number)

    def _format(self, word: str, number: int | None) -> bool:
        """Whether a control word only says how the words after it are read."""
        state = self._state
        on = number != 0
        match word:
            case "uc":
                state.unicode_skip = max(0, number or 0)
            case "v":
                state.hidden = on
            case "deleted":
                state.deleted = on
            case "plain":
                state.hidden = state.deleted = False
            case "ansicpg" if number:
                self._page = _known(_PAGES.get(number, f"cp{number}")) or self._page
            case "deff":
                self._font = number
            case _:
                return False
        return True

    def _destination(self, word: str, number: int | None) -> None:
        """Fonts, styles, paragraphs: what a word tells of them, or where the words after it go."""
        state = self._state
        if word in {"fonttbl", "stylesheet", "info"}:
            state.into = {"fonttbl": "font", "stylesheet": "style", "info": "info"}[word]
            self._defined = 0 if word == "stylesheet" else None
        elif word == "footnote":
            state.into = "note"
        elif state.into == "info":
            state.into = "title" if word == "title" else ""
        elif state.into == "font":
            self._font_word(word, number)
        elif state.into == "style":
            if word in {"s", "cs", "ds", "ts"}:
                self._defined = number if word == "s" else None
            elif word == "outlinelevel" and self._defined is not None and 0 <= (number or 0) < 6:
                self._styles[self._defined] = (number or 0) + 1
        elif word == "f":
            state.font = number
        elif word == "pard":
            self._style, self._outline, self._table = 0, -1, False
        elif word == "s":
            self._style = number or 0
        elif word == "outlinelevel":
            self._outline = number or 0
        elif word == "intbl":
            self._table = True

    def _font_word(self, word: str, number: int | None) -> None:
        if word == "f":
            self._defined = number
        elif self._defined is not None and number is not None:
            if word == "fcharset" and number in _CHARSETS:
                self._fonts[self._defined] = _CHARSETS[number]
            elif word == "cpg" and (page := _known(_PAGES.get(number, f"cp{number}"))):
                self._fonts[self._defined] = page

    def _symbol(self, word: str) -> None:
        if not self._heard:
            return
        mark = _SYMBOLS[word]
        if word in {"cell", "nestcell"}:
            cell = self._into[self._state.into]
            while cell and cell[-1].strip(" ") == "":
                cell.pop()
        elif word == "par" and self._table:
            mark = " "
        self._into[self._state.into].append(" " if mark == "\v" and self._table else mark)
        if mark == "\n" and self._state.into == "body":
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        text = self._take("body").rstrip()
        if text:
            rank: int | None = self._styles.get(self._style)
            if 0 <= self._outline < 6 and rank is None:
                rank = self._outline + 1
            self._done.append((text, None if "\t" in text and self._table else rank))
        self._table = False

    @property
    def _heard(self) -> bool:
        state = self._state
        return state.into in self._into and not state.hidden and not state.deleted

    def _take(self, into: str) -> str:
        parts = self._into[into]
        text = "".join(parts)
        parts.clear()
        return text

    def _bytes(self, data: bytes, at: int) -> None:
        if self._skip:
            taken = min(self._skip, len(data))
            self._skip -= taken
            data, at = data[taken:], at + taken
        if data and self._heard:
            self._flush_units()
            if not self._raw:
                self._raw_at = at
            self._raw += data

    def _flush(self) -> None:
        self._flush_bytes()
        self._flush_units()

    def _flush_units(self) -> None:
        if self._units:
            wide = b"".join(unit.to_bytes(2, "little") for unit in self._units)
            self._units.clear()
            # Half a pair stands for no character.
            self._into[self._state.into].append(wide.decode("utf-16-le", "ignore"))

    def _flush_bytes(self) -> None:
        if self._raw:
            data = bytes(self._raw)
            self._raw.clear()
            self._into[self._state.into].append(self._decoded(data))

    def _decoded(self, data: bytes) -> str:
        """Bytes as words: in the page of their font where it has one, else in the file's."""
        if data.isascii():
            return data.decode("ascii")
        named = self._state.font if self._state.font is not None else self._font
        page = None if named is None else self._fonts.get(named)
        if page is None and b" " in data:
            # No blank is part of a character: what lies between may be of another page.
            return " ".join(map(self._decoded, data.split(b" ")))
        if page is None and self._page in _EAST and _WESTERN.fullmatch(data):
            page = "cp1252"
        for each in dict.fromkeys((page or self._page, self._page, "gb18030")):
            try:
                return data.decode(each)
            except UnicodeDecodeError:
                continue
        bad = next(byte for byte in data if byte >= 0x80)
        cause = f"no code page of it has the bytes from 0x{bad:02x} on, at offset {self._raw_at}"
        mend = "Save it as .docx from the program that made it."
        raise UnknownEncoding(self._given.shown, cause, mend)


def _known(page: str) -> str | None:
    try:
        "".encode(page)
    except LookupError:
        return None
    return page
