"""txtai's hybrid search beside Youju's: the same passages, questions and vectors, in one run.

    python -m venv peers
    peers/bin/pip install . txtai
    peers/bin/python -m benchmarks.peer_txtai [SETS…] [--questions 200] [--json FILE]

txtai is needed here only, so it goes into an environment of its own (where PyTorch is the large
CUDA build by default, see README). Written for txtai 9.14; its own parts do the work:

- dense: the bundled model as an external ``transform``, in an exact FAISS index (txtai would take
  an approximate one over 5,000 passages);
- keyword: txtai's BM25, every term scored (it would score common ones for the best passages only),
  on jieba's search words or on characters and their pairs (its own tokenizer cuts Chinese into
  characters);
- fusion: its three ways, with ten times as many candidates of each leg as passages wanted. Its
  default is ``default`` with weight 0.5 for the dense leg; other weights are tried too.

Cross-encoders, which txtai can put behind any search, are models to download and not compared.
For txtai the setting that is best on average and the best for each set, chosen by the answers, are
printed beside its default. Youju has one setting, the default; the sets that its reranker learned
from are starred.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.sets import (
    HITS,
    MEASURES,
    NOTE,
    QuestionSet,
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
from qa.measure import KnownQuestion, figure

if TYPE_CHECKING:
    from index.types import Vectors

try:
    from txtai import Embeddings
    from txtai.embeddings.search.base import Search
    from txtai.embeddings.search.hybrid import Hybrid
    from txtai.scoring.normalize import Normalize
except ImportError as error:
    raise SystemExit(f"{error}. The benchmark compares with it: pip install txtai") from error

SETS = ("crud", "atnews", "dureader", "headline", "drcd", "ncp")
TOKENS = ("words", "bigrams")
FUSIONS: dict[str, str | bool] = {"default": True, "bb25": "bb25", "ranks": False}
"""txtai's ways to fuse, by what ``normalize`` must be for each."""
WEIGHTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8)
"""Shares of the dense leg."""
DEFAULT = "words, default, 0.5"
YOUJU = "Youju hybrid"


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("sets", nargs="*", default=SETS, help=f"default: {' '.join(SETS)}")
    options.add_argument("--questions", type=int, help="ask so many questions of each set")
    options.add_argument("--seed", type=int, default=7, help="which questions (default 7)")
    options.add_argument("--json", type=Path, help="write all figures to a file")
    options.add_argument("--libraries", type=Path, help="keep Youju's libraries in this folder")
    chosen = options.parse_args()
    known = read_sets()
    if unknown := [name for name in chosen.sets if name not in known]:
        raise SystemExit(f"{', '.join(unknown)}: no such set. There are: {', '.join(known)}")
    results: dict[str, dict[str, Values]] = {}
    with kept_or_temporary(chosen.libraries) as libraries:
        for name in chosen.sets:
            questions = questions_of(known[name], chosen.questions, chosen.seed)
            results[name] = compare(known[name], questions, libraries)
    print(f"{tables(results, known)}\n\n{NOTE}")
    if chosen.json:
        means = {
            name: {s: {m: float(np.mean(v[m])) for m in MEASURES} for s, v in systems.items()}
            for name, systems in results.items()
        }
        chosen.json.write_text(json.dumps(means, indent=1) + "\n", encoding="utf-8")
    return 0


def compare(
    asked: QuestionSet, questions: Sequence[KnownQuestion], libraries: Path
) -> dict[str, Values]:
    """The measures of Youju and of every setting of txtai on one set."""
    shelf = asked.read()
    say(f"{asked.name}: {len(questions)} questions, {len(shelf.texts)} passages")
    values: dict[str, Values] = {}
    with Library.open(make_library(asked, shelf, libraries)) as library:
        rankings = [found_articles(library, "hybrid", q.question) for q in questions]
        values[YOUJU] = judge(questions, rankings)
    owner = [
        article.id
        for article, count in zip(
            shelf.articles, np.diff(shelf.first, append=len(shelf.texts)), strict=True
        )
        for _ in range(count)
    ]
    for tokens in TOKENS:
        embeddings = built(shelf.texts, tokens)
        for setting, found in searched(embeddings, [q.question for q in questions]):
            name = f"{tokens}, {setting}"
            by_article = [list(dict.fromkeys(owner[i] for i, _ in hits)) for hits in found]
            values[name] = judge(questions, by_article)
        embeddings.close()
    return values


def built(texts: Sequence[str], tokens: str) -> Any:
    """A hybrid txtai index over the passages; their ids are their places."""
    say(f"  txtai, {tokens}")
    embeddings = Embeddings(
        {
            "method": "external",
            "transform": encode,
            "backend": "faiss",
            "faiss": {"components": "IDMap,Flat"},
            "scoring": {
                "method": "benchmarks.txtai_words.TokensBM25",
                "tokens": tokens,
                "terms": {"cutoff": 1.0},
                "normalize": True,
            },
        }
    )
    embeddings.index((i, text, None) for i, text in enumerate(texts))
    return embeddings


def encode(texts: list[str]) -> Vectors:
    """The bundled model's vectors (questions and passages are encoded alike)."""
    return load_encoder().encode_passages(texts)


def searched(
    embeddings: Any, questions: list[str]
) -> Iterator[tuple[str, list[list[tuple[int, float]]]]]:
    """The hits of all questions for each fusion and weight, as ``Embeddings.batchsearch`` gives them.

    Its steps are taken apart (``Search.search``), so that each leg is asked once. That they come to
    the same is looked at for the default setting.
    """
    search = Search(embeddings)
    dense = search.dense(questions, 10 * HITS)
    for fusion, normalize in FUSIONS.items():
        scoring = embeddings.scoring
        scoring.normalize, scoring.normalizer = (
            normalize,
            Normalize(normalize) if normalize else None,
        )
        sparse = search.sparse(questions, 10 * HITS)
        fuse = Hybrid(scoring)
        for weight in WEIGHTS:
            pairs = zip(dense, sparse, strict=True)
            found = [fuse(legs, [weight, 1 - weight], HITS) for legs in pairs]
            if weight == 0.5 and fusion == "default":
                same = embeddings.batchsearch(questions[:20], HITS)
                if [_ids(hits) for hits in same] != [_ids(hits) for hits in found[:20]]:
                    raise SystemExit("txtai's own search gives other hits: see its Search.search.")
            yield f"{fusion}, {weight}", found


def _ids(hits: Sequence[tuple[int, float]]) -> list[int]:
    return [i for i, _ in hits]


def tables(results: dict[str, dict[str, Values]], known: dict[str, QuestionSet]) -> str:
    """The figures as Markdown: three settings of txtai beside Youju."""

    def mean(name: str, system: str, measure: str = "RR@10") -> float:
        return float(np.mean(results[name][system][measure]))

    settings = [s for s in next(iter(results.values())) if s != YOUJU]
    overall = max(settings, key=lambda s: sum(mean(name, s) for name in results))
    lines = [
        f"MRR@10 / R@1 / R@10 of articles; txtai's best setting on average is “{overall}”",
        "",
        "| set | questions | txtai default | best on average | best for the set | which "
        "| Youju hybrid | Youju − best for the set (95 % interval) |",
        "|---|---:|---:|---:|---:|---|---:|---:|",
    ]
    for name, systems in results.items():
        best = max(settings, key=lambda s: mean(name, s))
        shown = {
            s: " / ".join(f"{mean(name, s, m):.3f}" for m in MEASURES)
            for s in (DEFAULT, overall, best, YOUJU)
        }
        ours, theirs = systems[YOUJU]["RR@10"], systems[best]["RR@10"]
        gain = figure([a - b for a, b in zip(ours, theirs, strict=True)])
        lines.append(
            f"| {name}{' *' * known[name].is_learned} | {len(ours)} | {shown[DEFAULT]} | {shown[overall]} | {shown[best]} | {best} "
            f"| {shown[YOUJU]} | {gain.mean:+.3f} ({gain.low:+.3f} to {gain.high:+.3f}) |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
