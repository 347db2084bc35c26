"""The library on the page: looked through, added to, taken from; several of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from index.errors import SettingsError, YoujuError
from index.types import Article
from qa.page import front, shelf, source, uploads
from qa.page.adding import Adding
from qa.page.asking import Areas
from qa.page.catalogue import Facts, Page
from qa.page.libraries import HOME, Libraries
from qa.page.markup import file_name
from qa.page.seat import Detail, Seat
from qa.page.texts import text, why

PACE = 0.15
"""Seconds between two pictures of files that are being added."""
_UNDONE = 50  # removals that can be taken back


class Stocking:
    """The page's side of its libraries."""

    def __init__(self, libraries: Libraries, adding: Adding) -> None:
        self._libraries = libraries
        self.adding = adding
        self._dates: dict[str, tuple[int, tuple[str, str] | None]] = {}
        self._gone: dict[tuple[str, str], list[Article]] = {}
        self._lock = threading.Lock()
        self._opened = 0

    def view(self, detail: Detail, seat: Seat) -> Areas:
        """The library's view was opened, or its library changed."""
        library = self._libraries.get(seat.library).library
        head = shelf.head(seat, Facts.of(library), _suffixes())
        return {"shelf": head} | self.list(Detail({}), seat)

    def list(self, detail: Detail, seat: Seat) -> Areas:
        """The list was narrowed, sorted or turned over."""
        page = Page.of(self._libraries.get(seat.library).library, detail)
        return {"articles": shelf.listed(page, seat.language, writes=seat.writes)}

    def open(self, detail: Detail, seat: Seat) -> Areas:
        """A marker, a citation or an article was clicked: its article in the panel."""
        self._opened += 1
        library = self._libraries.get(seat.library).library
        article = library.article(detail.text("article"))
        if article is None:
            return {"panel": source.missing(seat.language, self._opened)}
        start, end = detail.number("start"), detail.number("end")
        shown = source.panel(article, start, end, seat.language, self._opened, seat.library)
        return {"panel": shown}

    def add(self, detail: Detail, seat: Seat) -> Iterator[Areas]:
        """Files have been sent, or a window comes back to a job: how far it has come, to its end."""
        assistant = self._libraries.get(seat.library)
        job = self.adding.running(seat.library, seat.user)
        batch = detail.text("batch", 32)
        if batch and seat.writes:
            paths = uploads.take_in(assistant.library.folder, batch)
            if paths:
                job = self.adding.start(assistant.library, seat.library, seat.user, paths)
        if job is None:
            return
        for _ in job.follow(PACE):
            yield {"jobs": uploads.job(job, seat.language)}
        yield self.view(detail, seat) | self.top(seat)

    def cancel(self, detail: Detail, seat: Seat) -> Areas:
        """The rest of a job is not wanted."""
        job = self.adding.find(detail.number("job"), seat.user)
        if job is not None:
            job.cancelled.set()
        return {}

    def remove(self, detail: Detail, seat: Seat) -> Areas:
        """A file is taken out of the library, with a way back."""
        if not seat.writes:
            return {"toast": front.toast(text("read_only", seat.language))}
        name = detail.text("source")
        library = self._libraries.get(seat.library).library
        gone = library.catalogue.of(name)
        uploads.set_aside(name, library.folder)  # the library would delete it
        try:
            count = library.remove([name])
        except YoujuError as error:
            uploads.put_back(name, library.folder)
            said = text("not_removed", seat.language, reason=why(error, seat.language))
            return {"toast": front.toast(said)}
        with self._lock:
            self._gone[seat.library, name] = gone
            while len(self._gone) > _UNDONE:
                del self._gone[next(iter(self._gone))]
        said = text("removed", seat.language, name=file_name(name), count=count)
        toast = front.toast(said, undo="put-back", language=seat.language, source=name)
        return self.list(detail.part("sieve"), seat) | self.top(seat) | {"toast": toast}

    def put_back(self, detail: Detail, seat: Seat) -> Areas:
        """A removal is taken back."""
        name = detail.text("source")
        library = self._libraries.get(seat.library).library
        with self._lock:
            articles = self._gone.pop((seat.library, name), None)
        if not seat.writes or articles is None:
            return {"toast": ""}
        uploads.put_back(name, library.folder)
        try:
            library.add_articles(name, articles)
        except YoujuError as error:
            said = text("not_removed", seat.language, reason=why(error, seat.language))
            return {"toast": front.toast(said)}
        toast = front.toast(text("undone", seat.language))
        return self.list(detail.part("sieve"), seat) | self.top(seat) | {"toast": toast}

    def make(self, detail: Detail, seat: Seat) -> tuple[str | None, Areas]:
        """A new library: its key, None when there is none, and a word on why."""
        if not seat.writes:
            return None, {"toast": front.toast(text("read_only", seat.language))}
        name = detail.text("name", 100).strip()
        if name in self._libraries.all():
            return None, {"toast": shelf.notice(text("library_exists", seat.language))}
        try:
            return self._libraries.make(name), {"toast": "", "jobs": ""}
        except SettingsError:
            return None, {"toast": shelf.notice(text("bad_name", seat.language))}

    def top(self, seat: Seat) -> Areas:
        """The header, which says how many articles there are."""
        library = self._libraries.get(seat.library).library
        key, revision = str(library.folder), library.revision
        with self._lock:
            if self._dates.get(key, (-1, None))[0] != revision:
                self._dates[key] = (revision, library.catalogue.dates())
            dates = self._dates[key][1]
        return {"top": front.top(seat, self._libraries.all(), len(library), dates)}

    def here(self, seat: Seat) -> str:
        """The key of the seat's library, the first one's when it is gone."""
        return seat.library if seat.library in self._libraries.all() else HOME


def _suffixes() -> Sequence[str]:
    from index import readers

    return sorted(readers.SUFFIXES)
