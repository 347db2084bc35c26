"""What Youju adds to the time to a language model's first token, over a real server.

    python -m benchmarks.language_model [--times 30]

Trains a tiny model, serves it with ``transformers serve``, and compares the first piece that
``Assistant.stream`` has from the model with that of the bare server for the same messages.
"""

from __future__ import annotations

import argparse
import http.client
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.tiny_llm import free_port, serving, train
from index.library import Library
from qa.assistant import Assistant
from qa.generate import OpenAIGenerator
from qa.generator import FakeGenerator

ROOT = Path(__file__).resolve().parent.parent
SAYS = (
    "陆清和对工程建设提出三点要求。[1] 一是把好质量关。[1] 二是把好安全关。[1] 三是把好民意关。[1]"
)
ASKED = "柳林河综合整治工程有哪些要求"


def bare(port: int, body: bytes) -> float:
    """Seconds to the first content of the bare server, over a connection that is open already."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.connect()
    start = time.perf_counter()
    connection.request("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
    response = connection.getresponse()
    first = 0.0
    for line in _lines(response):
        if line.startswith(b"data: {") and json.loads(line[6:])["choices"][0]["delta"].get(
            "content"
        ):
            first = first or time.perf_counter() - start
    connection.close()
    return first


def _lines(response: http.client.HTTPResponse) -> Iterator[bytes]:
    while line := response.readline():
        yield line.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=30)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as scratch:
        folder = train(Path(scratch) / "tiny", SAYS)
        with Library.open(Path(scratch) / "library") as library:
            library.add([ROOT / "examples" / "corpus"])
            heard = FakeGenerator("", context=4096)
            Assistant(library, generator=heard).ask(ASKED)
            messages = [{"role": m.role, "content": m.content} for m in heard.heard[0]]
            port = free_port()
            body = json.dumps(
                {
                    "model": str(folder),
                    "messages": messages,
                    "stream": True,
                    "temperature": 0.0,
                    "max_tokens": 600,
                }
            ).encode()
            with serving(folder, port):
                model = OpenAIGenerator(f"http://127.0.0.1:{port}/v1", str(folder))
                assistant = Assistant(library, generator=model)
                bare(port, body)
                print(assistant.ask(ASKED).text)
                ours, theirs, work = [], [], []
                for _ in range(times):  # by turns, so that a busy machine is busy for both
                    theirs.append(bare(port, body))
                    start, worked = time.perf_counter(), time.process_time()
                    stream = assistant.stream(ASKED)
                    next(stream)
                    ours.append(time.perf_counter() - start)
                    work.append(time.process_time() - worked)
                    for _ in stream:
                        pass
                model.close()
    a, b = np.median(ours) * 1000, np.median(theirs) * 1000
    print(
        f"first piece: bare server {b:.0f} ms, through Youju {a:.0f} ms, added {a - b:.0f} ms (medians of {times})"
    )

    # On a busy machine the wall clock counts the others' work too.
    print(f"Youju's own processor time to the first piece: {np.median(work) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
