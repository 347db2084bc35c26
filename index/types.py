"""The words of the index: what a document, an article, a passage and a hit are.

All are frozen and slotted. Offsets count Unicode code points and are half-open:
``article.text[passage.start:passage.end] == passage.text``, always.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Embeddings, shape ``(n, dimension)``, each row of unit length."""

Leg = Literal["dense", "keyword", "fused", "reranked"]
Mode = Literal["hybrid", "dense", "keyword"]


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read: its characters and where they came from.

    ``text`` holds every character of the file after decoding, line ends as they stood
    (a byte-order mark is not a character of the text).
    """

    text: str
    source: str
    encoding: str = "utf-8"
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of an article's text that stands in one piece on one line of its file.

    ``text_start`` counts in ``Article.text``, ``file_start`` in ``Document.text``;
    ``line`` is 1-based.
    """

    text_start: int
    file_start: int
    length: int
    line: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in its file an article stands: lines, 1-based, both included; a page if paged."""

    first_line: int
    last_line: int
    page: int | None = None

    def __str__(self) -> str:
        return _lines(self.first_line, self.last_line)


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A day whose year may be unstated, as news has it (“11月14日”).

    ``str`` gives ISO 8601: ``2016-11-14``, or ``11-14`` without a year.
    """

    month: int
    day: int
    year: int | None = None

    def __str__(self) -> str:
        tail = f"{self.month:02d}-{self.day:02d}"
        return tail if self.year is None else f"{self.year:04d}-{tail}"


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a file, its text mended once, on reading.

    ``text`` is all of the article below its title: paragraphs separated by one ``"\\n"``,
    broken lines joined, the byline where it stood (so that it can be cited too).
    ``runs`` maps every character of ``text`` back to the file, in ascending order.
    ``id`` comes from content and source: reading the same file twice gives the same ids.
    """

    id: str
    title: str
    text: str
    language: str
    source: str
    origin: Origin
    published: date | None = None
    byline: str = ""
    section: str = ""
    kicker: str = ""
    event: PartialDate | None = None
    byline_span: tuple[int, int] | None = None
    runs: tuple[Run, ...] = field(default=(), repr=False)

    @property
    def dated(self) -> str:
        """The best date known, ISO 8601 (``2016-11-14``, ``11-14``), or ``""``."""
        if self.published is not None:
            return self.published.isoformat()
        return "" if self.event is None else str(self.event)

    def file_position(self, offset: int) -> tuple[int, int]:
        """The place of character ``offset`` of ``text`` in the file: (code point, line).

        Raises IndexError when ``offset`` lies outside ``text`` or the article has no map.
        """
        if not 0 <= offset < len(self.text) or not self.runs:
            raise IndexError(f"article {self.id} has no character {offset}")
        run = self.runs[bisect_right(self.runs, offset, key=lambda r: r.text_start) - 1]
        return run.file_start + offset - run.text_start, run.line

    def lines(self, start: int, end: int) -> str:
        """The file's lines that hold ``text[start:end]``: ``"12"`` or ``"12-14"``."""
        if not self.runs or end <= start:
            return str(self.origin)
        return _lines(self.file_position(start)[1], self.file_position(end - 1)[1])


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an article, short enough to embed: ``article.text[start:end] == text``."""

    id: int
    article_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found. Scores compare only within one ``leg``."""

    passage: Passage
    article: Article
    score: float
    rank: int
    leg: Leg


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file: ``added``, ``unchanged`` or ``failed`` (with the reason)."""

    source: str
    outcome: Literal["added", "unchanged", "failed"]
    articles: int = 0
    passages: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class AddReport:
    """What ``Library.add`` did, file by file."""

    files: tuple[FileReport, ...]

    @property
    def failed(self) -> tuple[FileReport, ...]:
        """The files that could not be read; all others are in the library."""
        return tuple(f for f in self.files if f.outcome == "failed")

    @property
    def articles(self) -> int:
        """How many articles were added."""
        return sum(f.articles for f in self.files if f.outcome == "added")


Progress = Callable[[int, int, str], None]
"""Called as ``progress(files_done, files_total, current_source)``."""


@runtime_checkable
class Encoder(Protocol):
    """Texts → unit vectors. Queries and passages may be prompted differently."""

    @property
    def name(self) -> str:
        """The model's name or path, as given."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors of a text would change."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, shape ``(len(texts), dimension)``."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, shape ``(len(texts), dimension)``."""


@runtime_checkable
class Reranker(Protocol):
    """Reads a question and each passage together: slower than an encoder, and more exact."""

    @property
    def name(self) -> str:
        """The model's name or path, as given."""

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text answers, shape ``(len(texts),)``: logits, the higher the better."""


Reranking = Reranker | Literal["light", "none"]
"""How hybrid search orders what fusion proposes: by the light reranker in the package, by it and
then by another one, or not at all."""


@runtime_checkable
class SearchableLibrary(Protocol):
    """What an assistant needs of a library; ``Library`` is the one on a single machine."""

    def add(self, paths: Iterable[str | Path], progress: Progress | None = None) -> AddReport:
        """Read files and folders into the library."""

    def remove(self, sources: Iterable[str]) -> int:
        """Forget all articles of these sources; how many articles went."""

    def search(self, query: str, k: int = 10, mode: Mode = "hybrid") -> list[Hit]:
        """The ``k`` passages that fit best, best first."""

    def articles(self) -> list[Article]:
        """All articles, in the order in which they were added."""

    def article(self, article_id: str) -> Article | None:
        """One article by its id."""


def _lines(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
