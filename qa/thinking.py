"""The thinking parts of a reasoning model, kept out of its answer.

Most servers send them apart from the answer; these are the models that think aloud, between tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_OPENING = ("<think>", "<thinking>", "<thought>", "<reasoning>", "[THINK]", "◁think▷")
_CLOSING = ("</think>", "</thinking>", "</thought>", "</reasoning>", "[/THINK]", "◁/think▷")
_OPEN = re.compile("|".join(map(re.escape, _OPENING)), re.IGNORECASE)
_CLOSE = re.compile("|".join(map(re.escape, _CLOSING)), re.IGNORECASE)
_LONGEST = max(map(len, _OPENING + _CLOSING))

START_AGAIN = None
"""What came so far was thinking too: its opening tag had been in the prompt."""


def without_thinking(pieces: Iterable[str]) -> Iterator[str | None]:
    """The pieces without what stands between the tags; ``START_AGAIN`` where a closing tag shows
    that all before it was thinking.

    >>> list(without_thinking(["<thi", "nk>嗯", "</think>好", "。"]))
    ['好', '。']
    """
    held, inside = "", False
    for piece in pieces:
        held += piece
        while True:
            match = (_CLOSE if inside else _EITHER).search(held)
            if match is None:
                break
            if not inside and _CLOSE.fullmatch(match.group()):
                yield START_AGAIN
            elif not inside and match.start():
                yield held[: match.start()]
            inside = not inside and bool(_OPEN.fullmatch(match.group()))
            held = held[match.end() :]
        kept = _begun(held)
        if not inside and len(held) > kept:
            yield held[: len(held) - kept]
        held = held[len(held) - kept :] if kept else ""
    if held and not inside:
        yield held


_EITHER = re.compile(f"{_OPEN.pattern}|{_CLOSE.pattern}", re.IGNORECASE)


def _begun(text: str) -> int:
    """How many characters at the end may be the beginning of a tag."""
    for n in range(min(_LONGEST - 1, len(text)), 0, -1):
        tail = text[-n:].lower()
        if any(tag.lower().startswith(tail) for tag in (*_OPENING, *_CLOSING)):
            return n
    return 0
