"""The questions of our own on articles of the data: near misses, and such that are answered.

A line of ``near_misses.jsonl`` names its article; the span of the answer is marked where it was.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.sentences import sentence_spans
from index.types import Article

NEAR_MISSES = Path(__file__).resolve().parent / "near_misses.jsonl"
UNSEEN = NEAR_MISSES.with_name("near_misses_unseen.jsonl")
"""More of both, from which nothing is learned: by one of the same hands, on a part of the articles."""
LEARNED_FROM = "training/near_misses.jsonl"
"""What the files of weights call them."""


def asked(corpora: Sequence[str], path: Path = NEAR_MISSES) -> list[tuple[str, str]]:
    """The questions on articles of some corpora, each a near miss (``near``) or answered
    (``written yes``); without those that the reader has learned from."""
    return [
        (row["question"], "written yes" if row["answerable"] else "near")
        for row in _rows(path)
        if row["passage_id"].startswith(tuple(corpora)) and (path == UNSEEN or not is_read(row))
    ]


def answered(articles: Mapping[str, Article]) -> list[dict[str, Any]]:
    """The questions on these articles whose answers are marked, in the form of the data's own; without
    those that the reader has learned from."""
    return [
        {
            "question": row["question"],
            "answers": [articles[row["passage_id"]].text[row["start"] : row["end"]]],
            "passage_ids": [row["passage_id"]],
        }
        for row in _rows(NEAR_MISSES)
        if "start" in row and row["passage_id"] in articles and not is_read(row)
    ]


def is_read(row: Mapping[str, Any]) -> bool:
    """Whether the reader learns from a question: from those on half of the articles."""
    return zlib.crc32(row["passage_id"].encode()) % 2 == 0


def sentences(texts: Mapping[str, str]) -> Iterator[tuple[str, str, list[tuple[str, bool]]]]:
    """The questions that the reader learns from, each with its article and the sentences of it, and
    whether they hold the answer; none of a near miss does."""
    for row in _rows(NEAR_MISSES):
        if not is_read(row) or (row["answerable"] and "start" not in row):
            continue
        text, at = texts[row["passage_id"]], row.get("start", -1)
        spans = sentence_spans(text, 0, len(text))
        yield row["question"], row["passage_id"], [(text[a:b], a <= at < b) for a, b in spans]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())
