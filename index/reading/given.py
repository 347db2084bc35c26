"""What a reader is given: bytes with their name, and how much may be unpacked from them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from index.errors import DamagedDocument, DocumentError, EncryptedDocument, OversizedDocument
from index.types import Document

Read = Iterator[Document | DocumentError]
"""What a reader yields: documents, and the errors of parts that could not be read."""

UNPACKED = 1 << 30
"""Bytes that one file may unpack to, all archives within archives together."""
MEMBERS = 50_000
"""Files that one archive may hold."""
DEEPEST = 4
"""Archives, messages and attachments within each other."""
ROWS = 200_000
"""Rows of one table."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the files of Office 97 to 2003 begin."""

_AGAIN = "Save it anew from the program that made it, or get a whole copy."


class Budget:
    """How many bytes one file may still unpack to."""

    def __init__(self, left: int = UNPACKED) -> None:
        self.left = left

    def take(self, size: int, given: Given) -> None:
        """Count ``size`` bytes. Raises OversizedDocument when they are too many."""
        self.left -= size
        if self.left < 0:
            cause = f"it unpacks to more than {UNPACKED >> 20} MB"
            raise OversizedDocument(given.shown, cause, "Unpack it and add what is in it.")


@dataclass(frozen=True, slots=True)
class Given:
    """The bytes of a file, or of a member of one.

    ``source`` is the file on disk, ``member`` the path of the member in it (``""``: the file
    itself). ``columns`` says which column of a table is the title, text, date …
    """

    data: bytes = field(repr=False)
    source: str
    member: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    depth: int = 0
    budget: Budget = field(default_factory=Budget, repr=False)

    @property
    def shown(self) -> str:
        """How messages name it."""
        return f"{self.source}/{self.member}" if self.member else self.source

    @property
    def suffix(self) -> str:
        """The ending of its name, in small letters: ``".docx"``."""
        name = self.member or self.source.replace("\\", "/")
        return PurePosixPath(name).suffix.lower()

    @property
    def stem(self) -> str:
        """Its name without folder and ending."""
        return PurePosixPath((self.member or self.source).replace("\\", "/")).stem

    def within(self, name: str, data: bytes) -> Given:
        """A member of it. Raises OversizedDocument when it lies too deep."""
        if self.depth >= DEEPEST:
            cause = f"it holds archives within archives, more than {DEEPEST} deep"
            raise OversizedDocument(self.shown, cause, "Unpack it and add what is in it.")
        member = f"{self.member}/{name}" if self.member else name
        return replace(self, data=data, member=member, depth=self.depth + 1)


def locked(given: Given) -> EncryptedDocument:
    """The error of an office document that asks for a password."""
    mend = "Take the password off in the program that made it, and add it again."
    return EncryptedDocument(given.shown, "it is locked with a password", mend)


# What the parsers of the formats raise on bytes that they did not expect: nearly anything.
_SURPRISES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    StopIteration,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


@contextmanager
def damage(given: Given, what: str, *more: type[Exception]) -> Iterator[None]:
    """Turn what a parser raises into a DamagedDocument that says the file is no sound ``what``.

    ``more`` are the parser's own kinds of error.
    """
    try:
        yield
    except DocumentError:
        raise
    except MemoryError as error:
        cause = "reading it takes more memory than there is"
        raise OversizedDocument(given.shown, cause, "Split it into smaller files.") from error
    except _SURPRISES + more as error:
        said = " ".join(str(error).split())[:120] or type(error).__name__
        raise DamagedDocument(given.shown, f"it is no sound {what} ({said})", _AGAIN) from error
