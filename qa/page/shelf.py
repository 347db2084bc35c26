"""The library's view: what it holds, what can be added, and the list of its articles. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from qa.page.catalogue import SHOWN, Entry, Sieve
from qa.page.front import library_name
from qa.page.markup import about_line, attribute, button, choice, file_name, show
from qa.page.seat import Seat
from qa.page.texts import Language, show_date, show_dates, text


def head(
    seat: Seat,
    facts: dict[str, object],
    entries: Sequence[Entry],
    suffixes: Sequence[str],
) -> str:
    """What the library holds, where to drop files, and what narrows the list below."""
    language = seat.language
    out = (
        f'<header class="yj-shelf-head"><h2 tabindex="-1">{text("shelf", language)}：'
        f"{show(library_name(seat.library, language))}</h2>"
        f"{button('chat', text('back_to_page', language))}</header>"
        f"{_facts(facts, entries, language)}"
    )
    out += _adding(suffixes, language) if seat.writes else f"<p>{text('read_only', language)}</p>"
    return out + _sieve(entries, language)


def _facts(facts: dict[str, object], entries: Sequence[Entry], language: Language) -> str:
    dates = sorted(e.dated for e in entries if len(e.dated) == len("2016-11-14"))
    told = [
        ("fact_articles", f"{facts['articles']:,}"),
        ("fact_files", f"{facts['sources']:,}"),
        ("fact_dates", show_dates(dates[0], dates[-1], language) if dates else "–"),
        ("fact_model", str(facts["model"]) or "–"),
        ("fact_size", size(int(str(facts["bytes"])))),
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
        f'<form class="yj-make" data-submit="make"><input class="yj-field" name="name" maxlength="40" '
        f'required aria-label="{text("library_name", language)}" '
        f'placeholder="{text("library_name", language)}">'
        f'<button type="submit">{text("new_library", language)}</button></form>'
    )


def _sieve(entries: Sequence[Entry], language: Language) -> str:
    every = ("", text("every", language))
    sources = sorted({e.source for e in entries})
    sections = sorted({e.section for e in entries if e.section})
    find = text("find_articles", language)
    out = (
        f'<form class="yj-sieve" role="search" data-submit="list"><input type="search" name="words" '
        f'class="yj-field" data-type="list" aria-label="{find}" placeholder="{find}">'
    )
    files = [every, *((s, file_name(s)) for s in sources)]
    out += choice("source", text("source_filter", language), files, "", on="list")
    if sections:
        named = [every, *((s, s) for s in sections)]
        out += choice("section", text("section_filter", language), named, "", on="list")
    for name in ("since", "until"):
        out += (
            f'<label class="yj-choice"><span>{text(name, language)}</span>'
            f'<input type="date" class="yj-field" name="{name}" data-change="list"></label>'
        )
    orders = [(o, text(f"sort_{o}", language)) for o in ("added", "new", "old", "title")]
    return out + choice("order", text("sort", language), orders, "added", on="list") + "</form>"


def listed(entries: Sequence[Entry], sieve: Sieve, language: Language, *, writes: bool) -> str:
    """The articles that pass a sieve, each to be opened, with a way to remove its file."""
    found = sieve.sift(entries)
    shown = found[: sieve.limit]
    if not shown:
        key = "no_match" if entries else "library_empty"
        return f'<p class="yj-none" role="status">{text(key, language)}</p>'
    count = text("shown_of", language, shown=f"{len(shown):,}", count=f"{len(entries):,}")
    items = "".join(_row(e, language, writes=writes) for e in shown)
    more = len(found) - len(shown)
    rest = ""
    if more:
        words = text("show_more", language, count=min(more, SHOWN))
        rest = button("more", words, limit=sieve.limit + SHOWN)
    return (
        f'<p class="yj-count" role="status">{count}</p><ul class="yj-articles">{items}</ul>{rest}'
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
