"""A file → its text. One function reads, one finds the files to read.

What a file is, is told by its bytes and its name (``index.reading``). Whatever is wrong with one
is a ``DocumentError`` that names the file, the cause and the mend.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from index.errors import (
    DamagedDocument,
    DocumentError,
    DocumentNotFound,
    DocumentUnreadable,
    EmptyDocument,
    OversizedDocument,
)
from index.folder import TRUTH, UPLOADS
from index.reading import dispatch
from index.reading.given import Given
from index.types import Document

SUFFIXES = dispatch.SUFFIXES
"""The files that are taken from a folder. A file named outright may have any suffix."""
LARGEST = 1 << 31
"""Bytes of one file."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds, and the errors of its parts that could not be read."""

    documents: tuple[Document, ...]
    failures: tuple[DocumentError, ...] = ()


def find_files(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The files to read: files as named, and the files of folders that have a reader, sorted, at any depth.

    Every path is absolute and comes once. Hidden files and folders, and what Office writes beside open documents, are left out, links to
    folders are not followed. A path that is missing, or a folder that cannot be listed, comes
    as it is: `read` then says what is wrong with it.
    """
    seen: set[Path] = set()
    for given in paths:
        path = Path(given).expanduser()
        for found in _walk(path) if path.is_dir() else [path]:
            file = Path(os.path.abspath(found))
            if file not in seen:
                seen.add(file)
                yield file


def read(path: str | Path, columns: Mapping[str, str] | None = None) -> Document:
    """The text of a file; of one that holds several documents, the first.

    Raises as ``read_all`` does.
    """
    return read_all(path, columns).documents[0]


def read_all(path: str | Path, columns: Mapping[str, str] | None = None) -> Found:
    """All documents of a file: the rows of a table, the members of an archive, or just one.

    ``columns`` names the columns of tables and records by role (see ``index.reading.columns``).
    A part that cannot be read does not stop the others. Raises DocumentNotFound,
    DocumentUnreadable (permission, folder, device), UnsupportedDocument (an image, an old office
    document …), UnknownEncoding (with the place of the bad byte, where there is one),
    DamagedDocument, EncryptedDocument, OversizedDocument, ScannedDocument or EmptyDocument.
    """
    source = str(path)
    return read_bytes(_bytes_of(Path(path), source), source, columns)


def read_bytes(data: bytes, source: str, columns: Mapping[str, str] | None = None) -> Found:
    """All documents of a file whose bytes are at hand. Raises as ``read_all`` does."""
    given = Given(data, source, columns=columns or {})
    documents: list[Document] = []
    failures: list[DocumentError] = []
    try:
        for found in dispatch.read(given):
            if isinstance(found, Document):
                documents.append(found)
            else:
                failures.append(found)
    except DocumentError as error:
        if not documents:
            raise
        failures.append(error)
    if documents:
        return Found(tuple(documents), tuple(failures))
    if len(failures) == 1:
        raise failures[0]
    if not failures:
        raise EmptyDocument(source, "the file holds no text", "Add a file with text.")
    shown = "; ".join(str(f).removeprefix(f"{source}/") for f in failures[:3])
    cause = f"none of its {len(failures)} parts could be read ({shown})"
    raise DamagedDocument(source, cause, "Unpack it and add what is sound.")


def _walk(folder: Path) -> Iterator[Path]:
    """The files under ``folder``; the folder itself where it cannot be listed.

    Of a library's own folder these are the uploads: its indexes hold JSON, and are nobody's text.
    """
    if (folder / TRUTH).exists():
        folder = folder / UPLOADS
        if not folder.is_dir():
            return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry.name.startswith((".", "~$")):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        elif entry.is_file() and Path(entry.name).suffix.lower() in SUFFIXES:
            yield Path(entry.path)


def _bytes_of(path: Path, source: str) -> bytes:
    permit = "Give the reading user permission, or copy the file to where it may be read."
    try:
        mode = path.stat().st_mode
        if S_ISDIR(mode):
            os.scandir(path).close()
            raise DocumentUnreadable(source, "it is a folder, not a file", "Name a file in it.")
        if not S_ISREG(mode):
            raise DocumentUnreadable(source, "it is a device or a pipe", "Name a regular file.")
        if path.stat().st_size > LARGEST:
            cause = f"it is larger than {LARGEST >> 20} MB"
            raise OversizedDocument(source, cause, "Split it into smaller files.")
        with path.open("rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise DocumentNotFound(source, "there is no such file", "Check the path.") from error
    except PermissionError as error:
        raise DocumentUnreadable(source, "there is no permission to read it", permit) from error
    except OSError as error:
        cause = f"the system cannot read it ({error.strerror or error})"
        raise DocumentUnreadable(source, cause, "Check the disk and the file.") from error
