"""Keyword search over passages: BM25 on jieba words and on character bigrams. The only room of tantivy.

Like the vector index it is derived from the store. A stamp, ``keywords.json``, written after each
commit, names its folder and the revision that it reflects. Tokens are made by us
(``index.tokens``) and handed over joined by blanks.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from index import stamps
from index.errors import LibraryDamaged, LibraryError
from index.types import Filters

FORMAT = 3
WORDS, BIGRAMS, SOUNDS = "words", "bigrams", "sounds"
STAMP = "keywords.json"
_DAY, _LABELS = "day", "labels"
_HEAP = 128_000_000
_LITTLE = 50_000_000  # bytes that must be free, or a failed write is put down to a full disk
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
    """A passage as the keyword index takes it: its tokens by field, and what filters go by.

    ``day`` counts as ``date.toordinal``; ``labels`` are ``n:`` a name, ``s:`` a section, ``f:``
    the file or a folder it is in.
    """

    id: int
    words: Sequence[str]
    bigrams: Sequence[str]
    sounds: Sequence[str] = ()
    day: int | None = None
    labels: Sequence[str] = ()

    def labelled(self, day: int | None, source: str, labels: Iterable[str]) -> KeywordDoc:
        """The same passage with what filters go by."""
        folders = source.split(os.sep)
        inside = (os.sep.join(folders[: i + 1]) for i in range(len(folders)))
        return replace(self, day=day, labels=[*labels, *(f"f:{place}" for place in inside)])


@lru_cache(maxsize=1)
def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field(_DAY, indexed=True, fast=True)
    builder.add_text_field(_LABELS, tokenizer_name="raw", index_option="basic")
    for name in (WORDS, BIGRAMS, SOUNDS):
        builder.add_text_field(name, tokenizer_name="tokens", index_option="freq")
    return builder.build()


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
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(
            _schema(), path=None if self._folder is None else str(self._folder), reuse=True
        )
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
            meta = _meta(home / stamp["folder"])
            # Derived data: whatever is wrong with it, the store has the truth.
            with suppress(OSError, ValueError), _panics_as_errors():
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
        return cls(home, name, tokens)

    def add(self, doc: KeywordDoc) -> None:
        """Put a passage in; it is seen after the next commit."""
        import tantivy

        with self._writing() as writer:
            if self._may_hold:
                writer.delete_documents_by_term("id", doc.id)
            document = tantivy.Document(
                id=doc.id,
                words=_joined(doc.words),
                bigrams=_joined(doc.bigrams),
                sounds=_joined(doc.sounds),
            )
            if doc.day is not None:
                document.add_integer(_DAY, doc.day)
            for label in doc.labels:
                document.add_text(_LABELS, label)
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
        self._may_hold = False
        self.revision = revision
        if self._home is not None:
            facts = {"format": FORMAT, "tokens": self._tokens, "revision": revision}
            stamps.write(self._home / STAMP, facts | {"folder": self._name, "opstamp": opstamp})

    def abandon(self) -> None:
        """Let the writer go without what it has not saved."""
        self._writer = None

    def finish(self) -> None:
        """Let the writer go, when what it merges is merged; folders of earlier indexes go too."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with self._in_words():
                writer.wait_merging_threads()
            self._index.reload()
        if self._home is not None:
            for old in (*self._home.glob("keywords-*"), self._home / "keywords"):
                if old.name != self._name:
                    shutil.rmtree(old, ignore_errors=True)

    @property
    def holds_removed(self) -> bool:
        """Whether files of the index still have something of passages that were taken out."""
        if self._folder is None:
            return False
        meta = _meta(self._folder)
        live = {segment["segment_id"].replace("-", "") for segment in meta.get("segments", ())}
        files = {path.name.split(".")[0] for path in self._folder.iterdir()}
        left = {name for name in files if len(name) == 32} - live
        return bool(left) or any(segment.get("deletes") for segment in meta.get("segments", ()))

    def search(
        self, terms: Iterable[Term | AnyOf], k: int, where: Filters | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` passages with the highest sum of BM25 scores, best first: (id, score).

        Raises LibraryDamaged when the index cannot be read.
        """
        import tantivy

        clauses = [(tantivy.Occur.Should, query) for t in terms if (query := self._query(t))]
        if not clauses or k < 1:
            return []
        with self._in_words():
            searcher = self._index.searcher()
            if not searcher.num_docs:
                return []
            query = tantivy.Query.boolean_query(clauses)
            if where:
                query = tantivy.Query.boolean_query(
                    [(tantivy.Occur.Must, query), *((tantivy.Occur.Must, c) for c in _among(where))]
                )
            hits = searcher.search(query, limit=k, count=False).hits
            ids = searcher.fast_field_values("id", [address for _, address in hits])
        return [(int(i), float(score)) for i, (score, _) in zip(ids, hits, strict=True)]

    def document_frequency(self, field: str, token: str) -> int:
        """In how many passages a token stands."""
        with self._in_words():
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

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with self._in_words():
            if self._writer is None:
                self._writer = self._index.writer(heap_size=_HEAP, num_threads=1)
            yield self._writer

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Say in words of ours what tantivy could not do."""
        where = self._folder or Path("keywords")
        try:
            with _panics_as_errors():
                yield
        except OSError as error:
            raise stamps.in_words(where, error) from error
        except ValueError as error:
            if self._writer is None:
                raise LibraryDamaged(
                    f"{where}: cannot be read ({error}). Make it again with: youju check --repair"
                ) from error
            self._writer = None
            said = str(error)
            if "os error 27" in said or "os error 28" in said or _little_room(where):
                raise stamps.full(where, said) from error
            raise LibraryError(
                f"{where}: cannot be written ({said}). Look at the disk, then try again."
            ) from error


def damaged_files(folder: Path) -> list[str]:
    """The files of a tantivy index that are not as they were written, by their own checksums."""
    import struct
    from zlib import crc32

    wrong = []
    for path in sorted(folder.iterdir()):
        if len(path.name.split(".")[0]) != 32:
            continue  # a list of files, which has no checksum
        data = path.read_bytes()
        try:
            length, magic = struct.unpack("<II", data[-8:])
            footer = json.loads(data[-8 - length : -8])
            intact = magic == 1337 and footer["crc"] == crc32(data[: -8 - length])
        except (struct.error, ValueError, KeyError, TypeError):
            intact = False
        if not intact:
            wrong.append(path.name)
    return wrong


def _among(where: Filters) -> Iterator[Any]:
    """A filter as clauses that all must fit and that score nothing."""
    import tantivy

    schema = _schema()
    if where.since or where.until:
        yield tantivy.Query.const_score_query(
            tantivy.Query.range_query(
                schema,
                _DAY,
                tantivy.FieldType.Integer,
                lower_bound=where.since.toordinal() if where.since else 0,
                upper_bound=where.until.toordinal() if where.until else 10**7,
            ),
            0.0,
        )
    for kind, labels in (("n:", where.persons), ("s:", where.sections), ("f:", where.sources)):
        if labels:
            each = [
                tantivy.Query.term_query(
                    schema, _LABELS, kind + (label.rstrip(os.sep) or label), index_option="basic"
                )
                for label in labels
            ]
            any_of = tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in each])
            yield tantivy.Query.const_score_query(any_of, 0.0)


@contextmanager
def _panics_as_errors() -> Iterator[None]:
    """tantivy's panics, which are not even Exceptions, as ValueError."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise ValueError(f"tantivy: {error}") from error
        raise


def _little_room(place: Path) -> bool:
    try:
        return shutil.disk_usage(place).free < _LITTLE
    except OSError:
        return False


def _joined(tokens: Sequence[str]) -> str:
    return " ".join(t for t in tokens if len(t) <= _LONGEST_TOKEN)


def _meta(folder: Path) -> dict[str, Any]:
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return meta if isinstance(meta, dict) else {}
