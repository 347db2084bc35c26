"""What the page offers beside its events: files to take along, files that come in, one article.

Everything is checked against the visitor that the door let in; ids and names are foreign.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from index.errors import YoujuError
from qa import exports
from qa.page import looking, source, uploads
from qa.page.models import Choice
from qa.page.seat import Detail, Seat

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from qa.page.desk import Desk

WRITE_HEADER = "x-youju"
"""A header that other sites' pages cannot send along: without it nothing is taken in."""


class Routes:
    """The page's addresses over a desk."""

    def __init__(self, desk: Desk, style: str, icon: str) -> None:
        self._desk = desk
        self._style, self._icon = style, icon

    def add_to(self, app: Starlette) -> None:
        """Put the addresses into an application, before the page itself takes all others."""
        app.add_route("/youju.css", self.style)
        app.add_route("/icon.svg", self.icon)
        app.add_route("/export/{name}", self.export)
        app.add_route("/ratings/{name}", self.ratings)
        app.add_route("/look/{part}", self.look)
        app.add_route("/article", self.article)
        app.add_route("/files", self.receive, methods=["PUT"])
        app.add_route("/model/{what}", self.model, methods=["POST"])

    def style(self, request: Request) -> Response:
        """The page's look, for the pages that stand alone."""
        return _answer(self._style.encode(), "text/css; charset=utf-8")

    def icon(self, request: Request) -> Response:
        """The page's icon."""
        return _answer(self._icon.encode(), "image/svg+xml")

    def export(self, request: Request) -> Response:
        """A conversation as a file."""
        which, _, kind = request.path_params["name"].rpartition(".")
        seat = _seat(request)
        store = self._desk.talks.store
        kept = store.find(which, seat.user)
        if kept is None or kind not in exports.KINDS:
            return _answer(b"", "text/plain", 404)
        language = request.query_params.get("language", seat.language)
        body = exports.export(kind, kept, store.rounds(which), language)
        return _download(body, exports.KINDS[kind], f"{uploads.plain_name(kept.name)}.{kind}")

    def ratings(self, request: Request) -> Response:
        """What was rated: all of it, or the good ones as evaluation questions."""
        makers = {"exam.jsonl": exports.exam, "all.jsonl": exports.ratings}
        name = request.path_params["name"]
        if name not in makers:
            return _answer(b"", "text/plain", 404)
        body = makers[name](self._desk.talks.store.rated(_seat(request).user))
        return _download(body, "application/jsonl; charset=utf-8", f"youju-{name}")

    def look(self, request: Request) -> Response:
        """What is behind an answer: a piece of the page, fetched when somebody unfolds it."""
        seat = _seat(request)
        talk = self._desk.talks.find(request.query_params.get("talk", ""), seat.user)
        number = request.query_params.get("round", "")
        asked = next((r for r in talk.rounds if str(r.number) == number), None) if talk else None
        if talk is None or asked is None or asked.answer is None:
            return _answer(b"", "text/html; charset=utf-8", 404)
        if request.path_params["part"] == "timeline":
            html = looking.timeline(talk.assistant, asked.answer, seat.language)
        else:
            options = seat.wishes.options(talk.assistant.answer_from)
            html = looking.why(talk.assistant, asked.answer, options, seat.language)
        return _answer(html.encode("utf-8", "replace"), "text/html; charset=utf-8")

    def article(self, request: Request) -> Response:
        """One article on a page of its own."""
        seat, asked = _seat(request), Detail(dict(request.query_params))
        try:
            library = self._desk.libraries.get(asked.text("library", 64)).library
            found = library.article(asked.text("id"))
        except YoujuError:
            found = None
        if found is None:
            return _answer(b"", "text/plain", 404)
        html = source.whole(found, asked.number("start"), asked.number("end"), seat.language)
        return _answer(html.encode("utf-8", "replace"), "text/html; charset=utf-8")

    async def receive(self, request: Request) -> Response:
        """A file comes in, to be added with the others of its batch."""
        from starlette.concurrency import run_in_threadpool

        seat, query = _seat(request), request.query_params
        if not seat.writes or WRITE_HEADER not in request.headers:
            return _answer(b"", "text/plain", 403)
        try:
            folder = self._desk.libraries.get(query.get("library", "")).library.folder
        except YoujuError:
            return _answer(b"", "text/plain", 404)
        place = uploads.place_for(folder, query.get("batch", ""), query.get("name", ""))
        size = 0
        with place.open("wb") as file:
            async for piece in request.stream():
                size += len(piece)
                if size > uploads.LIMIT:
                    break
                await run_in_threadpool(file.write, piece)
        if size > uploads.LIMIT:
            place.unlink()
            return _answer(b"", "text/plain", 413)
        return _answer(b"", "text/plain", 204)

    async def model(self, request: Request) -> Response:
        """A language model is tried (``try``), or chosen for all (``use``)."""
        from starlette.concurrency import run_in_threadpool

        seat = _seat(request)
        if not seat.writes or WRITE_HEADER not in request.headers:
            return _answer(b"", "text/plain", 403)
        try:
            asked = Detail(json.loads((await request.body())[:10_000]))
        except ValueError:
            return _answer(b"", "text/plain", 400)
        choice = Choice(*(asked.text(name, 500).strip() for name in ("url", "model", "key")))
        models = self._desk.models
        deed = models.choose if request.path_params["what"] == "use" else models.attempt
        well, words = await run_in_threadpool(deed, choice, seat.language)
        return _answer(words.encode(), "text/plain; charset=utf-8", 200 if well else 202)


def _seat(request: Request) -> Seat:
    try:
        wishes = json.loads(request.query_params.get("wishes", "{}"))
    except ValueError:
        wishes = {}
    return Seat.read(Detail({"wishes": wishes}), request)


def _answer(
    body: bytes, kind: str, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    from starlette.responses import Response

    return Response(body, status, headers, kind)


def _download(body: bytes, kind: str, name: str) -> Response:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return _answer(body, kind, headers={"content-disposition": disposition})
