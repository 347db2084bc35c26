"""Numbers and dates that a sentence states, in one form however they are written.

>>> [str(f) for f in quantities("投资1.2亿元，占百分之十五")]
['120000000元', '15%']
>>> [str(f) for f in days("2016年十一月14日")]
['2016-11-14']
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from index.patterns import lazy
from index.tokens import fold
from index.variants import HAN_NUMERAL, from_chinese

_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN = f"[{HAN_NUMERAL}]+(?:点[〇零一二三四五六七八九]+[万亿]*)?"
_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
# Longest first. What is not among these is no unit: its number stands alone.
_UNIT = (
    "平方公里|平方米|平方千米|立方米|亿立方米|个百分点|百分点|公里|千米|公顷|公斤|千克|厘米|毫米|毫升|小时|分钟|个月|季度|周岁|人次|车次|美元|欧元|日元"
    "|港元|英镑|马克|卢布|元|块钱|名|位|人|户|家|项|条|点|种|类|次|届|期|批|岁|年|天|周|吨|斤|克|米|亩|套|栋|幢|座|所|间|台|辆|架|艘|件|份|本|册|篇|首|部|集|张|幅"
    "|块|片|颗|棵|株|头|只|层|楼|级|等|倍|成|度|段|节|章|步|场|轮|局|枚|票|区|县|市|镇|乡|村|校|班|组|队|门|科|处|站|室|页|句|回|遍|趟|根|支|把|对|群|号|时|分|秒|个|字|国|省|路|线"
    "|千瓦时|千瓦|兆瓦"
)
_LATIN_UNIT = "kg|km|cm|mm|kw|mw|gb|mb|tb|ghz|mah|[mgtw]"
_PERSONS = frozenset(["名", "位", "人", "个", "persons"])
_COUNTS = frozenset(["个", "项", "条", "点", "种", "类", "方面", "家", "所", "座", "处", "件"])
_SAME = {
    "块钱": "元", "千米": "公里", "平方千米": "平方公里", "千克": "公斤", "km": "公里", "kg": "公斤",
    "m": "米", "小时": "时", "分钟": "分", "个百分点": "百分点", "周岁": "岁", "楼": "层", "yuan": "元",
    "rmb": "元", "cny": "元", "dollars": "美元", "dollar": "美元", "usd": "美元", "euros": "欧元",
    "people": "人", "person": "人", "percent": "%", "％": "%", "kilometers": "公里",
    "kilometres": "公里", "meters": "米", "metres": "米", "hours": "时", "hour": "时",
    "minutes": "分", "days": "天", "day": "天", "years": "年", "year": "年", "months": "个月",
    "tons": "吨", "tonnes": "吨", "households": "户", "points": "百分点",
}  # fmt: skip
_ENGLISH_SIZE = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_ENGLISH_ONES = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
        " sixteen seventeen eighteen nineteen twenty".split()
    )
}
_SIZES = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_NUMBER = lazy(
    rf"(?P<share>[{HAN_NUMERAL}]{{1,6}}|\d+)分之(?P<part>{_HAN}|{_FIGURE})"
    rf"|(?<![a-z\d.,])(?<![a-z]-)(?P<n>(?>{_FIGURE}))(?P<size>\s(?:hundred|thousand|million|billion|trillion)\b|[百千]?[万亿]*)(?P<more>[多余来几])?"
    rf"\s?-?(?P<unit>(?P<half>[ap]\.?m\b)|{_UNIT}|[%％‰]|(?:{_LATIN_UNIT})(?![a-z])|(?:yuan|rmb|cny|dollars?|usd|euros?|people|persons?|percent|kilomet(?:er|re)s|met(?:er|re)s|hours?|minutes|days?|years?|months|tons|tonnes|households|points)\b)?(?!(?<=\d)[a-z])"
    rf"|(?P<nth>第)?(?<![{HAN_NUMERAL}])(?P<han>{_HAN})(?P<hmore>[多余来几])?\s?(?P<hunit>{_UNIT})?"
    rf"|\b(?P<word>{'|'.join(list(_ENGLISH_ONES)[2:])})\b(?:\s(?P<wsize>hundred|thousand|million|billion))?",
)
_Y = r"(?:(?:1[5-9]|20)\d\d|[一二][〇零一二三四五六七八九]{3})"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]|十|[一二三四五六七八九])"
_D = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|[二]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_EN_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS)
_DAY = lazy(
    rf"(?<!\d)(?P<y1>{_Y})\s?年(?:度)?(?:\s?(?P<m1>{_M})\s?月(?:份)?(?:\s?(?P<d1>{_D})\s?[日号])?)?"
    rf"|(?<![\d.个{HAN_NUMERAL}])(?P<m2>{_M})\s?月(?:份)?(?:\s?(?P<d2>{_D})\s?[日号])?"
    rf"|(?<![\d.第{HAN_NUMERAL}])(?P<d3>{_D})\s?日(?!本|元|均|常)"
    rf"|(?<![\d.])(?P<y4>{_Y})(?P<s4>[-/.])(?P<m4>{_M})(?P=s4)(?P<d4>{_D})(?!\d)"
    rf"|\b(?P<m5>{_EN_MONTH})\b\.?(?:\s(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?\b)?(?:,?\s(?P<y5>{_Y})\b)?"
    rf"|\b(?P<d6>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m6>{_EN_MONTH})\b(?:,?\s(?P<y6>{_Y})\b)?"
    rf"|(?<![\d.,])(?P<y7>(?:19|20)\d\d)(?![\d.,]|\s?[万亿%％年])(?=\s?(?:[-–—至到]|$|[^\w\s]|\s[a-z]))",
)
_CLOCK = lazy(r"(?<![\d:])(?P<hour>2[0-4]|1\d|0?\d):(?P<minute>[0-5]\d)(?!\d)")
_ROUGHLY = Decimal("0.05")  # how far a rough number may be from the exact one, as a share of it
_AFTERNOON = lazy(r"(?:下午|晚上|傍晚|晚|夜里)\s?$")


_PARTS = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts (``""`` unknown), where it stands in the folded text.

    ``about`` is whether it is said to be a rough one (约, 多, 近).
    """

    start: int
    end: int
    value: Decimal
    unit: str
    about: bool = False

    def __str__(self) -> str:
        return f"{self.value.normalize():f}{self.unit}"


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is stated, where it stands in the folded text."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        parts = (
            self.year and f"{self.year:04}",
            self.month and f"{self.month:02}",
            self.day and f"{self.day:02}",
        )
        return "-".join(p for p in parts if p)

    def clashes(self, other: Day) -> bool:
        """Whether the two state different years, months or days."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return any(a and b and a != b for a, b in pairs)


def days(text: str) -> list[Day]:
    """The dates of a text, in order."""
    folded = _folded(text)
    found: list[Day] = []
    for match in _DAY.finditer(folded):
        said = {name[0]: value for name, value in match.groupdict().items() if value}
        if set(said) == {"m"} and said["m"] in ("may", "mar") and not match.group()[0].isdigit():
            continue  # a verb, mostly
        found.append(
            Day(*match.span(), _part(said.get("y")), _part(said.get("m")), _part(said.get("d")))
        )
    return found


def quantities(text: str, taken: Iterable[Day] | None = None) -> list[Quantity]:
    """The numbers of a text, dates left out (``taken``, if already known), in order.

    A Chinese numeral counts as a number only with a measure word: 统一 and 三农 are words.
    """
    folded = _folded(text)
    for day in days(text) if taken is None else taken:
        folded = folded[: day.start] + "\n" * (day.end - day.start) + folded[day.end :]
    found: list[Quantity] = []
    for match in _CLOCK.finditer(folded):
        hour = int(match["hour"])
        found.append(
            Quantity(*match.span("hour"), Decimal(_hour(hour, folded, match.start())), "时")
        )
        if int(match["minute"]):
            found.append(Quantity(*match.span("minute"), Decimal(int(match["minute"])), "分"))
    clocks = [m.span() for m in _CLOCK.finditer(folded)]
    for match in _NUMBER.finditer(folded):
        if any(a <= match.start() < b for a, b in clocks):
            continue
        quantity = _quantity(match, folded)
        if quantity is not None:
            found.append(quantity)
    return sorted(found, key=lambda q: q.start)


def agrees(said: Quantity, held: Quantity) -> bool:
    """Whether one number bears out another: the same amount of the same thing."""
    if not _same_unit(said.unit, held.unit):
        return False
    if said.value == held.value:
        return True
    if not said.about or not held.value or _figures(said.value) >= _figures(held.value):
        return False
    return abs(said.value - held.value) <= abs(held.value) * _ROUGHLY


def dated_by(said: Day, held: Sequence[Day]) -> bool:
    """Whether dates bear out another: its day with no other month or year beside it, and what that
    leaves unsaid (25日 for 7月25日) by another of them."""
    last = next(part for part in _PARTS if getattr(said, part))
    fits = [d for d in held if getattr(d, last) == getattr(said, last) and not said.clashes(d)]
    return any(
        all(
            getattr(d, part) or any(getattr(other, part) == getattr(said, part) for other in held)
            for part in _PARTS
            if getattr(said, part)
        )
        for d in fits
    )


def _folded(text: str) -> str:
    """The text folded, but for its wide commas: they part numbers and do not belong to them."""
    return "".join("，" if a == "，" else b for a, b in zip(text, fold(text), strict=True))


def _figures(value: Decimal) -> int:
    """How many figures a number has without the noughts at its end."""
    return len(value.normalize().as_tuple().digits)


def _quantity(match: re.Match[str], folded: str) -> Quantity | None:
    start = match.start()
    about = (
        bool(match["more"] or match["hmore"])
        or bool(
            re.search(
                r"(?:约|近|大约|将近|接近|逾|about|nearly|around|some)\s?$",
                folded[max(0, start - 8) : start],
            )
        )
        or folded[match.end() :].startswith(("左右", "上下", "余", "多"))
    )
    if match["share"]:
        whole = Decimal(_SIZES.get(match["share"], 0)) or _number(match["share"])
        part = _number(match["part"])
        if not whole or part is None:
            return None
        return Quantity(*match.span(), part * 100 / whole, "%", about)
    if match["word"]:
        size = _ENGLISH_SIZE[match["wsize"]] if match["wsize"] else 1
        return Quantity(*match.span(), Decimal(_ENGLISH_ONES[match["word"]] * size), "", about)
    if match["han"]:
        return _han_quantity(match, about)
    value = Decimal(match["n"].replace(",", ""))
    written = match["size"].strip()
    for sign in [written] if written in _ENGLISH_SIZE else list(written):
        value *= _ENGLISH_SIZE.get(sign) or _SIZES[sign]
    unit = match["unit"] or ""
    if match["half"]:
        value, unit = value + (12 if match["half"][0] == "p" and value < 12 else 0), "时"
    if folded[start - 1 : start] in ("$", "￥", "¥", "€", "£") and not unit:
        unit = {"$": "美元", "€": "欧元", "£": "英镑"}.get(folded[start - 1], "元")
    return Quantity(
        start, match.end(), _hour_of(value, unit, folded, start), _SAME.get(unit, unit), about
    )


def _han_quantity(match: re.Match[str], about: bool) -> Quantity | None:
    value = _number(match["han"])
    unit = match["hunit"] or ""
    if match["nth"]:
        return None if value is None else Quantity(*match.span(), value, "第")
    # 一 is seldom a count, and a numeral without a measure word is part of a word.
    sized = any(c in "百千万亿" for c in match["han"]) and len(match["han"]) > 1
    if value is None or (value == 1 and unit not in ("号", "期")) or not (unit or sized):
        return None
    return Quantity(
        *match.span(),
        _hour_of(value, unit, match.string, match.start()),
        _SAME.get(unit, unit),
        about,
    )


def _hour_of(value: Decimal, unit: str, folded: str, start: int) -> Decimal:
    """An hour of the afternoon by twenty-four; anything else as it is."""
    if unit not in ("时", "点") or value != int(value):
        return value
    return Decimal(_hour(int(value), folded, start))


def _hour(hour: int, folded: str, start: int) -> int:
    return hour + 12 if hour < 12 and _AFTERNOON.search(folded, max(0, start - 4), start) else hour


def _number(text: str) -> Decimal | None:
    if text[0].isdigit() and text.isascii():
        return Decimal(text.replace(",", ""))
    size = 1
    whole, point, rest = text.partition("点")
    while rest and rest[-1] in "万亿":
        size *= _SIZES[rest[-1]]
        rest = rest[:-1]
    value = from_chinese(whole)
    if value is None or (point and not rest):
        return None
    return Decimal(f"{value}.{''.join(str(_HAN_DIGITS[c]) for c in rest) or 0}") * size


def _part(text: str | None) -> int | None:
    if not text:
        return None
    if text[0].isdigit() and text.isascii():
        return int(text)
    if text.isascii():
        return next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(text[:3]))
    if len(text) == 4:
        return int("".join(str(_HAN_DIGITS[c]) for c in text))
    return from_chinese(text)


def _same_unit(a: str, b: str) -> bool:
    if a == b:
        return True
    if not a or not b:
        # Said without what it counts: 3.8亿 for 3.8亿元, but not 3 for 3个.
        return True
    return any(a in kind and b in kind for kind in (_PERSONS, _COUNTS)) or {a, b} <= {"时", "点"}


def item_counts(text: str) -> set[int]:
    """How many items the enumerations of a text have (一是…二是…, （一）…（二）…, 1. … 2. …)."""
    counts: set[int] = set()
    for pattern in _ITEMS:
        highest = 0
        for match in pattern.finditer(text):
            n = _number(match.group(1))
            if n == highest + 1:
                highest += 1
            elif n == 1:
                counts.add(highest)
                highest = 1
        counts.add(highest)
    return {n for n in chain(counts) if n > 1}


_ITEMS = (
    lazy(r"([一二三四五六七八九十]{1,2})(?:是|要|、)"),
    lazy(r"[（(]([一二三四五六七八九十]{1,2}|\d{1,2})[）)]"),
    lazy(r"(?:^|\n)\s*(\d{1,2})[.、．]"),
    lazy(r"第([一二三四五六七八九十]{1,2})[，、是]"),
)
