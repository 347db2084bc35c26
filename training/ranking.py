"""The weights of the reranker: ``python -m training.ranking`` learns and writes them.

Each set of questions is asked of a library made from its corpus; the candidates that the legs
propose get the features of ``index.features``. One weighted sum is learned for all sets, each
counting alike, by listwise softmax (Cao et al. 2007): the passages of the right article should
take all of the probability. The report says for each set what weights learned from the *others*
score on it. Nothing here sees a set that is for measuring only.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from index.library import Library
from index.ranking import DEPTH, FORMAT, WEIGHTS
from index.types import Article, Origin, Run
from training import sources

QUESTIONS = 700
"""At most so many questions a set, drawn with a seed."""
STRENGTH = 3e-3
"""How much the squared weights (of features of variance 1) count against the loss."""
LEFT_OUT = ("title",)
"""Features that are computed but get no weight: what a title holds told more of one genre of
article (notices named after what is asked) than of the others."""


@dataclass(frozen=True)
class Set:
    """Questions and the corpus they are asked of."""

    name: str
    questions: str
    corpora: tuple[str, ...]
    body_only: bool = False


SETS = (
    Set("cmrc", "questions/cmrc_trial", ("corpora/cmrc_trial",)),
    Set("drcd", "questions/drcd_dev", ("corpora/drcd_dev",)),
    Set("ncp", "questions/ncp_a", ("corpora/ncp_a",)),
    Set("headline", "questions/xwlb_headline_dev", ("corpora/xwlb_dev",), body_only=True),
    Set("crud", "questions/crud_a", ("corpora/crud_a",)),
    Set("jaquad", "questions/jaquad_dev_a", ("corpora/jaquad_dev_a",)),
)


@dataclass(frozen=True)
class Asked:
    """The candidates of all questions of a set, padded to ``DEPTH``: features of shape
    ``(questions, DEPTH, features)``, which are there, which are right, and each one's article."""

    features: NDArray[np.float32]
    there: NDArray[np.bool_]
    right: NDArray[np.bool_]
    article: NDArray[np.int64]
    names: tuple[str, ...]


def ask(entry: Set, folder: Path, data: Path) -> Asked:
    """Put a set's questions to a library of its corpus."""
    rows = [r for r in sources.rows(entry.questions, data) if r["passage_ids"] and r["question"]]
    picks = np.random.default_rng(0).permutation(len(rows))[:QUESTIONS]
    tables: list[NDArray[np.float32]] = []
    right: list[NDArray[np.bool_]] = []
    article: list[NDArray[np.int64]] = []
    names: Sequence[str] = ()
    with _library(entry, folder, data) as library:
        for row in (rows[i] for i in sorted(picks)):
            terms = library.query_terms(row["question"])
            found, columns, table = library.searcher.table(row["question"], terms)
            if not found:
                continue
            names = columns
            numbers: dict[str, int] = {}
            tables.append(table)
            right.append(np.array([c.article.id in row["passage_ids"] for c in found]))
            article.append(
                np.array([numbers.setdefault(c.article.id, len(numbers)) for c in found])
            )
    shape = (len(tables), DEPTH)
    asked = Asked(
        np.zeros((*shape, len(names)), np.float32),
        np.zeros(shape, bool),
        np.zeros(shape, bool),
        np.full(shape, -1),
        tuple(names),
    )
    for k, table in enumerate(tables):
        asked.features[k, : len(table)] = table
        asked.there[k, : len(table)] = True
        asked.right[k, : len(table)] = right[k]
        asked.article[k, : len(table)] = article[k]
    return asked


def learn(sets: Sequence[Asked], strength: float = STRENGTH) -> NDArray[np.float32]:
    """One weight a feature; those of ``LEFT_OUT`` are 0."""
    kept = [a.right.any(1) & ~(a.right | ~a.there).all(1) for a in sets]
    x = torch.from_numpy(np.concatenate([a.features[k] for a, k in zip(sets, kept, strict=True)]))
    there = torch.from_numpy(np.concatenate([a.there[k] for a, k in zip(sets, kept, strict=True)]))
    right = torch.from_numpy(np.concatenate([a.right[k] for a, k in zip(sets, kept, strict=True)]))
    share = torch.cat([torch.full((int(k.sum()),), 1 / k.sum() / len(sets)) for k in kept])
    spread = x[there].std(0) + 1e-6
    free = torch.tensor([float(name not in LEFT_OUT) for name in sets[0].names])
    x = x / spread * free
    weights = torch.zeros(x.shape[2], requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=500, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        sums = (x @ weights).masked_fill(~there, -1e9)
        gold = torch.logsumexp(sums.masked_fill(~right, -1e9), 1)
        value = (
            (torch.logsumexp(sums, 1) - gold) * share
        ).sum() + strength * weights.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(loss)  # type: ignore[arg-type]
    learned: NDArray[np.float32] = (weights.detach() * free / spread).numpy()
    return learned


def reciprocal_rank(asked: Asked, sums: NDArray[np.float32]) -> float:
    """MRR@10 of articles, an article where its best passage stands."""
    total = 0.0
    for row, there, right, article in zip(
        sums, asked.there, asked.right, asked.article, strict=True
    ):
        order = [i for i in np.argsort(-row, kind="stable") if there[i]]
        best = list(dict.fromkeys(article[i] for i in order))[:10]
        gold = set(article[right])
        total += next((1 / n for n, a in enumerate(best, start=1) if a in gold), 0.0)
    return total / len(sums)


def report(sets: dict[str, Asked], weights: NDArray[np.float32]) -> str:
    """A Markdown table: as fused, by weights learned from the other sets, and by all."""
    lines = [
        "| set | questions | fused | learned from the others | learned from all |",
        "|---" * 5 + "|",
    ]
    for name, asked in sets.items():
        others = learn([a for n, a in sets.items() if n != name]) if len(sets) > 1 else weights
        fused = -np.broadcast_to(np.arange(DEPTH, dtype=np.float32), asked.there.shape)
        figures = [
            reciprocal_rank(asked, sums)
            for sums in (fused, asked.features @ others, asked.features @ weights)
        ]
        lines.append(
            f"| {name} | {len(asked.there)} | " + " | ".join(f"{f:.3f}" for f in figures) + " |"
        )
    return "\n".join(lines)


def write(
    path: Path, names: Sequence[str], weights: NDArray[np.float32], learned_from: str
) -> None:
    """The weights as readable JSON, the heaviest first."""
    order = sorted(zip(names, weights.tolist(), strict=True), key=lambda item: -abs(item[1]))
    kept = {name: round(weight, 4) for name, weight in order if round(weight, 4)}
    text = {"format": FORMAT, "learned_from": learned_from, "weights": kept}
    path.write_text(json.dumps(text, indent=2) + "\n", encoding="utf-8")


@contextmanager
def _library(entry: Set, folder: Path, data: Path) -> Iterator[Library]:
    with Library.open(folder / entry.name) as library:
        if not len(library):
            library.add_articles("corpus", list(_articles(entry, data)))
        yield library


def _articles(entry: Set, data: Path) -> Iterator[Article]:
    for number, row in enumerate(sources.rows_of(entry.corpora, data), start=1):
        text = row["text"]
        runs = (Run(0, 0, len(text), number),) if text else ()
        title = "" if entry.body_only else row["title"] or ""
        origin = Origin(number, number)
        yield Article(row["id"], title, text, row["lang"], "corpus", origin, runs=runs)


def main() -> None:
    """Learn the weights and write them."""
    parser = argparse.ArgumentParser(description="Learn the weights of the reranker.")
    parser.add_argument("--data", type=Path, default=sources.DATA)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    parser.add_argument("--libraries", type=Path, help="keep the libraries in this folder")
    arguments = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.libraries or Path(scratch)
        sets = {}
        for entry in SETS:
            sets[entry.name] = ask(entry, folder, arguments.data)
            print(entry.name, f"{time.monotonic() - began:.0f} s", flush=True)
    weights = learn(list(sets.values()))
    print(report(sets, weights))
    first = next(iter(sets.values()))
    write(arguments.output, first.names, weights, ", ".join(entry.questions for entry in SETS))


if __name__ == "__main__":
    main()
