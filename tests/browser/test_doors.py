"""Behind a reverse proxy under a path of its own, and with log-in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from test_asking import RIVER, said

from qa.users import put_user

PREFIX = "/youju"


@contextmanager
def proxy(address: str) -> Iterator[str]:
    """A reverse proxy that shows the page under ``PREFIX``, as nginx does: the prefix is taken off."""
    upstream = urlsplit(address)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            if not self.path.startswith(PREFIX + "/"):
                self.send_error(404)
                return
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            passed = {k: v for k, v in self.headers.items() if k.lower() != "host"}
            passed["X-Forwarded-Host"] = self.headers["host"]
            self.close_connection = True
            with (
                closing(HTTPConnection(upstream.hostname or "", upstream.port or 0)) as connection,
                suppress(ConnectionError),  # the browser went on to another page
            ):
                connection.request(self.command, self.path.removeprefix(PREFIX), body, passed)
                with closing(connection.getresponse()) as answer:
                    self.pass_on(answer)

        def pass_on(self, answer: HTTPResponse) -> None:
            self.send_response(answer.status)
            hop = ("transfer-encoding", "connection", "content-length", "server", "date")
            for name, value in answer.getheaders():
                if name.lower() not in hop:
                    self.send_header(name, value)
            self.send_header("connection", "close")
            self.end_headers()
            while piece := answer.read1(65536):
                self.wfile.write(piece)
                self.wfile.flush()

        do_GET = do_POST = do_PUT = do_HEAD = forward  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{PREFIX}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def log_in(page: Any, name: str, password: str) -> None:
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")


def test_log_in_behind_a_proxy(
    serve: Callable[..., str], visit: Callable[..., Any], tmp_path: Path, root: Path
) -> None:
    from index.library import Library

    own, users = tmp_path / "own", tmp_path / "users"
    with Library.open(own) as library:
        library.add([root / "examples" / "corpus"])
    put_user(users, "景静", "editor", "long enough")
    put_user(users, "guest", "reader", "long enough")
    code = (
        "import sys; from pathlib import Path; from qa.page import serve;"
        "serve(Path(sys.argv[1]), port=0, open_browser=False, users=Path(sys.argv[2]), root_path='/youju')"
    )
    with proxy(serve("-c", code, str(own), str(users))) as address:
        v = visit(address, ready="[name=password]")
        assert v.page.url.endswith("/youju/login")
        v.picture("zh-login")
        log_in(v.page, "景静", "long enough")
        v.page.wait_for_selector("#yj-ask")
        answer = v.ask(RIVER)
        assert "把好质量关" in said(answer)
        answer.locator(".yj-look summary").first.click()
        answer.locator("time").first.wait_for()
        answer.locator(".yj-chip").first.click()
        v.page.locator("mark").first.wait_for()
        with v.page.expect_popup() as popup:
            v.page.locator(".yj-ways a").click()
        assert popup.value.locator("mark").count() > 0
        popup.value.close()
        v.page.keyboard.press("Escape")
        note = tmp_path / "便条.txt"
        note.write_text(
            "红枫大桥开工\n2024年3月1日，红枫大桥开工，总投资9亿元。\n", encoding="utf-8"
        )
        v.upload(note).locator(".yj-added").wait_for()
        v.page.locator("nav form button", has_text="景静").click()
        v.page.wait_for_selector("[name=password]")

        guest = visit(address, ready="[name=password]")
        log_in(guest.page, "guest", "long enough")
        guest.page.wait_for_selector("#yj-ask")
        guest.page.locator(".yj-none").wait_for()
        assert guest.page.locator(".yj-talk").count() == 0, "each has their own conversations"
        assert "9亿元" in said(guest.ask("红枫大桥总投资多少"))
        guest.page.locator("nav [data-do=shelf]").click()
        guest.page.locator(".yj-articles").wait_for()
        assert guest.page.locator(".yj-drop, .yj-remove, .yj-make").count() == 0, (
            "a reader only asks"
        )
