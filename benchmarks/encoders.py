"""The bundled model in our own reading and in those of others: seconds for the same texts.

    python -m benchmarks.encoders --passages FILE [--texts 10000] [--threads 1]

FILE is one of passages that ``benchmarks.peers`` wrote; it runs this beside its table. Each reading
is a process of its own, loaded and warm before the clock starts. ``nearness`` is the
lowest cosine of its vectors with ours, of the first hundred texts: 1 when they read the same.
Needs what ``peers`` needs, and ``pip install model2vec``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")
WARM, COMPARED = 512, 100

Encode = Callable[[Sequence[str]], Any]
"""Texts → their vectors, a row each."""


def youju() -> Encode:
    """Our own reading."""
    from index.encoder import load_encoder

    return load_encoder().encode_passages


def sentence_transformers() -> Encode:
    """The module ``StaticEmbedding``, as the model's folder asks for it."""
    import torch
    from sentence_transformers import SentenceTransformer

    from index.encoder import BUNDLED_FOLDER

    torch.set_num_threads(int(os.environ[THREADS[0]]))
    model = SentenceTransformer(str(BUNDLED_FOLDER), device="cpu")
    return lambda texts: model.encode(list(texts), batch_size=256, normalize_embeddings=True)


def model2vec() -> Encode:
    """The same rows and tokenizer as a ``StaticModel``; nothing is cut off here either."""
    import numpy as np
    from model2vec import StaticModel
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    from index.encoder import BUNDLED_FOLDER

    tensors = load_file(BUNDLED_FOLDER / "model.safetensors")
    rows = tensors["weights"][:, None] * tensors["embeddings"].astype(np.float32)
    tokenizer = Tokenizer.from_file(str(BUNDLED_FOLDER / "tokenizer.json"))
    model = StaticModel(rows, tokenizer, normalize=True)
    return lambda texts: model.encode(
        list(texts), max_length=None, batch_size=256, use_multiprocessing=False
    )


READINGS: dict[str, Callable[[], Encode]] = {
    "youju": youju,
    "sentence-transformers": sentence_transformers,
    "model2vec": model2vec,
}


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--passages", type=Path, required=True)
    options.add_argument("--texts", type=int, default=10_000)
    options.add_argument("--threads", type=int, default=1, help="of the arithmetic and tokenizers")
    options.add_argument("--reading", choices=READINGS, help="for the processes that it starts")
    chosen = options.parse_args()
    if chosen.reading:
        print(json.dumps(measure(chosen.reading, texts_of(chosen.passages, chosen.texts))))
    else:
        print(json.dumps(all_readings(chosen.passages, chosen.texts, chosen.threads)))
    return 0


def all_readings(passages: Path, count: int, threads: int = 1) -> dict[str, Any]:
    """The figures of each reading, or why there are none."""
    found: dict[str, Any] = {}
    environment = os.environ | dict.fromkeys(THREADS, str(threads))
    environment["TOKENIZERS_PARALLELISM"] = "true" if threads > 1 else "false"
    for name in READINGS:
        given = ["--passages", str(passages), "--texts", str(count), "--reading", name]
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.encoders", *given],
            capture_output=True,
            text=True,
            env=environment,
        )
        failed = {"failed": (done.stderr.strip().splitlines() or [""])[-1][:300]}
        found[name] = json.loads(done.stdout.splitlines()[-1]) if not done.returncode else failed
    return found


def measure(name: str, texts: Sequence[str]) -> dict[str, float]:
    """Wall and processor seconds of one reading, in this process."""
    encode = READINGS[name]()
    encode(texts[:WARM])
    wall, cpu = time.perf_counter(), time.process_time()
    vectors = encode(texts)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    ours = youju()(texts[:COMPARED])
    nearness = float((ours * vectors[:COMPARED]).sum(axis=1).min())
    return {"s": round(wall, 3), "cpu_s": round(cpu, 3), "nearness": round(nearness, 4)}


def whole(row: dict[str, str]) -> str:
    """What is embedded and searched of a passage, as Youju does it: its text under its title."""
    return f"{row['title']}\n{row['text']}"


def texts_of(passages: Path, count: int) -> list[str]:
    """The texts that are embedded of the first passages, as ``peers`` has them."""
    with open(passages, encoding="utf-8") as file:
        return [whole(json.loads(line)) for _, line in zip(range(count), file, strict=False)]


if __name__ == "__main__":
    sys.exit(main())
