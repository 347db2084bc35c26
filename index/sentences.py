"""Text → sentences, as spans of the text: Chinese and other languages, quotations kept whole.

>>> text = "他说：“好。我来。”大家都笑了。"
>>> [text[a:b] for a, b in sentence_spans(text)]
['他说：“好。我来。”', '大家都笑了。']
"""

from __future__ import annotations

import re
from itertools import pairwise

Span = tuple[int, int]

_FULL_STOPS = "。！？!?…．｡؟۔।॥"
_CLOSERS = "”’」』）)】》〉"
_PLAIN, _MORE = "。！？", f"{_FULL_STOPS}{_CLOSERS}\"'"
_OPEN_TO_CLOSE = {"“": "”", "「": "」", "『": "』", "（": "）", "【": "】"}
_EDGE = re.compile(f"[{''.join(_OPEN_TO_CLOSE)}{''.join(_OPEN_TO_CLOSE.values())}]")
_MARK = re.compile("[." + _FULL_STOPS + "".join(_OPEN_TO_CLOSE) + "]")
# A quotation longer than this is cut at its own full stops: it is a speech, not a phrase.
_LONGEST_WHOLE_QUOTE = 120
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|etc|Inc|Ltd|Co|Jr|Sr|e\.g|i\.e"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z])\.$"
)
# After these a small letter means that the sentence goes on: “…at 8 p.m. and left”, "Why?" he said.
_PAUSE = re.compile(r"(?:[”’」』\"']|\.\w{1,3}\.|\.\.|…)$")
_PAUSES = "”’」』\"'.…"  # what it ends in: most sentences end in something else
# A number that opens a sentence ("1.", "(2).") counts it and does not end it.
_ORDINAL = re.compile(r"^\s*[（(]?\d{1,3}[)）]?\.$")
_LONGEST_HEAD = 12  # characters; no abbreviation or ordinal is longer
_FAR = 1000  # characters; no straight quotation is looked for further back


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of ``text[start:end]``, in order, blanks at both ends left out.

    A line end always ends a sentence. Full stops inside a short quotation or bracket do not.
    """
    end = len(text) if end is None else end
    spans: list[Span] = []
    for line_start, line_end in _lines(text, start, end):
        spans.extend(_line_sentences(text, line_start, line_end))
    return spans


def clause_spans(text: str, start: int, end: int) -> list[Span]:
    """The parts of a sentence between semicolons (；;), separators kept with the part before."""
    spans: list[Span] = []
    begin = start
    for match in re.finditer("[；;]", text[start:end]):
        cut = start + match.end()
        _append(spans, text, begin, cut)
        begin = cut
    _append(spans, text, begin, end)
    return spans


def _lines(text: str, start: int, end: int) -> list[Span]:
    cuts = [m.start() for m in re.finditer(r"[\n\r\u2028\u2029]", text[start:end])]
    edges = [start, *(start + c for c in cuts), end]
    return [(a, b) for a, b in pairwise(edges) if b > a]


def _line_sentences(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    begin = at = start
    while mark := _MARK.search(text, at, end):
        at = mark.end()
        char = text[at - 1]
        if char in _PLAIN and (at == end or text[at] not in _MORE):  # as most sentences end
            _append(spans, text, begin, at)
            begin = at
            continue
        if char in _OPEN_TO_CLOSE:
            quote_end = _whole_quote_end(text, at - 1, end)
            at = max(at, quote_end)
            ends = quote_end > 0 and _ends_after_quote(text, at, end)
        else:
            ends = _ends_sentence(text, begin, at, end)
        if ends:
            at = _past_closers(text, begin, at, end)
            if not _goes_on(text, at, end):
                _append(spans, text, begin, at)
                begin = at
    _append(spans, text, begin, end)
    return spans


def _whole_quote_end(text: str, at: int, end: int) -> int:
    """Where the quotation opened at ``at`` closes, or -1 when it is not to be kept whole."""
    depth = 0
    for mark in _EDGE.finditer(text, at, min(end, at + _LONGEST_WHOLE_QUOTE)):
        if mark.group() in _OPEN_TO_CLOSE:
            depth += 1
        else:
            depth -= 1
            if depth <= 0:
                return mark.end()
    return -1


def _ends_after_quote(text: str, at: int, end: int) -> bool:
    """Whether a sentence ends with the quotation that closes just before ``at``.

    “……。” ends it when its own full stop stands before the closing mark, and the words before
    the quotation announce speech or nothing joins on after it.
    """
    if at < 2 or text[at - 1] not in "”」』" or text[at - 2] not in _FULL_STOPS + ".":
        return False
    return at >= end or text[at] not in "，,、；;：:的地得和与及是等"


def _ends_sentence(text: str, begin: int, at: int, end: int) -> bool:
    """Whether the full stop just before ``at`` ends the sentence that starts at ``begin``."""
    char = text[at - 1]
    if char == "．":  # full-width ordinals and decimals: １．加强…, ３．５％
        return not text[at - 2 : at - 1].isdigit()
    if char in "!?":  # inside an address: /search?id=3
        return at >= end or not (text[at].isascii() and text[at].isalnum())
    if char != ".":
        return True
    if at < end and not (text[at].isspace() or text[at] in _CLOSERS + "\"'"):
        return False
    head = text[max(begin, at - _LONGEST_HEAD) : at]
    opening = at - begin <= _LONGEST_HEAD and _ORDINAL.search(head)
    return not (opening or _ABBREVIATION.search(head))


def _past_closers(text: str, begin: int, at: int, end: int) -> int:
    """The place after further full stops and closing marks; a straight quote only if it closes."""
    while at < end:
        char = text[at]
        if char == '"':
            closes = text.count('"', max(begin, at - _FAR), at) % 2 == 1
        elif char == "'":
            closes = at + 1 >= end or text[at + 1].isspace()
        else:
            closes = char in _FULL_STOPS or char in _CLOSERS
        if not closes:
            break
        at += 1
    return at


def _goes_on(text: str, at: int, end: int) -> bool:
    """Whether the sentence goes on after a quotation, an abbreviation or dots: a small letter is next."""
    if text[at - 1] not in _PAUSES or not _PAUSE.search(text[max(0, at - _LONGEST_HEAD) : at]):
        return False
    while at < end and text[at].isspace():
        at += 1
    return at < end and text[at].islower()


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        spans.append((start, end))
