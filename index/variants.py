"""Numbers and dates of a question, and the other ways in which they are written.

    >>> [n.forms for n in numerals("三项要求")]
    [('三项', '3项')]
    >>> [n.forms[:4] for n in numerals("11月14日")]
    [('11月', '十一月', 'november', 'nov'), ('14日', '14号', '十四日', '十四号')]

A form is text as it may stand in an article, with its measure word; what is found by which token
is for the tokenizer. Each part of a date is one numeral, so that day and month count together.
Converting is done here: of the libraries on PyPI, cn2an takes 0.1 s to import, reads 五四 (a day)
as 54 and does not read 三点八亿.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from index.patterns import lazy

_DIGITS = "零一二三四五六七八九"
_VALUES = {c: i for i, c in enumerate(_DIGITS)} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = (("亿", 10**8), ("万", 10**4))
_HIGHEST, _LONGEST = 10**12, 24
HAN_NUMERAL = "〇零一二两三四五六七八九十百千万亿"
"""The characters that numbers are written with in Chinese."""
_MONTHS = (
    "january february march april may june july august september october november december".split()
)

# What is counted. Words of which a numeral is part but no number (三国, 五行) want their
# second character left out here: 国 行 军 大 路 面.
_MEASURE = (
    "平方米|平方公里|公里|公顷|公斤|千克|小时|分钟|分(?!之)|季度|方面|周岁|世纪|美元"
    "|[个名位人家户项条点种类次届期批岁年天周月日号元吨斤克米亩套栋幢座所间台辆架艘件份本册篇首部集张幅块"
    "片颗棵株头只层楼级等倍成度代段节章步强场轮局枚票区县市镇村校班组队门科处站室字页句回遍趟根支把对群]"
)
# 一个, 一些, 一次 are hardly ever a count; 一号线, 一年级 are.
_ONE_COUNTS = frozenset("号月日年期届级楼层批区")
_NTH_COUNTS = _ONE_COUNTS | frozenset("条章节项点季集")
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_HAN = f"[{HAN_NUMERAL}]+(?:点[〇零一二三四五六七八九]+[万亿]*)?"
_NUMBER = lazy(
    rf"百分之(?P<share>{_HAN}|{_ARABIC})|(?<![a-z\d.,])(?P<percent>{_ARABIC})%"
    rf"|(?P<nth>第)?\s?(?P<n>(?<![a-z\d.,_-]){_ARABIC}[万亿]*(?![a-z\d.,]?\d|[a-z])|{_HAN})"
    rf"\s?(?P<unit>{_MEASURE})?",
    re.ASCII,
)
_D = r"(?:3[01]|[12]\d|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_Y = r"(?:(?:19|20)\d\d|(?:一九|二[〇零])[〇零一二三四五六七八九]{2})"
_EN_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS)
_NOT_INSIDE = rf"(?<![a-z\d{HAN_NUMERAL}第./·-])(?<!第 )"
_DATE = lazy(
    rf"{_NOT_INSIDE}(?P<y1>{_Y})\s?年(?:\s?(?P<m1>{_M})\s?月(?:\s?(?P<d1>{_D})\s?[日号])?)?"
    rf"|{_NOT_INSIDE}(?P<m2>{_M})\s?月(?:\s?(?P<d2>{_D})\s?[日号])?"
    # 神舟十三号 and 地铁3号线 are no days: before one stands nothing, or such a word.
    rf"|{_NOT_INSIDE}(?P<d3>{_D})\s?日"
    rf"|{_NOT_INSIDE}(?<![\u4e00-\u9fff](?<![月在于本是至到从和与及]))(?P<d9>{_D})\s?号(?![线楼馆院令店厅])"
    rf"|{_NOT_INSIDE}(?P<y4>(?:19|20)\d\d)(?P<s4>[-/.])(?P<m4>{_M})(?P=s4)(?P<d4>{_D})(?![\d.]?\d)"
    rf"|{_NOT_INSIDE}(?P<m5>1[0-2]|0?[1-9])(?P<s5>[-/.·])(?P<d5>3[01]|[12]\d|0?[1-9])"
    rf"(?![\d./·-]|\s?(?:[%万亿倍a-z]|{_MEASURE}))"
    rf"|\b(?P<m6>{_EN_MONTH})\.?\s(?P<d6>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<y6>(?:19|20)\d\d)\b)?"
    rf"|\b(?P<d7>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m7>{_EN_MONTH})\b(?:,?\s(?P<y7>(?:19|20)\d\d)\b)?"
    rf"|{_NOT_INSIDE}(?P<y8>(?:19|20)\d\d)(?![\d.,年%-]|\s?[a-z万亿]|\s?(?:{_MEASURE}))",
    re.ASCII,
)
_TIME = lazy(
    rf"(?P<part>上午|早上|凌晨|中午|下午|晚上|傍晚)?(?<![\d:])(?P<hour>2[0-3]|1\d|0?\d|{_D})"
    r"(?:(?P<unit>[点时])|:[0-5]\d(?!\d))",
    re.ASCII,
)
_ANY = lazy(f"[0-9{HAN_NUMERAL}]")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number, or one part of a date, where it stands in a folded question.

    ``forms`` are the ways to write it, the first as the question does. ``sure`` is whether it is
    one by its writing alone: a run of Chinese numerals may also be part of a word (一体化).
    """

    start: int
    end: int
    forms: tuple[str, ...]
    sure: bool = True


def numerals(folded: str) -> list[Numeral]:
    """The numbers and dates of a folded text, in order; none overlaps another date or number.

    The parts of a date that is one token (11.14) share their place.
    """
    if not _ANY.search(folded):
        return []
    found: list[Numeral] = []
    for pattern, read in ((_DATE, _date), (_TIME, _time), (_NUMBER, _number)):
        for match in pattern.finditer(folded):
            found += [n for n in read(match) if len(n.forms) > 1]
        for n in found:
            folded = folded[: n.start] + " " * (n.end - n.start) + folded[n.end :]
    return sorted(found, key=lambda n: (n.start, n.end))


def to_chinese(n: int) -> str:
    """A whole number below 10¹² in Chinese: 14 → 十四, 10200 → 一万零二百. Else a ValueError."""
    if not 0 <= n < _HIGHEST:
        raise ValueError(f"{n}: only numbers from 0 to 10¹² have a Chinese form here.")
    text = _group(n) if n else "零"
    return text.removeprefix("一") if text.startswith("一十") else text


def from_chinese(text: str) -> int | None:
    """The number that a Chinese numeral says, or None when it is not written as numbers are.

    两 is 二, 〇 is 零; figures read one by one (二〇一六) count when there are three or more with
    a nought among them.
    """
    if len(text) > _LONGEST:
        return None
    plain = text.replace("两", "二").replace("〇", "零")
    if len(plain) > 2 and "零" in plain and all(c in _DIGITS for c in plain):
        return int("".join(str(_VALUES[c]) for c in plain))
    total = part = digit = 0
    for char in plain:
        if char in _VALUES:
            digit = _VALUES[char]
        elif char in _UNITS:
            part, digit = part + (digit or 1) * _UNITS[char], 0
        elif char == "万":
            total, part, digit = total + (part + digit) * 10**4, 0, 0
        elif char == "亿":
            total, part, digit = (total + part + digit) * 10**8, 0, 0
        else:
            return None
    total += part + digit
    # What is not written back the same was no number: 五四, 十四五, 百, 万一.
    usual = plain.removeprefix("一") if plain.startswith("一十") else plain
    return total if plain and total < _HIGHEST and to_chinese(total) == usual else None


def _group(n: int) -> str:
    for name, size in _GROUPS:
        if n >= size:
            high, low = divmod(n, size)
            gap = "零" if 0 < low < size // 10 else ""
            return _group(high) + name + gap + (_group(low) if low else "")
    text, nought = "", False
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = n // size % 10
        if digit:
            text += ("零" if nought and text else "") + _DIGITS[digit] + unit
        nought = not digit
    return text


def _value(text: str) -> Decimal | None:
    """``"3.8亿"``, ``"三点八亿"``, ``"10,000"``, ``"十四"`` → a number."""
    size = 1
    body = text.rstrip("万亿") if text[0].isdigit() or "点" in text else text
    for char in text[len(body) :]:
        size *= 10**8 if char == "亿" else 10**4
    if body[0].isdigit() and body.isascii():
        return Decimal(body.replace(",", "")) * size
    whole, point, rest = body.partition("点")
    n = from_chinese(whole)
    if n is None or (point and not rest):
        return None
    return Decimal(f"{n}.{''.join(str(_VALUES[c]) for c in rest) or 0}") * size


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _spoken(value: Decimal) -> str:
    whole, point, rest = _plain(value).partition(".")
    return to_chinese(int(whole)) + ("点" * bool(point)) + "".join(_DIGITS[int(c)] for c in rest)


def _written(value: Decimal, counted: bool) -> Iterator[str]:
    """The ways to write a number, as figures and in Chinese; 两 for 二 where something is counted."""
    text = _plain(value)
    yield text
    whole, point, rest = text.partition(".")
    if len(whole) > 3:
        yield f"{int(whole):,}{point}{rest}"
    # 三亿八千万 would be looked for by 千万, which says nothing of it.
    spoken = [_spoken(value)] if value < 10**8 else []
    for name, size in _GROUPS:
        short = value / size
        if 1 <= short < 10**4 and short * 100 == int(short * 100):
            yield _plain(short) + name
            spoken.append(_spoken(short) + name)
    for form in dict.fromkeys(spoken):
        if len(form) < 6 or "点" in form:
            yield form
            if form[0] == "二" and (form[1] in "百千万亿" if len(form) > 1 else counted):
                yield "两" + form[1:]


def _number(match: re.Match[str]) -> Iterator[Numeral]:
    share = match["share"] or match["percent"]
    text, unit = share or match["n"], match["unit"] or ""
    value = _value(text)
    if value is None or value >= _HIGHEST or re.match("0[0-9]", text):
        return
    if share:
        forms = [f"{_plain(value)}%", f"百分之{_spoken(value)}"]
        yield Numeral(*match.span(), _forms(match.group(), forms))
        return
    arabic, nth = text[0].isdigit(), match["nth"] or ""
    if value == 1 and not arabic and unit not in (_NTH_COUNTS if nth else _ONE_COUNTS):
        return
    if len(text) == 1 and not arabic and not (unit or nth):
        return
    written = list(_written(value, bool(unit) and not nth))
    if arabic and not (unit or nth):
        # Without a measure word (GB 50016, 5G 手机) figures are seldom written in Chinese.
        written = [form for form in written if form[0].isdigit()]
    own = re.sub(r"\s", "", match.group())
    forms = [nth + form + unit for form in written]
    start = match.start("nth") if nth else match.start("n")
    yield Numeral(start, match.end(), _forms(own, forms), arabic)


def _forms(own: str, forms: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([own, *forms]))


def _date(match: re.Match[str]) -> Iterator[Numeral]:
    """Each part of a date, with the forms of the whole date in which it stands as one token."""
    groups = {name[0]: name for name, value in match.groupdict().items() if value}
    values = {kind: _part(match[groups[kind]]) for kind in "ymd" if kind in groups}
    whole = list(_dotted([*values.values()]))
    inside = list(_dotted([values[k] for k in "md"])) if len(values) == 3 else []
    one_token = "s" in groups and match[groups["s"]] == "."
    for kind, n in values.items():
        start, end = match.span() if one_token else match.span(groups[kind])
        unit = re.compile(r"\s?[年月日号]").match(match.string, end)
        own = match.string[start:end] + (unit.group().strip() if unit else "")
        forms = _FORMS[kind](n) + whole + (inside if kind != "y" else [])
        yield Numeral(start, unit.end() if unit else end, _forms(own, forms))


def _dotted(values: list[int]) -> Iterator[str]:
    if len(values) > 1:
        yield ".".join(map(str, values))
        yield ".".join(f"{n:02}" for n in values)


def _part(text: str) -> int:
    if text[0].isascii() and text[0].isalpha():
        return next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(text[:3]))
    if text.isascii():
        return int(text)
    return (
        int("".join(str(_VALUES[c]) for c in text)) if len(text) == 4 else from_chinese(text) or 0
    )


def _year(n: int) -> list[str]:
    figures = "".join(_DIGITS[int(c)] for c in str(n))
    return [f"{n}年", f"{figures}年", f"{figures}年".replace("零", "〇")]


def _month(n: int) -> list[str]:
    name = _MONTHS[n - 1]
    return [f"{n}月", f"{n:02}月", f"{to_chinese(n)}月", name, name[:3], *["sept"] * (n == 9)]


def _day(n: int) -> list[str]:
    ending = "th" if n in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    spoken = to_chinese(n)
    return [f"{n}日", f"{n:02}日", f"{n}号", f"{spoken}日", f"{spoken}号", f"{n}{ending}"]


_FORMS = {"y": _year, "m": _month, "d": _day}


def _time(match: re.Match[str]) -> Iterator[Numeral]:
    """The hour of a time of day (下午3点, 15时, 15:00), by twelve and by twenty-four hours."""
    part, hour = match["part"], _part(match["hour"])
    if not part and (match["unit"] == "点" or match["hour"] in _DIGITS):
        return  # 三点要求 is a number, 一时 a while
    if part in ("下午", "晚上", "傍晚") and hour < 12:
        hour += 12
    hours = [hour, hour - 12] if hour > 12 else [hour]
    forms = [f"{n}{h}" for h in "时点" for n in (hours[0], *map(to_chinese, hours))]
    start = match.start("hour")
    own = match["hour"] + (match["unit"] or "")
    yield Numeral(start, match.end(), _forms(own, forms))
