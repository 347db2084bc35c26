"""Kill a library's writer at random moments and look at what is left.

    python -m benchmarks.durability [--kills 200] [--seed 7] [--json FILE]

A child process adds, changes, removes, compacts and changes the model, in random order, and is
killed (SIGKILL) after a random time. Each time the library must open at a finished change, `check`
must find nothing wrong, every article must be one that was in a file, whole, and both searches must
find exactly the articles that are there. The next child goes on with what is left.
Needs a system that forks. Exit status 1 when anything was wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"})

from index import adding, articles, migration, readers, vectors
from index.encoder import FakeEncoder
from index.errors import YoujuError
from index.library import Library
from index.store import Store
from index.types import Article

FILES, VERSIONS = 14, 3
DIMENSIONS = (64, 32)


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = run(Path(folder), chosen.kills, chosen.seed)
    print(json.dumps(figures, ensure_ascii=False))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 1 if figures["wrong"] else 0


def run(folder: Path, kills: int, seed: int) -> dict[str, object]:
    """Kill so many writers; what they were killed in, and what was wrong afterwards."""
    # Small groups and steps, so that there are many moments to be killed in.
    adding.PASSAGES, migration.AT_ONCE, vectors.UNSAVED = 12, 8, 20
    rng = random.Random(seed)
    home, pages = folder / "资料 库", folder / "pages"
    pages.mkdir()
    known = versions(pages)
    killed, finished, wrong = Counter[str](), 0, list[str]()
    sources: list[int] = []
    start = time.monotonic()
    forked(partial(work, home, pages, seed, folder / "log"), None)  # a whole one: how long it takes
    longest = time.monotonic() - start
    log, answer = folder / "log", folder / "answer"
    for i in count():
        if sum(killed.values()) >= kills:
            break
        log.unlink(missing_ok=True)
        child = partial(work, home, pages, rng.randrange(2**30), log)
        ended = forked(child, rng.random() * longest)
        if ended:
            wrong.append(f"kill {i}: the writer failed before it was killed")
        if ended is None:
            killed[log.read_text().split()[-1] if log.exists() else "opening"] += 1
        else:
            finished += 1
        forked(lambda: answer.write_text(json.dumps(look(home, known))), None)
        found = json.loads(answer.read_text()) if answer.exists() else {"wrong": ["no answer"]}
        answer.unlink(missing_ok=True)
        wrong += [f"kill {i}: {each}" for each in found["wrong"]]
        sources.append(found.get("sources", -1))
    return {
        "kills": sum(killed.values()),
        "in": dict(killed.most_common()),
        "finished_before": finished,
        "files_left": {"least": min(sources), "most": max(sources)},
        "wrong": wrong,
    }


def text_of(file: int, version: int) -> str:
    """What a file says in a version: some passages, all of which name both."""
    lines = [
        f"第{j}段：苗圃{file}号温室第{version}次育苗，第{j}排长势良好。" * 9
        for j in range(2 + (file + version) % 3)
    ]
    return f"苗圃{file}号第{version}次育苗\n" + "\n".join(lines) + "\n"


def versions(pages: Path) -> dict[str, list[list[Article]]]:
    """The articles of each file in each of its versions."""
    known: dict[str, list[list[Article]]] = {}
    for file in range(FILES):
        path = pages / f"第 {file} 版.txt"
        for version in range(VERSIONS):
            path.write_text(text_of(file, version), encoding="utf-8")
            known.setdefault(str(path), []).append(articles.split(readers.read(path)))
    return known


def work(home: Path, pages: Path, seed: int, log: Path) -> None:
    """Change a library in many ways; each is written down before it begins."""
    rng = random.Random(seed)
    files = sorted(pages.glob("*.txt"))

    def begin(what: str) -> None:
        with open(log, "a", encoding="utf-8") as file:
            file.write(f" {what}")

    begin("opening")
    with opened(home) as library:
        for _ in range(12):
            what = rng.choice(["add", "add", "remove", "compact", "migrate", "migrate"])
            begin(what)
            some = rng.sample(files, rng.randrange(1, len(files)))
            if what == "add":
                for path in some:
                    number = int(path.stem.split()[1])
                    part = path.with_suffix(".part")
                    part.write_text(text_of(number, rng.randrange(VERSIONS)), encoding="utf-8")
                    os.replace(part, path)
                library.add(some)
            elif what == "remove":
                library.remove(some[: len(some) // 2])
            elif what == "compact":
                library.compact()
            else:
                now = library.encoder.dimension
                library.migrate(FakeEncoder(DIMENSIONS[now == DIMENSIONS[0]]))


def opened(home: Path) -> Library:
    """The library with whichever of the two models it has now."""
    model = None
    if (home / "library.sqlite").exists():
        store = Store(home / "library.sqlite")
        model = store.meta("fingerprint")
        store.close()
    fitting = [e for e in map(FakeEncoder, DIMENSIONS) if e.fingerprint == model]
    return Library.open(home, encoder=fitting[0] if fitting else FakeEncoder(DIMENSIONS[0]))


def look(home: Path, known: dict[str, list[list[Article]]]) -> dict[str, object]:
    """What is wrong with a library, in words; how many files it has."""
    wrong: list[str] = []
    try:
        with opened(home) as library:
            wrong += [str(problem) for problem in library.check()]
            held = library.sources()
            by_source: dict[str, list[Article]] = {}
            for article in library.articles():
                by_source.setdefault(article.source, []).append(article)
            wrong += [f"{s}: half there" for s in held if by_source.get(s) not in known.get(s, [])]
            wrong += [f"{s}: not listed" for s in by_source if s not in held]
            for mode in ("keyword", "dense"):
                hits = library.search("苗圃温室育苗", 5_000, mode)  # type: ignore[arg-type]
                found = {hit.article.source for hit in hits}
                if found != set(held) or len(hits) != library.passages():
                    wrong.append(f"{mode}: {len(hits)} passages of {len(found)} files found")
            wrong += [str(problem) for problem in library.check()]
            return {"wrong": wrong, "sources": len(held)}
    except (YoujuError, OSError, RuntimeError, ValueError) as error:
        return {"wrong": [*wrong, f"{type(error).__name__}: {error}"]}


def forked(work: Callable[[], object], within: float | None) -> int | None:
    """Run in a child process; its exit status, or None when it was killed after ``within`` seconds."""
    pid = os.fork()
    if not pid:
        status = 1
        try:
            work()
            status = 0
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(status)
    end = time.monotonic() + (within if within is not None else 300)
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        time.sleep(0.0005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


if __name__ == "__main__":
    sys.exit(main())
