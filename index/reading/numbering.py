"""The numbers that Word counts for itself (一、（一）第三条): they are in no paragraph's text, and
yet a person reads and cites them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = {"chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting", "taiwaneseCountingThousand"}  # fmt: skip
_SLOT = re.compile(r"%([1-9])")
_HIGHEST = 10_000


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    pattern: str
    start: int


class Numbering:
    """The counters of one document's lists, in the order of its paragraphs."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._styles: dict[str | None, tuple[str, int] | None] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        for relation in document.part.rels.values():
            if not relation.is_external and relation.reltype.endswith("/numbering"):
                self._learn(relation.target_part.element)

    def next_for(self, paragraph: Any) -> str:
        """The number that stands before a paragraph, ``""`` for none; it counts on."""
        found = _number_of(paragraph._p.pPr)
        if found is None:
            style = paragraph._p.style
            if style not in self._styles:
                self._styles[style] = _numbered_style(paragraph)
            found = self._styles[style]
        if found is None:
            return ""
        number, depth = found
        abstract = self._lists.get(number, "")
        level = self._levels.get(abstract, {}).get(depth)
        if level is None:
            return ""
        counts = self._counts[abstract]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        if level.form in {"bullet", "none"}:
            return ""
        levels = self._levels[abstract]

        def slot(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            of = levels.get(at, level)
            return written(counts.get(at, of.start), of.form)

        text = _SLOT.sub(slot, level.pattern)
        wide = text[-1:] >= "\u2e80"
        return f"{text}" if wide or not text else f"{text} "

    def _learn(self, root: Any) -> None:
        for abstract in root.iter(f"{_W}abstractNum"):
            self._levels[abstract.get(f"{_W}abstractNumId", "")] = dict(_levels(abstract))
        for each in root.iter(f"{_W}num"):
            abstract = each.find(f"{_W}abstractNumId")
            if abstract is not None:
                self._lists[each.get(f"{_W}numId", "")] = abstract.get(f"{_W}val", "")


def written(number: int, form: str) -> str:
    """A number as a list writes it: ``written(12, "chineseCounting") == "十二"``."""
    if form in _CHINESE:
        return _in_chinese(number)
    if form in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (number - 1) % 26)
        return letter if form == "lowerLetter" else letter.upper()
    if form in {"lowerRoman", "upperRoman"}:
        roman = _in_roman(number)
        return roman.lower() if form == "lowerRoman" else roman
    if form == "decimalEnclosedCircleChinese" and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _numbered_style(paragraph: Any) -> tuple[str, int] | None:
    """The list and the depth of a paragraph's style, its own or its parents'."""
    style = paragraph.style
    for _ in range(10):
        if style is None:
            return None
        if found := _number_of(style.element.find(f"{_W}pPr")):
            return found
        style = style.base_style
    return None


def _number_of(properties: Any) -> tuple[str, int] | None:
    """The list and the depth that the properties of a paragraph or a style name."""
    numbered: Any = None if properties is None else properties.find(f"{_W}numPr")
    if numbered is None:
        return None
    number = numbered.find(f"{_W}numId")
    if number is None:
        return None
    depth = numbered.find(f"{_W}ilvl")
    return number.get(f"{_W}val", ""), 0 if depth is None else int(depth.get(f"{_W}val", "0"))


def _levels(abstract: Any) -> Iterator[tuple[int, _Level]]:
    for level in abstract.iter(f"{_W}lvl"):
        form, pattern, start = (
            level.find(f"{_W}{name}") for name in ("numFmt", "lvlText", "start")
        )
        yield (
            int(level.get(f"{_W}ilvl", "0")),
            _Level(
                "decimal" if form is None else form.get(f"{_W}val", "decimal"),
                "" if pattern is None else pattern.get(f"{_W}val", ""),
                1 if start is None else int(start.get(f"{_W}val", "1")),
            ),
        )


def _in_chinese(number: int) -> str:
    if not 0 < number < _HIGHEST:
        return str(number)
    digits, units = "零一二三四五六七八九", ("", "十", "百", "千")
    parts: list[str] = []
    for place, digit in enumerate(reversed(str(number))):
        if digit != "0":
            parts.append(digits[int(digit)] + units[place])
        elif parts and parts[-1] != "零":
            parts.append("零")
    text = "".join(reversed(parts))
    return text[1:] if text.startswith("一十") else text


def _in_roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, letters in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
        (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        while number >= value:
            text += letters
            number -= value
    return text
