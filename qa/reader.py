"""Whether a piece of text answers a question: a small network that reads both together.

Words that a question and a text share do not tell a near miss from an answer. So every piece of the
question looks for what meets it in the text, and every piece of the text for what of the question it
meets, each in the light of its neighbours (decomposable attention, Parikh et al. 2016, over two
layers of convolution); what it makes of that, it has learned from questions and what answers them.
A sentence seldom names what it speaks of (其中…, 他…, 全长318米): so it is read under its article's
title, or first words, and behind the words before it.

210,000 weights and a vector for each piece of the bundled tokenizer lie in ``reader.safetensors``,
learned by ``python -m training.reader``. NumPy alone computes it, in a millisecond for two sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import product
from index.encoder import StaticEncoder, bundled
from index.errors import ModelError
from index.types import Article

FORMAT = 2
WEIGHTS = Path(__file__).resolve().parent / "reader.safetensors"
LANGUAGES = ("zh", "ja")
"""Those of the questions it has learned from. In others (English, German, Spanish, Russian,
Vietnamese) it is no better than counting the words that question and sentence share."""
LONGEST, AROUND = 96, 24
"""Pieces that are read of a question or a text; and of what it stands under, and of what is before."""
LEAD = 40
"""Characters of an article's beginning, where it has no title, and of what is before a text."""

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

        It is read under the article's title, or its first words, and behind the words before it. An
        empty question or span is answered, or answers, as little as anything.
        """
        question = without_mark(question)
        found = np.full(len(places), LEAST)
        told = [
            (a.title or a.text[:LEAD], a.text[max(0, start - LEAD) : start], a.text[start:end])
            for a, start, end in places
        ]
        different = {t: i for i, t in enumerate(dict.fromkeys([question, *chain(*told)]))}
        ids, first = self._model.pieces(list(different))
        pieces = [ids[a:b] for a, b in pairwise(first)]
        asked = pieces[0][:LONGEST]
        read = [[pieces[different[t]] for t in parts] for parts in told]
        read = [[h[:AROUND], b[-AROUND:], t[:LONGEST]] for h, b, t in read]
        some = [i for i, (*_, text) in enumerate(read) if len(text)]
        if len(asked) and some:
            found[some] = self._read(asked, [read[i] for i in some])
        return found

    def _read(
        self, asked: NDArray[np.int32], read: Sequence[Sequence[NDArray[np.int32]]]
    ) -> NDArray[np.float64]:
        w, width = self._weights, self._table.shape[1]
        question = self._in_context(self._vectors(asked), np.array([0, len(asked)]))
        lengths = np.array([[len(p) for p in parts] for parts in read])
        sizes = lengths.sum(axis=1)
        first = np.concatenate([[0], np.cumsum(sizes)])
        part = np.repeat(np.tile([1, 2, 0], len(read)), lengths.ravel())
        vectors = self._vectors(np.concatenate(list(chain(*read))))
        vectors[part == 1] += w["over"]
        vectors[part == 2] += w["before"]
        pieces = self._in_context(vectors, first)

        # Softmax over a text's pieces, for each of the question's: sums over runs of rows.
        axes = self._layer("attention", question).T / np.float32(width**0.5)
        products = product(pieces, axes)
        powers = np.exp(products - np.maximum.reduceat(products, first[:-1])[_of(sizes)])
        shares = powers / np.add.reduceat(powers, first[:-1])[_of(sizes)]
        met: Rows = np.stack([shares[a:b].T @ pieces[a:b] for a, b in pairwise(first)])
        by_question = np.exp(products - products.max(axis=1, keepdims=True))
        by_question /= by_question.sum(axis=1, keepdims=True)
        meets = product(by_question, question)

        count, own = len(read), part == 0
        told = self._compared("told", pieces[own], meets[own])
        asked_of = np.broadcast_to(question, met.shape).reshape(-1, width)
        answered = self._compared("asked", asked_of, met.reshape(-1, width))
        both = np.hstack(
            [
                self._pooled("asked_weight", answered, np.full(count, len(question))),
                self._pooled("told_weight", told, lengths[:, 2]),
            ]
        )
        hidden = np.maximum(self._layer("verdict.0", both), 0)
        verdicts: NDArray[np.float64] = self._layer("verdict.3", hidden)[:, 0].astype(np.float64)
        return verdicts

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
        """What all rows of a text say, by their weights, and the most that one says."""
        first = np.cumsum(sizes) - sizes
        weights = self._layer(name, rows)
        powers = np.exp(weights - np.maximum.reduceat(weights, first)[_of(sizes)])
        shares = powers / np.add.reduceat(powers, first)[_of(sizes)]
        return np.hstack([np.add.reduceat(shares * rows, first), np.maximum.reduceat(rows, first)])

    def _layer(self, name: str, rows: Rows) -> Rows:
        return product(rows, self._weights[f"{name}.weight"]) + self._weights[f"{name}.bias"]


def without_mark(question: str) -> str:
    """A question without the marks at its end: whether one was typed says nothing of what is asked."""
    return question.rstrip(_MARKS) or question


def _of(sizes: Places) -> Places:
    """Of each row which text it is of."""
    return np.repeat(np.arange(len(sizes)), sizes)


@cache
def reader(path: Path = WEIGHTS) -> Reader:
    """The reader that comes with the package; see ``Reader`` for errors."""
    return Reader(path, bundled())
