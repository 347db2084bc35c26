"""The words of an answer: what is asked, what was found, what is said, what supports it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from index.types import Article, Hit


class Status(StrEnum):
    """How an answer ended."""

    ANSWERED = "answered"
    NO_EVIDENCE = "no_evidence"
    UNVERIFIED = "unverified"


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


@dataclass(frozen=True, slots=True)
class Citation:
    """What supports a sentence: ``article.text[start:end] == quote``. ``marker`` is 1-based."""

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


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of an answer, the citations that it leans on, and whether they hold it.

    ``text`` is without markers; ``highlights`` are spans of ``text`` that answer the question.
    """

    text: str
    markers: tuple[int, ...]
    supported: bool
    highlights: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its evidence. Citations are what it uses, evidence is what was found.

    ``text`` is the answer as shown: sentences, each followed by its markers.
    ``question`` is as asked; ``resolved`` is the self-contained form that was searched.
    ``nearest`` are articles offered when there is no answer. ``confidence`` (0–1) is how far the
    evidence bears the answer; below a threshold a question is refused. ``seconds`` by stage.
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
            "citations": [asdict(c) for c in self.citations],
            "seconds": {stage: round(s, 6) for stage, s in self.seconds.items()},
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """One round of a conversation."""

    question: str
    answer: Answer
