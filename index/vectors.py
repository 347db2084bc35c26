"""Vectors by passage id, searched by inner product. The only room of faiss.

The index is derived: everything in it can be rebuilt from the store. A stamp beside the file on
disk, written after it, holds its checksum and the store's revision that it reflects; a crash
between the two leaves a stamp that does not fit, and the vectors are read from the store again.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.types import Vectors

Ids = NDArray[np.int64]
FORMAT = 1


class VectorIndex:
    """Unit vectors under integer ids: exact inner product (cosine) search."""

    def __init__(self, dimension: int) -> None:
        import faiss

        self.dimension = dimension
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._highest = -1  # id; the library's ids grow, so that new ones need no search for old

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def put(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors, replacing those already there under the same ids."""
        if not len(ids):
            return
        if int(np.min(ids)) <= self._highest:
            self.remove(ids)
        self._highest = max(self._highest, int(np.max(ids)))
        self._index.add_with_ids(
            np.ascontiguousarray(vectors, dtype=np.float32), np.asarray(ids, dtype=np.int64)
        )

    def remove(self, ids: Ids) -> None:
        """Forget these ids; ids that are not there are passed over."""
        if len(ids) and len(self):
            self._index.remove_ids(np.asarray(ids, dtype=np.int64))

    def search(self, query: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The ``k`` nearest ids of one vector, shape ``(dimension,)``, with cosines, best first."""
        if not len(self) or k < 1:
            return []
        scores, ids = self._index.search(
            np.ascontiguousarray(query[None, :], dtype=np.float32), min(k, len(self))
        )
        return [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]

    def save(self, folder: Path, revision: int, fingerprint: str) -> None:
        """Write index, then stamp, each put in place in one step."""
        import faiss

        blob = faiss.serialize_index(self._index).tobytes()
        _replace(folder / "vectors.faiss", blob)
        stamp = {
            "format": FORMAT,
            "revision": revision,
            "fingerprint": fingerprint,
            "bytes": len(blob),
            "crc32": crc32(blob),
        }
        _replace(folder / "vectors.json", json.dumps(stamp).encode())

    @staticmethod
    def saved_revision(folder: Path) -> int:
        """The revision of the index on disk, read from its stamp alone; 0 without a fitting file."""
        stamp = _read_stamp(folder)
        try:
            size = (folder / "vectors.faiss").stat().st_size
            fits = (stamp["format"], stamp["bytes"]) == (FORMAT, size)
            return int(stamp["revision"]) if fits else 0
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    @classmethod
    def load(cls, folder: Path, dimension: int, fingerprint: str) -> tuple[VectorIndex, int]:
        """The index as saved and its revision; an empty one and 0 when it must be rebuilt."""
        import faiss

        index = cls(dimension)
        stamp = _read_stamp(folder)
        if (stamp.get("format"), stamp.get("fingerprint")) != (FORMAT, fingerprint):
            return index, 0
        try:
            blob = np.fromfile(folder / "vectors.faiss", dtype=np.uint8)
            revision = int(stamp["revision"])
            if crc32(blob.data) != stamp["crc32"]:
                return index, 0
            loaded: Any = faiss.deserialize_index(blob)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError):
            return index, 0  # derived data: whatever is wrong with it, the store has the truth
        if loaded.d != dimension:
            return index, 0
        index._index = loaded
        index._highest = int(faiss.vector_to_array(loaded.id_map).max(initial=-1))
        return index, revision


def _read_stamp(folder: Path) -> dict[str, Any]:
    try:
        stamp = json.loads((folder / "vectors.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    with open(part, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
