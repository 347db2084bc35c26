"""Foreign text made inert, and small pieces that every part of the page shows.

Whatever comes from a document, a file name or a question passes through ``show`` (or
``attribute``), so that it is seen as characters and never read as markup. Nothing here is Markdown.
"""

from __future__ import annotations

from collections.abc import Mapping
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


def show_lines(lines: str, language: Language, unit: str = "line") -> str:
    """``"12-14"`` of a ``unit`` (line, row, paragraph, page, slide) as people read it; nothing for nothing."""
    if not lines:
        return ""
    name = f"{unit}s" if "-" in lines else unit
    return text(name, language, lines=lines.replace("-", "–"))


def about_line(*facts: str) -> str:
    """Facts about an article on one line: who wrote it, when, in which file; empty ones left out."""
    shown = "".join(f"<span>{show(fact)}</span>" for fact in facts if fact)
    return f'<span class="yj-about">{shown}</span>'


def button(
    do: str,
    words: str,
    *,
    css: str = "",
    label: str = "",
    pressed: bool | None = None,
    also: Mapping[str, object] | None = None,
    **data: object,
) -> str:
    """A button that does ``do`` when it is pressed, with what it needs (``data`` and ``also``) in
    ``data-…``.

    ``words`` are the page's own; ``label`` is what a screen reader says in their place;
    ``pressed`` is given for a button that stays down.
    """
    details = "".join(
        f' data-{name}="{attribute(value)}"' for name, value in {**data, **(also or {})}.items()
    )
    look = f' class="{css}"' if css else ""
    said = f' aria-label="{attribute(label)}" title="{attribute(label)}"' if label else ""
    if pressed is not None:
        said += f' aria-pressed="{str(pressed).lower()}"'
    return f'<button type="button"{look} data-do="{do}"{details}{said}>{words}</button>'


def choice(
    name: str, label: str, options: list[tuple[str, str]], chosen: str, *, on: str = "set"
) -> str:
    """A labelled drop-down; ``options`` are (value, words), the words foreign or the page's own."""
    entries = "".join(
        f'<option value="{attribute(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(words)}</option>"
        for value, words in options
    )
    return (
        f'<label class="yj-choice"><span>{escape(label)}</span>'
        f'<select class="yj-field" name="{name}" data-change="{on}">{entries}</select></label>'
    )
