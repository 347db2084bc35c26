"""The weights of the reranker: ``python -m training.ranking`` learns and writes them.

Each set of questions is asked of a library made from its corpus; the candidates that the legs
propose get the features of ``index.features``. One weighted sum is learned for all sets, each
counting alike, by listwise softmax (Cao et al. 2007): the passages of the right article should
take all of the probability. The report says for each set what weights learned from the *others*
score on it. Nothing here sees a set that is for measuring only.

The rows of weights (``index.ranking.Kind``) are learned from the same questions: "known" from all
features, "rough" without those that take time, "unknown" without all that need a model that knows
the language. A row for
questions in another language than the articles', learned from parallel news, was no better than
"known" and is not kept.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from index.library import Library
from index.ranking import DEPTH, FORMAT, WEIGHTS, Kind
from index.types import Article, Hit, Origin, Passage, Run
from training import sources
from training.weights import write_weights

QUESTIONS = 700
"""At most so many questions a set, drawn with a seed."""
STRENGTH = 3e-3
"""How much the squared weights (of features of variance 1) count against the loss."""
LEFT_OUT = frozenset({"title", "known"})
"""Features that are computed but get no weight: what a title holds told more of one genre of
article (notices named after what is asked) than of the others. ``known`` chooses the row."""
CLOSE = ("part_cosine", "soft", "part_soft")
"""Features that take the pieces of the candidates; those with ``_rel`` behind go with them."""

OF_ITS_OWN = ("cosine", "cosine_rel", "length", "first", "number", "date", "place")
"""Features that tell of the model, or of Chinese and Japanese articles and questions only."""
CAUTION = 4.0
"""Added to the weight of ``keyword_rel`` in "unknown": what was learned from other languages moves
its ranking less. Thai and Hindi: .925 to .929 and .920 to .922 (600 questions each)."""


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
PAGES = Set("pages", "", (sources.PAGES,))
"""The pages of our own writing, whose questions are in ``training.written``."""
T = TypeVar("T")
Question = tuple[str, frozenset[str]]
"""What is asked, and the ids of the right articles."""


@dataclass(frozen=True)
class Asked:
    """The candidates of all questions of a set, padded to ``DEPTH``: features of shape
    ``(questions, DEPTH, features)``, which are there, which are right, and each one's article."""

    features: NDArray[np.float32]
    there: NDArray[np.bool_]
    right: NDArray[np.bool_]
    article: NDArray[np.int64]
    names: tuple[str, ...]


def ask(questions: Sequence[Question], library: Library) -> Asked:
    """Put questions to a library."""
    picks = np.random.default_rng(0).permutation(len(questions))[:QUESTIONS]
    tables: list[NDArray[np.float32]] = []
    right: list[NDArray[np.bool_]] = []
    article: list[NDArray[np.int64]] = []
    names: Sequence[str] = ()
    for question, wanted in (questions[i] for i in sorted(picks)):
        terms = library.query_terms(question)
        found, columns, table = library.searcher.table(question, terms)
        if not found:
            continue
        names = columns
        numbers: dict[str, int] = {}
        tables.append(table)
        right.append(np.array([c.article.id in wanted for c in found]))
        article.append(np.array([numbers.setdefault(c.article.id, len(numbers)) for c in found]))
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


def learn(
    sets: Sequence[Asked],
    left_out: frozenset[str] = LEFT_OUT,
    strength: float = STRENGTH,
) -> NDArray[np.float32]:
    """One weight a feature; those left out are 0."""
    kept = [a.right.any(1) & ~(a.right | ~a.there).all(1) for a in sets]
    x = torch.from_numpy(np.concatenate([a.features[k] for a, k in zip(sets, kept, strict=True)]))
    there = torch.from_numpy(np.concatenate([a.there[k] for a, k in zip(sets, kept, strict=True)]))
    right = torch.from_numpy(np.concatenate([a.right[k] for a, k in zip(sets, kept, strict=True)]))
    share = torch.cat([torch.full((int(k.sum()),), 1 / k.sum() / len(sets)) for k in kept])
    spread = x[there].std(0) + 1e-6
    free = torch.tensor([float(name not in left_out) for name in sets[0].names])
    x = x / spread * free
    weights = torch.zeros(x.shape[2], requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=500, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        sums = (x @ weights).masked_fill(~there, -1e9)
        gold = torch.logsumexp(sums.masked_fill(~right, -1e9), 1)
        loss = ((torch.logsumexp(sums, 1) - gold) * share).sum()
        value = loss + strength * weights.square().sum()
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


def report(
    sets: dict[str, Asked],
    weights: NDArray[np.float32],
    learned: Callable[[Sequence[Asked]], NDArray[np.float32]],
) -> str:
    """A Markdown table: as fused, by weights learned from the other sets, and by all."""
    lines = [
        "| set | questions | fused | learned from the others | learned from all |",
        "|---" * 5 + "|",
    ]
    for name, asked in sets.items():
        others = learned([a for n, a in sets.items() if n != name])
        fused = -np.broadcast_to(np.arange(DEPTH, dtype=np.float32), asked.there.shape)
        figures = [
            reciprocal_rank(asked, sums)
            for sums in (fused, asked.features @ others, asked.features @ weights)
        ]
        lines.append(
            f"| {name} | {len(asked.there)} | " + " | ".join(f"{f:.3f}" for f in figures) + " |"
        )
    return "\n".join(lines)


def write(path: Path, names: Sequence[str], rows: dict[Kind, NDArray[np.float32]]) -> None:
    """The weights as readable JSON, the heaviest first."""
    found = {}
    for kind, row in rows.items():
        order = sorted(zip(names, row.tolist(), strict=True), key=lambda item: -abs(item[1]))
        found[kind] = {name: weight for name, weight in order if round(weight, 4)}
    write_weights(path, FORMAT, [entry.questions for entry in SETS], found)


def questions_of(entry: Set, data: Path) -> list[Question]:
    """The questions of a set whose articles are known."""
    rows = sources.rows(entry.questions, data)
    return [
        (r["question"], frozenset(r["passage_ids"]))
        for r in rows
        if r["passage_ids"] and r["question"]
    ]


def articles_of(entry: Set, data: Path) -> Iterator[Article]:
    """The articles of a set."""
    for number, row in enumerate(sources.rows_of(entry.corpora, data), start=1):
        text = row["text"]
        runs = (Run(0, 0, len(text), number),) if text else ()
        title = "" if entry.body_only else row["title"] or ""
        origin = Origin(number, number)
        yield Article(row["id"], title, text, row["lang"], "corpus", origin, runs=runs)


def given(article: Article) -> Hit:
    """An article as if a search had found it alone."""
    passage = Passage(0, article.id, 0, len(article.text), article.text)
    return Hit(passage, article, 1.0, 1, "fused")


@contextmanager
def opened(entry: Set, folder: Path, data: Path) -> Iterator[Library]:
    """A library of a set's articles in ``folder``, made where it is not there yet."""
    with Library.open(folder / entry.name) as library:
        if not len(library):
            library.add_articles("corpus", list(articles_of(entry, data)))
        yield library


def asked_each(
    entries: Iterable[Set], data: Path, ask: Callable[[Set, Path, Library], T]
) -> dict[str, T]:
    """What comes of asking each set's questions of a library of its articles, by name."""
    began = time.monotonic()
    found: dict[str, T] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for entry in entries:
            with opened(entry, Path(scratch), data) as library:
                found[entry.name] = ask(entry, data, library)
            print(entry.name, f"{time.monotonic() - began:.0f} s", flush=True)
    return found


def main() -> None:
    """Learn the weights and write them."""
    parser = argparse.ArgumentParser(description="Learn the weights of the reranker.")
    parser.add_argument("--data", type=Path, default=sources.DATA)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    parser.add_argument("--libraries", type=Path, help="keep the libraries in this folder")
    arguments = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        folder: Path = arguments.libraries or Path(scratch)
        sets = {}
        for entry in SETS:
            with opened(entry, folder, arguments.data) as library:
                sets[entry.name] = ask(questions_of(entry, arguments.data), library)
            print(entry.name, f"{time.monotonic() - began:.0f} s", flush=True)
    names = next(iter(sets.values())).names
    close = LEFT_OUT | {n for n in names if n.removesuffix("_rel") in CLOSE}
    ways: dict[Kind, Callable[[Sequence[Asked]], NDArray[np.float32]]] = {
        "known": learn,
        "rough": partial(learn, left_out=close),
        "unknown": partial(learn, left_out=close.union(OF_ITS_OWN)),
    }
    rows = {kind: way(list(sets.values())) for kind, way in ways.items()}
    rows["unknown"][names.index("keyword_rel")] += CAUTION
    for kind, way in ways.items():
        print(f"\n{kind}\n\n{report(sets, rows[kind], way)}")
    write(arguments.output, names, rows)


if __name__ == "__main__":
    main()
