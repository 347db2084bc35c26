"""The list of a library's articles: the same as if all were read and sifted in Python."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import LibraryDamaged
from index.library import Library
from index.store import Entry, Wanted
from index.types import Article, Origin, PartialDate

TITLES = ("乙地开工", "Alpha 100%", "alpha_beta", "ÄPFEL", "甲地\\完工", "", "乙地开工", "桥")
SOURCES = ("/share/news/a.txt", "/share/news/B_2.TXT", "C:\\share\\c 100%.txt")
SECTIONS = ("", "要闻", "要闻/本地", "文艺")
BYLINES = ("", "记者 方晓岚", "By Ann")
WORDS = ("乙地", "ALPHA", "äpfel", "%", "_", "\\", "b_2", "要闻", "方晓岚", "share", "txt", "无")
DAYS = (None, date(2023, 1, 1), date(2024, 2, 29), date(2024, 5, 1))
EVENTS = (None, PartialDate(5, 2), PartialDate(11, 30), PartialDate(3, 4, 2022))


def made(number: int) -> Article:
    """An article that differs from its neighbours in everything."""
    return Article(
        id=f"a{number}",
        title=TITLES[number % len(TITLES)],
        text="今天天晴。",
        language="zh",
        source=SOURCES[number % len(SOURCES)],
        origin=Origin(1, 1),
        published=DAYS[number * 7 % len(DAYS)],
        event=EVENTS[number * 5 % 11 % len(EVENTS)],
        byline=BYLINES[number * 5 % len(BYLINES)],
        section=SECTIONS[number * 3 % 5 % len(SECTIONS)],
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("catalogue") / "library") as library:
        articles = [made(n) for n in range(60)]
        library.add_many((s, [a for a in articles if a.source == s]) for s in SOURCES)
        yield library


def entry(article: Article) -> Entry:
    return Entry(
        *(article.id, article.title, article.dated, article.byline),
        *(article.source, article.section),
    )


def sifted(articles: Sequence[Article], wanted: Wanted) -> list[Entry]:
    """What is asked for, found the simple way."""

    def admits(a: Article) -> bool:
        file = a.source.replace("\\", "/").rpartition("/")[2]
        told = f"{a.title}\n{file}\n{a.byline}\n{a.section}".casefold()
        day = a.dated if len(a.dated) == 10 else ""
        since, until = wanted.since or date.min, wanted.until or date.max
        within = not (wanted.since or wanted.until) or (
            bool(day) and since.isoformat() <= day <= until.isoformat()
        )
        return (
            all(word.casefold() in told for word in wanted.words)
            and wanted.source in ("", a.source)
            and (not wanted.section or f"{a.section}/".startswith(f"{wanted.section}/"))
            and within
        )

    found = [entry(a) for a in articles if admits(a)]
    if wanted.order == "title":
        found.sort(key=lambda e: "".join(c.lower() if c.isascii() else c for c in e.title))
    full = [e for e in found if len(e.dated) == 10]
    rest = [e for e in found if len(e.dated) != 10]
    if wanted.order == "new":
        full.sort(key=lambda e: e.dated)
        found = full[::-1] + sorted(rest, key=lambda e: e.dated, reverse=True)
    elif wanted.order == "old":
        full.sort(key=lambda e: e.dated)
        found = full + sorted(rest, key=lambda e: (not e.dated, e.dated))
    return found


WANTED = st.builds(
    Wanted,
    words=st.lists(st.sampled_from(WORDS), max_size=2).map(tuple),
    source=st.sampled_from(("", *SOURCES)),
    section=st.sampled_from((*SECTIONS, "没有")),
    since=st.sampled_from((None, date(2023, 6, 1), date(2024, 2, 29))),
    until=st.sampled_from((None, date(2024, 2, 29))),
    order=st.sampled_from(("added", "new", "old", "title")),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(wanted=WANTED, limit=st.integers(1, 70), skipped=st.integers(0, 70))
def test_a_page_is_what_sifting_all_articles_gives(
    library: Library, wanted: Wanted, limit: int, skipped: int
) -> None:
    every = sifted(library.articles(), wanted)
    assert library.catalogue.count(wanted) == len(every)
    assert library.catalogue.page(wanted, limit, skipped) == every[skipped : skipped + limit]


def test_a_page_reads_no_texts(tmp_path: Path) -> None:
    """A damaged text is found when it is read, not when its title is listed."""
    with Library.open(tmp_path) as library:
        library.add_articles("a", [made(0), made(3)])
        first = library.articles(1)
        with closing(sqlite3.connect(tmp_path / "library.sqlite")) as db:
            db.execute("UPDATE articles SET text = 'something else'")
            db.commit()
        listed = library.catalogue.page(Wanted(), 1)
        assert listed == [entry(a) for a in first]
        with pytest.raises(LibraryDamaged):
            library.articles(1)


def test_files_sections_and_days(library: Library, tmp_path: Path) -> None:
    listed = library.catalogue
    assert listed.sources(2) == sorted(SOURCES)[:2]
    assert listed.sections(9) == ["文艺", "要闻", "要闻/本地"]
    assert len(listed.sections(1)) == 1
    assert listed.dates() == ("2022-03-04", "2024-05-01")
    own = [a for a in library.articles() if a.source == SOURCES[1]]
    assert listed.of(SOURCES[1]) == own
    assert listed.of("/nowhere") == []
    with Library.open(tmp_path / "yearless") as other:
        assert other.catalogue.dates() is None
        assert other.catalogue.page(Wanted(order="new"), 5, 5) == []
        dateless = replace(made(0), published=None, event=None)
        other.add_articles("a", [dateless])
        assert other.catalogue.dates() is None
        days = [PartialDate(11, 30), PartialDate(5, 2)]
        other.add_articles("b", [replace(dateless, id=str(d), event=d) for d in days])
        assert other.catalogue.dates() == ("05-02", "11-30")
