"""How much a text says for its length: Chinese characters and letters compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.characters import codes_of

LETTERS = 2.5
"""How many letters of an alphabet say as much as one Chinese character."""

_WIDE = 0x2E80  # the first code point of the East Asian blocks
_MARKS = 0x40  # up to here are blanks, figures and marks, which every language has


def scale(text: str) -> float:
    """How many characters of a text say as much as one Chinese character: 1 to ``LETTERS``.

    300 characters are a paragraph in Chinese, Japanese and Korean, two sentences in English.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    wide = int(np.count_nonzero(codes >= _WIDE))
    both = int(np.count_nonzero(codes > _MARKS))
    return both / (wide + (both - wide) / LETTERS) if both else 1.0


def scales(texts: Sequence[str]) -> list[float]:
    """``scale`` of many texts at once."""
    if not texts:
        return []
    # Each ends in a mark of its own, which counts neither way, so that an empty one has a place.
    codes, begins = codes_of(texts)
    first = begins[:-1]
    wide = np.add.reduceat(codes >= _WIDE, first, dtype=np.int64)
    narrow = np.add.reduceat((codes > _MARKS) & (codes < _WIDE), first, dtype=np.int64)
    both = np.maximum(wide + narrow, 1)
    found: list[float] = np.where(
        wide + narrow > 0, both / np.maximum(wide + narrow / LETTERS, 1e-9), 1.0
    ).tolist()
    return found
