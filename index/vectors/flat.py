"""Vectors in memory that come and go: exact inner product search."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.types import Vectors

Ids = NDArray[np.int64]
Found = list[tuple[int, float]]
"""Ids with their inner products, best first."""


def engine() -> Any:
    """FAISS, imported when first needed: it takes a while. (What it says of its types is partial.)"""
    import faiss

    return faiss


class FlatVectors:
    """Unit vectors under integer ids. Not safe to change while another thread searches."""

    def __init__(self, dimension: int) -> None:
        faiss = engine()

        self.dimension = dimension
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self.highest = -1  # id; the library's ids grow, so that new ones need no search for old

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def put(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors, replacing those already there under the same ids."""
        if not len(ids):
            return
        if int(np.min(ids)) <= self.highest:
            self.remove(ids)
        self.highest = max(self.highest, int(np.max(ids)))
        self._index.add_with_ids(
            np.ascontiguousarray(vectors, dtype=np.float32), np.asarray(ids, dtype=np.int64)
        )

    def remove(self, ids: Ids) -> None:
        """Forget these ids; ids that are not there are passed over."""
        if len(ids) and len(self):
            self._index.remove_ids(np.asarray(ids, dtype=np.int64))

    def search(self, query: NDArray[np.float32], k: int, allowed: Allowed | None = None) -> Found:
        """The ``k`` nearest ids of one vector, shape ``(dimension,)``, with cosines, best first."""
        k = min(k, len(self) if allowed is None else allowed.count)
        if k < 1:
            return []
        return nearest(self._index, query, k, parameters(allowed))


class Allowed:
    """A set of ids as a search takes it: one bit for each id up to the highest."""

    def __init__(self, mask: NDArray[np.bool_], count: int) -> None:
        faiss = engine()

        self.count = count
        self._bits = np.packbits(mask, bitorder="little")
        self.selector: Any = faiss.IDSelectorBitmap(self._bits)

    @classmethod
    def only(cls, ids: Ids, highest: int) -> Allowed:
        """These ids alone, of those up to ``highest``."""
        ids = ids[ids <= highest]
        mask = np.zeros(highest + 1, np.bool_)
        mask[ids] = True
        return cls(mask, len(ids))


def parameters(allowed: Allowed | None) -> Any:
    """Parameters of an exact search among some ids; None for all of them."""
    faiss = engine()

    return None if allowed is None else faiss.SearchParameters(sel=allowed.selector)


def nearest(index: Any, query: NDArray[np.float32], k: int, params: Any) -> Found:
    """One vector's ``k`` nearest in a FAISS index."""
    row = np.ascontiguousarray(query[None, :], dtype=np.float32)
    scores, ids = index.search(row, k, params=params)
    return [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]
