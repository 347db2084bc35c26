"""A page over an assistant whose answers break, for the test of what the page says then."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from index.errors import LibraryBusy
from index.library import Library
from qa.assistant import Assistant, Conversation
from qa.page import server
from qa.types import Answer


class BrokenConversation(Conversation):
    """Never answers."""

    def stream(self, question: str) -> Iterator[Answer]:
        if "正忙" in question:
            raise LibraryBusy("资料库正忙。请稍后再试。")
        raise RuntimeError("secret of the machine: <img src=x onerror=alert(1)>")
        yield


class BrokenAssistant(Assistant):
    """Its conversations break."""

    def chat(self) -> Conversation:
        return BrokenConversation(self)


if __name__ == "__main__":
    server.run(BrokenAssistant(Library.open(sys.argv[1])), port=0, open_browser=False)
