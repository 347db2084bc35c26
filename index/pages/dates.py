"""Days named in a text: Chinese, Japanese, ISO and English ways of writing them.

>>> [str(day) for _, day in days("2016年11月14日下午，二十一日前完成，12月1日复查")]
['2016-11-14', '12-01']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from index.types import PartialDate

_DIGITS = str.maketrans("０１２３４５６７８９〇○零一二三四五六七八九", "0123456789000123456789")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_N = r"[0-9０-９]"
_CN = r"[〇○零一二三四五六七八九十]"
_DAY = re.compile(
    rf"(?:(?P<y1>{_N}{{4}})\s?年\s?)?(?P<m1>{_N}{{1,2}})\s?月\s?(?P<d1>{_N}{{1,2}})\s?[日号號]"
    rf"|(?:(?P<y2>{_CN}{{4}})\s?年\s?)?(?P<m2>{_CN}{{1,3}})\s?月\s?(?P<d2>{_CN}{{1,3}})\s?[日号號]"
    r"|(?<![\d.])(?P<y3>(?:19|20)\d\d)(?P<s>[-/.])(?P<m3>\d{1,2})(?P=s)(?P<d3>\d{1,2})(?![\d.]?\d)"
    rf"|\b{_MONTH.format('m4')} (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,? (?P<y4>(?:19|20)\d\d)\b)?"
    rf"|\b(?P<d5>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH.format('m5')}(?: (?P<y5>(?:19|20)\d\d)\b)?(?!\w)"
)
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days(text: str) -> Iterator[tuple[tuple[int, int], PartialDate]]:
    """Every day that ``text`` names with its month: its span and the day, in order.

    The year is kept where it stands beside the day. Days that no calendar has are left out.
    """
    for match in _DAY.finditer(text):
        day = _day(match)
        if day is not None:
            yield match.span(), day


def full_day(day: PartialDate | None) -> date | None:
    """``day`` as a date, or None when its year is not known (or has no such day)."""
    if day is None or day.year is None:
        return None
    try:
        return date(day.year, day.month, day.day)
    except ValueError:
        return None


def first_date(text: str) -> date | None:
    """The first day with its year in ``text``."""
    return next((full for _, day in days(text) if (full := full_day(day))), None)


def _day(match: re.Match[str]) -> PartialDate | None:
    groups = {name[0]: value for name, value in match.groupdict().items() if value}
    month, day = _number(groups["m"]), _number(groups["d"])
    year = _number(groups["y"]) if "y" in groups else None
    if not (1 <= month <= 12 and 1 <= day <= _DAYS_IN_MONTH[month - 1]):
        return None
    if year is not None and not 1 <= year <= 9999:
        return None
    return PartialDate(month, day, year)


def _number(word: str) -> int:
    """``"11"``, ``"１１"``, ``"十一"``, ``"二〇一六"``, ``"Nov"`` → a number; 0 if none."""
    if word[0].isascii() and word[0].isalpha():
        return _MONTHS.index(word[:3].lower()) + 1
    if "十" in word:
        tens, _, ones = word.partition("十")
        return _number(tens or "一") * 10 + (_number(ones) if ones else 0)
    digits = word.translate(_DIGITS)
    return int(digits) if digits.isdigit() else 0
