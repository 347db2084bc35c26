"""A follow-up question → one that stands by itself, written by a language model.

The same as ``followup.resolve``, which is what is used when the model fails, or writes what is no
question about the talk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.errors import GenerationError
from index.library import Library
from index.tokens import fold, is_bigrammed
from prompts import render
from qa.followup import Resolved, resolve
from qa.generator import Generator, Message
from qa.orders import addresses, gives_orders, harmless
from qa.question import analyse
from qa.thinking import START_AGAIN, without_thinking
from qa.types import Turn

_TURNS = 3  # that are shown to the model
_SHOWN = 200  # characters of an answer that are shown
_LONGEST = 200
_LABEL = re.compile(
    r"^\s*(?:改写后的?问题|新问题|完整问题|问题|问|rewritten question|question|q)\s*[:：]\s*",
    re.IGNORECASE,
)


def rewrite(
    question: str, turns: Sequence[Turn], library: Library, generator: Generator
) -> Resolved:
    """Make a question self-contained; what needs no turn before it stays as it is."""
    plain = resolve(question, turns, library)
    if not turns or plain.told:
        return plain
    language = analyse(question).language
    shown = [
        {"question": harmless(t.question), "answer": harmless(t.answer.text)[:_SHOWN]}
        for t in turns[-_TURNS:]
    ]
    asked = render("rewrite", language, turns=shown, question=harmless(question))
    try:
        text = _line(generator, asked)
    except GenerationError:
        return plain
    if not _is_rewriting(text, question, turns):
        return plain
    if fold(text) == fold(question.strip()):
        return Resolved(question)
    return Resolved(text, plain.prefer or _cited(turns[-1]))


def _line(generator: Generator, asked: str) -> str:
    """The first line that the model writes."""
    text = ""
    for piece in without_thinking(generator.stream([Message("user", asked)])):
        text = "" if piece is START_AGAIN else text + piece
        if len(text) > _LONGEST * 2:
            break
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return _LABEL.sub("", lines[0]).strip(' “”"「」*`') if lines else ""


def _is_rewriting(text: str, question: str, turns: Sequence[Turn]) -> bool:
    """Whether a line can be what the question means: it orders nobody about, and all that it says
    stands in the question or in the turns before it."""
    if not text or len(text) > _LONGEST or gives_orders(text) or addresses(text):
        return False
    said = fold(
        "\n".join(
            [question, *(f"{t.question}\n{t.answer.resolved}\n{t.answer.text}" for t in turns)]
        )
    )
    own = fold(text)
    pairs = [own[i : i + 2] for i in range(len(own) - 1) if all(map(is_bigrammed, own[i : i + 2]))]
    words = re.findall(r"[a-z]{3,}|\d+", own)
    units = pairs + words
    return bool(units) and sum(u in said for u in units) >= _KNOWN * len(units)


_KNOWN = 0.6  # the part of a rewritten question that the talk must hold


def _cited(turn: Turn) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.article_id for c in turn.answer.citations))
