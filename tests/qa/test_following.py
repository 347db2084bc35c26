"""Windows that look on: the first change is seen at once, and the end is seen."""

from __future__ import annotations

import threading
from queue import Empty, SimpleQueue

import pytest

from qa.page.following import Followed
from qa.page.talks import Round

LONG = 600.0  # seconds: whoever waits for such a pace waits for ever
SOON = 20.0


def watched(asked: Round, pace: float, seen: int) -> SimpleQueue[int]:
    """The versions that a window sees, as it sees them."""
    told: SimpleQueue[int] = SimpleQueue()

    def look() -> None:
        for _ in asked.follow(pace, seen):
            told.put(asked.version)

    threading.Thread(target=look, daemon=True).start()
    return told


def test_the_first_change_since_does_not_wait_for_the_pace() -> None:
    asked = Round("谁主持")
    told = watched(asked, LONG, asked.version)
    with pytest.raises(Empty):  # nothing has changed since what the window shows
        told.get(timeout=0.05)
    asked.tell()
    assert told.get(timeout=SOON) == 1
    asked.tell()
    with pytest.raises(Empty):  # the next one keeps the pace
        told.get(timeout=0.05)


def test_a_window_that_comes_later_sees_what_there_is_and_the_end() -> None:
    asked = Round("谁主持")
    asked.tell()
    pictures = asked.follow(0.0)
    next(pictures)
    for _ in range(5):
        asked.tell()
    asked.outcome = "stopped"
    asked.tell()
    assert len(list(pictures)) == 1, "changes that were missed are one"
    assert len(list(asked.follow(LONG))) == 1, "what has ended is seen once, without waiting"
    assert list(asked.follow(LONG, asked.version)) == [None]


def test_what_says_not_when_it_has_ended_cannot_be_followed() -> None:
    with pytest.raises(TypeError):
        Followed()  # type: ignore[abstract]
