"""A file → articles → passages with their vectors: the steps of adding, without a library."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index import passages
from index.store import NewPassage, NewSource, key_of
from index.types import Article, Encoder, Failure, Vectors

if TYPE_CHECKING:
    from index.readers import Found

_READ_BY = "2"  # raised when reading or splitting changes, so that files are read again


@dataclass(frozen=True, slots=True)
class Contents:
    """The articles of a file, and what went wrong with parts of it."""

    articles: list[Article]
    failures: tuple[Failure, ...] = ()


def contents_of(path: Path, columns: Mapping[str, str] | None = None) -> Contents:
    """What a file holds; ``columns`` names those of tables (see ``index.reading.columns``).

    Raises a DocumentError that names the file, the cause and the mend.
    """
    from index import readers  # articles that were made elsewhere need none of this

    return _contents(readers.read_all(path, columns))


def contents_of_bytes(
    data: bytes, source: str, columns: Mapping[str, str] | None = None
) -> Contents:
    """What bytes hold that came without a file, under a name for them. Raises as ``contents_of``."""
    from index import readers

    return _contents(readers.read_bytes(data, source, columns))


def articles_of(path: Path) -> list[Article]:
    """The articles of a file. Raises a DocumentError that names the file, the cause and the mend."""
    return contents_of(path).articles


def _contents(found: Found) -> Contents:
    from index import articles as splitter

    failures = tuple(Failure(f.source, type(f).__name__, str(f)) for f in found.failures)
    return Contents(splitter.split_all(found.documents), failures)


@dataclass(frozen=True, slots=True)
class Cut:
    """A source's articles cut into passages; ``texts`` are what is embedded, article by article."""

    source: str
    digest: str
    articles: list[tuple[Article, list[passages.Draft]]]
    texts: list[str]


def fits_of(encoder: Encoder) -> passages.Fits | None:
    """What says whether a text fits the model; None for one that has no limit."""
    behind = getattr(encoder, "encoder", encoder)  # a cache has one behind it
    fits: passages.Fits | None = getattr(behind, "fits", None)
    return fits


def cut(
    source: str, digest: str, found: Sequence[Article], fits: passages.Fits | None = None
) -> Cut:
    """Cut articles into passages, small enough for the model by ``fits``."""
    drafts = [(article, passages.split(article, fits=fits)) for article in found]
    texts = [
        passages.embedded_text(a, a.text[d.start : d.end], d.start) for a, ds in drafts for d in ds
    ]
    return Cut(source, digest, drafts, texts)


def embedded(
    cuts: Sequence[Cut], encoder: Encoder, known: Mapping[int, Vectors] | None = None
) -> list[NewSource]:
    """Sources with the vectors of their passages, all embedded in one go.

    ``known`` has vectors by the key of the text that they are of: these are not made again.
    """
    keys = [key_of(text) for each in cuts for text in each.texts]
    vectors = dict(known or {})
    texts = (text for each in cuts for text in each.texts)
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in vectors}
    if new:
        vectors.update(zip(new, encoder.encode_passages(list(new.values())), strict=True))
    key = iter(keys)
    return [
        NewSource(
            each.source,
            each.digest,
            [
                (a, [NewPassage(d.start, d.end, vectors[k := next(key)], k) for d in drafts])
                for a, drafts in each.articles
            ],
        )
        for each in cuts
    ]


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
