"""The settings: what can be chosen, as a dialog. Pure."""

from __future__ import annotations

from qa.page.markup import attribute, button, choice
from qa.page.seat import Seat
from qa.page.texts import Language, text


def dialog(seat: Seat, llm_url: str = "", llm_model: str = "") -> str:
    """The settings as they stand; every change is sent at once under its own name.

    ``llm_url`` and ``llm_model`` are the language model's, which those see who may change it.
    """
    language, wishes = seat.language, seat.wishes

    def words(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
        return [(value, text(key, language)) for value, key in pairs]

    own = [("", text("as_browser", language)), ("zh", "中文"), ("en", "English")]
    themes = words(("", "as_system"), ("light", "light"), ("dark", "dark"))
    styles = words(("full", "full"), ("brief", "brief"))
    cautions = [(str(n), text(f"caution_{n}", language)) for n in range(1, 6)]
    modes = words(("hybrid", "mode_hybrid"), ("dense", "mode_dense"), ("keyword", "mode_keyword"))
    days = "".join(
        f'<label class="yj-choice"><span>{text(name, language)}</span><input type="date" '
        f'class="yj-field" name="{name}" data-change="set" value="{attribute(value or "")}"></label>'
        for name, value in (("since", wishes.since), ("until", wishes.until))
    )
    return (
        f'<dialog class="yj-settings" aria-labelledby="yj-settings-name"><header>'
        f'<h2 id="yj-settings-name">{text("settings", language)}</h2>'
        f"{button('close-settings', '×', css='yj-close', label=text('done', language))}</header>"
        f"{choice('language', text('language', language), own, wishes.language)}"
        f"{choice('theme', text('theme', language), themes, wishes.theme)}"
        f"{choice('style', text('style', language), styles, wishes.style)}"
        f"{choice('caution', text('caution', language), cautions, str(wishes.caution))}"
        f"{choice('mode', text('mode', language), modes, wishes.mode)}"
        f"<fieldset><legend>{text('dates', language)}</legend>{days}"
        f"{button('any-date', text('clear_dates', language))}</fieldset>"
        f"{_model(language, llm_url, llm_model) if seat.writes else ''}"
        f'<p class="yj-menu-row"><span>{text("ratings_export", language)}</span>'
        f'<a href="ratings/exam.jsonl" download>{text("as_exam", language)}</a>'
        f'<a href="ratings/all.jsonl" download>{text("all_ratings", language)}</a></p>'
        f'<p class="yj-hint">{text("apply_at_once", language)}</p></dialog>'
    )


def _model(language: Language, url: str, model: str) -> str:
    """The language model that writes the answers: its server, its name, its key, and a trial."""
    fields = (
        ("url", "url", "llm_url", "http://127.0.0.1:11434/v1", url),
        ("model", "text", "llm_model", text("llm_only_one", language), model),
        ("key", "password", "llm_key", text("llm_key_kept", language), ""),
    )
    inputs = "".join(
        f'<label class="yj-choice"><span>{text(label, language)}</span><input class="yj-field" '
        f'type="{kind}" name="{name}" maxlength="500" autocomplete="off" '
        f'placeholder="{attribute(hint)}" value="{attribute(value)}"></label>'
        for name, kind, label, hint, value in fields
    )
    return (
        f'<form class="yj-model" data-submit="model"><fieldset><legend>{text("llm", language)}</legend>'
        f"{inputs}"
        f"{button('try-model', text('llm_try', language))}"
        f'<button type="submit">{text("llm_use", language)}</button>'
        f"{button('no-model', text('llm_without', language))}"
        f'<p role="status" class="yj-hint">{text("llm_hint", language)}</p></fieldset></form>'
    )
