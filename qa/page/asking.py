"""A question on the page: asked, answered as it grows, stopped, asked again, and what follows it."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from index.errors import YoujuError
from qa.page import front, history, render
from qa.page.libraries import Libraries
from qa.page.seat import Detail, Seat
from qa.page.suggesting import Suggestions
from qa.page.talks import Round, Talk, Talks
from qa.page.texts import text, why

ASKING = 24
"""Questions answered at the same time; more wait in the queue."""
QUESTION_LIMIT = 1000
"""Characters in a question; a longer one is turned down with a word on why."""
PACE = 0.06
"""Seconds between two pictures of a growing answer: what the eye can follow."""
Areas = dict[str, str]
"""New HTML for areas of the page, by name."""
_PATIENCE = 2.0  # seconds
_TALKS_LISTED = 2000  # at most; the search finds the others
_WINDOWS = 1000  # of which it is remembered what they look at
_logger = logging.getLogger(__name__)


class Asking:
    """The page's side of asking, over kept conversations."""

    def __init__(self, talks: Talks, libraries: Libraries) -> None:
        self._talks = talks
        self._libraries = libraries
        self._suggestions = Suggestions()
        self._workers = ThreadPoolExecutor(ASKING, "youju-answering")
        self._sights: OrderedDict[str, object] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, detail: Detail, seat: Seat) -> Iterator[Areas]:
        """A question was asked: the conversation with its answer as it grows."""
        question = detail.text("question").strip()
        if not question:
            return
        if len(question) > QUESTION_LIMIT:
            reason = text("too_long", seat.language, limit=QUESTION_LIMIT)
            yield {"now": render.turned_down(question, reason, seat.language)}
            return
        try:
            talk = self._talks.find(seat.talk, seat.user)
            begun = talk is None
            if talk is None:
                talk = self._talks.begin(seat.user, seat.library, question)
        except YoujuError as error:
            yield {"now": render.turned_down(question, why(error, seat.language), seat.language)}
            return
        # One that has just ended is being written down.
        patience = 0.0 if talk.rounds and talk.rounds[-1].outcome == "open" else _PATIENCE
        if not talk.busy.acquire(timeout=patience):
            reason = text("busy_talk", seat.language)
            yield {"now": render.turned_down(question, reason, seat.language)}
            return
        try:
            asked = self._talks.ask(talk, question, detail.number("replaces"))
            self._workers.submit(self._answer, talk, asked, seat)
        except BaseException:
            talk.busy.release()
            raise
        sight, seen = self.turn(seat), asked.version
        areas = {
            "past": render.past(talk.rounds[:-1], seat.language, talk.kept),
            "now": render.round_of(asked, seat.language, talk.kept),
            "tips": "",
        }
        yield areas | ({"talks": self.listed(seat, talk.kept.id)} if begun else {})
        yield from self._shown(talk, asked, seat, sight, seen)

    def follow(self, seat: Seat) -> Iterator[Areas]:
        """A window has come to a conversation in the middle of an answer."""
        talk = self._talks.find(seat.talk, seat.user)
        if talk is not None and talk.rounds:
            yield from self._shown(talk, talk.rounds[-1], seat, self.turn(seat))

    def turn(self, seat: Seat) -> object:
        """A window turns to something else: it is not shown any more what it looked at before."""
        with self._lock:
            sight = self._sights[seat.window] = object()
            self._sights.move_to_end(seat.window)
            if len(self._sights) > _WINDOWS:
                self._sights.popitem(last=False)
            return sight

    def _shown(
        self, talk: Talk, asked: Round, seat: Seat, sight: object, seen: int = -1
    ) -> Iterator[Areas]:
        """The round while it is answered, from after version ``seen``: at most so often as the eye
        can follow, and as long as the window looks at it."""
        for _ in asked.follow(PACE, seen):
            if seat.window and self._sights.get(seat.window) is not sight:
                return
            yield {"now": render.round_of(asked, seat.language, talk.kept)}

    def _answer(self, talk: Talk, asked: Round, seat: Seat) -> None:
        """Answer a round, whether or not its window stays."""
        answer = None
        try:
            options = seat.wishes.options(talk.assistant.answer_from)
            for answer in talk.conversation.stream(asked.question, options, asked.halt):
                if asked.halt.is_set():  # stopped
                    return
                asked.answer = answer
                asked.tell()
            self._talks.end(asked, "done", answer)
        except YoujuError as error:
            said = text("error_reason", seat.language, reason=why(error, seat.language))
            self._talks.end(asked, "failed", reason=said)
        except Exception:
            # Whatever broke, the round says so and stays; what it was goes to the program's window.
            self._talks.end(asked, "failed", reason=text("error", seat.language))
            _logger.exception("A question was not answered.")
        finally:
            talk.take_over()
            talk.busy.release()

    def stop(self, detail: Detail, seat: Seat) -> Areas:
        """Stop the answer that is growing; what there is of it stays."""
        talk = self._talks.find(seat.talk, seat.user)
        if talk is None or not talk.rounds:
            return {}
        asked = talk.rounds[-1]
        self._talks.end(asked, "stopped", asked.answer)
        return {"now": render.round_of(asked, seat.language, talk.kept)}

    def tips(self, detail: Detail, seat: Seat) -> Areas:
        """Questions that the library can answer: to begin with, or to go on with after an answer."""
        talk = self._talks.find(seat.talk, seat.user)
        if talk is None:
            assistant = self._libraries.get(seat.library)
            return {"tips": front.examples(self._suggestions.first(assistant), seat.language)}
        last = talk.rounds[-1] if talk.rounds else None
        if last is None or last.answer is None or talk.busy.locked():
            return {"tips": ""}
        known = {r.question for r in talk.rounds}
        found = self._suggestions.after(talk.assistant, last.answer, last.found, known)
        return {"tips": front.follow_ups(found, seat.language)}

    def waiting(self, seat: Seat) -> Areas:
        """What stands for the suggestions until they are made."""
        return {"tips": '<span hidden data-tips="wanted"></span>'}

    def rate(self, detail: Detail, seat: Seat) -> Areas:
        """An answer was judged; nothing changes but the word of thanks, which the page has."""
        rating = {"good": 1, "bad": -1}.get(detail.text("rating"), 0)
        number = detail.number("round")
        if self._talks.store.rate(number, seat.user, rating, detail.text("remark", 1000)):
            talk = self._talks.find(seat.talk, seat.user)
            for past in talk.rounds if talk else ():
                if past.number == number:
                    past.rating = rating
        return {"toast": front.toast(text("rated", seat.language))}

    def listed(self, seat: Seat, current: str, words: str = "", limit: int = 0) -> str:
        """The list of a user's conversations, the last used of them."""
        limit = min(max(limit, history.SHOWN), _TALKS_LISTED)
        kept = self._talks.store.of(seat.user, words, limit + 1)
        more = len(kept) > limit
        return history.listed(kept[:limit], current, seat.language, words=words, more=more)

    def close(self) -> None:
        """Stop what is being answered; what there is of it is kept."""
        self._talks.stop_all()
        self._workers.shutdown(wait=True, cancel_futures=True)
