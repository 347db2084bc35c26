"""Whether a piece of an article says anything to a question: it does not that only asks, that says
no more than the question does, or that speaks of another year.

>>> asks("柳林河治理的总投资是多少？")
True
"""

from __future__ import annotations

from index.patterns import lazy
from index.types import Article
from qa.question import Kind, Question
from qa.units import Unit, UnitKind

_ASKS = lazy(r"[?？][\s”’」』\"')）\]】]*$")
_WOULD_ASK = lazy(r"什么|谁|哪[一个些里位家种年天]|多少|怎么|如何|为何|是否|[吗呢]$")
_ENDS = lazy(r"[。.！!；;：:，,”」』…]\s*$")
_TITLE = 40  # characters up to which a line without an end may be a title that asks
_NO_NEWS = frozenset(
    "的了是在有和与及或等对把被由从到向于以为也都就这那它他她其之而并中上下里着过地得"
)
YEAR = lazy(
    r"(?<![\d.,])(?:19|20)\d{2}(?!\d|[.,]\d|\s?(?:[%％]|(?![年赛财至到前春届])[\u3400-\u9fff]))"
)
"""A year, and not as many yuan or metres."""
_YEARS = lazy(r"(?<!\d)((?:19|20)\d{2})年?\s*(?:[-—–~～至到]|—+)\s*((?:19|20)\d{2})(?!\d)")
_LAST_YEAR = lazy("去年|上年|上一年")
_BY_CONTEXT, _BY_DAY = 0.5, 0.25
"""How far a piece that names no year is of another one, by the last year that the article names
before it, and by the day when it appeared."""
_NEAR = 600  # characters before a piece in which a year counts for it
_ASKING_ALLOWED = (Kind.SPEECH, Kind.ARTICLES, Kind.AUTHOR)


def asks(text: str) -> bool:
    """Whether a piece asks: by its mark, or as a title without one."""
    if _ASKS.search(text):
        return True
    return len(text) <= _TITLE and not _ENDS.search(text) and bool(_WOULD_ASK.search(text))


def echo(question: Question, text: str, marked: bool) -> float:
    """1 where a piece only says the question over again, else 0. ``marked``: whether it holds what
    is of the kind that is asked for."""
    if question.kind in _ASKING_ALLOWED or "问" in question.about:  # 问了什么, but not 请问
        return 0.0
    if asks(text):
        return 1.0
    if marked:
        return 0.0
    news = {c for c in text if c.isalnum()} - set(question.text) - set(question.folded) - _NO_NEWS
    return float(not news)


def years(text: str) -> set[int]:
    """The years that a text names, those within a span of years too."""
    found = {int(m.group()) for m in YEAR.finditer(text)}
    for m in _YEARS.finditer(text):
        found.update(range(int(m[1]), int(m[2]) + 1))
    return found


def other_year(question: Question, article: Article, unit: Unit) -> float:
    """How far a piece is of another year than the one that is asked about, 0 to 1; 0 where the
    question names none."""
    asked = years(question.folded)
    if not asked or unit.kind is UnitKind.ENUMERATION:
        return 0.0
    text = article.text[unit.start : unit.end]
    if here := years(text):
        return float(not asked & here)
    appeared = article.published.year if article.published else 0
    if appeared and _LAST_YEAR.search(text):
        return float(appeared - 1 not in asked)
    before = [
        m.group() for m in YEAR.finditer(article.text, max(0, unit.start - _NEAR), unit.start)
    ]
    if before:
        return _BY_CONTEXT * (int(before[-1]) not in asked)
    if named := years(article.title):
        return _BY_CONTEXT * (not asked & named)
    return _BY_DAY * (appeared not in asked) if appeared else 0.0
