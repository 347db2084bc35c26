"""How well the right article is found: Youju beside BM25, over the same passages, in one run.

    pip install bm25s
    python -m benchmarks.retrieval [SETS…] [--all] [--questions 300] [--long] [--json FILE]

``bm25s`` is needed by the benchmarks only, so it is no dependency of the project. The sets are
those of ``sets.json`` in the data folder; without names all small ones are measured (none over a
large corpus), with ``--all`` every one.

BM25 (k1 1.5, b 0.75) looks for jieba's search words, or for characters and their pairs; in
passages, where an article counts as its best passage, or in whole articles. Youju is asked by
``Library.search`` in its modes, hybrid also without the reranker; an article counts as its first
hit. Passages are the project's own cut, each under its article's title. Measures are ir-measures'.

Libraries are made in a temporary folder. ``--libraries FOLDER`` keeps them for the next run; each
is named after its corpora and the model, so a new model makes new ones. After a change of what an
index holds, give another folder.
"""

from __future__ import annotations

import argparse
import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.sets import (
    MEASURES,
    NOTE,
    QuestionSet,
    Shelf,
    Values,
    found_articles,
    judge,
    kept_or_temporary,
    make_library,
    questions_of,
    read_sets,
    say,
)
from index.encoder import load_encoder
from index.library import Library
from index.tokens import bigrams, default_segmenter
from index.types import Mode, Reranking
from qa.measure import figure

K1, B = 1.5, 0.75
CHINESE = frozenset("cmrc drcd dureader ncp rgb atnews bipar headline crud xquad_zh".split())
"""The sets with Chinese questions on Chinese articles; those over a large corpus count too."""
SLOW = ("crud",)
"""Sets that are large without saying so in their names."""
BM25 = ("words", "words, whole", "bigrams", "bigrams, whole")
BEST = "best BM25"
YOUJU: dict[str, tuple[Mode, Reranking]] = {
    "keyword": ("keyword", "none"),
    "dense": ("dense", "none"),
    "fused": ("hybrid", "none"),
    "hybrid": ("hybrid", "light"),
}
"""Youju's columns; ``fused`` is hybrid search without the reranker."""

Tokenize = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was measured on one set: values by system and measure, in the order of questions."""

    name: str
    is_learned: bool
    articles: int
    passages: int
    values: dict[str, Values]

    def mean(self, system: str, measure: str = "RR@10") -> float:
        """The mean of a measure; for ``BEST`` that of the BM25 with the highest MRR."""
        system = self.best_bm25 if system == BEST else system
        return float(np.mean(self.values[system][measure]))

    @property
    def best_bm25(self) -> str:
        """Which BM25 has the highest MRR."""
        return max(BM25, key=lambda system: float(np.mean(self.values[system]["RR@10"])))

    @property
    def shown(self) -> str:
        """The name, starred where the reranker has learned from the set."""
        return self.name + " *" * self.is_learned

    @property
    def questions(self) -> int:
        """How many questions were asked."""
        return len(self.values["hybrid"]["RR@10"])

    @property
    def is_chinese(self) -> bool:
        """Whether questions and articles are Chinese."""
        return self.name.removesuffix("_large") in CHINESE


class Bm25:
    """bm25s over some texts."""

    def __init__(self, texts: Iterable[str], tokenize: Tokenize) -> None:
        self._tokenize = tokenize
        self._ids: dict[str, int] = {}
        rows = [
            array("i", [self._ids.setdefault(t, len(self._ids)) for t in tokenize(text)])
            for text in texts
        ]
        self._size = len(rows)
        self._index: Any = bm25s().BM25(k1=K1, b=B)
        self._index.index((rows, self._ids), create_empty_token=False, show_progress=False)

    def scores(self, question: str) -> NDArray[np.float32]:
        """The score of each text, 0 where it holds none of the question's tokens."""
        found = [self._ids[t] for t in self._tokenize(question) if t in self._ids]
        if not found:
            return np.zeros(self._size, np.float32)
        scores: NDArray[np.float32] = self._index.get_scores_from_ids(found)
        return scores


def main() -> int:
    options = _options()
    known = read_sets()
    names = options.sets or [n for n in known if options.all or is_small(n)]
    if unknown := [name for name in names if name not in known]:
        raise SystemExit(f"{', '.join(unknown)}: no such set. There are: {', '.join(known)}")
    bm25s()  # a missing package is told of before the work begins
    outcomes: dict[str, Outcome] = {}
    with kept_or_temporary(options.libraries) as libraries:
        chosen = sorted((known[n] for n in names), key=lambda s: (s.corpora, s.body_only))
        for _, group in groupby(chosen, key=lambda s: (s.corpora, s.body_only)):
            same = list(group)
            for outcome in measure_group(same, libraries, options.questions, options.seed):
                outcomes[outcome.name] = outcome
    ordered = [outcomes[name] for name in names]
    for measure in MEASURES if options.long else ["RR@10"]:
        print(f"\n{table(ordered, measure)}")
    print(f"\n{gains(ordered)}\n\n{summary(ordered)}")
    if options.json:
        options.json.write_text(json.dumps(as_json(ordered), indent=1) + "\n", encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("sets", nargs="*", help="names of sets; default: all small ones")
    options.add_argument("--all", action="store_true", help="also those over large corpora")
    options.add_argument("--questions", type=int, help="ask so many questions of each set")
    options.add_argument("--seed", type=int, default=7, help="which questions (default 7)")
    options.add_argument("--long", action="store_true", help="R@1 and R@10 too")
    options.add_argument("--json", type=Path, help="write all figures to a file")
    options.add_argument("--libraries", type=Path, help="keep the libraries in this folder")
    return options.parse_args()


@cache
def bm25s() -> Any:
    """The package, or an end with a message when it is missing."""
    try:
        import bm25s as package
    except ImportError as error:
        raise SystemExit(f"{error}. The benchmark compares with it: pip install bm25s") from error
    return package


def is_small(name: str) -> bool:
    """Whether a set takes seconds and not minutes to index."""
    return not name.endswith("_large") and name not in SLOW


def measure_group(
    same: Sequence[QuestionSet], libraries: Path, number: int | None, seed: int
) -> Iterator[Outcome]:
    """Measure sets that are asked over the same corpora: each index is made once."""
    shelf = same[0].read()
    say(f"{same[0].shelf}: {len(shelf.articles)} articles, {len(shelf.texts)} passages")
    asked = {s.name: questions_of(s, number, seed) for s in same}
    values: dict[str, dict[str, Values]] = {s.name: {} for s in same}
    systems = bm25_rankings(shelf)
    for name, rank in (*systems, *youju_rankings(make_library(same[0], shelf, libraries))):
        for one, questions in asked.items():
            say(f"  {one}, {len(questions)} questions: {name}")
            values[one][name] = judge(questions, [rank(q.question) for q in questions])
    size = len(shelf.articles), len(shelf.texts)
    for s in same:
        yield Outcome(s.name, s.is_learned, *size, values[s.name])


def bm25_rankings(shelf: Shelf) -> Iterator[tuple[str, Callable[[str], list[str]]]]:
    """Each BM25 as a function, question → ids of articles, best first. One is in memory at a time."""
    every = np.arange(len(shelf.articles))
    for name, tokenize in (("words", default_segmenter().words), ("bigrams", bigrams)):
        yield name, partial(_best_articles, Bm25(shelf.texts, tokenize), shelf, shelf.first)
        yield f"{name}, whole", partial(_best_articles, Bm25(shelf.whole(), tokenize), shelf, every)


def _best_articles(
    index: Bm25, shelf: Shelf, first: NDArray[np.int64], question: str, k: int = 10
) -> list[str]:
    """The ``k`` best articles, each scored as the best of its texts; of equal ones the earlier."""
    scores = np.maximum.reduceat(index.scores(question), first)
    best = np.argsort(-scores, kind="stable")[:k]
    return [shelf.articles[i].id for i in best if scores[i] > 0]


def youju_rankings(folder: Path) -> Iterator[tuple[str, Callable[[str], list[str]]]]:
    """Each of Youju's ways to search, as ``bm25_rankings`` gives them."""
    for name, (mode, reranking) in YOUJU.items():
        with Library.open(folder, reranking=reranking) as library:
            yield name, partial(found_articles, library, mode)


def removed(outcome: Outcome, baseline: str) -> float:
    """The share of a baseline's error (1 − MRR) that hybrid search does not make."""
    error = 1 - outcome.mean(baseline)
    return (outcome.mean("hybrid") - outcome.mean(baseline)) / error if error else 0.0


def table(outcomes: Sequence[Outcome], measure: str) -> str:
    """A measure of every system on every set, as Markdown."""
    columns = [*BM25, BEST, *YOUJU]
    heads = [f"BM25 {c}" if c in BM25 else c for c in columns]
    lines = [f"{MEASURES[measure]} of articles", ""]
    lines += ["| set | questions | " + " | ".join(heads) + " |"]
    lines += ["|---" + "|---:" * (len(columns) + 1) + "|"]
    for o in outcomes:
        cells = [f"{o.mean(c, measure):.3f}" for c in columns]
        lines.append(f"| {o.shown} | {o.questions} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def gains(outcomes: Sequence[Outcome]) -> str:
    """By how much hybrid search is better than BM25, set by set, as Markdown."""
    lines = [
        "Hybrid beside BM25, MRR@10 (95 % interval over questions)",
        "",
        "| set | best BM25 | hybrid − best BM25 | error of BM25 words removed | of the best BM25 |",
        "|---|---|---:|---:|---:|",
    ]
    for o in outcomes:
        ours, theirs = o.values["hybrid"]["RR@10"], o.values[o.best_bm25]["RR@10"]
        gain = figure([a - b for a, b in zip(ours, theirs, strict=True)])
        lines.append(
            f"| {o.shown} | {o.best_bm25} | {gain.mean:+.3f} ({gain.low:+.3f} to {gain.high:+.3f}) "
            f"| {removed(o, 'words'):.0%} | {removed(o, BEST):.0%} |"
        )
    return "\n".join(lines)


def mean_removed(outcomes: Sequence[Outcome], baseline: str) -> float:
    """The mean of ``removed`` over sets; NaN over none."""
    shares = [removed(o, baseline) for o in outcomes]
    return float(np.mean(shares)) if shares else float("nan")


def summary(outcomes: Sequence[Outcome]) -> str:
    """Means over the Chinese sets: all, and those that the reranker has and has not learned from."""
    chinese = [o for o in outcomes if o.is_chinese]
    if not chinese:
        return "None of the Chinese sets was measured."
    groups = {
        "all": chinese,
        "learned from *": [o for o in chinese if o.is_learned],
        "not learned from": [o for o in chinese if not o.is_learned],
    }
    lines = [
        NOTE,
        "",
        "Mean share of the error (1 − MRR@10) that hybrid removes",
        "",
        "| Chinese sets | number | of BM25 words by passages | of the best BM25 |",
        "|---|---:|---:|---:|",
    ]
    for name, group in groups.items():
        if group:
            words, best = (mean_removed(group, b) for b in ("words", BEST))
            lines.append(f"| {name} | {len(group)} | {words:.1%} | {best:.1%} |")
    behind = [o.name for o in chinese if o.mean("hybrid") < o.mean(BEST)]
    return "\n".join(
        [*lines, "", f"Behind the best BM25 on: {', '.join(behind) or 'none of them'}."]
    )


def as_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """All figures, to be kept."""
    chinese = [o for o in outcomes if o.is_chinese]
    return {
        "model": load_encoder().fingerprint,
        "error_removed": {
            b: mean_removed(chinese, b) if chinese else None for b in ("words", BEST)
        },
        "sets": {
            o.name: {
                "questions": o.questions,
                "reranker_learned_from": o.is_learned,
                "articles": o.articles,
                "passages": o.passages,
                "best_bm25": o.best_bm25,
                "error_removed": {b: removed(o, b) for b in ("words", BEST)},
                "figures": {s: {m: o.mean(s, m) for m in MEASURES} for s in (*BM25, *YOUJU)},
            }
            for o in outcomes
        },
    }


if __name__ == "__main__":
    raise SystemExit(main())
