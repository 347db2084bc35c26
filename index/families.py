"""How the embedding models that people use want their texts: prompts and pooling, by family.

A model's folder usually says so itself. Many do not name their prompts, and a plain transformers
folder (``config.json`` and weights, without ``modules.json``) names neither. Then its name tells.
The rows are from the model cards of the families.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Pooling = Literal["cls", "mean", "lasttoken"]
"""How a text's tokens become one vector: the first one's, the mean of all, or the last one's."""

_TASK = (
    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"
)
_BGE_ZH = "为这个句子生成表示以用于检索相关文章："
_BGE_EN = "Represent this sentence for searching relevant passages: "


@dataclass(frozen=True, slots=True)
class Family:
    """Models that are prompted and pooled alike: ``pattern`` is sought in their names."""

    pattern: str
    pooling: Pooling
    query: str = ""
    passage: str = ""


FAMILIES: tuple[Family, ...] = (
    Family(r"bge-m3", "cls"),
    Family(r"bge-(small|base|large)-zh", "cls", _BGE_ZH),
    Family(r"bge-(small|base|large)-en", "cls", _BGE_EN),
    Family(r"e5-mistral-\w+-instruct", "lasttoken", f"{_TASK} "),
    Family(r"e5-\w+-instruct", "mean", f"{_TASK} "),
    Family(r"e5-(small|base|large)", "mean", "query: ", "passage: "),
    Family(r"gte-multilingual", "cls"),
    Family(r"qwen3-embedding", "lasttoken", _TASK),
    Family(r"paraphrase-multilingual", "mean"),
)
"""The first row whose pattern is in a name, as whole words, in small letters, counts."""


def family_of(name: str) -> Family | None:
    """The family of a model, by its name on the hub or by its folder's; None if it has none.

    >>> family_of("intfloat/multilingual-e5-large-instruct").passage
    ''
    >>> family_of("/models/bge-small-zh-v1.5").pooling
    'cls'
    """
    for known_as in _names(name):
        for family in FAMILIES:
            if re.search(rf"(?<![a-z0-9]){family.pattern}(?![a-z0-9])", known_as):
                return family
    return None


def _names(name: str) -> Iterator[str]:
    """The last part of a name; of a folder in the hub's own cache, the model that it holds."""
    folder = Path(name).expanduser()
    parts = (folder.resolve() if folder.is_dir() else folder).parts[::-1]
    for part in (*parts[:1], *(p for p in parts if p.startswith("models--"))):
        yield part.split("--")[-1].lower().replace("_", "-")
