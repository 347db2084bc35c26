"""ZIP archives, and the safe opening of all formats that are ZIP archives inside."""

from __future__ import annotations

import gzip
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePosixPath

from index.decoding import decode_name
from index.errors import (
    DamagedDocument,
    DocumentError,
    EmptyDocument,
    EncryptedDocument,
    OversizedDocument,
    UnsupportedDocument,
)
from index.reading.given import MEMBERS, Given, Read, damage

_BOMB_RATIO, _BOMB_SIZE = 1_000, 10 << 20
# Archives in which each file is packed 1,000 times and more hold nothing for a reader: text
# packs 2 to 10 times, an office document at most some 100 times.
_STEP = 1 << 20  # bytes unpacked at a time, so that a bomb ends early
_DRIVE = re.compile("[A-Za-z]:")
_NOT_MEANT = ("__MACOSX", ".", "~$")


@contextmanager
def opened(given: Given, what: str) -> Iterator[zipfile.ZipFile]:
    """The archive, once it is known to be safe to unpack into memory.

    Raises DamagedDocument, EncryptedDocument (all of its files) or OversizedDocument.
    """
    with damage(given, what):
        archive = zipfile.ZipFile(BytesIO(given.data))
    with archive:
        files = [info for info in archive.infolist() if not info.is_dir()]
        if len(files) > MEMBERS:
            cause = f"it holds {len(files)} files, more than {MEMBERS}"
            raise OversizedDocument(given.shown, cause, "Unpack it and add the folder.")
        for info in files:
            # No more than this is read: a size that lies ends as damage.
            given.budget.take(info.file_size, given)
            ratio = info.file_size / max(1, info.compress_size)
            if info.file_size > _BOMB_SIZE and ratio > _BOMB_RATIO:
                cause = f"{info.filename} unpacks to {ratio:.0f} times its size (a zip bomb)"
                raise OversizedDocument(given.shown, cause, "Do not open it.")
        if files and all(info.flag_bits & 1 for info in files):
            raise EncryptedDocument(
                given.shown, "it is locked with a password", "Unpack it and add what is in it."
            )
        yield archive


def read(given: Given, dispatch: Callable[[Given], Read], wanted: Callable[[str], bool]) -> Read:
    """The documents of each member that ``wanted`` takes by its name, read by ``dispatch``.

    Hidden files are left out, as in folders. A member that cannot be read is yielded as its
    error. Raises as ``opened`` does, and EmptyDocument when no member is wanted.
    """
    with opened(given, "ZIP archive") as archive:
        members = [
            (name, info)
            for info in archive.infolist()
            if not info.is_dir() and _meant(name := _name(info)) and wanted(name)
        ]
        if not members:
            cause = "the archive holds no file of a kind that is read"
            raise EmptyDocument(given.shown, cause, "Add an archive of documents.")
        for name, info in sorted(members, key=lambda m: m[0]):
            try:
                yield from dispatch(given.within(name, _bytes(given, archive, info, name)))
            except DocumentError as error:
                yield error


def read_gzip(
    given: Given, dispatch: Callable[[Given], Read], wanted: Callable[[str], bool]
) -> Read:
    """The documents of the one file that gzip packed, by its own kind.

    Raises as that kind does, OversizedDocument, DamagedDocument, or UnsupportedDocument for a
    tar archive.
    """
    name = re.sub(
        r"\.(?:gz|gzip)$", "", (given.member or given.source).rsplit("/", 1)[-1], flags=re.I
    )
    with damage(given, "gzip file"), gzip.GzipFile(fileobj=BytesIO(given.data)) as file:
        parts = []
        while part := file.read(_STEP):
            given.budget.take(len(part), given)
            parts.append(part)
        data = b"".join(parts)
    if name.lower().endswith((".tar", ".tgz")) or data[257:262] == b"ustar":
        mend = "Unpack it and add the folder, or pack it as ZIP."
        raise UnsupportedDocument(given.shown, "it is a tar archive, which is not read", mend)
    yield from dispatch(given.within(name, data))


def _bytes(given: Given, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    shown = f"{given.shown}/{name}"
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or _DRIVE.match(name):
        cause = "its path leads out of the archive"
        raise DamagedDocument(shown, cause, "Make the archive anew with plain relative names.")
    if info.flag_bits & 1:
        mend = "Unpack it with its password and add it."
        raise EncryptedDocument(shown, "it is locked with a password", mend)
    with damage(given.within(name, b""), "member of a ZIP archive"), archive.open(info) as file:
        return file.read(info.file_size + 1)


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name. Without the mark of UTF-8 it is in the encoding of whoever packed it."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            return name
        return decode_name(raw).replace("\\", "/")
    return name.replace("\\", "/")


def _meant(name: str) -> bool:
    return not any(
        part.startswith(_NOT_MEANT) and part != ".." for part in PurePosixPath(name).parts
    )
