"""An answer by a language model: asked, streamed, checked sentence by sentence.

What is shown is only what was checked. When the model gives no whole answer, the extractive one is
given in its stead, with a notice; nothing of a broken answer is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.errors import (
    AnswerCutOff,
    AnswerUnusable,
    GenerationError,
    ServerBusy,
    ServerRefused,
    ServerTooSlow,
    ServerUnreachable,
)
from index.library import Library
from index.patterns import lazy
from prompts import render
from qa.background import background
from qa.compose import cite, refusal, shown
from qa.drafts import Draft, DraftSentence
from qa.generate import ContextTooSmall
from qa.generator import Generator
from qa.orders import addresses, gives_orders
from qa.packing import Source, pack
from qa.question import Question
from qa.quoting import quote_is_exact
from qa.scoring import Candidate
from qa.thinking import START_AGAIN, without_thinking
from qa.types import Answer, AnswerSentence, Citation, Notice, NoticeKind, Status
from qa.verify import Entailment, Support, Verdict, Verifier

_KINDS: tuple[tuple[type[GenerationError], NoticeKind], ...] = (
    (ServerUnreachable, NoticeKind.UNREACHABLE),
    (ServerTooSlow, NoticeKind.TOO_SLOW),
    (ServerRefused, NoticeKind.REFUSED),
    (ServerBusy, NoticeKind.BUSY),
    (AnswerCutOff, NoticeKind.CUT_OFF),
    (AnswerUnusable, NoticeKind.UNUSABLE),
)
# How a model says that it found no answer, as the prompts ask it to.
_NONE = lazy(
    r"^\W*(?:(?:所给|提供的|以上|这些)?(?:资料|文章|材料)[中里]?(?:并?没有|未|无)(?:找到|提供|提到|包含|给出)?(?:[^。，]{0,12})?(?:答案|相关信息|依据|信息|内容)"
    r"|(?:the )?(?:passages?|articles?|documents?) (?:do|does) not (?:say|mention|contain|provide))"
)


@dataclass(frozen=True, slots=True)
class Task:
    """A question that a model is to answer: what was found, and what is said without it.

    ``best`` are the pieces that the extractive answer is made of; ``fallback`` is that answer, and
    ``without`` makes it in full, with what other articles say of the same, where it is needed.
    """

    question: Question
    asked: str
    best: Sequence[Candidate]
    fallback: Answer
    without: Callable[[], Answer]


@dataclass(frozen=True, slots=True)
class Writer:
    """A language model at work on one library. ``strict`` puts evidence in place of sentences that
    are not supported; ``entailment`` is an NLI model that must agree too."""

    generator: Generator
    library: Library
    strict: bool = False
    entailment: Entailment | None = None

    def write(self, task: Task, stop: threading.Event | None = None) -> Iterator[Answer]:
        """The answer as it grows (see ``Assistant.stream``); the last one is whole."""
        try:
            yield from self._written(task, stop)
        except GenerationError as error:
            kind = next((k for e, k in _KINDS if isinstance(error, e)), NoticeKind.UNUSABLE)
            yield _noticed(task.without(), kind, task.question.language, str(error))

    def _written(self, task: Task, stop: threading.Event | None) -> Iterator[Answer]:
        context = self.generator.context
        try:
            yield from self._attempt(task, stop, context)
        except ContextTooSmall:
            yield from self._attempt(task, stop, context // 2)

    def _attempt(self, task: Task, stop: threading.Event | None, context: int) -> Iterator[Answer]:
        question = task.question
        first = [(c.article, (c.unit.start, c.unit.end)) for c in task.best]
        messages, sources = pack(
            question.text, question.language, task.fallback.evidence, first, self.generator, context
        )
        page = _Page(task, sources, self)
        draft = Draft()
        name = self.generator.name
        before = replace(task.fallback, text="", sentences=(), citations=(), model=name)
        for piece in without_thinking(self.generator.stream(messages, stop)):
            if piece is START_AGAIN:
                page, draft = _Page(task, sources, self), Draft()
                continue
            for sentence in draft.add(piece):
                page.take(sentence)
            yield page.answer(before, draft.pending)
        if stop and stop.is_set():
            done = page.answer(before, "")
            if not done.sentences:
                done = replace(done, status=Status.NO_EVIDENCE)
            yield _noticed(done, NoticeKind.STOPPED, question.language)
            return
        for sentence in draft.end():
            page.take(sentence)
        yield page.finished(before)


class _Page:
    """What has been written and checked so far."""

    def __init__(self, task: Task, sources: Sequence[Source], writer: Writer) -> None:
        self._task, self._strict = task, writer.strict
        library = self._library = writer.library
        self._verifier = Verifier(sources, library.encoder, library.segmenter, writer.entailment)
        self._evidence = "\n".join(f"{s.article.title}\n{s.article.text}" for s in sources)
        self._sentences: list[AnswerSentence] = []
        self._starts: list[int] = []
        self._citations: dict[tuple[str, int, int], Citation] = {}
        self._left_out = self._none = 0

    def take(self, sentence: DraftSentence) -> None:
        """One more sentence of the model."""
        if _NONE.search(sentence.text.lower()) and not sentence.markers:
            self._none += 1
            return
        if self._is_foreign_matter(sentence.text):
            self._left_out += 1
            return
        verdict = self._verifier.check(sentence.text, sentence.markers)
        if not verdict.related:
            self._left_out += 1
        elif verdict.supported or not self._strict:
            self._add(sentence.text, verdict, sentence.new_line)
        else:
            self._add_evidence(verdict, sentence.new_line)

    def answer(self, before: Answer, pending: str) -> Answer:
        """The answer so far."""
        supported = all(s.supported for s in self._sentences)
        return replace(
            before,
            text=shown(self._sentences, self._starts),
            sentences=tuple(self._sentences),
            citations=tuple(self._citations.values()),
            status=Status.ANSWERED if supported else Status.UNVERIFIED,
            pending=pending,
        )

    def finished(self, before: Answer) -> Answer:
        """The answer when all is said: a refusal if nothing of it is supported."""
        task, language = self._task, self._task.question.language
        if any(s.supported for s in self._sentences):
            answer = self.answer(before, "")
            return _noticed(answer, NoticeKind.LEFT_OUT, language) if self._left_out else answer
        if not self._sentences and not self._none:
            raise AnswerUnusable("The language model wrote nothing that is about the question.")
        nearest = {e.hit.article.id: e.hit.article for e in before.evidence}
        hits = [e.hit for e in before.evidence]
        known = background(task.question, hits, self._library, further=False)
        refused = refusal(task.question, task.asked, nearest.values(), before.evidence, known)
        refused = replace(refused, model=before.model, confidence=before.confidence)
        return _noticed(refused, NoticeKind.UNFOUNDED, language) if self._sentences else refused

    def _is_foreign_matter(self, text: str) -> bool:
        """Whether a sentence orders about, or names an address that no article has."""
        return gives_orders(text) or any(a not in self._evidence for a in addresses(text))

    def _add(self, text: str, verdict: Verdict, new_line: bool) -> None:
        markers = tuple(self._cite(s).marker for s in verdict.supports)
        if not self._sentences or new_line:
            self._starts.append(len(self._sentences))
        self._sentences.append(
            AnswerSentence(text, markers, verdict.supported, problems=verdict.problems)
        )

    def _add_evidence(self, verdict: Verdict, new_line: bool) -> None:
        """The evidence nearest to a sentence that it does not bear out, in the articles' words."""
        for support in verdict.supports[:1]:
            text = support.article.text[support.start : support.end]
            if all(s.text != text for s in self._sentences):
                self._add(text, Verdict(True, (), (support,)), new_line)

    def _cite(self, support: Support) -> Citation:
        """The citation of a place; a place that lies within one cited before has its marker."""
        article = support.article
        for (known, start, end), citation in self._citations.items():
            if known == article.id and start <= support.start and support.end <= end:
                return citation
        citation = cite(article, (support.start, support.end), len(self._citations) + 1)
        assert quote_is_exact(citation, article)
        self._citations[article.id, support.start, support.end] = citation
        return citation


def _noticed(answer: Answer, kind: NoticeKind, language: str, reason: str = "") -> Answer:
    text = render("notice", language, kind=str(kind), reason=reason)
    return replace(answer, notices=(*answer.notices, Notice(kind, text)), pending="")
