"""Evidence → the prompt: as many of the best passages as the model's context holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.sentences import Span
from index.types import Article
from prompts import render
from qa.generator import Generator, Message
from qa.orders import harmless, without_orders
from qa.types import Evidence

MOST = 12
"""Passages that are shown to a model."""
FOR_THE_ANSWER = 0.3
"""The part of the context that is kept for the answer."""
_WHOLE = 500  # characters up to which an article is shown whole


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as shown to a model under ``number``: ``article.text[start:end]``."""

    number: int
    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        """The article's own characters."""
        return self.article.text[self.start : self.end]


def pack(
    question: str,
    language: str,
    evidence: Sequence[Evidence],
    first: Iterable[tuple[Article, Span]],
    generator: Generator,
    context: int | None = None,
) -> tuple[tuple[Message, ...], tuple[Source, ...]]:
    """The messages that ask a question, and the passages that they show, numbered from 1.

    ``first`` are spans of articles that come before the evidence. Passages of one article that
    touch are shown as one. What does not fit in ``context`` (the generator's) is left out, the
    best kept; the first passage is cut if it alone is too long.
    """
    system = render("system", language)
    asked = harmless(question)
    room = int((context or generator.context) * (1 - FOR_THE_ANSWER))
    room -= generator.count(system)
    room -= generator.count(render("ask", language, passages=[], question=asked))
    cost = _Costs(generator, language)
    kept: list[Source] = []
    for article, span in (*first, *((e.hit.article, _span(e)) for e in evidence)):
        grown = _with(kept, Source(0, article, *span))
        if len(grown) > MOST:
            break
        if sum(map(cost, grown)) > room:
            if not kept:
                kept = [_cut(grown[0], room, cost)]
            continue
        kept = grown
    sources = tuple(replace(s, number=n) for n, s in enumerate(kept, start=1))
    passages = [{**cost.shown(s), "number": s.number} for s in sources]
    ask = render("ask", language, passages=passages, question=asked)
    return (Message("system", system), Message("user", ask)), sources


class _Costs:
    """The tokens that a passage takes in a prompt, each counted once."""

    def __init__(self, generator: Generator, language: str) -> None:
        self._generator, self._language = generator, language
        self._known: dict[tuple[str, int, int], int] = {}
        self._shown: dict[tuple[str, int, int], dict[str, object]] = {}
        self._of: dict[str, dict[str, str]] = {}

    def __call__(self, source: Source) -> int:
        """The tokens of a source as it is shown."""
        key = (source.article.id, source.start, source.end)
        if key not in self._known:
            text = render("ask", self._language, passages=[self.shown(source)], question="")
            self._known[key] = self._generator.count(text)
        return self._known[key]

    def shown(self, source: Source) -> dict[str, object]:
        """What of a passage is shown: without what orders a model about, and harmless."""
        a, key = source.article, (source.article.id, source.start, source.end)
        if a.id not in self._of:
            about = {"title": a.title, "published": a.dated, "byline": a.byline}
            self._of[a.id] = {name: _line(text) for name, text in about.items()}
        if key not in self._shown:
            text = harmless(without_orders(source.text)).strip()
            self._shown[key] = {"number": source.number, **self._of[a.id], "text": text}
        return self._shown[key]


def _span(evidence: Evidence) -> Span:
    """A hit's passage; its article whole if that is short."""
    if len(evidence.hit.article.text) <= _WHOLE:
        return 0, len(evidence.hit.article.text)
    return evidence.hit.passage.start, evidence.hit.passage.end


def _with(kept: Sequence[Source], more: Source) -> list[Source]:
    """The sources with one more, joined with those of its article that it touches."""
    out: list[Source] = []
    place = len(kept)
    for i, source in enumerate(kept):
        gap = max(source.start, more.start) - min(source.end, more.end)
        if source.article.id == more.article.id and gap <= 2:
            more = replace(more, start=min(source.start, more.start), end=max(source.end, more.end))
            place = min(place, i)
        else:
            out.append(source)
    out.insert(place, more)
    return out


def _line(text: str) -> str:
    return " ".join(harmless(without_orders(text)).split()) if text else ""


def _cut(source: Source, room: int, cost: _Costs) -> Source:
    """The beginning of a passage that fits."""
    while source.end - source.start > 50 and cost(source) > room:
        source = replace(source, end=source.start + (source.end - source.start) * 3 // 4)
    return source
