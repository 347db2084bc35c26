"""What the reader learns from: questions, each with sentences of its article and of others.

The one that holds the answer stands against those of its article that share most with the question,
and against one of each of the next articles that a search finds; some are cut to a clause, and most
are read under their article's title, or its first words, and behind the words before them. Into some
of our own a time is put (``training.times``). A third of DRCD's articles is left out
(``sources.is_read``), our own questions of ``written.NEAR_MISSES``, and all of CMRC, NCP and crud, so
that what is learned with the reader, and what is measured, has questions that it has not seen.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.library import Library
from index.sentences import sentence_spans
from index.types import Article
from qa.excerpts import Told
from qa.matching import question_terms
from qa.question import analyse
from qa.reader import LEAD
from training import ranking, sources, written
from training.another import heaviest, of_another
from training.times import timed

AGAINST, BESIDE = 7, 2
"""Sentences without the answer, a question: of its own article, and of others."""
SEARCHED = 6
"""Passages that are searched for others."""
RENAMED = 0.4
"""How many of our own answered questions are asked of another thing as well."""
CLAUSE, TITLED, LED = 0.25, 0.65, 0.8
"""How often a sentence is cut to a clause; stands under its title; and where not, under the article's
first words."""

How = tuple[bool, bool]
"""Whether sentences stand under their title, and where not under the first words: drawn once for each
question, so that it tells nothing."""
Texts = tuple[str, list[Told], Sequence[str]]
"""A question, sentences, and what the first of them answers: one of these words; none where none does."""


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
            how = _how(chance)
            spans = sentence_spans(article.text, 0, len(article.text))
            yes = [any(x in article.text[a:b] for x in answers) for a, b in spans]
            told = [
                _told(article, s, how, answers if y else (), chance)
                for s, y in zip(spans, yes, strict=True)
            ]
            right = [t for t, y in zip(told, yes, strict=True) if y][:1]
            wrong = [t for t, y in zip(told, yes, strict=True) if not y]
            wrong = _likest(row["question"], wrong, chance)
            others = _beside(row, library, answers, how, chance)
            if right and (wrong or others):
                yield row["question"], [*right, *wrong, *others], answers


def our_own(data: Path, chance: random.Random) -> Iterator[Texts]:
    """The questions of our own; those that their article does not answer have no right sentence."""
    articles = _own_articles(data)
    for row in written.rows(written.READ):
        article, at = articles[row["passage_id"]], row.get("start", -1)
        how, right, wrong = _how(chance), [], []
        answers = [article.text[at : row["end"]]] if at >= 0 else []
        end = row["end"] if answers else None
        question = timed(row["question"], article.text, end, chance) or row["question"]
        for a, b in sentence_spans(article.text, 0, len(article.text)):
            if a <= at < b:
                right.append(_told(article, (a, b), how, answers, chance))
            else:
                wrong.append(_told(article, (a, b), how, (), chance))
        wrong = _likest(question, wrong, chance)
        if wrong:
            yield question, [*right, *wrong], answers if right else ()


def of_another_thing(data: Path, chance: random.Random) -> Iterator[Texts]:
    """Some of our own questions that are answered, asked of something else: nothing answers them.

    Half of the names are made up, and half are those of other questions.
    """
    articles = _own_articles(data)
    rows = [r for r in written.rows(written.READ) if r["answerable"] and chance.random() < RENAMED]
    asked = {r["passage_id"] for r in rows}
    named: list[tuple[str, str, Article]] = []
    with tempfile.TemporaryDirectory() as scratch, Library.open(Path(scratch) / "own") as library:
        library.add_articles("own", [a for i, a in articles.items() if i in asked])
        for row in rows:
            article = articles[row["passage_id"]]
            terms = question_terms(analyse(row["question"]), library, [article.text])
            if word := heaviest(terms):
                named.append((row["question"], word, article))
    words = sorted({word for _, word, _ in named})
    for question, word, article in named:
        made = of_another(question, word, words, [article.text, article.title], chance)
        other = chance.choice(words)
        if chance.random() < 0.5 and other not in article.title + article.text:
            made = question.replace(word, other)
        how, text = _how(chance), article.text
        told = [_told(article, s, how, (), chance) for s in sentence_spans(text, 0, len(text))]
        if made and (wrong := _likest(made, told, chance)):
            yield made, wrong, ()


def _own_articles(data: Path) -> dict[str, Article]:
    names = (*(f"corpora/{n}" for n in ("crud_a", "xwlb_train", "drcd_dev")), sources.PAGES)
    return {a.id: a for a in ranking.articles_of(ranking.Set("own", "", names), data)}


def _how(chance: random.Random) -> How:
    return chance.random() < TITLED, chance.random() < LED


def _told(
    article: Article,
    span: tuple[int, int],
    how: How,
    answers: Sequence[str],
    chance: random.Random,
) -> Told:
    """A sentence of an article or a clause of it, with what it is read with."""
    titled, led = how
    heading = article.title if titled else ""
    heading = heading or (article.text[:LEAD] if led else "")
    return heading, article.text, *_cut(article.text, span, answers, chance)


def _beside(
    row: Mapping[str, Any],
    library: Library,
    answers: Sequence[str],
    how: How,
    chance: random.Random,
) -> list[Told]:
    """Of the next articles that a search finds the sentence that shares most with the question."""
    found: list[Told] = []
    question, own = row["question"], set(row["passage_ids"])
    for hit in library.search(question, k=SEARCHED):
        if hit.article.id in own or len(found) == BESIDE:
            continue
        own = {*own, hit.article.id}
        text = hit.article.text
        spans = sentence_spans(text, hit.passage.start, hit.passage.end)
        spans = [(a, b) for a, b in spans if not any(x in text[a:b] for x in answers)]
        told = [_told(hit.article, span, how, (), chance) for span in spans]
        found += _likest(question, told, chance)[:1]
    return found


def _likest(question: str, told: Sequence[Told], chance: random.Random) -> list[Told]:
    """The sentences that share most with a question, the most first."""
    pairs = {question[i : i + 2] for i in range(len(question) - 1)}
    said = [(text[a:b], each) for each in told for (_, text, a, b) in [each]]
    some = [(t, each) for t, each in said if len(t.strip()) > 3]
    some.sort(key=lambda s: (-sum(p in s[0] for p in pairs), chance.random()))
    return [each for _, each in some[:AGAINST]]


def _cut(
    text: str, span: tuple[int, int], answers: Sequence[str], chance: random.Random
) -> tuple[int, int]:
    """Where a sentence begins and ends: of some only one or two clauses, with the answer."""
    sentence = text[slice(*span)]
    if len(sentence) < 40 or chance.random() > CLAUSE:
        return span
    marks = [i for i, c in enumerate(sentence) if c in "，、；,;"]
    places = [0, *(i + 1 for i in marks), len(sentence)]
    spans = [(a, b) for n in (1, 2) for a, b in zip(places, places[n:], strict=False) if b - a > 5]
    spans = [s for s in spans if not answers or any(a in sentence[slice(*s)] for a in answers)]
    start, end = chance.choice(spans) if spans else (0, len(sentence))
    return span[0] + start, span[0] + end
