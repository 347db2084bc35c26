"""The questions of our own: near misses, and such that are answered.

They ask of articles of the data, and of pages of our own (``pages.jsonl``) in the manner of what a
search engine finds, a kind of which no data may be learned from. A line names its article; the span of
the answer is marked where it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.types import Article

NEAR_MISSES = Path(__file__).resolve().parent / "near_misses.jsonl"
READ = NEAR_MISSES.with_name("questions_read.jsonl")
"""What the reader learns from, on other articles and pages; how far to trust it, and what else is
learned of answers and refusal, from ``NEAR_MISSES``."""
UNSEEN = NEAR_MISSES.with_name("near_misses_unseen.jsonl")
"""More of both, from which nothing is learned: those with ``e`` in front by one of the hands
of ``NEAR_MISSES``, on a part of its articles; those with ``x`` on articles of their own; and those
with ``v`` too, by five further hands that were asked for the hardest near misses."""


def asked(corpora: Sequence[str], path: Path = NEAR_MISSES) -> list[tuple[str, str]]:
    """The questions on articles of some corpora, each a near miss (``near``) or answered
    (``written yes``)."""
    return [
        (row["question"], "written yes" if row["answerable"] else "near")
        for row in rows(path)
        if row["passage_id"].startswith(tuple(corpora))
    ]


def answered(articles: Mapping[str, Article]) -> list[dict[str, Any]]:
    """The questions on these articles whose answers are marked, in the form of the data's own."""
    return [
        {
            "question": row["question"],
            "answers": [articles[row["passage_id"]].text[row["start"] : row["end"]]],
            "passage_ids": [row["passage_id"]],
        }
        for row in rows(NEAR_MISSES)
        if "start" in row and row["passage_id"] in articles
    ]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The questions of one file: each with ``question``, ``passage_id``, ``answerable`` and, where
    it is answered and the answer is marked, ``start`` and ``end``."""
    yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())
