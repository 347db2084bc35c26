"""Broken lines → whole text, with the place in the file of every character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from index.pages.lines import Line
from index.types import Run

# Scripts that put no blank between words: a break inside a paragraph stands for nothing.
_UNSPACED = (
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufaff\uff00-\uffef\u2018-\u201f\u2026\u2014\U00020000-\U0003ffff]"
)
_UNSPACED_CHAR = re.compile(_UNSPACED)
_UNSPACED_LETTER = re.compile(_UNSPACED.replace(r"\u2018-\u201f\u2026\u2014", ""))


@dataclass(slots=True)
class Mended:
    """Text being put together from lines, and its map back to the file."""

    pieces: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    length: int = 0

    @property
    def text(self) -> str:
        """All that was added so far."""
        return "".join(self.pieces)

    def add(self, piece: str, file_start: int, line: int) -> None:
        """Append characters that stand in one stretch of the file."""
        if not piece:
            return
        last = self.runs[-1] if self.runs else None
        if last and last.line == line and last.file_start + last.length == file_start:
            self.runs[-1] = Run(last.text_start, last.file_start, last.length + len(piece), line)
        else:
            self.runs.append(Run(self.length, file_start, len(piece), line))
        self.pieces.append(piece)
        self.length += len(piece)


def mend(
    paragraphs: Iterable[Sequence[Line]], document: str, exact: bool = False, blanks: bool = True
) -> Mended:
    """Join the lines of each paragraph, and the paragraphs with one line end each.

    ``exact`` says that lines were cut at a number of characters, words or not; ``blanks`` that
    a blank where a line was cut belongs to the text.
    """
    mended = Mended()
    last: Line | None = None
    for paragraph in paragraphs:
        if last is not None:
            mended.add("\n", last.stop, last.number)
        last = None
        spaced = not exact and _spaced(paragraph)
        for line in paragraph:
            if last is not None:
                at = _blank_in_file(last, line, document) if blanks or exact else None
                if at is None and spaced and _parts_words(last, line):
                    at = last.stop
                if at is not None:
                    mended.add(" ", at, last.number if at <= last.stop else line.number)
            mended.add(line.text, line.start, line.number)
            last = line
    return mended


def joined(lines: Sequence[Line], document: str, exact: bool = False, blanks: bool = True) -> str:
    """The lines as one, without the map."""
    if len(lines) == 1:
        return lines[0].text
    return mend([lines], document, exact, blanks).text


def _spaced(paragraph: Sequence[Line]) -> bool:
    """Whether a paragraph is in a script that puts blanks between words."""
    sample = "".join(line.text[:200] for line in paragraph[:3])
    return len(_UNSPACED_CHAR.findall(sample)) * 4 < len(sample)


def _blank_in_file(before: Line, line: Line, document: str) -> int | None:
    """Where a single blank stands at the break; None when none does."""
    if document[before.end : before.end + 1] == " ":
        return before.end
    return line.begin if line.start == line.begin + 1 and document[line.begin] == " " else None


def _parts_words(before: Line, line: Line) -> bool:
    """Whether two words meet at the break, so that a blank must stand between them."""
    if _UNSPACED_LETTER.match(before.text[-1]) or _UNSPACED_LETTER.match(line.text[0]):
        return False
    return re.search(r"[^\W\d_]-$", before.text[-2:]) is None
