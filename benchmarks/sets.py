"""What the retrieval benchmarks share: sets, passages, libraries, and how rankings are judged."""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.made_pages import SHARED
from index.encoder import load_encoder
from index.library import Library
from index.passages import embedded_text, split
from index.ranking import WEIGHTS
from index.types import Article, Mode
from qa.measure import KnownQuestion, read_corpus, read_questions

DATA = SHARED / "data"
MEASURES = {"RR@10": "MRR@10", "R@1": "R@1", "R@10": "R@10"}
"""ir-measures' names, and how they are printed."""
HITS = 50
"""Passages that Youju is asked for; several may be of one article."""

NOTE = "* the reranker's weights were learned from questions of this set (index/model/ranking.json)"
"""What the star behind a set's name says."""

Values = dict[str, list[float]]
"""By measure one value for each question."""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions and the corpora that they are asked over."""

    name: str
    questions: tuple[Path, ...]
    corpora: tuple[Path, ...]
    body_only: bool

    @property
    def shelf(self) -> str:
        """A name for the library of these corpora."""
        names = [path.name.removesuffix(".jsonl.gz") for path in self.corpora]
        joined = "+".join(names) if len(names) < 4 else f"{names[0]}+{len(names) - 1}"
        return joined + "_body" * self.body_only

    @property
    def is_learned(self) -> bool:
        """Whether the reranker's weights were learned from some of these questions."""
        names = {f"questions/{path.name.removesuffix('.jsonl.gz')}" for path in self.questions}
        return bool(names & learned_from())

    def read(self) -> Shelf:
        """The articles, cut."""
        return Shelf.of(read_corpus(self.corpora, self.body_only))


@dataclass(frozen=True, slots=True)
class Shelf:
    """Articles and their passages: those of article ``i`` begin at ``texts[first[i]]``."""

    articles: list[Article]
    texts: list[str]
    first: NDArray[np.int64]

    @classmethod
    def of(cls, articles: Iterable[Article]) -> Shelf:
        """Cut articles as the library does; those without any text have no passage."""
        kept: list[Article] = []
        texts: list[str] = []
        first: list[int] = []
        for article in articles:
            drafts = split(article)
            if drafts:
                kept.append(article)
                first.append(len(texts))
                texts += [
                    embedded_text(article, article.text[d.start : d.end], d.start) for d in drafts
                ]
        return cls(kept, texts, np.array(first, np.int64))

    def whole(self) -> list[str]:
        """Each article as one text, its title on top."""
        return [embedded_text(article, article.text) for article in self.articles]


@cache
def learned_from() -> frozenset[str]:
    """The files of questions that the reranker's weights name as what they were learned from."""
    stated = json.loads(WEIGHTS.read_text(encoding="utf-8")).get("learned_from", "")
    return frozenset(stated.split(", "))


def read_sets() -> dict[str, QuestionSet]:
    """The sets of the data folder by name, in its order."""
    try:
        rows = json.loads((DATA / "sets.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise SystemExit(
            f"{error.filename}: {error.strerror}. "
            "This benchmark reads the folder “shared” beside the repository."
        ) from error
    return {
        name: QuestionSet(
            name,
            tuple(DATA / path for path in row["questions"]),
            tuple(DATA / path for path in row["corpora"]),
            bool(row.get("body_only")),
        )
        for name, row in rows.items()
    }


def questions_of(asked: QuestionSet, number: int | None, seed: int) -> list[KnownQuestion]:
    """The questions of a set whose articles are known, or ``number`` of them drawn by ``seed``."""
    found = [q for path in asked.questions for q in read_questions(path) if q.passage_ids]
    if number is None or number >= len(found):
        return found
    return random.Random(seed).sample(found, number)


@contextmanager
def kept_or_temporary(folder: Path | None) -> Iterator[Path]:
    """The folder given, or one that goes away."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory() as temporary:
        yield Path(temporary)


def make_library(asked: QuestionSet, shelf: Shelf, libraries: Path) -> Path:
    """The folder of a library with these articles, which is made unless it is there."""
    folder = libraries / f"{asked.shelf}-{load_encoder().fingerprint[:8]}"
    with Library.open(folder) as library:
        if not len(library):
            library.add_articles("corpus", shelf.articles)
        if library.passages() != len(shelf.texts):
            raise SystemExit(
                f"{folder}: holds {library.passages()} passages, not {len(shelf.texts)}: it was cut "
                "in another way, or its making was cut off. Delete it and run again."
            )
    return folder


def found_articles(library: Library, mode: Mode, question: str) -> list[str]:
    """The ids of the articles that a library finds, best first."""
    hits = library.search(question, k=HITS, mode=mode)
    return list(dict.fromkeys(hit.article.id for hit in hits))


def judge(questions: Sequence[KnownQuestion], rankings: Sequence[Sequence[str]]) -> Values:
    """The measures of each question's ranking."""
    import ir_measures

    wanted = {q.id: dict.fromkeys(q.passage_ids, 1) for q in questions}
    found = {
        q.id: {article: float(len(ranking) - i) for i, article in enumerate(ranking)}
        for q, ranking in zip(questions, rankings, strict=True)
    }
    measures = [ir_measures.parse_measure(name) for name in MEASURES]
    by_question = {
        (str(metric.measure), metric.query_id): float(metric.value)
        for metric in ir_measures.iter_calc(measures, wanted, found)
    }
    return {m: [by_question.get((m, q.id), 0.0) for q in questions] for m in MEASURES}


def say(text: str) -> None:
    """What goes on, apart from the figures."""
    print(text, file=sys.stderr, flush=True)
