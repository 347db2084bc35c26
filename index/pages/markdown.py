"""Which lines of a Markdown file are headings, and of what rank."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from index.pages.lines import Line

_HEADING = re.compile(r"(#{1,6})[ \t]+\S")
_FENCE = re.compile(r"```|~~~")
_UNDERLINE = re.compile(r"={3,}$")


def is_markdown(source: str) -> bool:
    """Whether a file's name says that it is Markdown."""
    return PurePath(source).suffix.lower() in {".md", ".markdown"}


def heading_ranks(lines: Sequence[Line]) -> dict[int, int]:
    """The headings by line index, with their rank: 1 for ``#`` to 6."""
    ranks: dict[int, int] = {}
    fenced = False
    for at, line in enumerate(lines):
        if _FENCE.match(line.text):
            fenced = not fenced
        elif not fenced and (match := _HEADING.match(line.text)):
            ranks[at] = len(match[1])
        elif not fenced and at and not line.blanks and _UNDERLINE.match(line.text):
            ranks[at - 1] = 1
    return ranks


def levels_of(ranks: Mapping[int, int]) -> dict[int, int]:
    """Headings by line index: 0 for an article's title, 1 for a heading within an article.

    Titles are the headings of rank 1; a file with lower ones only is one article whose title
    stands elsewhere.
    """
    return {at: min(rank - 1, 1) for at, rank in ranks.items()}


def unmarked(title: str) -> str:
    """A heading's words, without the marks that make it one."""
    return re.sub(r"^#{1,6}\s+|\s+#*$|\s*={3,}$", "", title)
