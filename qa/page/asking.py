"""A question on the page: asked, answered as it grows, stopped, asked again, and what follows it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from index.errors import YoujuError
from qa.page import front, history, render
from qa.page.libraries import Libraries
from qa.page.seat import Detail, Seat
from qa.page.suggesting import Suggestions
from qa.page.talks import Round, Talk, Talks
from qa.page.texts import text, why

QUESTION_LIMIT = 1000
"""Characters in a question; a longer one is turned down with a word on why."""
PACE = 0.06
"""Seconds between two pictures of a growing answer: what the eye can follow."""
Areas = dict[str, str]
"""New HTML for areas of the page, by name."""


class Asking:
    """The page's side of asking, over kept conversations."""

    def __init__(self, talks: Talks, libraries: Libraries) -> None:
        self._talks = talks
        self._libraries = libraries
        self._suggestions = Suggestions()

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
        if not talk.busy.acquire(blocking=False):
            reason = text("busy_talk", seat.language)
            yield {"now": render.turned_down(question, reason, seat.language)}
            return
        try:
            asked = self._talks.ask(talk, question, detail.number("replaces"))
            yield self._begun(talk, asked, seat)
            yield from self._answered(talk, asked, seat)
        finally:
            talk.take_over()
            talk.busy.release()
        if begun:
            yield {"talks": self.listed(seat, talk.kept.id)}

    def _begun(self, talk: Talk, asked: Round, seat: Seat) -> Areas:
        return {
            "past": render.past(talk.rounds[:-1], seat.language, talk.kept),
            "now": render.round_of(asked, seat.language, talk.kept),
            "tips": "",
        }

    def _answered(self, talk: Talk, asked: Round, seat: Seat) -> Iterator[Areas]:
        """The round while it is answered, at most so often as the eye can follow."""
        shown = 0.0
        answer = None
        options = seat.wishes.options(talk.assistant.answer_from)
        try:
            for answer in talk.conversation.stream(asked.question, options, asked.halt):
                if asked.outcome != "open":  # stopped
                    return
                asked.answer = answer
                if time.monotonic() - shown > PACE:
                    yield {"now": render.round_of(asked, seat.language, talk.kept)}
                    shown = time.monotonic()
        except YoujuError as error:
            said = text("error_reason", seat.language, reason=why(error, seat.language))
            self._talks.end(asked, "failed", reason=said)
        except GeneratorExit:  # the window went away in the middle
            self._talks.end(asked, "stopped", answer)
            raise
        except Exception:
            # Whatever broke, the round says so and stays; what it was goes to the program's window.
            self._talks.end(asked, "failed", reason=text("error", seat.language))
            yield {"now": render.round_of(asked, seat.language, talk.kept)}
            raise
        self._talks.end(asked, "done", answer)
        yield {"now": render.round_of(asked, seat.language, talk.kept)}

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

    def listed(self, seat: Seat, current: str, words: str = "") -> str:
        """The list of a user's conversations."""
        kept = self._talks.store.of(seat.user, words)
        return history.listed(kept, current, seat.language, searched=bool(words.strip()))
