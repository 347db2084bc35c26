"""``youju eval`` agrees with BM25 and cosine search written out here by other means."""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter
from pathlib import Path

import faiss
import numpy as np
import pytest
from click.testing import CliRunner
from sentence_transformers import SentenceTransformer

from index.encoder import BUNDLED_FOLDER
from index.parts import PART, segments
from index.query import stemmed
from index.tokens import bigrams, default_segmenter
from qa.cli import app

QUESTIONS = 120

Rows = list[dict[str, str]]


def rows(path: Path) -> Rows:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def corpus(shared: Path) -> Path:
    return shared / "data" / "corpora" / "xquad_zh_a.jsonl.gz"


@pytest.fixture(scope="module")
def asked(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Rows]:
    every = rows(shared / "data" / "questions" / "xquad_zh_a.jsonl.gz")[:: 612 // QUESTIONS]
    path = tmp_path_factory.mktemp("questions") / "asked.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in every), encoding="utf-8")
    return path, every


@pytest.fixture(scope="module")
def measured(corpus: Path, asked: tuple[Path, Rows]) -> dict[str, dict[str, list[float]]]:
    arguments = ["eval", "--corpus", str(corpus), "--questions", str(asked[0])]
    result = CliRunner().invoke(app, [*arguments, "--mode", "all", "--json"])
    assert result.exit_code == 0, result.output
    found: dict[str, dict[str, list[float]]] = json.loads(result.output)["retrieval"]
    return found


def mean_reciprocal_rank(scores: np.ndarray, owners: list[str], questions: Rows) -> float:
    """Of articles by their best passage, from scores of shape ``(questions, passages)``."""
    total = 0.0
    for row, question in zip(scores, questions, strict=True):
        best: dict[str, float] = {}
        for owner, score in zip(owners, row, strict=True):
            best[owner] = max(best.get(owner, -math.inf), float(score))
        ranked = sorted(best, key=lambda name: -best[name])[:10]
        gold = question["passage_ids"]
        total += next((1 / n for n, name in enumerate(ranked, start=1) if name in gold), 0.0)
    return total / len(questions)


def passages(corpus: Path) -> tuple[list[str], list[str]]:
    """One passage an article will do: nearly all of these paragraphs are that short."""
    short = [row for row in rows(corpus) if len(row["text"]) <= 300]
    rest = [row for row in rows(corpus) if len(row["text"]) > 300]
    texts, owners = [], []
    for row in [*short, *rest]:
        for part in segments(row["text"], 300):
            texts.append(f"{row['title']}\n{part}" if row["title"] else part)
            owners.append(row["id"])
    return texts, owners


def bm25(texts: list[str], questions: list[str]) -> np.ndarray:
    """Robertson's BM25 over two fields, summed: words by jieba, characters and their pairs."""
    segmenter = default_segmenter()
    scores = np.zeros((len(questions), len(texts)))
    for weight, tokens in ((1.0, segmenter.words), (0.6, bigrams)):
        counts = [Counter(map(stemmed, tokens(text))) for text in texts]
        lengths = np.array([sum(c.values()) for c in counts])
        held = Counter(token for c in counts for token in c)
        for i, question in enumerate(questions):
            for token in dict.fromkeys(map(stemmed, tokens(question))):
                idf = math.log(1 + (len(texts) - held[token] + 0.5) / (held[token] + 0.5))
                often = np.array([c[token] for c in counts])
                norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
                scores[i] += weight * idf * often * 2.2 / (often + norm)
    return scores


def test_keyword_search_is_bm25(
    corpus: Path, asked: tuple[Path, Rows], measured: dict[str, dict[str, list[float]]]
) -> None:
    texts, owners = passages(corpus)
    plain = mean_reciprocal_rank(bm25(texts, [r["question"] for r in asked[1]]), owners, asked[1])
    # Ours weighs words that only ask, and tantivy rounds lengths: near, not the same.
    assert measured["keyword"]["RR@10"][0] == pytest.approx(plain, abs=0.025)
    assert plain > 0.9


def test_dense_search_is_cosine_of_passages_and_their_parts(
    corpus: Path, asked: tuple[Path, Rows], measured: dict[str, dict[str, list[float]]]
) -> None:
    model = SentenceTransformer(str(BUNDLED_FOLDER), device="cpu")
    texts, owners = passages(corpus)
    whole = [(text, owner) for text, owner in zip(texts, owners, strict=True)]
    parts = [
        (f"{row['title']}{part}", row["id"])
        for row in rows(corpus)
        for part in segments(row["text"], PART)
    ]
    every = [text for text, _ in whole + parts]
    index = faiss.IndexFlatIP(256)
    index.add(np.ascontiguousarray(model.encode(every), np.float32))
    questions = np.ascontiguousarray(model.encode([r["question"] for r in asked[1]]), np.float32)
    found, order = index.search(questions, len(every))
    scores = np.zeros_like(found)
    np.put_along_axis(scores, order, found, axis=1)
    plain = mean_reciprocal_rank(scores, [owner for _, owner in whole + parts], asked[1])
    assert measured["dense"]["RR@10"][0] == pytest.approx(plain, abs=0.01)
    assert plain > 0.85


def test_hybrid_search_is_at_least_as_good_as_its_legs(
    measured: dict[str, dict[str, list[float]]],
) -> None:
    hybrid = measured["hybrid"]["RR@10"][0]
    assert hybrid >= measured["keyword"]["RR@10"][0] - 0.003
    assert hybrid >= measured["dense"]["RR@10"][0]
