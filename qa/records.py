"""An answer as it is kept, and read again: everything but the evidence, which is found anew.

Articles that were offered are kept by id and title; what has left the library since stays named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from index.types import Article
from qa.types import (
    Answer,
    AnswerSentence,
    Background,
    Citation,
    Notice,
    NoticeKind,
    Problem,
    Status,
)

_CITATION = tuple(f.name for f in fields(Citation))


def to_record(answer: Answer) -> dict[str, Any]:
    """An answer as plain JSON values."""
    return {
        "question": answer.question,
        "text": answer.text,
        "status": str(answer.status),
        "sentences": [asdict(s) for s in answer.sentences],
        "citations": [asdict(c) for c in answer.citations],
        "nearest": [a.id for a in answer.nearest],
        "resolved": answer.resolved,
        "confidence": answer.confidence,
        "seconds": answer.seconds,
        "notices": [asdict(n) for n in answer.notices],
        "model": answer.model,
        "background": None if answer.background is None else asdict(answer.background),
    }


def from_record(record: dict[str, Any], article: Callable[[str], Article | None]) -> Answer:
    """The answer again; ``article`` finds the articles that it offered, by id.

    Raises KeyError, TypeError or ValueError when the record is not one of ``to_record``.
    """
    return Answer(
        question=record["question"],
        text=record["text"],
        status=Status(record["status"]),
        sentences=tuple(_sentence(s) for s in record["sentences"]),
        citations=tuple(citation_from(c) for c in record["citations"]),
        nearest=tuple(a for i in record["nearest"] if (a := article(i)) is not None),
        resolved=record["resolved"],
        confidence=record["confidence"],
        seconds=dict(record["seconds"]),
        notices=tuple(Notice(NoticeKind(n["kind"]), n["text"]) for n in record["notices"]),
        model=record["model"],
        background=_background(record.get("background")),
    )


def citation_from(record: dict[str, Any]) -> Citation:
    """A citation of a record; what a newer version wrote besides is passed over."""
    known = {name: record[name] for name in _CITATION if name in record}
    return Citation(**{**known, "also": tuple(known.get("also", ()))})


def _background(record: dict[str, Any] | None) -> Background | None:
    """What was known; records of before it was told have none."""
    if record is None:
        return None
    cited = tuple(citation_from(c) for c in record["citations"])
    return Background(record["thing"], record["missing"], record["text"], cited)


def _sentence(record: dict[str, Any]) -> AnswerSentence:
    known = {f.name: record[f.name] for f in fields(AnswerSentence) if f.name in record}
    known["markers"] = tuple(record["markers"])
    known["highlights"] = tuple((a, b) for a, b in record["highlights"])
    known["problems"] = tuple(Problem(p) for p in record["problems"])
    return AnswerSentence(**known)
