"""Characters of many texts as numbers, worked out once for each character and found in NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.arrays import unique
from index.tokens import fold

Codes = NDArray[np.uint32]
"""Code points of texts."""
_ALL = 0x110000


class ByCharacter:
    """A number above 0 for each character, asked of ``number`` when the character is first met."""

    def __init__(self, number: Callable[[str], int]) -> None:
        self._number = number
        self._known = np.zeros(_ALL, np.uint32)  # pages that are never touched take no memory

    def __call__(self, codes: Codes) -> NDArray[np.uint32]:
        """The number of each character."""
        found: NDArray[np.uint32] = self._known.take(codes)
        if not found.all():
            new = unique(codes[found == 0])
            self._known[new] = [self._number(chr(code)) for code in new.tolist()]
            found = self._known.take(codes)
        return found


FOLDED = ByCharacter(lambda char: ord(fold(char)))
"""``index.tokens.fold`` of each character."""


def codes_of(texts: Sequence[str], between: str = "\n") -> tuple[Codes, NDArray[np.int64]]:
    """The code points of texts, ``between`` (one character) after each, and where each begins;
    the last of these is where all end."""
    joined = between.join([*texts, ""])
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    begins = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) + 1 for text in texts], out=begins[1:])
    return codes, begins


def text_of(codes: Codes) -> str:
    """Code points as a text."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
