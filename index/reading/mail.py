"""E-mails: subject, sender, day and text; what is attached is read by its own kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import cast

from index.decoding import decode
from index.errors import DamagedDocument, DocumentError, EmptyDocument
from index.reading import web
from index.reading.given import Given, Read, damage
from index.reading.markup import decoded
from index.types import Document

_WRAPPED = 60  # columns; a plain line as long as this was wrapped by the sender's program
_NEW = re.compile(r"[>\-*•·#|\s]|\d+[.、)]|[一二三四五六七八九十]+[、是]|（")


def read(given: Given, dispatch: Callable[[Given], Read], wanted: Callable[[str], bool]) -> Read:
    """The message, then what is attached to it, where ``wanted`` takes its name.

    Raises DamagedDocument or EmptyDocument; an attachment that cannot be read is yielded as its
    error.
    """
    with damage(given, "e-mail"):
        message = message_from_bytes(given.data, policy=policy.default)
        subject, sender = _header(message, "subject"), _header(message, "from")
        if not subject and not sender and not message.get("date"):
            raise DamagedDocument(
                given.shown, "it has none of the heads of an e-mail", "Add the message itself."
            )
        body, headings = _body(given, message)
        parts = list(_attached(message))
    if saved := _header(message, "snapshot-content-location"):
        # A page that a browser saved: sender and day are the browser's own.
        html = message.get_body(preferencelist=("html",))
        if html is not None:
            page = decoded(given.within("", _content(html)), html.get_content_charset())
            yield replace(web.document(given, page), url=saved)
            return
    if body.strip() or subject:
        yield Document(
            text=body,
            source=given.source,
            title=subject or None,
            published=_day(message),
            byline=parseaddr(sender)[0] or sender,
            member=given.member,
            unit="paragraph",
            headings=headings,
            whole=True,
        )
    elif not parts:
        raise EmptyDocument(given.shown, "the message holds no text", "Add one that does.")
    for name, part in parts:
        if wanted(name):
            try:
                with damage(given, "attachment"):
                    data = _content(part)
                yield from dispatch(given.within(name, data))
            except DocumentError as error:
                yield error


def _body(given: Given, message: EmailMessage) -> tuple[str, tuple[tuple[int, int], ...]]:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return "", ()
    data = _content(part)
    if not data.strip():
        return "", ()
    charset = part.get_content_charset()
    text = decoded(given.within("", data), charset)
    if part.get_content_type() == "text/html":
        page = web.document(given, text)
        above = f"{page.title}\n" if page.title and page.title not in page.text else ""
        shift = bool(above)
        return above + page.text, tuple((line + shift, rank) for line, rank in page.headings)
    return _unwrapped(text), ()


def _unwrapped(text: str) -> str:
    """Plain text without the line ends that the sender's program put into its paragraphs."""
    paragraphs: list[list[str]] = []
    goes_on = False
    for raw in text.splitlines():
        line = raw.rstrip()
        width = 2 * len(line) - len(line.encode("ascii", "ignore"))
        if goes_on and line and not _NEW.match(line):
            spaced = paragraphs[-1][-1][-1].isascii() and line[0].isascii()
            paragraphs[-1] += [" ", line] if spaced else [line]
        else:
            paragraphs.append([line])
        goes_on = width >= _WRAPPED and not line.startswith(">")
    return "\n".join("".join(parts) for parts in paragraphs)


def _attached(message: EmailMessage) -> list[tuple[str, Message]]:
    """What is attached, with names; a message within has its subject for a name."""
    found: list[tuple[str, Message]] = []
    for number, part in enumerate(message.iter_attachments(), start=1):
        name = part.get_filename() or ""
        if part.get_content_type() == "message/rfc822":
            name = f"{name or f'message-{number}'}".removesuffix(".eml") + ".eml"
        if name:
            found.append((name.replace("\\", "/").rsplit("/", 1)[-1], part))
    return found


def _content(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        return part.get_payload(0).as_bytes()  # type: ignore[union-attr]
    return cast(bytes, part.get_payload(decode=True) or b"")


def _header(message: Message, name: str) -> str:
    """A head's words; bytes that were sent without an encoding are told by what they can mean."""
    value = str(message.get(name) or "")
    if any("\udc80" <= c <= "\udcff" for c in value):
        found = decode(value.encode("utf-8", "surrogateescape"))
        value = found[0] if isinstance(found, tuple) else value.encode("utf-8", "replace").decode()
    return " ".join(value.split())


def _day(message: Message) -> date | None:
    try:
        return parsedate_to_datetime(str(message.get("date"))).date()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
