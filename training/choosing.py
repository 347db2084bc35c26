"""The weights of how many sentences answer: ``python -m training.choosing`` learns and writes them.

Learned from questions whose answers are words of their article, once with the right article given
and once as they are answered, from what a search of the whole corpus brings. At each step, whether
a further sentence would bring the answer that those taken do not hold. One weighted sum by logistic
regression; the report says what weights learned without a set make of it, at several thresholds.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from index.library import Library
from index.types import Hit
from qa import choosing
from qa.assistant import HITS
from qa.choosing import FORMAT, MOST, WEIGHTS, Row, Sentence, remaining, sentences, signs
from qa.extract import extract
from qa.matching import QuestionTerm
from qa.question import analyse
from training import ranking, sources
from training.weights import write_weights

SETS = tuple(s for s in ranking.SETS if s.name in ("cmrc", "drcd", "jaquad"))
TRIED = (ranking.Set("xquad", "questions/xquad_zh_a", ("corpora/xquad_zh_a",)),)
"""Sets that the weights are only tried on."""
QUESTIONS = 1000
"""Questions a set, at most."""
STRENGTH = 1e-3
LEFT_OUT: dict[Row, frozenset[str]] = {
    "read": frozenset(),
    "unread": frozenset({"verdict", "verdict_behind"}),
}
STEPS = (0.2, 0.1, 0.08, 0.07, 0.06, 0.05, 0.04)
"""Thresholds of the report."""


@dataclass
class Asked:
    """A question with the sentences to choose from, and its answers."""

    pool: list[Sentence]
    terms: Sequence[QuestionTerm]
    sure: float
    answers: Sequence[str]
    known: dict[tuple[tuple[str, int], ...], bool] = field(default_factory=dict)

    def holds(self, taken: Sequence[Sentence]) -> bool:
        """Whether the sentences hold one of the answers, those side by side as one text."""
        key = tuple(sorted(s.place for s in taken))
        if key not in self.known:
            text, last = "", None
            for s in sorted(taken, key=lambda s: s.place):
                article, unit = s.shown.article, s.shown.unit
                between = article.text[last[1] : unit.start] if last else ""
                joined = last is not None and last[0] == article.id and not between.strip()
                text += (between if joined else "\n") + s.shown.text
                last = (article.id, unit.end)
            self.known[key] = any(a in text for a in self.answers)
        return self.known[key]


def ask(entry: ranking.Set, data: Path, library: Library) -> dict[str, list[Asked]]:
    """A set's questions, with the right article ``given`` and as they are ``searched``."""
    articles = {a.id: a for a in library.articles()}
    rows = [r for r in sources.unread(entry.questions, data) if r["answers"]]
    random.Random(1).shuffle(rows)
    found: dict[str, list[Asked]] = {"given": [], "searched": []}
    for row in rows[:QUESTIONS]:
        answers = [a.strip() for a in row["answers"]]
        gold = articles.get(row["passage_ids"][0])
        if gold is None:
            continue
        found["given"].append(_asked(row["question"], answers, [ranking.given(gold)], library))
        hits = library.search(row["question"], k=HITS)
        found["searched"].append(_asked(row["question"], answers, hits, library))
    return found


def _asked(text: str, answers: Sequence[str], hits: Sequence[Hit], library: Library) -> Asked:
    question = analyse(text)
    found = extract(question, hits, library)
    pieces = [c for c in found.candidates if any(c.held)]
    pool = sentences(question, pieces, found.confidence) if pieces else []
    return Asked(pool, found.terms, found.confidence, answers)


def examples(asked: Sequence[Asked]) -> tuple[list[list[float]], list[bool]]:
    """At each step along the best sentences: signs of each further one, and whether it brings
    the answer that is not there yet."""
    rows: list[list[float]] = []
    brings: list[bool] = []
    for a in asked:
        taken = a.pool[:1]
        while len(taken) < MOST and (rest := remaining(a.pool, taken)):
            there = a.holds(taken)
            for s in rest:
                rows.append(list(signs(a.pool, taken, s, a.terms, a.sure).values()))
                brings.append(not there and a.holds([*taken, s]))
            taken = [*taken, rest[0]]
    return rows, brings


def learn(
    sets: Sequence[tuple[list[list[float]], list[bool]]], used: NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    """One weight a sign and the bias behind them; each set counts the same, and signs not used weigh
    0."""
    x = torch.tensor([row for rows, _ in sets for row in rows], dtype=torch.float64)
    brings = torch.tensor([b for _, found in sets for b in found], dtype=torch.float64)
    share = torch.cat(
        [torch.full((len(found),), 1 / len(found), dtype=torch.float64) for _, found in sets]
    ) / len(sets)
    mean, spread = x.mean(0), x.std(0) + 1e-9
    x = (x - mean) / spread
    if used is not None:
        x = x * torch.from_numpy(used)
    weights = torch.zeros(x.shape[1] + 1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        value = torch.nn.functional.binary_cross_entropy_with_logits(
            x @ weights[:-1] + weights[-1], brings, weight=share, reduction="sum"
        )
        value = value + STRENGTH * weights[:-1].square().sum()
        value.backward()
        return value

    optimizer.step(loss)  # type: ignore[arg-type]
    slopes = weights.detach()[:-1] / spread
    return np.append(slopes.numpy(), float(weights.detach()[-1] - (slopes * mean).sum()))


def curve(asked: Sequence[Asked], weights: NDArray[np.float64]) -> list[tuple[float, float, float]]:
    """At each of ``STEPS``: sentences an answer, the share that holds it, characters an answer."""
    ways = [_way(a, weights) for a in asked]
    found = []
    for enough in STEPS:
        counts = [_stop(chances, enough) for _, chances in ways]
        held = [a.holds(t[:n]) for a, (t, _), n in zip(asked, ways, counts, strict=True) if t]
        length = [
            sum(len(s.shown.text) for s in t[:n]) for (t, _), n in zip(ways, counts, strict=True)
        ]
        found.append((float(np.mean(counts)), sum(held) / len(asked), float(np.mean(length))))
    return found


def _way(a: Asked, weights: NDArray[np.float64]) -> tuple[list[Sentence], list[float]]:
    """The sentences in the order in which they would be taken, and the chance of each but the
    first."""
    taken, chances = a.pool[:1], []
    while taken and len(taken) < MOST and (rest := remaining(a.pool, taken)):
        table = np.array([list(signs(a.pool, taken, s, a.terms, a.sure).values()) for s in rest])
        sums = table @ weights[:-1] + weights[-1]
        at = int(sums.argmax())
        taken = [*taken, rest[at]]
        chances.append(float(1 / (1 + np.exp(-sums[at]))))
    return taken, chances


def _stop(chances: Sequence[float], enough: float) -> int:
    return 1 + next((i for i, c in enumerate(chances) if c < enough), len(chances))


def report(sets: dict[str, dict[str, list[Asked]]], learned_from: Sequence[str]) -> str:
    """A Markdown table: for each set and way of asking, sentences an answer and the share that
    holds it at each threshold, by weights learned without the set."""
    made = {(n, w): examples(a) for n in learned_from for w, a in sets[n].items()}
    head = " | ".join(str(s) for s in STEPS)
    lines = [f"| set | | {head} |", "|---" * (len(STEPS) + 2) + "|"]
    for name, ways in sets.items():
        weights = learn([e for (n, _), e in made.items() if n != name])
        for way, asked in ways.items():
            cells = [f"{n:.2f}: {h:.3f} ({c:.0f})" for n, h, c in curve(asked, weights)]
            lines.append(f"| {name} | {way} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Learn the weights and write them."""
    parser = argparse.ArgumentParser(description="Learn how many sentences make an answer.")
    parser.add_argument("--data", type=Path, default=sources.DATA)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    parser.add_argument("--try", dest="tried", nargs="*", default=[], help="further sets to try")
    arguments = parser.parse_args()
    further = [
        ranking.Set(n, f"questions/{n}", (f"corpora/{n}",), "dureader" in n)
        for n in arguments.tried
    ]
    sets = ranking.asked_each((*SETS, *TRIED, *further), arguments.data, ask)
    print(f"\n{report(sets, [s.name for s in SETS])}\n")
    one = next(a for a in sets[SETS[0].name]["given"] if len(a.pool) > 1)
    names = [*signs(one.pool, one.pool[:1], one.pool[1], one.terms, one.sure), "bias"]
    made = [examples(a) for s in SETS for a in sets[s.name].values()]
    rows: dict[Row, dict[str, float]] = {}
    for row, left_out in LEFT_OUT.items():
        learned = learn(made, np.array([n not in left_out for n in names[:-1]]))
        rows[row] = {n: w for n, w in zip(names, learned.tolist(), strict=True) if w}
    write_weights(arguments.output, FORMAT, [s.questions for s in SETS], rows)
    choosing.weights.cache_clear()


if __name__ == "__main__":
    main()
