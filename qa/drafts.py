"""What a model writes, as it comes → sentences, each with the markers that it gave.

>>> draft = Draft()
>>> draft.add("会议在3月举行。[1]会上提出")
(DraftSentence(text='会议在3月举行。', markers=(1,), new_line=True),)
>>> draft.pending
'会上提出'
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.sentences import sentence_spans

_MARKER = re.compile(
    r"\s*(?:\[\^?|【|［)\s*(\d{1,3}(?:\s*[,，、;；]\s*\d{1,3})*)\s*(?:†[^\]】]*)?(?:\]|】|］)(?!\()"
)
_OPEN_MARKER = re.compile(r"\s*(?:\[|【|［)[\d\s,，、;；^†]*$")
# What Markdown puts around words: it is no part of them.
_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()\s]{0,500}(?:\s[^()]{0,200})?\)")
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,300}>|<\|[^|<>]{0,60}\|>")
_EMPHASIS = re.compile(r"\*\*|__|`+|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
_BULLET = re.compile(r"^\s*(?:#{1,6}\s+|[-*+•·>]\s+|(?:>\s*)+)+")
_RULE = re.compile(r"^\s*(?:[-*_=|:]\s*){3,}$|^\s*```.*$")
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence as the model wrote it, without markers and Markdown; ``new_line`` if it began one."""

    text: str
    markers: tuple[int, ...]
    new_line: bool


class Draft:
    """Grows piece by piece; ``add`` and ``end`` give each sentence once, as soon as it is whole.

    A sentence is whole when the next begins: a marker may follow its full stop.
    """

    def __init__(self) -> None:
        self._line = ""
        self._given = 0

    def add(self, piece: str) -> tuple[DraftSentence, ...]:
        """What has become whole with one more piece."""
        *lines, self._line = (self._line + piece.replace("\r", "\n")).split("\n")
        found: list[DraftSentence] = []
        for line in lines:
            found += _sentences(line)[self._given :]
            self._given = 0
        # Where a quotation is open, it is not known yet where its sentence ends.
        quoted = _open_quote(self._line)
        growing = _sentences(self._line[:quoted], growing=True)[:-1]
        found += growing[self._given :]
        self._given = max(self._given, len(growing))
        return tuple(found)

    def end(self) -> tuple[DraftSentence, ...]:
        """What is left when nothing more comes."""
        found = _sentences(self._line)[self._given :]
        self._line, self._given = "", 0
        return tuple(found)

    @property
    def pending(self) -> str:
        """The sentence that is being written, as far as it has come, without markers."""
        rest = _sentences(self._line, growing=True)[self._given :]
        return rest[-1].text if rest else ""


def _open_quote(line: str) -> int:
    """Where the first quotation begins that has not ended yet; the line's length if none has."""
    opened: list[int] = []
    for i, char in enumerate(line):
        if char in "“「『":
            opened.append(i)
        elif char in "”」』" and opened:
            opened.pop()
    return opened[0] if opened else len(line)


def _sentences(line: str, growing: bool = False) -> list[DraftSentence]:
    """The sentences of one line. Of a growing line the last one is the one being written."""
    plain, markers = _without_markers(_plain(line), growing)
    found: list[DraftSentence] = []
    spans = sentence_spans(plain)
    for i, (start, end) in enumerate(spans):
        until = spans[i + 1][0] if i + 1 < len(spans) else len(plain) + 1
        # A marker at the very beginning of a sentence belongs to the one before it.
        own = [n for at, n in markers if (start < at or i == 0) and at <= max(end, until - 1)]
        text = plain[start:end]
        if any(c.isalnum() for c in text):
            found.append(DraftSentence(text, tuple(dict.fromkeys(own)), not found))
    return found


def _plain(line: str) -> str:
    """A line without Markdown, HTML and characters that are not seen. Addresses of links go."""
    line = _CONTROL.sub("", line)
    if _RULE.match(line):
        return ""
    line = _TAG.sub("", _LINK.sub(r"\1", line))
    return _EMPHASIS.sub("", _BULLET.sub("", line))


def _without_markers(line: str, growing: bool) -> tuple[str, list[tuple[int, int]]]:
    """A line without its markers, and where each stood: (place in what is left, number)."""
    if growing:
        line = _OPEN_MARKER.sub("", line)
    parts: list[str] = []
    markers: list[tuple[int, int]] = []
    at = length = 0
    for match in _MARKER.finditer(line):
        parts.append(line[at : match.start()])
        length += match.start() - at
        markers += [(length, int(n)) for n in re.findall(r"\d+", match.group(1))]
        at = match.end()
    return "".join([*parts, line[at:]]), markers
