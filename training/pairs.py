"""Batches of pairs that belong together: token numbers only, made while training.

Each task yields two lists of token arrays, queries and positives; the other rows of a
batch are the negatives, so one batch holds one task in one language pair.

    cloze       a sentence (shortened, thinned, some made a question) → the passage around it,
                the sentence itself left out of it one time in three
    headline    an item's title → a window of its text
    translated  the same two, with one side (or both) put word by word into English by dictionary
    lexical     rare words of any script, drawn at random → a text that holds them among others:
                words that no training text holds keep vectors that tell them apart
    question    a question → its passage (Japanese) or its answer (government notices)
    gloss       a dictionary word → its meaning
    pinyin      a dictionary word → its sound
    parallel    a sentence → its translation
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training import asking, sources
from training.glosses import Glosses
from training.texts import Corpus, Encoder, Ids, read_corpus

Batch = tuple[list[Ids], list[Ids]]
LEAVE_OUT = 0.35
"""How often the sentence asked for is missing from the passage."""
INJECTED = 0.25
"""How often both sides get the same few rare words, as if they were names."""
RARE = 2e-6
"""The share of all tokens under which a word is rare."""


class Pairs:
    """All training data, tokenized; ``batches`` draws tasks and a batch of each."""

    def __init__(self, tokenizer: Tokenizer, data: Path, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        encode = Encoder(tokenizer)
        self.news = read_corpus(sources.ARTICLES, encode, data)
        self.japanese = read_corpus((sources.JAPANESE[0],), encode, data)
        self.titled = np.flatnonzero([len(t) > 2 for t in self.news.titles])
        self.glosses = Glosses(encode, data)
        self._words(encode)
        self._lists(encode, data)
        counts = self.counts(tokenizer.get_vocab_size())
        self.rare = np.flatnonzero(counts < RARE * counts.sum()).astype(np.int32)
        self.rare = self.rare[self.rare > 256]
        self.tasks: dict[str, tuple[float, Callable[[int], Batch]]] = {
            "cloze": (0.36, lambda n: self.cloze(n, self.news)),
            "headline": (0.09, self.headline),
            "translated": (0.24, self.translated),
            "question_ja": (0.06, self.question),
            "cloze_ja": (0.03, lambda n: self.cloze(n, self.japanese)),
            "cloze_en": (0.04, self.cloze_english),
            "lexical": (0.03, self.lexical),
            "gloss_en": (0.09, lambda n: self.listed(n, "gloss_en")),
            "gloss_fr": (0.02, lambda n: self.listed(n, "gloss_fr")),
            "pinyin": (0.015, lambda n: self.listed(n, "pinyin")),
            "parallel": (0.05, lambda n: self.listed(n, "parallel")),
            "policy": (0.01, lambda n: self.listed(n, "policy")),
        }

    def _words(self, encode: Encoder) -> None:
        self.asking = encode(asking.CHINESE)
        self.asking_english = encode([f"{a} " for a in asking.ENGLISH])
        self.joining = [
            encode([w if language in ("ja", "th", "ko") else f" {w}"])[0]
            for language, words in asking.OTHERS.items()
            for w in words.split()
        ]
        self.tongues = _runs([len(words.split()) for words in asking.OTHERS.values()])

    def _lists(self, encode: Encoder, data: Path) -> None:
        lists = {
            "gloss_en": self.glosses.pairs["en"],
            "gloss_fr": self.glosses.pairs["fr"],
            "pinyin": self.glosses.names,
        }
        both = [(r["zh"], r["en"]) for r in sources.rows_of(sources.SENTENCES, data)]
        lists["parallel"] = ([z for z, _ in both], [e for _, e in both])
        policy = list(sources.rows(sources.POLICY, data))
        lists["policy"] = ([r["query"] for r in policy], [r["positive"] for r in policy])
        self.lists = {name: (encode(a), encode(b)) for name, (a, b) in lists.items()}
        number = {r["id"]: i for i, r in enumerate(sources.rows(sources.JAPANESE[0], data))}
        asked = list(sources.rows(sources.JAPANESE[1], data))
        self.questions = encode([r["question"] for r in asked])
        self.answered = np.array([number[r["passage_ids"][0]] for r in asked])
        bodies = [r["en"] for r in sources.rows("parallel/wmt21_22", data)]
        coded = encode(bodies)
        self.english = Corpus(
            coded,
            np.append(np.arange(0, len(coded), 6), len(coded)),
            [coded[0][:0]] * (len(coded) // 6 + 1),
        )

    def batches(self, size: int, steps: int) -> Iterator[tuple[str, Batch]]:
        """``steps`` batches of at most ``size`` pairs, with the name of their task."""
        names = list(self.tasks)
        weights = np.array([self.tasks[n][0] for n in names])
        for k in self.rng.choice(len(names), steps, p=weights / weights.sum()):
            yield names[k], self.tasks[names[k]][1](size)

    def listed(self, size: int, name: str) -> Batch:
        """Rows of a list of pairs."""
        left, right = self.lists[name]
        rows = self.rng.choice(len(left), min(size, len(left)), replace=False)
        kept = [r for r in rows if len(left[r]) and len(right[r])]
        return [left[r] for r in kept], [right[r] for r in kept]

    def window(self, corpus: Corpus, low: int, high: int, length: float) -> tuple[int, int]:
        """A run of sentences of about ``length`` tokens between ``low`` and ``high``."""
        start = end = int(self.rng.integers(low, high))
        size = 0
        while end < high and size < length:
            size += len(corpus.sentences[end])
            end += 1
        while start > low and size < length:
            start -= 1
            size += len(corpus.sentences[start])
        return start, end

    def cloze(self, size: int, corpus: Corpus) -> Batch:
        """Sentence → its passage; a long article gives two, each the other's hard negative."""
        queries, passages = list[Ids](), list[Ids]()
        for article in self.rng.permutation(len(corpus))[:size]:
            if len(queries) >= size:
                break
            low, high = int(corpus.first[article]), int(corpus.first[article + 1])
            cut = low + int((high - low) * self.rng.uniform(0.35, 0.65))
            for begin, end in [(low, cut), (cut, high)] if high - low >= 8 else [(low, high)]:
                query, passage = self.around(corpus, article, begin, end)
                queries.append(query)
                passages.append(passage)
        return queries, passages

    def cloze_english(self, size: int) -> Batch:
        """The same, asked in English."""
        queries, passages = self.cloze(size, self.english)
        return [self.asked(q) for q in queries], passages

    def around(self, corpus: Corpus, article: int, low: int, high: int) -> tuple[Ids, Ids]:
        """A sentence of ``low:high`` and a window that it stands in."""
        rng = self.rng
        start, end = self.window(corpus, low, high, rng.uniform(50, 230))
        at = int(rng.integers(start, end))
        leave_out = rng.random() < LEAVE_OUT and end - start > 2
        parts = [corpus.sentences[i] for i in range(start, end) if not (leave_out and i == at)]
        if len(corpus.titles[article]) and rng.random() < 0.3:
            parts.append(corpus.titles[article])
        query, passage = self.shorten(corpus.sentences[at]), np.concatenate(parts)[:400]
        if rng.random() < INJECTED:
            names = rng.choice(self.rare, int(rng.integers(1, 4)))
            query, passage = np.concatenate([query, names]), np.concatenate([passage, names])
        return query, passage

    def shorten(self, sentence: Ids) -> Ids:
        """A part of a sentence, thinned; one in three with a question's words in it."""
        rng = self.rng
        length = int(rng.integers(4, 26))
        begin = int(rng.integers(0, max(1, len(sentence) - length + 1)))
        part = sentence[begin : begin + length]
        if rng.random() < 0.5 and len(part) > 4:
            part = part[rng.random(len(part)) < rng.uniform(0.4, 1.0)]
        if rng.random() < 0.35:
            part = np.concatenate([part, self.asking[int(rng.integers(len(self.asking)))]])
        return part if len(part) else sentence

    def headline(self, size: int) -> Batch:
        """Title → window of the text."""
        rows = self.rng.choice(self.titled, min(size, len(self.titled)), replace=False)
        passages = []
        for article, length in zip(rows, self.rng.uniform(50, 250, size), strict=False):
            low, high = self.news.first[article : article + 2]
            start, end = self.window(self.news, int(low), int(high), length)
            passages.append(np.concatenate(self.news.sentences[start:end])[:400])
        return [self.news.titles[r] for r in rows], passages

    def translated(self, size: int) -> Batch:
        """One side, or both, in dictionary English."""
        queries, passages = (
            self.headline(size) if self.rng.random() < 0.25 else self.cloze(size, self.news)
        )
        share, kind = (1.0 if self.rng.random() < 0.8 else 0.5), self.rng.random()
        if kind < 0.75:
            queries = [self.asked(self.glosses.translate(q, self.rng, share)) for q in queries]
        if kind > 0.5:
            passages = [self.glosses.translate(p, self.rng, share)[:500] for p in passages]
        return queries, passages

    def lexical(self, size: int) -> Batch:
        """Random rare words, as short and long texts, with joining words of one language."""
        queries, passages = list[Ids](), list[Ids]()
        for _ in range(size):
            passage = self.rng.choice(self.rare, int(self.rng.integers(20, 90)))
            query = self.rng.choice(passage, int(self.rng.integers(2, 9)), replace=False)
            low, high = self.tongues[int(self.rng.integers(len(self.tongues)))]
            queries.append(self.joined(query, low, high, int(self.rng.integers(1, 7))))
            passages.append(self.joined(passage, low, high, int(self.rng.integers(10, 40))))
        return queries, passages

    def asked(self, query: Ids) -> Ids:
        """Half of the time with the words of an English question before it."""
        if self.rng.random() < 0.5:
            return query
        return np.concatenate(
            [self.asking_english[int(self.rng.integers(len(self.asking_english)))], query]
        )

    def joined(self, text: Ids, low: int, high: int, count: int) -> Ids:
        """With some joining words."""
        return np.concatenate(
            [text, *(self.joining[k] for k in self.rng.integers(low, high, count))]
        )

    def question(self, size: int) -> Batch:
        """Japanese question → its paragraph, each paragraph once a batch."""
        rows = self.rng.permutation(len(self.questions))
        _, once = np.unique(self.answered[rows], return_index=True)
        rows = rows[once[: len(once)]]
        rows = self.rng.permutation(rows)[:size]
        first, sentences = self.japanese.first, self.japanese.sentences
        return [self.questions[r] for r in rows], [
            np.concatenate(sentences[first[self.answered[r]] : first[self.answered[r] + 1]])[:400]
            for r in rows
        ]

    def counts(self, size: int) -> NDArray[np.float64]:
        """How often each token occurs in the articles and lists, for the first weights."""
        lists = (ids for left, right in self.lists.values() for ids in (*left, *right))
        seen = np.bincount(np.concatenate(self.news.sentences), minlength=size).astype(np.float64)
        other = np.bincount(
            np.concatenate([*self.japanese.sentences, *self.questions, *lists]), minlength=size
        )
        # Each share counts by itself: "the" is frequent in English, however little English there is.
        return seen / seen.sum() + other / other.sum()


def _runs(lengths: list[int]) -> list[tuple[int, int]]:
    ends = np.cumsum(lengths).tolist()
    return list(zip([0, *ends], ends, strict=False))
