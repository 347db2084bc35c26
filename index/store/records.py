"""Articles and vectors as rows of the store and back, each row with a checksum over what it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any
from zlib import crc32

import numpy as np

from index.types import Article, Heading, Origin, PartialDate, Passage, Run, Vectors

ARTICLE = "id, title, text, language, source, about, runs, checksum"
"""The columns that ``article`` reads."""
UNKNOWN = 0
"""The key of a passage of which it is not known what was embedded."""
_JSON = json.JSONDecoder()
_CREDITS = re.compile(r"[\s、，,;；:：/|·（）()]+")


class Damage(ValueError):
    """A row does not hold what was written."""


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage on its way in: its place in the article, its vector, shape ``(dimension,)``, and
    the key of the text that was embedded (see ``key_of``)."""

    start: int
    end: int
    vector: Vectors
    key: int = UNKNOWN


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the article it belongs to."""

    passage: Passage
    article: Article


@dataclass(frozen=True, slots=True)
class NewSource:
    """A file on its way in: the hash of its content, and its articles with their passages."""

    source: str
    digest: str
    articles: Sequence[tuple[Article, Sequence[NewPassage]]]


def key_of(embedded: str) -> int:
    """A hash of a text that is embedded: equal texts have equal vectors. Never ``UNKNOWN``."""
    return _hash(embedded.encode("utf-8", "surrogatepass")) or 1


def names_in(byline: str) -> list[str]:
    """The names in a byline: what stands between blanks and marks (“记者 方晓岚” gives both words)."""
    return sorted({part for part in _CREDITS.split(byline) if part})


def sections_of(section: str) -> list[str]:
    """A section and those it lies in: ``"要闻/本地"`` gives itself and ``"要闻"``."""
    parts = section.split("/")
    return ["/".join(parts[: i + 1]) for i in range(len(parts)) if section]


def day_of(article: Article) -> int | None:
    """The day an article is of, as ``date.toordinal`` counts; None when no year is known."""
    if article.published is not None:
        return article.published.toordinal()
    event = article.event
    if event is None or event.year is None:
        return None
    try:
        return date(event.year, event.month, event.day).toordinal()
    except ValueError:  # 30 February
        return None


def labels_of(article: Article) -> list[str]:
    """What an article is filtered by: ``n:`` before a name in its byline, ``s:`` before a section."""
    return [
        *(f"n:{name}" for name in names_in(article.byline)),
        *(f"s:{section}" for section in sections_of(article.section)),
    ]


def article_row(article: Article) -> dict[str, Any]:
    """The columns of an article, those that say where its passages are left out."""
    about: dict[str, Any] = {
        "origin": [article.origin.first_line, article.origin.last_line, article.origin.page],
        "published": article.published.isoformat() if article.published else None,
        "event": str(article.event) if article.event else None,
        "byline": article.byline,
        "byline_span": article.byline_span,
        "section": article.section,
        "kicker": article.kicker,
    }
    if article.origin.member or article.origin.unit != "line":
        about["origin"] += [article.origin.member, article.origin.unit]
    if article.headings:
        about["headings"] = [[h.start, h.rank, h.text] for h in article.headings]
    if article.pages:
        about["pages"] = article.pages
    if article.url:
        about["url"] = article.url
    runs = np.array(
        [(r.text_start, r.file_start, r.length, r.line) for r in article.runs], dtype="<i8"
    )
    row = {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "language": article.language,
        "source": article.source,
        "about": json.dumps(about, ensure_ascii=False),
        "runs": runs.tobytes(),
    }
    return row | {"checksum": _row_hash(row.values())}


def article(row: Sequence[Any]) -> Article:
    """An article from its columns ``ARTICLE``. Raises Damage when they are not as written."""
    if _row_hash(row[:-1]) != row[-1]:
        raise Damage(f"article {row[0]!r} of {row[4]!r} has changed since it was written")
    return article_of_columns(row)


def article_of_columns(row: Sequence[Any]) -> Article:
    """The same without looking at the checksum."""
    article_id, title, text, language, source, about_json, runs_blob = row[:7]
    about = _JSON.decode(about_json)
    runs = np.frombuffer(runs_blob, dtype="<i8").reshape(-1, 4).tolist() if runs_blob else ()
    return Article(
        id=article_id,
        title=title,
        text=text,
        language=language,
        source=source,
        origin=Origin(*about["origin"]),
        published=date.fromisoformat(about["published"]) if about["published"] else None,
        byline=about["byline"],
        section=about["section"],
        kicker=about["kicker"],
        event=_partial_date(about["event"]),
        byline_span=tuple(about["byline_span"]) if about["byline_span"] else None,
        runs=tuple(Run(*r) for r in runs),
        headings=tuple(Heading(*h) for h in about.get("headings", ())),
        pages=tuple((at, page) for at, page in about.get("pages", ())),
        url=about.get("url", ""),
    )


def cuts_hash(cuts: Iterable[tuple[int, int, int]]) -> int:
    """A checksum over the (start, end, key) of an article's passages."""
    return _hash(np.array(list(cuts), dtype="<i8").tobytes())


def vector_row(vector: Vectors) -> tuple[bytes, int]:
    """A vector as it is stored, float16, and its checksum."""
    data = vector.astype("<f2").tobytes()
    return data, crc32(data)


def vector_rows(vectors: Sequence[tuple[int, Vectors]]) -> Iterator[tuple[int, bytes, int]]:
    """Vectors under their numbers as they are stored: number, float16, checksum."""
    if not vectors:
        return
    data = np.stack([v for _, v in vectors]).astype("<f2").tobytes()
    size = len(data) // len(vectors)
    for at, (number, _) in enumerate(vectors):
        row = data[at * size : (at + 1) * size]
        yield number, row, crc32(row)


def vector(data: bytes, checksum: int, number: int) -> Vectors:
    """A stored vector, float32. Raises Damage when it is not as written."""
    if crc32(data) != checksum:
        raise _changed(number)
    return np.frombuffer(data, dtype="<f2").astype(np.float32)


def vectors(rows: Sequence[tuple[int, bytes, int]], checked: bool = True) -> Vectors:
    """Stored vectors, given as ``vector_rows`` has them, shape ``(n, dimension)``. Raises Damage."""
    for number, data, checksum in rows if checked else ():
        if crc32(data) != checksum:
            raise _changed(number)
    data = b"".join([data for _, data, _ in rows])
    return np.frombuffer(data, "<f2").reshape(len(rows), -1).astype(np.float32)


def _changed(number: int) -> Damage:
    return Damage(f"the vector of passage {number} has changed since it was written")


def _row_hash(values: Iterable[Any]) -> int:
    parts: list[bytes] = []
    for value in values:
        part = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
        parts += (len(part).to_bytes(8, "little"), part)
    return _hash(b"".join(parts))


def _hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little", signed=True)


def _partial_date(text: str | None) -> PartialDate | None:
    if not text:
        return None
    *year, month, day = (int(part) for part in text.split("-"))
    return PartialDate(month, day, year[0] if year else None)
