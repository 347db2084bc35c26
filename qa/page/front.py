"""What frames a conversation: the header, the welcome, the question box, the next questions. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from qa.page.markup import attribute, button, choice, show
from qa.page.seat import Seat
from qa.page.texts import Language, show_dates, text


def top(seat: Seat, libraries: Sequence[str], articles: int, dates: tuple[str, str] | None) -> str:
    """The page's name, the library that is asked, and the ways to everything else."""
    language = seat.language
    name = text("show_conversations", language)
    out = (
        f'<a class="yj-skip" href="#yj-ask">{text("skip", language)}</a>'
        f"{button('side', '☰', css='yj-icon', label=name)}"
        f'<div class="yj-brand" data-language="{language}" data-theme="{seat.wishes.theme}" '
        f'data-lost="{attribute(text("lost", language))}" data-wrong="{attribute(text("wrong", language))}" '
        f'data-library="{attribute(seat.library)}"><h1>{text("name", language)}</h1>'
        f'<p class="yj-motto">{text("motto", language)}</p></div>'
    )
    if len(libraries) > 1:
        named = [(key, library_name(key, language)) for key in libraries]
        out += choice("library", text("choose_library", language), named, seat.library, on="choose")
    out += f'<p class="yj-library" role="status">{library_line(articles, dates, language)}</p><nav>'
    out += button("shelf", text("shelf", language)) + button("settings", text("settings", language))
    if seat.user:
        leave = escape(text("log_out", language, user=seat.user))
        out += f'<form method="post" action="logout"><button type="submit">{leave}</button></form>'
    return f"{out}</nav>"


def library_name(key: str, language: Language) -> str:
    """What people call a library."""
    return key or text("home_library", language)


def composer(language: Language, limit: int) -> str:
    """The box for a question, with its buttons."""
    ask, stop = text("ask", language), text("stop", language)
    return (
        f'<p class="yj-editing" role="status" hidden><span>{text("editing", language)}</span>'
        f"{button('unedit', text('cancel', language))}</p>"
        f'<form class="yj-ask" data-submit="ask"><textarea id="yj-ask" name="question" rows="1" '
        f'maxlength="{limit}" aria-label="{text("question", language)}" '
        f'placeholder="{text("placeholder", language)}"></textarea>'
        f'<button type="submit" class="yj-send" aria-label="{ask}" title="{ask}">↑</button>'
        f"{button('stop', '■', css='yj-stop', label=stop)}</form>"
    )


def toast(words: str, *, undo: str = "", language: Language = "zh", **data: object) -> str:
    """A short word on what was done, with a way back where there is one."""
    back = button(undo, text("undo", language), also=data) if undo else ""
    return f'<p class="yj-toast" role="status">{show(words)}{back}</p>'


def library_line(articles: int, dates: tuple[str, str] | None, language: Language) -> str:
    """How many articles and the days that they cover, ISO 8601."""
    if not articles:
        return f"<span>{text('library_empty', language)}</span>"
    key = "library" if articles > 1 else "library_one"
    facts = [text(key, language, count=f"{articles:,}")]
    if dates:
        facts.append(show_dates(*dates, language))
    return "".join(f"<span>{escape(fact)}</span>" for fact in facts)


def welcome(empty: bool, language: Language) -> str:
    """What stands where the conversation will be, while there is none: what to do."""
    body = text("welcome_empty" if empty else "welcome_text", language)
    return (
        f'<section class="yj-welcome"><h2>{text("welcome", language)}</h2><p>{body}</p></section>'
    )


def examples(questions: Sequence[str], language: Language) -> str:
    """Questions to begin with, as buttons; nothing where there are none."""
    return _questions(questions, text("examples", language))


def follow_ups(questions: Sequence[str], language: Language) -> str:
    """Questions to go on with after an answer."""
    return _questions(questions, text("follow_ups", language))


def _questions(questions: Sequence[str], heading: str) -> str:
    if not questions:
        return ""
    buttons = "".join(
        f'<li><button type="button" data-do="ask" data-question="{attribute(question)}">'
        f"{show(question)}</button></li>"
        for question in questions
    )
    return f'<section class="yj-examples"><h2>{heading}</h2><ul>{buttons}</ul></section>'
