"""Questions that name a provision: “河道管理条例第十二条怎么规定”, “第四条规定罚款多少”.

A law counts its own parts, so the part is looked up and not searched for. A question that names
another law than those found is not answered from these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.pages.provisions import NUMBER, PROVISION, number_of
from index.patterns import lazy
from index.sentences import Span
from index.tokens import fold
from index.types import Article
from qa.question import Question
from qa.scoring import Candidate
from qa.units import Unit, UnitKind

SURE = 0.9
"""Confidence in a provision that is asked for by its number."""
IS_NAMED = 0.6
"""Share of a question's other words that a law's title must hold to be the law that is meant."""
_ASKED = lazy(rf"第\s?({NUMBER})\s?条(之[一二三四五六七八九十])?(?![款项意建要措])")
_LAW = lazy(r"([\u4e00-\u9fff]{1,30}(?:法|法典|条例|办法|规定|细则|规则|章程))》?[的中里]?$")
# Words that only ask for what a provision says.
_SAYS = lazy(
    "请问|怎么|怎样|如何|什么|哪些|有何|规定|内容|条文|原文|全文|具体|是|的|了|吗|呢|讲|说|写|中|里|对|关于|在|第|条|[款项？?，。、《》“”\\s]"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A provision that a question names: ``article.text[start:end]``; ``itself`` says that what
    it says is asked, and not some one thing in it."""

    article: Article
    start: int
    end: int
    itself: bool


def named(question: Question, articles: Iterable[Article]) -> Named | None:
    """The provision that a question names, in the first article that has it and whose title fits."""
    asked = _ASKED.search(question.text)
    if asked is None:
        return None
    wanted = (number_of(asked[1]), asked[2] or "")
    rest = _words(question.text[: asked.start()] + question.text[asked.end() :])
    best: tuple[float, Named] | None = None
    for article in {a.id: a for a in articles}.values():
        span = _span(article, wanted)
        if span is None:
            continue
        fit = _share(_words(question.text[: asked.start()]), article.title)
        if fit < IS_NAMED and not _share(rest, article.text[slice(*span)]) >= IS_NAMED:
            continue
        if best is None or fit > best[0]:
            itself = not _pairs(rest) - _pairs(_words(article.title))
            best = fit, Named(article, *span, itself)
    return None if best is None else best[1]


def is_missing(question: Question, articles: Sequence[Article]) -> bool:
    """Whether a question asks what a provision rules that no law found has, and no text cites: of
    a number that is not there, or of a law that is not."""
    asked = _ASKED.search(question.text)
    if asked is None or "规定" not in question.text[asked.end() : asked.end() + 6]:
        return False
    law = _LAW.search(question.text[: asked.start()])
    if law is not None and not any(law[1] in a.title or law[1] in a.text for a in articles):
        return True
    mark = "".join(asked.group().split())
    laws = any(PROVISION.fullmatch(h.text) for a in articles for h in a.headings)
    return laws and not any(mark in a.text for a in articles)


def whole(found: Named) -> Candidate:
    """All of a provision as the piece that answers, each of its paragraphs on a line."""
    text = found.article.text
    lines = [found.start]
    lines += [at + 1 for at in range(found.start, found.end) if text[at] == "\n"]
    return Candidate(
        found.article,
        Unit(UnitKind.ENUMERATION, found.start, found.end),
        score=1.0,
        here=1.0,
        around=1.0,
        items=frozenset(lines),
    )


def inside(found: Named, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The pieces within a provision, in the order given; else the provision itself."""
    kept = [
        replace(c, around=max(c.around, SURE))
        for c in candidates
        if c.article.id == found.article.id
        and found.start <= c.unit.start
        and c.unit.end <= found.end
    ]
    return kept or [whole(found)]


def _span(article: Article, wanted: tuple[int, str]) -> Span | None:
    """Where a provision stands, from its mark to the next heading."""
    for at, heading in enumerate(article.headings):
        mark = PROVISION.fullmatch(heading.text)
        if mark is None or (number_of(mark[1]), _also(mark[1])) != wanted:
            continue
        following = article.headings[at + 1 : at + 2]
        end = following[0].start if following else len(article.text)
        return heading.start, heading.start + len(article.text[heading.start : end].rstrip())
    return None


def _also(mark: str) -> str:
    """“之一” of “第二十条之一”."""
    return mark[mark.index("条") + 1 :]


def _words(text: str) -> str:
    return _SAYS.sub("", fold(text))


def _share(words: str, text: str) -> float:
    """How many pairs of characters of ``words`` a text holds; 1 where there are none."""
    pairs = _pairs(words)
    return len(pairs & _pairs(_words(text))) / len(pairs) if pairs else 1.0


def _pairs(words: str) -> set[str]:
    return {words[i : i + 2] for i in range(len(words) - 1)}
