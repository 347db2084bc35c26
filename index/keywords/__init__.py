"""Keyword search over passages: BM25 on jieba words and on character bigrams. The only room of tantivy.

Like the vector index it is derived from the store. A stamp, ``keywords.json``, written after each
commit, names its folder and the revision that it reflects. Tokens are made by us
(``index.tokens``) and handed over joined by blanks.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from index import stamps
from index.errors import LibraryBusy, LibraryDamaged, LibraryError
from index.keywords import files, queries
from index.keywords.files import damaged_files
from index.keywords.terms import (
    BIGRAMS,
    LONGEST_TOKEN,
    SOUNDS,
    WORDS,
    AnyOf,
    KeywordDoc,
    Term,
    file_labels,
    placed,
    placed_term,
)
from index.types import Filters

__all__ = [
    "BIGRAMS",
    "LONGEST_TOKEN",
    "SOUNDS",
    "WORDS",
    "AnyOf",
    "KeywordDoc",
    "KeywordIndex",
    "Term",
    "damaged_files",
    "file_labels",
    "placed",
    "placed_term",
]

FORMAT = 5
STAMP = "keywords.json"
_HEAP = 128_000_000
_KEPT_FREQUENCIES = 50_000


class KeywordIndex:
    """A tantivy index in a folder of its own. Many may read it, one writes it."""

    def __init__(self, home: Path | None, name: str = "", tokens: str = "") -> None:
        import tantivy

        self._home, self._name, self._tokens = home, name, tokens
        self.revision = 0
        """The revision of the store that what was saved last reflects."""
        self._folder = None if home is None else home / name
        self._writer: Any = None
        self._may_hold = False  # passages that are added again
        self._frequencies: dict[tuple[str, str], int] = {}
        if self._folder is not None and not self._folder.is_dir():
            self._folder.mkdir(parents=True)
        place = self._folder and files.lockable(self._folder)
        self._place = place  # a folder of links is there as long as this is
        self._index = tantivy.Index(queries.schema(), path=place and str(place), reuse=True)
        self._index.register_tokenizer(
            "tokens", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )

    @classmethod
    def open(cls, home: Path, tokens: str = "") -> KeywordIndex:
        """The index of a library's folder; an empty one at revision 0 when it must be built anew.

        ``tokens`` names how the tokens are made; an index of other tokens must be built anew.
        """
        stamp = stamps.read(home / STAMP)
        if (stamp.get("format"), stamp.get("tokens")) == (FORMAT, tokens):
            meta = files.meta(home / stamp["folder"])
            # Derived data: whatever is wrong with it, the store has the truth.
            with suppress(OSError, ValueError), files.panics_as_errors():
                if meta:
                    index = cls(home, stamp["folder"], tokens)
                    index.revision = stamp["revision"]
                    # Cut off between the commit and the stamp, it holds more than the stamp says.
                    index._may_hold = meta.get("opstamp") != stamp["opstamp"]
                    return index
        return cls(None, tokens=tokens)

    @classmethod
    def anew(cls, home: Path, tokens: str = "") -> KeywordIndex:
        """An empty index beside the one in use; its first commit takes that one's place."""
        taken = {path.name for path in home.glob("keywords-*")}
        name = next(n for i in range(len(taken) + 1) if (n := f"keywords-{i}") not in taken)
        try:
            with files.panics_as_errors():
                return cls(home, name, tokens)
        except OSError as error:
            raise stamps.in_words(home / name, error) from error
        except ValueError as error:
            raise _cannot_write(home / name, str(error)) from error

    def add(self, docs: Iterable[KeywordDoc]) -> None:
        """Put passages in; they are seen after the next commit. tantivy works on in a thread."""
        import tantivy

        with self._writing() as writer:
            for doc in docs:
                if self._may_hold:
                    writer.delete_documents_by_term("id", doc.id)
                document = tantivy.Document(
                    id=doc.id, words=doc.words, bigrams=doc.bigrams, sounds=doc.sounds
                )
                if doc.day is not None:
                    document.add_integer(queries.DAY, doc.day)
                for label in doc.labels:
                    document.add_text(queries.LABELS, label)
                writer.add_document(document)

    def remove(self, ids: Iterable[int]) -> None:
        """Take passages out; they are gone after the next commit."""
        with self._writing() as writer:
            for number in ids:
                writer.delete_documents_by_term("id", number)

    def commit(self, revision: int) -> None:
        """Save what was added and removed, and stamp it with the store's revision."""
        with self._writing() as writer:
            opstamp = writer.commit()
        self._index.reload()
        self._frequencies.clear()
        self._may_hold = False
        self.revision = revision
        if self._home is not None:
            facts = {"format": FORMAT, "tokens": self._tokens, "revision": revision}
            stamps.write(self._home / STAMP, facts | {"folder": self._name, "opstamp": opstamp})

    def abandon(self) -> None:
        """Let the writer go without what it has not saved."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(OSError, ValueError), files.panics_as_errors():
                writer.wait_merging_threads()  # which frees its lock too, whoever still holds it

    def finish(self) -> None:
        """Let the writer go, when what it merges is merged; folders of earlier indexes go too."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with self._in_words():
                writer.wait_merging_threads()
            self._index.reload()
            self._frequencies.clear()
        if self._home is not None:
            for old in (*self._home.glob("keywords-*"), self._home / "keywords"):
                if old.name != self._name:
                    shutil.rmtree(old, ignore_errors=True)

    @property
    def holds_removed(self) -> bool:
        """Whether files of the index still have something of passages that were taken out."""
        if self._folder is None:
            return False
        meta = files.meta(self._folder)
        names = {path.name.split(".")[0] for path in self._folder.iterdir()}
        left = {name for name in names if len(name) == 32} - files.segments(meta)
        return bool(left) or any(segment.get("deletes") for segment in meta.get("segments", ()))

    def search(
        self, terms: Iterable[Term | AnyOf], k: int, where: Filters | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` passages with the highest sum of BM25 scores, best first: (id, score).

        Raises LibraryDamaged when the index cannot be read.
        """
        import tantivy

        if k < 1:
            return []
        with self._in_words():
            searcher = self._index.searcher()
            chosen = queries.affordable(
                list(terms), searcher.num_docs, lambda t: self._frequency(searcher, t)
            )
            clauses = [
                (tantivy.Occur.Should, query) for t in chosen if (query := queries.query_of(t))
            ]
            if not clauses:
                return []
            query = tantivy.Query.boolean_query(clauses)
            if where:
                query = tantivy.Query.boolean_query(
                    [
                        (tantivy.Occur.Must, query),
                        *((tantivy.Occur.Must, c) for c in queries.among(where)),
                    ]
                )
            hits = searcher.search(query, limit=k, count=False).hits
            ids = searcher.fast_field_values("id", [address for _, address in hits])
        return [(int(i), float(score)) for i, (score, _) in zip(ids, hits, strict=True)]

    def document_frequency(self, field: str, token: str) -> int:
        """In how many passages a token stands."""
        return self.document_frequencies([Term(field, token)])[0]

    def document_frequencies(self, terms: Sequence[Term]) -> list[int]:
        """In how many passages each of some terms stands."""
        with self._in_words():
            searcher = self._index.searcher()
            return [self._frequency(searcher, term) for term in terms]

    def _frequency(self, searcher: Any, term: Term) -> int:
        """Asked of every term of every question, twice, and of each part of the index."""
        key = (term.field, term.token)
        known = self._frequencies.get(key)
        if known is None:
            known = int(searcher.doc_freq(*key))
            if len(self._frequencies) >= _KEPT_FREQUENCIES:
                self._frequencies.clear()
            self._frequencies[key] = known
        return known

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with self._in_words():
            if self._writer is None:
                writer = self._index.writer(heap_size=_HEAP, num_threads=1)
                if self._folder is not None:
                    files.sweep(self._folder)
                self._writer = writer
            yield self._writer

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Say in words of ours what tantivy could not do."""
        where = self._folder or Path("keywords")
        try:
            with files.panics_as_errors():
                yield
        except OSError as error:
            raise stamps.in_words(where, error) from error
        except ValueError as error:
            if "LockBusy" in str(error):
                raise LibraryBusy(
                    f"{where}: another process is changing it. Try again when it is done."
                ) from error
            if self._writer is None:
                raise LibraryDamaged(
                    f"{where}: cannot be read ({error}). Make it again with: youju check --repair"
                ) from error
            self.abandon()
            raise _cannot_write(where, str(error)) from error


def _cannot_write(where: Path, said: str) -> LibraryError:
    if "os error 27" in said or "os error 28" in said or files.little_room(where.parent):
        return stamps.full(where, said)
    return LibraryDamaged(
        f"{where}: cannot be written ({said}). Make it again with: youju check --repair"
    )
