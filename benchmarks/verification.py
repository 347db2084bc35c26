"""How well answers are checked: wrong sentences caught, right ones let pass, and how long it takes.

    python -m benchmarks.verification [--seed 2] [--show 20]

From news of the data folder, and from the sample corpus where it is not there.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.made_claims import WRONGS, made
from index.encoder import load_encoder
from index.tokens import default_segmenter
from index.types import Article, Origin
from qa.packing import Source
from qa.verify import Verifier

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
NEWS = ("crud_a", "xwlb_dev", "ncp_a", "rgb_a")


def news(name: str, most: int) -> list[str]:
    """Texts of a corpus, spread over the whole of it."""
    with gzip.open(DATA / "corpora" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    step = max(1, len(rows) // most)
    return [r["text"] for r in rows[::step] if r["lang"] == "zh"][:most]


def source(text: str, number: int = 1) -> Source:
    """A passage that is all of its article."""
    article = Article(f"a{number}", "", text, "zh", "made.txt", Origin(1, 1))
    return Source(number, article, 0, len(text))


def neighbours(passages: Sequence[str], vectors: np.ndarray) -> list[int]:
    """For each passage the most similar other one that does not say the same."""
    near = vectors @ vectors.T
    np.fill_diagonal(near, -1)
    found = []
    for i, row in enumerate(near):
        order = [
            int(j) for j in np.argsort(-row)[:20] if not _reprint(passages[i], passages[int(j)])
        ]
        found.append(order[0])
    return found


def _reprint(a: str, b: str) -> bool:
    return sum(a[i : i + 8] in b for i in range(0, len(a) - 8, 8)) > len(a) / 8 / 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--show", type=int, default=0, help="mistakes to print of each kind")
    parser.add_argument("--corpora", nargs="*", default=NEWS)
    options = parser.parse_args()
    encoder, segmenter = load_encoder(None), default_segmenter()
    texts = [t for name in options.corpora for t in news(name, 400)]
    rights, wrongs = made(texts, segmenter, options.seed)
    texts_of = {p: i for i, p in enumerate(dict.fromkeys(p for p, _ in rights))}
    passages = list(texts_of)
    other = neighbours(passages, encoder.encode_passages(passages))
    seconds: list[float] = []

    def check(claim: str, shown: Sequence[str], marker: int):
        verifier = Verifier([source(t, n) for n, t in enumerate(shown, 1)], encoder, segmenter)
        start = time.perf_counter()
        verdict = verifier.check(claim, [marker])
        seconds.append(time.perf_counter() - start)
        for s in verdict.supports:
            assert s.article.text[s.start : s.end].strip()
        return verdict

    check(rights[0][1].text, [rights[0][0]], 1)
    flagged = [(p, c, v) for p, c in rights if not (v := check(c.text, [p], 1)).supported]
    share = len(flagged) / len(rights)
    print(f"right sentences flagged: {len(flagged)} of {len(rights)} = {share:.1%}")
    print("  by problem:", dict(Counter(str(p) for _, _, v in flagged for p in v.problems)))
    for passage, claim, verdict in flagged[: options.show]:
        print(f"    {[str(p) for p in verdict.problems]} {claim.text}\n        {passage[:300]!r}")
    for kind in WRONGS:
        cases = [(p, c) for p, c in wrongs if c.wrong == kind]
        missed = [(p, c) for p, c in cases if check(c.text, [p], 1).supported]
        print(f"wrong {kind} caught: {1 - len(missed) / len(cases):.1%} of {len(cases)}")
        for passage, claim in missed[: options.show]:
            print(f"    {claim.text}\n    < {claim.before}\n        {passage[:300]!r}")
    missed = [
        (passages[other[texts_of[p]]], c)
        for p, c in rights
        if check(c.text, [p, passages[other[texts_of[p]]]], 2).supported
    ]
    print(f"wrong passage cited, caught: {1 - len(missed) / len(rights):.1%} of {len(rights)}")
    for passage, claim in missed[: options.show]:
        print(f"    {claim.text}\n        {passage!r}")
    ms = np.array(seconds[1:]) * 1000
    print(f"a sentence takes {np.median(ms):.2f} ms, p95 {np.percentile(ms, 95):.2f} ms")


if __name__ == "__main__":
    main()
