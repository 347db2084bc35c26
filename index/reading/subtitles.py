"""Subtitles (SubRip, WebVTT): what is said, in paragraphs, each under the time at which it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.errors import DamagedDocument
from index.reading.given import Given, Read
from index.reading.plain import text_of
from index.types import Document

_TIMES = re.compile(
    r"(?P<at>(?:\d+:)?\d{1,2}:\d{2})[.,]\d{1,3}[ \t]*-->[ \t]*(?P<to>(?:\d+:)?\d{1,2}:\d{2})"
)
_MARKS = re.compile(r"</?[a-zA-Z][^<>]*>|<[\d:.]+>|\{\\[^{}]*\}")
_ENDS = ("。", "！", "？", "…", ".", "!", "?", "”")
_LONG, _LONGEST = 60, 300  # characters of a paragraph: it ends at a sentence's end, or where it is
_PAUSE = 4  # seconds of silence that end a paragraph


def read(given: Given) -> Read:
    """One document: what is said, with the time of each paragraph as its heading.

    Marks of type and place are left out, as is what a roll repeats. Raises as text does, and
    DamagedDocument where there are no times.
    """
    text, encoding = text_of(given)
    lines: list[str] = []
    headings: list[tuple[int, int]] = []
    for time, words in _paragraphs(text):
        lines += [time, words]
        headings.append((len(lines) - 1, 1))
    if not lines:
        cause = "it holds no subtitles (lines with --> and words below)"
        raise DamagedDocument(given.shown, cause, "Get a whole copy, or give it the ending .txt.")
    yield Document(
        text="\n".join(lines),
        source=given.source,
        encoding=encoding,
        title=given.stem,
        member=given.member,
        unit="paragraph",
        headings=tuple(headings),
        whole=True,
    )


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    """What is said until a sentence ends or a pause comes, and when it begins."""
    begun, said, until = "", "", 0
    for start, end, words in _cues(text):
        pause = _seconds(start) - until > _PAUSE
        if said and (pause or len(said) > _LONGEST or (len(said) > _LONG and said.endswith(_ENDS))):
            yield begun, said
            said = ""
        if not said:
            begun = start
        said = _joined(said, words)
        until = _seconds(end)
    if said:
        yield begun, said


def _cues(text: str) -> Iterator[tuple[str, str, str]]:
    """Start, end and words of each subtitle; lines that stood in the one before are left out."""
    before: set[str] = set()
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        times = _TIMES.match(lines[at].strip())
        at += 1
        if times is None:
            continue
        said: list[str] = []
        while at < len(lines) and lines[at].strip():
            if _TIMES.match(lines[at].strip()):
                break
            if line := " ".join(_MARKS.sub("", lines[at]).split()):
                said.append(line)
            at += 1
        words = ""
        for line in said:
            if line not in before:
                words = _joined(words, line)
                if len(words) > _LONGEST:
                    yield times["at"], times["to"], words
                    words = ""
        before = set(said)
        if words:
            yield times["at"], times["to"], words


def _joined(left: str, right: str) -> str:
    if not left:
        return right
    between = " " if left[-1].isascii() or right[0].isascii() else ""
    if not between and not left.endswith((*_ENDS, "，", "、", "；", "：")):
        between = " "  # a subtitle's end is a pause: without a mark a blank keeps words apart
    return f"{left}{between}{right}"


def _seconds(time: str) -> int:
    seconds = 0
    for part in time.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds
