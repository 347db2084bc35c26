"""Vectors in a file that is mapped, not read: searched as it stands, never changed.

``vectors.json`` names the file and says what it reflects; it is written after the file, so that
the two always fit. Whatever is wrong with them, the store has the vectors to make them again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index import stamps
from index.types import Vectors
from index.vectors.flat import Allowed, Found, Ids, engine, nearest, parameters

FORMAT = 2
STAMP = "vectors.json"
_BLOCK = 1 << 24


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a saved index of ``count`` vectors under ids up to ``highest``.

    One with ``lists`` is of codes: a search looks into ``probes`` of them and compares
    exactly as many as ``width`` says (``looked_at``), which was measured to find ``recall`` of the ten
    nearest. The lists were laid out for ``trained_on``
    vectors; ``unmeasured`` came or went since the recall was measured.
    """

    revision: int
    fingerprint: str
    count: int
    highest: int
    bytes: int = 0
    crc32: int = 0
    file: str = ""
    lists: int = 0
    trained_on: int = 0
    probes: int = 0
    width: int = 6
    recall: float = 1.0
    unmeasured: int = 0
    format: int = FORMAT


class SavedVectors:
    """An index in a file. Safe to search from several threads."""

    def __init__(self, facts: Facts, index: Any, mapped: NDArray[np.uint8]) -> None:
        self.facts = facts
        self._index = index
        self._mapped = mapped  # the index points into it
        self._ids: Ids = np.zeros(0, np.int64)
        if not facts.lists:
            self._ids = engine().vector_to_array(index.id_map)
            self._ascending = bool((self._ids[1:] > self._ids[:-1]).all())

    def __len__(self) -> int:
        return self.facts.count

    def search(self, query: NDArray[np.float32], k: int, allowed: Allowed | None = None) -> Found:
        """The ``k`` nearest ids of one vector among those allowed, with cosines, best first.

        By codes the cosines are approximate, and so is the order.
        """
        faiss = engine()

        k = min(k, len(self) if allowed is None else allowed.count)
        if k < 1:
            return []
        params = parameters(allowed)
        if self.facts.lists:
            probes = self.facts.probes
            if allowed is not None:
                # Where one in ten fits, the nearest of them are spread over ten times the lists.
                probes = min(self.facts.lists, probes * len(self) // allowed.count)
            params = faiss.SearchParametersIVF(
                nprobe=probes, sel=None if allowed is None else allowed.selector
            )
        return nearest(self._index, query, k, params)

    def rows(self, ids: Ids) -> Vectors | None:
        """The vectors of these ids, of an exact index that has all of them; None of another."""
        if not len(self._ids) or not self._ascending:
            return None
        at = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
        if not (self._ids[at] == ids).all():
            return None
        found: Vectors = self._index.index.reconstruct_batch(at)
        return found


def load(folder: Path, dimension: int, fingerprint: str) -> SavedVectors | None:
    """The index that the stamp names; None when it must be made again."""
    faiss = engine()

    facts = facts_of(folder)
    if facts is None or facts.fingerprint != fingerprint:
        return None
    try:
        mapped = np.memmap(folder / facts.file, dtype=np.uint8, mode="r")
        if mapped.size != facts.bytes or crc32(mapped.data) != facts.crc32:
            return None
        reader = faiss.ZeroCopyIOReader(faiss.swig_ptr(mapped), mapped.size)
        index: Any = faiss.read_index(reader, faiss.IO_FLAG_MMAP_IFC)
    except (OSError, ValueError, RuntimeError):
        return None
    if (index.d, index.ntotal) != (dimension, facts.count):
        return None
    return SavedVectors(facts, index, mapped)


def in_memory(folder: Path, facts: Facts) -> Any:
    """A saved index read as a whole, to be changed. Raises OSError when it is not as written."""
    faiss = engine()

    if not intact(folder, facts):
        raise OSError(f"{folder / facts.file} is not as it was written")
    with open(folder / facts.file, "rb") as file:
        return faiss.read_index(faiss.PyCallbackIOReader(file.read))


def intact(folder: Path, facts: Facts) -> bool:
    """Whether every byte of a saved index is as it was written."""
    try:
        with open(folder / facts.file, "rb") as file:
            total = 0
            while block := file.read(_BLOCK):
                total = crc32(block, total)
    except OSError:
        return False
    return total == facts.crc32


def save(folder: Path, index: Any, facts: Facts) -> Facts:
    """Write an index to a file of its own, then the stamp that names it; older files go."""
    faiss = engine()

    # A name that none ever had: others may have the older ones mapped.
    name = f"vectors-{facts.revision}-{os.urandom(4).hex()}.faiss"
    path = folder / name
    try:
        with open(path, "wb") as file:
            taker = _Taker(file)
            try:
                faiss.write_index(index, faiss.PyCallbackIOWriter(taker))
            except (RuntimeError, OSError):
                # FAISS says only that its writer failed; the writer knows why.
                if taker.failed:
                    raise taker.failed from None
                raise
            file.flush()
            os.fsync(file.fileno())
        done = replace(facts, file=name, bytes=taker.size, crc32=taker.crc32)
        stamps.write(folder / STAMP, asdict(done))
    except OSError:
        path.unlink(missing_ok=True)
        raise
    for old in _others(folder, name):
        with suppress(OSError):  # another process may have it open, where the system minds that
            old.unlink()
    return done


class _Taker:
    """Writes what FAISS hands over, counting."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = self.crc32 = 0
        self.failed: OSError | None = None

    def __call__(self, block: bytes) -> int:
        try:
            self._file.write(block)
        except OSError as error:
            self.failed = error
            raise
        self.size, self.crc32 = self.size + len(block), crc32(block, self.crc32)
        return len(block)


def facts_of(folder: Path) -> Facts | None:
    """What the stamp says; None without one that fits this version."""
    stamp = stamps.read(folder / STAMP)
    if stamp.get("format") != FORMAT:
        return None
    with suppress(TypeError):
        return Facts(**stamp)
    return None


def _others(folder: Path, name: str) -> Iterator[Path]:
    yield from (path for path in folder.glob("vectors*.faiss*") if path.name != name)
