"""Is a sentence borne out by what it cites? Nothing is shown as supported that was not checked here.

A sentence is laid beside the passages that it cites. Its numbers, dates, names and quotations must
stand there, in the clause that says the same and not in exchange for others; what is denied,
planned or possible there must be so here; enough of its words must be there; and its meaning must
be near. What supports it is then located to the character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.patterns import lazy
from index.tokens import Segmenter
from index.types import Article, Encoder
from qa.checks import problems
from qa.facts import Day, days
from qa.grounding import Ground, Known, merged
from qa.orders import without_orders
from qa.packing import Source
from qa.types import Problem
from qa.wording import Wording

NEAR = {False: 0.35, True: 0.45}
"""The cosine that a sentence and what supports it must have; by whether they are in two languages."""
RELATED = 0.3
"""The part of a sentence's pairs of characters (for another language: the cosine) that a passage
must have; below it the sentence has nothing to do with the evidence, and is not shown."""
ENTAILED = 0.5
"""The probability of contradiction above which an NLI model's word counts."""
_QUOTES = 3  # sentences apart that one sentence may be drawn from
_ORDINAL = lazy(r"^\s*(?:[（(]?\d{1,2}[）)]|\d{1,2}[.、．](?!\d))\s*")
_FIGURES = lazy(r"\d[\d.,]*\s?[百千万亿%]*")
_FRAME = lazy(
    r"^(?:(?:根据|据|按照|依据)(?:以上|上述|所给|相关|提供的|这些|该)?(?:资料|文章|报道|材料|内容|新闻|通知|介绍|悉|了解|报告)[\d（）()]*(?:显示|介绍|称)?|(?:资料|文章|报道|材料|文中)[\d（）()]*(?:中)?(?:显示|指出|提到|称|介绍|说明|写道)?|according to (?:the )?(?:passages?|articles?|sources?|documents?)(?: \d+)?)[，,：:]\s*",
    re.IGNORECASE,
)


class Entailment(Protocol):
    """A cross-encoder that says how a claim stands to a text."""

    def contradiction(self, text: str, claim: str) -> float:
        """The probability (0–1) that the text contradicts the claim or does not say it."""


@dataclass(frozen=True, slots=True)
class Support:
    """``article.text[start:end]`` bears a sentence out."""

    article: Article
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking a sentence found. ``supports`` are the places that it rests on, in the order
    of the passages; ``related`` is false where nothing of it stands in any passage."""

    supported: bool
    problems: tuple[Problem, ...]
    supports: tuple[Support, ...]
    related: bool = True


class Verifier:
    """Checks sentences against the passages that a model was shown. One for each answer."""

    def __init__(
        self,
        sources: Sequence[Source],
        encoder: Encoder,
        segmenter: Segmenter,
        entailment: Entailment | None = None,
    ) -> None:
        self._sources = {s.number: s for s in sources}
        self._encoder, self._segmenter, self._entailment = encoder, segmenter, entailment
        self._grounds: dict[int, Ground] = {}

    def check(self, sentence: str, markers: Sequence[int]) -> Verdict:
        """Check one sentence with the numbers of the passages that it cites.

        One that cites nothing is checked against each passage, and cites the first that bears it
        out; one that cites passages in vain is not: a wrong citation is not mended.
        """
        claim = _FRAME.sub("", _ORDINAL.sub("", sentence))
        cited = [n for n in dict.fromkeys(markers) if n in self._sources]
        if cited:
            verdict = self._best(claim, cited)
        elif markers:
            verdict = Verdict(False, (Problem.NO_CITATION,), ())
        else:
            tried = (self._best(claim, [n]) for n in self._sources)
            verdict = next(
                (v for v in tried if v.supported), Verdict(False, (Problem.NO_CITATION,), ())
            )
        if verdict.supported or self._is_related(claim):
            return verdict
        return Verdict(False, verdict.problems, (), related=False)

    def _best(self, claim: str, cited: Sequence[int]) -> Verdict:
        """The verdict by one of the passages if one is enough, else by all of them together."""
        verdicts = [self._against(claim, [n]) for n in cited]
        good = [v for v in verdicts if v.supported]
        if good:
            return max(good, key=lambda v: sum(s.end - s.start for s in v.supports) > 0)
        if len(cited) > 1:
            return self._against(claim, cited)
        return verdicts[0]

    def _ground(self, number: int) -> Ground:
        if number not in self._grounds:
            source = self._sources[number]
            a = source.article
            year = (
                [Day(0, 0, a.published.year, a.published.month, a.published.day)]
                if a.published
                else []
            )
            if a.event is not None:
                year.append(Day(0, 0, a.event.year, a.event.month, a.event.day))
            about = "\n".join(without_orders(t) for t in (a.title, a.kicker, a.byline))
            known = Known(about, (*year, *days(about)))
            self._grounds[number] = Ground(source.text, known, self._segmenter)
        return self._grounds[number]

    def _is_related(self, claim: str) -> bool:
        for number in self._sources:
            w = Wording(claim, [self._ground(number)], self._segmenter)
            if w.foreign:
                if self._nearness(claim, [w.grounds[0].text]) >= RELATED:
                    return True
            elif w.shared >= RELATED:
                return True
        return False

    def _against(self, claim: str, cited: Sequence[int]) -> Verdict:
        w = Wording(claim, [self._ground(n) for n in cited], self._segmenter)
        found = list(problems(w))
        places = [(part.ground, c.start) for part in w.laid for c in part.beside]
        supports = self._located(cited, w.grounds, [*places, *w.places])
        if w.foreign and not supports:
            supports = self._nearest(claim, cited)
        if not found:
            quotes = [s.article.text[s.start : s.end] for s in supports]
            if (
                not quotes
                or self._nearness(claim, [*quotes, _beside(w)]) < NEAR[w.foreign]
                or self._contradicts("".join(quotes), claim)
            ):
                found.append(Problem.MEANING)
        return Verdict(not found, tuple(found), tuple(supports))

    def _contradicts(self, quotes: str, claim: str) -> bool:
        nli = self._entailment
        return nli is not None and nli.contradiction(quotes, claim) > ENTAILED

    def _nearness(self, claim: str, texts: Sequence[str]) -> float:
        """The cosine of the claim with the nearest of the texts. Figures are checked by themselves
        and left out."""
        plain = [_FIGURES.sub("", text) or text for text in (claim, *texts, "".join(texts))]
        vectors = self._encoder.encode_passages(plain)
        return float((vectors[1:] @ vectors[0]).max())

    def _nearest(self, claim: str, cited: Sequence[int]) -> list[Support]:
        """The sentence of the cited passages that is nearest in meaning, for another language."""
        found: list[tuple[float, Support]] = []
        for number in cited:
            source, ground = self._sources[number], self._ground(number)
            texts = [ground.text[a:b] for a, b in ground.sentences]
            if texts:
                vectors = self._encoder.encode_passages([claim, *texts])
                for (a, b), cosine in zip(ground.sentences, vectors[1:] @ vectors[0], strict=True):
                    support = Support(source.article, source.start + a, source.start + b)
                    found.append((float(cosine), support))
        return [max(found, key=lambda f: f[0])[1]] if found else []

    def _located(
        self, cited: Sequence[int], grounds: Sequence[Ground], places: Sequence[tuple[int, int]]
    ) -> list[Support]:
        """The sentences that hold these places, as spans of the articles."""
        found: list[Support] = []
        for i, ground in enumerate(grounds):
            spans = [s for at, p in places if at == i and (s := ground.sentence_at(p))]
            source = self._sources[cited[i]]
            found += [
                Support(source.article, source.start + a, source.start + b)
                for a, b in merged(spans, ground.text)[:_QUOTES]
            ]
        return found


def _beside(w: Wording) -> str:
    """The clauses of the evidence that the claim is laid beside."""
    return "，".join(c.text for part in w.laid for c in part.beside[:1])
