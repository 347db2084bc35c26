"""The words around an answer of several pieces: what is listed, and of which article each piece is."""

from __future__ import annotations

from collections.abc import Sequence

from index.patterns import lazy
from index.types import Article
from prompts import render
from qa.listing import Listing
from qa.question import Question
from qa.scoring import Candidate

_MARKER = lazy(r"\[(\d+)\]")  # in a title: no citation of ours


def listed(question: Question, found: Listing) -> tuple[list[str], str]:
    """The title and day to say before each article of a list, and the line above the list."""
    heads = [_titled(c.article, question.language) for c in found.pieces]
    return heads, render("listed", question.language, count=len(heads), more=found.more)


def dated(question: Question, chosen: Sequence[Candidate]) -> list[str]:
    """The day to say before each piece of a timeline."""
    return [_dated(c.article, question.language) for c in chosen]


def latest_first(pieces: Sequence[Candidate]) -> list[Candidate]:
    """Pieces of several articles, the latest article first, those of no known day last."""
    from qa.listing import by_day

    order = {a.id: i for i, a in enumerate(by_day([p.article for p in pieces])[::-1])}
    return sorted(pieces, key=lambda piece: order[piece.article.id])


def differing(question: Question, pieces: Sequence[Candidate]) -> tuple[list[str], str]:
    """The day to say before each of several pieces that differ (where none is known, the title),
    and the line above them."""
    known = all(p.article.dated for p in pieces)
    heads = [
        _dated(p.article, question.language) if known else _titled(p.article, question.language)
        for p in pieces
    ]
    return heads, render("differing", question.language, dated=known)


def _titled(article: Article, language: str) -> str:
    title = _MARKER.sub(r"(\1)", " ".join(article.title.split()))
    if language == "en":
        return f"{title}{f' ({article.dated})' if article.dated else ''}: "
    return f"《{title}》{f'（{article.dated}）' if article.dated else ''}："


def _dated(article: Article, language: str) -> str:
    if not article.dated:
        return ""
    return f"{article.dated}: " if language == "en" else f"{article.dated}　"
