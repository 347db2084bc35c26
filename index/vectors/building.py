"""Vectors → an index that fits their number: exact for some ten thousands, else by short codes.

Each pair of a vector's numbers is one of 16 (product quantization; Jégou, Douze and Schmid, 2011),
laid out so that the processor compares 32 vectors at once (André, Kermarrec and Le Scouarnec, 2015).
What is found so is compared once more, by the vectors of the store: as many as it takes to find
``RECALL`` of what an exact search finds, measured on the vectors themselves. Past some millions the
codes are in lists around centroids (IVF; Sivic and Zisserman, 2003), of which a search looks into
as many as that takes. For fewer, lists cost more than they save: questions lie far from all
passages, so that of 300,000 in 1,024 lists 400 had to be looked into, 1.0 ms for a recall of .965
where all codes in one list take 0.9 ms for .996.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.types import Vectors
from index.vectors.flat import Ids, engine
from index.vectors.saved import Facts

EXACT_UP_TO = 20_000
"""Vectors that are searched one by one: 1 ms at 256 numbers each."""
ONE_LIST_UP_TO = 4_000_000
"""Vectors whose codes are all looked through: some 3 ms a million."""
RECALL = 0.97
"""Share of the ten nearest that an approximate search must find on average."""
OUTGROWN = 2.5
"""How many times as many vectors there may be before the lists are laid out anew."""
UNMEASURED = 0.1
"""Share of vectors that may come or go before the recall is measured again."""
_PER_LIST = 32  # vectors that a centroid is found from
_SAMPLE = 16_384  # vectors, at least, that codes are found from
_ASKED = 256  # vectors that the recall is measured with
# A question is further from every passage than passages are from each other, so those that stand in
# for questions are blurred by so many times their length. At a million passages and 512 of 2,048
# lists the recall was .964 for vectors as they are, .940 for real questions, .936 so blurred.
_BLUR = 2.0
_NEAREST = 10
_NARROWEST, _WIDEST = 3, 48  # times three what is to be found, compared exactly
_SEED = 7


class VectorSource(Protocol):
    """Where the vectors are: the store."""

    @property
    def revision(self) -> int:
        """How many changes there were."""

    def vectors_since(self, revision: int) -> Iterator[tuple[Ids, Vectors]]:
        """Ids and vectors that came after a revision, some thousands at a time."""

    def sample_vectors(self, count: int, seed: int = 0) -> Vectors:
        """About ``count`` of the vectors, picked at random."""

    def vector_rows(self, ids: Sequence[int]) -> tuple[Ids, Vectors]:
        """Those of the ids that are there, and their vectors, a row each."""

    def removed_since(self, revision: int) -> list[int]:
        """Ids that went after a revision."""


def build(
    source: VectorSource, count: int, dimension: int, revision: int, fingerprint: str
) -> tuple[Any, Facts]:
    """An index of all vectors, about ``count``. They are read in batches, never all at once."""
    if count <= EXACT_UP_TO:
        index = _exact(dimension)
        facts = Facts(revision, fingerprint, 0, -1)
        return _filled(index, source, 0, facts)
    lists = 1 if count <= ONE_LIST_UP_TO else 1 << round(np.log2(2 * np.sqrt(count)))
    sample = source.sample_vectors(max(_SAMPLE, _PER_LIST * lists), _SEED)
    index = _inverted(sample, dimension, lists)
    facts = Facts(revision, fingerprint, 0, -1, lists=lists, trained_on=count, width=_NARROWEST)
    return _measured(*_filled(index, source, 0, facts), source)


def extend(index: Any, facts: Facts, source: VectorSource, revision: int) -> tuple[Any, Facts]:
    """An index of codes in memory brought to a later revision of its source."""
    gone = np.array(source.removed_since(facts.revision), np.int64)
    left = facts.count - (index.remove_ids(gone) if len(gone) else 0)
    index, grown = _filled(index, source, facts.revision, replace(facts, revision=revision))
    grown = replace(grown, unmeasured=facts.unmeasured + len(gone) + grown.count - left)
    if grown.unmeasured > UNMEASURED * grown.count:
        return _measured(index, grown, source)
    return index, grown


def _exact(dimension: int) -> Any:
    faiss = engine()

    # The store has float16; nothing is lost by it.
    kind = faiss.ScalarQuantizer.QT_fp16
    scalar = faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)
    index = faiss.IndexIDMap(scalar)
    scalar.this.disown()
    index.own_fields = True
    return index


def _inverted(sample: Vectors, dimension: int, lists: int) -> Any:
    faiss = engine()

    coarse = faiss.IndexFlatIP(dimension)
    pairs = dimension // 2 if dimension % 2 == 0 else dimension
    index = faiss.IndexIVFPQFastScan(coarse, dimension, lists, pairs, 4, faiss.METRIC_INNER_PRODUCT)
    coarse.this.disown()
    index.own_fields = True
    index.cp.spherical, index.cp.niter, index.cp.seed = True, 8, _SEED
    index.cp.min_points_per_centroid = 1  # fewer vectors than hoped for are no reason to warn
    # A recall as good as with FAISS's 25 rounds and twice the points, in a quarter of the time.
    index.pq.cp.niter, index.pq.cp.max_points_per_centroid = 10, 128
    index.train(sample)
    return index


def _filled(index: Any, source: VectorSource, since: int, facts: Facts) -> tuple[Any, Facts]:
    highest = facts.highest
    for ids, vectors in source.vectors_since(since):
        index.add_with_ids(vectors, ids)
        highest = max(highest, int(ids.max()))
    return index, replace(facts, count=int(index.ntotal), highest=highest)


def _measured(index: Any, facts: Facts, source: VectorSource) -> tuple[Any, Facts]:
    """The index with as many lists to look into as ``RECALL`` takes."""
    faiss = engine()

    asked = _blurred(source.sample_vectors(_ASKED, _SEED + 1))
    least = _least_scores(asked, source)
    probes, width = 1, facts.width
    while True:
        params = faiss.SearchParametersIVF(nprobe=probes)
        _, found = index.search(asked, looked_at(_NEAREST, width), params=params)
        recall = _recall(asked, found, least, source)
        if recall >= RECALL or (probes == facts.lists and width >= _WIDEST):
            facts = replace(facts, probes=probes, width=width, recall=recall, unmeasured=0)
            return index, facts
        if probes < facts.lists:
            step = probes if recall < RECALL - 0.05 else -(-probes // 4)
            probes = min(probes + step, facts.lists)
        else:
            width += max(1, width // 4)


def looked_at(k: int, width: int) -> int:
    """How many of the nearest by codes are compared exactly to find the ``k`` nearest."""
    return max(width * 3 * _NEAREST, k + k // 4)


def _blurred(vectors: Vectors) -> Vectors:
    noise = np.random.default_rng(_SEED).standard_normal(vectors.shape).astype(np.float32)
    noise *= _BLUR / np.linalg.norm(noise, axis=1, keepdims=True)
    rows = vectors + noise
    blurred: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return blurred


def _least_scores(asked: Vectors, source: VectorSource) -> NDArray[np.float32]:
    """For each of the vectors the inner product of its tenth nearest, by exact search."""
    best = np.full((len(asked), _NEAREST), -np.inf, np.float32)
    for _, vectors in source.vectors_since(0):
        scores = asked @ vectors.T
        nearer = (scores > best.min(axis=1, keepdims=True)).any(axis=0)  # soon there are few
        both = np.concatenate([best, scores.compress(nearer, axis=1)], axis=1)
        best = -np.partition(-both, _NEAREST - 1, axis=1)[:, :_NEAREST]
    least: NDArray[np.float32] = best.min(axis=1)
    return least


def _recall(
    asked: Vectors, found: NDArray[np.int64], least: NDArray[np.float32], source: VectorSource
) -> float:
    """Share of the ten nearest that were found: those no further than the tenth (equals count)."""
    ids, rows = source.vector_rows(np.unique(found[found >= 0]).tolist())
    right = 0
    for query, row, floor in zip(asked, found, least, strict=True):
        at = np.searchsorted(ids, row[row >= 0])
        near = int(np.count_nonzero(rows[at] @ query >= floor - 1e-5))
        right += min(near, _NEAREST)
    return right / (_NEAREST * len(asked))
