"""The words around an answer of several pieces: what is listed, and of which article each piece is."""

from __future__ import annotations

from collections.abc import Sequence

from index.patterns import lazy
from index.types import Article
from prompts import render
from qa.question import Kind, Question
from qa.scoring import Candidate

_MARKER = lazy(r"\[(\d+)\]")  # in a title: no citation of ours


def around(question: Question, chosen: Sequence[Candidate]) -> tuple[list[str], str]:
    """The words before each piece, and the line before all of them; empty where none are needed.

    A list of articles names each by its title and day, a timeline each piece by its day.
    """
    if question.kind is Kind.ARTICLES:
        heads = [_titled(c.article, question.language) for c in chosen]
        return heads, render("listed", question.language, count=len(chosen))
    if question.kind is Kind.TIMELINE:
        return [_dated(c.article, question.language) for c in chosen], ""
    return [""] * len(chosen), ""


def _titled(article: Article, language: str) -> str:
    title = _MARKER.sub(r"(\1)", " ".join(article.title.split()))
    if language == "en":
        return f"{title}{f' ({article.dated})' if article.dated else ''}: "
    return f"《{title}》{f'（{article.dated}）' if article.dated else ''}："


def _dated(article: Article, language: str) -> str:
    if not article.dated:
        return ""
    return f"{article.dated}: " if language == "en" else f"{article.dated}　"
