"""The data that the model is trained on, read from ``../shared/data`` line by line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

ARTICLES = ("corpora/crud_a", "corpora/xwlb_train")
JAPANESE = ("corpora/jaquad_train", "questions/jaquad_train")
POLICY = "pairs/ncp_qa"
DICTIONARIES = {"parallel/cedict": "en", "parallel/cfdict_fr": "fr"}
SENTENCES = ("parallel/tatoeba_2019", "parallel/wmt21_22")


def rows(name: str, data: Path = DATA) -> Iterator[dict[str, Any]]:
    """The objects of one file, such as ``"corpora/crud_a"``."""
    with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def rows_of(names: tuple[str, ...], data: Path = DATA) -> Iterator[dict[str, Any]]:
    """The objects of several files, one file after the other."""
    for name in names:
        yield from rows(name, data)
