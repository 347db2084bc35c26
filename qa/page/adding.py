"""Files being added to libraries, in the background: they go on when the window is closed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from index.errors import YoujuError
from index.library import Library
from index.types import Failure
from qa.page.following import Followed

BATCH = 16
"""Files added in one change of the library: between two changes the new articles can be asked."""
_KEPT = 20  # finished jobs that are still shown to a window that comes back

State = Literal["waiting", "working", "added", "unchanged", "failed", "cancelled"]


@dataclass(slots=True)
class File:
    """A file and how far it has come; ``kind`` is the name of what went wrong, ``reason`` its words.

    ``failures`` are parts of it that could not be read."""

    path: Path
    state: State = "waiting"
    articles: int = 0
    kind: str = ""
    reason: str = ""
    failures: tuple[Failure, ...] = ()


@dataclass(slots=True)
class Job(Followed):
    """Files that were given together."""

    number: int
    library: str
    user: str
    files: list[File]
    done: bool = False
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def ended(self) -> bool:
        """Whether all files are through, or it was cancelled."""
        return self.done


class Cancelled(Exception):
    """Somebody does not want the rest of the files any more."""


class Adding:
    """All jobs of a page. Each library adds one job after another; libraries do not wait for others."""

    def __init__(self) -> None:
        self._jobs: dict[int, Job] = {}
        self._workers: dict[str, ThreadPoolExecutor] = {}
        self._lock = threading.Lock()
        self._last = 0

    def start(self, library: Library, key: str, user: str, paths: Sequence[Path]) -> Job:
        """Begin to add files; the job may have to wait for the one before it."""
        with self._lock:
            self._last += 1
            job = Job(self._last, key, user, [File(p) for p in paths])
            self._jobs[job.number] = job
            for old in [n for n, j in self._jobs.items() if j.done][:-_KEPT]:
                del self._jobs[old]
            worker = self._workers.setdefault(key, ThreadPoolExecutor(1, "youju-adding"))
        worker.submit(_work, job, library)
        return job

    def find(self, number: int, user: str) -> Job | None:
        """A user's job by its number."""
        job = self._jobs.get(number)
        return job if job is not None and job.user == user else None

    def running(self, library: str, user: str) -> Job | None:
        """The user's job on a library that is still going on, the newest one."""
        with self._lock:
            mine = [j for j in self._jobs.values() if (j.library, j.user) == (library, user)]
        return next((j for j in reversed(mine) if not j.done), None)

    def close(self) -> None:
        """Stop after the file at hand; what was finished stays."""
        for job in list(self._jobs.values()):
            job.cancelled.set()
        for worker in self._workers.values():
            worker.shutdown(wait=True)


def _work(job: Job, library: Library) -> None:
    try:
        for first in range(0, len(job.files), BATCH):
            _add(job, library, job.files[first : first + BATCH])
    except Cancelled:
        pass
    except YoujuError as error:
        _rest(job, "failed", type(error).__name__, str(error))
    finally:
        _rest(job, "cancelled")
        job.done = True
        job.tell()


def _add(job: Job, library: Library, files: Sequence[File]) -> None:
    def progress(done: int, total: int, current: str) -> None:
        for i, file in enumerate(files):
            if i == done and not job.cancelled.is_set():
                file.state = "working"
            elif i < done and file.state == "working":
                file.state = "added"  # the report says how; until then it is at least done with
        job.tell()
        if job.cancelled.is_set() and done < total:
            raise Cancelled

    report = library.add([f.path for f in files], progress)
    by_source = {r.source: r for r in report.files}
    for file in files:
        told = by_source.get(str(file.path))
        if told is None:
            file.state = "failed"
            continue
        file.state, file.articles = told.outcome, told.articles
        file.kind, file.reason, file.failures = told.kind, told.error, told.failures
        if told.outcome == "failed":
            file.path.unlink(missing_ok=True)
    job.tell()


def _rest(job: Job, state: State, kind: str = "", reason: str = "") -> None:
    for file in job.files:
        if file.state in ("waiting", "working"):
            file.state, file.kind, file.reason = state, kind, reason
