"""The questions that the reader learns from, as pieces: with where the answer lies, and in what order.

In the rounds at last names are no guide: in each example some of the rare pieces that question and
texts share are other rare ones of as many characters, in both (as entities were made anonymous by
Hermann et al. 2015), so that what is learned is where the words of a question meet those of a text, and
not whose names they are.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.encoder import BUNDLED_FOLDER
from index.pieces import Pieces
from qa.excerpts import Ids, excerpts, in_pieces, shortened, texts
from qa.reader import LONGEST, without_mark
from training.reader_texts import Texts

BATCH = 32
OTHERWISE, COMMON, LONG = 0.3, 0.03, 4
"""How many of the rare pieces that a question and its texts share are made others; which share of the
Chinese pieces that examples hold is not rare; and the characters of the longest that is."""
ASKING = "谁誰何哪几幾啥咋怎么麼吗嗎呢多少"
"""Characters of words that ask: they stay."""
TOKENIZER = BUNDLED_FOLDER / "tokenizer.json"


@dataclass(frozen=True)
class Example:
    """A question, and sentences, the first of which answers where any does, in what is read of their
    articles."""

    question: Ids
    headings: list[Ids]
    """What each excerpt stands under."""
    excerpts: list[Ids]
    places: list[tuple[int, int, int]]
    """Of each sentence its excerpt, and where in that it begins and ends."""
    answer: NDArray[np.bool_]
    """Of the first sentence, which pieces are the answer; none where no sentence answers."""

    @property
    def answered(self) -> bool:
        """Whether the first sentence answers."""
        return bool(self.answer.any())

    def sentence(self, number: int) -> Ids:
        """The pieces of a sentence."""
        excerpt, start, end = self.places[number]
        return self.excerpts[excerpt][start:end]


class Renaming:
    """Other pieces for some rare ones of examples; rare is what few of them hold."""

    def __init__(self, examples: Sequence[Example]) -> None:
        vocabulary = json.loads(TOKENIZER.read_text("utf-8"))["model"]["vocab"]
        self._words = [word for word, _ in vocabulary]
        held = np.zeros(len(self._words), np.int64)
        for example in examples:
            two = [example.sentence(i) for i in range(min(2, len(example.places)))]
            for text in (example.question, *two):
                held[np.unique(text)] += 1
        self._lengths = np.array([len(w) for w in self._words])
        named = np.array(
            [all("一" <= c <= "鿿" and c not in ASKING for c in w) for w in self._words]
        )
        some = named & (held > 0) & (self._lengths <= LONG)
        self._rare = some & (held < np.quantile(held[some], 1 - COMMON)) if some.any() else some
        self._alike = {
            n: np.flatnonzero(self._rare & (self._lengths == n)) for n in range(1, LONG + 1)
        }

    def __call__(self, example: Example, chance: random.Random) -> Example:
        """An example in which some rare pieces that its question and its texts share are others,
        as long. None is that also stands there cut otherwise (湖 in 湖水): it would meet itself no
        longer."""
        told = [*example.headings, *example.excerpts]
        shared = np.intersect1d(example.question, np.concatenate(told))
        drawn = [int(i) for i in shared[self._rare[shared]] if chance.random() < OTHERWISE]
        if not drawn:
            return example
        read = ["".join(self._words[i] for i in text) for text in (example.question, *told)]
        all_ = np.concatenate([example.question, *told])
        other = np.arange(len(self._rare))
        for i in drawn:
            if sum(text.count(self._words[i]) for text in read) == (all_ == i).sum():
                other[i] = chance.choice(self._alike[int(self._lengths[i])])
        return replace(
            example,
            question=other[example.question],
            headings=[other[x] for x in example.headings],
            excerpts=[other[x] for x in example.excerpts],
        )


def prepared(made: Iterable[Texts], pieces: Pieces) -> list[Example]:
    """Texts as pieces; without those that have none, and those whose answer is not read."""
    rows = [(without_mark(question), told, answers) for question, told, answers in made]
    read = [excerpts(told) for _, told, _ in rows]
    asked = zip(rows, read, strict=True)
    ids, first = pieces([t for (q, *_), (parts, _) in asked for t in (q, *texts(parts))])
    at = iter(ids[a:b] for a, b in pairwise(first))
    found = []
    for (_, _, answers), (parts, cuts), answer in zip(rows, read, _answers(rows), strict=True):
        question = next(at)[:LONGEST]
        headings, whole, places = in_pieces(parts, cuts, at)
        example = Example(question, headings, whole, places, answer)
        # Where the answer is not in what is read of a sentence, neither yes nor no can be learned.
        if len(question) and all(a < b for _, a, b in places) and example.answered == bool(answers):
            found.append(example)
    return found


def batches(found: Sequence[Example], chance: random.Random) -> Iterator[list[Example]]:
    """The examples in a new order, those of like length together."""
    order = chance.sample(list(found), len(found))
    all_: list[list[Example]] = []
    for k in range(0, len(order), 40 * BATCH):
        part = sorted(order[k : k + 40 * BATCH], key=lambda e: max(map(len, e.excerpts)))
        all_ += [part[i : i + BATCH] for i in range(0, len(part), BATCH)]
    yield from chance.sample(all_, len(all_))


def _answers(rows: Sequence[Texts]) -> Iterator[NDArray[np.bool_]]:
    """Of the first sentence of each question which pieces lie in the answer. (``Pieces`` cuts alike and
    tells no places.)"""
    from tokenizers import Tokenizer

    firsts = [text[slice(*shortened(a, b))] for _, ((_, text, a, b), *_), _ in rows]
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    encoded = tokenizer.encode_batch(firsts, add_special_tokens=False)
    for (*_, answers), first, read in zip(rows, firsts, encoded, strict=True):
        answer = next((a for a in answers if a and a in first), "")
        start = first.find(answer) if answer else len(first)
        end = start + len(answer)
        yield np.array([i < end and j > start for i, j in read.offsets], bool)
