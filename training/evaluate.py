"""Dense search alone on the evaluation sets: ``python -m training.evaluate [SET…]``.

The rows of the corpora are split at sentence ends into passages of about ``LENGTH``
characters, each with the title before it (left out where the set says so); a row scores as
its best passage. The search is exact. Reports MRR@10, recall@1 and recall@10 of rows, in
percent, at each length of the vectors.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training import sources

LENGTH = 300
SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]+|[^。！？!?；;\n]+$")
SMALL = [
    "cmrc",
    "drcd",
    "dureader",
    "ncp",
    "headline",
    "xquad_zh",
    "xquad_en",
    "xquad_en_on_zh",
    "xquad_zh_on_en",
    "jaquad",
]
Encode = Callable[[list[str]], NDArray[np.float32]]


def evaluate(
    queries: Encode,
    passages: Encode,
    name: str,
    dimensions: tuple[int, ...],
    data: Path = sources.DATA,
) -> dict[int, tuple[float, float, float]]:
    """MRR@10, recall@1 and recall@10 of one set, in percent, by length of the vectors."""
    entry = json.loads((data / "sets.json").read_text("utf-8"))[name]
    rows = list(sources.rows_of(_names(entry["corpora"]), data))
    asked = list(sources.rows_of(_names(entry["questions"]), data))
    titled = not entry.get("body_only", False)
    texts, first = list[str](), list[int]()
    for row in rows:
        first.append(len(texts))
        title = f"{row['title']}\n" if titled and row["title"] else ""
        texts += [title + passage for passage in _split(row["text"])]
    found, asking = passages(texts), queries([r["question"] for r in asked])
    number = {r["id"]: i for i, r in enumerate(rows)}
    gold = [[number[p] for p in r["passage_ids"] if p in number] for r in asked]
    return {
        size: _measure(_unit(asking[:, :size]), _unit(found[:, :size]), first, gold)
        for size in dimensions
    }


def _names(files: list[str]) -> tuple[str, ...]:
    return tuple(file.removesuffix(".jsonl.gz") for file in files)


def _split(text: str) -> list[str]:
    out = [""]
    for sentence in SENTENCE.findall(text):
        if out[-1] and len(out[-1]) + len(sentence) > LENGTH:
            out.append("")
        out[-1] += sentence
    return out


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def _measure(
    queries: NDArray[np.float32],
    passages: NDArray[np.float32],
    first: list[int],
    gold: list[list[int]],
) -> tuple[float, float, float]:
    ranks = []
    for begin in range(0, len(queries), 256):
        scores = np.maximum.reduceat(queries[begin : begin + 256] @ passages.T, first, axis=1)
        for row, right in zip(scores, gold[begin : begin + 256], strict=True):
            # A question whose passage is missing counts as not found.
            ranks.append(int((row > max(row[right])).sum()) + 1 if right else len(passages) + 11)
    rank = np.array(ranks)
    reciprocal = np.where(rank <= 10, 1 / rank, 0)
    return tuple(round(100 * float(x.mean()), 1) for x in (reciprocal, rank == 1, rank <= 10))  # type: ignore[return-value]


def main() -> None:
    """Measure the bundled model and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("sets", nargs="*", default=SMALL, help="names in sets.json, or: all")
    parser.add_argument("--model", default="bundled")
    arguments = parser.parse_args()
    from index.encoder import StaticEncoder, load_encoder

    folder = Path(arguments.model)
    static = (folder / "config.json").is_file() and "fingerprint" in (
        folder / "config.json"
    ).read_text("utf-8")
    encoder = StaticEncoder(folder, str(folder)) if static else load_encoder(arguments.model)
    names = (
        arguments.sets
        if arguments.sets != ["all"]
        else list(json.loads((sources.DATA / "sets.json").read_text("utf-8")))
    )
    sizes = tuple(d for d in (256, 128, 64) if d <= encoder.dimension) or (encoder.dimension,)
    print("| set | " + " | ".join(f"MRR@10 / R@1 / R@10, {d} dims" for d in sizes) + " |")
    print("|---" * (len(sizes) + 1) + "|")
    for name in names:
        found = evaluate(encoder.encode_queries, encoder.encode_passages, name, sizes)
        print(
            f"| {name} | "
            + " | ".join(" / ".join(f"{x:.1f}" for x in found[d]) for d in sizes)
            + " |",
            flush=True,
        )


if __name__ == "__main__":
    main()
