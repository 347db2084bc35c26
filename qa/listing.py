"""Questions that ask for articles (“11月14日有哪些新闻”): those that fit, each with its evidence.

An article fits when it is about the day, written by or about the person, and about the thing that
the question names. The evidence is the byline, or the sentence that names day, person and thing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.library import Library
from index.pages.dates import days, full_day
from index.patterns import lazy
from index.sentences import Span
from index.tokens import fold
from index.types import Article, Filters, Hit, PartialDate
from qa.entities import dates
from qa.matching import FoldedText, QuestionTerm, coverage, match, question_terms
from qa.names import people_in
from qa.periods import Period, period, period_span
from qa.question import Question
from qa.scoring import Candidate
from qa.units import Unit, UnitKind, units

MOST = 12
"""Articles that are listed at most."""
POOL = 200
"""Passages whose articles are looked through, where a library is too large to look through whole."""
SMALL = 2_000
"""Articles up to which a library is looked through whole."""
DATELINE = 160
"""Characters at the beginning of an article in which it says of which day it tells."""
ABOUT = 0.6
"""How much of the thing asked about the article, and its evidence, must hold."""

_WRITTEN = lazy(r"写|采|撰|发表|刊登|供稿|记者|通讯员|作者|\b(?:wrote|written|by|reported)\b")
# Words that only say that articles are asked for.
_FRAME = frozenset(
    """
    新闻 报道 文章 消息 稿件 稿子 稿 报导 篇 条 则 写 采写 撰写 发表 刊登 供稿 记者 通讯员 作者 列出 列举 找出 罗列
    活动 参加 出席 参与 会议 场 提到 提及 涉及 谈到 关于 有关 发生 最近 最新 近期 日 月 年 天 号
    article news story report write wrote written publish mention about list activity event attend
    latest recent articles stories reports
    """.split()
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the articles must be about."""

    day: PartialDate | None
    period: Period | None
    people: tuple[str, ...]
    by_byline: bool
    terms: tuple[QuestionTerm, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Pieces that show why articles fit, one each, the latest first; and whether more may fit."""

    pieces: tuple[Candidate, ...]
    more: bool


def articles(
    question: Question,
    hits: Sequence[Hit],
    library: Library,
    where: Filters | None = None,
    told: Collection[str] = (),
) -> Listing:
    """The articles that a question asks for.

    ``hits`` are what the search found for the question; ``where`` is what it was among; ``told``
    are ids of articles that were already listed.
    """
    pool = [a for a in _pool(question, hits, library, where) if a.id not in told]
    wanted = _wanted(question, library, pool)
    pieces: list[Candidate] = []
    # Whether an article fits is soon said; only of those that are shown is the evidence looked for.
    for article in by_day([a for a in pool if _fits(a, wanted)])[::-1]:
        if len(pieces) == MOST:
            return Listing(tuple(pieces), more=True)
        if (piece := _evidence(article, wanted)) is not None:
            pieces.append(piece)
    return Listing(tuple(pieces), more=False)


def by_day(found: Sequence[Article]) -> list[Article]:
    """Articles from the earliest to the latest, those of no known day first.

    A day without a year is taken for one of the latest year among the others: a guess that only
    their order shows.
    """
    known = [day.year for a in found if (day := day_of(a)) is not None and day.year]
    latest = max(known, default=0)

    def key(article: Article) -> tuple[int, int, int]:
        day = day_of(article)
        return (0, 0, 0) if day is None else (day.year or latest, day.month, day.day)

    return sorted(found, key=key)


def day_of(article: Article) -> PartialDate | None:
    """The day that an article was published, else that of what it tells."""
    day = article.published
    return article.event if day is None else PartialDate(day.month, day.day, day.year)


def _pool(
    question: Question, hits: Sequence[Hit], library: Library, where: Filters | None
) -> list[Article]:
    if len(library) <= SMALL:
        every = library.articles()
        return [a for a in every if _inside(a, where)]
    more = library.search(question.text, k=POOL, mode="keyword", where=_narrowed(question, where))
    return list({h.article.id: h.article for h in (*hits, *more)}.values())


def _narrowed(question: Question, where: Filters | None) -> Filters | None:
    """What a large library is searched among: the days of the question too."""
    named = next(iter(days(question.folded)), None)
    day = full_day(named[1]) if named else None
    asked = period(question.folded, date.today()) or Period(day, day)
    given = where or Filters()
    since = max(filter(None, (given.since, asked.since)), default=None)
    until = min(filter(None, (given.until, asked.until)), default=None)
    return replace(given, since=since, until=until) or None


def _inside(article: Article, where: Filters | None) -> bool:
    """Whether an article lies within the days that the search is among."""
    if where is None or (where.since is None and where.until is None):
        return True
    day = article.published or full_day(article.event)
    return (
        day is not None
        and (where.since is None or where.since <= day)
        and (where.until is None or day <= where.until)
    )


def _wanted(question: Question, library: Library, pool: Iterable[Article]) -> _Wanted:
    named = list(days(question.folded))
    day = named[0][1] if named else None
    covered = [span for span, _ in named] + dates(question.folded)
    covered += [span for span in [period_span(question.folded)] if span is not None]
    texts = [f"{a.byline}\n{a.text[:2000]}" for a in pool]
    spans = people_in(question.about, library.segmenter, texts)
    people = tuple(question.folded[a:b] for a, b in spans)
    terms = tuple(
        t
        for t in question_terms(question, library, texts[:20])
        if t.word not in _FRAME
        and t.word not in people
        and not t.person
        and not any(_overlaps(question.folded, t.word, span) for span in covered)
        and not t.word.isdigit()
    )
    when = period(question.folded, date.today())
    day = None if when is not None else day
    return _Wanted(
        day, when, people, bool(people) and bool(_WRITTEN.search(question.folded)), terms
    )


def _overlaps(text: str, word: str, span: Span) -> bool:
    at = text.find(word)
    return 0 <= at < span[1] and span[0] < at + len(word)


def _fits(article: Article, wanted: _Wanted) -> bool:
    """Whether an article is of the days, has the people, and is about the thing."""
    if wanted.day is not None and not _of_day(article, wanted.day):
        return False
    if wanted.period is not None and not wanted.period.has(article):
        return False
    if wanted.by_byline and not all(name in fold(article.byline) for name in wanted.people):
        return False
    if not wanted.people and not wanted.terms:
        return True
    whole = FoldedText(f"{article.title} {article.byline}\n{article.text}")
    return all(name in whole.folded for name in wanted.people) and _covers(whole, wanted)


def _evidence(article: Article, wanted: _Wanted) -> Candidate | None:
    """The piece of an article that fits which shows it; None when no one piece does."""
    if wanted.by_byline and article.byline_span is not None:
        return _piece(article, article.byline_span)
    sentences = [u for u in units(article.text, article.byline_span) if u.kind is UnitKind.SENTENCE]
    best = max(sentences, key=lambda unit: _holds(article, unit, wanted), default=None)
    if best is None:
        return None
    head = f"{article.kicker} {article.title}"
    near = FoldedText(f"{head}\n{article.text[best.start : best.end]}")
    return _piece(article, (best.start, best.end)) if _covers(near, wanted) else None


def _covers(text: FoldedText, wanted: _Wanted) -> bool:
    if not wanted.terms:
        return True
    return coverage(wanted.terms, [match(t, text) for t in wanted.terms]) >= ABOUT


def _holds(article: Article, unit: Unit, wanted: _Wanted) -> float:
    """How much of what is wanted a sentence shows; of equal ones the first is taken."""
    text = article.text[unit.start : unit.end]
    folded = FoldedText(text)
    score = 2.0 * sum(name in folded.folded for name in wanted.people)
    if wanted.day is not None:
        score += 2.0 * any(_same(day, wanted.day) for _, day in days(text))
    if wanted.terms:
        score += 2.0 * coverage(wanted.terms, [match(t, folded) for t in wanted.terms])
    return score


def _of_day(article: Article, day: PartialDate) -> bool:
    """Whether an article is of a day: published then, or telling of it from the beginning."""
    published = article.published
    if published is not None and _same(
        PartialDate(published.month, published.day, published.year), day
    ):
        return True
    if article.event is not None and _same(article.event, day):
        return True
    return any(_same(found, day) for _, found in days(article.text[:DATELINE]))


def _same(found: PartialDate, day: PartialDate) -> bool:
    if (found.month, found.day) != (day.month, day.day):
        return False
    return day.year is None or found.year is None or found.year == day.year


def _piece(article: Article, span: Span) -> Candidate:
    return Candidate(article, Unit(UnitKind.SENTENCE, *span), score=1.0, here=1.0, around=1.0)
