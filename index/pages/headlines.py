"""How well a text reads as a headline: scores in nats, from its words and those around it.

What is asked: is it as long as a headline, does it begin and end like one, does the text below
take up its words? A headline says what the article is about; a line torn out of a paragraph
does not.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from index.pages.cues import (
    HAN,
    addresses,
    dangles,
    ending,
    lead,
    starts_midway,
    unclosed,
)

NEVER = -9.0
"""The score of what cannot be a headline."""

_FULL_STOP = re.compile(r"(?:[。．]|(?<!\.)\.)[”’」）)]?$")
_SENTENCE_INSIDE = re.compile(r"[。；;](?=.)|[.?!] [A-Z]")
_TWO_PARTS = re.compile(rf"(?<=[{HAN}”》])[ \u3000]+(?=[{HAN}“《])")


# What a headline tells by its first word or its verb: what happened (a title), what it is good
# for (a kicker above it), what it comes to (a subtitle below).
_EVENT = re.compile(
    r"召开|举行|举办|开展|调研|督导|督察|督查|会见|视察|莅临|部署|启动|开工|开通|揭牌|通过|发布|公布|印发|出台|落幕|闭幕|开幕|"
    r"开赛|开业|开馆|荣?获|当选|走访|慰问|检查|考察|座谈|签约|竣工|投用|上线|恢复|新增|通车|查处|破获|主持|出席|签署|成立"
)
_PURPOSE = re.compile(
    r"提高|发展|强化|抓[实好紧]|打[好造]|把好|筑牢|凝[心聚]|聚[焦力]|坚[持定]|推[动进]|深化|加快|守[护住好]|压实|奋力|全力|着力|扎实|"
    r"切实|立足|践行|弘扬|传承|践诺|优化|落实|落细|树牢|绘就|谱写|以.{1,12}(?:为|促|推|带|赋)|让|用好|做[好实优强]|提升|提振"
)
_DETAIL = re.compile(
    r"(?:预计|总投资|总额|惠及|覆盖|涉及|有望|可|将|共|其中|最[高低快]|同比|力争|计划|首批|为期|历时|拟|明年|年底).*\d"
)


def telling(text: str) -> Literal["event", "purpose", "detail", ""]:
    """What a headline tells: an event, a purpose, a detail, or none of these plainly."""
    if _DETAIL.match(text):
        return "detail"
    if _PURPOSE.match(text):
        return "purpose"
    return "event" if _EVENT.search(text) else ""


@lru_cache(maxsize=4096)
def shape(text: str) -> float:
    """How much ``text`` has a headline's length, beginning and end; ``NEVER`` if not at all."""
    how = ending(text)
    if how in {"comma", "semicolon", "open", "hyphen"} or starts_midway(text):
        return NEVER
    score = 0.5 - brevity(text) - 0.12 * max(0.0, size(text) - 32)
    if how == "final":
        if _FULL_STOP.search(text):
            return NEVER
        score -= 1.5
    elif how == "colon":
        score -= 3.5
    score -= 0.7 * (text.count("，") + text.count(","))
    score += 0.8 if _TWO_PARTS.search(text) else 0.0
    score -= {"wire": 2.5, "day": 2.5, "recent": 1.0, "": 0.0}[lead(text)]
    score -= 3.5 if _SENTENCE_INSIDE.search(text) else 0.0
    score -= 3.0 if "\t" in text or text.count("|") > 1 or text.startswith("附件") else 0.0
    score -= 3.0 if addresses(text) else 0.0
    score -= 2.0 if dangles(text) else 0.0
    return score - (2.0 if unclosed(text) else 0.0)


def brevity(text: str) -> float:
    """What it costs a title to be short: most have 14 characters or more."""
    return 0.25 * max(0.0, 14 - size(text))


def size(text: str) -> float:
    """Length in Chinese characters: a Latin letter is half a one."""
    return len(text) - len(text.encode("ascii", "ignore")) / 2


_WORDS = re.compile(rf"[{HAN}]+|[A-Za-z]{{3,}}|\d{{2,}}|[\u3041-\u30ff]+|[\uac00-\ud7a3]+")
_SMALL = frozenset({"the", "and", "for", "with", "that", "this", "from", "was", "are", "has"})


def pairs(text: str) -> set[str]:
    """Pairs of neighbouring Chinese characters, and the words of other scripts.

    >>> sorted(pairs("二七区GDP"))
    ['gdp', '七区', '二七']
    """
    found: set[str] = set()
    for word in _WORDS.findall(text):
        if word.isascii():
            found.add(word.lower())
        else:
            found.update(map(str.__add__, word, word[1:]))
    return found - _SMALL


def shared(of: set[str], by: set[str]) -> float:
    """The share of the pairs ``of`` that ``by`` has too; 0 when there are none."""
    return len(of & by) / len(of) if of else 0.0


def topic_change(above: set[str], below: set[str]) -> float:
    """How much two stretches of text speak of different things, from their pairs.

    The same words go on through an article. Measured on news: one half of an article shares
    17 % of its pairs with the other half, and 2 to 10 % with the next article.
    """
    if len(above) < 40 or len(below) < 40:
        return 0.0
    return max(-1.5, min(1.0, 15 * (0.1 - shared(below, above))))
