"""Every word of the page, in both languages: the table is ``texts.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["zh", "en"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@cache
def table() -> dict[str, tuple[str, str]]:
    """Each text as (Chinese, English), with ``str.format`` fields."""
    found = tomllib.loads(files("qa.page").joinpath("texts.toml").read_text(encoding="utf-8"))
    return {key: (pair[0], pair[1]) for key, pair in found.items()}


def text(key: str, language: Language, **values: object) -> str:
    """One text in one language. Raises KeyError for an unknown key or a missing value."""
    return table()[key][0 if language == "zh" else 1].format(**values)


def why(error: Exception, language: Language) -> str:
    """What went wrong, in the page's words if it has some for this kind of error."""
    return why_kind(type(error).__name__, str(error), language)


def why_kind(kind: str, otherwise: str, language: Language) -> str:
    """The same by the name of an error's class; ``otherwise`` where the page has no words for it."""
    key = f"e_{kind}"
    return text(key, language) if key in table() else otherwise


def language_of(accept_language: str | None) -> Language:
    """The page's language for a browser's ``Accept-Language``: Chinese if it comes before English.

    A browser that names neither gets English; one that names nothing gets Chinese.
    """
    if not accept_language:
        return "zh"
    wanted = [part.partition(";")[0].strip().lower() for part in accept_language.split(",")]
    for tag in wanted:
        if tag == "zh" or tag.startswith("zh-"):
            return "zh"
        if tag == "en" or tag.startswith("en-"):
            return "en"
    return "en"


def show_date(iso: str, language: Language) -> str:
    """A date as people write it, from ``2016-11-14`` or ``11-14``; anything else as it stands."""
    parts = iso.split("-")
    if len(parts) not in (2, 3) or not all(p.isascii() and p.isdigit() for p in parts):
        return iso
    year, month, day = ["", *parts][-3:]
    if not 1 <= int(month) <= 12:
        return iso
    if language == "zh":
        return f"{year}年{int(month)}月{int(day)}日" if year else f"{int(month)}月{int(day)}日"
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}".rstrip()


def show_dates(first: str, last: str, language: Language) -> str:
    """From one day to another, a year that both share said once."""
    begin, end = show_date(first, language), show_date(last, language)
    if begin == end:
        return begin
    year = first[:5]
    if len(first) == len(last) == len("2016-11-14") and last.startswith(year):
        if language == "zh":
            end = show_date(last[5:], language)
        else:
            begin = show_date(first[5:], language)
    return f"{begin}—{end}" if language == "zh" else f"{begin} – {end}"
