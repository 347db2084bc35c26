"""Whether a piece of text answers a question: a small network that reads both together.

Words that a question and a text share do not tell a near miss from an answer. So every piece of the
question looks for what meets it in the text, and every piece of the text for what of the question it
meets, each in the light of its neighbours (decomposable attention, Parikh et al. 2016, over two
layers of convolution); what it makes of that, it has learned from questions and what answers them.
A sentence seldom names what it speaks of (其中…, 他…, 全长318米), and often not of which year or
quarter: so it is read under its article's title, or first words, and behind what stands before it, and
what the question meets there is brought to it (by attention, Vaswani et al. 2017), twice over.
Sentences near to each other are read at once (``qa.excerpts``).

480,000 weights and a vector for each piece of the bundled tokenizer lie in ``reader.safetensors``,
learned by ``python -m training.reader``. NumPy alone computes it, in three milliseconds for two sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import product
from index.encoder import StaticEncoder, bundled
from index.errors import ModelError
from index.types import Article
from qa.excerpts import excerpts, in_pieces, texts

FORMAT = 4
WEIGHTS = Path(__file__).resolve().parent / "reader.safetensors"
LANGUAGES = ("zh", "ja")
"""Those of the questions it has learned from. In others (English, German, Spanish, Russian,
Vietnamese) it is no better than counting the words that question and sentence share."""
LONGEST, PRECEDING = 96, 96
"""Pieces that are read of a question; and of what stands before a span."""
LEAD = 40
"""Characters of an article's beginning, which it stands under where it has no title."""
APART, GAP = 64, 2
"""Pieces up to which it counts how far two are apart; and how far a heading is from its text."""

LEAST = -10.0
"""The log-odds of what has no words."""
_MARKS = " ?？!！.．。｡…~～"

Rows = NDArray[np.float32]
Places = NDArray[np.int64]


class Reader:
    """The network with its weights, for texts as the pieces of a bundled model.

    Raises ModelError when the file is missing, damaged, or was made for another model.
    """

    def __init__(self, path: Path, model: StaticEncoder) -> None:
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(str(path), "np") as file:
                told = file.metadata() or {}
                if (told.get("format"), told.get("pieces_of")) != (str(FORMAT), model.fingerprint):
                    raise ValueError("it was made for another model")
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            self._table: NDArray[np.int8] = tensors.pop("table")
            self._scales: NDArray[np.float32] = tensors.pop("scales")
            self._mixes = sorted({n[: n.index(".near")] for n in tensors if ".near." in n})
            self._weights = {n: np.ascontiguousarray(t, np.float32) for n, t in tensors.items()}
            for name, weight in self._weights.items():
                if weight.ndim > 1:
                    # A convolution is one product too: the neighbours of a piece side by side.
                    taps = np.moveaxis(weight, 1, -1).reshape(len(weight), -1)
                    self._weights[name] = np.ascontiguousarray(taps.T)
        except (OSError, KeyError, ValueError, SafetensorError) as error:
            raise ModelError(
                f"{path}: the reader cannot be read ({error}). Install the package again."
            ) from error
        self._model = model

    def verdicts(
        self, question: str, places: Sequence[tuple[Article, int, int]]
    ) -> NDArray[np.float64]:
        """How far each span of an article answers the question: log-odds, shape ``(places,)``.

        It is read under the article's title, or its first words, and behind the words before it.
        Spans near to each other are read at once, so a verdict depends a little on those beside it. An
        empty question or span is answered, or answers, as little as anything.
        """
        found = np.full(len(places), LEAST)
        told = [(a.title or a.text[:LEAD], a.text, start, end) for a, start, end in places]
        parts, at = excerpts(told)
        ids, first = self._model.pieces([without_mark(question), *texts(parts)])
        cut = iter(ids[a:b] for a, b in pairwise(first))
        asked = next(cut)[:LONGEST]
        headings, whole, spans = in_pieces(parts, at, cut)
        some = [i for i, (_, start, end) in enumerate(spans) if start < end]
        if len(asked) and some:
            read = list(zip(headings, whole, strict=True))
            lengths = np.array([[len(x) for x in pair] for pair in read])
            pieces = np.concatenate([x for pair in read for x in pair])
            found[some] = self._read(asked, pieces, lengths, [spans[i] for i in some])
        return found

    def _read(
        self,
        asked: NDArray[np.int32],
        ids: NDArray[np.int32],
        lengths: Places,
        spans: Sequence[tuple[int, int, int]],
    ) -> NDArray[np.float64]:
        """The verdicts on spans (excerpt, begin and end in pieces of its text) of excerpts, whose
        headings and texts are so long, shape ``(excerpts, 2)``, and follow one another in ``ids``."""
        w, width = self._weights, self._table.shape[1]
        question = self._in_context(self._vectors(asked), np.array([0, len(asked)]))
        first = np.concatenate([[0], np.cumsum(lengths)])
        vectors = self._vectors(ids)
        vectors[np.repeat(np.tile([True, False], len(lengths)), lengths.ravel())] += w["over"]
        pieces = self._in_context(vectors, first)
        axes = self._layer("attention", question).T / np.float32(width**0.5)
        products = product(pieces, axes)
        told = self._compared("told", pieces, product(_softmax(products), question))
        parts = _apart(first)
        for name in self._mixes:
            told += self._mixed(name, told, first, parts, question)

        # Each span with its heading and what stands before it: runs of rows, one after the other.
        heads, texts, ends = first[:-1:2], first[1::2], first[2::2]
        runs = []
        for excerpt, start, end in spans:
            begins = texts[excerpt] + start
            before = np.arange(max(texts[excerpt], begins - PRECEDING), begins)
            over = np.arange(heads[excerpt], texts[excerpt])
            runs.append((over, before, np.arange(begins, min(ends[excerpt], texts[excerpt] + end))))
        sizes = np.array([[len(x) for x in run] for run in runs])
        at = np.concatenate([x for run in runs for x in run])
        part = np.repeat(np.tile([1, 2, 0], len(runs)), sizes.ravel())
        near, products, told = pieces[at], products[at], told[at]
        near[part == 2] += w["before"]
        products[part == 2] += w["before"] @ axes
        begin = np.concatenate([[0], np.cumsum(sizes.sum(axis=1))])
        of = _of(np.diff(begin))
        powers = np.exp(products - np.maximum.reduceat(products, begin[:-1])[of])
        shares = powers / np.add.reduceat(powers, begin[:-1])[of]
        both = np.hstack([near, told])
        met = np.concatenate([product(shares[a:b].T, both[a:b]) for a, b in pairwise(begin)])
        asked_of = np.tile(question, (len(runs), 1))
        answered = self._compared("asked", asked_of, met[:, :width])
        answered += self._layer("again", met[:, width:])
        own = part == 0
        pooled = [
            self._pooled("asked_weight", answered, np.full(len(runs), len(question))),
            self._pooled("told_weight", told[own], sizes[:, 2]),
            self._pooled("around_weight", told[~own], sizes[:, 0] + sizes[:, 1]),
        ]
        hidden = np.maximum(self._layer("verdict.0", np.hstack(pooled)), 0)
        verdicts: NDArray[np.float64] = self._layer("verdict.3", hidden)[:, 0].astype(np.float64)
        return verdicts

    def _mixed(
        self,
        name: str,
        told: Rows,
        first: Places,
        parts: Sequence[tuple[int, int, Places]],
        question: Rows,
    ) -> Rows:
        """What is told of each piece in the light of what is told near it, in all its excerpt, and of the
        question; ``parts`` as from ``_apart``."""
        w, width = self._weights, self._table.shape[1]
        rows = self._normed(f"{name}.norm", told)
        rows = rows + self._convolved(f"{name}.near", rows, first)
        sought = self._layer(f"{name}.far", rows) / np.float32(width**0.5)
        brought = self._layer(f"{name}.brought", rows)
        for start, end, apart in parts:
            shares = product(sought[start:end], rows[start:end].T)
            shares = _softmax(shares + w[f"{name}.apart"][apart])
            brought[start:end] = product(shares, brought[start:end])
        sought = self._layer(f"{name}.asking", question).T / np.float32(width**0.5)
        shares = _softmax(product(rows, sought))
        asked = product(shares, self._layer(f"{name}.asked", question))
        hidden = np.maximum(self._layer(f"{name}.mixed.0", rows + brought + asked), 0)
        return self._layer(f"{name}.mixed.3", hidden)

    def _vectors(self, ids: NDArray[np.int32]) -> Rows:
        rows: Rows = self._table[ids] * self._scales[ids, None]
        return rows

    def _in_context(self, rows: Rows, first: Places) -> Rows:
        rows = self._normed("narrow_norm", rows + self._convolved("narrow", rows, first))
        return self._normed("wide_norm", rows + self._convolved("wide", rows, first))

    def _convolved(self, name: str, rows: Rows, first: Places) -> Rows:
        taps = len(self._weights[f"{name}.weight"]) // rows.shape[1]
        sizes = np.diff(first)
        begins, ends = first[:-1][_of(sizes)], first[1:][_of(sizes)]
        near = np.arange(len(rows))[:, None] + np.arange(taps) - taps // 2
        outside = (near < begins[:, None]) | (near >= ends[:, None])
        padded = np.vstack([rows, np.zeros((1, rows.shape[1]), np.float32)])
        side_by_side = padded[np.where(outside, len(rows), near)].reshape(len(rows), -1)
        return np.maximum(self._layer(name, side_by_side), 0)

    def _normed(self, name: str, rows: Rows) -> Rows:
        rows = rows - rows.mean(axis=1, keepdims=True)
        rows /= np.sqrt(np.square(rows).mean(axis=1, keepdims=True) + 1e-5)
        return rows * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]

    def _compared(self, name: str, own: Rows, other: Rows) -> Rows:
        rows = np.hstack([own, other, own * other, np.abs(own - other)])
        return np.maximum(
            self._layer(f"{name}.3", np.maximum(self._layer(f"{name}.0", rows), 0)), 0
        )

    def _pooled(self, name: str, rows: Rows, sizes: Places) -> Rows:
        """What all rows of a text say, by their weights, and the most that one says; nothing where
        a text has no rows."""
        some, out = sizes > 0, np.zeros((len(sizes), 2 * rows.shape[1]), np.float32)
        sizes = sizes[some]
        first = np.cumsum(sizes) - sizes
        weights = self._layer(name, rows)
        powers = np.exp(weights - np.maximum.reduceat(weights, first)[_of(sizes)])
        shares = powers / np.add.reduceat(powers, first)[_of(sizes)]
        most = np.maximum.reduceat(rows, first)
        out[some] = np.hstack([np.add.reduceat(shares * rows, first), most])
        return out

    def _layer(self, name: str, rows: Rows) -> Rows:
        return product(rows, self._weights[f"{name}.weight"]) + self._weights[f"{name}.bias"]


def without_mark(question: str) -> str:
    """A question without the marks at its end: whether one was typed says nothing of what is asked."""
    return question.rstrip(_MARKS) or question


def _softmax(rows: Rows) -> Rows:
    shares: Rows = np.exp(rows - rows.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def _apart(first: Places) -> list[tuple[int, int, Places]]:
    """Of each excerpt where it begins and ends, and how far each of its pieces is from each other: 0 for
    ``APART`` and more before it."""
    found = []
    for start, text, end in zip(first[:-1:2], first[1::2], first[2::2], strict=True):
        place = np.arange(end - start)
        place[text - start :] += GAP
        found.append((start, end, np.clip(place - place[:, None], -APART, APART) + APART))
    return found


def _of(sizes: Places) -> Places:
    """Of each row which text it is of."""
    return np.repeat(np.arange(len(sizes)), sizes)


@cache
def reader(path: Path = WEIGHTS) -> Reader:
    """The reader that comes with the package; see ``Reader`` for errors."""
    return Reader(path, bundled())
