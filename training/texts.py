"""Texts as token numbers, and articles as sentences of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training import sources

Ids = NDArray[np.int32]
SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")


@dataclass(frozen=True)
class Corpus:
    """Articles as sentences of tokens: article i has sentences ``first[i]:first[i + 1]``."""

    sentences: list[Ids]
    first: NDArray[np.int64]
    titles: list[Ids]

    def __len__(self) -> int:
        return len(self.first) - 1


class Encoder:
    """Text → token numbers, in batches."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer

    def __call__(self, texts: list[str]) -> list[Ids]:
        """One int32 array for each text."""
        out: list[Ids] = []
        for i in range(0, len(texts), 4096):
            found = self.tokenizer.encode_batch_fast(texts[i : i + 4096], add_special_tokens=False)
            out += [np.array(e.ids, np.int32) for e in found]
        return out


def read_corpus(names: tuple[str, ...], encode: Encoder, data: Path) -> Corpus:
    """Read whole articles as sentences."""
    sentences, first, titles = list[Ids](), [0], list[str]()
    waiting: list[str] = []
    for row in sources.rows_of(names, data):
        waiting += [s for s in SENTENCE.findall(row["text"]) if len(s.strip()) > 1] or [
            row["text"] or "。"
        ]
        first.append(len(sentences) + len(waiting))
        titles.append(re.sub(r"^【[^】]*】", "", row["title"]) or row["title"])
        if len(waiting) > 20000:
            sentences += encode(waiting)
            waiting = []
    sentences += encode(waiting)
    return Corpus(sentences, np.array(first), encode(titles))
