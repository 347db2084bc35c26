"""How fast the encoder and the light reranker are, on one thread.

    python -m benchmarks.speed [--rounds 5] [--threads 1] [--cpu]

Three things are timed, in one run:

- encoding 8,000 passages of 300 characters, and finding their pieces by the tokenizers library
  alone (``encode_batch_fast``) on the same texts, in turn;
- encoding one question;
- the reranking stage of a search: 50 candidates put in order, without the search that proposes
  them. Fresh passages are prepared first, those seen before are found ready.

Texts and questions are those of the data folder “shared” beside the repository. Without it they
are made of the sample corpus, shuffled, and the library is small: fewer than 50 candidates.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
CORPORA = ("drcd_dev", "xwlb_dev", "crud_a")
"""Paragraphs, television news, newspapers; the last fills up what the others lack."""
PASSAGES, CHARACTERS, QUESTIONS = 8_000, 300, 200
SEED = 7
CLOCK: Callable[[], float] = time.perf_counter
"""Wall time, or with ``--cpu`` the processor's."""
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--rounds", type=int, default=5, help="encode so many times (default 5)")
    options.add_argument("--threads", type=int, default=1, help="threads of each side (default 1)")
    options.add_argument("--cpu", action="store_true", help="processor time, for a busy machine")
    chosen = options.parse_args()
    if chosen.cpu:
        globals()["CLOCK"] = time.process_time
    # Before NumPy and tokenizers are imported: both read it once.
    os.environ.update(dict.fromkeys(THREADS, str(chosen.threads)))
    os.environ["TOKENIZERS_PARALLELISM"] = "true" if chosen.threads > 1 else "false"
    data = "shared" if SHARED.is_dir() else "examples"
    kind = "processor" if chosen.cpu else "wall"
    print(f"data: {data}, threads: {chosen.threads}, {kind} time{load()}\n")
    time_passages(passages(), chosen.rounds)
    time_questions()
    time_reranking()
    return 0


def time_passages(texts: Sequence[str], rounds: int) -> None:
    """Passages a second by the encoder and by the tokenizers library alone."""
    from tokenizers import Tokenizer

    from index.encoder import BUNDLED_FOLDER, load_encoder

    encoder = load_encoder()
    tokenizer = Tokenizer.from_file(str(BUNDLED_FOLDER / "tokenizer.json"))
    encode = partial(encoder.encode_passages, texts)
    pieces = partial(tokenizer.encode_batch_fast, texts)
    encoder.encode_passages(texts[:512]), tokenizer.encode_batch_fast(texts[:512])  # warms up
    pairs = [(seconds(encode), seconds(pieces)) for _ in range(rounds)]
    ours, theirs = median(a for a, _ in pairs), median(b for _, b in pairs)
    count = len(texts)
    print(f"{count:,} passages of {CHARACTERS} characters, median of {rounds}")
    print(f"  encoder, pieces and vectors   {count / ours:9,.0f} passages/s")
    print(f"  tokenizers, pieces alone      {count / theirs:9,.0f} passages/s")
    print(f"  ratio, median of pairs        {median(b / a for a, b in pairs):9.2f}\n")


def time_questions() -> None:
    """Milliseconds for the vector of one question."""
    from index.encoder import load_encoder

    encoder = load_encoder()
    asked = questions()
    for question in asked:  # warms up: the first sight of a character takes longer
        encoder.encode_queries([question])
    taken = [1000 * seconds(partial(encoder.encode_queries, [q])) for q in asked]
    print(f"one question, median of {len(taken)}\n  encoder                       {show(taken)}\n")


def time_reranking() -> None:
    """Milliseconds for the order of one question's candidates: passages fresh, and seen before."""
    from index.library import Library
    from index.ranking import DEPTH, Ranker

    fresh, again, sizes = [], [], []
    with tempfile.TemporaryDirectory() as folder, Library.open(folder) as library:
        fill(library)
        counts = library.searcher.counts()
        for turn, question in enumerate([*questions()[:20], *questions()]):
            terms = library.query_terms(question)
            found, nearest, _ = library.searcher.candidates(question, terms)
            ranker = Ranker()  # has seen no passage yet
            order = partial(ranker.order, question, terms, found, *counts, nearest)
            times = 1000 * seconds(order), 1000 * seconds(order)
            if turn >= 20:  # the first ones warm up
                fresh.append(times[0])
                again.append(times[1])
                sizes.append(len(found))
        held = library.passages()
    print(
        f"light reranker, {len(fresh)} questions on {held:,} passages, "
        f"median {median(sizes):.0f} candidates (at most {DEPTH})"
    )
    print(f"  fresh passages                {show(fresh)}")
    print(f"  passages seen before          {show(again)}")


def fill(library: Any) -> None:
    """Put the articles in that the questions are asked over."""
    from qa.measure import read_corpus

    if SHARED.is_dir():
        library.add_articles("corpus", read_corpus([SHARED / "corpora" / "drcd_dev.jsonl.gz"]))
    else:
        library.add([EXAMPLES / "corpus"])


def passages() -> list[str]:
    """Texts of exactly ``CHARACTERS`` characters, all different, of several kinds."""
    from qa.measure import read_corpus

    rng = random.Random(SEED)
    if SHARED.is_dir():
        found: list[str] = []
        for part, name in enumerate(CORPORA, start=1):
            text = "".join(a.text for a in read_corpus([SHARED / "corpora" / f"{name}.jsonl.gz"]))
            starts = range(0, len(text) - CHARACTERS, CHARACTERS)
            wanted = min(part * PASSAGES // len(CORPORA) - len(found), len(starts))
            found += [text[i : i + CHARACTERS] for i in rng.sample(starts, wanted)]
        return found
    files = sorted((EXAMPLES / "corpus").iterdir())
    lines = [line for f in files for line in f.read_text(encoding="utf-8").split("\n") if line]
    text = ""
    while len(text) < PASSAGES * CHARACTERS:
        text += "".join(rng.sample(lines, len(lines)))
    return [text[i * CHARACTERS : (i + 1) * CHARACTERS] for i in range(PASSAGES)]


def questions() -> list[str]:
    """``QUESTIONS`` questions on what ``fill`` puts in; those of the sample corpus repeat."""
    import json

    from qa.measure import read_questions

    if SHARED.is_dir():
        known = read_questions(SHARED / "questions" / "drcd_dev.jsonl.gz")
        return [q.question for q in random.Random(SEED).sample(known, QUESTIONS)]
    lines = (EXAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    asked = [row["question"] for row in rows if "question" in row]  # the others are talks
    return (asked * (QUESTIONS // len(asked) + 1))[:QUESTIONS]


def load() -> str:
    """How busy the machine is, where the system tells: times are fair on an idle one only."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f", load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def seconds(work: Callable[[], Any]) -> float:
    """How long one call takes, by ``CLOCK``."""
    start = CLOCK()
    work()
    return CLOCK() - start


def show(taken: Sequence[float]) -> str:
    """Median and 95th percentile of milliseconds."""
    ordered = sorted(taken)
    late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return f"median {median(ordered):6.2f} ms, 95th percentile {late:6.2f} ms"


if __name__ == "__main__":
    sys.exit(main())
