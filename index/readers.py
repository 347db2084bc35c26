"""A file → its text. One function reads, one finds the files to read.

Plain text and Markdown are read, in UTF-8, UTF-16, GB18030 (with GBK) and Big5. Whatever is
wrong with a file is a `DocumentError` that names the file, the cause and the mend.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from index.decoding import Unreadable, decode
from index.errors import (
    DocumentNotFound,
    DocumentUnreadable,
    EmptyDocument,
    UnknownEncoding,
    UnsupportedDocument,
)
from index.types import Document

SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown"})
"""The files that are taken from a folder. A file named outright may have any suffix."""

_AS_TEXT = "Save it as plain text (.txt) and add that; more formats come in a later version."
# How files that are no text begin: the bytes, and what such a file is called.
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document (docx, xlsx, epub)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document (doc, xls, ppt)"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"RIFF", "a WebP image, WAV sound or AVI film"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"ID3", "an MP3 sound"),
    (b"OggS", "an Ogg sound"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"SQLite format 3\0", "an SQLite database"),
)
# Beginnings that a text may have too: they count only where the bytes are no text.
_WEAK = {b"BM", b"MZ", b"ID3", b"GIF8", b"RIFF", b"BZh", b"OggS"}
_LATER = {".pdf", ".doc", ".docx", ".html", ".htm", ".rtf", ".odt", ".epub", ".xls", ".xlsx", ".ppt", ".pptx"}  # fmt: skip


def find_files(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The files to read: files as named, and the text files of folders, sorted, at any depth.

    Every path is absolute and comes once. Hidden files and folders are left out, links to
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


def read(path: str | Path) -> Document:
    """The text of a file, every character of it, line ends as they stand.

    Raises DocumentNotFound, DocumentUnreadable (permission, folder, device),
    UnsupportedDocument (PDF, office document, image …), UnknownEncoding (with the place of the
    bad byte, where there is one) or EmptyDocument.
    """
    source = str(path)
    data = _bytes_of(Path(path), source)
    if not data.strip():
        raise EmptyDocument(source, "the file is empty", "Add a file that holds text.")
    kind = _kind(data)
    suffix = Path(path).suffix.lower()
    if kind is None and suffix in _LATER and suffix not in {".doc", ".rtf"}:
        kind = f"a {suffix[1:].upper()} document"
    if kind is not None:
        raise UnsupportedDocument(source, f"it is {kind}, which cannot be read yet", _AS_TEXT)
    decoded = decode(data)
    if isinstance(decoded, Unreadable):
        raise _undecodable(source, data, decoded)
    text, encoding = decoded
    if _share_of_controls(text) > 0.01:
        raise UnsupportedDocument(source, "it holds no text but binary data", _AS_TEXT)
    if not text.strip():
        raise EmptyDocument(source, "the file holds white space only", "Add a file with text.")
    return Document(text=text, source=source, encoding=encoding)


def _walk(folder: Path) -> Iterator[Path]:
    """The text files under ``folder``; the folder itself where it cannot be listed."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry.name.startswith("."):
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
        with path.open("rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise DocumentNotFound(source, "there is no such file", "Check the path.") from error
    except PermissionError as error:
        raise DocumentUnreadable(source, "there is no permission to read it", permit) from error
    except OSError as error:
        cause = f"the system cannot read it ({error.strerror or error})"
        raise DocumentUnreadable(source, cause, "Check the disk and the file.") from error


def _kind(data: bytes) -> str | None:
    """What a file that is no text looks like, by its first bytes."""
    for magic, name in _MAGIC:
        if data.startswith(magic) and not (
            magic in _WEAK and isinstance(decode(data[:4096]), tuple)
        ):
            return name
    return None


def _undecodable(source: str, data: bytes, found: Unreadable) -> UnknownEncoding:
    if found.offset is None:
        mend = "Save it as UTF-8 text; if it is no text file, it cannot be added."
        return UnknownEncoding(source, f"{found.why} (UTF-8, UTF-16, GB18030, Big5)", mend)
    line = data.count(b"\n", 0, found.offset) + 1
    place = f"byte 0x{data[found.offset]:02x} in line {line}, at offset {found.offset}"
    return UnknownEncoding(
        source, f"{found.why}: {place}", "Mend that place, or save it anew as UTF-8."
    )


def _share_of_controls(text: str) -> float:
    sample = text[:20_000]
    return sum(c < " " and c not in "\t\n\r\f\v\x1b\x1a" for c in sample) / max(1, len(sample))
