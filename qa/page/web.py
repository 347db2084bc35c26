"""What goes around every answer of the server: headers, and the head of the page's HTML."""

from __future__ import annotations

from typing import Any

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
"""Content-Security-Policy: the browser itself refuses anything from another host.

Gradio needs inline scripts and styles, and ``eval`` for its templates.
"""
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
LINKS = '<link rel="stylesheet" href="youju.css"><link rel="icon" href="icon.svg">'
"""In the page's head. As Gradio's ``css`` its selectors would be rewritten, those within ``@media``
wrongly; as its ``head`` it would come only with the script, and the page would flash."""
_FOR_EVER = (b"cache-control", b"public, max-age=31536000, immutable")


class Web:
    """ASGI middleware that adds ``HEADERS`` to every response and ``LINKS`` to the page.

    Streams pass untouched. Gradio's own files have a hash in their names and may be kept for ever.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._links = LINKS.encode()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request on, and its response back with the headers."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        hashed = path.startswith("/assets/")
        page = path in ("", "/") and scope["type"] == "http"
        held: list[Any] = []  # the start of the page's response, until its length is known

        async def add(message: Any) -> None:
            if message["type"] == "http.response.start":
                kept = [(k, v) for k, v in message.get("headers", ()) if not _old(k, hashed)]
                message["headers"] = [*kept, *HEADERS, *([_FOR_EVER] if hashed else [])]
                if page and any(k == b"content-type" and b"html" in v for k, v in kept):
                    held.append(message)
                    return
            elif held and message["type"] == "http.response.body":
                if not message.get("more_body"):
                    start = held.pop()
                    body = message["body"].replace(b"<head>", b"<head>" + self._links, 1)
                    message["body"] = body
                    length = (b"content-length", str(len(body)).encode())
                    others = [h for h in start["headers"] if h[0] != b"content-length"]
                    start["headers"] = [*others, length]
                    await send(start)
                else:  # it comes in parts: too late to know its length, so it stays as it is
                    await send(held.pop())
            await send(message)

        await self._app(scope, receive, add if scope["type"] == "http" else send)


def _old(name: bytes, hashed: bool) -> bool:
    return hashed and name.lower() == b"cache-control"
