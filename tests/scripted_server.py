"""An OpenAI-compatible server in a thread, which does what a test tells it to, right or wrong."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Exchange(BaseHTTPRequestHandler):
    """One request, and ways to answer it."""

    protocol_version = "HTTP/1.1"
    server: ScriptedServer

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {}, dict(self.headers)))
        self.json(200, self.server.models)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append((self.path, body, dict(self.headers)))
        try:
            self.server.script(self, len([a for a in self.server.asked if a[1]]))
        except (BrokenPipeError, ConnectionResetError):
            self.server.gone.set()

    def json(self, status: int, value: Any, **headers: str) -> None:
        self.plain(status, json.dumps(value).encode(), "application/json", **headers)

    def plain(self, status: int, body: bytes, kind: str = "text/html", **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def begin(self) -> None:
        """Head of a stream that ends when the connection does."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True

    def event(self, data: str) -> None:
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()

    def piece(self, text: str, finish: str | None = None, **delta: str) -> None:
        choice = {"index": 0, "delta": {"content": text, **delta}, "finish_reason": finish}
        self.event(json.dumps({"id": "1", "object": "chat.completion.chunk", "choices": [choice]}))

    def say(self, text: str, wait: float = 0.0) -> None:
        """All of an answer, three characters at a time."""
        self.begin()
        for i in range(0, len(text), 3):
            self.piece(text[i : i + 3])
            time.sleep(wait)
        self.piece("", "stop")
        self.event("[DONE]")

    def log_message(self, *_: object) -> None:
        pass


Script = Callable[[Exchange, int], None]
"""What to do with the n-th (from 1) request for an answer."""


class ScriptedServer(ThreadingHTTPServer):
    """``asked`` are the requests: path, body, headers. ``gone`` is set when a client hung up."""

    daemon_threads = True

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.script = script
        self.asked: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.gone = threading.Event()
        self.models: Any = {"object": "list", "data": [{"id": "m1", "object": "model"}]}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@contextmanager
def serving(script: Script) -> Iterator[ScriptedServer]:
    """The server, for the time of a test."""
    server = ScriptedServer(script)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
