"""Everything that can go wrong in the index, as one tree.

    YoujuError
    ├── DocumentError           a file could not be read (the others still are)
    │   ├── DocumentNotFound
    │   ├── DocumentUnreadable      permission, device, not a regular file
    │   ├── UnknownEncoding         bytes that are no text we know
    │   ├── UnsupportedDocument     a kind of file that has no reader
    │   └── EmptyDocument
    ├── ModelError              an embedding model could not be loaded
    ├── LibraryError
    │   ├── LibraryNotFound
    │   ├── LibraryBusy             another process is writing
    │   ├── LibraryDamaged
    │   ├── LibraryNewer            written by a newer Youju
    │   └── ModelMismatch           built with another embedding model
    └── SettingsError           a setting has a value it cannot have

Every message names the thing, the cause and the mend.
"""


class YoujuError(Exception):
    """Anything that Youju reports to its user."""


class DocumentError(YoujuError):
    """A file could not be read. ``source`` names it, ``cause`` says why, ``mend`` what to do."""

    def __init__(self, source: str, cause: str, mend: str) -> None:
        super().__init__(f"{source}: {cause}. {mend}")
        self.source, self.cause, self.mend = source, cause, mend


class DocumentNotFound(DocumentError):
    """There is no such file."""


class DocumentUnreadable(DocumentError):
    """The file is there but the system does not let us read it."""


class UnknownEncoding(DocumentError):
    """The bytes are not text in any encoding that we tell apart."""


class UnsupportedDocument(DocumentError):
    """No reader for this kind of file."""


class EmptyDocument(DocumentError):
    """The file holds no text."""


class ModelError(YoujuError):
    """An embedding model could not be loaded."""


class LibraryError(YoujuError):
    """Something about a library folder."""


class LibraryNotFound(LibraryError):
    """There is no library in that folder."""


class LibraryBusy(LibraryError):
    """Another process is changing the library."""


class LibraryDamaged(LibraryError):
    """A file of the library does not hold what it should."""


class LibraryNewer(LibraryError):
    """The library was written by a newer version."""


class ModelMismatch(LibraryError):
    """The library's vectors come from another embedding model."""


class SettingsError(YoujuError):
    """A setting has a value that it cannot have."""
