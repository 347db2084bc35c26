"""Which of the pieces that fit a question answers it best: a learned, readable order.

The sum set by hand (``qa.scoring``) knows what kind of thing is asked for, how an enumeration
announces what it lists, who speaks. It is one of a few signs here; the others say where the words
of the question stand: what the title says already tells the pieces of an article apart no more, and
a part of the question's runs of characters stands around what answers it. A weighted sum, learned
by listwise softmax (Cao et al. 2007) from questions whose answers are known; the weights lie in
``ordering.json``, learned by ``python -m training.ordering``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from index.encoder import bundled
from index.keywords import BIGRAMS
from index.library import Library
from index.matches import Texts
from index.meaning import alike
from index.sizes import scale
from index.weights import read_weights
from qa.matching import QuestionTerm
from qa.question import Kind, Question
from qa.reader import LANGUAGES
from qa.scoring import Candidate, lacking
from qa.units import UnitKind

FORMAT = 1
WEIGHTS = Path(__file__).resolve().parent / "ordering.json"
Row = Literal["best"]

COMPARED = 24
"""How many pieces are compared, those best by hand."""
_AROUND = 60
"""Characters on either side of a piece, or as much in letters, in which runs of the question count."""
_BY_HAND = (Kind.SPEECH, Kind.AUTHOR, Kind.TIMELINE, Kind.SUMMARY)

Column = NDArray[np.float64]
"""A sign of each candidate, shape ``(candidates,)``."""


def ordered(
    question: Question,
    terms: Sequence[QuestionTerm],
    found: Sequence[Candidate],
    library: Library,
) -> list[Candidate]:
    """The candidates, given best first by hand, in the learned order; ``score`` is the learned sum.

    They stay as they are in languages written with blanks, whose runs and characters say less and
    which the reader does not know; and
    where an enumeration is the best, or one item of it, or speech: hand knows their forms, and what
    was learned from asks for single facts.
    """
    compared, rest = found[:COMPARED], found[COMPARED:]
    if len(compared) < 2 or not terms or question.language not in LANGUAGES:
        return list(found)
    listed = compared[0].unit.kind is UnitKind.ENUMERATION or question.ordinal
    if listed or question.kind in _BY_HAND:
        return list(found)
    table = signs(question, terms, compared, library)
    row = weights()["best"]
    sums = np.stack([table[name] for name in row], axis=1) @ np.array(list(row.values()))
    scored = [replace(c, score=float(s)) for c, s in zip(compared, sums, strict=True)]
    scored.sort(key=lambda c: -c.score)
    least = scored[-1].score
    return [*scored, *(replace(c, score=min(c.score, least)) for c in rest)]


def signs(
    question: Question,
    terms: Sequence[QuestionTerm],
    found: Sequence[Candidate],
    library: Library,
) -> dict[str, Column]:
    """What speaks for and against each candidate, by name.

    ``hand``: the sum set by hand; ``search``: what the article scored in the search; ``verdict``:
    what the reader makes of it. The others are from 0 to 1. ``title``: the share of the question that the article's title has; ``told`` and
    ``fresh``: the shares of it that stand in the title and in the piece, and in the piece only;
    ``new``: what it has of the part that the title has not; ``runs``: the share of the question's
    runs of two characters, by how rare they are, that stand around the piece; ``characters``: that of
    its different characters in it; ``asked``: how near in meaning its nearest word is to those next
    to the asking ones; ``kind``: how far it holds the kind of thing asked for, and ``lacking``: how
    far it lacks one that can be told by its form.
    """
    weight = np.array([t.weight for t in terms])
    weight = weight / max(float(weight.sum()), 1e-9)
    here = np.array([c.held[0] or [0.0] * len(terms) for c in found])
    title = np.array([c.in_title or [0.0] * len(terms) for c in found])
    untold = weight * (1 - title)
    texts = Texts.of([c.text for c in found])
    fresh = (untold * here).sum(axis=1)
    return {
        "hand": np.array([c.score for c in found]),
        "search": np.array([c.prior for c in found]),
        "title": title @ weight,
        "told": (title * here) @ weight,
        "fresh": fresh,
        "new": fresh / (untold.sum(axis=1) + 1e-6),
        "runs": _runs(question, found, library),
        "characters": _characters(question, texts),
        "asked": _asked(terms, found),
        "verdict": np.array([c.verdict for c in found]),
        "kind": np.array([c.has_kind for c in found]),
        "lacking": np.array([lacking(question, c) for c in found]),
    }


def _runs(question: Question, found: Sequence[Candidate], library: Library) -> Column:
    run = max(2, round(2 * scale(question.about)))
    plain = _plain(question.about)
    runs = list(dict.fromkeys(plain[i : i + run] for i in range(len(plain) - run + 1)))
    runs = [r for r in runs if " " not in r or run > 2]
    if not runs:
        return np.zeros(len(found))
    passages = library.passages()
    rare = np.array(
        [math.log((1 + passages) / (1 + library.document_frequency(BIGRAMS, r))) for r in runs]
    )
    there = Texts.of([_around(c) for c in found]).count_runs(runs) > 0
    shares: Column = there @ rare / max(float(rare.sum()), 1e-9)
    return shares


def _plain(text: str) -> str:
    return "".join(c if c.isalnum() else " " for c in text)


def _around(c: Candidate) -> str:
    reach = round(_AROUND * scale(c.text))
    return c.article.text[max(0, c.unit.start - reach) : c.unit.end + reach]


def _characters(question: Question, texts: Texts) -> Column:
    different = list(dict.fromkeys(c for c in _plain(question.about) if c != " "))
    if not different:
        return np.zeros(len(texts))
    shares: Column = (texts.count_runs(different) > 0).mean(axis=1)
    return shares


def _asked(terms: Sequence[QuestionTerm], found: Sequence[Candidate]) -> Column:
    words = [t.word for t in terms if t.asked]
    if not words:
        return np.zeros(len(found))
    model = bundled()
    ids, first = model.pieces([c.text for c in found])
    nearest: Column = alike(words, ids, first[:-1].tolist(), model).max(axis=0)
    return nearest


@cache
def weights(path: Path = WEIGHTS) -> dict[Row, dict[str, float]]:
    """What each sign is worth.

    Raises ModelError when the file is missing or damaged.
    """
    return read_weights(path, get_args(Row), FORMAT, "the best piece")
