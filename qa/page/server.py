"""The page as a web application, and a server for it on this machine."""

from __future__ import annotations

import gc
import os
import socket
import sys
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import SettingsError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from qa.assistant import Assistant
    from qa.users import Users

CONVERSATIONS = "conversations.sqlite"
"""The file in the library's folder with what people asked."""


def create_app(assistant: Assistant, users: Users | None = None, root_path: str = "") -> FastAPI:
    """The page over an assistant, as a FastAPI application to serve or to mount.

    ``users`` are those who may log in; without them everybody may come in. ``root_path`` is the
    path under which a reverse proxy shows the page (``/youju``), when it is not the proxy's root.
    What people asked is kept in ``conversations.sqlite`` in the library's folder.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported
    import gradio as gr
    from fastapi import FastAPI

    from qa.conversations import Conversations
    from qa.page import layout
    from qa.page.desk import Desk
    from qa.page.libraries import Libraries
    from qa.page.login import Door
    from qa.page.routes import Routes
    from qa.page.web import Web

    store = Conversations(assistant.library.folder / CONVERSATIONS)
    desk = Desk(Libraries(assistant), store)
    style = layout.part("style.css")
    app = FastAPI(title="Youju", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    app.add_middleware(Door, users=users)
    app.add_middleware(Web)
    Routes(desk, style, layout.part("icon.svg")).add_to(app)
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        layout.build(desk),
        path="/",
        root_path=root_path.rstrip("/") or None,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        max_file_size="1mb",  # files come in by another way
        theme=layout.theme(),
    )
    return mounted


def serve(
    library: Path,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = True,
    users: Path | None = None,
    root_path: str = "",
) -> None:
    """Serve the page over the library in a folder; an empty one is made where there is none.

    ``users`` is a file of people who may log in (``qa.users``), ``root_path`` as in ``create_app``.

    As ``run``; raises LibraryError when the library cannot be opened.
    """
    from index.library import Library
    from qa.assistant import Assistant
    from qa.settings import Settings
    from qa.users import Users

    known = Users(users) if users else None
    settings = Settings.read(library)
    with Library.open(library, reranking=settings.reranking()) as shelf:
        assistant = Assistant(shelf, generator=settings.generator())
        run(assistant, host, port, open_browser, users=known, root_path=root_path)


def run(
    assistant: Assistant,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = True,
    say: Callable[[str], None] | None = None,
    *,
    users: Users | None = None,
    root_path: str = "",
) -> None:
    """Serve the page over an assistant until interrupted; ``port`` 0 takes any free one.

    ``say`` gets the page's address once it can be opened; by default it goes to standard output.
    Raises SettingsError when the address cannot be had.
    """
    with listen(host, port) as listening:
        import uvicorn

        address = page_address(host, listening.getsockname()[1])

        class Server(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                _settle()
                (say or _say)(address)
                if open_browser and _has_desktop():
                    webbrowser.open(address)

            async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
                # An open page holds a stream open; stopping must not wait for it.
                for connection in list(self.server_state.connections):
                    connection.transport.close()
                await super().shutdown(sockets)

        app = create_app(assistant, users, root_path)
        config = uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=5)
        try:
            with suppress(KeyboardInterrupt):
                Server(config).run(sockets=[listening])
        finally:
            app.state.desk.close()


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to an address, so that a taken port is known before anything is loaded.

    Raises SettingsError with the mend when the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    if sys.platform != "win32":  # there it would let two programs share the port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise SettingsError(
            f"{host}:{port}: the page cannot be served there ({error}). "
            "Choose another port (--port 0 takes any free one) or another --host."
        ) from error
    return listening


def page_address(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{here}:{port}/"


def _settle() -> None:
    """Let the garbage collector leave alone what is loaded by now and stays.

    Gradio leaves cycles behind each event, with the HTML that it sent. Among a million objects
    that stay they would be looked for only every few minutes, and looking would take half a second.
    """
    gc.collect()
    gc.freeze()
    gc.collect()  # now counts what it found: next to nothing


def _has_desktop() -> bool:
    """Whether a browser would open in a window, not in the terminal of a remote machine."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _say(address: str) -> None:
    sys.stdout.write(f"有据 Youju: {address}\n")
    sys.stdout.flush()
