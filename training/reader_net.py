"""What ``qa.reader`` computes, as a network to be learned: of many questions at once.

An excerpt of an article is read behind its heading, once for all its sentences that are judged: its pieces
in the light of their neighbours, then beside what of the question meets them, then in the light of what
that tells near them and in all the excerpt. A sentence is judged by its own pieces, by those over and
before it, and by what of all these meets each piece of the question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from qa.reader import APART, GAP, PRECEDING
from training.reader_examples import Example

WIDTH = 96
"""Numbers that are written of a piece."""
MIXES = 2
"""How often what is told is read once more in its own light."""
DROPOUT = 0.2


class Mix(nn.Module):
    """What is told of each piece in the light of what is told near it, in all its excerpt, and of the
    question."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.near = nn.Conv1d(WIDTH, WIDTH, 5, padding=2)
        self.far, self.brought = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.apart = nn.Parameter(torch.zeros(2 * APART + 1))
        self.asking, self.asked = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.mixed = nn.Sequential(
            nn.Linear(WIDTH, 2 * WIDTH), nn.ReLU(), nn.Dropout(DROPOUT), nn.Linear(2 * WIDTH, WIDTH)
        )
        # At first it changes nothing.
        for layer in (self.mixed[3], self.asked):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(
        self, told: torch.Tensor, there: torch.Tensor, q: torch.Tensor, missing: torch.Tensor
    ) -> torch.Tensor:
        """What is to be added to what is told; ``q`` is the question of each excerpt."""
        rows = self.norm(told) * there[..., None]
        rows = rows + torch.relu(self.near(rows.transpose(1, 2))).transpose(1, 2)
        places = torch.arange(rows.shape[1])
        apart = (places[None] - places[:, None]).clamp(-APART, APART) + APART
        products = self.far(rows) @ rows.transpose(1, 2) / WIDTH**0.5 + self.apart[apart]
        shares = products.masked_fill(~there[:, None], -1e4).softmax(2)
        met = (self.asking(q) @ rows.transpose(1, 2) / WIDTH**0.5).masked_fill(missing, -1e4)
        of_question = met.softmax(1).transpose(1, 2) @ self.asked(q)
        mixed: torch.Tensor = self.mixed(rows + shares @ self.brought(rows) + of_question)
        return mixed


class Net(nn.Module):
    """What ``qa.reader`` computes, to be learned; it names its parts alike."""

    def __init__(self, first: torch.Tensor) -> None:
        super().__init__()
        self.first = first
        self.projection = nn.Linear(first.shape[1], WIDTH)
        self.norm = nn.LayerNorm(WIDTH)
        self.over = nn.Parameter(torch.zeros(WIDTH))
        self.before = nn.Parameter(torch.zeros(WIDTH))
        self.narrow = nn.Conv1d(WIDTH, WIDTH, 3, padding=1)
        self.narrow_norm = nn.LayerNorm(WIDTH)
        self.wide = nn.Conv1d(WIDTH, WIDTH, 5, padding=2)
        self.wide_norm = nn.LayerNorm(WIDTH)
        self.attention = nn.Linear(WIDTH, WIDTH)
        self.asked, self.told = self._layers(1), self._layers(1)
        self.again = nn.Linear(WIDTH, WIDTH)
        nn.init.zeros_(self.again.weight)
        nn.init.zeros_(self.again.bias)
        self.mixes = nn.ModuleList([Mix() for _ in range(MIXES)])
        self.asked_weight, self.told_weight = nn.Linear(WIDTH, 1), nn.Linear(WIDTH, 1)
        self.around_weight = nn.Linear(WIDTH, 1)
        self.verdict = self._layers(0)
        # Only learned with, not written: see ``answer_loss``.
        self.answer = nn.Linear(WIDTH, 1)
        nn.init.zeros_(self.answer.weight)
        nn.init.constant_(self.answer.bias, -5.0)
        self.dropout = nn.Dropout(DROPOUT)

    @staticmethod
    def _layers(relu: int) -> nn.Sequential:
        last: list[nn.Module] = (
            [nn.Linear(WIDTH, WIDTH), nn.ReLU()] if relu else [nn.Linear(WIDTH, 1)]
        )
        return nn.Sequential(
            nn.Linear((4 if relu else 6) * WIDTH, WIDTH), nn.ReLU(), nn.Dropout(DROPOUT), *last
        )

    def table(self) -> torch.Tensor:
        """The vectors as they are written."""
        rows: torch.Tensor = self.norm(self.projection(self.first))
        return rows

    def fix(self) -> None:
        """Learn the table no further."""
        self.first = self.table().detach()
        self.projection = self.norm = nn.Identity()

    def read(self, ids: torch.Tensor, there: torch.Tensor, over: torch.Tensor) -> torch.Tensor:
        """Pieces in their context; some stand ``over`` the others."""
        different, place = ids.unique(return_inverse=True)
        rows = self.norm(self.projection(self.dropout(self.first[different])))[place]
        rows = (rows + over[..., None] * self.over) * there[..., None]
        near = torch.relu(self.narrow(rows.transpose(1, 2))).transpose(1, 2)
        rows = self.narrow_norm(rows + near) * there[..., None]
        near = torch.relu(self.wide(rows.transpose(1, 2))).transpose(1, 2)
        read: torch.Tensor = self.wide_norm(rows + near)
        return read

    def forward(self, given: Given) -> tuple[torch.Tensor, torch.Tensor]:
        """Whether each sentence answers its question; and how far each of its pieces is the answer."""
        q = self.read(given.question, given.question_there, torch.zeros_like(given.question))
        t = self.read(given.text, given.there, given.over)
        products = self.attention(q)[given.of] @ t.transpose(1, 2) / WIDTH**0.5
        missing = ~given.question_there[given.of][:, :, None]
        meets = products.masked_fill(missing, -1e4).softmax(1).transpose(1, 2) @ q[given.of]
        told = _layered(self.told, t, meets, given.there)
        for mix in self.mixes:
            told = told + mix(told, given.there, q[given.of], missing)

        of = given.of[given.excerpt]
        q, there = q[of], given.question_there[of]
        around, own = _taken(t, given.around), _taken(t, given.own)
        around = around + given.before[..., None] * self.before
        near = torch.cat([around, own], 1)
        near_there = torch.cat([given.around >= 0, given.own >= 0], 1)
        products = self.attention(q) @ near.transpose(1, 2) / WIDTH**0.5
        shares = products.masked_fill(~near_there[:, None], -1e4).softmax(2)
        asked = _layered(self.asked, q, shares @ near, there)
        around, own = _taken(told, given.around), _taken(told, given.own)
        asked = asked + self.again(shares @ torch.cat([around, own], 1))
        both = [
            _pooled(asked, there, self.asked_weight),
            _pooled(own, given.own >= 0, self.told_weight),
            _pooled(around, given.around >= 0, self.around_weight),
        ]
        verdict: torch.Tensor = self.verdict(torch.cat(both, 1))[:, 0]
        return verdict, self.answer(own)[..., 0].masked_fill(given.own < 0, -1e4)


def _taken(rows: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """The rows at some places, counted over all excerpts; nothing where a place is -1."""
    flat = rows.reshape(-1, rows.shape[-1])
    taken = flat.index_select(0, places.clamp(min=0).reshape(-1)).reshape(*places.shape, -1)
    return taken * (places >= 0)[..., None]


def _layered(
    layers: nn.Module, own: torch.Tensor, other: torch.Tensor, there: torch.Tensor
) -> torch.Tensor:
    """What layers make of each piece that is there, beside what meets it."""
    own, other = own[there], other[there]
    rows = layers(torch.cat([own, other, own * other, (own - other).abs()], 1))
    made = rows.new_zeros(*there.shape, WIDTH)
    made[there] = rows
    return made


def _pooled(rows: torch.Tensor, there: torch.Tensor, weight: nn.Linear) -> torch.Tensor:
    share = weight(rows).masked_fill(~there[..., None], -1e4).softmax(1)
    most = rows.masked_fill(~there[..., None], -1e4).max(1).values * there.any(1, keepdim=True)
    return torch.cat([(share * rows).sum(1), most], 1)


@dataclass(frozen=True)
class Given:
    """Some examples as what the net computes with; filled up to the longest."""

    question: torch.Tensor
    question_there: torch.Tensor
    of: torch.Tensor
    """Of each excerpt its question."""
    text: torch.Tensor
    """Each excerpt behind its heading, a gap between them that convolution doesn't see across."""
    there: torch.Tensor
    over: torch.Tensor
    """Which pieces are the heading."""
    excerpt: torch.Tensor
    """Of each sentence its excerpt."""
    own: torch.Tensor
    """The places of its pieces in all texts, -1 where there is none."""
    around: torch.Tensor
    """Of what it is read with: heading and what is before."""
    before: torch.Tensor
    """Which of these stand before."""


def given(batch: Sequence[Example]) -> Given:
    """Examples, filled up."""
    headings = [h for e in batch for h in e.headings]
    texts = [x for e in batch for x in e.excerpts]
    sizes = [len(h) + GAP + len(x) for h, x in zip(headings, texts, strict=True)]
    ids, there = (
        np.zeros((len(texts), max(sizes)), np.int64),
        np.zeros((len(texts), max(sizes)), bool),
    )
    over = there.copy()
    for k, (heading, text) in enumerate(zip(headings, texts, strict=True)):
        ids[k, : len(heading)], over[k, : len(heading)] = heading, True
        ids[k, sizes[k] - len(text) : sizes[k]] = text
        there[k, : len(heading)] = there[k, sizes[k] - len(text) : sizes[k]] = True
    own, around, before, excerpt, past = [], [], [], [], 0
    for e in batch:
        for k, start, end in e.places:
            k += past
            at = k * ids.shape[1]
            head, begins = len(headings[k]), at + len(headings[k]) + GAP
            excerpt.append(k)
            own.append(np.arange(begins + start, begins + end))
            lead = np.arange(begins + max(0, start - PRECEDING), begins + start)
            around.append(np.concatenate([np.arange(at, at + head), lead]))
            before.append(np.repeat((False, True), (head, len(lead))))
        past += len(e.excerpts)
    question, question_there = _padded([e.question for e in batch], 0)
    of = torch.tensor([i for i, e in enumerate(batch) for _ in e.excerpts])
    return Given(
        question,
        question_there,
        of,
        torch.from_numpy(ids),
        torch.from_numpy(there),
        torch.from_numpy(over),
        torch.tensor(excerpt),
        _padded(own, -1)[0],
        _padded(around, -1)[0],
        _padded(before, 0)[0],
    )


def _padded(rows: Sequence[NDArray[Any]], empty: int) -> tuple[torch.Tensor, torch.Tensor]:
    ids = np.full((len(rows), max(1, *map(len, rows))), empty, np.int64)
    there = np.zeros(ids.shape, bool)
    for k, row in enumerate(rows):
        ids[k, : len(row)], there[k, : len(row)] = row, True
    return torch.from_numpy(ids), torch.from_numpy(there)


def verdicts(net: Net, batch: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor]:
    """What the net makes of all sentences of some examples, one after the other; and of each of
    their pieces how far it is the answer, shape ``(sentences, longest)``: what only fills up is at
    -1e4."""
    found: tuple[torch.Tensor, torch.Tensor] = net(given(batch))
    return found
