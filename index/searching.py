"""The road of a search: both legs propose passages, fusion picks among them, a reranker orders them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from index import fusion
from index.beside import Beside
from index.derived import DerivedIndexes
from index.encoder import ShortEncoder, StaticEncoder, bundled
from index.features import Candidate, Frequencies
from index.passages import embedded_text
from index.query import QueryTerms
from index.ranking import DEPTH, GENTLE, Ranker, asked_of, is_known
from index.store import Store
from index.types import Encoder, Filters, Hit, Leg, Mode, Reranker, Reranking, Vectors

CANDIDATES = 100
"""How many passages each leg proposes for fusion."""
SIDE_BY_SIDE = 100_000
"""Passages from which both legs are searched at the same time; in fewer they take less than 2 ms."""
PROMISING, FEWEST = 0.3, 12
"""Beyond the first few, candidates with less than this share of the best fused score are not
reranked: among some thousands of articles they are two in five, and none comes up that far."""
READ_CLOSELY = 24
"""How many of the best passages another reranker (a cross-encoder) is asked about."""

_Ranked = list[tuple[int, float]]


class Searcher:
    """Searches one library: its store, its two indexes, its model. Safe from several threads."""

    def __init__(
        self,
        store: Store,
        indexes: DerivedIndexes,
        encoder: Callable[[], Encoder],
        reranking: Reranking,
    ) -> None:
        self._store = store
        self._indexes = indexes
        self._encoder = encoder
        self._reranking = reranking
        # Asked once: whether something fits a protocol takes 20 µs to say.
        self._reader = reranking if isinstance(reranking, Reranker) else None
        self._ranker = Ranker()

    def search(
        self, query: str, terms: QueryTerms, k: int, mode: Mode, where: Filters | None = None
    ) -> list[Hit]:
        """The ``k`` passages that fit best, best first; ``terms`` are the question's."""
        leg: Leg = "fused" if mode == "hybrid" else mode
        if mode == "keyword":
            ranked = self._indexes.keyword(terms.clauses, k, where)
        elif mode == "dense":
            ranked = self._dense(query, k, where)
        else:
            ranked, leg = self._hybrid(query, terms, where)
        stored = self._store.passages(i for i, _ in ranked[:k])
        kept = [(stored[i], score) for i, score in ranked[:k] if i in stored]
        return [
            Hit(entry.passage, entry.article, score, rank, leg)
            for rank, (entry, score) in enumerate(kept, start=1)
        ]

    def candidates(
        self, query: str, terms: QueryTerms, where: Filters | None = None
    ) -> tuple[list[Candidate], float, _Ranked]:
        """What the reranker orders: the best candidates of both legs, the highest cosine, and the
        fused ranking of all of them."""
        keyword, cosines, ranked = self._fused(query, terms, where)
        fewest = READ_CLOSELY if self._reader else FEWEST
        found = self._candidates(promising(ranked, fewest), keyword, cosines)
        return found, max(cosines.values(), default=0.0), ranked

    def table(
        self, query: str, terms: QueryTerms
    ) -> tuple[list[Candidate], Sequence[str], Vectors]:
        """The candidates with the names and values of their features, shape ``(candidates,
        features)``: what training learns from. Nothing to compare gives no candidates."""
        found, nearest, _ = self.candidates(query, terms)
        columns = self._ranker.table(query, terms, found, *self.counts(), nearest)
        if columns is None:
            return [], (), np.zeros((0, 0), np.float32)
        return found, tuple(columns), np.stack(list(columns.values()), axis=1)

    def _hybrid(self, query: str, terms: QueryTerms, where: Filters | None) -> tuple[_Ranked, Leg]:
        if self._reranking == "none":
            return self._fused(query, terms, where)[2], "fused"
        found, nearest, fused = self.candidates(query, terms, where)
        ordered = self._ranker.order(query, terms, found, *self.counts(), nearest)
        if self._reader:
            ordered = _read_closely(self._reader, query, ordered)
        ranked = [(c.id, score) for c, score in ordered]
        # Those too far down to be ranked follow in the order of their fused scores.
        seen, least = {i for i, _ in ranked}, min((s for _, s in ranked), default=1.0)
        return ranked + [(i, least * s) for i, s in fused if i not in seen], "reranked"

    def _fused(
        self, query: str, terms: QueryTerms, where: Filters | None
    ) -> tuple[dict[int, float], dict[int, float], _Ranked]:
        """The BM25 scores of what the keyword leg proposes, the cosines of what either does, and
        both as one ranking."""
        search = partial(self._indexes.keyword, terms.clauses, CANDIDATES, where)
        beside = Beside(search) if self._store.counts()[2] >= SIDE_BY_SIDE else None
        vector = self._vector(query)
        cosines = dict(self._indexes.nearest(vector, CANDIDATES, where))
        keyword = dict(beside.result() if beside else search())
        unknown = sorted(i for i in keyword if i not in cosines)
        ids, rows = self._indexes.exact(unknown) or self._store.vector_rows(unknown, checked=True)
        if len(ids):
            cosines.update(zip(ids.tolist(), (rows @ vector).tolist(), strict=True))
        return keyword, cosines, fusion.fuse(cosines, keyword, self._dense_weight(query, terms))

    def _dense_weight(self, query: str, terms: QueryTerms) -> float:
        """How much the dense leg counts; nothing where its model knows but the letters."""
        if terms.translated:
            return fusion.CROSS_DENSE_WEIGHT
        blind = isinstance(self._encoder(), StaticEncoder | ShortEncoder) and not is_known(query)
        return 0.0 if blind else fusion.DENSE_WEIGHT

    def _dense(self, query: str, k: int, where: Filters | None) -> _Ranked:
        """The nearest passages; by the bundled model each by its nearest part, if that is nearer.

        Its vectors are sums, in which the sentence that answers is one of several. The parts are
        compared by whole vectors, also where the index holds shorter ones.
        """
        encoder, vector = self._encoder(), self._vector(query)
        nearest = self._indexes.nearest(vector, max(k, CANDIDATES), where)
        if not isinstance(encoder, StaticEncoder | ShortEncoder):
            return nearest[:k]
        cosines = dict(nearest)
        found = self._candidates(cosines, {}, cosines)
        parts = self._ranker.nearest_parts(query, found)
        scores = {c.id: float(p) for c, p in zip(found, parts, strict=True)}
        return sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:k]

    def _vector(self, query: str) -> NDArray[np.float32]:
        """The vector of a question, shape ``(dimension,)``."""
        encoder = self._encoder()
        if isinstance(encoder, StaticEncoder) and encoder is bundled():
            return asked_of(query).vector  # the reranker will want the rest of it
        vector: NDArray[np.float32] = encoder.encode_queries([query])[0]
        return vector

    def _candidates(
        self, ids: Iterable[int], keyword: dict[int, float], cosines: dict[int, float]
    ) -> list[Candidate]:
        ids = list(ids)
        stored = self._store.passages(ids)
        return [
            Candidate(
                i,
                stored[i].passage.text,
                stored[i].passage.start == 0,
                stored[i].article,
                keyword.get(i, 0.0),
                cosines[i],
            )
            for i in ids
            if i in stored and i in cosines
        ]

    def counts(self) -> tuple[Frequencies, int]:
        """In how many passages terms stand, and how many passages there are."""
        return self._indexes.document_frequencies, self._store.counts()[2]


def promising(ranked: _Ranked, fewest: int) -> list[int]:
    """The ids of those fused candidates, best first, that the reranker looks at."""
    least = PROMISING * ranked[0][1] if ranked else 0.0
    return [i for n, (i, score) in enumerate(ranked[:DEPTH]) if n < fewest or score >= least]


def _read_closely(
    reranker: Reranker, query: str, ordered: list[tuple[Candidate, float]]
) -> list[tuple[Candidate, float]]:
    """The best ones in the order of another reranker, the rest after them."""
    best, rest = ordered[:READ_CLOSELY], ordered[READ_CLOSELY:]
    if not best:
        return ordered
    sums = reranker.scores(query, [embedded_text(c.article, c.text) for c, _ in best])
    scores = np.exp((sums - sums.max()) / GENTLE)
    order = np.argsort(-sums, kind="stable")
    least = float(scores.min())
    return [(best[i][0], float(scores[i])) for i in order] + [(c, least * s) for c, s in rest]
