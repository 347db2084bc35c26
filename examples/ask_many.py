"""Ask every question of a JSONL file: ``python examples/ask_many.py [QUESTIONS]``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from index import Library
from qa import Assistant

HERE = Path(__file__).resolve().parent


def main(questions: str | Path = HERE / "questions.jsonl") -> None:
    """Print one line of JSON for each question; a list of ``turns`` is one conversation."""
    folder = HERE / "youju-library"
    Library.open(folder).add([HERE / "corpus"])
    assistant = Assistant.open(folder)

    for line in Path(questions).read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        conversation = assistant.chat()  # remembers earlier turns: “他提出了哪些要求”
        for question in item.get("turns") or [item["question"]]:
            answer = conversation.ask(question)
            print(json.dumps(answer.to_dict(), ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:2])
