"""Who wrote it: credits — bylines, sources, editors, stamps — and where one stands.

A credit is recognised as a whole or not at all: a line that says more than who, whence and
when is body text, whatever words it begins with.

    >>> credit("记者 景静 通讯员 王云霄").byline
    '记者 景静 通讯员 王云霄'
    >>> credit_at_end("争取走在全市前列。记者 范光华 通讯员 乐风海").byline
    '记者 范光华 通讯员 乐风海'
    >>> credit_at_start("本报讯（记者张三）昨日，全区……").byline
    '记者 张三'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.pages.credit_words import (
    BARE_ROLE,
    BRACKETS,
    EDGE,
    EDITOR,
    ENGLISH_NAMES,
    FILLER,
    LABELLED,
    NAME_ROLE,
    ORGAN,
    ORIGIN,
    REPORTER,
    ROLE,
    SENTENCE,
    SOURCE,
    SURNAMES,
    TIME,
    TOKEN,
    could_be_name,
    is_glued,
    is_name,
)
from index.pages.cues import HAN
from index.pages.dates import days, first_date

Part = Literal["author", "source", "editor", "photo", "name", "stamp", "filler"]
"""What a piece of a credit tells: who wrote it, whence it comes, who edited it, who took the
picture, a bare name, when or how it appeared, or a word that goes along (“报道”)."""

LONGEST = 90
"""No credit is longer than this many characters."""


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit found in a text: ``text[start:end]`` is the part that makes the byline.

    ``parts`` says what it tells, ``byline`` is normalised: one blank between words, a role
    set off from its name.
    """

    start: int
    end: int
    byline: str
    parts: frozenset[Part]


def credit(line: str) -> Credit | None:
    """The credit that ``line`` is, or None when it says anything else as well."""
    return None if len(line) > LONGEST or SENTENCE.search(line) else _credit(line)


@lru_cache(maxsize=4096)
def _credit(line: str) -> Credit | None:
    pieces = _pieces(line)
    if not pieces:
        return None
    parts = frozenset(part for _, _, part in pieces)
    if parts == {"filler"} and not (line[0] in BRACKETS and line[-1] in BRACKETS.values()):
        return None
    if parts == {"stamp"} and not (LABELLED.search(line) or first_date(line)):
        return None
    start, end = _byline_span(line, pieces)
    return Credit(start, end, _normalised(line[start:end]), parts)


def credit_at_end(text: str) -> Credit | None:
    """The credit with which a paragraph ends, after its last sentence or in brackets."""
    base = max(0, len(text) - LONGEST)
    tail = text[base:]
    for at in _tail_starts(tail):
        piece = tail[at:].rstrip()
        bracketed = piece[0] in BRACKETS
        if bracketed and piece[-1] in "。.":
            piece = piece[:-1].rstrip()
        found = credit(piece)
        if found is None or (found.parts <= {"stamp", "filler"} and not bracketed):
            continue
        start = base + at
        return Credit(start + found.start, start + found.end, found.byline, found.parts)
    return None


_OPEN_CREDIT = re.compile(rf"(?:{REPORTER}|{EDITOR}|{SOURCE})\s*[:：]?\s*$")


def credit_open(text: str) -> bool:
    """Whether ``text`` ends with a role whose name must follow: “通讯员”, “责任编辑：”."""
    return _OPEN_CREDIT.search(text[-20:]) is not None


_DATELINE = re.compile(
    rf"[【\[（(]?\s*[{HAN}A-Za-z·]{{2,14}}?(?:讯|訊|电|電|消息|报道|報道|報導)\s*[】\]）)]?\s*[，,：:]?\s*|"
    rf"[{HAN}A-Za-z·]{{2,20}}\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?日\s?(?:电|電|讯|訊|消息|报道|報道)\s*[：:，,]?\s*"
)
_OPENING = re.compile(r"[（(【\[](?P<inner>[^（(【\[）)】\]]{2,60})[）)】\]]")
_REPORTED = re.compile(
    rf"(?P<inner>(?:{ORGAN})?{REPORTER}\s?[{HAN}、 ]{{2,30}}?)\s?(?:(?:[{HAN}]{{2,4}})?(?:报道|報導|報道|摄影报道)|(?=[：:]))"
)


_SPACED = re.compile(
    rf"(?P<inner>(?:{ORGAN})?{REPORTER}\s?[{HAN}]{{2,3}}(?:[、\s][{HAN}]{{2,3}}){{0,3}})(?=\s)"
)


def credit_at_start(text: str) -> Credit | None:
    """The credit with which a paragraph begins: “本报讯（记者 …）”, “（记者 …）”, “记者 … 报道”."""
    head = text[: 2 * LONGEST]
    dateline = _DATELINE.match(head)
    for at in {dateline.end() if dateline else 0, 0}:
        for pattern in (_OPENING, _REPORTED, _SPACED):
            match = pattern.match(head, at)
            found = credit(match["inner"]) if match else None
            if match and found and found.parts & {"author", "name"}:
                start = match.start("inner")
                return Credit(start + found.start, start + found.end, found.byline, found.parts)
    return None


def _tail_starts(tail: str) -> Iterator[int]:
    """Where in ``tail`` a closing credit could begin, the longest first."""
    for match in re.finditer(
        r"(?<=[。！？!?….”」』）)\]】])\s*(?=[^\s。！？!?”」』）)\]】，,、；])|[（(【\[]|(?<=\s)(?=\S)",
        tail,
    ):
        if match.end() < len(tail) or match.start() < match.end():
            at = match.start() if match.group() in BRACKETS else match.end()
            if 0 < at < len(tail) and _may_precede(tail[:at].rstrip(), tail[at]):
                yield at


def _may_precede(before: str, first: str) -> bool:
    return bool(before) and (first in BRACKETS or before[-1] in "。！？!?….”」』）)]】")


Piece = tuple[int, int, Part]


def _pieces(line: str) -> list[Piece] | None:
    """The pieces of a credit line in order, or None when something else stands in it."""
    start = len(line) - len(line.lstrip(EDGE))
    end = len(line.rstrip(EDGE))
    if end - start < 1:
        return None
    if ENGLISH_NAMES.fullmatch(line, start, end):
        return [(start, end, "author")]
    labels = list(LABELLED.finditer(line, start, end))
    pieces: list[Piece] = []
    first = labels[0].start() if labels else end
    if first > start:
        before = _tokens(line, start, first)
        if before is None:
            return None
        pieces += before
    stops = [*(label.start() for label in labels[1:]), end][: len(labels)]
    for label, stop in zip(labels, stops, strict=True):
        value = _value(line, label, stop)
        if value is None:
            return None
        pieces += value
    return pieces


def _value(line: str, label: re.Match[str], stop: int) -> list[Piece] | None:
    """What stands after a label such as “来源：”, up to the next label."""
    part: Part = label.lastgroup  # type: ignore[assignment]
    text = line[label.end() : stop].rstrip(" \t\u3000|｜/／;；,，")
    end = label.end() + len(text)
    if text.count("（") > text.count("）") and line[end : end + 1] == "）":
        end += 1
    if len(text) > 32 or (label.group().startswith(("时间", "時間")) and not _is_moment(text)):
        return None
    if part in {"author", "editor", "photo"} and text and not text.isascii():
        tokens = TOKEN.findall(text)
        if any(len(token) > 12 for token in tokens) or len(tokens) > 8 or re.search("[，,]", text):
            return None
    return [(label.start(), end, part)]


def _is_moment(text: str) -> bool:
    """Whether ``text`` is a day with its year, and perhaps a time of day, and nothing else."""
    first = next(days(text), None)
    if first is None or first[1].year is None or first[0][0] > 0:
        return False
    rest = text[first[0][1] :].strip()
    return not rest or TIME.fullmatch(rest) is not None


def _tokens(line: str, start: int, end: int) -> list[Piece] | None:
    """The pieces of a stretch without labels: roles, names, days, papers; None if others."""
    dated = [(start + a, start + b) for (a, b), _ in days(line[start:end])]
    pieces: list[Piece] = [(a, b, "stamp") for a, b in dated]
    role: Part | None = None
    single = -1
    for match in TOKEN.finditer(line, start, end):
        at, stop, token = match.start(), match.end(), match.group()
        if any(a <= at and stop <= b for a, b in dated):
            continue
        if len(token) == 1 and not (BARE_ROLE.fullmatch(token) or FILLER.fullmatch(token)):
            if single < 0:
                single = at
                continue
            if line[single] not in SURNAMES:
                return None
            at, single = single, -1
            part: Part | None = "name"
        else:
            part = _token_part(token, role is not None, line[stop:end])
        if part is None or single >= 0:
            return None
        role = part if part in {"author", "editor"} else role
        pieces.append((at, stop, role if role and part == "name" else part))
    pieces.sort()
    bare = all(part == "name" for _, _, part in pieces)
    return None if single >= 0 or (bare and len(pieces) > 4) else pieces


def _token_part(token: str, after_role: bool, rest: str) -> Part | None:
    if TIME.fullmatch(token):
        return "stamp"
    for pattern in (BARE_ROLE, ROLE):
        match = pattern.fullmatch(token)
        if match:
            return match.lastgroup  # type: ignore[return-value]
    if is_name(token) or (after_role and could_be_name(token)):
        return "name"
    match = NAME_ROLE.fullmatch(token)
    if match and is_name(match["name"]):
        return match.lastgroup  # type: ignore[return-value]
    if ROLE.match(rest.lstrip()) and re.fullmatch(ORGAN, token):
        return "author"
    if is_glued(token):
        return "author"
    if FILLER.fullmatch(token):
        return "filler"
    if ORIGIN.fullmatch(token):
        return "source"
    return None


def _byline_span(line: str, pieces: list[Piece]) -> tuple[int, int]:
    """The part of the credit to show as byline: authors, else the source, else all of it."""
    parts = {part for _, _, part in pieces}
    writers: set[Part] = {"author", "photo", "name"}
    for wanted in (writers, {"source"}, {"editor"}):
        chosen = [piece for piece in pieces if piece[2] in wanted]
        if chosen and (wanted != writers or parts & {"author", "photo"} or not parts & {"source"}):
            return chosen[0][0], chosen[-1][1]
    return pieces[0][0], pieces[-1][1]


def _normalised(byline: str) -> str:
    spaced = re.sub(rf"({REPORTER}|{EDITOR})\s*[:：︰/／]?\s*(?=\S)", r"\1 ", byline)
    spaced = re.sub(rf"({REPORTER} [{HAN}]{{2,4}}?)(?={REPORTER} )", r"\1 ", spaced)
    spaced = re.sub(r"\s*[:：︰]\s*", " ", spaced)
    return re.sub(r"\s+", " ", spaced).strip()
