"""The libraries of a page: the one that it was started on, and those made on the page.

Each is an ordinary library folder; those made on the page lie in ``libraries/`` of the first.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import LibraryNotFound, SettingsError
from index.library import Library
from qa.assistant import Assistant

if TYPE_CHECKING:
    from qa.generator import Generator

FOLDER = "libraries"
HOME = ""
"""The key of the library that the page was started on."""
_NAME = re.compile(r"[\w（）()·.\- ]{1,40}")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def _open(folder: Path, home: Assistant) -> Assistant:
    return Assistant(Library.open(folder), home.answer_from, generator=home.generator)


class Libraries:
    """Assistants by the key of their library, opened when first used. Safe from several threads."""

    def __init__(
        self, home: Assistant, open_: Callable[[Path, Assistant], Assistant] = _open
    ) -> None:
        self.home = home
        self._open_library = open_
        self._open: dict[str, Assistant] = {}
        self._lock = threading.Lock()

    def all(self) -> list[str]:
        """The keys of all libraries, the first one's before the others'."""
        folder = self.home.library.folder / FOLDER
        others = (f.name for f in folder.iterdir() if _is_library(f)) if folder.is_dir() else ()
        return [HOME, *sorted(others)]

    def get(self, key: str) -> Assistant:
        """The assistant of a library. Raises LibraryNotFound when there is none of that key."""
        if key == HOME:
            return self.home
        folder = self.home.library.folder / FOLDER / key
        if not is_name(key) or not _is_library(folder):
            raise LibraryNotFound(f"{key}: there is no library of that name. Choose another.")
        with self._lock:
            if key not in self._open:
                self._open[key] = self._open_library(folder, self.home)
            return self._open[key]

    def make(self, name: str) -> str:
        """Make a library; its key. Raises SettingsError for a name that cannot be one or is taken."""
        name = name.strip()
        if not is_name(name):
            raise SettingsError(f"{name!r}: a library cannot have this name. Choose another.")
        if name in self.all():
            raise SettingsError(f"{name}: there is a library of that name. Choose another.")
        self._open_library(self.home.library.folder / FOLDER / name, self.home).library.close()
        return name

    def let_write(self, generator: Generator | None) -> None:
        """Let a language model write the answers of all libraries from now on; None: no model."""
        with self._lock:
            before = self.home.generator
            for assistant in (self.home, *self._open.values()):
                assistant.generator = generator
        if before is not None:
            before.close()

    def close(self) -> None:
        """Close all libraries but the first, which belongs to whoever opened it."""
        with self._lock:
            for assistant in self._open.values():
                assistant.library.close()  # the model is the first one's
            self._open.clear()


def is_name(name: str) -> bool:
    """Whether a folder on any system can have this name: nothing that leads elsewhere."""
    plain = name == name.strip(" .") and bool(_NAME.fullmatch(name))
    return plain and not _RESERVED.fullmatch(name)


def _is_library(folder: Path) -> bool:
    return (folder / "library.sqlite").is_file()
