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
Unit = Literal["line", "row", "paragraph", "slide"]
"""What the numbers of a place in a file count; of slides, the pages."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it was read from a file, with what the file says of it.

    Of a text file, ``text`` holds every character after decoding, line ends as they stood
    (a byte-order mark is not a character of the text). Of other formats it holds their words,
    a paragraph a line. ``member`` is the part of the file that it is (a file in an archive, a
    sheet of a workbook). ``pages`` are (offset, page) where each page or slide begins, ``headings`` are
    (line, rank) of the headings that the format marks, lines counted from 1, ranks from 1.
    ``first_line`` is the number of the first line in the file, ``unit`` what its numbers count.
    ``whole`` says that it is one article, whose every line is a paragraph.
    """

    text: str
    source: str
    encoding: str = "utf-8"
    title: str | None = None
    published: date | None = None
    byline: str = ""
    section: str = ""
    url: str = ""
    member: str = ""
    unit: Unit = "line"
    first_line: int = 1
    pages: tuple[tuple[int, int], ...] = ()
    headings: tuple[tuple[int, int], ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in an article's text: where it starts there, its rank among those of the article
    (1 is the highest), its words."""

    start: int
    rank: int
    text: str


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
    """Where in its file an article stands: lines (or rows, or paragraphs: ``unit``), 1-based,
    both included; the first page if paged; the ``member`` of an archive or workbook."""

    first_line: int
    last_line: int
    page: int | None = None
    member: str = ""
    unit: Unit = "line"

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
    ``headings`` are those within the text, ``pages`` are (offset in the text, page) where the
    text passes to a page, ``url`` is where it was published.
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
    headings: tuple[Heading, ...] = field(default=(), repr=False)
    pages: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    url: str = ""

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

    def pages_of(self, start: int, end: int) -> str:
        """The pages that hold ``text[start:end]``: ``"3"``, ``"3-4"``, ``""`` where none are known."""
        if not self.pages:
            return ""
        first, last = (
            self.pages[max(0, bisect_right(self.pages, at, key=lambda p: p[0]) - 1)][1]
            for at in (start, max(start, end - 1))
        )
        return _lines(first, last)

    def section_path(self, offset: int) -> tuple[str, ...]:
        """The headings under which character ``offset`` stands, the highest rank first."""
        path: list[Heading] = []
        at = bisect_right(self.headings, offset, key=lambda h: h.start)
        while at and (not path or path[-1].rank > 1):
            at -= 1
            if not path or self.headings[at].rank < path[-1].rank:
                path.append(self.headings[at])
        return tuple(heading.text for heading in reversed(path))


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
    """A passage that a search found. Scores compare only within one ``leg``.

    ``reprints`` are other articles with nearly the same text, where they were looked for.
    """

    passage: Passage
    article: Article
    score: float
    rank: int
    leg: Leg
    reprints: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles a search is among. All that is given must fit; empty lets everything through.

    ``since`` and ``until`` are days, both included; an article of no known day fits neither.
    ``sources`` are files as listed, or folders; ``sections`` as articles have them, ``persons``
    names as bylines have them: one of each kind must fit.
    """

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Failure:
    """A part of a file that could not be read: which (``list.zip/a.pdf``), and why as in
    ``FileReport``."""

    source: str
    kind: str
    error: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file: ``added``, ``unchanged`` or ``failed``.

    Of one that failed ``error`` says why in words, for people, and ``kind`` is the name of the
    error's class (``"EmptyDocument"``, see ``index.errors``), for programs. ``failures`` are the
    parts that could not be read of a file that was added.
    """

    source: str
    outcome: Literal["added", "unchanged", "failed"]
    articles: int = 0
    passages: int = 0
    error: str = ""
    kind: str = ""
    failures: tuple[Failure, ...] = ()


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
