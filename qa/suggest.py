"""Example questions made from a library's own articles; each is one that the library answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.types import Article
from qa.entities import NAME
from qa.units import UnitKind, units

_LEAD = re.compile(
    "(?:提出|作出|采取|推出|出台)[^，,。：:]{0,8}?(?P<what>要求|措施|意见|建议|举措|任务|办法)"
)
_OFFICE_HOLDER = re.compile(
    rf"(?:书记|区长|县长|市长|镇长|局长|主任|主席|总经理|董事长|馆长|校长|院长)(?P<who>{NAME})(?=[在到主出说表强指要介,，、])"
)
_AMOUNT = re.compile(
    "(?P<what>总投资|投资总额|总经费|总面积|建筑面积|占地面积|总长度|全长|总产值|总产量|票价|补贴标准)"
    r"(?:约|达|达到|为|是|共|近)?\s?[0-9０-９]"
)
_LONGEST_TITLE = 30


def suggestions(articles: list[Article]) -> Iterator[str]:
    """Questions that articles seem to answer: what they list, how much they say of something and
    whom they name by turns, each from other articles first; who wrote them comes last."""
    makers = (_about_list, _about_amount, _about_person)
    starts = [len(articles) * i // len(makers) for i in range(len(makers))]
    ways = [
        filter(None, map(make, articles[at:] + articles[:at]))
        for make, at in zip(makers, starts, strict=True)
    ]
    while ways:
        for way in list(ways):
            if question := next(way, ""):
                yield question
            else:
                ways.remove(way)
    for article in articles:
        if question := _about_author(article):
            yield question


def _about_list(article: Article) -> str:
    """“《…》提出了哪些要求” for an article that enumerates."""
    if not article.language.startswith("zh") or len(article.title) > _LONGEST_TITLE:
        return ""
    for unit in units(article.text, article.byline_span):
        if unit.kind is UnitKind.ENUMERATION:
            match = _LEAD.search(article.text[unit.start : unit.lead_end])
            return f"《{article.title}》提出了哪些{match['what'] if match else '要求'}？"
    return ""


def _about_amount(article: Article) -> str:
    """“《…》里，总投资是多少” for an article that gives a number of what people like to know."""
    if not article.language.startswith("zh") or not 0 < len(article.title) <= _LONGEST_TITLE:
        return ""
    match = _AMOUNT.search(article.text)
    return f"《{article.title}》里，{match['what']}是多少？" if match else ""


def _about_person(article: Article) -> str:
    """“某某是什么职务” for a person whose office the article names."""
    match = _OFFICE_HOLDER.search(article.text)
    return f"{match['who']}是什么职务？" if match else ""


def _about_author(article: Article) -> str:
    """“《…》是谁写的” for an article with a byline."""
    longest = _LONGEST_TITLE * (3 if article.language == "en" else 1)  # letters are narrow
    if not article.byline or not 0 < len(article.title) <= longest:
        return ""
    if article.language == "en":
        return f"Who wrote “{article.title}”?"
    return f"《{article.title}》是哪位记者写的？"
