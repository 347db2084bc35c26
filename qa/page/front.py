"""What a person sees before the first question: the page's header and the welcome. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.types import Article
from qa.page.markup import attribute, show
from qa.page.texts import Language, show_dates, text


def header(articles: Sequence[Article], language: Language) -> str:
    """The page's name and one line on the library: how many articles, from when to when."""
    return (
        f'<div class="yj-brand" data-language="{language}"><h1>{text("name", language)}</h1>'
        f'<p class="yj-motto">{text("motto", language)}</p></div>'
        f'<p class="yj-library" role="status">{library_line(articles, language)}</p>'
    )


def library_line(articles: Sequence[Article], language: Language) -> str:
    """How many articles and the days they cover; days without a year only if no other is known."""
    if not articles:
        return f"<span>{text('library_empty', language)}</span>"
    key = "library" if len(articles) > 1 else "library_one"
    facts = [text(key, language, count=f"{len(articles):,}")]
    dates = sorted(a.dated for a in articles if a.dated)
    dates = [d for d in dates if len(d) == len("2016-11-14")] or dates
    if dates:
        facts.append(show_dates(dates[0], dates[-1], language))
    return "".join(f"<span>{escape(fact)}</span>" for fact in facts)


def welcome(empty: bool, language: Language) -> str:
    """What stands where the conversation will be, while there is none: what to do."""
    body = text("welcome_empty" if empty else "welcome_text", language)
    return (
        f'<section class="yj-welcome"><h2>{text("welcome", language)}</h2><p>{body}</p></section>'
    )


def examples(questions: Sequence[str], language: Language) -> str:
    """Questions to begin with, as buttons; nothing where there are none."""
    if not questions:
        return ""
    buttons = "".join(
        f'<li><button type="button" data-do="ask" data-question="{attribute(question)}">'
        f"{show(question)}</button></li>"
        for question in questions
    )
    return (
        f'<section class="yj-examples"><h3>{text("examples", language)}</h3>'
        f"<ul>{buttons}</ul></section>"
    )
