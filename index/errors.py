"""Everything that can go wrong in the index, as one tree.

    YoujuError
    ├── DocumentError           a file could not be read (the others still are)
    │   ├── DocumentNotFound
    │   ├── DocumentUnreadable      permission, device, not a regular file
    │   ├── UnknownEncoding         bytes that are no text we know
    │   ├── UnsupportedDocument     a kind of file that has no reader
    │   ├── DamagedDocument         it is broken, cut off, or not what its name says
    │   ├── EncryptedDocument       it asks for a password
    │   ├── OversizedDocument       more than is read: a zip bomb, a huge sheet
    │   ├── ScannedDocument         pictures of pages, without text
    │   └── EmptyDocument
    ├── ModelError              an embedding model could not be loaded
    ├── GenerationError         a language model gave no whole answer
    │   ├── ServerUnreachable
    │   ├── ServerTooSlow
    │   ├── ServerRefused           a wrong key, a model that it does not have
    │   ├── ServerBusy              still, after several tries
    │   ├── AnswerCutOff            the stream ended before the answer did
    │   └── AnswerUnusable          what came was no answer
    ├── LibraryError
    │   ├── LibraryNotFound
    │   ├── LibraryBusy             another process is writing
    │   ├── LibraryDamaged
    │   ├── LibraryFull             the disk takes no more
    │   ├── LibraryNewer            written by a newer Youju
    │   ├── LibraryReadOnly         its folder cannot be written to
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


class DamagedDocument(DocumentError):
    """The file, or a part of it, is broken, cut off, or not what its name says."""


class EncryptedDocument(DocumentError):
    """The file asks for a password."""


class OversizedDocument(DocumentError):
    """The file holds, or unpacks to, more than is read."""


class ScannedDocument(DocumentError):
    """Pages are pictures without text."""


class EmptyDocument(DocumentError):
    """The file holds no text."""


class ModelError(YoujuError):
    """An embedding model could not be loaded."""


class GenerationError(YoujuError):
    """A language model gave no whole answer."""


class ServerUnreachable(GenerationError):
    """No server answers at the address."""


class ServerTooSlow(GenerationError):
    """The server let pass the time that an answer may take."""


class ServerRefused(GenerationError):
    """The server turned the request down for good: the key, the model, the request itself."""


class ServerBusy(GenerationError):
    """The server had no room for the request, or failed at it, at every try."""


class AnswerCutOff(GenerationError):
    """The stream ended before the answer did."""


class AnswerUnusable(GenerationError):
    """What came is no answer."""


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


class LibraryFull(LibraryError):
    """The disk takes no more; what was finished is kept."""


class LibraryReadOnly(LibraryError):
    """The library can be read but not changed."""


class ModelMismatch(LibraryError):
    """The library's vectors come from another embedding model."""


class SettingsError(YoujuError):
    """A setting has a value that it cannot have."""
