"""The days that a question is about: 2016年, 去年11月, 上周, 2023年以来, since 2023.

>>> period("2016年11月有哪些新闻", date(2026, 1, 1))
Period(since=datetime.date(2016, 11, 1), until=datetime.date(2016, 11, 30), month=None)
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.pages.dates import days, full_day
from index.patterns import lazy
from index.sentences import Span
from index.types import Article

_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_N = "[0-9]|[一二三四五六七八九十]"
_WHEN = lazy(
    r"(?:(?P<year>(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3})\s?年|(?P<relative>[今去前])年)?\s?"
    rf"(?:(?P<month>(?:{_N}){{1,2}})月份?(?!\s?[0-9一二三四五六七八九十]{{1,3}}[日号]))?"
    r"(?P<span>以来|以后|之后|起|至今|以前|之前)?"
)
_RELATIVE_YEAR = {"今": 0, "去": 1, "前": 2}
_NEAR = lazy(
    r"(?P<day>今[天日]|昨[天日]|前天)|(?P<week>[上本这]个?(?:周|星期|礼拜))|(?P<month>[上本这]个?月)"
    r"|[最过]?(?:近|去的?)(?P<n>[0-9一二两三四五六七八九十]{1,3})(?P<unit>天|日|周|个?星期|个?月|年)"
    r"|\b(?:(?P<eday>today|yesterday)|(?P<eweek>(?:last|this) week)|(?P<emonth>(?:last|this) month)|(?P<eyear>(?:last|this) year))\b"
)
_ENGLISH = lazy(r"\b(?:(?P<word>since|after|before|in|from|during) )?(?P<year>(?:19|20)\d\d)\b")
_LENGTH = {"天": 1, "日": 1, "周": 7, "星期": 7, "月": 30, "年": 365}


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``since`` to ``until``, both included; or a month of whatever year."""

    since: date | None = None
    until: date | None = None
    month: int | None = None

    def has(self, article: Article) -> bool:
        """Whether an article is of the period; one of no known day is not.

        Of a day without a year only the month is compared.
        """
        day = article.published or full_day(article.event)
        known = day or article.event
        if self.month is not None:
            return known is not None and known.month == self.month
        if day is None and known is not None and self._is_short:
            assert self.since is not None
            return known.month == self.since.month
        return (
            day is not None
            and (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
        )

    @property
    def _is_short(self) -> bool:
        """Whether the period lies within one month."""
        a, b = self.since, self.until
        return a is not None and b is not None and (a.year, a.month) == (b.year, b.month)


def period(question: str, today: date) -> Period | None:
    """The period that a folded question names, or None. ``today`` is what 去年 counts from."""
    found = _period(question, today)
    return None if found is None else found[0]


def period_span(question: str) -> Span | None:
    """Where a folded question names its period."""
    found = _period(question, date.min.replace(year=2000))
    return None if found is None else found[1]


def _period(question: str, today: date) -> tuple[Period, Span] | None:
    for (start, end), day in days(question):
        rest = re.match("以来|以后|之后|起|至今|以前|之前", question[end:])
        whole = full_day(day if day.year else replace(day, year=today.year))
        if rest and whole:
            return _open(Period(whole, whole), rest.group()), (start, end + rest.end())
        return None  # a single day is no period
    for match in _WHEN.finditer(question):
        if (match["year"] or match["relative"] or match["month"]) and (
            named := _calendar(match, today)
        ):
            return named, match.span()
    if near := _NEAR.search(question):
        return _near(near, today), near.span()
    if english := _ENGLISH.search(question):
        year = int(english["year"])
        whole_year = Period(date(year, 1, 1), date(year, 12, 31))
        word = {"since": "以来", "from": "以来", "after": "以后", "before": "以前"}.get(
            english["word"] or ""
        )
        return _open(whole_year, word) if word else whole_year, english.span()
    return None


def _calendar(match: re.Match[str], today: date) -> Period | None:
    month = _number(match["month"]) if match["month"] else 0
    if month > 12:
        return None
    if match["year"]:
        year = int(match["year"].translate(_DIGITS))
    elif match["relative"]:
        year = today.year - _RELATIVE_YEAR[match["relative"]]
    else:
        return Period(month=month) if month and not match["span"] else None
    if month:
        whole = Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    else:
        whole = Period(date(year, 1, 1), date(year, 12, 31))
    return _open(whole, match["span"]) if match["span"] else whole


def _open(whole: Period, word: str) -> Period:
    """A period made open at one end: 以来, 以前."""
    assert whole.since is not None
    assert whole.until is not None
    if word in ("以前", "之前"):
        return Period(until=whole.since - timedelta(1))
    if word in ("以后", "之后"):
        return Period(since=whole.until + timedelta(1))
    return Period(since=whole.since)


def _near(match: re.Match[str], today: date) -> Period:
    if match["n"]:
        unit = match["unit"].removeprefix("个")
        return Period(today - timedelta(_number(match["n"]) * _LENGTH[unit]), today)
    told = match.group()
    last = told.startswith(("上", "last"))
    if match["day"] or match["eday"]:
        back = 2 if told == "前天" else 1 if told[0] in "昨y" else 0
        return Period(today - timedelta(back), today - timedelta(back))
    if match["week"] or match["eweek"]:
        monday = today - timedelta(today.weekday() + 7 * last)
        return Period(monday, monday + timedelta(6))
    if match["eyear"]:
        return Period(date(today.year - last, 1, 1), date(today.year - last, 12, 31))
    first = today.replace(day=1)
    if last:
        first = (first - timedelta(1)).replace(day=1)
    return Period(first, first.replace(day=monthrange(first.year, first.month)[1]))


def _number(word: str) -> int:
    """``"11"``, ``"十一"``, ``"两"`` → a number; 0 for what is none (十十)."""
    tens, ten, ones = word.replace("两", "二").translate(_DIGITS).partition("十")
    if not ten:
        return int(tens)
    return int(tens or 1) * 10 + int(ones or 0) if (tens + ones + "0").isdigit() else 0
