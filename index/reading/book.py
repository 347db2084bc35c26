"""Books in EPUB: a chapter a document, in reading order, under the book's title and author."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from index.errors import DocumentError, EmptyDocument, EncryptedDocument
from index.pages.dates import first_date
from index.reading import archive
from index.reading.given import Given, Read, damage
from index.reading.markup import assembled, decoded, lines_of, tree_of
from index.types import Document

_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_CONTAINER = "META-INF/container.xml"
_PAGES = {"application/xhtml+xml", "text/html", "application/html"}


def read(given: Given) -> Read:
    """The chapters, those without text left out; one that cannot be read is yielded as its error.

    Raises DamagedDocument, EncryptedDocument, OversizedDocument or EmptyDocument.
    """
    from lxml import etree

    with archive.opened(given, "EPUB book") as opened:
        with damage(given, "EPUB book", etree.LxmlError):
            _refuse_locked(given, opened)
            package = _package_path(opened)
            root = _xml(opened.read(package))
            chapters = _chapters(root, package)
        facts = {
            name: " ".join("".join(node.itertext()).split())
            for name in ("title", "creator", "date")
            for node in reversed(root.findall(f".//{{*}}{name}"))
        }
        found = False
        for name in chapters:
            try:
                made = _chapter(given.within(name, _bytes(given, opened, name)), facts)
            except DocumentError as error:
                found = True
                yield error
                continue
            if made is not None:
                found = True
                yield made
    if not found:
        raise EmptyDocument(given.shown, "the book holds no text", "Add one that does.")


def _chapter(given: Given, facts: dict[str, str]) -> Document | None:
    lines = lines_of(tree_of(decoded(given), given)) if given.data.strip() else []
    if not lines:
        return None
    book = facts.get("title", "")
    title = next((text for text, rank in lines[:5] if rank in {1, 2, 3}), "")
    if title and lines[0][0] == title:
        lines = lines[1:]
    text, headings = assembled(lines)
    return Document(
        text=text,
        source=given.source,
        title=title or book or None,
        published=first_date(facts.get("date", "")),
        byline=facts.get("creator", ""),
        section=book if title and title != book else "",
        member=given.member,
        unit="paragraph",
        headings=headings,
        whole=True,
    )


def _bytes(given: Given, opened: ZipFile, name: str) -> bytes:
    with damage(given.within(name, b""), "chapter"):
        return opened.read(name)


def _xml(data: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(data, parser)
    if root is None:
        raise ValueError("its list of chapters is no XML")
    return root


def _package_path(opened: ZipFile) -> str:
    root = _xml(opened.read(_CONTAINER)).find(".//{*}rootfile")
    return str(root.get("full-path"))


def _chapters(root: Any, package: str) -> list[str]:
    """The files of the book's chapters, in reading order."""
    files = {
        item.get("id"): posixpath.normpath(
            posixpath.join(posixpath.dirname(package), unquote(item.get("href", "")))
        )
        for item in root.iterfind(".//{*}manifest/{*}item")
        if item.get("media-type") in _PAGES
    }
    order = [item.get("idref") for item in root.iterfind(".//{*}spine/{*}itemref")]
    return list(dict.fromkeys(files[each] for each in order if each in files))


def _refuse_locked(given: Given, opened: ZipFile) -> None:
    """Raise EncryptedDocument when chapters are locked; scrambled fonts do not matter."""
    if "META-INF/encryption.xml" not in opened.namelist():
        return
    locks = _xml(opened.read("META-INF/encryption.xml")).iterfind(".//{*}EncryptionMethod")
    if any(lock.get("Algorithm") not in _FONTS_ONLY for lock in locks):
        cause = "its chapters are locked (DRM)"
        raise EncryptedDocument(given.shown, cause, "Add a copy without a lock.")
