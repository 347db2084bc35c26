"""Conversations that are going on: kept ones brought to life, one question at a time in each."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace

from index.errors import LibraryNotFound
from qa.assistant import Assistant, Conversation
from qa.conversations import Conversations, Kept, KeptRound, Outcome
from qa.page.following import Followed
from qa.page.libraries import Libraries
from qa.records import from_record, to_record
from qa.types import Answer, Turn

ALIVE = 200
"""Conversations kept in memory; more are read again when they are needed."""


@dataclass(slots=True)
class Round(Followed):
    """A question and what became of it. ``number`` is the store's, 0 for one that is not kept."""

    question: str
    number: int = 0
    outcome: Outcome = "open"
    answer: Answer | None = None
    reason: str = ""
    rating: int = 0
    halt: threading.Event = field(default_factory=threading.Event)
    """Set when nobody waits for the answer any more."""
    ending: bool = False
    """Whether it is being written down how it ended."""
    found: tuple[str, ...] = ()
    """Ids of the articles that were found for it: its evidence is too large to keep."""

    @property
    def ended(self) -> bool:
        """Whether it is answered, stopped or failed."""
        return self.outcome != "open"


@dataclass(slots=True)
class Talk:
    """One conversation: its rounds as shown, and the assistant's side of it."""

    kept: Kept
    assistant: Assistant
    conversation: Conversation
    rounds: list[Round] = field(default_factory=list)
    busy: threading.Lock = field(default_factory=threading.Lock)

    def take_over(self) -> None:
        """Let the assistant remember the rounds that it answered, and no others."""
        self.conversation.turns[:] = [
            Turn(r.question, r.answer) for r in self.rounds if r.answer and r.outcome == "done"
        ]


class Talks:
    """The conversations of all users of a page. Safe from several threads."""

    def __init__(self, store: Conversations, libraries: Libraries) -> None:
        self.store = store
        self._libraries = libraries
        self._alive: OrderedDict[str, Talk] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, user: str, library: str, question: str) -> Talk:
        """A new conversation, named from its first question."""
        assistant = self._libraries.get(library)
        return self._remember(
            Talk(self.store.begin(user, library, question), assistant, assistant.chat())
        )

    def find(self, conversation: str, user: str) -> Talk | None:
        """A user's conversation with all its rounds; None when there is none, or not theirs."""
        kept = self.store.find(conversation, user) if conversation else None
        if kept is None:
            return None
        with self._lock:
            talk = self._alive.get(conversation)
            if talk is not None:
                self._alive.move_to_end(conversation)
                talk.kept = kept
                return talk
        try:
            assistant = self._libraries.get(kept.library)
        except LibraryNotFound:
            assistant = self._libraries.home
        talk = Talk(kept, assistant, assistant.chat())
        talk.rounds = [_alive(r, talk) for r in self.store.rounds(conversation)]
        talk.take_over()
        return self._remember(talk)

    def ask(self, talk: Talk, question: str, replaces: int = 0) -> Round:
        """A question was asked in a conversation: its round, in the place of one it replaces."""
        at = next((i for i, r in enumerate(talk.rounds) if replaces and r.number == replaces), None)
        number = self.store.ask(talk.kept.id, question, replaces if at is not None else 0)
        asked = Round(question, number)
        if at is not None:
            del talk.rounds[at]
            talk.take_over()
        talk.rounds.append(asked)
        return asked

    def end(
        self, asked: Round, outcome: Outcome, answer: Answer | None = None, reason: str = ""
    ) -> bool:
        """A round has ended; false when it had ended before, and then nothing changes."""
        with self._lock:
            if asked.ending:
                return False
            asked.ending = True
        asked.halt.set()
        if answer is not None:
            asked.found = tuple(dict.fromkeys(e.hit.article.id for e in answer.evidence))
            answer = replace(answer, evidence=(), pending="")
        try:  # what is shown as whole has been written down
            self.store.end(asked.number, outcome, to_record(answer) if answer else None, reason)
        finally:
            asked.outcome, asked.answer, asked.reason = outcome, answer, reason
            asked.tell()
        return True

    def stop_all(self) -> None:
        """End every round that is being answered."""
        with self._lock:
            last = [talk.rounds[-1] for talk in self._alive.values() if talk.rounds]
        for asked in last:
            self.end(asked, "stopped", asked.answer)

    def forget(self, conversation: str) -> None:
        """Let go of a conversation in memory; what is kept stays."""
        with self._lock:
            self._alive.pop(conversation, None)

    def _remember(self, talk: Talk) -> Talk:
        with self._lock:
            first = self._alive.setdefault(talk.kept.id, talk)
            while len(self._alive) > ALIVE:
                oldest = next(iter(self._alive))
                if self._alive[oldest].busy.locked():
                    break
                del self._alive[oldest]
            return first


def _alive(kept: KeptRound, talk: Talk) -> Round:
    """A kept round with its answer; one that was being answered when the program ended, or whose
    record cannot be read, has failed without a reason."""
    answer = None
    if kept.outcome == "open":
        return Round(kept.question, kept.id, "failed")
    if kept.answer is not None:
        try:
            answer = from_record(kept.answer, talk.assistant.library.article)
        except (KeyError, TypeError, ValueError):
            return Round(kept.question, kept.id, "failed")
    return Round(kept.question, kept.id, kept.outcome, answer, kept.reason, kept.rating)
