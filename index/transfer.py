"""A library as one file: to move it, or to have a copy of it, while it is in use."""

from __future__ import annotations

from pathlib import Path

from index import folder as folder_of
from index import stamps
from index.errors import LibraryError
from index.store import Store
from index.store import upkeep as truth


def export(store: Store, folder: Path, target: Path) -> int:
    """Write a copy of the library as it is at this moment; its bytes. Others may read and write.

    Raises LibraryError when the file is there already, LibraryFull when the disk does not take it.
    """
    if target.exists():
        raise LibraryError(f"{target}: is there already. Give another name, or delete it first.")
    words = folder / folder_of.USER_WORDS
    text = words.read_text(encoding="utf-8-sig") if words.is_file() else ""
    truth.snapshot(store, target, text)
    return target.stat().st_size


def import_(copy: Path, folder: Path) -> None:
    """Make a library in a folder of a copy. Its indexes are made anew on opening.

    Raises LibraryError when a library is there, LibraryDamaged when the copy is not whole,
    LibraryNewer when it is of a newer version.
    """
    if not copy.is_file():
        raise LibraryError(f"{copy}: no such file. Make one with: youju export FILE")
    folder_of.make(folder)
    if (folder / folder_of.TRUTH).exists():
        raise LibraryError(f"{folder}: a library is there already. Choose another folder.")
    with folder_of.writing(folder, patience=0):
        words = truth.restore(copy, folder / folder_of.TRUTH)
        try:
            if words:
                (folder / folder_of.USER_WORDS).write_text(words, encoding="utf-8")
        except OSError as error:
            raise stamps.in_words(folder, error) from error
