"""Articles, citations and answers made up for tests; any field can be given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from index.library import Library
from index.types import Article, Origin
from qa.types import Answer, AnswerSentence, Citation, Status


def make_library(texts: Mapping[str, str], folder: Path) -> Library:
    """A library of files with these names and texts."""
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    library = Library.open(folder / "library")
    library.add([folder / f"{name}.txt" for name in texts])
    return library


def make_article(text: str = "第一段。\n第二段有两句。这是第二句。", **changes: object) -> Article:
    values: dict[str, object] = {
        "id": "a1",
        "title": "贾鲁河治理",
        "text": text,
        "language": "zh",
        "source": "/home/someone/news/erqi.txt",
        "origin": Origin(3, 9),
        "published": date(2016, 11, 14),
        "byline": "记者 景静",
    }
    return Article(**{**values, **changes})  # type: ignore[arg-type]


def make_citation(marker: int = 1, **changes: object) -> Citation:
    values: dict[str, object] = {
        "marker": marker,
        "article_id": "a1",
        "title": "贾鲁河治理",
        "byline": "记者 景静",
        "published": "2016-11-14",
        "source": "/home/someone/news/erqi.txt",
        "lines": "12-14",
        "start": 5,
        "end": 12,
        "quote": "第二段有两句。",
    }
    return Citation(**{**values, **changes})  # type: ignore[arg-type]


def make_answer(*sentences: AnswerSentence, text: str = "", **changes: object) -> Answer:
    shown = text or "".join(s.text + "".join(f"[{m}]" for m in s.markers) for s in sentences)
    values: dict[str, object] = {"citations": (make_citation(),), "status": Status.ANSWERED}
    return Answer("问", shown, sentences=sentences, **{**values, **changes})  # type: ignore[arg-type]
