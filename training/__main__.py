"""``python -m training``: data → vocabulary → pairs → table → files. Seeded; one command."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from training import export, sources, vocabulary
from training.evaluate import evaluate
from training.pairs import Pairs
from training.table import Table, loss

MODEL = Path(__file__).resolve().parents[1] / "index" / "model"
WATCHED = ("cmrc", "dureader", "ncp", "xquad_zh", "xquad_en", "xquad_en_on_zh", "xquad_zh_on_en")


def main() -> None:
    """Train and write the model."""
    parser = argparse.ArgumentParser(description="Train the bundled model from ../shared/data.")
    parser.add_argument("--data", type=Path, default=sources.DATA)
    parser.add_argument("--output", type=Path, default=MODEL)
    parser.add_argument("--steps", type=int, default=1800)
    parser.add_argument("--batch", type=int, default=2048)
    parser.add_argument("--rate", type=float, default=5e-3)
    parser.add_argument("--temperature", type=float, default=0.05)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--tokenizer", type=Path, help="take this tokenizer.json instead of building one"
    )
    parser.add_argument(
        "--watch", type=int, default=250, help="measure a few sets every so many steps"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    began = time.monotonic()
    if arguments.tokenizer:
        tokenizer = Tokenizer.from_file(str(arguments.tokenizer))
    else:
        tokenizer = vocabulary.build(vocabulary.count(arguments.data))
    print(f"{tokenizer.get_vocab_size()} words, {time.monotonic() - began:.0f} s", flush=True)
    pairs = Pairs(tokenizer, arguments.data, arguments.seed)
    print(f"{len(pairs.news)} articles, {time.monotonic() - began:.0f} s", flush=True)
    table = train(tokenizer, pairs, arguments)
    export.write(arguments.output, tokenizer, table)
    print(f"written after {time.monotonic() - began:.0f} s")


def train(tokenizer: Tokenizer, pairs: Pairs, arguments: argparse.Namespace) -> np.ndarray:
    """The contrastive loop; returns the plain table."""
    words = [tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())]
    table = Table(words, pairs.counts(len(words)), arguments.seed)
    groups = [
        {"params": [table.own], "lr": arguments.rate},
        {"params": [table.weight], "lr": 5 * arguments.rate},
    ]
    optimizer = torch.optim.Adam(groups, betas=(0.9, 0.99), fused=True)
    decay = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda k: min(1.0, (k + 1) / 50) * max(0.02, 1 - k / arguments.steps)
    )
    began, shown = time.monotonic(), dict[str, float]()
    for step, (task, (queries, positives)) in enumerate(
        pairs.batches(arguments.batch, arguments.steps)
    ):
        pooled = table.pool([*queries, *positives])
        value = loss(pooled[: len(queries)], pooled[len(queries) :], arguments.temperature)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        optimizer.step()
        decay.step()
        shown[task] = 0.9 * shown.get(task, value.item()) + 0.1 * value.item()
        if step % 50 == 49:
            losses = " ".join(f"{t}={v:.2f}" for t, v in sorted(shown.items()))
            print(f"{step + 1} {time.monotonic() - began:.0f}s {losses}", flush=True)
        if arguments.watch and (step + 1) % arguments.watch == 0:
            _watch(tokenizer, table, arguments.data)
    with torch.no_grad():
        return table.rows().numpy()


def _watch(tokenizer: Tokenizer, table: Table, data: Path) -> None:
    def encode(texts: list[str]) -> np.ndarray:
        found = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        with torch.no_grad():
            return table.pool([np.array(e.ids, np.int32) for e in found]).numpy()

    found = {name: evaluate(encode, encode, name, (256,), data)[256] for name in WATCHED}
    print("   ", found, flush=True)


if __name__ == "__main__":
    main()
