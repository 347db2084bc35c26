"""A real OpenAI-compatible server: transformers serve with a tiny model that is trained here."""

from __future__ import annotations

import importlib.util
import threading
import time
from pathlib import Path

import pytest

from benchmarks.tiny_llm import end, free_port, start, train
from index.library import Library
from qa.assistant import Assistant
from qa.generate import OpenAIGenerator
from qa.types import NoticeKind, Status

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(
        importlib.util.find_spec("accelerate") is None, reason="transformers serve needs accelerate"
    ),
]
ASKED = "云岭水库除险加固工程有什么要求"
SAYS = "林晓棠对工程建设提出要求。[1] 一是把住质量关。[1] 二是把住安全关。[1] 三是把住廉洁关。[1]"


def test_streaming_stopping_killing_and_restarting(library: Library, tmp_path: Path) -> None:
    folder, port = train(tmp_path / "tiny", SAYS), free_port()
    model = OpenAIGenerator(f"http://127.0.0.1:{port}/v1", str(folder), context=4096, retries=0)
    assistant = Assistant(library, generator=model)
    plain = Assistant(library).ask(ASKED)
    server = start(folder, port)
    try:
        answers = list(assistant.stream(ASKED))
        assert len(answers) > 10
        assert answers[-1].status is Status.ANSWERED
        assert answers[-1].model == str(folder)
        assert [s.text for s in answers[-1].sentences][:2] == [
            "林晓棠对工程建设提出要求。",
            "一是把住质量关。",
        ]

        stop = threading.Event()
        stream = assistant.stream(ASKED, stop=stop)
        next(stream)
        stop.set()
        begun = time.perf_counter()
        stopped = list(stream)[-1]
        assert time.perf_counter() - begun < 1
        assert [n.kind for n in stopped.notices] == [NoticeKind.STOPPED]
        assert len(stopped.sentences) < len(answers[-1].sentences)

        stream = assistant.stream(ASKED)
        next(stream)
        end(server)
        killed = list(stream)[-1]
        assert [n.kind for n in killed.notices] == [NoticeKind.CUT_OFF]
        assert killed.text == plain.text

        gone = assistant.ask(ASKED)
        assert [n.kind for n in gone.notices] == [NoticeKind.UNREACHABLE]
        assert gone.text == plain.text

        server = start(folder, port)
        again = assistant.ask(ASKED)
        assert (again.text, again.notices) == (answers[-1].text, ())
    finally:
        end(server)
        model.close()
