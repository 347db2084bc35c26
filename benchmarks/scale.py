"""What a library costs from ten thousand passages to a million: time, memory, disk, recall.

    python -m benchmarks.scale --folder DIR [--passages 1000000] [--json FILE] [--picture FILE]

One library grows. At each size a process of its own opens it and asks questions; what it needs of
memory is its own. ``--json`` keeps the figures as they come, ``--picture`` draws them.
Threads of the arithmetic are set to one, but for building the vector index.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
QUESTIONS, WARM = 300, 50
MEASURED = """
import json, sys
from pathlib import Path
from benchmarks.scale import measure
print(json.dumps(measure(Path(sys.argv[1]))))
"""


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--passages", type=int, default=SIZES[-1])
    options.add_argument("--json", type=Path)
    options.add_argument("--picture", type=Path)
    options.add_argument("--draw-only", action="store_true", help="draw what --json holds")
    chosen = options.parse_args()
    if not chosen.draw_only:
        rows = []
        for row in grow(chosen.folder, [s for s in SIZES if s <= chosen.passages]):
            rows.append(row)
            print(json.dumps(row), flush=True)
            if chosen.json:
                text = json.dumps({"machine": machine(), "rows": rows}, indent=1)
                chosen.json.write_text(text + "\n", encoding="utf-8")
    if chosen.picture:
        draw(json.loads(chosen.json.read_text(encoding="utf-8")), chosen.picture)
    return 0


def grow(folder: Path, sizes: list[int]) -> Any:
    """Add passages up to each size in turn, and measure there."""
    from benchmarks.recombined import sources
    from index.library import Library

    held, spent, cpu = 0, 0.0, 0.0
    made = sources(sizes[-1] + 5_000)

    def upto(size: int) -> Any:
        nonlocal held
        while held < size:
            source, articles, count = next(made)
            held += count
            yield source, articles

    for size in sizes:
        with Library.open(folder) as library:
            start, worked = time.perf_counter(), time.process_time()
            library.add_many(upto(size))
            spent += time.perf_counter() - start
            cpu += time.process_time() - worked
            facts = vector_facts(folder)
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, str(folder)],
            check=True,
            capture_output=True,
            text=True,
        )
        yield {
            "passages": held,
            "index_s": round(spent, 1),
            "index_cpu_s": round(cpu, 1),
            "index_peak_mb": round(peak_mb()),
            "vectors": facts,
            **json.loads(done.stdout),
            "load": round(os.getloadavg()[0], 1),
        }


def measure(folder: Path) -> dict[str, Any]:
    """Open a library and ask, in a process that did nothing before."""
    start = time.perf_counter()
    from index.library import Library

    library = Library.open(folder, create=False)
    imported = time.perf_counter()
    from benchmarks.recombined import questions

    asked = questions(QUESTIONS + WARM)
    begun = time.perf_counter()
    library.search(asked[0], 10)
    first = time.perf_counter() - begun
    figures: dict[str, Any] = {
        "open_s": round(imported - start, 3),
        "first_question_s": round(first, 3),
    }
    for mode in ("hybrid", "keyword", "dense"):
        for question in asked[:WARM]:
            library.search(question, 10, mode)  # type: ignore[arg-type]
        times = [timed(lambda q=q, m=mode: library.search(q, 10, m)) for q in asked[WARM:]]
        for kind, at in (("", 0), ("_cpu", 1)):
            ordered = sorted(1000 * each[at] for each in times)
            figures[f"{mode}{kind}_p50_ms"] = round(median(ordered), 2)
            figures[f"{mode}{kind}_p95_ms"] = round(ordered[int(0.95 * len(ordered))], 2)
    figures["rss_mb"] = round(status_mb("VmRSS"))
    figures["rss_own_mb"] = round(status_mb("RssAnon"))
    figures["recall_10"] = round(recall(library, asked[:200]), 4)
    figures["disk_mb"] = {
        kind: round(sum(f.stat().st_size for f in folder.rglob("*") if belongs(f, kind)) / 1e6, 1)
        for kind in ("library", "keywords", "vectors")
    }
    return figures


def vector_facts(folder: Path) -> dict[str, Any]:
    """What is known of the saved vector index."""
    from index import stamps

    facts = stamps.read(folder / "vectors.json")
    return {name: facts.get(name) for name in ("count", "lists", "probes", "recall")}


def belongs(path: Path, kind: str) -> bool:
    """Whether a file is of the truth (``library``) or of one of the indexes."""
    return path.is_file() and any(part.startswith(kind) for part in path.parts[-2:])


def recall(library: Any, asked: list[str]) -> float:
    """Share of the ten nearest passages of real questions that the vector index finds."""
    import numpy as np

    queries = library.encoder.encode_queries(asked)
    best = np.full((len(asked), 10), -np.inf, np.float32)
    for _, vectors in library._store.vectors_since(0):
        both = np.concatenate([best, queries @ vectors.T], axis=1)
        best = -np.partition(-both, 9, axis=1)[:, :10]
    right = 0
    for query, least in zip(queries, best.min(axis=1), strict=True):
        found = [i for i, _ in library._indexes.nearest(query, 10)]
        exact = library._store.vectors(found)
        right += sum(float(exact[i] @ query) >= least - 1e-5 for i in found)
    return right / (10 * len(asked))


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Wall and processor seconds of one call: on a busy machine the latter tells more."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def status_mb(name: str) -> float:
    """A figure of this process's memory, in MB; Linux only."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith(name + ":"))


def peak_mb() -> float:
    """The most memory that this process had at a time."""
    return status_mb("VmHWM")


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    import platform

    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    cpu = [
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "commit": commit.stdout.strip(),
        "cpu": cpu[0] if cpu else platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def draw(kept: dict[str, Any], picture: Path) -> None:
    """The figures as a picture, SVG by hand: no plotting library is needed for four curves."""
    from benchmarks.picture import curves

    rows = kept["rows"]
    panels = {
        "seconds to index": {"index": [r["index_s"] for r in rows]},
        "ms a question (processor, p95)": {
            m: [r[f"{m}_cpu_p95_ms"] for r in rows] for m in ("hybrid", "keyword", "dense")
        },
        "MB": {
            "resident": [r["rss_mb"] for r in rows],
            "disk": [sum(r["disk_mb"].values()) for r in rows],
        },
    }
    picture.write_text(curves([r["passages"] for r in rows], panels), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
