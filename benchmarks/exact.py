"""A library beside exact search over the same passages: FAISS flat and bm25s, in one run.

    python -m benchmarks.exact --folder DIR [--questions 200] [--json FILE]

DIR is a library that `benchmarks.scale` made; a million passages take some ten minutes and 6 GB to
make ready for the others. Both are asked the same questions, fifty at a time in turn, on one
thread each; the library also searches its two legs at once. Needs ``pip install bm25s``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

os.environ.update(
    dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
)
AT_ONCE = 50


def main() -> int:
    from benchmarks.recombined import questions
    from benchmarks.scale import machine
    from index.library import Library

    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--questions", type=int, default=200)
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    with Library.open(chosen.folder, create=False) as library:
        exact = flat_and_bm25s(library)
        asked = questions(chosen.questions + AT_ONCE)
        ways: dict[str, Callable[[str], Any]] = {
            "youju": lambda question: library.search(question, 10),
            "exact": exact,
        }
        figures = {"machine": machine(), "passages": library.passages(), **ask(ways, asked)}
    print(json.dumps(figures))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


def ask(ways: dict[str, Callable[[str], Any]], asked: list[str]) -> dict[str, Any]:
    """Milliseconds of each way, wall and processor; the first questions warm up."""
    from benchmarks.scale import timed

    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for begin in range(0, len(asked), AT_ONCE):
        for name, way in ways.items():
            took = [timed(lambda q=q, w=way: w(q)) for q in asked[begin : begin + AT_ONCE]]
            if begin:
                times[name] += took
    found: dict[str, Any] = {}
    for name, all_times in times.items():
        for kind, at in (("", 0), ("_cpu", 1)):
            ordered = sorted(1000 * each[at] for each in all_times)
            found[f"{name}{kind}_p50_ms"] = round(median(ordered), 2)
            found[f"{name}{kind}_p95_ms"] = round(ordered[int(0.95 * len(ordered))], 2)
    return found


def flat_and_bm25s(library: Any) -> Callable[[str], list[int]]:
    """Exact search over a library's own vectors, and bm25s over its words, fused as we fuse."""
    import bm25s
    import faiss
    import numpy as np

    from index.fusion import fuse
    from index.passages import embedded_text

    flat = faiss.IndexFlatIP(library.encoder.dimension)
    numbers: list[Any] = []
    for ids, vectors in library._store.vectors_since(0):
        flat.add(vectors)
        numbers.append(ids)
    vocabulary: dict[str, int] = {}
    corpus: list[list[int]] = []
    for _, start, end, article, _ in library._store.added_since(0):
        words = library.segmenter.words(embedded_text(article, article.text[start:end], start))
        corpus.append([vocabulary.setdefault(word, len(vocabulary)) for word in words])
    words_index = bm25s.BM25()
    words_index.index(bm25s.tokenization.Tokenized(corpus, vocabulary), show_progress=False)
    del corpus
    of = np.concatenate(numbers)

    def search(question: str) -> list[int]:
        scores, rows = flat.search(library.encoder.encode_queries([question]), 100)
        words = library.segmenter.words(question)
        found, best = words_index.retrieve([words], k=100, show_progress=False)
        dense = dict(zip(rows[0].tolist(), scores[0].tolist(), strict=True))
        keyword = dict(zip(found[0].tolist(), best[0].tolist(), strict=True))
        return [int(of[i]) for i, _ in fuse(dense, keyword)[:10]]

    return search


if __name__ == "__main__":
    sys.exit(main())
