"""Files that people add on the page: where they are kept, and what is said about them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from filecmp import cmp
from pathlib import Path

from index.types import AddReport, FileReport
from qa.page.markup import file_name, show
from qa.page.texts import Language, text

FOLDER = "uploads"
"""Folder in the library's folder for files that came through the page."""


def keep(received: Iterable[str | Path], library: Path) -> list[Path]:
    """Copy files from the browser into the library's folder; their places there, in order.

    A file whose name is taken by another file gets a number (``news (2).txt``); a file that is
    there already, byte for byte, is found again. So nothing is overwritten and nothing doubled.
    """
    folder = library / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return [_keep(Path(path), folder) for path in received]


def _keep(path: Path, folder: Path) -> Path:
    number = 1
    while True:
        name = path.name if number == 1 else f"{path.stem} ({number}){path.suffix}"
        place = folder / name
        if not place.exists():
            shutil.copyfile(path, place)
            return place
        if cmp(path, place, shallow=False):
            return place
        number += 1


def discard_failed(report: AddReport) -> None:
    """Delete the copies of files that could not be read."""
    for file in report.failed:
        Path(file.source).unlink(missing_ok=True)


def progress(name: str, language: Language) -> str:
    """A word on the file being read; ``name`` is empty while the index is brought up to date."""
    words = text("uploading", language, name=name) if name else text("indexing", language)
    return f'<p class="yj-wait" role="status">{show(words)}</p>'


def result(report: AddReport, language: Language) -> str:
    """What became of each file."""
    items = "".join(f"<li>{_outcome(file, language)}</li>" for file in report.files)
    dismiss = text("dismiss", language)
    return (
        f'<section class="yj-upload" role="status"><h3>{text("upload", language)}</h3>'
        f'<button type="button" class="yj-close" data-do="close" aria-label="{dismiss}" '
        f'title="{dismiss}">×</button><ul>{items}</ul></section>'
    )


def failure(reason: str, language: Language) -> str:
    """The whole upload failed. ``reason`` is in words for people."""
    dismiss = text("dismiss", language)
    return (
        f'<section class="yj-upload" role="alert"><p class="yj-error">{show(reason)}</p>'
        f'<button type="button" class="yj-close" data-do="close" aria-label="{dismiss}" '
        f'title="{dismiss}">×</button></section>'
    )


def _outcome(file: FileReport, language: Language) -> str:
    name = file_name(file.source)
    if file.outcome == "added":
        words = text("added_one" if file.articles == 1 else "added", language, count=file.articles)
    elif file.outcome == "unchanged":
        words = text("unchanged", language)
    else:
        reason = file.error.removeprefix(f"{file.source}: ")
        words = text("failed", language, reason=reason)
    return (
        f'<span class="yj-file">{show(name)}</span>'
        f'<span class="yj-outcome yj-{file.outcome}">{show(words)}</span>'
    )
