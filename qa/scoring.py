"""What makes a piece of an article the answer, as numbers; and how far to believe that it is.

The weights were set by hand on questions about news and checked against the sentences that hold
the answers of CMRC, DRCD and DuReader questions (``docs/architecture.md`` has the figures).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.patterns import lazy
from index.sentences import Span
from index.tokens import Segmenter, fold
from index.types import Article
from qa.highlights import highlights, unnamed_people
from qa.labels import labelled
from qa.matching import QuestionTerm, coverage, is_office, unheard_of
from qa.question import Kind, Question
from qa.reading import SPEAKER, Reading, Row
from qa.saying import YEAR, echo, other_year
from qa.types import Place
from qa.units import Unit, UnitKind

HERE, MEANING, PRIOR = 0.8, 0.3, 0.15
"""What coverage by the piece itself, nearness of meaning, and the search's own score are worth,
beside coverage by the piece with its surroundings (1)."""
NEAR, USUAL_MEANING = 0.2, 0.4
"""How far nearness of meaning, beside what is usual for a sentence that answers, changes belief."""
GIVEN, GIVEN_ASKED = 0.6, 0.2
"""How much less a word tells the pieces of an article apart when its title has it."""
HOLDS_KIND = {
    Kind.PERSON: 0.5,
    Kind.DATE: 0.65,
    Kind.NUMBER: 0.5,
    Kind.MONEY: 0.6,
    Kind.OFFICE: 0.6,
    Kind.PLACE: 0.25,
    Kind.REASON: 0.15,
    Kind.DEFINITION: 0.4,
    Kind.GROUP: 0.4,
}
"""What it is worth that a piece holds the kind of thing asked for."""
COUNTS = 0.3
"""What more it is worth where it is known what it must stand with (岁, 公里, a telephone's form)."""
HARD_KINDS = {Kind.OFFICE, Kind.MONEY}
"""Kinds of which a piece that holds none is no answer at all."""
GROUP_ANSWERS = 0.5
"""How far a body or unnamed people answer “who”, where no person is named."""
SPEECH = 0.4
"""What it is worth that a piece reports speech, when it is asked what somebody said."""
NTH = 0.9
"""What it is worth to be the item of the number that is asked for."""
LONG_ITEM = 0.2
"""What an item of several sentences loses when one thing is asked for: one of them says it."""
TOO_WIDE, NAMES_ITEM = 0.6, 0.3
"""What a whole enumeration loses when a word of that share of the question is in one item only."""
WITHOUT_ROLE = 0.35
"""What is left of a piece that names no holder of the very office that is asked about."""
WITHOUT_PERSON, WITHOUT_PLACE = 0.4, 0.75
"""What is left of a piece when its article never names the person, or the place, asked about."""

ECHO, THAT_YEAR = 0.8, 0.3
"""What a piece loses that only repeats the question, and one that is of another year."""
OTHER_YEAR = 0.4
"""What is left of a piece whose article names years, and not the year asked about."""
_NTH_OF_ITS_KIND = lazy("第[一二三四五六七八九十百\\d]+")

# What a speaker lists, and the words that announce it.
_SAID = lazy(
    "要求|意见|建议|希望|措施|任务|部署|安排|工作|方面|重点|内容|举措|指示|办法|打算|计划|目标|做法|事项|点"
    r"|\b(?:demand|require|request|ask|urge|measure|suggest|propos|opinion|task|goal|instruct|order|recommend)"
)
_SAYING = lazy(
    "要求|强调|指出|提出|表示|希望|部署|安排|意见|建议|措施|做到|如下|以下|决定|计划|讲"
    r"|\b(?:demand|require|request|ask|urge|said|says|stress|measures|following|as follows)"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece of an article that may answer.

    ``here`` and ``around`` are coverages of the question (0–1), ``has_kind`` how far it holds the
    kind of thing asked for, ``named`` how far its article is about whom and where the question
    is. ``held`` is what the piece holds of each term, what the sentences beside it do, and the
    whole article; ``in_title`` what the article's title does. ``prior`` is what the article scored
    in the search, ``verdict`` what ``qa.reader`` makes of the piece (log-odds).
    ``echo`` and ``other_year`` say how far it only repeats the question, or is of another year.
    ``highlights`` count in the piece; ``items`` are starts of items in the article.
    """

    article: Article
    unit: Unit
    score: float
    here: float
    around: float
    has_kind: float = 1.0
    focus: float = 1.0
    named: float = 1.0
    role: bool = True
    meaning: float = 0.0
    held: tuple[Row, Row, Row] = ([], [], [])
    in_title: Row = field(default_factory=list)
    prior: float = 0.0
    verdict: float = 0.0
    echo: float = 0.0
    other_year: float = 0.0
    highlights: tuple[Span, ...] = ()
    items: frozenset[int] = frozenset()

    @property
    def text(self) -> str:
        """The article's own characters."""
        return self.article.text[self.unit.start : self.unit.end]

    @property
    def place(self) -> Place:
        """The characters of the piece."""
        return self.article.id, self.unit.start, self.unit.end

    def moved(self, whole: Article, by: int) -> Candidate:
        """The same piece, counted in the article of which it was read in an excerpt."""
        if whole is self.article:
            return self
        unit = replace(
            self.unit,
            start=self.unit.start + by,
            end=self.unit.end + by,
            lead_end=self.unit.lead_end + by if self.unit.lead_end else 0,
        )
        return replace(self, article=whole, unit=unit, items=frozenset(i + by for i in self.items))

    def with_meaning(self, cosine: float) -> Candidate:
        """The same, with its nearness of meaning counted."""
        return replace(self, meaning=cosine, score=self.score + MEANING * cosine)


def candidates(
    question: Question, reading: Reading, prior: float, segmenter: Segmenter
) -> list[Candidate]:
    """Every piece of an article, scored. ``prior`` is the article's score in the search."""
    terms = reading.terms
    named = _named(terms, reading)
    # A word of the title is known to be there: it tells the article's pieces apart less, unless
    # it is the very thing that is asked about (什么时候**完工**).
    fresh = [
        replace(t, weight=t.weight * (1 - (GIVEN_ASKED if t.asked else GIVEN) * m))
        for t, m in zip(terms, reading.in_title, strict=True)
    ]
    wide = {u for u in reading.pieces if _names_one_item(u, reading)}
    items = frozenset(u.start for u in reading.pieces if u.kind is UnitKind.ITEM)
    found = []
    for unit in reading.pieces:
        text = reading.text(unit)
        here = reading.here(unit)
        if question.ordinal and (lead := _lead_of_nth(question.ordinal, unit, reading)):
            here = [max(h, SPEAKER * m) for h, m in zip(here, reading.here(lead), strict=True)]
        beside = reading.beside(unit)
        spans = highlights(question, text, terms, segmenter) or labelled(question, text)
        candidate = Candidate(
            article=reading.article,
            unit=unit,
            score=0.0,
            here=coverage(fresh, here),
            around=coverage(terms, reading.around(here, beside)),
            has_kind=_has_kind(question, text, spans, segmenter),
            focus=_focus(terms, here),
            named=named,
            role=_has_role(question, terms, here),
            held=(here, beside, reading.in_article),
            in_title=reading.in_title,
            prior=prior,
            echo=echo(question, text, bool(spans)),
            other_year=other_year(question, reading.article, unit),
            highlights=tuple(spans),
            items=items,
        )
        score = _score(question, candidate, reading) + PRIOR * prior - TOO_WIDE * (unit in wide)
        found.append(replace(candidate, score=score))
    return found


def author(article: Article, reading: Reading, prior: float) -> list[Candidate]:
    """The byline, which answers who wrote an article; how well the article fits decides which.

    ``reading`` may be of an excerpt: a long article's byline seldom stands where it was found.
    """
    if article.byline_span is None:
        return []
    start, end = article.byline_span
    row = [max(t, 0.8 * a) for t, a in zip(reading.in_title, reading.in_article, strict=True)]
    covered = coverage(reading.terms, row)
    return [
        Candidate(
            article,
            Unit(UnitKind.SENTENCE, start, end),
            score=covered + PRIOR * prior,
            here=covered,
            around=covered,
            highlights=((0, end - start),),
        )
    ]


def confidence(question: Question, terms: Sequence[QuestionTerm], best: Candidate) -> float:
    """How far to believe that a piece answers, 0 to 1."""
    total = sum(t.weight for t in terms)
    if not total:
        return 0.0
    if question.kind is Kind.AUTHOR:  # the article is wanted, not the words that led to it
        known = sum(t.weight * (1.0 if t.known else 0.3) for t in terms)
        return min(1.0, best.around * total / known) * best.named
    sure = 0.6 * best.around + 0.4 * best.here
    without = 0.3 if question.kind in HARD_KINDS or question.unit else 0.6
    without = 0.9 if question.kind is Kind.REASON else without  # a reason needs no “because”
    sure *= without + (1 - without) * best.has_kind
    sure *= 1.0 if best.role else WITHOUT_ROLE
    if question.kind in (Kind.NUMBER, Kind.MONEY):
        sure *= 0.5 + 0.5 * best.focus
    sure *= best.named * (1 - 0.5 * unheard_of(terms, best.held[2]))
    return min(1.0, max(0.0, sure + NEAR * (best.meaning - USUAL_MEANING)))


def lacking(question: Question, c: Candidate) -> float:
    """How far a piece lacks a thing that can be told by its form (an amount, years, people), 0 to 1.

    0 where none is asked for, or one that patterns often overlook.
    """
    return 1 - c.has_kind if question.kind in HARD_KINDS or question.unit else 0.0


def _score(question: Question, c: Candidate, reading: Reading) -> float:
    score = c.around + HERE * c.here + HOLDS_KIND.get(question.kind, 0.0) * c.has_kind
    if question.kind is Kind.NUMBER and question.unit:
        score += COUNTS * c.has_kind
    score -= 1 - c.named + ECHO * c.echo + THAT_YEAR * c.other_year
    if any(t.focus for t in reading.terms):
        score += (0.3 if question.kind is Kind.LIST else 0.1) * c.focus
    if question.kind is Kind.LIST:
        score += _lists(question, c.unit, reading)
    elif c.unit.kind is UnitKind.ENUMERATION:
        score -= 0.25
    if question.kind is Kind.SPEECH:
        score += SPEECH * reading.in_speech(c.unit)
    if question.ordinal:
        score += NTH * (_lead_of_nth(question.ordinal, c.unit, reading) is not None)
    if question.kind in HOLDS_KIND and c.unit.kind is UnitKind.ITEM and "。" in c.text[:-1]:
        score -= LONG_ITEM
    length = c.unit.end - c.unit.start
    return score - 0.0004 * min(length, 300) - (0.15 if length < 8 else 0.0)


def _lists(question: Question, unit: Unit, reading: Reading) -> float:
    """Several things are asked for: what enumerates is better, if it says that it lists those."""
    if unit.kind is UnitKind.ENUMERATION:
        lead = fold(reading.lead(unit))
        focus = question.folded[slice(*question.focus)] if question.focus else ""
        if question.language == "en":
            focus = question.folded
        said = focus and (focus in lead or (_SAID.search(focus) and _SAYING.search(lead)))
        return 0.55 if said else 0.25
    listed = reading.text(unit).count("、")
    return 0.15 if listed >= 2 else 0.08 if listed else 0.0


def _lead_of_nth(ordinal: int, unit: Unit, reading: Reading) -> Unit | None:
    """The enumeration of which a piece is the item of that number, or None."""
    if unit.kind is not UnitKind.ITEM:
        return None
    for whole in reading.pieces:
        if whole.kind is UnitKind.ENUMERATION:
            starts = [item.start for item in reading.items(whole)]
            if starts[ordinal - 1 : ordinal] == [unit.start]:
                return whole
    return None


def _names_one_item(unit: Unit, reading: Reading) -> bool:
    """Whether the question names one item of an enumeration: that item answers, not the whole."""
    if unit.kind is not UnitKind.ENUMERATION:
        return False
    rows = [reading.matches(item) for item in reading.items(unit)]
    total = sum(t.weight for t in reading.terms) or 1.0
    return any(
        term.weight / total >= NAMES_ITEM and title < 0.5 and sum(m > 0.9 for m in column) == 1
        for term, title, column in zip(
            reading.terms, reading.in_title, zip(*rows, strict=True), strict=False
        )
    )


def _has_kind(question: Question, text: str, spans: Sequence[Span], segmenter: Segmenter) -> float:
    if spans or question.kind not in HOLDS_KIND:
        return 1.0
    return GROUP_ANSWERS if unnamed_people(question, text, segmenter) else 0.0


def _has_role(question: Question, terms: Sequence[QuestionTerm], here: Row) -> bool:
    """Whether a piece names the office whose holder is asked for (主席 is not 副主席)."""
    if question.kind is not Kind.PERSON or "除了" in question.folded:
        return True
    return all(m > 0.9 for t, m in zip(terms, here, strict=True) if is_office(t.word))


def _focus(terms: Sequence[QuestionTerm], here: Row) -> float:
    """How much of what is asked for the piece holds; 1 when the question names nothing."""
    focus = [(t, m) for t, m in zip(terms, here, strict=True) if t.focus]
    return coverage([t for t, _ in focus], [m for _, m in focus]) if focus else 1.0


def _named(terms: Sequence[QuestionTerm], reading: Reading) -> float:
    """How far an article can be about whom, where and when the question is about: 1 when it is."""
    share = 1.0
    for term, held in zip(terms, reading.in_article, strict=True):
        if held >= 0.9:
            continue
        if term.person or _NTH_OF_ITS_KIND.match(term.word):
            share *= WITHOUT_PERSON
        elif term.place:
            share *= WITHOUT_PLACE
        elif YEAR.fullmatch(term.word) and YEAR.search(reading.all_text):
            share *= OTHER_YEAR
    return share
