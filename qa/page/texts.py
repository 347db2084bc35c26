"""Every word of the page, in both languages. One table, one function."""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]

TEXTS: dict[str, tuple[str, str]] = {
    "name": ("有据", "Youju"),
    "motto": ("每句话都有出处", "Evidence for every sentence"),
    "library": ("{count} 篇文章", "{count} articles"),
    "library_one": ("1 篇文章", "1 article"),
    "library_empty": ("资料库是空的", "The library is empty"),
    "add_files": ("添加文件", "Add files"),
    "new_chat": ("新对话", "New chat"),
    "question": ("问题", "Question"),
    "placeholder": ("问一个资料里有答案的问题……", "Ask what your documents can answer…"),
    "welcome": ("想从资料里查什么？", "What would you like to find?"),
    "welcome_text": (
        "答案只用资料里的原句，每句都标明出处。点开角标，就能看到原文。",
        "Answers use the documents' own sentences, each with its source. Open a marker to see it.",
    ),
    "welcome_empty": (
        "点右上角“添加文件”，放入 .txt 或 .md 文件，就可以开始提问。",
        "Choose “Add files” at the top right, add .txt or .md files, and start asking.",
    ),
    "examples": ("可以这样问", "Try asking"),
    "you_asked": ("你的问题", "Your question"),
    "searching": ("正在查找……", "Searching…"),
    "sources": ("出处", "Sources"),
    "lines": ("第 {lines} 行", "lines {lines}"),
    "line": ("第 {lines} 行", "line {lines}"),
    "open_source": ("出处 {marker}：{title}", "Source {marker}: {title}"),
    "unsupported": (
        "这句话没有在所引原文中得到证实",
        "The cited text does not confirm this sentence",
    ),
    "unverified": (
        "部分内容没有在原文中得到证实，已用虚线标出。",
        "Some of this is not confirmed by the sources; it is marked with a dotted line.",
    ),
    "nearest": ("最接近的文章", "Nearest articles"),
    "source_panel": ("原文", "Source"),
    "close": ("关闭原文", "Close the source"),
    "gone": (
        "这篇文章已经不在资料库里了。",
        "This article is no longer in the library.",
    ),
    "upload": ("添加结果", "Files added"),
    "uploading": ("正在读取 {name}……", "Reading {name}…"),
    "indexing": ("正在建立索引……", "Indexing…"),
    "added": ("已添加 {count} 篇文章", "{count} articles added"),
    "added_one": ("已添加 1 篇文章", "1 article added"),
    "unchanged": ("已在资料库中", "Already in the library"),
    "failed": ("没有添加：{reason}", "Not added: {reason}"),
    "dismiss": ("关闭", "Dismiss"),
    "error": (
        "出错了，这个问题没有答成。请再试一次；仍然不行，请查看程序窗口里的错误信息。",
        "Something went wrong and this question was not answered. Try again; "
        "if it happens again, see the error in the program's window.",
    ),
    "error_upload": (
        "出错了，文件没有全部添加。请再试一次；仍然不行，请查看程序窗口里的错误信息。",
        "Something went wrong and not all files were added. Try again; "
        "if it happens again, see the error in the program's window.",
    ),
    "error_reason": ("没有答成：{reason}", "Not answered: {reason}"),
    "too_long": (
        "问题太长了，请控制在 {limit} 个字以内。",
        "The question is too long; keep it within {limit} characters.",
    ),
}
"""Each text as (Chinese, English), with ``str.format`` fields."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def text(key: str, language: Language, **values: object) -> str:
    """One text in one language. Raises KeyError for an unknown key or a missing value."""
    return TEXTS[key][0 if language == "zh" else 1].format(**values)


def language_of(accept_language: str | None) -> Language:
    """The page's language for a browser's ``Accept-Language``: Chinese if it comes before English.

    A browser that names neither gets English; one that names nothing gets Chinese.
    """
    if not accept_language:
        return "zh"
    wanted = [part.partition(";")[0].strip().lower() for part in accept_language.split(",")]
    for tag in wanted:
        if tag == "zh" or tag.startswith("zh-"):
            return "zh"
        if tag == "en" or tag.startswith("en-"):
            return "en"
    return "en"


def show_date(iso: str, language: Language) -> str:
    """A date as people write it, from ``2016-11-14`` or ``11-14``; anything else as it stands."""
    parts = iso.split("-")
    if len(parts) not in (2, 3) or not all(p.isascii() and p.isdigit() for p in parts):
        return iso
    year, month, day = ["", *parts][-3:]
    if not 1 <= int(month) <= 12:
        return iso
    if language == "zh":
        return f"{year}年{int(month)}月{int(day)}日" if year else f"{int(month)}月{int(day)}日"
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}".rstrip()


def show_dates(first: str, last: str, language: Language) -> str:
    """From one day to another, a year that both share said once."""
    begin, end = show_date(first, language), show_date(last, language)
    if begin == end:
        return begin
    year = first[:5]
    if len(first) == len(last) == len("2016-11-14") and last.startswith(year):
        if language == "zh":
            end = show_date(last[5:], language)
        else:
            begin = show_date(first[5:], language)
    return f"{begin}—{end}" if language == "zh" else f"{begin} – {end}"
