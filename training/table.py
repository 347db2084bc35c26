"""The table of word vectors while it is trained, and the loss.

A row is ``weight * (own + parts)``: every word has a vector of its own and borrows from
its characters (Han, Japanese) or from its letter groups (Latin), so that a rare word starts
near the words it resembles. ``rows()`` folds this into one plain table, which is all that
ships.
"""

from __future__ import annotations

import warnings
import zlib
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from training.vocabulary import HAN, JAPANESE_RUN, LATIN

DIMENSIONS = (256, 128, 64)
SHARES = (1.0, 0.5, 0.3)
BUCKETS = 30000
SIF = 3e-4
PARTS = 0.6


@dataclass(frozen=True)
class Sparse:
    """A sparse matrix by rows, and its transpose: what one product and its gradient need."""

    matrix: Tensor
    transposed: Tensor

    @classmethod
    def of(
        cls,
        first: NDArray[np.int64],
        columns: NDArray[np.int64],
        values: NDArray[np.float32],
        width: int,
    ) -> Sparse:
        """From the compressed-row arrays (a column may stand twice in a row: the two add up)."""
        rows = np.repeat(np.arange(len(first) - 1), np.diff(first))
        order = np.argsort(columns, kind="stable")
        first_t = np.zeros(width + 1, np.int64)
        np.cumsum(np.bincount(columns, minlength=width), out=first_t[1:])
        return cls(
            _csr(first, columns, values, (len(first) - 1, width)),
            _csr(first_t, rows[order], values[order], (width, len(first) - 1)),
        )

    def __matmul__(self, dense: Tensor) -> Tensor:
        out: Tensor = _Product.apply(self, dense)
        return out


def _csr(
    first: NDArray[np.int64],
    columns: NDArray[np.int64],
    values: NDArray[np.float32],
    size: tuple[int, int],
) -> Tensor:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # "beta state", at every process start
        arrays = (
            torch.from_numpy(a) for a in (first.astype(np.int32), columns.astype(np.int32), values)
        )
        return torch.sparse_csr_tensor(*arrays, size, check_invariants=False)


class _Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx, sparse, dense):  # type: ignore[no-untyped-def]
        ctx.sparse = sparse
        return torch.sparse.mm(sparse.matrix, dense)

    @staticmethod
    def backward(ctx, gradient):  # type: ignore[no-untyped-def]
        return None, torch.sparse.mm(ctx.sparse.transposed, gradient.contiguous())


class Table(nn.Module):
    """``vocabulary`` in the order of token numbers, ``counts`` how often each occurs."""

    def __init__(self, vocabulary: list[str], counts: NDArray[np.float64], seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        wide = DIMENSIONS[0]
        self.own = nn.Parameter(torch.randn(len(vocabulary) + BUCKETS, wide) / wide**0.5)
        share = torch.from_numpy(counts / counts.sum())
        self.weight = nn.Parameter(torch.log(SIF / (SIF + share)).float().clamp_min(-6.0))
        self.first, self.columns, self.values = _parts(vocabulary)

    def rows(self, numbers: NDArray[np.int64] | None = None) -> Tensor:
        """The plain table, or some of its rows, shape ``(words, 256)``."""
        if numbers is None:
            numbers = np.arange(len(self.weight))
        lengths = self.first[numbers + 1] - self.first[numbers]
        first = np.concatenate([[0], np.cumsum(lengths)])
        at = np.arange(first[-1]) + np.repeat(self.first[numbers] - first[:-1], lengths)
        parts = Sparse.of(first, self.columns[at], self.values[at], len(self.own))
        return torch.exp(self.weight[torch.from_numpy(numbers)])[:, None] * (parts @ self.own)

    def pool(self, texts: list[NDArray[np.int32]]) -> Tensor:
        """The sum of each text's rows, shape ``(texts, 256)``."""
        numbers, columns = np.unique(np.concatenate(texts), return_inverse=True)
        first = np.concatenate([[0], np.cumsum([len(t) for t in texts])])
        bags = Sparse.of(first, columns, np.ones(len(columns), np.float32), len(numbers))
        return bags @ self.rows(numbers.astype(np.int64))


def _parts(
    vocabulary: list[str],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    number = {word: i for i, word in enumerate(vocabulary)}
    first, columns, values = [0], list[int](), list[float]()
    for i, word in enumerate(vocabulary):
        found = [i]
        if len(word) > 1 and (HAN.fullmatch(word) or JAPANESE_RUN.fullmatch(word)):
            found += [number[c] for c in word if c in number]
        elif len(word) > 3 and LATIN.fullmatch(word):
            groups = {f"<{word}>"[k : k + n] for n in (3, 4, 5) for k in range(len(word) + 3 - n)}
            found += sorted(len(vocabulary) + zlib.crc32(g.encode()) % BUCKETS for g in groups)
        columns += found
        values += [1.0] + [PARTS / max(1, len(found) - 1) ** 0.5] * (len(found) - 1)
        first.append(len(columns))
    return np.array(first), np.array(columns), np.array(values, np.float32)


class _Contrast(torch.autograd.Function):
    """In-batch softmax both ways, in few passes over the square of scores.

    Cosines are at most 1, so ``exp((cosine - 1) / temperature)`` needs no running maximum.
    """

    @staticmethod
    def forward(ctx, queries, positives, temperature, back):  # type: ignore[no-untyped-def]
        diagonal = (queries * positives).sum(1)
        square = (queries @ positives.T).sub_(1).div_(temperature).exp_()
        across, down = square.sum(1), square.sum(0)
        ctx.save_for_backward(queries, positives, square, across, down)
        ctx.temperature, ctx.back = temperature, back
        own = (diagonal - 1) / temperature
        return (across.log() - own).mean() + back * (down.log() - own).mean()

    @staticmethod
    def backward(ctx, gradient):  # type: ignore[no-untyped-def]
        queries, positives, square, across, down = ctx.saved_tensors
        factor = gradient / (len(queries) * ctx.temperature)
        square.mul_((1 / across)[:, None] + (ctx.back / down)[None, :])
        square.diagonal().sub_(1 + ctx.back)
        return factor * (square @ positives), factor * (square.T @ queries), None, None


def loss(queries: Tensor, positives: Tensor, temperature: float, back: float = 0.5) -> Tensor:
    """Contrastive loss at each length of the vectors; ``back``: how much passage → query counts."""
    total = queries.new_zeros(())
    for size, share in zip(DIMENSIONS, SHARES, strict=True):
        q = functional.normalize(queries[:, :size], dim=1)
        p = functional.normalize(positives[:, :size], dim=1)
        total = total + share * _Contrast.apply(q, p, temperature, back)
    return total
