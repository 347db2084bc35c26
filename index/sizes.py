"""How much a text says for its length: Chinese characters and letters compared."""

from __future__ import annotations

import numpy as np

LETTERS = 2.5
"""How many letters of an alphabet say as much as one Chinese character."""

_WIDE = 0x2E80  # the first code point of the East Asian blocks


def scale(text: str) -> float:
    """How many characters of a text say as much as one Chinese character: 1 to ``LETTERS``.

    300 characters are a paragraph in Chinese, Japanese and Korean, two sentences in English.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    wide = int((codes >= _WIDE).sum())
    narrow = int(((codes > 0x40) & (codes < _WIDE)).sum())
    return (wide + narrow) / (wide + narrow / LETTERS) if wide + narrow else 1.0
