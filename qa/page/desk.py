"""Everything that can be done on the page, by name: what comes in, and which areas change.

An event brings ``{"do": …, "wishes": {…}, "talk": …, "library": …, …}``; ``Detail`` and ``Seat``
read it. Each handler gives new HTML for some of the page's areas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from index.errors import LibraryError, YoujuError
from qa.conversations import Conversations
from qa.page import choosing, front, history, render, shelf, uploads
from qa.page.adding import Adding
from qa.page.asking import QUESTION_LIMIT, Areas, Asking
from qa.page.libraries import HOME, Libraries
from qa.page.models import Models
from qa.page.seat import Detail, Seat
from qa.page.stocking import Stocking
from qa.page.talks import Talks
from qa.page.texts import text, why

Handler = Callable[[Detail, Seat], Areas]


class Desk:
    """The page's events over some libraries and the conversations about them."""

    def __init__(self, libraries: Libraries, store: Conversations) -> None:
        self.libraries = libraries
        self.talks = Talks(store, libraries)
        self.models = Models(libraries)
        self.adding = Adding()
        self._asking = Asking(self.talks, libraries)
        self._stocking = Stocking(libraries, self.adding)
        self._handlers: dict[str, Handler] = {
            "start": self.start,
            "new": self.new,
            "choose": self.choose,
            "reopen": self.reopen,
            "find": self.find,
            "rename": self.rename,
            "forget": self.forget,
            "bring-back": self.bring_back,
            "set": self.set,
            "stop": self._asking.stop,
            "tips": self._asking.tips,
            "rate": self._asking.rate,
            "shelf": self._stocking.view,
            "list": self._stocking.list,
            "open": self._stocking.open,
            "remove": self._stocking.remove,
            "put-back": self._stocking.put_back,
            "cancel-adding": self._stocking.cancel,
            "make": self.make,
        }
        for key in libraries.all():
            uploads.tidy(libraries.get(key).library.folder)

    def now(self, detail: Detail, seat: Seat) -> Areas:
        """Something was clicked: the areas that change, at once."""
        handler = self._handlers.get(detail.text("do", 20))
        if handler is None:
            return {}
        try:
            return handler(detail, seat)
        except LibraryError as error:
            if seat.library == HOME:
                return {"toast": shelf.notice(why(error, seat.language))}
            gone = shelf.notice(text("library_gone", seat.language))
            return self._enter(replace(seat, library=HOME, talk="")) | {"toast": gone}
        except YoujuError as error:
            return {"toast": shelf.notice(why(error, seat.language))}

    def ask(self, detail: Detail, seat: Seat) -> Iterator[Areas]:
        """A question was asked, or a window comes back to one that is being answered."""
        if detail.number("follow"):
            yield from self._asking.follow(seat)
        else:
            yield from self._asking.ask(detail, seat)

    def stock(self, detail: Detail, seat: Seat) -> Iterator[Areas]:
        """Files are being added."""
        try:
            yield from self._stocking.add(detail, seat)
        except YoujuError as error:
            yield {"jobs": shelf.notice(why(error, seat.language))}

    def start(self, detail: Detail, seat: Seat) -> Areas:
        """A window has opened the page, perhaps on a conversation."""
        language = seat.language
        frame = {
            "side": history.head(language),
            "foot": front.composer(language, QUESTION_LIMIT),
            "settings": choosing.dialog(seat, self.models.choice.url, self.models.choice.model),
        }
        if self.adding.running(seat.library, seat.user):
            frame["jobs"] = '<span hidden data-follow="yes"></span>'
        if seat.talk:
            return frame | self.reopen(detail, seat)
        return frame | self._enter(replace(seat, library=self._stocking.here(seat)))

    def _enter(self, seat: Seat) -> Areas:
        """An empty conversation in a library."""
        self._asking.turn(seat)
        empty = len(self.libraries.get(seat.library).library) == 0
        return {
            **self._stocking.top(seat),
            "talks": self._asking.listed(seat, ""),
            "past": front.welcome(empty, seat.language),
            "now": "",
            "panel": "",
        } | self._asking.waiting(seat)

    def new(self, detail: Detail, seat: Seat) -> Areas:
        """Begin again."""
        return self._enter(replace(seat, talk=""))

    def choose(self, detail: Detail, seat: Seat) -> Areas:
        """Another library: its view, and a new conversation in it."""
        there = replace(seat, talk="", library=detail.text("value", 64))
        areas = self._enter(there)
        return areas | self._stocking.view(detail, there) | {"jobs": ""}

    def make(self, detail: Detail, seat: Seat) -> Areas:
        """A new library, and everything in it."""
        key, areas = self._stocking.make(detail, seat)
        if key is None:
            return areas
        there = replace(seat, talk="", library=key)
        return self._enter(there) | self._stocking.view(detail, there) | areas

    def reopen(self, detail: Detail, seat: Seat) -> Areas:
        """A conversation was opened, from the list or by its link."""
        talk = self.talks.find(seat.talk, seat.user)
        if talk is None:
            gone = front.toast(text("talk_gone", seat.language))
            return self._enter(replace(seat, talk="", library=HOME)) | {"toast": gone}
        self._asking.turn(seat)
        there = replace(seat, library=talk.kept.library)
        there = replace(there, library=self._stocking.here(there))
        return {
            **self._stocking.top(there),
            "talks": self._asking.listed(there, talk.kept.id),
            "past": render.past(
                talk.rounds[:-1], seat.language, talk.kept, whole=bool(detail.number("whole"))
            ),
            "now": render.rounds(talk.rounds[-1:], seat.language, talk.kept),
            "tips": "",
            "panel": "",
            "toast": "",
        }

    def find(self, detail: Detail, seat: Seat) -> Areas:
        """The list of conversations is searched."""
        words, limit = detail.text("words", 100), detail.number("limit")
        return {"talks": self._asking.listed(seat, seat.talk, words, limit)}

    def rename(self, detail: Detail, seat: Seat) -> Areas:
        """A conversation gets another name."""
        self.talks.store.rename(detail.text("which", 64), seat.user, detail.text("name", 200))
        return {"talks": self._asking.listed(seat, seat.talk)}

    def forget(self, detail: Detail, seat: Seat) -> Areas:
        """A conversation is deleted, with a way back."""
        which = detail.text("which", 64)
        kept = self.talks.store.find(which, seat.user)
        if kept is None or not self.talks.store.delete(which, seat.user):
            return {"toast": front.toast(text("talk_gone", seat.language))}
        self.talks.forget(which)
        said = text("talk_deleted", seat.language, name=kept.name)
        toast = front.toast(said, undo="bring-back", language=seat.language, which=which)
        if which == seat.talk:
            return self._enter(replace(seat, talk="")) | {"toast": toast}
        return {"talks": self._asking.listed(seat, seat.talk), "toast": toast}

    def bring_back(self, detail: Detail, seat: Seat) -> Areas:
        """A deletion is taken back."""
        self.talks.store.restore(detail.text("which", 64), seat.user)
        toast = front.toast(text("undone", seat.language))
        return {"talks": self._asking.listed(seat, seat.talk), "toast": toast}

    def set(self, detail: Detail, seat: Seat) -> Areas:
        """A setting was changed: only another language changes what is seen."""
        if detail.text("name") != "language":
            return {}
        areas = self.start(detail, seat)
        if seat.talk:
            return areas | self._asking.waiting(seat)
        return areas

    def close(self) -> None:
        """Stop what goes on in the background, and close what the page opened."""
        self._asking.close()
        self.adding.close()
        self.libraries.close()
        self.talks.store.close()
