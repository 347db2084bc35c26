"""Keyword search over passages: BM25 on jieba words and on character bigrams. The only room of tantivy.

Like the vector index it is derived from the store and stamped with the revision it reflects.
Tokens are made by us (``index.tokens``) and handed over joined by blanks.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FORMAT = 2
WORDS, BIGRAMS, SOUNDS = "words", "bigrams", "sounds"
_HEAP = 64_000_000
# Characters; a longer "word" is data, not language, and tantivy drops those of 64 KB itself.
_LONGEST_TOKEN = 120


@dataclass(frozen=True, slots=True)
class Term:
    """A token to look for in a field; ``weight`` multiplies its BM25 score."""

    field: str
    token: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Alternatives of which the best counts (translations of one word)."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class KeywordDoc:
    """A passage as the keyword index takes it: its tokens by field."""

    id: int
    words: Sequence[str]
    bigrams: Sequence[str]
    sounds: Sequence[str] = ()


@lru_cache(maxsize=1)
def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True, indexed=True, fast=True)
    for name in (WORDS, BIGRAMS, SOUNDS):
        builder.add_text_field(name, tokenizer_name="tokens", index_option="freq")
    return builder.build()


class KeywordIndex:
    """A tantivy index in a folder. Many may read it, one writes it."""

    def __init__(self, folder: Path | None, tokens: str = "") -> None:
        import tantivy

        self._folder = folder
        self._tokens = tokens
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(_schema(), path=folder and str(folder), reuse=True)
        self._index.register_tokenizer(
            "tokens", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )

    @classmethod
    def open(cls, folder: Path, tokens: str = "") -> tuple[KeywordIndex, int]:
        """The index and the revision it reflects; an empty one in memory and 0 when it must be rebuilt.

        ``tokens`` names how the tokens are made; an index of other tokens must be rebuilt.
        """
        revision = _read_stamp(folder, tokens)
        if revision and (folder / "meta.json").is_file():
            # Derived data: whatever is wrong with it, the store has the truth.
            with suppress(OSError, ValueError):
                return cls(folder, tokens), revision
        return cls(None, tokens), 0

    @classmethod
    def anew(cls, folder: Path, tokens: str = "") -> KeywordIndex:
        """An empty index in the place of whatever the folder held; only for the writer."""
        shutil.rmtree(folder, ignore_errors=True)
        return cls(folder, tokens)

    def update(self, removed: Iterable[int], added: Iterable[KeywordDoc], revision: int) -> None:
        """Take passages out and put passages in, in one commit, then stamp it."""
        import tantivy

        writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        try:
            for passage_id in removed:
                writer.delete_documents_by_term("id", passage_id)
            for doc in added:
                writer.delete_documents_by_term("id", doc.id)
                writer.add_document(
                    tantivy.Document(
                        id=doc.id,
                        words=_joined(doc.words),
                        bigrams=_joined(doc.bigrams),
                        sounds=_joined(doc.sounds),
                    )
                )
            writer.commit()
        finally:
            writer.wait_merging_threads()
        self._index.reload()
        if self._folder is not None:
            _write_stamp(self._folder, self._tokens, revision)

    def reload(self) -> None:
        """See what another process has committed."""
        self._index.reload()

    def search(self, terms: Iterable[Term | AnyOf], k: int) -> list[tuple[int, float]]:
        """The ``k`` passages with the highest sum of BM25 scores, best first: (id, score)."""
        import tantivy

        clauses = [(tantivy.Occur.Should, query) for t in terms if (query := self._query(t))]
        if not clauses or k < 1:
            return []
        searcher = self._index.searcher()
        if not searcher.num_docs:
            return []
        hits = searcher.search(tantivy.Query.boolean_query(clauses), limit=k, count=False).hits
        ids = searcher.fast_field_values("id", [address for _, address in hits])
        return [(int(i), float(score)) for i, (score, _) in zip(ids, hits, strict=True)]

    def document_frequency(self, field: str, token: str) -> int:
        """In how many passages a token stands."""
        return int(self._index.searcher().doc_freq(field, token))

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def _query(self, term: Term | AnyOf) -> Any:
        import tantivy

        if isinstance(term, AnyOf):
            parts = [query for t in term.terms if (query := self._query(t))]
            return tantivy.Query.disjunction_max_query(parts) if parts else None
        if term.weight <= 0:
            return None
        query = tantivy.Query.term_query(_schema(), term.field, term.token, index_option="freq")
        return query if term.weight == 1.0 else tantivy.Query.boost_query(query, term.weight)


def _joined(tokens: Sequence[str]) -> str:
    return " ".join(t for t in tokens if len(t) <= _LONGEST_TOKEN)


def _read_stamp(folder: Path, tokens: str) -> int:
    try:
        stamp = json.loads((folder / "stamp.json").read_text(encoding="utf-8"))
        current = (stamp["format"], stamp["tokens"]) == (FORMAT, tokens)
        return int(stamp["revision"]) if current else 0
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _write_stamp(folder: Path, tokens: str, revision: int) -> None:
    part = folder / "stamp.part"
    stamp = {"format": FORMAT, "tokens": tokens, "revision": revision}
    part.write_text(json.dumps(stamp), encoding="utf-8")
    part.replace(folder / "stamp.json")
