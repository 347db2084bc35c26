"""A file → articles → passages with their vectors: the steps of adding, without a library."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from index import articles as splitter
from index import passages, readers
from index.store import NewPassage
from index.types import Article, Encoder

_READ_BY = "1"  # raised when reading or splitting changes, so that files are read again


def articles_of(path: Path) -> list[Article]:
    """The articles of a file. Raises a DocumentError that names the file, the cause and the mend."""
    return splitter.split(readers.read(path))


def embedded(found: Sequence[Article], encoder: Encoder) -> list[tuple[Article, list[NewPassage]]]:
    """Articles with their passages, all embedded in one go."""
    drafts = [(article, passages.split(article)) for article in found]
    texts = [passages.embedded_text(a, a.text[d.start : d.end]) for a, ds in drafts for d in ds]
    vectors = iter(encoder.encode_passages(texts))
    return [(a, [NewPassage(d.start, d.end, next(vectors)) for d in ds]) for a, ds in drafts]


def digest(path: Path) -> str:
    """A hash of what a file holds; "" for one that cannot be opened (reading it tells why)."""
    hasher = hashlib.blake2b(_READ_BY.encode(), digest_size=16)
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                hasher.update(block)
    except OSError:
        return ""
    return hasher.hexdigest()
