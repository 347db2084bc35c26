"""The articles of a library as a list, page by page: only what is shown of them is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from index.store.truth import Store
from index.types import Article

Order = Literal["added", "new", "old", "title"]
_ABOUT = "json_extract(about, '$.{}')"
_DATED = f"coalesce({_ABOUT.format('published')}, {_ABOUT.format('event')}, '')"
_COLUMNS = f"id, title, {_DATED}, {_ABOUT.format('byline')}, source, {_ABOUT.format('section')}"
_SLASHED = "replace(source, '\\', '/')"
_FILE = f"replace({_SLASHED}, rtrim({_SLASHED}, replace({_SLASHED}, '/', '')), '')"
"""What stands after the last slash: the source without all that ends in no other sign than one."""
_TOLD = (
    f"title || char(10) || {_FILE} || char(10) || {_ABOUT.format('byline')} "
    f"|| char(10) || {_ABOUT.format('section')}"
)
_ORDERS = {  # those with a day first, as the index of days has them; the others after them
    "new": ("day DESC, first DESC", f"{_DATED} DESC, number"),
    "old": ("day, first", f"{_DATED} = '', {_DATED}, number"),
}
_WITH_DAY = "day IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as listed; ``dated`` is ISO 8601, with or without a year, or empty."""

    id: str
    title: str
    dated: str
    byline: str
    source: str
    section: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a list; what is empty asks nothing.

    All of the ``words`` stand in the title, byline, section or file's name, in whatever case. A
    ``section`` takes those within it along. Who asks for days gets no article without a full date.
    """

    words: tuple[str, ...] = ()
    source: str = ""
    section: str = ""
    since: date | None = None
    until: date | None = None
    order: Order = "added"


class Catalogue:
    """The articles of a store as a list."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def page(self, wanted: Wanted, limit: int, skipped: int = 0) -> list[Entry]:
        """The articles that are asked for, at most ``limit`` of them after the first ``skipped``."""
        if wanted.order not in _ORDERS:
            order = "title COLLATE NOCASE, number" if wanted.order == "title" else "number"
            return _read(self._store, wanted, "", order, limit, skipped)
        with_day, without = _ORDERS[wanted.order]
        found = _read(self._store, wanted, _WITH_DAY, with_day, limit, skipped)
        if len(found) == limit:
            return found
        past = 0 if found else skipped - self._counted(wanted, _WITH_DAY)
        rest = limit - len(found)
        return found + _read(self._store, wanted, "day IS NULL", without, rest, past)

    def count(self, wanted: Wanted) -> int:
        """How many articles are asked for."""
        return self._counted(wanted, "") if wanted != Wanted() else self._store.counts()[1]

    def of(self, source: str) -> list[Article]:
        """The articles of one file, whole, in their order."""
        return self._store.articles(source=source)

    def sections(self, limit: int) -> list[str]:
        """The sections of the articles and those they lie in, sorted, at most ``limit``."""
        rows = self._store.read(
            "SELECT DISTINCT substr(label, 3) FROM labels WHERE label >= 's:' AND label < 's;' "
            "ORDER BY label LIMIT ?",
            (limit,),
        )
        return [row[0] for row in rows]

    def sources(self, limit: int) -> list[str]:
        """The files, sorted, at most ``limit``."""
        return self._store.sources(limit)

    def dates(self) -> tuple[str, str] | None:
        """The first and the last day, ISO 8601; days without a year only where no other is known."""
        if days := self._store.days():
            first, last = (date.fromordinal(day).isoformat() for day in days)
            return first, last
        ((first, last),) = self._store.read(
            f"SELECT min({_DATED}), max({_DATED}) FROM articles WHERE {_DATED} != ''"
        )
        return None if first is None else (first, last)

    def _counted(self, wanted: Wanted, also: str) -> int:
        where, values = _where(wanted, also)
        return int(self._store.read(f"SELECT count(*) FROM articles {where}", values)[0][0])


def _read(
    store: Store, wanted: Wanted, also: str, order: str, limit: int, skipped: int
) -> list[Entry]:
    where, values = _where(wanted, also)
    sql = f"SELECT {_COLUMNS} FROM articles {where} ORDER BY {order} LIMIT ? OFFSET ?"
    return [Entry(*row) for row in store.read(sql, (*values, limit, skipped))]


def _where(wanted: Wanted, also: str) -> tuple[str, list[Any]]:
    parts, values = [also] if also else [], list[Any]()
    for word in wanted.words:
        forms = dict.fromkeys((word, word.lower(), word.upper(), word.capitalize()))
        # LIKE takes A for a by itself, but not Ä for ä.
        kept = [word] if word.isascii() else list(forms)
        parts.append("(" + " OR ".join([f"{_TOLD} LIKE ? ESCAPE '\\'"] * len(kept)) + ")")
        values += [f"%{_literal(form)}%" for form in kept]
    if wanted.source:
        parts.append("source = ?")
        values.append(wanted.source)
    if wanted.section:
        parts.append("number IN (SELECT article FROM labels WHERE label = ?)")
        values.append(f"s:{wanted.section}")
    if wanted.since or wanted.until:
        first = wanted.since.toordinal() if wanted.since else 0
        last = wanted.until.toordinal() if wanted.until else date.max.toordinal()
        parts.append("day BETWEEN ? AND ?")
        values += [first, last]
    return (f"WHERE {' AND '.join(parts)}" if parts else ""), values


def _literal(word: str) -> str:
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
