"""Twenty people who ask on the chat page at the same time, over HTTP, as their browsers do.

    python -m benchmarks.page_load --people 20 --seconds 60

Starts the page in a process of its own on the sample corpus (or on ``--library``), and asks as
Gradio's client in the browser does: one request that puts the question into the queue, one stream
from which the answer comes. Each person reads for a moment (``--pause``) before asking again.
Halfway through, somebody adds files. Prints times, errors, lost answers and the server's memory.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 6
"""Questions in a conversation, after which a person begins a new one."""
NOW = 4
"""Which of the page's areas has the answer that is growing."""
_TALK = re.compile(r'data-talk=\\"([\w-]+)')
QUESTIONS = ROOT / "examples" / "questions.jsonl"


@dataclass
class Figures:
    """What was seen."""

    first: list[float] = field(default_factory=list)  # seconds to the first words
    whole: list[float] = field(default_factory=list)  # seconds to the whole answer
    errors: list[str] = field(default_factory=list)
    lost: int = 0
    memory: list[int] = field(default_factory=list)  # MiB, once a second


async def ask(
    web: httpx.AsyncClient,
    event: int,
    question: str,
    figures: Figures,
    session: str,
    talk: str = "",
) -> str:
    """One question, from its sending to its last word; the conversation that it stands in."""
    detail = {"question": question, "wishes": {}, "talk": talk, "library": "", "window": session}
    body = {"data": [], "event_data": detail, "fn_index": event, "session_hash": session}
    start = time.perf_counter()
    sent = await web.post("gradio_api/queue/join", json=body)
    if sent.status_code != 200:
        figures.errors.append(f"{sent.status_code}: {sent.text[:100]}")
        return talk
    first = whole = 0.0
    done = False
    at = f"gradio_api/queue/data?session_hash={session}"
    async with web.stream("GET", at) as stream:
        async for line in stream.aiter_lines():
            if not line.startswith("data:"):
                continue
            told = json.loads(line[5:])
            answer = _answer(told)
            if not first and ("yj-said" in answer or "yj-refusal" in answer):
                first = time.perf_counter() - start
            if named := _TALK.search(answer):
                talk = named.group(1)
            if told["msg"] == "process_completed":
                done = bool(told["success"])
                whole = time.perf_counter() - start
            if told["msg"] == "close_stream":  # as the browser: to close it earlier loses questions
                break
    if not done or not first:
        figures.lost += 1
        return talk
    figures.first.append(first)
    figures.whole.append(whole)
    return talk


def _answer(told: dict[str, Any]) -> str:
    """What a message shows of the answer: HTML, empty where it brings none."""
    shown = told.get("output", {}).get("data", [])
    return json.dumps(shown[NOW]) if len(shown) > NOW else ""


async def person(
    web: httpx.AsyncClient,
    event: int,
    questions: list[str],
    until: float,
    pause: float,
    figures: Figures,
) -> None:
    """Somebody who asks, reads, and asks again."""
    number, session, talk = secrets.randbelow(len(questions)), secrets.token_hex(6), ""
    await asyncio.sleep(secrets.randbelow(1000) / 1000 * pause)
    while time.monotonic() < until:
        try:
            question = questions[number % len(questions)]
            talk = await ask(web, event, question, figures, session, talk)
            if number % ROUNDS == 0:
                talk = ""
        except (httpx.HTTPError, ValueError) as error:
            figures.errors.append(f"{type(error).__name__}: {error}")
        number += 1
        await asyncio.sleep(pause)


async def adder(web: httpx.AsyncClient, event: int, at: float, files: int) -> float:
    """Somebody who adds files in the middle; how many seconds that took."""
    if not files:
        return 0.0
    await asyncio.sleep(max(0.0, at - time.monotonic()))
    start = time.perf_counter()
    batch = secrets.token_hex(8)
    for number in range(files):
        text = (
            f"第{number}号简报\n2024年3月{number % 28 + 1}日，第{number}座桥开工，总投资{number}万元。\n"
            * 3
        )
        params = {"batch": batch, "name": f"简报{number}.txt", "library": ""}
        await web.put("files", params=params, content=text.encode(), headers={"x-youju": "1"})
    session = secrets.token_hex(6)
    detail = {"batch": batch, "wishes": {}, "talk": "", "library": ""}
    body = {"data": [], "event_data": detail, "fn_index": event, "session_hash": session}
    await web.post("gradio_api/queue/join", json=body)
    async with web.stream("GET", f"gradio_api/queue/data?session_hash={session}") as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data:") and "process_completed" in line:
                break
    return time.perf_counter() - start


async def watch(process: int, until: float, figures: Figures) -> None:
    """The server's resident memory, once a second (Linux only)."""
    status = Path(f"/proc/{process}/status")
    while time.monotonic() < until and status.exists():
        found = re.search(r"VmRSS:\s+(\d+)", status.read_text())
        if found:
            figures.memory.append(int(found.group(1)) // 1024)
        await asyncio.sleep(1)


async def run(address: str, process: int, options: argparse.Namespace) -> tuple[Figures, float]:
    """All of them at once."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    questions = [r.get("question") or r["turns"][-1] for r in rows]
    figures = Figures()
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as web:
        config = (await web.get("config")).json()
        events = {name: d["id"] for d in config["dependencies"] for _, name in d["targets"]}
        await ask(
            web, events["ask"], questions[0], Figures(), "first"
        )  # the first one loads the models
        start = time.monotonic()
        until = start + options.seconds
        people = [
            person(web, events["ask"], questions, until, options.pause, figures)
            for _ in range(options.people)
        ]
        adding = asyncio.create_task(
            adder(web, events["stock"], start + options.seconds / 2, options.files)
        )
        await asyncio.gather(watch(process, until, figures), *people)
        return figures, await adding


def main() -> None:
    """Start the page, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between two questions")
    parser.add_argument("--files", type=int, default=200, help="files that somebody adds meanwhile")
    parser.add_argument(
        "--library", type=Path, help="a library's folder; default: a new one of the samples"
    )
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as data,
        served(Path(data), options.library) as (address, ready, process),
    ):
        print(f"server ready             {ready:8.2f} s")
        figures, adding = asyncio.run(run(address, process, options))
    _report(figures, adding, options)


@contextmanager
def served(data: Path, library: Path | None) -> Iterator[tuple[str, float, int]]:
    """A page in a process of its own, with ``data`` for its user's folder, on a library or on the
    samples: its address, the seconds that it took to be ready, its process."""
    environment = os.environ | {"XDG_DATA_HOME": str(data), "LOCALAPPDATA": str(data)}
    environment |= {"HOME": str(data), "GRADIO_TEMP_DIR": str(data / "gradio")}
    environment.pop("YOUJU_LIBRARY", None)
    command = [sys.executable, "app.py", "--port", "0", "--no-open"]
    if library:
        command += ["--library", str(library)]

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )

    if not library:  # the first start makes the sample library; it is not what is timed
        warm = start()
        _address(warm)
        warm.terminate()
        warm.wait()
    began = time.perf_counter()
    server = start()
    try:
        address = _address(server)
        yield address, time.perf_counter() - began, server.pid
    finally:
        server.terminate()
        server.wait()


def _address(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"http://\S+", line):
            return found.group()
    raise SystemExit("the server did not start")


def _report(figures: Figures, adding: float, options: argparse.Namespace) -> None:
    print(f"people                   {options.people:8d}, a pause of {options.pause} s")
    print(f"answers                  {len(figures.whole):8d} in {options.seconds} s")
    print(f"errors, lost             {len(figures.errors):8d}, {figures.lost}")
    for name, times in (("first words", figures.first), ("whole answer", figures.whole)):
        if len(times) > 1:
            cuts = statistics.quantiles(times, n=100, method="inclusive")
            print(
                f"{name:<24} {cuts[49]:8.3f} s median, {cuts[94]:.3f} s p95, {max(times):.3f} s at most"
            )
    print(f"adding {options.files} files meanwhile {adding:6.1f} s")
    if figures.memory:
        at = [0, *(len(figures.memory) * i // 8 - 1 for i in range(1, 9))]
        print(f"memory, MiB, by eighths  {' '.join(str(figures.memory[i]) for i in at)}")
    for error in sorted(set(figures.errors))[:5]:
        print(f"  {error}")


if __name__ == "__main__":
    main()
