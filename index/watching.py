"""Folders that are kept in step with a library: what changes in them is read anew, what goes is
forgotten. Changes are told by the operating system, through watchfiles."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from index.errors import DocumentNotFound, LibraryBusy
from index.library import Library
from index.readers import SUFFIXES, find_files
from index.types import AddReport, Progress

CALM = 800
"""Milliseconds without a change after which a burst of changes is read: copies are then whole."""
AGAIN = 2_000
"""Milliseconds after which changes are tried again that met another writer."""

Told = Callable[[AddReport, Sequence[str]], object]
"""Called after each round with what was read and the sources that were forgotten."""


def watch(
    library: Library,
    paths: Iterable[str | Path],
    told: Told,
    *,
    columns: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Bring a library in step with files and folders, and keep it so until ``stop`` or Ctrl-C.

    A folder that is empty where the library knows files of it may be a disk that is not there:
    nothing of it is forgotten unless its files are seen to go. While another process writes, changes wait.
    Raises DocumentNotFound for a path that does not exist.
    """
    import watchfiles

    roots = [Path(os.path.abspath(Path(path).expanduser())) for path in paths]
    for root in roots:
        if not root.exists():
            raise DocumentNotFound(str(root), "there is nothing to watch", "Check the path.")
    waiting = set(roots)  # read once the system tells of changes, so that none is missed
    for changes in watchfiles.watch(
        *roots,
        watch_filter=lambda _, path: _counts(Path(path), roots, library.folder),
        debounce=CALM,
        step=CALM // 4,
        rust_timeout=AGAIN,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=True,
        recursive=True,
    ):
        waiting |= {Path(path) for _, path in changes}
        if not waiting:
            continue
        try:
            _round(library, sorted(waiting), roots, told, columns, progress)
        except LibraryBusy:
            continue  # they wait for the next time
        waiting.clear()


def gone(library: Library, below: Iterable[Path]) -> list[str]:
    """The library's sources at or below some paths that are no longer on the disk."""
    places = [str(path) for path in below]
    return [
        source
        for source in library.sources()
        if any(source == p or source.startswith(p.rstrip(os.sep) + os.sep) for p in places)
        and not os.path.lexists(source)
    ]


def _round(
    library: Library,
    changed: Sequence[Path],
    roots: Sequence[Path],
    told: Told,
    columns: Mapping[str, str] | None,
    progress: Progress | None,
) -> None:
    """Read what changed and is there, forget what is not."""
    # A disk that went away takes its folder, or all that is in it, along.
    forgotten = gone(library, [path for path in changed if path not in roots or _holds(path)])
    if forgotten:
        library.remove(forgotten)
    present = [path for path in changed if path.exists()]
    report = library.add(present, progress, columns) if present else AddReport(())
    if forgotten or any(file.outcome != "unchanged" for file in report.files):
        told(report, forgotten)


def _holds(root: Path) -> bool:
    return root.is_dir() and next(find_files([root]), root) != root


def _counts(path: Path, roots: Sequence[Path], own: Path) -> bool:
    """Whether a change of a path matters: a file of a kind that is read, or a folder, but none of
    the library's own."""
    if path in roots:
        return True
    if path.is_relative_to(own):
        return False
    root = next((root for root in roots if path.is_relative_to(root)), None)
    if root is None or any(p.startswith((".", "~$")) for p in path.relative_to(root).parts):
        return False
    return not path.suffix or path.suffix.lower() in SUFFIXES or path.is_dir()
