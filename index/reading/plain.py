"""Plain text and Markdown, in any encoding that is told apart without loss."""

from __future__ import annotations

import re

from index.decoding import Unreadable, decode
from index.errors import EmptyDocument, UnknownEncoding, UnsupportedDocument
from index.pages.dates import first_date
from index.reading.given import Given, Read
from index.types import Document

AS_TEXT = "Save it as plain text (.txt) and add that."

# The head of a Markdown file as site generators write it: “key: value” between two rules.
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n((?:[^\n]*\n){1,60}?)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)")
_ENTRY = re.compile(r"^(\w+)[ \t]*[:：][ \t]*(.+?)[ \t]*\r?$", re.MULTILINE)
_KEYS = {
    "title": {"title", "标题"},
    "date": {"date", "published", "日期", "发布日期"},
    "byline": {"author", "authors", "作者", "记者"},
    "section": {"section", "category", "categories", "栏目"},
}


def read(given: Given) -> Read:
    """The text, every character of it, line ends as they stand.

    Raises UnknownEncoding (with the place of the bad byte, where there is one), EmptyDocument,
    or UnsupportedDocument where the bytes are no text.
    """
    text, encoding = text_of(given)
    if not text.strip():
        cause = "the file holds white space only"
        raise EmptyDocument(given.shown, cause, "Add a file with text.")
    head = _FRONT_MATTER.match(text) if given.suffix in {".md", ".markdown"} else None
    facts = _facts(head[1]) if head else {}
    if head is None or not facts or not text[head.end() :].strip():
        yield Document(text, given.source, encoding, member=given.member)
        return
    yield Document(
        text=text[head.end() :],
        source=given.source,
        encoding=encoding,
        title=facts.get("title"),
        published=first_date(facts.get("date", "")),
        byline=facts.get("byline", ""),
        section=facts.get("section", ""),
        member=given.member,
        first_line=head.group().count("\n") + 1,
    )


def text_of(given: Given) -> tuple[str, str]:
    """The decoded text and its encoding's name. Raises as ``read`` does."""
    if not given.data.strip():
        raise EmptyDocument(given.shown, "the file is empty", "Add a file that holds text.")
    decoded = decode(given.data)
    if isinstance(decoded, Unreadable):
        raise _undecodable(given, decoded)
    if _share_of_controls(decoded[0]) > 0.01:
        raise UnsupportedDocument(given.shown, "it holds no text but binary data", AS_TEXT)
    return decoded


def _facts(head: str) -> dict[str, str]:
    """What a front matter says, under our own keys; quotes and brackets around values are left out."""
    found: dict[str, str] = {}
    for key, value in _ENTRY.findall(head):
        for ours, names in _KEYS.items():
            if key.lower() in names:
                found.setdefault(ours, value.strip("\"'[] "))
    return found


def _undecodable(given: Given, found: Unreadable) -> UnknownEncoding:
    if found.offset is None:
        mend = "Save it as UTF-8 text; if it is no text file, it cannot be added."
        cause = f"{found.why} (UTF-8, UTF-16, GB18030, Big5)"
        return UnknownEncoding(given.shown, cause, mend)
    line = given.data[: found.offset].decode(found.encoding, "replace").count("\n") + 1
    place = f"byte 0x{given.data[found.offset]:02x} in line {line}, at offset {found.offset}"
    return UnknownEncoding(
        given.shown, f"{found.why}: {place}", "Mend that place, or save it anew as UTF-8."
    )


def _share_of_controls(text: str) -> float:
    sample = text[:20_000]
    return sum(c < " " and c not in "\t\n\r\f\v\x1b\x1a" for c in sample) / max(1, len(sample))
