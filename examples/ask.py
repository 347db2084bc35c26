"""Ask one question of the sample corpus: ``python examples/ask.py [QUESTION]``."""

from __future__ import annotations

import sys
from pathlib import Path

from index import Library
from qa import Assistant

HERE = Path(__file__).resolve().parent


def main(question: str = "柳林河综合整治工程有哪些要求") -> None:
    """Put the sample corpus into a library, ask, and print the answer with its evidence."""
    folder = HERE / "youju-library"
    Library.open(folder).add([HERE / "corpus"])  # a second time this changes nothing

    answer = Assistant.open(folder).ask(question)
    print(answer.text)
    for citation in answer.citations:
        print(f"[{citation.marker}] {citation.title} · {citation.source}:{citation.lines}")
        print(f"    {citation.quote}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
