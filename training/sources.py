"""The data that the model is trained on, read from ``../shared/data`` line by line."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

ARTICLES = ("corpora/crud_a", "corpora/xwlb_train")
JAPANESE = ("corpora/jaquad_train", "questions/jaquad_train")
POLICY = "pairs/ncp_qa"
DICTIONARIES = {"parallel/cedict": "en", "parallel/cfdict_fr": "fr"}
PAGES = "pages"
"""The pages of our own writing, in ``pages.jsonl``."""
READ = ("jaquad_train", "drcd_dev")
"""Whose questions and articles the reader learns from."""
SENTENCES = ("parallel/tatoeba_2019", "parallel/wmt21_22")


def rows(name: str, data: Path = DATA) -> Iterator[dict[str, Any]]:
    """The objects of one file, such as ``"corpora/crud_a"`` or ``PAGES``."""
    if name == PAGES:
        own = Path(__file__).with_name("pages.jsonl").read_text(encoding="utf-8")
        yield from map(json.loads, own.splitlines())
        return
    with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def rows_of(names: tuple[str, ...], data: Path = DATA) -> Iterator[dict[str, Any]]:
    """The objects of several files, one file after the other."""
    for name in names:
        yield from rows(name, data)


def is_read(passage: str) -> bool:
    """Whether the reader has learned from the questions on an article: of DRCD's two thirds. With
    the others it is learned how far to trust it, and measured."""
    return passage.startswith(READ) and (
        not passage.startswith("drcd") or zlib.crc32(passage.encode()) % 3 > 0
    )


def unread(name: str, data: Path = DATA) -> Iterator[dict[str, Any]]:
    """The questions of one file that the reader has not learned from."""
    for row in rows(name, data) if name else ():
        if not any(is_read(passage) for passage in row["passage_ids"]):
            yield row
