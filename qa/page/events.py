"""What happens on the page: each method takes what Gradio gives and returns what is to be shown.

A method's outputs are named in ``layout``, where it is bound. What a browser sends with a click
(``gr.EventData``) is foreign: it is read through ``_detail`` and used only as a name or a number.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import gradio as gr

from index.errors import YoujuError
from index.types import AddReport
from qa.assistant import Assistant, Conversation
from qa.page import front, render, source, uploads
from qa.page.markup import file_name
from qa.page.texts import Language, language_of, text

QUESTION_LIMIT = 1000
"""Characters in a question; a longer one is turned down with a word on why."""

Shown = tuple[Any, ...]
"""New values for the components that an event is bound to, in their order."""


class Events:
    """The page's events over one assistant; each browser session has its own conversation."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._openings = count(1)
        self._examples: tuple[int, list[str]] = (-1, [])

    def load(self, request: gr.Request) -> Shown:
        """A browser has opened the page: everything in its language, and a conversation for it."""
        language = language_of(request.headers.get("accept-language"))
        return (
            language,
            self._assistant.chat(),
            self._header(language),
            self._welcome(language),
            gr.update(label=text("question", language), placeholder=text("placeholder", language)),
            gr.update(label=text("add_files", language)),
            gr.update(value=text("new_chat", language)),
        )

    def examples(self, language: Language) -> str:
        """Questions to begin with; made again only after the library has changed."""
        revision = self._assistant.library.revision
        if self._examples[0] != revision:
            self._examples = (revision, self._assistant.examples())
        return front.examples(self._examples[1], language)

    def ask(
        self, question: str, conversation: Conversation | None, language: Language
    ) -> Iterator[Shown]:
        """A question was asked: the box empties and the answer grows in the conversation.

        Yields (box, conversation's HTML, the question as asked, the conversation).
        """
        question = question.strip()
        if not question:
            yield (gr.skip(),) * 4
            return
        talk = conversation or self._assistant.chat()  # none yet: asked before the page was loaded
        for box, shown in self._rounds(question, talk, language):
            yield box, shown, question, talk

    def _rounds(
        self, question: str, conversation: Conversation, language: Language
    ) -> Iterator[tuple[str, str]]:
        """The box and the conversation's HTML while a question is answered."""
        past = render.conversation(conversation.turns, language)
        if len(question) > QUESTION_LIMIT:
            reason = text("too_long", language, limit=QUESTION_LIMIT)
            yield question, past + render.failed_round(question, reason, language)
            return
        yield "", past + render.round_of(question, None, language)
        answer = None
        try:
            for answer in conversation.stream(question):
                yield "", past + render.round_of(question, answer, language, growing=True)
        except YoujuError as error:
            reason = text("error_reason", language, reason=error)
            yield question, past + render.failed_round(question, reason, language)
            return
        yield "", past + render.round_of(question, answer, language)

    def ask_example(
        self, conversation: Conversation | None, language: Language, event: gr.EventData
    ) -> Iterator[Shown]:
        """An example question was chosen: asked as if it had been typed."""
        yield from self.ask(_detail(event, "question"), conversation, language)

    def ask_failed(self, question: str, conversation: Conversation, language: Language) -> Shown:
        """Answering broke: a word about it where the answer would be, the question back in the box."""
        past = render.conversation(conversation.turns, language)
        return question, past + render.failed_round(question, text("error", language), language)

    def open_source(self, language: Language, event: gr.EventData) -> str:
        """A marker, a citation or a nearest article was clicked: its article in the panel."""
        opened = next(self._openings)
        article = self._assistant.library.article(_detail(event, "article"))
        if article is None:
            return source.missing(language, opened)
        start, end = _number(event, "start"), _number(event, "end")
        return source.panel(article, start, end, language, opened)

    def new_chat(self, language: Language) -> Shown:
        """Begin again: (a new conversation, its HTML, an empty panel)."""
        return self._assistant.chat(), self._welcome(language), ""

    def add_files(
        self, received: list[str] | None, conversation: Conversation, language: Language
    ) -> Iterator[Shown]:
        """Files were chosen: (what became of each, the page's header, the welcome if it shows)."""
        if not received:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        try:
            kept = uploads.keep(received, self._assistant.library.folder)
            report = yield from self._adding(kept, language)
        except YoujuError as error:
            yield uploads.failure(str(error), language), gr.skip(), gr.skip()
            return
        uploads.discard_failed(report)
        welcome = gr.skip() if conversation.turns else self._welcome(language)
        yield uploads.result(report, language), self._header(language), welcome

    def add_failed(self, language: Language) -> str:
        """Adding broke."""
        return uploads.failure(text("error_upload", language), language)

    def _adding(self, paths: list[Path], language: Language) -> Generator[Shown, None, AddReport]:
        """Add files in a thread of its own, saying which file's turn it is; the report at the end."""
        news: SimpleQueue[str | None] = SimpleQueue()
        with ThreadPoolExecutor(max_workers=1) as pool:
            job = pool.submit(self._assistant.library.add, paths, lambda *at: news.put(at[2]))
            job.add_done_callback(lambda _: news.put(None))
            while (current := news.get()) is not None:
                name = file_name(current) if current else ""
                yield uploads.progress(name, language), gr.skip(), gr.skip()
        return job.result()

    def _header(self, language: Language) -> str:
        return front.header(self._assistant.library.articles(), language)

    def _welcome(self, language: Language) -> str:
        return front.welcome(len(self._assistant.library) == 0, language)


def _detail(event: gr.EventData, key: str) -> str:
    """What the browser sent under a name; empty when it sent no such text."""
    data = event._data
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""


def _number(event: gr.EventData, key: str) -> int:
    """A number from the browser, 0 for anything else."""
    digits = _detail(event, key)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0
