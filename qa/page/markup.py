"""Foreign text made inert, and small pieces that every part of the page shows.

Whatever comes from a document, a file name or a question passes through ``show`` (or
``attribute``), so that it is seen as characters and never read as markup. Nothing here is Markdown.
"""

from __future__ import annotations

from html import escape
from pathlib import PurePath

from qa.page.texts import Language, text


def show(value: str) -> str:
    """Foreign text for the body of an element, inert; ``<bdi>`` keeps its bidi marks inside it."""
    return f"<bdi>{escape(value)}</bdi>"


def attribute(value: object) -> str:
    """Foreign text for a double-quoted attribute."""
    return escape(str(value), quote=True)


def file_name(source: str) -> str:
    """The last part of a source's path: what people call the file."""
    return PurePath(source.replace("\\", "/")).name or source


def show_lines(lines: str, language: Language) -> str:
    """``"12-14"`` as people read it; nothing for nothing."""
    if not lines:
        return ""
    return text("lines" if "-" in lines else "line", language, lines=lines.replace("-", "–"))


def about_line(*facts: str) -> str:
    """Facts about an article on one line: who wrote it, when, in which file; empty ones left out."""
    shown = "".join(f"<span>{show(fact)}</span>" for fact in facts if fact)
    return f'<span class="yj-about">{shown}</span>'
