"""The conversations beside the chat: found, opened, renamed, deleted, exported. Pure."""

from __future__ import annotations

import time
from collections.abc import Sequence

from qa.conversations import NAME_LENGTH, Kept
from qa.exports import KINDS
from qa.page.markup import attribute, button, show
from qa.page.texts import Language, text


def head(language: Language) -> str:
    """What stands above the list: a new conversation, and a search."""
    search = text("search_talks", language)
    return (
        f'<div class="yj-side-head">{button("new", text("new_chat", language), css="yj-strong")}'
        f'<input type="search" class="yj-field" data-type="find" maxlength="100" '
        f'aria-label="{search}" placeholder="{search}"></div>'
    )


SHOWN = 40
"""Conversations listed until more are asked for: the list is sent with each new one, and Gradio
keeps several copies of it for every window."""


def listed(
    kept: Sequence[Kept], current: str, language: Language, *, words: str = "", more: bool = False
) -> str:
    """The list, the last used first; ``current`` is the open one's id, ``words`` those searched for;
    ``more`` says that there are others."""
    if not kept:
        none = "no_talks_found" if words.strip() else "no_talks"
        return f'<p class="yj-none">{text(none, language)}</p>'
    items = "".join(_item(k, k.id == current, language) for k in kept)
    out = f'<ul class="yj-talks" aria-label="{text("conversations", language)}">{items}</ul>'
    if more:
        out += button(
            "more-talks",
            text("more_talks", language),
            css="yj-earlier",
            found=words,
            limit=len(kept) * 3,
        )
    return out


def _item(kept: Kept, current: bool, language: Language) -> str:
    on = ' aria-current="page"' if current else ""
    more = attribute(text("more_for", language, name=kept.name))
    words = {"md": "Markdown", "docx": text("word", language), "json": "JSON"}
    exports = "".join(
        f'<a href="export/{attribute(kept.id)}.{kind}?language={language}" download>{words[kind]}</a>'
        for kind in KINDS
    )
    day = time.strftime("%Y-%m-%d %H:%M", time.localtime(kept.touched))
    talk = {"talk": kept.id, "library": kept.library}
    return (
        f'<li{on}><button type="button" class="yj-talk" data-do="reopen" data-talk="{attribute(kept.id)}" '
        f'data-library="{attribute(kept.library)}" title="{day}"{on}>{show(kept.name)}</button>'
        f'<details class="yj-menu"><summary aria-label="{more}">⋯</summary>'
        f'<div class="yj-menu-sheet"><form data-submit="rename" data-talk="{attribute(kept.id)}">'
        f'<input class="yj-field" name="name" maxlength="{NAME_LENGTH}" required '
        f'aria-label="{text("rename_to", language)}" value="{attribute(kept.name)}">'
        f'<button type="submit">{text("rename", language)}</button></form>'
        f'<div class="yj-menu-row"><span>{text("export", language)}</span>{exports}</div>'
        f"{button('link', text('copy_link', language), also=talk)}"
        f"{button('forget', text('delete', language), css='yj-danger', also=talk)}</div></details></li>"
    )
