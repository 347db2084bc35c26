"""How many sentences make an answer: the best one, and more for as long as each is worth its place.

The best piece alone answers what is plainly said. Where it may not be the one, the next sentence is
added that is likeliest to bring what is missing, as long as that chance is worth a sentence more.
The chance is a weighted sum of signs, by logistic regression; the weights lie in ``choosing.json``,
learned by ``python -m training.choosing`` from questions whose answers are known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from index.sizes import scale
from index.weights import read_weights
from qa.extract import Extraction
from qa.matching import QuestionTerm
from qa.question import Kind, Question
from qa.reader import LANGUAGES
from qa.scoring import Candidate
from qa.types import overlap
from qa.units import UnitKind

FORMAT = 2
WEIGHTS = Path(__file__).resolve().parent / "choosing.json"
Row = Literal["read", "unread"]
"""The rows of weights: for questions in a language that the reader knows, and without its verdict."""

ENOUGH = 0.05
"""The chance that one more sentence brings the answer, below which none is added: 1.5 to 1.9 sentences
an answer (the curve stands in ``docs/architecture.md``)."""
MOST = 4
"""Sentences of one answer at most."""
POOL, ELSEWHERE = 8, 3
"""How many sentences are weighed: of the article that answers, and of others."""
_FORMED = (Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.OFFICE)
"""Kinds of things that are told by their form."""
NAMED = 0.88
"""Confidence from which on a person's name is too: foreign ones are often overlooked."""
_NAMES = 0.9
"""How surely a word must stand there to name what is asked for."""
_DAY_BELOW = re.compile(
    r"[ \t　]*(?:\n\s*)+[\d〇零一二三四五六七八九十年月日./ -]{6,14}\s*(?:\n|\Z)"
)
"""Behind a line: nothing more on it, and the next line is a day."""
PLAIN = 0.4
"""The lead of the best from which on it is plainly the best."""
_ALONE = (Kind.AUTHOR, Kind.SPEECH)
"""Kinds whose best piece answers alone."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may be added: what would be shown, and the piece of it that fits best."""

    shown: Candidate
    piece: Candidate

    @property
    def place(self) -> tuple[str, int]:
        """The article and where the sentence begins."""
        return self.shown.article.id, self.shown.unit.start


def chosen(question: Question, found: Extraction, enough: float = ENOUGH) -> list[Candidate]:
    """The pieces that make the answer, the best first; there must be a candidate."""
    best = found.candidates[0]
    listed = best.unit.kind is UnitKind.ENUMERATION or question.ordinal
    if listed or question.kind in _ALONE:
        return [best]
    pool = sentences(question, found.candidates, found.confidence)
    row: Row = "read" if question.language in LANGUAGES else "unread"
    taken = [pool[0]]
    while len(taken) < MOST:
        rest = [
            s
            for s in remaining(pool, taken)
            if not _is_another_day(question, found.terms, pool[0], s)
        ]
        if not rest:
            break
        told = [signs(pool, taken, s, found.terms, found.confidence) for s in rest]
        chances = [chance(t, row) for t in told]
        at = max(range(len(rest)), key=chances.__getitem__)
        if chances[at] < enough:
            break
        taken.append(rest[at])
    if len(taken) == 1:
        return [best]  # of a long sentence the clause alone
    return [s.shown for run in _runs(taken) for s in run]


def _runs(taken: Sequence[Sentence]) -> list[list[Sentence]]:
    """The sentences as they are read: what stands side by side in the order of the text, the run
    with the best one first."""
    runs: list[list[Sentence]] = []
    for s in sorted(taken, key=lambda s: s.place):
        last = runs[-1][-1].shown if runs else None
        article, unit = s.shown.article, s.shown.unit
        if last is None or last.article.id != article.id:
            runs.append([s])
        elif _joins(article.text, last.unit.end, unit.start):
            runs[-1].append(s)
        else:
            runs.append([s])
    return sorted(runs, key=lambda run: min(taken.index(s) for s in run))


def sentences(question: Question, found: Sequence[Candidate], sure: float) -> list[Sentence]:
    """The sentences to choose from, the best first: each as good as the best piece of it.

    Where the best has the number, the day or the name that is asked for, one without brings none;
    nor does one without the office whose holder is asked for, one in another language, or the line
    that signs a notice.
    """
    best = found[0]
    told = question.kind in _FORMED or (question.kind is Kind.PERSON and sure >= NAMED)
    formed = told and best.has_kind == 1
    whole: dict[str, list[Candidate]] = {}
    for c in found:
        if c.unit.kind is UnitKind.SENTENCE:
            whole.setdefault(c.article.id, []).append(c)
    first = best.article.id
    here: dict[tuple[str, int], Sentence] = {}
    for c in found:
        if (formed and c.has_kind < 1) or (best.role and not c.role):
            continue
        foreign = c.article.language[:2] != best.article.language[:2]
        if c.unit.kind is UnitKind.ENUMERATION or foreign or (c is not best and _is_signature(c)):
            continue
        entry = Sentence(_around(c, whole.get(c.article.id, ())), c)
        own = [k for k in here if (k[0] == first) == (c.article.id == first)]
        if len(own) < (POOL if c.article.id == first else ELSEWHERE):
            here.setdefault(entry.place, entry)
    return list(here.values())


def _is_signature(c: Candidate) -> bool:
    """Whether a piece is the line over the day under a notice."""
    return bool(_DAY_BELOW.match(c.article.text, c.unit.end))


def _is_another_day(
    question: Question, terms: Sequence[QuestionTerm], first: Sentence, more: Sentence
) -> bool:
    """Whether the best sentence has the day of what is asked for by name (什么时候**开工**), and the
    other is of something else (…计划明年**完工**)."""
    if question.kind is not Kind.DATE or first.piece.has_kind < 1 or not more.piece.held[0]:
        return False
    held = zip(terms, first.piece.held[0], more.piece.held[0], strict=True)
    asked = [(here, there) for t, here, there in held if t.asked]
    return (
        bool(asked)
        and all(here >= _NAMES for here, _ in asked)
        and not any(there >= _NAMES for _, there in asked)
    )


def remaining(pool: Sequence[Sentence], taken: Sequence[Sentence]) -> list[Sentence]:
    """What may be added: what says nothing over again (a sentence of an item that is taken)."""
    return [s for s in pool if not any(overlap(s.shown.place, t.shown.place) for t in taken)]


def _around(piece: Candidate, whole: Iterable[Candidate]) -> Candidate:
    """The sentence that a piece stands in, or the piece where that is none of the candidates."""
    if piece.unit.kind is UnitKind.SENTENCE:
        return piece
    for c in whole:
        if c.unit.start <= piece.unit.start and piece.unit.end <= c.unit.end:
            return replace(c, score=piece.score)
    return piece


def signs(
    pool: Sequence[Sentence],
    taken: Sequence[Sentence],
    more: Sentence,
    terms: Sequence[QuestionTerm],
    sure: float,
) -> dict[str, float]:
    """What speaks for and against adding a sentence to those taken, by name.

    ``behind``: by how much it scores less than the best; ``lead``: by how much the best leads;
    ``rank`` among all, in fifths; ``third`` and ``fourth``: which one it would be; ``sure``: the
    confidence in the best; ``plain``: the same as far as it holds the question and leads by
    ``PLAIN``; ``best_here``, ``here``, ``around``: what of the question the best
    holds, this one more than it, and this one with its surroundings; ``kind``, ``kind_more``: the
    kind of thing asked for, in it and more than in the best; ``verdict``, ``verdict_behind``: what the
    reader makes of it, and by how much less than of the best; ``near``, ``nearer``: the same of
    meaning; ``new``: what it holds of the question that those taken do not; ``after``, ``before``:
    it stands beside one of them; ``opens``: it begins its article; ``elsewhere``: it is of another
    article than the best; ``long``: its length, ``article``: that of the article (tenfolds).
    """
    first, piece = taken[0].piece, more.piece
    second = pool[1].piece.score if len(pool) > 1 else pool[0].piece.score - 1
    unit, article = more.shown.unit, more.shown.article
    beside = [s.shown.unit for s in taken if s.shown.article.id == article.id]
    total = sum(t.weight for t in terms) or 1.0
    held = [max(column) for column in zip(*(s.piece.held[0] for s in taken), strict=True)]
    new = sum(
        t.weight * max(0.0, m - h) for t, m, h in zip(terms, piece.held[0], held, strict=False)
    )
    size = scale(more.shown.text)
    return {
        "behind": first.score - piece.score,
        "lead": pool[0].piece.score - second,
        "rank": pool.index(more) / 5,
        "third": float(len(taken) == 2),
        "fourth": float(len(taken) == 3),
        "sure": sure,
        "plain": sure * first.here * min(1.0, (pool[0].piece.score - second) / PLAIN),
        "best_here": first.here,
        "here": piece.here - first.here,
        "around": piece.around,
        "kind": piece.has_kind,
        "kind_more": piece.has_kind - first.has_kind,
        "verdict": piece.verdict,
        "verdict_behind": first.verdict - piece.verdict,
        "near": piece.meaning,
        "nearer": piece.meaning - first.meaning,
        "new": new / total,
        "after": float(any(_joins(article.text, u.end, unit.start) for u in beside)),
        "before": float(any(_joins(article.text, unit.end, u.start) for u in beside)),
        "opens": float(not article.text[: unit.start].strip()),
        "elsewhere": float(article.id != first.article.id),
        "long": math.log10(len(more.shown.text) / size + 1),
        "article": math.log10(len(article.text) / size + 1),
    }


def _joins(text: str, end: int, start: int) -> bool:
    """Whether nothing but blanks stands between two places of a text."""
    return 0 <= start - end < 20 and not text[end:start].strip()


def chance(found: dict[str, float], row: Row = "read") -> float:
    """The chance that a sentence with these signs brings the answer that those taken lack, 0 to 1."""
    worth = weights()[row]
    total = worth["bias"] + sum(worth[name] * found[name] for name in worth if name != "bias")
    return 1 / (1 + math.exp(-total))


@cache
def weights(path: Path = WEIGHTS) -> dict[Row, dict[str, float]]:
    """What each sign is worth, for each row, with a ``bias``.

    Raises ModelError when the file is missing or damaged.
    """
    return read_weights(path, get_args(Row), FORMAT, "choosing sentences")
