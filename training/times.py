"""Our own questions with a time put into them: that an answer's sentence does not say when is to count as
little against it as that it does not say of whom.

Who writes near misses likes to ask for another year or quarter. Of the questions of
``written.READ`` that name a quarter one in five is answered, of all more than half; so a reader that
learns from them as they are doubts whatever names a time.
"""

from __future__ import annotations

import random
import re

TIMED, EXACT = 0.3, 0.6
"""How many of the questions without a time are asked with one, and how many of these times get their
year, where the article names only one."""

_YEAR = re.compile(r"20\d\d年")
_TIME = re.compile(
    r"(?:20\d\d年|今年)?(?:第?[一二三四]季度|[上下]半年|前(?:[一二三四五六七八九十]|\d+)个?月"
    r"|1?\d月(?:[123]?\d日)?)|20\d\d年|今年"
)
_COMPARED = "较比与同去自从至到和、及截于"
_GOES_ON = re.compile(r"(?:全年)?(?:同期|以来|相比|至|底|末|起|前|后|[的度]?同比|[-—~～、和])")
_HAS_TIME = re.compile(
    r"[何啥几]时|时候|时间|日期|多[久长]|年|月|季度|几号|[哪几][一个]?[天日]|[当今昨][天日]"
)
_NAME = 12
"""Characters up to which what stands before 的 is taken for a name."""


def timed(question: str, text: str, end: int | None, chance: random.Random) -> str | None:
    """A question with a time of its article put in; None of most, and of one that has a time or asks
    for it.

    What the article's ``text`` answers, up to ``end``, is asked of the time that stands last before; what
    it does not, of any that it names.
    """
    if chance.random() > TIMED or _HAS_TIME.search(question):
        return None
    found = [m for m in _TIME.finditer(text) if _is_told(m, text)]
    if end is not None:
        found = [m for m in found if m.end() <= end][-1:]
    if not found:
        return None
    time = chance.choice(found)[0]
    years = set(_YEAR.findall(text))
    if len(years) == 1 and not _YEAR.match(time) and chance.random() < EXACT:
        time = years.pop() + time.removeprefix("今年")
    of = question.find("的")
    if 1 < of <= _NAME and chance.random() < 0.5:
        return question[:of] + time + question[of:]
    return time + chance.choice(("", "，")) + question


def _is_told(found: re.Match[str], text: str) -> bool:
    """Whether a time is what is told of, and not what that is compared with, or since when it is."""
    before = text[max(0, found.start() - 1) : found.start()]
    return (not before or before not in _COMPARED) and not _GOES_ON.match(text, found.end())
