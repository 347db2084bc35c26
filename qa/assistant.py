"""The one road from a question to an answer; every door (shell, Python, page) goes through here.

With a generator a language model writes the answers that the evidence allows (``writing``).

assistant = Assistant.open("my-library")
answer = assistant.ask("贾鲁河治理有什么要求")
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.library import Library
from index.reprints import collapsed
from index.sentences import sentence_spans
from index.types import Article, Encoder, Hit, Reranking
from qa import choosing, compose, gathering
from qa.brief import brief
from qa.courtesy import without_courtesy
from qa.extract import Extraction, extract
from qa.followup import Resolved, resolve
from qa.options import ANSWER_FROM, PLAIN, Options
from qa.question import Kind, Question, analyse
from qa.scoring import Candidate
from qa.suggest import suggestions
from qa.types import Answer, Evidence, Place, Sentence, Status, Turn

if TYPE_CHECKING:
    from qa.generator import Generator
    from qa.verify import Entailment

HITS = 20
"""How many passages are searched for a question."""
_WIDER = 10  # times as many passages are searched where most may fall out
_BEST = 3  # pieces that a language model is shown before all else
_SHOWN_OFF = 60  # articles that example questions are made from
_GATHER_FROM = 0.8  # confidence in the best sentence, where others are to be put beside it
_LISTS = (Kind.ARTICLES, Kind.TIMELINE)
_GATHERED = {Kind.TIMELINE: gathering.timeline, Kind.SUMMARY: gathering.summary}


class Assistant:
    """Answers questions from one library. Safe to use from several threads.

    ``generator`` is a language model that writes the answers; ``strict`` puts evidence in place of
    what it writes without support, and ``entailment`` is an NLI model that must agree too.
    """

    def __init__(
        self,
        library: Library,
        answer_from: float = ANSWER_FROM["balanced"],
        *,
        generator: Generator | None = None,
        strict: bool = False,
        entailment: Entailment | None = None,
    ) -> None:
        self.library = library
        self.answer_from = answer_from
        self.generator, self.strict, self.entailment = generator, strict, entailment

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        encoder: Encoder | None = None,
        reranking: Reranking = "light",
        answer_from: float = ANSWER_FROM["balanced"],
        generator: Generator | None = None,
        strict: bool = False,
        entailment: Entailment | None = None,
    ) -> Assistant:
        """An assistant for the library in a folder. Raises LibraryNotFound when there is none."""
        library = Library.open(path, encoder=encoder, create=False, reranking=reranking)
        return cls(library, answer_from, generator=generator, strict=strict, entailment=entailment)

    def close(self) -> None:
        """Close the library, and the connections to a language model."""
        self.library.close()
        if self.generator is not None:
            self.generator.close()

    def ask(self, question: str, options: Options = PLAIN) -> Answer:
        """Answer a question that stands by itself."""
        return _last(self._answers(question, Resolved(question), options))

    def ask_many(self, questions: Iterable[str]) -> list[Answer]:
        """Answer questions one after another, each by itself."""
        return [self.ask(q) for q in questions]

    def stream(
        self, question: str, options: Options = PLAIN, stop: threading.Event | None = None
    ) -> Iterator[Answer]:
        """The answer as it grows; the last one is what ``ask`` gives.

        Once ``stop`` is set, a language model is asked no further, and the last answer is what
        there was, with a notice. Closing the iterator stops it too.
        """
        return self._answers(question, Resolved(question), options, stop)

    def without_model(self) -> Assistant:
        """The same without a language model: what only has to be answerable costs it nothing."""
        return self if self.generator is None else Assistant(self.library, self.answer_from)

    def chat(self) -> Conversation:
        """A new conversation, in which questions may lean on those before."""
        return Conversation(self)

    def examples(self, count: int = 4) -> list[str]:
        """Up to ``count`` questions made from the library's own articles that it answers."""
        found: list[str] = []
        alone = self.without_model()
        for question in suggestions(self.library.articles(_SHOWN_OFF)):
            if len(found) == count:
                break
            if question not in found and alone.ask(question).status is Status.ANSWERED:
                found.append(question)
        return found

    def _answers(
        self,
        asked: str,
        resolved: Resolved,
        options: Options = PLAIN,
        stop: threading.Event | None = None,
    ) -> Iterator[Answer]:
        """The answer as it grows, put together from the articles or written by the model."""
        clock = _Clock()
        with clock("understand"):
            # Half a surrogate pair, as a broken paste leaves it, is no character.
            text = resolved.text.encode("utf-8", "replace").decode("utf-8")
            text = without_courtesy(text, resolved.context)
            question = analyse(text, resolved.context)
        with clock("search"):
            hits = self._search(text, options) if question.about.strip() else []
        with clock("extract"):
            found = extract(question, hits, self.library, resolved.prefer, resolved.told)
        with clock("compose"):
            evidence = [Evidence(h, _sentences(h)) for h in hits]

            state = _State(question, asked, found, evidence, hits, options, resolved.told)
            composed = partial(self._composed, state)

            # A model is shown all of the articles; its first word does not wait for comparisons.
            answer = composed(compared=self.generator is None)
        answer = replace(answer, seconds=clock.seconds)
        is_list = question.kind in _LISTS
        if self.generator is None or answer.refused or is_list:
            yield from grow(answer)
            return
        from qa.writing import Task, Writer

        writer = Writer(self.generator, self.library, self.strict, self.entailment)
        best = found.candidates[:_BEST]
        task = Task(question, asked, best, answer, partial(composed, compared=True))
        start = time.perf_counter()
        for written in writer.write(task, stop):
            yield replace(written, seconds={**clock.seconds, "write": time.perf_counter() - start})

    def _search(self, text: str, options: Options) -> list[Hit]:
        """The passages to answer from, reprints in one place; among more of them where reprints
        take many places."""
        where = options.where
        found = collapsed(self.library.search(text, k=HITS, mode=options.mode, where=where))
        if len(found) > HITS // 2 or not any(h.reprints for h in found):
            return found
        more = self.library.search(text, k=HITS * _WIDER, mode=options.mode, where=where)
        return collapsed(more)[:HITS]

    def _composed(self, state: _State, compared: bool) -> Answer:
        """The answer from the articles, brief if that is wished, with how sure it is. If not
        ``compared``, it is not looked for what other articles say of the same."""
        answer = self._whole(state, compared)
        kind = state.question.kind
        if state.options.style == "brief" and kind not in _LISTS:
            answer = brief(answer)
        # Articles are listed by what they are; how well one piece answers says nothing of that.
        listed = kind is Kind.ARTICLES
        sure = float(bool(answer.sentences)) if listed else state.found.confidence
        return replace(answer, confidence=sure)

    def _whole(self, state: _State, compared: bool) -> Answer:
        question, asked, found = state.question, state.asked, state.found
        evidence, hits, options = state.evidence, state.hits, state.options
        if question.kind is Kind.ARTICLES:
            from qa import framing, listing  # and their patterns of days: few questions need them

            told = {article for article, _, _ in state.told}
            listed = listing.articles(question, hits, self.library, options.where, told)
            if listed.pieces:
                heads, above = framing.listed(question, listed)
                return compose.answer(question, asked, listed.pieces, evidence, heads, above)
            return compose.refusal(question, asked, _articles(hits), evidence, more=bool(told))
        least = self.answer_from if options.answer_from is None else options.answer_from
        chosen = self._chosen(question, found, least, options.style == "brief")
        if not chosen and state.told:
            return compose.refusal(question, asked, (), evidence, more=True)
        if not chosen:
            from qa.background import background  # few questions are refused

            known = background(question, hits, self.library, options.where)
            return compose.refusal(question, asked, _articles(hits), evidence, known)
        if question.kind is Kind.TIMELINE:
            from qa import framing

            return compose.answer(
                question, asked, chosen, evidence, framing.dated(question, chosen)
            )
        if question.kind in _GATHERED:
            return compose.answer(question, asked, chosen, evidence)
        if not compared:
            return compose.answer(question, asked, chosen, evidence)
        from qa import agreement

        return agreement.composed(question, asked, chosen, found, evidence, self.library)

    def _chosen(
        self, question: Question, found: Extraction, least: float, briefly: bool
    ) -> Sequence[Candidate]:
        """The pieces that make the answer; none where the evidence does not bear one."""
        gathered = _GATHERED.get(question.kind)
        if not found.candidates or found.confidence < (
            max(least, _GATHER_FROM) if gathered else least
        ):
            return ()
        if gathered is not None:
            return gathered(found.candidates)
        # What words of another language tell is too rough to choose by.
        if briefly or not found.candidates[0].article.language.startswith(question.language):
            return found.candidates[:1]
        return choosing.chosen(question, found)


class Conversation:
    """Questions that lean on each other. One for each person who talks."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.turns: list[Turn] = []

    def ask(self, question: str, options: Options = PLAIN) -> Answer:
        """Answer a question in the light of the turns before it."""
        return _last(self.stream(question, options))

    def stream(
        self, question: str, options: Options = PLAIN, stop: threading.Event | None = None
    ) -> Iterator[Answer]:
        """The answer as it grows; the last one is what ``ask`` gives. See ``Assistant.stream``.

        A turn that was broken off counts with what there was of its answer.
        """
        resolved = self.resolve(question)
        answer = None
        try:
            for answer in self._assistant._answers(question, resolved, options, stop):
                yield answer
        finally:
            if answer is not None:
                self.turns.append(Turn(question, replace(answer, pending="")))

    def resolve(self, question: str) -> Resolved:
        """What a question would be searched as now: made self-contained from the turns before it."""
        assistant = self._assistant
        if assistant.generator is None:
            return resolve(question, self.turns, assistant.library)
        from qa.rewriting import rewrite

        return rewrite(question, self.turns, assistant.library, assistant.generator)


def grow(answer: Answer) -> Iterator[Answer]:
    """An answer as it is read out: one more sentence each time, whole at the end."""
    at = 0
    for i, sentence in enumerate(answer.sentences[:-1], start=1):
        at = answer.text.index(sentence.text, at) + len(sentence.text)
        at += sum(len(f"[{m}]") for m in sentence.markers)
        yield replace(answer, text=answer.text[:at], sentences=answer.sentences[:i])
    yield answer


def _last(answers: Iterable[Answer]) -> Answer:
    *_, answer = answers
    return answer


def _sentences(hit: Hit) -> tuple[Sentence, ...]:
    p = hit.passage
    return tuple(
        Sentence(hit.article, a, b) for a, b in sentence_spans(hit.article.text, p.start, p.end)
    )


def _articles(hits: Iterable[Hit]) -> list[Article]:
    return list({h.article.id: h.article for h in hits}.values())


@dataclass(frozen=True, slots=True)
class _State:
    """What is asked and what was found for it: what an answer is put together from."""

    question: Question
    asked: str
    found: Extraction
    evidence: Sequence[Evidence]
    hits: Sequence[Hit]
    options: Options
    told: Sequence[Place]


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = time.perf_counter() - start
