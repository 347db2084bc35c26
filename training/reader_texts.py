"""What the reader learns from: questions, each with sentences of its article and of others.

The one that holds the answer stands against those of its article that share most with the question,
and against one of each of the next articles that a search finds; some are cut to a clause, and some
stand under their article's title. A third of DRCD's articles is left out (``sources.is_read``), our
own questions of ``written.NEAR_MISSES``, and all of CMRC, NCP and crud, so that what is learned with
the reader, and what is measured, has questions that it has not seen.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.library import Library
from index.sentences import sentence_spans
from index.types import Article
from training import ranking, sources, written

AGAINST, BESIDE = 5, 2
"""Sentences without the answer, a question: of its own article, and of others."""
SEARCHED = 6
"""Passages that are searched for others."""
CLAUSE, TITLED = 0.25, 0.7
"""How often a sentence is cut to a clause, and how often it stands under its title."""

Told = tuple[str, str]
"""A title or none, and a sentence."""
Texts = tuple[str, list[Told], bool]
"""A question, sentences, and whether the first of them answers."""


def questions(name: str, data: Path, chance: random.Random) -> Iterator[Texts]:
    """The questions of one of ``sources.READ``, which all are answered."""
    entry = ranking.Set(name, f"questions/{name}", (f"corpora/{name}",))
    with (
        tempfile.TemporaryDirectory() as scratch,
        ranking.opened(entry, Path(scratch), data) as library,
    ):
        articles = {a.id: a for a in library.articles()}
        for row in sources.rows(entry.questions, data):
            if not row["answers"] or not any(map(sources.is_read, row["passage_ids"])):
                continue
            article, answers = articles[row["passage_ids"][0]], [a.strip() for a in row["answers"]]
            told = _sentences(article, answers, chance)
            right = [s for s, yes in told if yes][:1]
            others = _beside(row["question"], library, set(row["passage_ids"]), answers, chance)
            wrong = _likest(row["question"], [s for s, yes in told if not yes], chance)
            if right and (wrong or others):
                yield row["question"], _titled([*right, *wrong, *others], chance), True


def our_own(data: Path, chance: random.Random) -> Iterator[Texts]:
    """The questions of our own; those that their article does not answer have no right sentence."""
    names = (*(f"corpora/{n}" for n in ("crud_a", "xwlb_train", "drcd_dev")), sources.PAGES)
    articles = {r["id"]: r for r in sources.rows_of(names, data)}
    for row in written.rows(written.READ):
        article, at = articles[row["passage_id"]], row.get("start", -1)
        text = article["text"]
        spans = sentence_spans(text, 0, len(text))
        answer = [text[at : row["end"]]] if at >= 0 else []
        told = [
            (_cut(text[a:b], answer if a <= at < b else [], chance), a <= at < b) for a, b in spans
        ]
        title = article["title"] or ""
        right = [(title, s) for s, yes in told if yes]
        wrong = _likest(row["question"], [(title, s) for s, yes in told if not yes], chance)
        if wrong:
            yield row["question"], _titled([*right, *wrong], chance), bool(right)


def _sentences(
    article: Article, answers: Sequence[str], chance: random.Random
) -> list[tuple[Told, bool]]:
    """The sentences of an article, and whether they hold an answer."""
    text, found = article.text, []
    for a, b in sentence_spans(text, 0, len(text)):
        yes = any(x in text[a:b] for x in answers)
        cut = _cut(text[a:b], answers if yes else (), chance)
        found.append(((article.title, cut), yes))
    return found


def _beside(
    question: str, library: Library, own: set[str], answers: Sequence[str], chance: random.Random
) -> list[Told]:
    """Of the next articles that a search finds the sentence that shares most with the question."""
    found: list[Told] = []
    for hit in library.search(question, k=SEARCHED):
        if hit.article.id in own or len(found) == BESIDE:
            continue
        own = {*own, hit.article.id}
        text = hit.article.text
        spans = sentence_spans(text, hit.passage.start, hit.passage.end)
        told = [s for s in (text[a:b] for a, b in spans) if not any(x in s for x in answers)]
        cut = [(hit.article.title, _cut(s, (), chance)) for s in told]
        found += _likest(question, cut, chance)[:1]
    return found


def _likest(question: str, told: Sequence[Told], chance: random.Random) -> list[Told]:
    """The sentences that share most with a question, the most first."""
    pairs = {question[i : i + 2] for i in range(len(question) - 1)}
    some = [s for s in told if len(s[1].strip()) > 3]
    return sorted(some, key=lambda s: (-sum(p in s[1] for p in pairs), chance.random()))[:AGAINST]


def _titled(told: Sequence[Told], chance: random.Random) -> list[Told]:
    """All under their titles, or none."""
    titled = chance.random() < TITLED
    return [(title if titled else "", sentence.strip()) for title, sentence in told]


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
