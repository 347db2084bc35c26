"""A folder that holds articles and finds passages in them.

    library = Library.open("my-library")
    library.add(["news.txt"])
    hits = library.search("贾鲁河治理有什么要求", k=5)

``store`` is the truth; ``vectors`` and ``keywords`` are derived from it and caught up when they
lag behind its revision. One process writes at a time, any number read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from index import folder as folder_of
from index.current_model import CurrentModel
from index.derived import DerivedIndexes
from index.encoder import load_encoder
from index.errors import (
    LibraryBusy,
    LibraryError,
    LibraryFull,
    LibraryNotFound,
    LibraryReadOnly,
    ModelMismatch,
    SettingsError,
)
from index.query import ForeignTerm, QueryTerms, expand, query_terms
from index.searching import Searcher
from index.store import Catalogue, Store
from index.tokens import Segmenter, default_segmenter
from index.types import (
    AddReport,
    Article,
    Encoder,
    FileReport,
    Filters,
    Hit,
    Mode,
    Progress,
    Reranking,
)

if TYPE_CHECKING:
    from index.adding import Adding
    from index.upkeep import Compacted, Problem, Repair

PATIENCE = 2.0
"""Seconds that a change waits for another one: long enough for a reader that catches up."""
MUCH_PATIENCE = 3600.0
"""Seconds that a migration waits while files are added."""


class Library:
    """Articles in a folder, searchable. Open it with ``Library.open``."""

    def __init__(
        self, folder: Path, store: Store, encoder: Encoder | None, reranking: Reranking = "light"
    ) -> None:
        self.folder = folder
        self._store = store
        self._model = CurrentModel(folder, store, encoder)
        self._languages: tuple[int, set[str]] = (-1, set())
        words = folder_of.user_words(folder)
        self._segmenter = Segmenter(words) if words else default_segmenter()
        self._indexes = DerivedIndexes(folder, store, self._segmenter, self._model.encoder)
        self.searcher = Searcher(store, self._indexes, self._model.encoder, reranking)

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        encoder: Encoder | None = None,
        create: bool = True,
        reranking: Reranking = "light",
    ) -> Library:
        """Open the library in a folder; a new one is made there unless ``create`` is false.

        ``encoder`` defaults to the model that the library was built with, else the bundled one.
        ``reranking`` says how hybrid search orders what it finds (see ``index.types``).
        Raises LibraryNotFound, LibraryNewer, LibraryDamaged or ModelMismatch.
        """
        folder = Path(path).expanduser().resolve()
        truth = folder / folder_of.TRUTH
        if not truth.exists():
            if not create:
                raise LibraryNotFound(
                    f"{folder}: no library there. Make one with: youju add FILES… --library {path}"
                )
            folder_of.make(folder)
        library = cls(folder, Store(truth), encoder, reranking)
        if encoder is not None:
            try:
                library._model.check(encoder)
            except ModelMismatch:
                library.close()
                raise
        return library

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        """How many articles there are."""
        return self._store.counts()[1]

    def close(self) -> None:
        """Close the library's files."""
        self._store.close()

    @property
    def encoder(self) -> Encoder:
        """The embedding model, loaded when first needed."""
        return self._model.encoder()

    @property
    def segmenter(self) -> Segmenter:
        """jieba with the library's own words."""
        return self._segmenter

    @property
    def revision(self) -> int:
        """How many changes the library has seen."""
        return self._store.revision

    def add(
        self,
        paths: str | Path | Iterable[str | Path],
        progress: Progress | None = None,
        columns: Mapping[str, str] | None = None,
    ) -> AddReport:
        """Read files and folders, or one, into the library; those in and unchanged are passed over.

        A file that cannot be read is reported, and the others are added. Each file is in, whole,
        or not in at all; what was finished stays when the run is interrupted. ``columns`` names the
        columns of tables by role (``index.reading.columns``). LibraryBusy: another process writes.
        """
        from index import readers
        from index.adding import shown  # 0.1 s that a question need not wait for

        with self._changing():
            self._model.keep()
            found = list(readers.find_files(_each(paths)))
            reports: list[FileReport] = []
            with self._adding() as adding:
                for done, path in enumerate(found):
                    if progress:
                        progress(done, len(found), shown(path))
                    reports.append(adding.file(path, columns))
            if progress:
                progress(len(found), len(found), "")
        return AddReport(tuple(reports))

    def add_articles(self, source: str, articles: Sequence[Article]) -> None:
        """Put articles that were made elsewhere in the place of all that ``source`` had."""
        self.add_many([(source, articles)])

    def add_many(self, sources: Iterable[tuple[str, Sequence[Article]]]) -> None:
        """The same for any number of sources, each given with its articles."""
        with self._changing():
            self._model.keep()
            with self._adding() as adding:
                for source, articles in sources:
                    adding.put(source, "", articles)

    def remove(self, sources: str | Path | Iterable[str | Path]) -> int:
        """Forget files, by path as given or as listed; how many articles went.

        The files stay, but for copies that the page made in the library's folder.
        """
        from index import upkeep

        with self._changing():
            known = set(self._store.sources())
            gone = 0
            for source in _each(sources):
                path = Path(source).expanduser()
                names = {str(source), os.path.abspath(path), str(path.resolve())}
                for name in names & known:
                    gone += self._store.remove_source(name)
                    upkeep.forget_upload(self.folder, name)
        return gone

    def search(
        self, query: str, k: int = 10, mode: Mode = "hybrid", where: Filters | None = None
    ) -> list[Hit]:
        """The ``k`` passages that fit a question best, best first; ``where`` says among which.

        ``mode``: ``dense`` ranks by cosine, ``keyword`` by BM25, ``hybrid`` by both and a reranker.
        A blank question finds nothing. Raises SettingsError for another mode.
        """
        if mode not in get_args(Mode):
            raise SettingsError(f"search mode {mode!r}: use one of {', '.join(get_args(Mode))}.")
        if k < 1 or not query.strip():
            return []
        query = query.encode("utf-8", "replace").decode()  # a terminal may hand over half letters
        self.prepare()
        return self.searcher.search(query, self.query_terms(query), k, mode, where)

    def query_terms(self, query: str) -> QueryTerms:
        """What a question looks for in this library: its words, with translations where needed."""
        return query_terms(query, self._segmenter, self.languages())

    def expansions(self, asked: str) -> list[ForeignTerm]:
        """The words of a question in the articles' language, when it is another."""
        return expand(asked, self.languages())

    def languages(self) -> set[str]:
        """The languages of the articles."""
        revision = self._store.revision
        if self._languages[0] != revision:
            self._languages = (revision, self._store.languages())
        return self._languages[1]

    def document_frequency(self, field: str, token: str) -> int:
        """In how many passages a token stands (fields: see ``index.keywords``)."""
        return self._indexes.document_frequency(field, token)

    def passages(self) -> int:
        """How many passages there are."""
        return self._store.counts()[2]

    @property
    def catalogue(self) -> Catalogue:
        """The articles as a list, page by page, without their texts."""
        return Catalogue(self._store)

    def articles(self, limit: int = -1) -> list[Article]:
        """All articles, or the first ``limit``, in the order in which they were added."""
        return self._store.articles(limit)

    def article(self, article_id: str) -> Article | None:
        """One article by its id."""
        return self._store.article(article_id)

    def sources(self) -> list[str]:
        """The files in the library."""
        return self._store.sources()

    def status(self) -> dict[str, object]:
        """What the library holds: articles, passages, model, revision, dates, bytes on disk."""
        sources, articles, passages_ = self._store.counts()
        days = [date.fromordinal(day).isoformat() for day in self._store.days() or ()]
        return {
            "library": str(self.folder),
            "sources": sources,
            "articles": articles,
            "passages": passages_,
            "languages": ", ".join(sorted(self._store.languages())),
            "dates": " – ".join(days),
            "model": self._store.meta("model") or "",
            "revision": self._store.revision,
            "changed": self._store.meta("changed") or "",
            "bytes": folder_of.size(self.folder),
        }

    def check(self) -> list[Problem]:
        """Read every file from end to end; what is wrong with it, nothing when the list is empty."""
        from index import upkeep

        return upkeep.check(self._store, self._indexes, self.folder)

    def repair(self) -> Repair:
        """Mend what ``check`` finds. Damaged articles are taken out: their files are named."""
        from index import upkeep

        with self._writing():
            return upkeep.repair(self._store, self._indexes, self.folder)

    def compact(self) -> Compacted:
        """Write every file anew, so that nothing of what was removed is left in any of them."""
        from index import upkeep

        with self._changing():
            return upkeep.compact(self._store, self._indexes, self.folder)

    def export(self, target: str | Path) -> int:
        """Write a copy of the library to one file, while it is in use; the file's bytes."""
        from index import transfer

        return transfer.export(self._store, self.folder, Path(target).expanduser())

    def migrate(self, encoder: Encoder | None = None, progress: Progress | None = None) -> int:
        """Embed all passages by another model, by default the bundled one; how many were embedded.

        The old vectors serve until all are done. What is cut off goes on where it stopped.
        """
        from index import migration

        encoder = encoder or load_encoder()
        done = migration.migrate(
            self._store, encoder, lambda: self._writing(MUCH_PATIENCE), progress
        )
        self._model.take(encoder)
        self._indexes.forget()
        self.prepare()
        return done

    @contextmanager
    def _adding(self) -> Iterator[Adding]:
        """What is read in it goes into the store in groups, the last when it ends or is broken off."""
        from index.adding import Adding

        adding = Adding(self._store, self._model.encoder, self._indexes.keep_up)
        try:
            yield adding
        finally:
            adding.flush()

    def prepare(self) -> None:
        """Catch up with what another process, or a crash, left the indexes without; as searches do."""
        if self._model.changed():
            self._indexes.forget()
        self._indexes.refresh()
        if self._indexes.lagging:
            # When its writer is still at work it will catch up; until then, what is there serves.
            with suppress(LibraryBusy, LibraryFull, LibraryReadOnly), self._writing(0):
                self._indexes.catch_up()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Hold the library for a change, and bring the indexes along, whatever happens in it."""
        with self._writing():
            if self._model.changed():
                self._indexes.forget()
            self._indexes.catch_up()
            try:
                yield
            except BaseException:
                with suppress(LibraryError):  # what broke it off is what matters
                    self._indexes.catch_up()
                raise
            self._indexes.catch_up()

    def _writing(self, patience: float = PATIENCE) -> AbstractContextManager[None]:
        return folder_of.writing(self.folder, patience)


def _each(paths: str | Path | Iterable[str | Path]) -> Iterable[str | Path]:
    """Paths, of which one may stand alone: letter by letter its first would be the whole disk."""
    return [paths] if isinstance(paths, (str, Path)) else paths
