"""How long `youju ask` takes from a cold start, beside the engines that it cannot do without.

    python benchmarks/cold_start.py [--rounds 9] [--question TEXT]

Builds a library of the sample corpus, then runs in turn, each as a process of its own,

    python -m qa.cli ask QUESTION --library DIR
    python -c "import faiss, tokenizers, tantivy, sqlite3"

and prints the median of the ratios of neighbouring runs. Exit status 1 when it is over 4, or when
an ask leaves torch, gradio or transformers in ``sys.modules``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "柳林河综合整治工程有哪些要求"
LIMIT = 4.0
HEAVY = ("torch", "gradio", "transformers", "sentence_transformers")
ENGINES = [sys.executable, "-c", "import faiss, tokenizers, tantivy, sqlite3"]
LOADED = """
import sys
from qa.cli import app
try:
    app(sys.argv[1:])
except SystemExit as end:
    print(end.code, *(m for m in {heavy!r} if m in sys.modules), file=sys.stderr)
"""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--question", default=QUESTION)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run([sys.executable, "-m", "qa.cli", "add", str(ROOT / "examples/corpus"), "-l", folder])
        ask = ["ask", chosen.question, "--library", folder]
        loaded = heavy_modules(ask)
        ratio = compare([sys.executable, "-m", "qa.cli", *ask], chosen.rounds)
    print(f"heavy modules after an ask: {', '.join(loaded) or 'none'}")
    return 0 if ratio <= LIMIT and not loaded else 1


def compare(ask: list[str], rounds: int) -> float:
    """The median ratio of an ask to the import of the engines, over alternating runs."""
    run(ask), run(ENGINES)  # fills the disk cache, writes .pyc files
    pairs = [(run(ask), run(ENGINES)) for _ in range(rounds)]
    ratio = median(a / e for a, e in pairs)
    print(f"youju ask       median {1000 * median(a for a, _ in pairs):6.0f} ms")
    print(f"engines alone   median {1000 * median(e for _, e in pairs):6.0f} ms")
    print(f"ratio           median {ratio:6.2f}     (limit {LIMIT:g}, {rounds} runs in turn)")
    return ratio


def run(command: list[str]) -> float:
    """Wall time of a process in seconds; raises CalledProcessError when it fails."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def heavy_modules(ask: list[str]) -> list[str]:
    """Which of the modules that an ask must not load are loaded after one."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(heavy=HEAVY), *ask],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    code, *loaded = done.stderr.split()
    if code != "0":
        raise SystemExit(f"the question was not answered (exit status {code}): {done.stdout}")
    return loaded


if __name__ == "__main__":
    raise SystemExit(main())
