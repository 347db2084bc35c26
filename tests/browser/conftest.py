"""A real server and a real browser for the tests of the page.

The server is ``app.py`` in a process of its own, on a free port, with a user data folder of its
own: the first start builds the library from the sample corpus, as ``make run`` does.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BEGAN = time.time()
START_SECONDS = 180
WAIT_MS = 15_000
"""How long the browser waits for what should appear; far more than it should ever take."""


def pictures_in(root: Path) -> Path:
    """Where pictures of the page are kept."""
    return Path(os.environ.get("YOUJU_SCREENSHOTS") or root / "screenshots")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say where the pictures are."""
    folder = pictures_in(config.rootpath)
    new = [p for p in folder.glob("*.png") if p.stat().st_mtime >= BEGAN]
    if new:
        terminalreporter.write_line(f"{len(new)} pictures of the page: {folder}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium, headless; the tests skip where there is none."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("needs Chromium, which is not installed here")
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(chromium: Any, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page that has just been started for the first time."""
    with serving(root, tmp_path_factory.mktemp("data"), "app.py", "--port", "0", "--no-open") as at:
        yield at


@pytest.fixture(scope="module")
def serve(
    chromium: Any, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., str]]:
    """``serve(*arguments)``: the address of another server, a Python run in the project.

    It outlives the windows on it: a page whose server goes away rightly complains.
    """
    with ExitStack() as running:

        def start(*arguments: str) -> str:
            data = tmp_path_factory.mktemp("data")
            return running.enter_context(serving(root, data, *arguments))

        yield start


@pytest.fixture
def own(root: Path, tmp_path: Path) -> Path:
    """The folder of a library with the sample articles, for one test."""
    from index.library import Library

    with Library.open(tmp_path / "own") as library:
        library.add([root / "examples" / "corpus"])
    return tmp_path / "own"


@pytest.fixture
def own_page(serve: Callable[..., str], own: Path) -> str:
    """The address of a page on that library."""
    return serve("app.py", "--port", "0", "--no-open", "--library", str(own))


@pytest.fixture(scope="session")
def slow(chromium: Any, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page whose answers are slow, doubtful or break."""
    script, data = Path(__file__).parent / "slow_server.py", tmp_path_factory.mktemp("slow")
    with serving(root, data, str(script), str(data / "library")) as at:
        yield at


@contextmanager
def serving(root: Path, data: Path, *arguments: str) -> Iterator[str]:
    """A Python process that says the page's address; what it said is shown when it does not."""
    environment = os.environ | {
        "XDG_DATA_HOME": str(data),
        "LOCALAPPDATA": str(data),
        "HOME": str(data),
        "GRADIO_TEMP_DIR": str(data / "gradio"),
        "PYTHONPATH": str(root),
        "PYTHONIOENCODING": "utf-8",
    }
    environment.pop("YOUJU_LIBRARY", None)
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    said: list[str] = []
    address: list[str] = []
    ready = threading.Event()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
                address.append(found.group())
                ready.set()
        ready.set()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        ready.wait(START_SECONDS)
        assert address, f"the server did not start:\n{''.join(said)}"
        yield address[0]
    finally:
        process.terminate()
        process.wait(20)
        reader.join(20)
        assert process.stdout is not None
        process.stdout.close()


class Visit:
    """A person's browser window on the page. Keeps what went wrong in it, and takes pictures."""

    def __init__(self, page: Any, address: str, pictures: Path, ready: str) -> None:
        self.page, self._address, self._pictures = page, address, pictures
        self.problems: list[str] = []
        page.set_default_timeout(WAIT_MS)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("dialog", lambda dialog: self.problems.append(f"a dialog: {dialog.message}"))
        page.on("request", self._request)
        page.on("response", self._response)
        page.goto(address)
        page.wait_for_selector(ready)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text}")

    def _request(self, request: Any) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob") and url.netloc != urlsplit(self._address).netloc:
            self.problems.append(f"a request elsewhere: {request.url}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.problems.append(f"status {response.status}: {response.url}")

    def ask(self, question: str) -> Any:
        """Type a question, send it, and wait for its answer: its round on the page."""
        if self.page.locator("body[data-view=shelf]").count():
            self.page.locator(".yj-shelf-head [data-do=chat]").click()
        self.page.locator("#yj-ask").fill(question)
        before = self._round()
        self.page.keyboard.press("Enter")
        return self.answered(question, before)

    def _round(self) -> str:
        """The mark of the round that is shown last."""
        return str(
            self.page.evaluate(
                "document.querySelector('#yj-now .yj-round')?.dataset.round ?? 'none'"
            )
        )

    def answered(self, question: str, before: str = "") -> Any:
        """Wait until a question has its answer: the round, which is the last one."""
        self.page.wait_for_function(
            """([question, before]) => {
                const last = document.querySelector('#yj-now .yj-round');
                return last && !last.hasAttribute('aria-busy') && last.dataset.round !== before
                    && last.querySelector('.yj-question bdi').textContent === question;
            }""",
            arg=[question, before],
        )
        return self.page.locator("#yj-now .yj-round")

    def upload(self, *paths: Path) -> Any:
        """Open the library, choose files, and wait until they are added: the report on them."""
        if self.page.locator("body[data-view=shelf]").count() == 0:
            self.page.locator("nav [data-do=shelf]").click()
        before = (
            self.page.locator(".yj-upload").get_attribute("data-job")
            if self.page.locator(".yj-upload").count()
            else ""
        )
        self.page.locator("[data-files=file]").set_input_files([str(p) for p in paths])
        self.page.wait_for_function(
            """before => {
                const report = document.querySelector('.yj-upload');
                return report && report.dataset.job !== before && !report.hasAttribute('aria-busy');
            }""",
            arg=before,
        )
        return self.page.locator(".yj-upload")

    def copied(self) -> str:
        """What is on the clipboard."""
        return str(self.page.evaluate("navigator.clipboard.readText()"))

    def seen(self, locator: Any) -> bool:
        """Whether an element is wholly within the window and nothing lies over it."""
        return bool(
            locator.evaluate(
                """e => Array.from(e.getClientRects()).every(r => {
                    const inside = r.top >= 0 && r.left >= 0 && r.bottom <= innerHeight && r.right <= innerWidth;
                    const top = document.elementFromPoint((r.left + r.right) / 2, (r.top + r.bottom) / 2);
                    return inside && (e === top || e.contains(top));
                })"""
            )
        )

    def sticking_out(self, box: str) -> list[str]:
        """What sticks out sideways of the boxes that a selector finds, or stands on two lines
        though it is one word on a button."""
        return list(
            self.page.evaluate(
                """box => Array.from(document.querySelectorAll(box)).flatMap(within => {
                    if (!within.checkVisibility()) return [];
                    const edge = within.getBoundingClientRect();
                    return Array.from(within.querySelectorAll('*')).filter(e => {
                        const r = e.getBoundingClientRect();
                        if (!r.width || getComputedStyle(e).position === 'absolute') return false;
                        const words = document.createRange();
                        words.selectNodeContents(e);
                        const lines = new Set(Array.from(words.getClientRects(), w => Math.round(w.top)));
                        const short = e.matches('button, summary') && e.textContent.length < 5;
                        return r.left < edge.left - 1 || r.right > edge.right + 1
                            || (short && lines.size > 1);
                    }).map(e => e.outerHTML.slice(0, 80));
                })""",
                box,
            )
        )

    def picture(self, name: str) -> None:
        """Keep a picture of the window as a person sees it now."""
        self.page.wait_for_timeout(400)  # smooth scrolling comes to rest
        self.page.screenshot(path=self._pictures / f"{name}.png")


@pytest.fixture
def visit(chromium: Any, root: Path) -> Iterator[Callable[..., Visit]]:
    """``visit(address, locale=…, …)`` opens a window; at the end, nothing must have gone wrong."""
    pictures = pictures_in(root)
    pictures.mkdir(parents=True, exist_ok=True)
    contexts: list[Any] = []
    visits: list[Visit] = []

    def begin(address: str, locale: str = "zh-CN", ready: str = "#yj-ask", **options: Any) -> Visit:
        size = {"width": 1280, "height": 800}
        context = chromium.new_context(locale=locale, **{"viewport": size, **options})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        visits.append(Visit(context.new_page(), address, pictures, ready))
        return visits[-1]

    yield begin
    problems = [problem for v in visits for problem in unexpected(v.problems)]
    for context in contexts:
        context.close()
    assert problems == []


def unexpected(problems: list[str]) -> list[str]:
    """Without what Gradio's client says when a person leaves the page, or loads it again, in the
    middle of a request: the browser breaks that off, and nobody sees the complaint."""
    left = any("AbortError: signal is aborted" in p for p in problems)
    words = ("AbortError: signal is aborted", "Connection errored out")
    return [p for p in problems if not (left and any(w in p for w in words))]
