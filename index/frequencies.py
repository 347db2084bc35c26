"""How common a word is in news at large: what a small library cannot know by itself."""

from __future__ import annotations

import math
from functools import lru_cache
from importlib import resources

_RARE = 15.0  # articles, for a word that is not in the table (its floor is 30)
_TRUST = 500.0  # passages of a library that weigh as much as the table


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], float]:
    text = (resources.files("index") / "model" / "frequencies.txt").read_text(encoding="utf-8")
    head, _, rows = text.partition("\n")
    fields = rows.split()  # word, count, word, count …; the few counts wanted become numbers later
    return dict(zip(fields[::2], fields[1::2], strict=True)), float(head.split("\t")[1])


def salience(word: str, passages_with: int, passages: int) -> float:
    """How much a folded word says (≥ 0, natural log): its idf in the library and in news at large.

    ``passages_with`` of the library's ``passages`` hold the word. The more passages a library
    has, the more its own counts decide.
    """
    table, articles = _table()
    share = float(table.get(word, _RARE)) / articles
    return max(0.0, math.log((passages + _TRUST + 1) / (passages_with + _TRUST * share + 0.5)))
