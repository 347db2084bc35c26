"""The library's view: what it holds, what can be added, and the list of its articles. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.encoder import BUNDLED
from index.store import Entry
from qa.page.catalogue import SHOWN, Facts, Page
from qa.page.front import library_name
from qa.page.markup import about_line, attribute, button, choice, file_name, show
from qa.page.seat import Seat
from qa.page.texts import Language, show_date, show_dates, text


def head(seat: Seat, facts: Facts, suffixes: Sequence[str]) -> str:
    """What the library holds, where to drop files, and what narrows the list below."""
    language = seat.language
    out = (
        f'<header class="yj-shelf-head"><h2 tabindex="-1">{text("shelf", language)}：'
        f"{show(library_name(seat.library, language))}</h2>"
        f"{_making(language) if seat.writes else ''}"
        f"{button('chat', text('back_to_page', language))}</header>"
        f"{_facts(facts, language)}"
    )
    out += _adding(suffixes, language) if seat.writes else f"<p>{text('read_only', language)}</p>"
    return out + _sieve(facts, language)


def _facts(facts: Facts, language: Language) -> str:
    model = facts.model or "–"
    if model == BUNDLED or model.startswith(f"{BUNDLED}-"):
        model = text("model_bundled", language) + model.removeprefix(BUNDLED).replace("-", " ")
    told = [
        ("fact_articles", f"{facts.articles:,}"),
        ("fact_files", f"{facts.sources:,}"),
        ("fact_dates", show_dates(*facts.dates, language) if facts.dates else "–"),
        ("fact_model", model),
        ("fact_size", size(facts.size)),
    ]
    items = "".join(
        f"<div><dt>{text(k, language)}</dt><dd>{show(value)}</dd></div>" for k, value in told
    )
    return f'<dl class="yj-status" aria-label="{text("facts", language)}">{items}</dl>'


def size(count: int) -> str:
    """Bytes as people read them.

    >>> size(1536)
    '1.5 KB'
    """
    amount = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TB"


def _adding(suffixes: Sequence[str], language: Language) -> str:
    kinds = attribute(",".join(suffixes))
    sending = {
        "sending": text("sending", language),
        "failed": text("send_failed", language),
        "large": text("too_large", language, limit="200 MB"),
        "waiting": text("waiting", language),
        "cancel": text("cancel_adding", language),
    }
    words = "".join(f' data-{k}="{attribute(v)}"' for k, v in sending.items())
    return (
        f'<section class="yj-drop"{words}><p>{text("drop", language)}</p><div>'
        f'<label class="yj-pick"><input type="file" multiple accept="{kinds}" data-files="file">'
        f"<span>{text('choose_files', language)}</span></label>"
        f'<label class="yj-pick"><input type="file" multiple webkitdirectory data-files="folder">'
        f"<span>{text('choose_folder', language)}</span></label></div>"
        '<ul class="yj-sending" role="status"></ul></section>'
    )


def _making(language: Language) -> str:
    """What makes a new library, folded."""
    name = text("library_name", language)
    return (
        f'<details class="yj-menu"><summary>{text("new_library", language)}</summary>'
        f'<form class="yj-menu-sheet yj-make" data-submit="make"><input class="yj-field" name="name" '
        f'maxlength="40" required aria-label="{name}" placeholder="{name}">'
        f'<button type="submit" class="yj-strong">{text("create", language)}</button></form></details>'
    )


def _sieve(facts: Facts, language: Language) -> str:
    every = ("", text("every", language))
    find = text("find_articles", language)
    out = (
        f'<form class="yj-sieve" role="search" data-submit="list"><input type="search" name="words" '
        f'class="yj-field" data-type="list" aria-label="{find}" placeholder="{find}">'
    )
    files = [(s, file_name(s)) for s in facts.files]
    sections = [(s, s) for s in facts.sections]
    for name, choices in (("source", files), ("section", sections)):
        if len(choices) > 1:
            label = text(f"{name}_filter", language)
            out += choice(name, label, [every, *choices], "", on="list")
    for name in ("since", "until"):
        out += (
            f'<label class="yj-choice"><span>{text(name, language)}</span>'
            f'<input type="date" class="yj-field" name="{name}" data-change="list"></label>'
        )
    orders = [(o, text(f"sort_{o}", language)) for o in ("added", "new", "old", "title")]
    return out + choice("order", text("sort", language), orders, "added", on="list") + "</form>"


def listed(page: Page, language: Language, *, writes: bool) -> str:
    """A page of the list: the articles, each to be opened, with a way to remove its file."""
    if not page.entries:
        key = "no_match" if page.articles else "library_empty"
        return f'<p class="yj-none" role="status"{_asked(page)}>{text(key, language)}</p>'
    items = "".join(_row(e, language, writes=writes) for e in page.entries)
    return (
        f'<p class="yj-count" role="status" data-page="{page.number}"{_asked(page)}>'
        f"{_counted(page, language)}</p>"
        f'<ul class="yj-articles">{items}</ul>{_pages(page, language)}'
    )


def _asked(page: Page) -> str:
    return f' data-asked="{page.asked}"' if page.asked else ""


def _counted(page: Page, language: Language) -> str:
    """How many articles there are, how many are asked for, and which of them are shown."""
    found, articles = f"{page.found:,}", f"{page.articles:,}"
    if page.found == page.articles:
        said = text("library" if page.articles > 1 else "library_one", language, count=articles)
    else:
        said = text("found_of", language, found=found, count=articles)
    if page.found > len(page.entries):
        shown = f"{page.first + 1:,}–{page.first + len(page.entries):,}"
        said += text("shown_of", language, shown=shown)
    return said


def _pages(page: Page, language: Language) -> str:
    """Ways to the pages before and after."""
    ways = ""
    if page.first:
        ways += button("page", text("earlier_page", language), page=page.number - 1)
    if page.first + SHOWN < page.found:
        ways += button("page", text("later_page", language), page=page.number + 1)
    return (
        f'<nav class="yj-pages" aria-label="{text("pages_of_list", language)}">{ways}</nav>'
        if ways
        else ""
    )


def _row(entry: Entry, language: Language, *, writes: bool) -> str:
    name = file_name(entry.source)
    facts = about_line(show_date(entry.dated, language), entry.byline, entry.section, name)
    remove = ""
    if writes:
        label = text("remove_file", language, name=name)
        remove = button(
            "remove", text("remove", language), css="yj-remove", label=label, source=entry.source
        )
    return (
        f'<li><button type="button" data-do="open" data-article="{attribute(entry.id)}" '
        f'data-start="0" data-end="0"><span class="yj-title">{show(entry.title)}</span>{facts}'
        f"</button>{remove}</li>"
    )


def notice(words: str) -> str:
    """A word on why something was not done."""
    return f'<p class="yj-error" role="alert">{escape(words)}</p>'
