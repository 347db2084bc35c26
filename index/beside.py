"""Work done in a thread of its own while this one does other work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Beside(Generic[T]):
    """Work that begins at once. Pays for what lets go of Python's lock: a search in an engine."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._found: list[T] = []
        self._failed: BaseException | None = None
        # A thread for each: those of a pool are gone in a process that was forked.
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def result(self) -> T:
        """What the work gives, when it is done. Raises what it raised."""
        self._thread.join()
        if self._failed is not None:
            raise self._failed
        return self._found[0]

    def _run(self) -> None:
        try:
            self._found.append(self._work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            self._failed = error
