"""An article → the pieces that can answer: sentences, clauses, whole enumerations and their items.

>>> text = "区长提出要求：一是快。要抢时间。二是好。"
>>> [(u.kind, text[u.start:u.end]) for u in units(text) if u.kind is UnitKind.ENUMERATION]
[(<UnitKind.ENUMERATION: 'enumeration'>, '区长提出要求：一是快。要抢时间。二是好。')]
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.patterns import lazy
from index.sentences import Span, clause_spans, sentence_spans

_ZH = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
# Styles of counting. Each must start its clause; group 1 is the ordinal. Before each, what a text
# that counts so must have: its first ordinal as it is written there.
_AT = r"(?:(?<=[。；;：:，,！？!?\n])|(?<=[。；;：:，,！？!?\n][ 　“])|^)"
_STYLES = tuple(
    (first, lazy(_AT + pattern, re.MULTILINE))
    for first, pattern in (
        ("一是", rf"([{_ZH}])是"),
        ("一要", rf"([{_ZH}])要"),
        ("第一", rf"第([{_ZH}])[，,、是:：]"),
        ("一、", rf"([{_ZH}])、"),
        ("一", rf"[（(]([{_ZH}])[)）]"),
        ("一", rf"([{_ZH}])(?:抓|个|类|方面|则|靠|看|强化|加强|做好|提高)"),
        ("1", r"(\d{1,2})[、.．](?!\d)"),
        ("1", r"[（(](\d{1,2})[)）]"),
        ("①", rf"([{_CIRCLED}])"),
    )
)
_WORDED = lazy(
    _AT + r"(首先|其次|再次|再者|此外|最后)[，,]"
    r"(?![^，,。]{2,6}(?:强调|指出|要求|表示|介绍|宣布|说))"
)
_ENGLISH = lazy(
    r"(?:(?<=[.;:]\s)|(?<=[,;:]\s)(?:and\s)?|^)(first|second|third|fourth|fifth|sixth)(?:ly)?[,:]?\s",
    re.IGNORECASE | re.MULTILINE,
)
_ENGLISH_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_BULLET = lazy(r"^[-*•·●▪■◆]\s*", re.MULTILINE)
_LEAD_END = lazy(
    r"[：:]\s*$|(?:如下|以下|要求|强调|指出|提出|表示|部署|安排|意见|措施|做到)[^。]{0,12}[。：:,，]\s*$"
)
_ANNOUNCED = lazy(
    "[^；;]{1,60}?(?:[几两二三四五六七八九十][个件项点条类种步方]|如下|以下|包括|分别|要求|措施|内容|做到)[^；;，,。：:]{0,8}[：:]"
)
_DATELINE = lazy("本[报网刊台]讯|[\u4e00-\u9fff]{2,8}讯")
_STOPS = "。！？!?；;…．.”」）)"
_NEW_SPEAKER = lazy(
    r"^(?:会议|最后|随后|[\u4e00-\u9fff]{2,4}(?:还|最后)?(?:表示|强调|指出|要求|说))"
)
_SAYS = lazy(
    r"(?:说|表示|指出|强调|要求|提出|认为|介绍|透露|希望|建议|回应|称)[^，,：:。]{0,6}[，,：:]|[：:][“「]"
)
_NEXT = -1  # the ordinal of a word that only goes on counting (最后)
_FARTHEST = 900  # characters between two items of one enumeration
_LONG_SENTENCE = 60  # characters from which a sentence's clauses may answer alone
_HEADING = 24  # characters up to which the first sentence of an item is its heading


class UnitKind(StrEnum):
    """What a piece of an article is."""

    SENTENCE = "sentence"
    CLAUSE = "clause"
    ITEM = "item"
    ENUMERATION = "enumeration"


@dataclass(frozen=True, slots=True)
class Unit:
    """``text[start:end]``; for an enumeration ``lead_end`` is where its first item begins."""

    kind: UnitKind
    start: int
    end: int
    lead_end: int = 0


def units(text: str, byline: Span | None = None) -> list[Unit]:
    """All pieces of an article's text that can answer, the byline left out of them."""
    sentences = [s for s in sentence_spans(text) for s in _without(text, s, byline)]
    found: list[Unit] = []
    headings: set[int] = set()
    items: set[int] = set()
    for enumeration in _enumerations(text, sentences):
        found.append(enumeration[0])
        for item in enumeration[1:]:
            found.append(item)
            items.add(item.start)
            first, end = sentences[_holding(sentences, item.start)]
            if end < item.end and end - item.start <= _HEADING:
                headings.add(first)
    for start, end in sentences:
        if start not in headings:
            found.append(Unit(UnitKind.SENTENCE, start, end))
        if end - start > _LONG_SENTENCE:
            clauses = clause_spans(text, start, end)
            if len(clauses) > 1:  # a lead with its first item only is no piece to answer with
                found += [
                    Unit(UnitKind.CLAUSE, a, b)
                    for a, b in clauses
                    if items.isdisjoint(range(a + 1, b))
                ]
    # The same span once, except that an item may be an enumeration as well.
    kinds = {(u.start, u.end, u.kind is UnitKind.ENUMERATION): u for u in reversed(found)}
    return list(kinds.values())[::-1]


def speech_spans(text: str) -> list[Span]:
    """Stretches that report what somebody said: from a verb of saying to the end of its paragraph,
    and on over paragraphs that go on counting (二是 …)."""
    spans: list[Span] = []
    at = 0
    for line in text.split("\n"):
        says = _SAYS.search(line)
        if says:
            start = max(line.rfind("。", 0, says.start()) + 1, 0)
            spans.append((at + start, at + len(line)))
        elif spans and spans[-1][1] == at - 1 and any(s.match(line) for _, s in _STYLES):
            spans[-1] = (spans[-1][0], at + len(line))
        at += len(line) + 1
    return spans


def _holding(sentences: Sequence[Span], at: int) -> int:
    """Which sentence holds a place, or -1."""
    i = bisect_right(sentences, at, key=lambda s: s[0]) - 1
    return i if i >= 0 and at < sentences[i][1] else -1


def _without(text: str, span: Span, hole: Span | None) -> Iterator[Span]:
    """A sentence less the part that a byline takes, and less the brackets and “本报讯” around it."""
    start, end = span
    if hole is None or hole[1] <= start or end <= hole[0]:
        yield span
        return
    for a, b in ((start, min(end, hole[0])), (max(start, hole[1]), end)):
        while a < b and text[a] in "）)】] \u3000，,。":
            a += 1
        while a < b and text[b - 1] in "（(【[ \u3000":
            b -= 1
        if b - a > 3 and not _DATELINE.fullmatch(text, a, b):
            yield a, b


def _enumerations(text: str, sentences: list[Span]) -> Iterator[list[Unit]]:
    """Each enumeration followed by its items."""
    counted: set[int] = set()
    series = list(_series(text))
    firsts = [(starts[0], text[starts[0] : starts[0] + 2]) for starts in series]
    for starts, (_, mark) in zip(series, firsts, strict=True):
        lead = _lead(text, starts[0], sentences)
        again = min((at for at, m in firsts if m == mark and at > starts[-1]), default=len(text))
        last = _last_end(text, starts, sentences, again)
        if last <= starts[-1]:
            continue
        edges = [*starts, last]
        items = []
        for a, b in itertools.pairwise(edges):
            while b > a and text[b - 1].isspace():
                b -= 1
            items.append(Unit(UnitKind.ITEM, a, b))
        yield [Unit(UnitKind.ENUMERATION, lead, items[-1].end, starts[0]), *items]
        counted.update(_holding(sentences, at) for at in starts)
    yield from _parallel(text, [s for i, s in enumerate(sentences) if i not in counted])


def _parallel(text: str, sentences: list[Span]) -> Iterator[list[Unit]]:
    """Enumerations that do not count: clauses after a colon (三件事：…；…；…。) or that each begin
    with 要."""
    for i, (start, end) in enumerate(sentences):
        colon = _ANNOUNCED.match(text[start:end])
        first = start + colon.end() if colon else start
        clauses = clause_spans(text, first, end)
        alike = {text[a] for a, _ in clauses} == {"要"}
        if len(clauses) < 3 or not (colon or alike):
            continue
        before = sentences[i - 1] if i else (start, start)
        between = text[before[1] : start]
        joined = not between.strip() and "\n" not in between
        said = not colon and joined and _SAYS.search(text[slice(*before)])
        lead = before[0] if said else start
        items = [Unit(UnitKind.ITEM, a, b) for a, b in clauses]
        yield [Unit(UnitKind.ENUMERATION, lead, end, items[0].start), *items]


def _series(text: str) -> Iterator[list[int]]:
    """Places of the items of each enumeration: ordinals of one style that count up from one."""
    for first, style in _STYLES:
        if first in text:
            yield from _count_up([(m.start(), _ordinal(m.group(1))) for m in style.finditer(text)])
    english = [
        (m.start(), _ENGLISH_ORDINALS.index(m.group(1).lower()) + 1)
        for m in _ENGLISH.finditer(text)
    ]
    yield from _count_up(english)
    worded = {"首先": 1, "其次": 2}
    yield from _count_up(
        [(m.start(), worded.get(m.group(1), _NEXT)) for m in _WORDED.finditer(text)]
    )
    bullets = [m.start() for m in _BULLET.finditer(text)]
    run: list[int] = []
    for at in bullets:
        if run and text.count("\n", run[-1], at) > 1:
            if len(run) > 1:
                yield run
            run = []
        run.append(at)
    if len(run) > 1:
        yield run


def _count_up(marks: list[tuple[int, int]]) -> Iterator[list[int]]:
    run: list[int] = []
    for at, ordinal in marks:
        ordinal = len(run) + 1 if ordinal == _NEXT and len(run) > 1 else ordinal
        if ordinal == len(run) + 1 and (not run or at - run[-1] <= _FARTHEST):
            run.append(at)
        elif ordinal == 1:
            if len(run) > 1:
                yield run
            run = [at]
    if len(run) > 1:
        yield run


def _ordinal(mark: str) -> int:
    for digits in (_ZH, _CIRCLED):
        if mark in digits:
            return digits.index(mark) + 1
    return int(mark)


def _lead(text: str, first: int, sentences: list[Span]) -> int:
    """Where the words that announce an enumeration begin."""
    i = _holding(sentences, first)
    if i < 0:
        return first
    start = sentences[i][0]
    before = sentences[i - 1] if i else (start, start)
    if start < first:
        announced = first - start <= 3 and _LEAD_END.search(text[slice(*before)])
        return before[0] if announced else start
    near = text.count("\n", before[1], first) <= 1
    return before[0] if near and before[1] - before[0] <= 120 else first


def _last_end(text: str, starts: list[int], sentences: list[Span], again: int) -> int:
    """Where the last item ends: with its sentence where the items are clauses of one sentence,
    else with its paragraph, unless somebody else begins to speak in it, or, at ``again``, the
    counting begins anew."""
    containing = [_holding(sentences, at) for at in starts]
    if -1 in containing:
        return starts[-1]
    last = containing[-1]
    clauses = containing[0] == last
    single = all(b - a == 1 for a, b in itertools.pairwise(containing))
    end = sentences[last][1]
    if clauses or (single and len(starts) > 2):
        return end
    # Where items are headings with their paragraphs below, the last one has its paragraph too.
    headed = text[end - 1] not in _STOPS and any(
        "\n" in text[a:b].strip() for a, b in itertools.pairwise(starts)
    )
    for start, stop in itertools.islice(sentences, last + 1, None):
        below, headed = headed, False
        if (
            again < stop
            or ("\n" in text[end:start] and not below)
            or _NEW_SPEAKER.match(text[start:stop])
        ):
            break
        end = stop
    return end
