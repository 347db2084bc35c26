"""How far to believe that a piece answers: learned from questions that are answered and that are not.

The hardest questions to refuse are near misses: the articles speak of the thing, not of what is
asked of it. So what counts is less how much of a question is met than what is not: its weightiest
word that is nowhere near, the word that says what is asked (“打印头的**寿命**”), a number or a name
that is not there. A weighted sum of a few such signs, by logistic regression; the weights lie
in ``belief.json``, learned by ``python -m training.belief``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from index.asking import without_asking
from index.encoder import bundled
from index.matches import Texts
from index.meaning import alike, meaning
from index.parts import PartPieces
from index.ranking import asked_of, is_known
from index.sentences import Span
from index.sizes import scale
from index.weights import read_weights
from qa import topic
from qa.matching import QuestionTerm, coverage, unheard_of
from qa.question import Kind, Question
from qa.reader import LANGUAGES, reader
from qa.scoring import Candidate, lacking

Row = Literal["read", "known", "unknown"]
"""The rows of weights: for questions in a language that the reader knows, without its verdict for
those that the bundled model knows, and without the model's signs for those of which it knows the
letters only."""
FORMAT = 3
WEIGHTS = Path(__file__).resolve().parent / "belief.json"

SMALL = 1000
"""Passages up to which a library's size does not count."""
LACKS = 2.0
"""Log-odds that an answer loses which has no amount where one is asked for, as far as patterns can
tell, or whose article does not speak of what is counted (多少名**工作人员**, …限20人). Of what the
patterns find lacking a third is right, and the reader tells which, so it is not refused outright, and
what it is ``SURE`` of loses nothing."""
LACKS_PLACE = 4.0
"""The same where a place is asked for. The reader takes where somebody spoke of a thing, or among what
it is the first, for where it is (在会议室听取汇报, 在全县范围内是头一个)."""
SURE = 5.0
"""Log-odds by the reader."""
_NOTHING = 0.01
"""How far what is asked of a thing may stand near a piece, and still count as not told at all."""
_ANYWHERE = (Kind.DATE, Kind.PERSON)
"""Kinds of which some stand in most sentences. (Minded for amounts and places too, it took 2 in a
hundred more questions on search-engine pages for near misses.)"""
_TOLD = 0.5
"""How far an article may meet the word for what is counted by words like it, and still not speak of it
(组成人员 for 工作人员)."""
_AROUND = 150
"""Characters on either side of a piece, or as much in letters, that count as near it."""
_BEFORE, _FOLLOWS = 60, 80
"""Characters before and behind a piece that the reader sees with it."""
_STANDS = 0.9
"""How surely a word must stand there to be part of the thing's name."""
_SAYS_LITTLE = 1.5
"""What the words beyond the thing's weigh together, up to which they ask nothing of it."""
_TOLD_BY_FORM = frozenset(
    {Kind.PERSON, Kind.DATE, Kind.PLACE, Kind.MONEY, Kind.NUMBER, Kind.GROUP, Kind.OFFICE}
)
_BY_HAND = (Kind.AUTHOR, Kind.TIMELINE, Kind.SUMMARY)
"""Kinds that ask for articles rather than for a fact: the words that led to them decide."""


def belief(
    question: Question,
    terms: Sequence[QuestionTerm],
    found: Sequence[Candidate],
    fit: float,
    passages: int,
) -> float:
    """The confidence in the best piece, 0 to 1, of a library of so many passages; ``found`` are all
    pieces, the best first.

    ``fit`` is what the sum set by hand gives it. That sum decides alone for questions in another
    language than the article, whose words meet it through a dictionary only, and for those that
    ask for articles. What lacks the amount that is asked for, or counts something else, is believed less
    by ``LACKS`` or ``LACKS_PLACE``, unless the reader is ``SURE``; and a day
    or a person with nothing of what is asked beyond the thing's name (林晓棠哪一年**出生**), where the
    reader rather says no.
    """
    best = found[0]
    same = best.article.language.startswith(question.language)
    if not same or question.kind in _BY_HAND or not terms or not any(best.held):
        return fit
    told = signs(question, terms, found, fit, passages)
    row = weights()[_row(question)]
    total = row["bias"] + sum(row[name] * told[name] for name in row if name != "bias")
    lacks = lacking(question, best) == 1 or _counts_another(question, terms, best)
    any_other = question.kind in _ANYWHERE and told["beyond"] <= _NOTHING and told["most"] < 0
    if any_other or (lacks and best.verdict < SURE):
        total -= LACKS_PLACE if question.kind is Kind.PLACE else LACKS
    return 1 / (1 + math.exp(-total))


def _row(question: Question) -> Row:
    if question.language in LANGUAGES:
        return "read"
    return "known" if is_known(question.text) else "unknown"


def _counts_another(question: Question, terms: Sequence[QuestionTerm], best: Candidate) -> bool:
    """Whether the question counts (多少名**工作人员**) what the article does not speak of."""
    if not question.unit:
        return False
    untold = [
        t.word for t, m in zip(terms, best.held[2], strict=True) if not t.known and m <= _TOLD
    ]
    things = [word for word in untold if not re.fullmatch(question.unit, word)]
    return any(re.search(rf"[少几].?{re.escape(word)}", question.folded) for word in things)


def signs(
    question: Question,
    terms: Sequence[QuestionTerm],
    found: Sequence[Candidate],
    fit: float,
    passages: int,
) -> dict[str, float]:
    """What speaks for and against the best piece, the first of those found, by name.

    ``most``: the most that the reader (``qa.reader``) makes of a piece of its article, ``goes_on`` and
    ``comes_from``: what it makes of the piece with what follows it, and with what stands before it, all
    in log-odds and 0 for languages that it does not read. The others but the last are from 0 to 1. ``fit``
    as given; ``named``: how far its article is about whom and when the question is; ``triples``: the
    share of the question's runs of three characters that stand around the piece; ``soft``: how far its
    surroundings meet the question in meaning (``index.meaning``); ``asked``: how far the words next to
    the asking ones stand in or beside the piece; ``last``: its last word, met by itself or by a word
    near in meaning.

    ``beyond``: where a person, a day, a place or an amount is asked for, how far the words that do
    not name the thing (老家印象项目的**投资方**) stand in or beside the piece, or words near in meaning;
    1 for other kinds.

    Against an answer speak ``missing``, ``weightiest`` and ``thing``: the share of the question that its
    article has nowhere, that of the weightiest such word, and that of the weightiest that does not stand
    beside the asking one (贾鲁河 where the article is of 柳林河; but not 什么**形状**); ``without``:
    how far it holds nothing of the kind asked for; ``echo`` and ``year``: how far it only says the
    question over again, or is of another year (``qa.saying``); ``unknown``: the share of the question
    that no article of the library has; ``size``: how many times a library has tenfold ``SMALL``
    passages, in which more is met by chance.
    """
    best = found[0]
    here, beside, _ = best.held
    near = [max(pair) for pair in zip(here, beside, strict=True)]
    last = max(range(len(terms)), key=lambda i: question.about.find(terms[i].word))
    asked = [(t, n) for t, n in zip(terms, near, strict=True) if t.asked]
    goes_on, comes_from = _with_neighbours(question, best)
    start, end = _surroundings(best)
    around = best.article.text[start:end]
    ids, soft = _meaning(question.text, around)
    return {
        "fit": fit,
        "most": max(c.verdict for c in found if c.article.id == best.article.id),
        "goes_on": goes_on,
        "comes_from": comes_from,
        "named": best.named,
        "triples": _triples(question.text, around),
        "soft": soft,
        "asked": coverage([t for t, _ in asked], [n for _, n in asked]) if asked else 1.0,
        "last": max(near[last], *_like([terms[last].word], ids)),
        "beyond": _beyond(question, terms, best, ids),
        **_missing(terms, best),
        "without": 1 - best.has_kind,
        "echo": best.echo,
        "year": best.other_year,
        "unknown": unheard_of(terms, best.held[2]),
        "size": max(0.0, math.log10(max(passages, 1) / SMALL)),
    }


def _missing(terms: Sequence[QuestionTerm], best: Candidate) -> dict[str, float]:
    """What of the question the article has nowhere, as shares of it."""
    total = sum(t.weight for t in terms)
    missing = [t.weight * (1 - m) / total for t, m in zip(terms, best.held[2], strict=True)]
    of_the_thing = [m for t, m in zip(terms, missing, strict=True) if not t.asked]
    return {
        "missing": sum(missing),
        "weightiest": max(missing),
        "thing": max(of_the_thing, default=0.0),
    }


def _with_neighbours(question: Question, best: Candidate) -> tuple[float, float]:
    """What the reader makes of the piece with what follows it, and with what stands before it."""
    if question.language not in LANGUAGES:
        return 0.0, 0.0
    article, start, end = best.article, best.unit.start, best.unit.end
    places = [(article, start, end + _FOLLOWS), (article, max(0, start - _BEFORE), end)]
    after, before = reader().verdicts(question.text, places)
    return float(after), float(before)


def _beyond(
    question: Question, terms: Sequence[QuestionTerm], best: Candidate, ids: NDArray[np.int32]
) -> float:
    """How far the words beyond the thing's stand near the piece; ``ids`` are the pieces around it."""
    if question.kind not in _TOLD_BY_FORM:
        return 1.0
    held = dict(zip((t.word for t in terms), zip(*best.held[:2], strict=True), strict=True))
    title = dict(zip((t.word for t in terms), best.in_title, strict=False))
    words = topic.placed(question, terms)
    near = [max(*held[w.term.word], title.get(w.term.word, 0.0)) >= _STANDS for w in words]
    beyond = topic.beyond(question, words, near)
    total = sum(t.weight for t in beyond)
    if total < _SAYS_LITTLE:
        return 1.0
    like = _like([t.word for t in beyond], ids)
    return coverage(beyond, [max(*held[t.word], a) for t, a in zip(beyond, like, strict=True)])


def _surroundings(best: Candidate) -> Span:
    text, reach = best.article.text, round(_AROUND * scale(best.text))
    return max(0, best.unit.start - reach), min(len(text), best.unit.end + reach)


def _triples(question: str, around: str) -> float:
    """The share of a question's runs of three characters (of letters more) that a text holds."""
    about = without_asking(question)
    run = round(3 * scale(about))
    plain = re.sub(r"[\W_]+", " " * (run > 3), about).strip()
    runs = list(dict.fromkeys(plain[i : i + run] for i in range(len(plain) - run + 1)))
    return float((Texts.of([around]).count_runs(runs) > 0).mean()) if runs else 0.0


def _meaning(question: str, around: str) -> tuple[NDArray[np.int32], float]:
    """The pieces of a text by the bundled model, and how far they meet a question."""
    model = bundled()
    ids, first = model.pieces([around])
    ready = PartPieces(ids, np.array([first[1], 0]))  # one part, and no title
    found = meaning(asked_of(question), [ready], model)
    return ids, float(found["soft"][0])


def _like(words: Sequence[str], ids: NDArray[np.int32]) -> list[float]:
    """How near in meaning the nearest pieces of a text are to those of each word, 0 to 1."""
    return [float(near) for (near,) in alike(words, ids, [0], bundled())] if words else []


@cache
def weights(path: Path = WEIGHTS) -> dict[Row, dict[str, float]]:
    """What each sign is worth, for each row, with a ``bias``.

    Raises ModelError when the file is missing or damaged.
    """
    return read_weights(path, get_args(Row), FORMAT, "refusal")
