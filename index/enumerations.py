"""Which sentences hang together: an enumeration with the words that announce it, a quotation.

>>> text = "会议要求：一是快。要抢时间。二是好。散会。"
>>> from index.sentences import sentence_spans
>>> wholes(text, sentence_spans(text), limit=100)
[(0, 2)]
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from index.patterns import lazy
from index.sentences import Span

_ZH = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_WORDED = {"首先": 1, "其次": 2, "再次": 3, "第一": 1, "第二": 2, "第三": 3, "第四": 4, "第五": 5}
# How an item begins: one group for each style of counting.
_ITEM = lazy(
    rf"[“\"]?(?:([{_ZH}]{{1,2}})(?:是|要)|([{_ZH}]{{1,2}})、|[（(]([{_ZH}]{{1,2}})[)）]"
    rf"|(\d{{1,2}})[、.．](?!\d)|[（(](\d{{1,2}})[)）]|([{_CIRCLED}])|(首先|其次|再次|第[一二三四五])[，,、：:]"
    r"|(?i:(first|second|third|fourth|fifth)(?:ly)?,? ))"
)
_ENGLISH = ("first", "second", "third", "fourth", "fifth")
_ANNOUNCES = lazy(
    r"[：:][”\"]?$|(?:要求|强调|指出|提出|意见|措施|任务|部署|安排|建议|如下|[几两二三四五六七八九十][点项条个件]\S{0,6})[。.]$"
)
_LONGEST_LEAD = 120  # characters
_QUOTATION = lazy("“[^“”\\n]+”|「[^「」\\n]+」|『[^『』\\n]+』")
_BEGINS = frozenset(f'{_ZH}{_CIRCLED}（(首其再第“"0123456789FfSsTt')


def wholes(text: str, pieces: Sequence[Span], limit: int) -> list[tuple[int, int]]:
    """Runs of pieces, (first, last) indices, that should not be parted; none over ``limit`` long.

    They come in order and do not overlap.
    """
    found: list[tuple[int, int]] = []
    for first, last in sorted({*_enumerations(text, pieces), *_quotations(text, pieces)}):
        if found and first <= found[-1][1]:
            first, last = found[-1][0], max(last, found[-1][1])
            if pieces[last][1] - pieces[first][0] <= limit:
                found[-1] = (first, last)
        elif pieces[last][1] - pieces[first][0] <= limit:
            found.append((first, last))
    return found


def _enumerations(text: str, pieces: Sequence[Span]) -> Iterator[tuple[int, int]]:
    runs: dict[int, tuple[int, int, int]] = {}  # by style: first piece, last piece, last number
    for at, (start, end) in enumerate(pieces):
        item = _item(text, start, end)
        if item is None:
            continue
        style, number = _numbered(item)
        run = runs.get(style)
        if run is not None and number == run[2] + 1:
            runs[style] = (run[0], at, number)
            continue
        if run is not None and run[2] > 1:
            yield _announced(text, pieces, run)
        runs.pop(style, None)
        if number == 1:
            runs[style] = (at, at, 1)
    for run in runs.values():
        if run[2] > 1:
            yield _announced(text, pieces, run)


def _item(text: str, start: int, end: int) -> re.Match[str] | None:
    """The item that a piece begins with, or that follows the colon in it (如下：1.清淤。)."""
    if text[start] in _BEGINS and (item := _ITEM.match(text, start, end)):
        return item
    colon = text.find("：", start, end)
    if colon < 0 or text[colon + 1 : colon + 2] not in _BEGINS:
        return None
    return _ITEM.match(text, colon + 1, end)


def _numbered(item: re.Match[str]) -> tuple[int, int]:
    """The style of an item and its number."""
    style = item.lastindex or 0
    word = item[style]
    if word in _WORDED:
        return style, _WORDED[word]
    if word.lower() in _ENGLISH:
        return style, _ENGLISH.index(word.lower()) + 1
    if word in _CIRCLED:
        return style, _CIRCLED.index(word) + 1
    if word.isdigit():
        return style, int(word)
    return style, 10 + _ZH.index(word[1]) + 1 if len(word) == 2 else _ZH.index(word) + 1


def _announced(text: str, pieces: Sequence[Span], run: tuple[int, int, int]) -> tuple[int, int]:
    """An enumeration with the sentence before it, where that announces it."""
    first, last, _ = run
    if first:
        start, end = pieces[first - 1]
        if end - start <= _LONGEST_LEAD and _ANNOUNCES.search(text[start:end]):
            return first - 1, last
    return first, last


def _quotations(text: str, pieces: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Pieces that lie within one quotation, which opens in the first and closes in the last.

    Each paragraph of a longer speech opens anew.
    """
    if not pieces:
        return
    for quotation in _QUOTATION.finditer(text, pieces[0][0], pieces[-1][1]):
        first = bisect_right(pieces, quotation.start(), key=_start) - 1
        last = bisect_right(pieces, quotation.end() - 1, key=_start) - 1
        if first < last:
            yield first, last


def _start(piece: Span) -> int:
    return piece[0]
