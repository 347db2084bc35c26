"""A library's folder: making it, its lock, the user's words in it, its size on disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index import stamps
from index.errors import LibraryBusy, LibraryError, SettingsError

TRUTH = "library.sqlite"
USER_WORDS = "words.txt"
"""A file in the library's folder with names for jieba, one a line."""
LOCK = "write.lock"
UPLOADS = "uploads"
"""A folder for copies of files that came through the page; they go when they are removed."""


def make(folder: Path) -> None:
    """Make the folder. Raises LibraryError when that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            f"{folder}: no library can be made there ({error.strerror}). Choose another folder."
        ) from error


@contextmanager
def writing(folder: Path, patience: float) -> Iterator[None]:
    """Be the one who writes. Raises LibraryBusy when another is for ``patience`` seconds more,
    LibraryReadOnly when nobody may."""
    from filelock import FileLock, Timeout  # a reader seldom needs it

    lock = FileLock(folder / LOCK, timeout=patience)
    try:
        lock.acquire()
    except Timeout:
        raise LibraryBusy(
            f"{folder}: another process is changing this library. Try again when it is done."
        ) from None
    except OSError as error:
        raise stamps.in_words(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def user_words(folder: Path) -> list[str]:
    """Words of a jieba user dictionary: the first field of each line. Raises SettingsError."""
    path = folder / USER_WORDS
    if not path.is_file():
        return []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except ValueError as error:
        raise SettingsError(f"{path}: not UTF-8 ({error}). Save it as UTF-8.") from error
    return [line.split()[0] for line in lines if line.strip()]


def size(folder: Path) -> int:
    """Bytes of all files in the folder."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:  # it went while we looked: a writer is at work
            continue
    return total
