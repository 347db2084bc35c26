"""What the reader learns from: questions, each with sentences of its article.

The one that holds the answer stands against those that share most with the question; some are cut to
a clause, and some stand under the article's title. Of DRCD a third of the articles is left out
(``sources.is_read``), and half of those that our own questions are on (``written.is_read``), so that
what is learned with the reader, and what is measured, has questions that it has not seen; of CMRC, NCP
and the news all are.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.sentences import sentence_spans
from training import sources, written

AGAINST = 5
"""Sentences without the answer, a question."""
CLAUSE, TITLED = 0.25, 0.6
"""How often a sentence is cut to a clause, and how often it stands under its title."""

Texts = tuple[str, str, list[str], bool]
"""A question, a title or none, sentences, and whether the first of them answers."""


def questions(data: Path, chance: random.Random) -> Iterator[Texts]:
    """The questions of ``sources.READ``."""
    for name in sources.READ:
        articles = {r["id"]: r for r in sources.rows(f"corpora/{name}", data)}
        for row in sources.rows(f"questions/{name}", data):
            if not row["answers"] or not any(map(sources.is_read, row["passage_ids"])):
                continue
            article = articles[row["passage_ids"][0]]
            text, answers = article["text"], [a.strip() for a in row["answers"]]
            parts = [text[a:b] for a, b in sentence_spans(text, 0, len(text))]
            told = [(s, any(a in s for a in answers)) for s in parts]
            cut = [(_cut(s, answers if yes else (), chance), yes) for s, yes in told]
            found = _compared_sentences(row["question"], cut, chance)
            title = (article["title"] or "") if chance.random() < TITLED else ""
            if found and any(yes for _, yes in told):
                yield row["question"], title, found, True


def our_own(data: Path, chance: random.Random) -> Iterator[Texts]:
    """The questions of our own, on news and encyclopaedia pages."""
    names = tuple(f"corpora/{name}" for name in ("crud_a", "cmrc_trial", "drcd_dev"))
    articles = {r["id"]: r for r in sources.rows_of(names, data)}
    texts = {i: r["text"] for i, r in articles.items()}
    for question, at, told in written.sentences(texts):
        found = _compared_sentences(question, told, chance)
        if found:
            yield question, articles[at]["title"] or "", found, any(yes for _, yes in told)


def _compared_sentences(
    question: str, told: Sequence[tuple[str, bool]], chance: random.Random
) -> list[str]:
    """The first sentence with the answer, if any has it, and those without that share most with the
    question; none where nothing is to be told apart."""
    pairs = {question[i : i + 2] for i in range(len(question) - 1)}
    right = [s.strip() for s, yes in told if yes][:1]
    wrong = [s.strip() for s, yes in told if not yes and len(s.strip()) > 3]
    wrong.sort(key=lambda s: (-sum(p in s for p in pairs), chance.random()))
    return [*right, *wrong[:AGAINST]] if wrong else []


def _cut(sentence: str, answers: Sequence[str], chance: random.Random) -> str:
    """Some sentences cut to one or two of their clauses, those with the answer."""
    sentence = sentence.strip()
    if len(sentence) < 40 or chance.random() > CLAUSE:
        return sentence
    marks = [i for i, c in enumerate(sentence) if c in "，、；,;"]
    places = [0, *(i + 1 for i in marks), len(sentence)]
    spans = [(a, b) for n in (1, 2) for a, b in zip(places, places[n:], strict=False) if b - a > 5]
    spans = [s for s in spans if not answers or any(a in sentence[slice(*s)] for a in answers)]
    return sentence[slice(*chance.choice(spans))].strip() if spans else sentence
