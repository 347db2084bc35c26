"""Web pages: trafilatura tells the article from what stands around it, and finds its title,
author and date."""

from __future__ import annotations

import copy
import logging
import re
from typing import Any

from index.errors import EmptyDocument
from index.pages.dates import first_date
from index.reading.given import Given, Read, damage
from index.reading.markup import Line, assembled, decoded, lines_of, tree_of
from index.types import Document

_HEAD = 6  # lines of a page among which its title is looked for
_SHORT = 40  # characters; a page of which less is found is read whole
_RANK = re.compile(r"h([1-6])")
_AUTHOR = "//meta[@name='author' or @property='article:author' or @name='byl']/@content"
_SITE_TAIL = re.compile(r"\s*[-_|–—]\s*[^-_|–—]{2,20}$")


def read(given: Given) -> Read:
    """The article of a page. Raises EmptyDocument where it has none, or as decoding does."""
    yield document(given, decoded(given))


def document(given: Given, page: str) -> Document:
    """The article of a page that is decoded already."""
    tree = tree_of(page, given)
    found = _extracted(page, given)
    lines = _lines(found.body) if found is not None else []
    if sum(len(text) for text, _ in lines) < _SHORT:
        lines = lines_of(tree) or lines  # a short notice: what a browser shows
    title = _title(found, tree, lines)
    at = next((i for i, (text, _) in enumerate(lines[:_HEAD]) if text == title), -1)
    lines = lines[at + 1 :]  # above an article's own title stands the site's menu
    if not lines and not title:
        cause = "no text was found in the page"
        raise EmptyDocument(given.shown, cause, "Open it in a browser and save what it shows.")
    text, headings = assembled(lines)
    author = (found.author if found is not None else None) or "; ".join(tree.xpath(_AUTHOR)[:3])
    return Document(
        text=text,
        source=given.source,
        title=title or None,
        published=first_date(found.date or "") if found is not None else None,
        byline=str(author or "").strip(),
        url=str((found.url if found is not None else None) or ""),
        member=given.member,
        unit="paragraph",
        headings=headings,
        whole=True,
    )


def _extracted(page: str, given: Given) -> Any:
    """What trafilatura makes of a page; None where it finds no article."""
    from lxml import etree
    from trafilatura import bare_extraction
    from trafilatura.settings import DEFAULT_CONFIG

    # It reports pages without an article through logging: here that is no news.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    logging.getLogger("htmldate").addHandler(logging.NullHandler())
    config = copy.deepcopy(DEFAULT_CONFIG)
    # Its threshold is meant for languages with alphabets.
    config.set("DEFAULT", "min_extracted_size", str(_SHORT))
    clean = page.encode("utf-8", "replace").decode().replace("\0", "")
    with damage(given, "HTML", etree.LxmlError):
        return bare_extraction(
            clean,
            include_comments=False,
            favor_recall=True,
            with_metadata=True,
            # Dates in the text are looked for later, by what they say of the article.
            date_extraction_params={"extensive_search": False, "original_date": True},
            config=config,
        )


def _lines(body: Any) -> list[Line]:
    """The lines of trafilatura's own tree: its headings have the rank as an attribute."""
    for head in body.iter("head"):
        rank = _RANK.match(head.get("rend") or "")
        head.tag = f"h{rank[1]}" if rank else "h2"
    for old, new in (("cell", "td"), ("lb", "br"), ("code", "p")):
        for node in body.iter(old):
            node.tag = new
    return lines_of(body)


def _title(found: Any, tree: Any, lines: list[Line]) -> str:
    """The title in the page's own heading, its metadata, or its head without the site's name."""
    first = [text for text, rank in lines[:3] if rank == 1]
    named = str((found.title if found is not None else None) or "").strip()
    if first:
        return first[0]
    head = named or " ".join("".join(tree.xpath("//title//text()")).split())
    short = _SITE_TAIL.sub("", head)
    if short and (not named or any(text == short for text, _ in lines[:_HEAD])):
        return short
    return head
