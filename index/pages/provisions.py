"""Laws, rules and contracts: text that counts its own parts (编, 章, 节, 条).

>>> [number_of(word) for word in ("第十二条", "第一百零三条", "第 8 条", "第二十条之一")]
[12, 103, 8, 20]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from index.pages.lines import Line
from index.patterns import lazy

NUMBER = "[〇零一二三四五六七八九十百千两０-９0-9]{1,9}"
_MARKS = r"(?:#{1,6}\s+)?\*{0,2}"  # of Markdown
_N = rf"第\s?{NUMBER}\s?"
PROVISION = lazy(rf"{_MARKS}({_N}条(?:之[一二三四五六七八九十])?)(?![款项例件])")
"""A provision's mark at the start of a line; group 1 is the mark."""
_PART = lazy(rf"{_MARKS}{_N}(编|分编|篇|章|节)(?=[\s\u3000:：、]|$|[\u4e00-\u9fff])")
_RANKS = {"编": 1, "篇": 1, "分编": 2, "章": 3, "节": 4}
PROVISION_RANK = 5
"""The rank of a provision among headings; parts and chapters stand above it."""
_FEWEST = 3
_LONGEST_PART = 40  # characters of a chapter's name
_LONGEST_TITLE = 60
_TITLE = lazy(
    r"(?:法|法典|条例|规定|办法|细则|规则|章程|决定|规范|标准|准则|通则|守则|公约|制度|方案|意见|解释|合同|协议|协议书|规程|要求)"
    r"(?:[（(《][^）)》]{1,20}[）)》])?$"
)
_CONTENTS = lazy(r"目\s*[录錄次]$")
_NOTE = lazy(r"[（(【\[]")
_NOTE_END = lazy(r"[）)】\]]$")
_FINAL = lazy(r"[。！？；：;:.!?][”’」』）)]*$")
_ITEM = lazy(rf"[（(]{NUMBER}[）)]|\d{{1,3}}[.．、]|[一二三四五六七八九十]{{1,3}}、|附件|附表")
_MOST_ABOVE = 40  # lines above the first provision that name no part of the law
_HAN = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")


@dataclass(frozen=True, slots=True)
class Law:
    """One law of a page, by line indices: its head from ``first``, its title, its end (excluded)."""

    first: int
    title: int | None
    end: int


def number_of(mark: str) -> int:
    """The number in “第十二条”, 0 where there is none."""
    found = re.search(NUMBER, mark)
    if found is None:
        return 0
    word = found.group().translate(_WIDE)
    if word.isdigit():
        return int(word)
    if not any(c in _UNITS for c in word):  # 一〇三
        digits = "".join(str(_HAN[c]) for c in word if c in _HAN)
        return int(digits or 0)
    total, digit = 0, 0
    for char in word:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _HAN.get(char, 0)
    return total + digit


def rank_of(line: str) -> tuple[int, str]:
    """The rank and the words of a line as a heading of a law; rank 0 for none."""
    if match := PROVISION.match(line):
        return PROVISION_RANK, "".join(match[1].split())
    part = _PART.match(line)
    if part and len(line) <= _LONGEST_PART and not line.endswith(("。", "；", "，")):
        return _RANKS[part[1]], " ".join(line.strip("#* ").split())
    return 0, ""


def laws_of(lines: Sequence[Line]) -> list[Law]:
    """The laws that the lines are, from the first line to the last; none when they are no law.

    A law has provisions that count up from the first, at the starts of lines.
    """
    marks = [
        (at, number_of(match[1]))
        for at, line in enumerate(lines)
        if (match := PROVISION.match(line.text))
    ]
    starts = [
        i
        for i, (_, number) in enumerate(marks)
        if number == 1 and [n for _, n in marks[i : i + _FEWEST]] == list(range(1, _FEWEST + 1))
    ]
    if not starts or starts[0] != 0:
        return []
    firsts = [marks[i][0] for i in starts]
    if sum(not rank_of(line.text)[0] for line in lines[: firsts[0]]) > _MOST_ABOVE:
        return []
    heads = [0]
    for before, at in pairwise(firsts):
        heads.append(_head(lines, before + 1, at))
    ends = [*heads[1:], len(lines)]
    return [
        Law(first, _title(lines, first, at), end)
        for first, at, end in zip(heads, firsts, ends, strict=True)
    ]


def paragraphs_of(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of a law as paragraphs: a line that was broken goes on in the next."""
    found: list[list[Line]] = []
    for line in lines:
        before = found[-1][-1] if found else None
        if (
            before is None
            or line.blanks
            or rank_of(line.text)[0]
            or _ITEM.match(line.text)
            or _NOTE.match(line.text)
            or _FINAL.search(before.text)
            or _is_part(before)
            or _CONTENTS.match(before.text)
            or _CONTENTS.match(line.text)
            or (_NOTE.match(before.text) and _NOTE_END.search(before.text))
            or before.columns < 24
        ):
            found.append([line])
        else:
            found[-1].append(line)
    return found


def in_contents(lines: Sequence[Line]) -> set[int]:
    """Line indices of a table of contents: what follows 目录 up to where its first line recurs."""
    above = takewhile(lambda line: not PROVISION.match(line.text), lines)
    at = next((i for i, line in enumerate(above) if _CONTENTS.match(line.text)), None)
    if at is None:
        return set()
    listed = range(at + 1, len(lines))
    if not listed:
        return {at}
    first = "".join(lines[listed[0]].text.split())
    for again in listed[1:]:
        if PROVISION.match(lines[again].text):
            break
        if "".join(lines[again].text.split()) == first:
            return set(range(at, again))
    return {at}


def _is_part(line: Line) -> bool:
    return 0 < rank_of(line.text)[0] < PROVISION_RANK


def _head(lines: Sequence[Line], low: int, first: int) -> int:
    """Where a law that is not the page's first begins: at its title above its first provision."""
    for at in range(first - 1, low - 1, -1):
        text = lines[at].text
        if PROVISION.match(text):
            break
        if len(text) <= _LONGEST_TITLE and _TITLE.search(text) and not _is_part(lines[at]):
            return at
    at = first
    while at > low and not _FINAL.search(lines[at - 1].text):
        at -= 1
    return at


def _title(lines: Sequence[Line], first: int, provision: int) -> int | None:
    """The line of a law's title: the first that reads like one, else its first line if short."""
    above = range(first, min(provision, first + 6))
    for at in above:
        text = lines[at].text
        if len(text) <= _LONGEST_TITLE and _TITLE.search(text) and not _is_part(lines[at]):
            return at
    if above and not _is_part(lines[first]) and not _FINAL.search(lines[first].text):
        return first if len(lines[first].text) <= _LONGEST_TITLE else None
    return None
