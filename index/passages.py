"""Article → passages: whole sentences, packed to a size that an embedding can hold. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from index.sentences import Span, clause_spans, sentence_spans
from index.types import Article

TARGET = 300
"""Characters that a passage aims at."""
LIMIT = 450
"""Characters that a passage never exceeds."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A passage before the library numbers it: ``article.text[start:end]``."""

    start: int
    end: int


def split(article: Article, target: int = TARGET, limit: int = LIMIT) -> list[Draft]:
    """Cut an article into passages of whole sentences, about ``target`` characters long.

    Together they hold every character of the text but blanks between them, in order, none twice.
    A sentence over ``limit`` is cut at clauses, then at ``limit``.
    """
    drafts: list[Draft] = []
    start = end = -1
    for a, b in _pieces(article.text, limit):
        if start < 0:
            start, end = a, b
        elif b - start > limit or (b - start > target and end - start >= target // 2):
            drafts.append(Draft(start, end))
            start, end = a, b
        else:
            end = b
    if start >= 0:
        drafts.append(Draft(start, end))
    if not drafts and article.title:
        drafts.append(Draft(0, 0))  # a title with no text is still findable
    return drafts


def embedded_text(article: Article, text: str) -> str:
    """What is embedded for a passage: its words under the article's title."""
    head = " ".join(part for part in (article.kicker, article.title) if part)
    return f"{head}\n{text}" if head else text


def _pieces(text: str, limit: int) -> list[Span]:
    """Sentences, those over ``limit`` cut smaller."""
    pieces: list[Span] = []
    for start, end in sentence_spans(text):
        if end - start <= limit:
            pieces.append((start, end))
            continue
        for a, b in clause_spans(text, start, end):
            cuts = ((i, min(i + limit, b)) for i in range(a, b, limit))
            pieces.extend((i, j) for i, j in cuts if not text[i:j].isspace())
    return pieces
