"""The weights of which piece answers best: ``python -m training.ordering`` learns and writes them.

Learned from questions whose answers are words of their article, those of our own with them
(``near_misses.jsonl``), once with the right article given and once as they are answered, from what
a search of the whole corpus brings. The pieces compared are those that fit best by the sum set by
hand; right are those of the right article that hold the answer, a clause also where its sentence
does. One weighted sum by listwise softmax, each set counting alike; the report says how often the
first, and one of the first two, holds the answer, by hand and by weights learned without the set.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.library import Library
from qa import ordering
from qa.assistant import HITS
from qa.extract import fitting
from qa.ordering import COMPARED, FORMAT, WEIGHTS, signs
from qa.question import analyse
from qa.scoring import Candidate
from qa.units import UnitKind
from training import ranking, sources, written
from training.ranking import Asked, learn
from training.weights import write_weights

SETS = (*(s for s in ranking.SETS if s.name != "headline"), ranking.PAGES)
TRIED = (
    ranking.Set("dureader", "questions/dureader_a", ("corpora/dureader_a",), body_only=True),
    ranking.Set("xquad", "questions/xquad_zh_a", ("corpora/xquad_zh_a",)),
)
"""Sets that the weights are only tried on."""
QUESTIONS = 1500
"""Questions a set, at most."""
STRENGTH = 1e-3


def ask(entry: ranking.Set, data: Path, library: Library) -> dict[str, Asked]:
    """A set's questions, with the right article ``given`` and as they are ``searched``."""
    articles = {a.id: a for a in library.articles()}
    rows = [r for r in sources.unread(entry.questions, data) if r["answers"] and r["passage_ids"]]
    random.Random(1).shuffle(rows)
    rows = rows[:QUESTIONS] + written.answered(articles)
    tables: dict[str, list[tuple[NDArray[np.float32], list[bool], tuple[str, ...]]]]
    tables = {"given": [], "searched": []}
    for row in rows:
        gold = articles.get(row["passage_ids"][0])
        if gold is None:
            continue
        ways = {
            "given": [ranking.given(gold)],
            "searched": library.search(row["question"], k=HITS),
        }
        for way, hits in ways.items():
            question, terms, found = fitting(analyse(row["question"]), hits, library)
            found = found[:COMPARED]
            if len(found) < 2 or not terms:
                continue
            table = signs(question, terms, found, library)
            right = _right(found, [a.strip() for a in row["answers"]], set(row["passage_ids"]))
            columns = np.stack(list(table.values()), axis=1).astype(np.float32)
            tables[way].append((columns, right, tuple(table)))
    return {way: _padded(found) for way, found in tables.items()}


def _right(found: Sequence[Candidate], answers: Sequence[str], gold: set[str]) -> list[bool]:
    """Whether each piece, or the sentence that a clause is of, holds an answer."""
    holds = [c.article.id in gold and any(a in c.text for a in answers) for c in found]
    sentences = [c for c, h in zip(found, holds, strict=True) if h]
    return [
        h
        or (
            c.unit.kind is UnitKind.CLAUSE
            and any(
                s.unit.kind is UnitKind.SENTENCE
                and s.article.id == c.article.id
                and s.unit.start <= c.unit.start
                and c.unit.end <= s.unit.end
                for s in sentences
            )
        )
        for c, h in zip(found, holds, strict=True)
    ]


def _padded(
    tables: Sequence[tuple[NDArray[np.float32], list[bool], tuple[str, ...]]],
) -> Asked:
    names = tables[0][2]
    shape = (len(tables), COMPARED)
    asked = Asked(
        np.zeros((*shape, len(names)), np.float32),
        np.zeros(shape, bool),
        np.zeros(shape, bool),
        np.zeros(shape, np.int64),
        names,
    )
    for k, (columns, right, _) in enumerate(tables):
        asked.features[k, : len(columns)] = columns
        asked.there[k, : len(columns)] = True
        asked.right[k, : len(columns)] = right
    return asked


def held(asked: Asked, row: NDArray[np.float32], first: int) -> float:
    """How often one of the first so many pieces holds the answer."""
    sums = np.where(asked.there, asked.features @ row, -np.inf)
    order = np.argsort(-sums, axis=1, kind="stable")[:, :first]
    return float(np.take_along_axis(asked.right, order, axis=1).any(axis=1).mean())


def report(sets: dict[str, dict[str, Asked]], learned_from: Sequence[str]) -> str:
    """A Markdown table: how often the first, and one of the first two, holds the answer."""
    lines = ["| set | | by hand: 1, 2 | learned without it: 1, 2 |", "|---|---|---|---|"]
    names = next(iter(sets.values()))["given"].names
    by_hand = np.array([float(n == "hand") for n in names], np.float32)
    for name, ways in sets.items():
        others = [a for n in learned_from if n != name for a in sets[n].values()]
        learned = learn(others, frozenset(), STRENGTH)
        for way, asked in ways.items():
            cells = [
                ", ".join(f"{held(asked, w, first):.3f}" for first in (1, 2))
                for w in (by_hand, learned)
            ]
            lines.append(f"| {name} | {way} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def settled(row: NDArray[np.float32], sets: Sequence[Asked]) -> NDArray[np.float32]:
    """The weights made so large that the sums of a question's pieces lie as far apart as those by
    hand: where these decide alone, scores say the same."""
    by_hand = sets[0].names.index("hand")
    spreads = np.zeros(2)
    for asked in sets:
        for features, there in zip(asked.features, asked.there, strict=True):
            here = features[there]
            spreads += (
                (here[:, by_hand] / len(asked.there)).std(),
                (here @ row / len(asked.there)).std(),
            )
    return row * np.float32(spreads[0] / spreads[1])


def main() -> None:
    """Learn the weights and write them."""
    parser = argparse.ArgumentParser(description="Learn which piece answers best.")
    parser.add_argument("--data", type=Path, default=sources.DATA)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    parser.add_argument("--try", dest="tried", nargs="*", default=[], help="further sets to try")
    arguments = parser.parse_args()
    further = [ranking.Set(n, f"questions/{n}", (f"corpora/{n}",)) for n in arguments.tried]
    sets = ranking.asked_each((*SETS, *TRIED, *further), arguments.data, ask)
    print(f"\n{report(sets, [s.name for s in SETS])}\n")
    learned_from = [a for s in SETS for a in sets[s.name].values()]
    best = settled(learn(learned_from, frozenset(), STRENGTH), learned_from)
    row = dict(zip(learned_from[0].names, best.tolist(), strict=True))
    named = [*(s.questions for s in SETS if s.questions), f"training/{written.NEAR_MISSES.name}"]
    write_weights(arguments.output, FORMAT, named, {"best": row})
    ordering.weights.cache_clear()


if __name__ == "__main__":
    main()
