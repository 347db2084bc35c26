"""Filters: both searches look among what fits, and find as much there as they would alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import vectors
from index.encoder import FakeEncoder
from index.library import Library
from index.types import Article, Filters, Mode, Origin, PartialDate
from index.vectors import building

PERSONS = ("方晓岚", "柴立新", "林晓")
SECTIONS = ("要闻", "要闻/本地", "副刊")
SOURCES = ("/年/2016/a.txt", "/年/2016/b.txt", "/年/2017/a.txt", "/年2/a.txt")
DAY = date(2016, 1, 1)


def made(number: int) -> Article:
    byline = f"记者 {PERSONS[number % 3]} 通讯员 {PERSONS[(number // 3) % 3]}"
    return Article(
        id=f"m{number}",
        title=f"苗圃{number}号",
        text=f"苗圃{number}号温室第{number}次育苗，长势良好。\n{byline}",
        language="zh",
        source=SOURCES[number % 4],
        origin=Origin(1, 2),
        published=DAY + timedelta(days=number) if number % 5 else None,
        event=PartialDate(3, 1, 2015) if number % 10 == 0 else PartialDate(3, 1),
        byline=byline,
        section=SECTIONS[number % 7 % 3] if number % 7 < 6 else "",
    )


ARTICLES = [made(i) for i in range(120)]


def fits(article: Article, where: Filters) -> bool:
    """The rule, written down once more."""
    day = article.published or (
        date(article.event.year, article.event.month, article.event.day)
        if article.event and article.event.year
        else None
    )
    if (where.since or where.until) and day is None:
        return False
    return (
        (where.since is None or day >= where.since)
        and (where.until is None or day <= where.until)
        and (not where.persons or bool(set(where.persons) & set(article.byline.split())))
        and (
            not where.sections
            or any(f"{article.section}/".startswith(f"{s}/") for s in where.sections)
        )
        and (
            not where.sources
            or any(f"{article.source}/".startswith(f"{s.rstrip('/')}/") for s in where.sources)
        )
    )


DAYS = st.none() | st.integers(-400, 130).map(lambda n: DAY + timedelta(days=n))
FILTERS = st.builds(
    Filters,
    since=DAYS,
    until=DAYS,
    sources=st.lists(st.sampled_from([*SOURCES, "/年", "/年/2016/", "/无"]), max_size=2).map(tuple),
    sections=st.lists(st.sampled_from([*SECTIONS, "无"]), max_size=2).map(tuple),
    persons=st.lists(st.sampled_from([*PERSONS, "记者", "晓"]), max_size=2).map(tuple),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    patch = pytest.MonkeyPatch()
    patch.setattr(vectors, "EXACT_UP_TO", 50)  # so that part is in an inverted file
    patch.setattr(building, "EXACT_UP_TO", 50)
    patch.setattr(vectors, "UNSAVED", 30)
    home = tmp_path_factory.mktemp("filters")
    with Library.open(home, encoder=FakeEncoder(64)) as library:
        library.add_many((s, [a for a in ARTICLES[:100] if a.source == s]) for s in SOURCES)
        for article in ARTICLES[100:]:
            library.add_articles(f"more/{article.id}", [article])
        library.remove(["more/m119"])
        yield library
    patch.undo()


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(FILTERS)
def test_searches_find_just_what_fits(library: Library, where: Filters) -> None:
    expected = {a.id for a in library.articles() if fits(a, where)}
    for mode in ("keyword", "dense", "hybrid"):
        found = library.search("苗圃温室育苗", 200, mode, where)  # type: ignore[arg-type]
        if where:
            assert {hit.article.id for hit in found} <= expected
        if mode == "keyword":
            assert {hit.article.id for hit in found} == expected
        assert bool(found) == bool(expected)


@pytest.mark.parametrize("mode", ["keyword", "hybrid"])
def test_the_best_that_fits_comes_first(library: Library, mode: Mode) -> None:
    for number in (3, 44, 77, 104, 118):
        article = next(a for a in library.articles() if a.id == f"m{number}")
        where = Filters(persons=tuple(article.byline.split()[1::2]), sources=(article.source,))
        found = library.search(f"苗圃{number}号温室第{number}次育苗", 3, mode, where)
        assert found[0].article == article
    (only,) = library.search("苗圃", 9, "dense", Filters(sources=("more/m118",)))
    assert only.article.id == "m118"


def test_an_empty_filter_lets_all_through(library: Library) -> None:
    assert not Filters()
    plain = [h.article.id for h in library.search("苗圃7号温室", 20)]
    assert [h.article.id for h in library.search("苗圃7号温室", 20, where=Filters())] == plain


def test_a_filter_sees_changes(tmp_path: Path) -> None:
    where = Filters(persons=("林晓",))
    with Library.open(tmp_path, encoder=FakeEncoder(64)) as library:
        library.add_articles("a", [ARTICLES[2]])
        assert len(library.search("苗圃", where=where)) == 1
        library.add_articles("b", [made(5)])
        assert len(library.search("苗圃", where=where)) == 2
        library.remove(["a", "b"])
        assert library.search("苗圃", where=where) == []
