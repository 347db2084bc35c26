"""The page: its parts, and which event changes which part. Nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.page.events import QUESTION_LIMIT, Events

if TYPE_CHECKING:
    from qa.assistant import Assistant

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
UPLOADED = [".txt", ".md"]
"""Kinds of file that the chooser offers; what a file holds is judged by the reader."""
RECEIVED = (600, 3600)
"""Seconds: how often Gradio's own copies of uploaded files are looked through, and how old they
may grow. The library has its own copies by then."""
ASKING = 8
"""Questions answered at the same time; more wait in the queue."""


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


@dataclass(frozen=True, slots=True)
class Parts:
    """What the page is made of: the session's state, then what is seen, from top to bottom."""

    language: Any
    conversation: Any
    asked: Any
    header: Any
    new: Any
    upload: Any
    log: Any
    examples: Any
    added: Any
    question: Any
    panel: Any


def build(assistant: Assistant) -> Any:
    """The Gradio blocks of the page over an assistant."""
    with gr.Blocks(
        title="有据 Youju", analytics_enabled=False, fill_width=True, delete_cache=RECEIVED
    ) as page:
        _bind(page, Events(assistant), _place())
    page.queue(default_concurrency_limit=ASKING, api_open=False)
    return page


def _place() -> Parts:
    """Put every part in its place. Their words come with the ``load`` event, in two languages."""
    script = part("page.js")

    def area(name: str) -> Any:
        return gr.HTML(elem_id=f"yj-{name}", js_on_load=script, apply_default_css=False)

    with gr.Row(elem_id="yj-top"):
        header = area("header")
        new = gr.Button("", elem_id="yj-new", size="sm", scale=0)
        upload = gr.UploadButton(
            "", elem_id="yj-upload", size="sm", scale=0, file_count="multiple", file_types=UPLOADED
        )
    with gr.Row(elem_id="yj-main"):
        with gr.Column(elem_id="yj-chat"):
            log = area("log")
            examples = area("examples")
            with gr.Column(elem_id="yj-foot", scale=0):
                added = area("added")
                question = gr.Textbox(
                    elem_id="yj-question",
                    show_label=False,
                    container=False,
                    submit_btn=True,
                    max_lines=6,
                    max_length=QUESTION_LIMIT,
                    autofocus=True,
                )
        panel = area("panel")
    return Parts(
        language=gr.State("zh"),
        conversation=gr.State(),
        asked=gr.State(""),
        header=header,
        new=new,
        upload=upload,
        log=log,
        examples=examples,
        added=added,
        question=question,
        panel=panel,
    )


def _bind(page: Any, events: Events, p: Parts) -> None:
    """Bind every event: its inputs and outputs stand in the order of the method's own."""
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    # What is short goes past the queue. Besides, Gradio's client can lose an event that joins the
    # queue in the very moment in which the session's last one leaves it: the fewer, the better.
    at_once = {**quiet, "queue": False}
    session = [p.conversation, p.language]
    answer = [p.question, p.log, p.asked, p.conversation]

    opened = page.load(
        events.load,
        None,
        [p.language, p.conversation, p.header, p.log, p.question, p.upload, p.new],
        **at_once,
    )
    opened.then(events.examples, p.language, p.examples, **at_once)

    for asking in (
        p.question.submit(events.ask, [p.question, *session], answer, **quiet),
        p.examples.ask(events.ask_example, session, answer, **quiet),
    ):
        asking.failure(events.ask_failed, [p.asked, *session], answer[:2], **at_once)
    p.log.open(events.open_source, p.language, p.panel, **at_once)
    p.new.click(events.new_chat, p.language, [p.conversation, p.log, p.panel], **at_once)

    adding = p.upload.upload(
        events.add_files,
        [p.upload, *session],
        [p.added, p.header, p.log],
        concurrency_limit=1,
        **quiet,
    )
    adding.success(events.examples, p.language, p.examples, **at_once)
    adding.failure(events.add_failed, p.language, p.added, **at_once)
