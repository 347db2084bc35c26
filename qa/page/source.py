"""The source panel: one article with the cited characters marked. Pure, like ``render``."""

from __future__ import annotations

from html import escape

from index.types import Article
from qa.page.markup import about_line, attribute, file_name, show, show_lines
from qa.page.texts import Language, show_date, text


def panel(article: Article, start: int, end: int, language: Language, opened: int = 0) -> str:
    """The article with ``text[start:end]`` in ``<mark>``; nothing is marked where the span is empty.

    ``opened`` makes the HTML differ from that of the last opening, so that ``page.js`` sees it.
    """
    start, end = max(start, 0), min(end, len(article.text))
    lines = article.lines(start, end) if start < end else str(article.origin)
    about = about_line(
        article.byline,
        show_date(article.dated, language),
        article.section,
        file_name(article.source),
        show_lines(lines, language),
    )
    kicker = f'<p class="yj-kicker">{show(article.kicker)}</p>' if article.kicker else ""
    return _frame(
        f'<header>{kicker}<h2 tabindex="-1">{show(article.title)}</h2>'
        f"{about}</header>"
        f'<div class="yj-text" lang="{attribute(article.language)}">'
        f"{marked(article.text, start, end)}</div>",
        language,
        opened,
        article.title,
    )


def missing(language: Language, opened: int = 0) -> str:
    """The panel when the article has gone."""
    return _frame(
        f'<p class="yj-error" role="alert">{text("gone", language)}</p>', language, opened
    )


def marked(body: str, start: int, end: int) -> str:
    """Paragraphs of an article with ``body[start:end]`` marked, piece by piece where it spans more.

    The pieces, joined by line breaks, are exactly ``body[start:end]``.
    """
    out, at = [], 0
    for paragraph in body.split("\n"):
        first, last = max(start - at, 0), min(end - at, len(paragraph))
        if first < last:
            inside = (
                f"{escape(paragraph[:first])}<mark>{escape(paragraph[first:last])}</mark>"
                f"{escape(paragraph[last:])}"
            )
        else:
            inside = escape(paragraph)
        if paragraph:
            out.append(f'<p dir="auto">{inside}</p>')
        at += len(paragraph) + 1
    return "".join(out)


def _frame(inside: str, language: Language, opened: int, title: str = "") -> str:
    name = text("source_panel", language)
    close = text("close", language)
    return (
        f'<aside class="yj-source" aria-label="{name}" data-opened="{opened:d}">'
        f'<div class="yj-bar"><span>{name}</span>'
        f'<span class="yj-bar-title" aria-hidden="true">{show(title)}</span><button type="button" class="yj-close" '
        f'data-do="close" aria-label="{close}" title="{close}">×</button></div>'
        f'<div class="yj-sheet">{inside}</div></aside>'
    )
