"""Which characters of a piece are of the kind that is asked for: the person, the day, the number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from index.patterns import lazy
from index.sentences import Span
from index.tokens import Segmenter, fold
from qa import entities
from qa.counting import LOCATED, TELEPHONE
from qa.matching import FoldedText, QuestionTerm, match
from qa.question import Kind, Question

_DEFINES = lazy(
    "是指|指的是|即(?!将|使|便|可|日)|就是|也就是|包括|所谓|简称|分别是|分别为|象征|代表(?=着|了|的是)|表示(?=[着在]|的是)|意[为即指译]|意思是"
    "|的意思|缩写|寓意|[”」』》〉’]指(?![出导挥示标定数控责令派])"
)
_HOW_MANY = lazy(r"\bhow many ((?:[a-z'-]+ ){1,3})")
_VAGUE = ("目前", "近日", "日前", "每天", "每日")  # no answer to when
_AND = lazy("[、，,和与與及]|\\band\\b")
_LISTED = 12  # characters between two names of a list, an office among them
_BESIDE = 10  # characters on either side of a number that say what it counts
_WITHIN = lazy(
    "[在到](?P<at>[^,，。;；:：\\s]{1,12}?(?:里|[以之]?内|(?<![其当])(?<!过程)(?<!工作)(?<!生活)(?<!活动)中|(?<![会础程])上|下[面方]|旁|[左右上前后外][边面]|处|侧))"
    "(?!的?(?:时候|过程|基础|情况|背景))"
)
_AT = lazy("在[^,，。;；、]{0,4}$")
_TAKES_OFFICE = lazy(
    "(?:(?:任|(?<![认認以因])[为為])[过過]?|当选|當選|[升調调]任|[授拜封][为為]?)(?:[^,，。;；]{0,2}|[^,，。;；]*、)$"
)
# Whatever follows is an office: 任九江推官、西华知县.
_OFFICE_TAKEN = lazy(
    "(?:[担出历升调就]任|(?<![责主信委后前现常担出历升调就连新原])任(?![务由凭意性教课期职用免命何])|(?<![教传讲函])授予?(?![权课奖牌信]))(?:为|了|过)?(?P<office>[^,，。;；:：的了何什]{2,24}?)(?:一职|职务)?(?=[,，。;；(（]|$)"
)
_LATIN = lazy(r"(?<![A-Za-z])[A-Z][A-Za-z]{2,}(?![A-Za-z\d])")
_NAME_WANTED = lazy(r"叫什么|姓名|名字|哪位|哪几位|\bname\b")


def highlights(
    question: Question, text: str, terms: Sequence[QuestionTerm], segmenter: Segmenter
) -> list[Span]:
    """Spans of ``text`` that could be what is asked for; what the question itself names is not it."""
    spans = _of_kind(question, text, terms, segmenter)
    folded = fold(text)
    return [(a, b) for a, b in spans if folded[a:b] not in question.folded]


def unnamed_people(question: Question, text: str, segmenter: Segmenter) -> bool:
    """Whether bodies or unnamed people (国土等部门) could answer “who” in the place of a name."""
    if question.kind is not Kind.PERSON or _NAME_WANTED.search(question.folded):
        return False
    return bool(entities.groups(text, segmenter))


def _of_kind(
    question: Question, text: str, terms: Sequence[QuestionTerm], segmenter: Segmenter
) -> list[Span]:
    match question.kind:
        case Kind.PERSON:
            return entities.persons(text, segmenter)
        case Kind.DATE:
            days = [s for s in entities.dates(text) if text[s[0] : s[1]] not in _VAGUE]
            return [s for s in days if _counts(question, text, s)]
        case Kind.NUMBER:
            return _numbers(question, text, terms, segmenter)
        case Kind.MONEY:
            return entities.money(text)
        case Kind.PLACE:
            found = entities.places(text, segmenter)
            return found if question.unit != LOCATED else _located(text, found, terms)
        case Kind.REASON:
            return entities.reasons(text)
        case Kind.DEFINITION:
            return [m.span() for m in _DEFINES.finditer(text)]
        case Kind.GROUP:
            found = [s for s in entities.groups(text, segmenter) if _counts(question, text, s)]
            # A firm often goes by a name in letters alone: 是Google的品牌.
            return found or [m.span() for m in _LATIN.finditer(text)]
        case Kind.OFFICE:
            return _offices(question, text, terms, segmenter)
        case _:
            return []


def _located(text: str, places: Sequence[Span], terms: Sequence[QuestionTerm]) -> list[Span]:
    """The places at which a thing is said to be (位于…, 在…, 地址：…), and not the thing itself."""
    asked = [t.word for t in terms if t.asked]
    folded = fold(text)
    found = [s for s in places if re.search(LOCATED, folded[max(0, s[0] - 8) : s[0]])]
    # Not only on the map: 保存在桌面上.
    found = found or [m.span("at") for m in _WITHIN.finditer(folded)]
    at = [m.start() for t in terms for m in re.finditer(re.escape(t.word), folded)]
    return [
        (a, b)
        for a, b in found
        if not any(w in folded[a:b] for w in (*asked, "范围"))
        and not entities.SCOPE.match(folded, a, b)
        and not _somebody_is_at(folded, a, b, at)
    ]


def _somebody_is_at(folded: str, start: int, end: int, thing: Sequence[int]) -> bool:
    """Whether a place is where somebody deals with the thing, which is named behind it: 在会议室
    听取项目汇报, and not 在城南的项目. ``thing`` are the places of the question's words."""
    before = folded[max(0, start - 5) : start].rstrip()
    if not _AT.search(before) or folded[end : end + 1] == "的":
        return False
    return bool(thing) and min(thing) >= end


def _numbers(
    question: Question, text: str, terms: Sequence[QuestionTerm], segmenter: Segmenter
) -> list[Span]:
    if question.unit == TELEPHONE:  # several figures are one number: 8555-0136
        return [m.span() for m in re.finditer(TELEPHONE, fold(text))]
    counted = [s for s in entities.numbers(text) if _counts(question, text, s)]
    if not question.unit:  # an ordinal tells no amount
        counted = [s for s in counted if text[s[0]] != "第"]
    things = _HOW_MANY.search(question.folded)
    if things:  # how many projects: a number that stands by a word for projects
        counted_things = [t for t in terms if t.word in things.group(1)]
        return [s for s in counted if _stands_by(s, text, counted_things)]
    if counted or "人" not in question.unit:
        return counted
    named = entities.persons(text, segmenter)  # people who are named one by one can be counted
    listed = [_AND.search(text[a[1] : b[0]]) for a, b in pairwise(named) if b[0] - a[1] <= _LISTED]
    return named if any(listed) else []


def _stands_by(span: Span, text: str, terms: Sequence[QuestionTerm]) -> bool:
    """Whether a number stands beside a word of the question (or one cannot tell)."""
    around = FoldedText(text[max(0, span[0] - _BESIDE) : span[1] + _BESIDE])
    return not terms or any(match(term, around) > 0.5 for term in terms)


def _counts(question: Question, text: str, span: Span) -> bool:
    """Whether a number counts what the question counts (几个人: 三人, 12名)."""
    if not question.unit:
        return True
    after = 0 if question.kind is Kind.GROUP else 4
    if re.search(question.unit, fold(text[span[0] : span[1] + after])):
        return True
    return question.unit.startswith("人") and "人口" in text[max(0, span[0] - 4) : span[0]]


def _offices(
    question: Question, text: str, terms: Sequence[QuestionTerm], segmenter: Segmenter
) -> list[Span]:
    """Offices in a text of the persons whom the question names, by their name or by its sound."""
    names = {question.text[a:b] for a, b in entities.persons(question.text, segmenter)}
    names |= {t.word for t in terms if t.person}
    spoken = [t for t in terms if t.sounds]
    if spoken:
        here = (text[a:b] for a, b in entities.persons(text, segmenter))
        names |= {n for n in here if any(match(t, FoldedText(n)) > 0.8 for t in spoken)}
    taken = [m.span("office") for m in _OFFICE_TAKEN.finditer(text)]
    if not names:
        return entities.offices(text) or taken
    held = {s for name in names for s in entities.offices(text, name)}
    if held or any(text[a:b] not in names for a, b in entities.persons(text, segmenter)):
        return sorted(held)
    # A life is told without its name in every sentence: 1992年4月，任区委副书记。
    return [s for s in entities.offices(text) if _TAKES_OFFICE.search(text[: s[0]])] or taken
