"""A file → articles → passages with their vectors: the steps of adding, without a library."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index import articles as splitter
from index import passages, readers
from index.store import NewPassage
from index.types import Article, Encoder

_READ_BY = "2"  # raised when reading or splitting changes, so that files are read again


@dataclass(frozen=True, slots=True)
class Contents:
    """The articles of a file, and what went wrong with parts of it, in words."""

    articles: list[Article]
    failures: tuple[str, ...] = ()


def contents_of(path: Path, columns: Mapping[str, str] | None = None) -> Contents:
    """What a file holds; ``columns`` names those of tables (see ``index.reading.columns``).

    Raises a DocumentError that names the file, the cause and the mend.
    """
    return _contents(readers.read_all(path, columns))


def contents_of_bytes(
    data: bytes, source: str, columns: Mapping[str, str] | None = None
) -> Contents:
    """What bytes hold that came without a file, under a name for them. Raises as ``contents_of``."""
    return _contents(readers.read_bytes(data, source, columns))


def articles_of(path: Path) -> list[Article]:
    """The articles of a file. Raises a DocumentError that names the file, the cause and the mend."""
    return contents_of(path).articles


def _contents(found: readers.Found) -> Contents:
    return Contents(splitter.split_all(found.documents), tuple(map(str, found.failures)))


def embedded(found: Sequence[Article], encoder: Encoder) -> list[tuple[Article, list[NewPassage]]]:
    """Articles with their passages, all embedded in one go."""
    drafts = [(article, passages.split(article)) for article in found]
    texts = [passages.embedded_text(a, a.text[d.start : d.end]) for a, ds in drafts for d in ds]
    vectors = iter(encoder.encode_passages(texts))
    return [(a, [NewPassage(d.start, d.end, next(vectors)) for d in ds]) for a, ds in drafts]


def digest(path: Path, columns: Mapping[str, str] | None = None) -> str:
    """A hash of what a file holds and of how it is read; "" for one that cannot be opened
    (reading it tells why)."""
    how = "".join(f"\x1f{role}={name}" for role, name in sorted((columns or {}).items()))
    hasher = hashlib.blake2b(f"{_READ_BY}{how}".encode(), digest_size=16)
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                hasher.update(block)
    except OSError:
        return ""
    return hasher.hexdigest()
