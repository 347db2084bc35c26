"""The words of an answer: what is asked, what was found, what is said, what supports it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from index.types import Article, Hit, Unit
from qa.courtesy import without_courtesy


class Status(StrEnum):
    """How an answer ended."""

    ANSWERED = "answered"
    NO_EVIDENCE = "no_evidence"
    UNVERIFIED = "unverified"


class Problem(StrEnum):
    """What a sentence says that its evidence does not."""

    NO_CITATION = "no_citation"
    """It cites nothing, or only what is not there."""
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    """A person, a place or another proper name."""
    NEGATION = "negation"
    MODALITY = "modality"
    """Planned for done, possible for certain, or the other way round."""
    MEANING = "meaning"
    """Too little of it stands in what it cites."""


class NoticeKind(StrEnum):
    """What a reader should know about how an answer came about."""

    UNREACHABLE = "unreachable"
    """The language model's server did not answer at all."""
    TOO_SLOW = "too_slow"
    REFUSED = "refused"
    """The server turned the request down: a wrong key, a model that it does not have."""
    BUSY = "busy"
    CUT_OFF = "cut_off"
    """The model's answer broke off."""
    UNUSABLE = "unusable"
    """What came was no answer."""
    STOPPED = "stopped"
    """The person who asked stopped it: what is shown is not the whole answer."""
    LEFT_OUT = "left_out"
    """Sentences of the model that nothing bears out are not shown."""
    UNFOUNDED = "unfounded"
    """Nothing that the model said was borne out."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A remark beside an answer, in the question's language; never part of the answer itself."""

    kind: NoticeKind
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article: ``article.text[start:end]``."""

    article: Article = field(repr=False)
    start: int
    end: int

    @property
    def text(self) -> str:
        """The article's own characters."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A hit with the sentences of its passage."""

    hit: Hit
    sentences: tuple[Sentence, ...]


Place = tuple[str, int, int]
"""An article's id, and from where to where in its text."""


def overlap(one: Place, other: Place) -> bool:
    """Whether two places share a character."""
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


@dataclass(frozen=True, slots=True)
class Citation:
    """What supports a sentence: ``article.text[start:end] == quote``. ``marker`` is 1-based.

    Where it stands: in ``source``, in its ``member`` (a file in an archive, a sheet), on
    ``lines``, which count what ``unit`` says (line, row, paragraph; none in a PDF), on ``page``
    (the slide where ``unit`` is slide), under ``section`` (“第二章 总则 › 第十二条”); ``""`` for what
    the file does not have. ``also`` are the files in which the same article was found reprinted.
    """

    marker: int
    article_id: str
    title: str
    byline: str
    published: str
    source: str
    lines: str
    start: int
    end: int
    quote: str
    page: str = ""
    section: str = ""
    member: str = ""
    unit: Unit = "line"
    also: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """The characters that are quoted."""
        return self.article_id, self.start, self.end


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of an answer, the citations that it leans on, and whether they hold it.

    ``text`` is without markers; ``highlights`` are spans of ``text`` that answer the question.
    ``problems`` say why it is not supported; a supported sentence has none.
    """

    text: str
    markers: tuple[int, ...]
    supported: bool
    highlights: tuple[tuple[int, int], ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Background:
    """What the articles say of a thing when the fact asked of it is in none: beside a refusal, and
    no answer. ``thing`` and ``missing`` are words of the question (``missing`` is ``""`` where it is
    not plain what exactly is missing), ``text`` says both in the question's language, and
    ``citations`` quote the articles, numbered by themselves from 1."""

    thing: str
    missing: str
    text: str
    citations: tuple[Citation, ...]

    def to_dict(self) -> dict[str, Any]:
        """Its JSON form."""
        return {
            "thing": self.thing,
            "missing": self.missing,
            "text": self.text,
            "citations": [_plain(c) for c in self.citations],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its evidence. Citations are what it uses, evidence is what was found.

    ``text`` is the answer as shown: sentences, each followed by its markers.
    ``question`` is as asked; ``resolved`` is the self-contained form that was searched.
    ``nearest`` are articles offered when there is no answer. ``confidence`` (0–1) is how far the
    evidence bears the answer; below a threshold a question is refused. ``seconds`` by stage.
    ``model`` names the language model that wrote it, ``""`` when none did. ``notices`` are remarks
    on how it came about. ``pending`` is what the model has written of a sentence that is not whole
    yet, and so not checked: shown, if at all, as not part of the answer; empty at the end.
    ``background`` is what is known of the thing when a question about it is refused, if anything.
    """

    question: str
    text: str
    status: Status
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    evidence: tuple[Evidence, ...] = field(default=(), repr=False)
    nearest: tuple[Article, ...] = field(default=(), repr=False)
    resolved: str = ""
    confidence: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    model: str = ""
    pending: str = ""
    background: Background | None = None

    @property
    def rewritten(self) -> bool:
        """Whether another question was searched than the one asked; courtesies make no other."""
        return self.resolved not in ("", self.question, without_courtesy(self.question))

    @property
    def refused(self) -> bool:
        """Whether no evidence was found, and so nothing is claimed."""
        return self.status is Status.NO_EVIDENCE

    def to_dict(self) -> dict[str, Any]:
        """The fixed JSON form of ``youju ask --json``."""
        return {
            "question": self.question,
            "answer": self.text,
            "status": str(self.status),
            "sentences": [
                {"text": s.text, "markers": list(s.markers), "supported": s.supported}
                for s in self.sentences
            ],
            "citations": [_plain(c) for c in self.citations],
            "background": self.background and self.background.to_dict(),
            "notices": [{"kind": str(n.kind), "text": n.text} for n in self.notices],
            "model": self.model,
            "seconds": {stage: round(s, 6) for stage, s in self.seconds.items()},
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """One round of a conversation."""

    question: str
    answer: Answer


def _plain(citation: Citation) -> dict[str, Any]:
    return {**asdict(citation), "also": list(citation.also)}
