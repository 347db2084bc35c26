"""Which reader a file needs, told by its first bytes before its name."""

from __future__ import annotations

import re
import zipfile
from importlib import import_module
from io import BytesIO

from index.decoding import decode
from index.errors import DamagedDocument, EmptyDocument, UnsupportedDocument
from index.reading.given import OLE, Given, Read
from index.reading.plain import AS_TEXT

TEXT_SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown", ".rst", ".log"})
SUBTITLE_SUFFIXES = frozenset({".srt", ".vtt"})
WEB_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml"})
TABLE_SUFFIXES = frozenset({".csv", ".tsv"})
RECORD_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
MAIL_SUFFIXES = frozenset({".eml", ".mht", ".mhtml"})
SLIDE_SUFFIXES = frozenset({".pptx", ".pptm", ".ppsx", ".ppsm", ".potx"})
GZIP_SUFFIXES = frozenset({".gz"})
OLD_SHEET_SUFFIXES = frozenset({".xls", ".xlt", ".et"})
OLD_SUFFIXES = OLD_SHEET_SUFFIXES | {".rtf", ".doc", ".dot", ".wps"}
OPEN_SUFFIXES = frozenset({".odt", ".ott", ".ods", ".ots", ".odp", ".otp"})
PACKED_SUFFIXES = frozenset(
    {".pdf", ".docx", ".docm", ".xlsx", ".xlsm", ".epub", ".zip", *SLIDE_SUFFIXES, *OPEN_SUFFIXES}
)
SUFFIXES = (
    TEXT_SUFFIXES
    | WEB_SUFFIXES
    | TABLE_SUFFIXES
    | RECORD_SUFFIXES
    | MAIL_SUFFIXES
    | PACKED_SUFFIXES
    | OLD_SUFFIXES
    | SUBTITLE_SUFFIXES
    | GZIP_SUFFIXES
)
"""The files that are taken from folders and archives. A file named outright may have any suffix."""

# How files that have no reader begin: the bytes, and what such a file is called.
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"RIFF", "a WebP image, WAV sound or AVI film"),
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
_NO_READER = {".ppt", ".dps", ".ofd", ".caj", ".mobi", ".azw3"}  # fmt: skip
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)[\s>]", re.I | re.S)  # fmt: skip
# Module and function that read a kind, where they have other names; kinds that hold other files.
_READERS = {
    "sheets": ("tables", "read_xlsx"),
    "old_sheets": ("tables", "read_xls"),
    "gzip": ("archive", "read_gzip"),
}
_HOLD_OTHERS = {"archive", "gzip", "mail"}


def read(given: Given) -> Read:
    """The documents of a file. Raises a DocumentError that names it, the cause and the mend."""
    if not given.data:
        raise EmptyDocument(given.shown, "the file is empty", "Add a file that holds text.")
    kind = kind_of(given)
    # Each reader is imported when a file needs it: some bring heavy libraries.
    module, function = _READERS.get(kind, (kind, "read"))
    reader = getattr(import_module(f"index.reading.{module}"), function)
    yield from reader(given, read, wanted) if kind in _HOLD_OTHERS else reader(given)


def wanted(name: str) -> bool:
    """Whether a file of this name is taken from a folder, an archive or a message."""
    return any(name.lower().endswith(suffix) for suffix in SUFFIXES)


def kind_of(given: Given) -> str:
    """Which reader reads it. Raises UnsupportedDocument, EncryptedDocument or DamagedDocument."""
    data, suffix = given.data, given.suffix
    if b"%PDF-" in data[:1024] and suffix not in TEXT_SUFFIXES - {".txt"}:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(given)
    if data.startswith(b"\x1f\x8b"):
        return "gzip"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(OLE):
        from index.reading import ole

        return ole.kind_of(given)
    _refuse_known(given)
    if suffix in OLD_SUFFIXES and not _is_text(data):
        cause = (
            f"it is no {suffix[1:].upper()}, whatever its name says, or its beginning is damaged"
        )
        raise DamagedDocument(given.shown, cause, "Get a whole copy, or give it its right name.")
    if suffix in OLD_SUFFIXES and _is_mail(data):
        return "mail"  # how some programs export pages as “.doc”
    if suffix in OLD_SHEET_SUFFIXES:
        return "old_sheets"
    if suffix in PACKED_SUFFIXES:
        cause = (
            f"it is no {suffix[1:].upper()}, whatever its name says, or its beginning is damaged"
        )
        raise DamagedDocument(given.shown, cause, "Get a whole copy, or give it its right name.")
    if suffix in WEB_SUFFIXES or (suffix not in {".md", ".markdown"} and _PAGE.match(data[:4096])):
        return "mail" if _is_mail(data) and suffix not in WEB_SUFFIXES else "web"
    for kind, suffixes in (
        ("tables", TABLE_SUFFIXES),
        ("records", RECORD_SUFFIXES),
        ("mail", MAIL_SUFFIXES),
        ("subtitles", SUBTITLE_SUFFIXES),
    ):
        if suffix in suffixes:
            return kind
    return "plain"


def _packed(given: Given) -> str:
    """What a ZIP archive really is, by what is in it."""
    try:
        with zipfile.ZipFile(BytesIO(given.data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        cause = f"it begins like a ZIP archive or office document but is damaged ({error})"
        raise DamagedDocument(given.shown, cause, "Get a whole copy.") from error
    if "word/document.xml" in names:
        return "word"
    if any(name.startswith("xl/work") for name in names):
        return "sheets"
    if "META-INF/container.xml" in names:
        return "book"
    if "ppt/presentation.xml" in names:
        return "slides"
    if "content.xml" in names and names & {"mimetype", "META-INF/manifest.xml"}:
        return "opendocument"
    if "encrypted-package" in names:
        return "opendocument"
    if given.suffix in PACKED_SUFFIXES - {".zip"}:
        cause = f"it is an archive, but no {given.suffix[1:].upper()}: its main part is missing"
        raise DamagedDocument(given.shown, cause, "Get a whole copy.")
    return "archive"


def _refuse_known(given: Given) -> None:
    """Raise for what is known to have no reader, by its first bytes or its name."""
    kind = next(
        (
            name
            for magic, name in _MAGIC
            if given.data.startswith(magic)
            and not (magic in _WEAK and isinstance(decode(given.data[:4096]), tuple))
        ),
        None,
    )
    if kind is None and given.suffix in _NO_READER:
        kind = f"a {given.suffix[1:].upper()} document"
    if kind is not None:
        cause = f"it is {kind}, which is not read"
        raise UnsupportedDocument(given.shown, cause, AS_TEXT)


def _is_mail(data: bytes) -> bool:
    return (
        re.match(rb"(?:From|To|Subject|Date|MIME-Version|Return-Path|Received):", data) is not None
    )


def _is_text(data: bytes) -> bool:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return (wide or b"\0" not in data[:4096]) and isinstance(decode(data), tuple)
