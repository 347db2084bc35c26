"""Reprints: articles with nearly the same text, which take one place among what was found.

How alike two texts are is the Jaccard similarity of their shingles (five characters each),
estimated by bottom-k MinHash (Broder, “On the resemblance and containment of documents”, 1997):
the ``SKETCH`` smallest hashes of a text stand for all of them. datasketch does the same with one
smallest hash of each of many permutations; a test compares the two. It is not used here, since
importing it takes a second, longer than a whole ``youju ask``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.patterns import lazy
from index.types import Article, Hit

SKETCH = 128
"""Hashes that are kept of a text."""
ALIKE, ALIKE_SHORT = 0.7, 0.85
"""Similarity from which two texts are reprints; of short ones more, since notices are made from
one form."""
SHORT = 200
"""Characters of a short text."""
SAME_NUMBERS = 0.9
"""Share of its numbers that the one with fewer must have in common with the other: two notices
made from one form differ in these."""
_LEAST = 40  # characters; shorter texts are too alike by chance
_SHINGLE = 5
_NUMBER = lazy(r"\d+(?:\.\d+)?")
_BLANK = lazy(r"[\s\u3000]+")


@dataclass(frozen=True, slots=True)
class Sketch:
    """The ``SKETCH`` smallest hashes of a text's shingles, ascending; its length; its numbers."""

    hashes: NDArray[np.uint32]
    length: int
    numbers: frozenset[str]


def sketch(text: str) -> Sketch:
    """What a text is compared by. White space does not count."""
    plain = _BLANK.sub("", text)
    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    count = max(0, len(codes) - _SHINGLE + 1)
    hashes = np.zeros(count, np.uint64)
    for i in range(_SHINGLE):
        hashes = (hashes ^ codes[i : i + count]) * np.uint64(0x9E3779B97F4A7C15)
        hashes ^= hashes >> np.uint64(29)
    smallest = np.unique((hashes >> np.uint64(32)).astype(np.uint32))[:SKETCH]
    return Sketch(smallest, len(plain), frozenset(_NUMBER.findall(plain)))


def similarity(a: Sketch, b: Sketch) -> float:
    """The estimated Jaccard similarity of two texts, 0 to 1; exact for short ones."""
    together = np.union1d(a.hashes, b.hashes)[:SKETCH]
    if not len(together):
        return 0.0
    in_both = np.isin(together, a.hashes, assume_unique=True) & np.isin(
        together, b.hashes, assume_unique=True
    )
    return float(in_both.mean())


def are_reprints(a: Sketch, b: Sketch) -> bool:
    """Whether two texts are one, printed twice."""
    short, long = sorted((a.length, b.length))
    least = ALIKE_SHORT if short < SHORT else ALIKE
    if short < _LEAST or short < least * long:
        return False
    fewer, more = sorted((a.numbers, b.numbers), key=len)
    if len(fewer & more) < SAME_NUMBERS * len(fewer):
        return False
    return similarity(a, b) >= least


def collapsed(hits: Sequence[Hit]) -> list[Hit]:
    """Hits without those in reprints of an article that came before; that one's hits list them."""
    kept: dict[str, Article] = {}
    reprints: dict[str, list[Article]] = {}
    gone: set[str] = set()
    for article in {h.article.id: h.article for h in hits}.values():
        mine = _sketch_of(article.id, article.text)
        for other in kept.values():
            if are_reprints(mine, _sketch_of(other.id, other.text)):
                reprints.setdefault(other.id, []).append(article)
                gone.add(article.id)
                break
        else:
            kept[article.id] = article
    if not gone:
        return list(hits)
    left = [h for h in hits if h.article.id not in gone]
    return [
        replace(h, rank=rank, reprints=tuple(reprints.get(h.article.id, ())))
        for rank, h in enumerate(left, start=1)
    ]


@lru_cache(maxsize=4096)
def _sketch_of(article_id: str, text: str) -> Sketch:
    return sketch(text)
