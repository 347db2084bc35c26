"""Files that people add on the page: where they are kept, and what is said about them."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterable
from filecmp import cmp
from pathlib import Path, PurePath

from index.types import Failure
from qa.page.adding import File, Job
from qa.page.markup import button, file_name, show
from qa.page.texts import Language, text, why_kind

FOLDER = "uploads"
"""Folder in the library's folder for files that came through the page."""
INCOMING = ".incoming"
"""Folder in it for files that are still on their way."""
REMOVED = ".removed"
"""Folder in it for files that were removed, until that can no longer be taken back."""
LIMIT = 200 * 1024 * 1024
"""Bytes of the largest file that the page takes."""
_SHOWN = 200  # files whose fate is listed
_PARTS = 3  # unreadable parts of a file that are named
_STALE = 24 * 3600  # seconds after which what was left on the way is thrown away


def place_for(library: Path, batch: str, name: str) -> Path:
    """Where a file that is being sent goes: a folder of its own, under its own plain name.

    ``batch`` and ``name`` are foreign: what could lead elsewhere is taken out of both.
    """
    safe = "".join(c for c in batch if c.isascii() and c.isalnum())[:32] or "0"
    folder = library / FOLDER / INCOMING / safe / secrets.token_hex(8)
    folder.mkdir(parents=True)
    return folder / plain_name(name)


def plain_name(name: str) -> str:
    """A file name without a way to anywhere, without control characters, of bearable length."""
    last = PurePath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(". ")
    stem, dot, suffix = kept.rpartition(".")
    while len(kept.encode()) > 200 and stem:
        stem = stem[:-1]
        kept = f"{stem}{dot}{suffix}"
    return kept if kept and len(kept.encode()) <= 200 else "file.txt"


def take_in(library: Path, batch: str) -> list[Path]:
    """Move all files of a batch into the library's uploads; their places there, by name."""
    safe = "".join(c for c in batch if c.isascii() and c.isalnum())[:32]
    folder = library / FOLDER / INCOMING / safe
    if not safe or not folder.is_dir():
        return []
    received = sorted((p for p in folder.glob("*/*") if p.is_file()), key=lambda p: p.name)
    kept = list(dict.fromkeys(keep(received, library)))
    shutil.rmtree(folder, ignore_errors=True)
    return kept


def set_aside(source: str, library: Path) -> None:
    """Put a removed file's upload out of sight; a file that is not one of ours stays where it is."""
    path = Path(source)
    if path.parent == library / FOLDER and path.is_file():
        aside = library / FOLDER / REMOVED
        aside.mkdir(exist_ok=True)
        path.replace(aside / path.name)


def put_back(source: str, library: Path) -> None:
    """Put an upload back that was set aside."""
    path = Path(source)
    aside = library / FOLDER / REMOVED / path.name
    if path.parent == library / FOLDER and aside.is_file() and not path.exists():
        aside.replace(path)


def tidy(library: Path) -> None:
    """Throw away what was removed, or left on the way, more than a day ago."""
    for name in (INCOMING, REMOVED):
        folder = library / FOLDER / name
        for entry in folder.iterdir() if folder.is_dir() else ():
            if entry.stat().st_ctime < time.time() - _STALE:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


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


def job(adding: Job, language: Language) -> str:
    """How far a job has come, file by file; those that need a look come first."""
    finished = sum(f.state not in ("waiting", "working") for f in adding.files)
    failed = sum(f.state == "failed" for f in adding.files)
    added = sum(f.state in ("added", "unchanged") for f in adding.files)
    if adding.done:
        title = text("adding_done", language, added=added, failed=failed)
        act = button("dismiss", "×", css="yj-close", label=text("dismiss", language))
    else:
        title = text("reading", language, done=finished, total=len(adding.files))
        act = button("cancel-adding", text("cancel_adding", language), job=adding.number)
    order = {"failed": 0, "working": 1}
    shown = sorted(adding.files, key=lambda f: order.get(f.state, 2))[:_SHOWN]
    items = "".join(f"<li>{_outcome(f, language, done=adding.done)}</li>" for f in shown)
    more = f"<li>… {len(adding.files) - _SHOWN}</li>" if len(adding.files) > _SHOWN else ""
    return (
        f'<section class="yj-upload" data-job="{adding.number:d}"{"" if adding.done else " aria-busy=true"}>'
        f'<h3 role="status">{title}</h3>{act}'
        f'<progress max="{len(adding.files):d}" value="{finished:d}" aria-label="{title}"></progress>'
        f"<ul>{items}{more}</ul></section>"
    )


def _outcome(file: File, language: Language, *, done: bool) -> str:
    if file.state == "added" and file.articles:
        words = text("added_one" if file.articles == 1 else "added", language, count=file.articles)
    elif file.state == "added":
        words = text("added_file" if done else "indexing", language)
    elif file.state == "failed":
        reason = file.reason.removeprefix(f"{file.path}: ")
        words = text("failed", language, reason=why_kind(file.kind, reason, language))
    else:
        words = text(file.state, language)
    if file.state == "added" and file.failures:
        parts = [_part(f, str(file.path), language) for f in file.failures[:_PARTS]]
        more = "…" if len(file.failures) > _PARTS else ""
        words += text("in_part", language, reason=text("listed", language).join(parts) + more)
    return (
        f'<span class="yj-file">{show(file_name(str(file.path)))}</span>'
        f'<span class="yj-outcome yj-{file.state}">{show(words)}</span>'
    )


def _part(failure: Failure, source: str, language: Language) -> str:
    """Which part of a file could not be read, and why."""
    name = failure.source.removeprefix(source).lstrip("/") or file_name(failure.source)
    reason = failure.error.removeprefix(f"{failure.source}: ")
    return text("colon", language, what=name, words=why_kind(failure.kind, reason, language))
