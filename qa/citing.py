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
    carrier = ", ".join(f for f in (_file(citation.source), citation.published) if f)
    lines = f": {citation.lines}" if citation.lines else ""
    return f"“{citation.quote}”\n{head}{citation.title}[N]. {carrier}{lines}."


def _file(source: str) -> str:
    return PurePath(source.replace("\\", "/")).name or source


def _place(citation: Citation, chinese: bool) -> str:
    name = _file(citation.source)
    if not citation.lines:
        return name
    if chinese:
        return f"{name} 第 {citation.lines} 行"
    return f"{name} line{'s' if '-' in citation.lines else ''} {citation.lines}"
