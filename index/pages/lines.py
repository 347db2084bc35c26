"""A text → its lines: what stands on each, how wide it is, what stood before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds something, without the blanks at both its ends.

    ``text == document.text[start:end]``. ``number`` is 1-based. ``begin`` is where the line
    begins with its indent; ``stop`` is the character that stands for the line's end (the
    ``"\\n"`` of ``"\\r\\n"``), or the length of the document after the last line.
    ``blanks`` counts the blank lines before it. ``columns`` is its printed width and
    ``indent`` that of its indent, where a Chinese character takes two columns.
    """

    number: int
    begin: int
    start: int
    end: int
    stop: int
    blanks: int
    indent: int
    columns: int
    text: str


def lines_of(text: str) -> Iterator[Line]:
    """The lines of ``text`` that hold more than white space, in order.

    A line ends with ``"\\n"``, ``"\\r\\n"`` or ``"\\r"``.
    """
    begin, blanks = 0, 0
    for number, (stop, after) in enumerate(_ends(text), start=1):
        raw = text[begin:stop]
        stripped = raw.strip()
        if not stripped:
            blanks += 1
        else:
            lead = len(raw) - len(raw.lstrip())
            start = begin + lead
            yield Line(
                number=number,
                begin=begin,
                start=start,
                end=start + len(stripped),
                stop=after - 1 if after > stop else stop,
                blanks=blanks,
                indent=columns(raw[:lead]),
                columns=columns(stripped),
                text=stripped,
            )
            blanks = 0
        begin = after


def columns(text: str) -> int:
    """The printed width of ``text``: one column for ASCII, two for anything else."""
    return 2 * len(text) - len(text.encode("ascii", "ignore"))


def _ends(text: str) -> Iterator[tuple[int, int]]:
    """For each line: where its characters end and where the next line begins."""
    for match in _LINE_END.finditer(text):
        yield match.start(), match.end()
    yield len(text), len(text)
