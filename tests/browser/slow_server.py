"""A page over an assistant that answers slowly, doubtfully or not at all, for the tests of what the
page does then."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from index.errors import LibraryBusy
from index.library import Library
from qa.assistant import Assistant, Conversation
from qa.options import PLAIN, Options
from qa.page import server
from qa.types import Answer, AnswerSentence, Citation, Notice, NoticeKind, Status

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from hostile import HOSTILE

SENTENCES = ("第一句。", "第二句。", "第三句。", "第四句。", "最后一句。")


class SlowConversation(Conversation):
    """What it says depends on what it is asked."""

    def stream(
        self, question: str, options: Options = PLAIN, stop: threading.Event | None = None
    ) -> Iterator[Answer]:
        if "正忙" in question:
            raise LibraryBusy("资料库正忙。请稍后再试。")
        if "出错" in question:
            raise RuntimeError("secret of the machine: <img src=x onerror=alert(1)>")
        if "hostile" in question:
            yield hostile_answer(question)
            return
        if "依据" in question:
            yield _answer(question, ("这句话没有依据。",), supported=False)
            return
        for count in range(1, len(SENTENCES) + 1):
            yield _answer(question, SENTENCES[:count])
            time.sleep(0.6)


class SlowAssistant(Assistant):
    """Its conversations are slow."""

    def chat(self) -> Conversation:
        return SlowConversation(self)


def hostile_answer(question: str) -> Answer:
    """An answer as a language model under somebody's influence might write it."""
    sentences = tuple(AnswerSentence(h, (i,), i % 2 == 0) for i, h in enumerate(HOSTILE, start=1))
    citations = tuple(
        Citation(i, h, h, h, h, h, h, 0, len(h), h) for i, h in enumerate(HOSTILE, start=1)
    )
    return Answer(
        question=question,
        text="\n".join(f"{h}[{i}]" for i, h in enumerate(HOSTILE, start=1)),
        status=Status.UNVERIFIED,
        sentences=sentences,
        citations=citations,
        notices=tuple(Notice(NoticeKind.TOO_SLOW, h) for h in HOSTILE),
        model=HOSTILE[0],
    )


def _answer(question: str, sentences: tuple[str, ...], supported: bool = True) -> Answer:
    return Answer(
        question=question,
        text="".join(sentences),
        status=Status.ANSWERED if supported else Status.UNVERIFIED,
        sentences=tuple(AnswerSentence(s, (), supported) for s in sentences),
    )


if __name__ == "__main__":
    server.run(SlowAssistant(Library.open(sys.argv[1])), port=0, open_browser=False)
