"""A citation as people copy it: the quotation with its source, plain or by GB/T 7714-2015."""

from __future__ import annotations

from pathlib import PurePath

from index.patterns import lazy
from qa.types import Citation

_ROLES = lazy(
    "(?:本报|本刊|本台|本网|新华社|特约|实习|见习|首席|全媒体)*"
    "(?:记者|通讯员|编辑|作者|撰文|摄影|文字|图片|文图|供图|摄)[：:]?|文/图|文[／/]|图[／/]|^By\\s+|来源[：:]?"
)
_BETWEEN = lazy(r"[\s　、，,；;/／|]+")
_MOST = 3  # authors that GB/T 7714 names before 等


def authors(byline: str) -> list[str]:
    """Who wrote it: the names in a byline, or the body that issued it.

    >>> authors("本报记者 景静 通讯员 王伟 文/图")
    ['景静', '王伟']
    """
    if byline.isascii():
        names = byline.removeprefix("By ").replace(" and ", ",").split(",")
        return [n.strip() for n in names if n.strip()]
    return [name for name in _BETWEEN.split(_ROLES.sub(" ", byline)) if name]


def plain(citation: Citation) -> str:
    """The quotation, then title, who wrote it, when, in which file and on which lines."""
    chinese = any(c >= "\u2e80" for c in citation.title or citation.quote)
    place = _place(citation, chinese)
    facts = [citation.byline, citation.published, place]
    if chinese:
        said = "，".join(f for f in (f"《{citation.title}》", *facts) if f)
        return f"“{citation.quote}”（{said}）"
    said = ", ".join(f for f in (f"“{citation.title}”", *facts) if f)
    return f"“{citation.quote}” ({said})"


def gbt7714(citation: Citation) -> str:
    """The reference by GB/T 7714-2015, the quotation before it.

    The article is taken for one of a newspaper, ``[N]``; the file stands where the paper's name
    would, since that is what is known of where it appeared.
    """
    names = authors(citation.byline)
    chinese = any(c >= "\u2e80" for c in citation.title)
    more = ["等" if chinese else "et al"] if len(names) > _MOST else []
    by = ", ".join(names[:_MOST] + more)
    head = f"{by}. " if by else ""
    carrier = ", ".join(f for f in (file_of(citation), citation.published) if f)
    number = citation.page or citation.lines
    lines = f": {number}" if number else ""
    return f"“{citation.quote}”\n{head}{citation.title}[N]. {carrier}{lines}."


_CHINESE_UNITS = {"line": "行", "row": "行", "paragraph": "段", "slide": "张", "page": "页"}


def place(citation: Citation, chinese: bool) -> str:
    """Where in its file a quotation stands: page or lines, then the section.

    >>> place(Citation(1, "", "", "", "", "a.pdf", "", 0, 1, "好", page="3"), chinese=True)
    '第 3 页'
    """
    number, unit = citation.page or citation.lines, unit_of(citation)
    if not number:
        where = ""
    elif chinese:
        where = f"第 {number} {_CHINESE_UNITS[unit]}"
    else:
        where = f"{unit}{'s' if '-' in number else ''} {number}"
    return ("，" if chinese else ", ").join(part for part in (where, citation.section) if part)


def unit_of(citation: Citation) -> str:
    """What the numbers of its place count: line, row, paragraph, slide or page."""
    return "page" if citation.page and citation.unit != "slide" else citation.unit


def file_of(citation: Citation) -> str:
    """The name of the file that a quotation stands in; of an archive with the member's."""
    source = citation.source
    name = PurePath(source.replace("\\", "/")).name or source
    return f"{name}/{citation.member}" if citation.member else name


def _place(citation: Citation, chinese: bool) -> str:
    return f"{file_of(citation)} {place(citation, chinese)}".rstrip()
