"""Rows and records → documents: which column is the title, the text, the date, the address.

Told by the columns' names, Chinese and English, or by the user. What is in other columns is kept
below the text as a sentence “name：value；name：value。”, so that it can be found and cited.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import PurePath

from index.errors import SettingsError
from index.pages.dates import first_date
from index.reading.given import Given
from index.types import Document

NAMES: dict[str, tuple[str, ...]] = {
    "title": tuple("title headline subject 标题 題目 标题名称 标题名 題名 题目 题名 主题 文章标题 新闻标题 標題".split()),
    "text": tuple("text content contents body article passage context 正文 内容 全文 文章内容 新闻内容 正文内容 文本 文章 內容 內文".split()),
    "date": tuple("date published publishdate pubdate pubtime publishtime publishedat datetime time created createdat 日期 发布日期 发布时间 时间 发表时间 发表日期 刊发日期 发稿日期 發佈日期 日期时间".split()),
    "url": tuple("url link href sourceurl permalink 链接 网址 原文链接 網址 連結".split()),
    "byline": tuple("byline author authors writer reporter 作者 记者 署名 記者".split()),
    "section": tuple("section category channel column 栏目 版面 频道 分类 类别 欄目".split()),
}  # fmt: skip
"""The names of columns by what they hold; blanks, ``_`` and ``-`` in names do not count."""

_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_HEAD_CELL = re.compile(r"[^\d\W]|[\u4e00-\u9fff]")
_SENTENCE = 300  # characters of facts that are told in one sentence
_SHORT = 60  # characters of a value that may be a title


def roles(names: Sequence[str], chosen: Mapping[str, str]) -> dict[str, int]:
    """Which column has which role. What the user chose counts before what names say.

    Raises SettingsError when a chosen column is not there, or a role is not one of ``NAMES``.
    """
    found: dict[str, int] = {}
    for role, name in chosen.items():
        if role not in NAMES:
            raise SettingsError(f"column role {role!r}: use one of {', '.join(NAMES)}.")
        if name in names:
            found[role] = list(names).index(name)
    plain = [_plain(name) for name in names]
    for role, known in NAMES.items():
        if role not in found and (held := [plain.index(k) for k in known if k in plain]):
            free = [at for at in held if at not in found.values()]
            if free:
                found[role] = free[0]
    return found


def missing(names: Sequence[str], chosen: Mapping[str, str]) -> list[str]:
    """The columns that the user chose and that are not there."""
    return [name for name in chosen.values() if name not in names]


def is_header(row: Sequence[str]) -> bool:
    """Whether the cells of a row are names of columns: words, short, no two alike."""
    cells = [cell for cell in row if cell.strip()]
    known = {name for names in NAMES.values() for name in names}
    if any(_plain(cell) in known for cell in cells):
        return len(cells) > 1 or len(row) == 1
    return (
        len(cells) > 1
        and len(set(cells)) == len(cells)
        and all(len(cell) <= 30 and _HEAD_CELL.search(cell) for cell in cells)
        and not any(first_date(cell) for cell in cells)
    )


def documents(
    given: Given, names: Sequence[str], rows: Iterator[tuple[int, Sequence[str]]], member: str = ""
) -> Iterator[Document]:
    """A document for each row that holds anything; ``rows`` are (number, cells)."""
    which = roles(names, given.columns)
    for number, cells in rows:
        made = _document(given, names, which, number, cells, member or given.member)
        if made is not None:
            yield made


def _document(
    given: Given,
    names: Sequence[str],
    which: Mapping[str, int],
    number: int,
    cells: Sequence[str],
    member: str,
) -> Document | None:
    def cell(role: str) -> str:
        at = which.get(role)
        return "" if at is None or at >= len(cells) else cells[at].strip()

    others = [
        (names[at] if at < len(names) else "", value.strip())
        for at, value in enumerate(cells)
        if at not in which.values() and value.strip()
    ]
    title, text = cell("title"), cell("text")
    if not title and not text and not others:
        return None
    if not title and "text" not in which and others:
        # A table of facts: a row is named after its first words.
        title = next((v for _, v in others if len(v) <= _SHORT and _HEAD_CELL.search(v)), "")
    published = day(cell("date"))
    if cell("date") and published is None:
        others.insert(0, (names[which["date"]], cell("date")))
    name = PurePath(given.stem).stem if not member else PurePath(member).stem
    return Document(
        text="\n".join(part for part in (text, _told(others)) if part),
        source=given.source,
        title=title or f"{name} {number}",
        published=published,
        byline=cell("byline"),
        section=cell("section"),
        url=cell("url"),
        member=member,
        unit="row",
        first_line=number,
        whole=True,
    )


def _told(facts: Sequence[tuple[str, str]]) -> str:
    """Facts of a row as one sentence, so that they are found together; long ones as lines."""
    lines = [f"{name}：{' '.join(value.split())}" if name else value for name, value in facts]
    if sum(map(len, lines)) > _SENTENCE or any("\n" in line for line in lines):
        return "\n".join(lines)
    told = "；".join(lines)
    return told if not told or told[-1] in "。！？!?.…" else f"{told}。"


def day(value: str) -> date | None:
    """The day that a cell names: any written day, ``20240305``, or seconds since 1970."""
    value = value.strip()
    if match := _COMPACT.match(value):
        try:
            return date(*(int(part) for part in match.groups()))
        except ValueError:
            return None
    if _EPOCH.fullmatch(value):
        return datetime.fromtimestamp(int(value[:10]), UTC).date()
    return first_date(value)


def words(value: object) -> str:
    """A value of a record as words."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, datetime | date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, list) and all(isinstance(v, str | int | float) for v in value):
        return (
            "\n".join(map(str, value))
            if any(len(str(v)) > _SHORT for v in value)
            else "、".join(map(str, value))
        )
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-]+", "", name).lower()
