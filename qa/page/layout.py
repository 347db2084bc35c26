"""The page: its areas, and the three ways in which something happens. Nothing is computed here.

Every area is HTML. One more, ``bus``, has the page's script and sends what is clicked: ``now`` is
answered at once, ``ask`` and ``stock`` go on for a while and pass through Gradio's queue.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.page.asking import ASKING
from qa.page.seat import Detail, Seat

if TYPE_CHECKING:
    from qa.page.asking import Areas
    from qa.page.desk import Desk

SANS = (
    "-apple-system",
    "Segoe UI",
    "Noto Sans",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "sans-serif",
)
MONO = ("ui-monospace", "Consolas", "monospace")
SESSIONS = 200
"""Windows of which Gradio remembers what it showed last. Nothing of ours is in it; it forgets
10,000 of them only when there are more, and they are large."""
SCRIPTS = ("page.js", "line.js", "files.js", "shown.js")
"""The page's script, as one."""
FOLLOWING = 24
"""Windows that follow the adding of files at the same time."""


def theme() -> Any:
    """Gradio's plain theme with the system's own fonts: nothing to fetch."""
    plain = gr.themes.Base(primary_hue="teal", neutral_hue="stone", font=SANS, font_mono=MONO)
    # The colours of style.css, so that nothing flashes before it is there.
    return plain.set(
        body_background_fill="#faf9f6",
        body_background_fill_dark="#16181b",
        body_text_color="#20242a",
        body_text_color_dark="#e7e5df",
    )


def part(name: str) -> str:
    """A style or script file of the page."""
    return files("qa.page").joinpath(name).read_text(encoding="utf-8")


def build(desk: Desk) -> Any:
    """The Gradio blocks of the page over a desk."""
    with gr.Blocks(title="有据 Youju", analytics_enabled=False, fill_width=True) as page:
        areas, bus = _place()
        _bind(desk, areas, bus)
    page.state_session_capacity = SESSIONS
    page.queue(default_concurrency_limit=ASKING, api_open=False)
    return page


def _place() -> tuple[dict[str, Any], Any]:
    """Put every area in its place; what is in them comes with the first event."""
    areas: dict[str, Any] = {}

    def area(*names: str) -> None:
        for name in names:
            areas[name] = gr.HTML(elem_id=f"yj-{name}", js_on_load=None, apply_default_css=False)

    area("top")
    with gr.Row(elem_id="yj-main"):
        with gr.Column(elem_id="yj-left"):
            area("side", "talks")
        with gr.Column(elem_id="yj-chat"):
            area("past", "now", "tips", "foot")
        with gr.Column(elem_id="yj-store"):
            area("shelf", "jobs", "articles")
        area("panel")
    area("settings", "toast")
    bus = gr.HTML(elem_id="yj-bus", js_on_load="".join(map(part, SCRIPTS)), apply_default_css=False)
    return areas, bus


def _bind(desk: Desk, areas: dict[str, Any], bus: Any) -> None:
    """Bind the three events; each may change any area."""

    def seen(changed: Areas) -> dict[Any, Any]:
        # Gradio takes an empty dictionary for a value: one area is always named.
        return {areas["toast"]: gr.skip()} | {areas[name]: html for name, html in changed.items()}

    def now(event: gr.EventData, request: gr.Request) -> Any:
        detail = Detail(event._data)
        return seen(desk.now(detail, Seat.read(detail, request.request)))

    def ask(event: gr.EventData, request: gr.Request) -> Iterator[Any]:
        detail = Detail(event._data)
        for changed in desk.ask(detail, Seat.read(detail, request.request)):
            yield seen(changed)

    def stock(event: gr.EventData, request: gr.Request) -> Iterator[Any]:
        detail = Detail(event._data)
        for changed in desk.stock(detail, Seat.read(detail, request.request)):
            yield seen(changed)

    often: dict[str, Any] = {
        "inputs": None,
        "outputs": list(areas.values()),
        "show_progress": "hidden",
        # HTML needs none. With it, Gradio makes a new component of each area that stays as it is,
        # and keeps the one before, with what it showed, for as long as the window is open.
        "postprocess": False,
        "api_visibility": "private",
        "trigger_mode": "multiple",
    }
    # What is short goes past the queue. Besides, Gradio's client can lose an event that joins the
    # queue in the very moment in which the session's last one leaves it: the fewer, the better.
    bus.now(now, queue=False, **often)
    bus.ask(ask, concurrency_limit=ASKING, **often)
    bus.stock(stock, concurrency_limit=FOLLOWING, **often)
