"""What readers of written documents (Word, RTF, OpenDocument) share: paragraphs with ranks → one document."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.errors import EmptyDocument
from index.reading.given import Given
from index.types import Document

Paragraph = tuple[str, int | None]
"""A paragraph's text and its rank as a heading: 1 to 6, 0 for the document's title, None for none."""

_LONGEST_TITLE = 60
_HEADING = re.compile(r"(?:heading|标题|標題)[\s_]*([1-9])", re.I)
_TITLES = {"title", "标题", "標題"}
_FILE_NAME = re.compile(r"\.(?:docx?|wps|txt|rtf|odt)$|^(?:microsoft|word |untitled|无标题)", re.I)


def rank_of(style: str) -> int | None:
    """The rank of paragraphs of a style, by its name."""
    name = style.strip()
    if name.lower() in _TITLES:
        return 0
    match = _HEADING.fullmatch(name)
    return min(int(match[1]), 6) if match else None


def document(given: Given, paragraphs: Iterable[Paragraph], title: str) -> Document:
    """The document, a line of a paragraph a line; ``title`` is the one in its properties.

    Raises EmptyDocument.
    """
    lines: list[str] = []
    ranks: list[tuple[int, int]] = []
    for text, rank in paragraphs:
        for part in re.split(r"[\n\r\v\f]+", text):
            if part.strip():
                lines.append(part.strip(" \t"))
                if rank is not None:
                    ranks.append((len(lines), rank))
    if not lines:
        raise EmptyDocument(given.shown, "the document holds no text", "Add one that does.")
    titled = any(rank == 0 for _, rank in ranks)
    if ranks and not titled and ranks[0][0] > 1:
        # What stands above the first heading is the document's head: its title, if it is short.
        titled = True
        if len(lines[0]) <= _LONGEST_TITLE and not lines[0].endswith(("。", "；", "，", "：")):
            ranks.insert(0, (1, 0))
    title = title.strip()
    return Document(
        text="\n".join(lines),
        source=given.source,
        title=None if not title or _FILE_NAME.search(title) else title,
        member=given.member,
        unit="paragraph",
        headings=tuple((line, rank + titled) for line, rank in ranks),
    )
