"""The door of a page with log-in: who is let in, and who they are. Without a file of users there
is no door, and everybody who can reach the page is the same nobody."""

from __future__ import annotations

import re
import secrets
import threading
import time
from html import escape
from typing import Any
from urllib.parse import parse_qs

from index.errors import SettingsError
from qa.page.texts import language_of, text
from qa.users import User, Users

COOKIE = "youju"
STAYS = 14 * 24 * 3600
"""Seconds for which a log-in lasts."""
TRIES = 10
"""Wrong passwords for one name within a minute, after which it has to wait."""
_FORM_LIMIT = 4096
_TALK = re.compile(r"[\w-]{1,64}", re.ASCII)
_OPEN = ("/login", "/youju.css", "/icon.svg")


class Door:
    """ASGI middleware: sets ``youju.visitor``, or shows the log-in page in the place of all others."""

    def __init__(self, app: Any, users: Users | None) -> None:
        self._app, self._users = app, users
        self._sessions: dict[str, tuple[str, float]] = {}
        self._wrong: dict[str, list[float]] = {}
        self._lock = threading.Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Let a request in, or answer it here."""
        if self._users is None or scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        from starlette.requests import Request
        from starlette.responses import PlainTextResponse, RedirectResponse

        request = Request(scope, receive) if scope["type"] == "http" else None
        path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        token = request.cookies.get(COOKIE, "") if request else ""
        visitor = self._visitor(token)
        if request is not None and path == "/login":
            await (await self._login(request))(scope, receive, send)
            return
        if request is not None and path == "/logout" and request.method == "POST":
            with self._lock:
                self._sessions.pop(token, None)
            out = RedirectResponse("login", 303)
            out.delete_cookie(COOKIE)
            await out(scope, receive, send)
            return
        if visitor is None and path not in _OPEN:
            up = "../" * (path.count("/") - 1)
            wants_page = request is not None and "text/html" in request.headers.get("accept", "")
            shut: Any = PlainTextResponse("log in first", 401)
            if wants_page and path != "/login":
                shut = RedirectResponse(f"{up}login{_talk(request)}", 303)
            await shut(scope, receive, send)
            return
        scope["youju.visitor"] = visitor
        await self._app(scope, receive, send)

    def _visitor(self, token: str) -> User | None:
        assert self._users is not None
        with self._lock:
            name, until = self._sessions.get(token, ("", 0.0))
            if until < time.time():
                self._sessions.pop(token, None)
                return None
        try:
            return self._users.find(name)
        except SettingsError:  # the file is being edited: nobody is let in until it can be read
            return None

    async def _login(self, request: Any) -> Any:
        """The log-in page, or what its form leads to."""
        from starlette.concurrency import run_in_threadpool
        from starlette.responses import HTMLResponse, RedirectResponse

        language = language_of(request.headers.get("accept-language"))
        talk = _talk(request)
        if request.method != "POST":
            return HTMLResponse(form(language, talk))
        body = await request.body()
        told = parse_qs(body[:_FORM_LIMIT].decode("utf-8", "replace"))
        name, password = (told.get(key, [""])[0] for key in ("name", "password"))
        if self._tried_too_often(name):
            return HTMLResponse(form(language, talk, text("too_many", language)), 429)
        assert self._users is not None
        user = await run_in_threadpool(self._users.check, name, password)
        if user is None:
            with self._lock:
                self._wrong.setdefault(name, []).append(time.monotonic())
            return HTMLResponse(form(language, talk, text("wrong_login", language)), 403)
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[token] = (user.name, time.time() + STAYS)
        inside = RedirectResponse(f"./{talk}", 303)
        secure = request.headers.get("x-forwarded-proto", request.url.scheme) == "https"
        inside.set_cookie(
            COOKIE, token, max_age=STAYS, httponly=True, samesite="lax", secure=secure
        )
        return inside

    def _tried_too_often(self, name: str) -> bool:
        now = time.monotonic()
        with self._lock:
            if len(self._wrong) > 10_000:
                self._wrong.clear()
            recent = [t for t in self._wrong.get(name, []) if now - t < 60]
            self._wrong[name] = recent
            return len(recent) >= TRIES


def _talk(request: Any) -> str:
    """The part of an address that names a conversation, so that its link outlasts the log-in."""
    named = request.query_params.get("c", "")
    return f"?c={named}" if _TALK.fullmatch(named) else ""


def form(language: Any, talk: str = "", wrong: str = "") -> str:
    """The log-in page; ``talk`` is the conversation to go to, as it stands in the address."""
    notice = f'<p class="yj-error" role="alert">{escape(wrong)}</p>' if wrong else ""
    tongue = "zh-CN" if language == "zh" else "en"
    return (
        f'<!doctype html><html lang="{tongue}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>有据 Youju</title><link rel="icon" href="icon.svg">'
        '<link rel="stylesheet" href="youju.css"></head><body class="yj-alone"><main class="yj-login">'
        f"<h1>{text('name', language)}</h1><p>{text('motto', language)}</p>{notice}"
        f'<form method="post" action="login{escape(talk)}">'
        f"<label>{text('user_name', language)}"
        '<input class="yj-field" name="name" autocomplete="username" required autofocus></label>'
        f"<label>{text('password', language)}"
        '<input class="yj-field" name="password" type="password" autocomplete="current-password" required>'
        f'</label><button type="submit" class="yj-strong">{text("log_in", language)}</button>'
        "</form></main></body></html>"
    )
