"""A tree of HTML → its lines, headings marked: for web pages, chapters of books and mails.

>>> from lxml.html import fromstring
>>> lines_of(fromstring("<div><h2>要求</h2><p>一是快。<b>二是好。</b></p>结束</div>"))
[('要求', 2), ('一是快。二是好。', 0), ('结束', 0)]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from index.reading.given import Given, damage

Line = tuple[str, int]
"""A line of text and its rank as a heading: 1 to 6, or 0 for none."""

_UNSEEN = frozenset(
    "script style noscript template head title nav button select textarea iframe object svg math".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rb rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr hi ref graphic".split()
)
_HEADINGS = {f"h{rank}": rank for rank in range(1, 7)}
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]{3,20})", re.I)
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}


def decoded(given: Given, charset: str | None = None) -> str:
    """A page's text: in the encoding that it declares where that holds, else as told by its bytes.

    Raises UnknownEncoding or EmptyDocument.
    """
    from index.reading.plain import text_of

    declared = _DECLARED.search(given.data[:2048])
    name = charset or (declared[1].decode("ascii") if declared else "")
    name = _WIDER.get(name.lower(), name)
    if name and given.data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        try:
            text = given.data.decode(name)
        except (LookupError, ValueError):
            pass
        else:
            if text.strip() and "\0" not in text:
                return text.removeprefix("\ufeff")
    return text_of(given)[0]


def tree_of(text: str, given: Given) -> Any:
    """The tree of a page; nothing that it refers to is loaded. Raises DamagedDocument."""
    from lxml import etree, html

    text = _XML_HEAD.sub("", text, count=1)
    with damage(given, "HTML", etree.LxmlError):
        # A plain string with odd characters would be refused: surrogates stand for nothing.
        parser = html.HTMLParser(encoding="utf-8", no_network=True, recover=True, huge_tree=True)
        data = text.encode("utf-8", "replace").replace(b"\0", b"")
        return html.document_fromstring(data, parser=parser)


def lines_of(tree: Any) -> list[Line]:
    """The lines that a reader of the page would see, in order, blanks as a browser shows them."""
    lines: list[Line] = []
    parts: list[str] = []

    def close(rank: int = 0) -> None:
        text = _BLANKS.sub(" ", "".join(parts)).strip()
        parts.clear()
        if text:
            lines.append((text, rank))

    # A stack and no recursion: pages nest as deep as they like.
    stack: list[tuple[Any, bool, int]] = [(tree, False, 0)]
    while stack:
        node, done, rank = stack.pop()
        name = node.tag if isinstance(node.tag, str) else ""
        name = name.rsplit("}", 1)[-1].lower()
        inline = name in _INLINE
        if done:
            if name in {"td", "th"}:
                parts.append("\t")
            elif not inline and name not in {"br"}:
                close(rank)
            if node is not tree and node.tail:
                parts.append(node.tail)
            continue
        seen = bool(name) and name not in _UNSEEN
        own = _HEADINGS.get(name, rank)
        if (seen and name in {"br", "hr"}) or (seen and not inline and name not in {"td", "th"}):
            close(rank)
        stack.append((node, True, own if seen and not inline else rank))
        if seen:
            if node.text:
                parts.append(node.text)
            stack.extend((child, False, own) for child in reversed(node))
    close()
    return lines


def assembled(lines: Sequence[Line]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Lines as one text, and (line, rank) of its headings, lines counted from 1."""
    kept = [(text.replace("\n", " "), rank) for text, rank in lines]
    headings = tuple((n, rank) for n, (_, rank) in enumerate(kept, start=1) if rank)
    return "\n".join(text for text, _ in kept), headings
