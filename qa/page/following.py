"""What goes on by itself, while windows look on: an answer that grows, files that are added."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Followed(ABC):
    """Something that changes until it has ended. Safe from several threads."""

    version: int = field(default=0, init=False)
    """How often it has been told that it changed."""
    _changed: threading.Condition = field(default_factory=threading.Condition, init=False)

    @property
    @abstractmethod
    def ended(self) -> bool:
        """Whether it changes no more; set before ``tell`` says so."""

    def tell(self) -> None:
        """Wake those who follow it."""
        with self._changed:
            self.version += 1
            self._changed.notify_all()

    def follow(self, pace: float, seen: int = -1) -> Iterator[None]:
        """Each time that it has changed since version ``seen``, at most once in ``pace`` seconds, to
        its end. The first change is told at once: the pace keeps the next ones apart from it."""
        while True:
            with self._changed:
                while self.version == seen and not self.ended:
                    self._changed.wait(30)
                seen, ended = self.version, self.ended
            began = time.monotonic()
            yield
            if ended:
                return
            time.sleep(max(0.0, pace - (time.monotonic() - began)))
