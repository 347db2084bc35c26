"""The source panel: one article with the cited characters marked. Pure, like ``render``."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from index.types import Article
from qa import citing
from qa.compose import cite
from qa.page.markup import about_line, attribute, button, file_name, show, show_lines
from qa.page.texts import Language, show_date, text


def panel(
    article: Article, start: int, end: int, language: Language, opened: int = 0, library: str = ""
) -> str:
    """The article with ``text[start:end]`` in ``<mark>``; nothing is marked where the span is empty.

    ``opened`` makes the HTML differ from that of the last opening, so that ``page.js`` sees it.
    """
    start, end = max(start, 0), min(end, len(article.text))
    return _frame(
        _article(article, start, end, language),
        language,
        opened,
        article.title,
        _ways(article, start, end, language, library),
    )


def whole(article: Article, start: int, end: int, language: Language) -> str:
    """A page of its own for one article, to read or print, with the same span marked."""
    title = escape(article.title)
    tongue = "zh-CN" if language == "zh" else "en"
    return (
        f'<!doctype html><html lang="{tongue}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title}</title><link rel="icon" href="icon.svg"><link rel="stylesheet" href="youju.css"></head>'
        f'<body class="yj-alone"><main class="yj-sheet">{_article(article, start, end, language)}'
        f'<p class="yj-back"><a href="./">{text("back_to_page", language)}</a></p></main></body></html>'
    )


def _ways(article: Article, start: int, end: int, language: Language, library: str) -> str:
    """What can be done with an open article: the whole of it, and its quotation to take along."""
    at = urlencode({"id": article.id, "start": start, "end": end, "library": library})
    ways = (
        f'<a class="yj-way" href="article?{attribute(at)}" target="_blank" rel="noopener">'
        f"{text('whole', language)}</a>"
    )
    if start < end:
        citation = cite(article, (start, end), 1)
        ways += button(
            "copy", text("copy_plain", language), css="yj-way", copy=citing.plain(citation)
        )
        ways += button(
            "copy", text("copy_gbt", language), css="yj-way", copy=citing.gbt7714(citation)
        )
    return f'<div class="yj-ways">{ways}</div>'


def _article(article: Article, start: int, end: int, language: Language) -> str:
    start, end = max(start, 0), min(end, len(article.text))
    lines = article.lines(start, end) if start < end else str(article.origin)
    pages = article.pages_of(start, end)
    about = about_line(
        article.byline,
        show_date(article.dated, language),
        article.section,
        file_name(article.source),
        article.origin.member,
        show_lines("" if pages else lines, language, article.origin.unit),
        show_lines(pages, language, "slide" if article.origin.unit == "slide" else "page"),
        " › ".join(article.section_path(start)),
    )
    kicker = f'<p class="yj-kicker">{show(article.kicker)}</p>' if article.kicker else ""
    return (
        f'<header>{kicker}<h2 tabindex="-1">{show(article.title)}</h2>'
        f"{about}</header>"
        f'<div class="yj-text" lang="{attribute(article.language)}">'
        f"{marked(article.text, start, end)}</div>"
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


def _frame(inside: str, language: Language, opened: int, title: str = "", ways: str = "") -> str:
    name = text("source_panel", language)
    close = text("close", language)
    return (
        f'<aside class="yj-source" aria-label="{name}" data-opened="{opened:d}">'
        f'<div class="yj-bar"><span>{name}</span>'
        f'<span class="yj-bar-title" aria-hidden="true">{show(title)}</span><button type="button" class="yj-close" '
        f'data-do="close" aria-label="{close}" title="{close}">×</button></div>'
        f'<div class="yj-sheet" tabindex="0">{inside}</div>{ways}</aside>'
    )
