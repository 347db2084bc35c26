"""How well the lexicon alone finds passages in the other language: BM25 over its expansions.

Nothing here is used for training. A question is English and the passages Chinese, or the
reverse; each word counts as its best alternative in the passage. Written into the card.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.lexicon import Expansion, Lexicon, sound_keys, sound_queries, stem
from index.stems import is_stop
from index.tokens import bigrams, default_segmenter, fold, is_unspaced
from training.sources import rows, rows_of

K1, B = 1.2, 0.75
SOUND = "~"
_OWN = re.compile(r"\d+(?:[.,]\d+)*|[a-zà-ɏ]+(?:['’][a-zà-ɏ]+)*")
Terms = list[list[tuple[str, float]]]


class Bm25:
    """Okapi BM25 over bags of tokens; a query is a list of words, each with its alternatives."""

    def __init__(self, bags: list[Counter[str]], lengths: list[int]) -> None:
        size = np.array(lengths, float)
        norm = K1 * (1 - B + B * size / size.mean())
        places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for i, bag in enumerate(bags):
            for token, n in bag.items():
                places[token].append((i, n))
        self._size = len(bags)
        self._scores: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}
        for token, found in places.items():
            ids = np.array([i for i, _ in found])
            times = np.array([n for _, n in found], float)
            idf = log(1 + (self._size - len(found) + 0.5) / (len(found) + 0.5))
            self._scores[token] = ids, idf * times * (K1 + 1) / (times + norm[ids])

    def score(self, terms: Terms) -> NDArray[np.float64]:
        """The score of each passage: the sum over words of their best alternative."""
        total = np.zeros(self._size)
        for alternatives in terms:
            best = np.zeros(self._size)
            for token, weight in alternatives:
                if token in self._scores:
                    ids, scores = self._scores[token]
                    best[ids] = np.maximum(best[ids], weight * scores)
            total += best
        return total


def bag(text: str) -> tuple[Counter[str], int]:
    """A passage's tokens (jieba words, character bigrams, stems, sound keys) and its length."""
    words = [w if is_unspaced(w) else stem(w) for w in default_segmenter().words(text)]
    counts = Counter(words)
    pairs = Counter(b for b in bigrams(text) if len(b) == 2 and is_unspaced(b))
    for pair, n in pairs.items():
        counts[pair] = max(counts[pair], n)
    counts.update(SOUND + key for key in sound_keys(text))
    return counts, len(words)


WAYS = ("nothing", "words", "words and sounds")


def terms(question: str, chinese: bool, way: str = WAYS[-1]) -> Terms:
    """What a question looks for: its own numbers and Latin words, translations, sound keys.

    A word that is translated is not looked for as it stands: among Chinese news, English words
    are so rare that they outweigh everything (R@1 .54 instead of .61).
    """
    own: Terms = [[(stem(w), 1.0)] for w in _OWN.findall(fold(question)) if not is_stop(w)]
    if way == WAYS[0]:
        return own
    lexicon = Lexicon.load()
    expansions = (lexicon.translate_to_english if chinese else lexicon.translate_to_chinese)(
        question
    )
    known = {stem(e.source) for e in _all(expansions) if e.alternatives}
    found = [alternatives for alternatives in own if alternatives[0][0] not in known]
    found += [
        [(w if is_unspaced(w) else stem(w), weight) for w, weight in e.alternatives]
        for e in _all(expansions)
    ]
    if way == WAYS[2]:
        found += [[(SOUND + k, w) for k, w in e.alternatives] for e in sound_queries(question)]
    return found


def _all(expansions: Iterable[Expansion]) -> Iterator[Expansion]:
    for expansion in expansions:
        yield expansion
        yield from expansion.parts


def recall(index: Bm25, asked: list[tuple[Terms, set[int]]]) -> dict[str, float]:
    """R@1, R@10 and MRR@10; a tie with another passage counts as the worse rank."""
    ranks = []
    for query, gold in asked:
        scores = index.score(query)
        best = max(scores[i] for i in gold)
        ahead = sum(i not in gold for i in np.flatnonzero(scores >= best))
        ranks.append(ahead + 1 if best > 0 else len(scores))
    n = len(ranks)
    return {
        "R@1": sum(r == 1 for r in ranks) / n,
        "R@10": sum(r <= 10 for r in ranks) / n,
        "MRR@10": sum(1 / r for r in ranks if r <= 10) / n,
    }


SETS = (
    ("English → Chinese, XQuAD", "xquad_en_on_zh_a", ("xquad_zh_a",)),
    ("English → Chinese, XQuAD among news", "xquad_en_on_zh_a", ("xquad_zh_a", "crud_a")),
    ("Chinese → English, XQuAD", "xquad_zh_on_en_a", ("xquad_en_a",)),
    ("Chinese → English, XQuAD among novels", "xquad_zh_on_en_a", ("xquad_en_a", "bipar_valid_en")),
)


def measure(data: Path) -> list[tuple[str, int, str, dict[str, float]]]:
    """For each set and way of asking: name, passages, way, the figures."""
    asked = {name: list(rows(f"questions/{name}", data)) for _, name, _ in SETS}
    queries = {
        (name, way): [terms(q["question"], q["lang"] == "zh", way) for q in questions]
        for name, questions in asked.items()
        for way in WAYS
    }
    # Only the tokens that are asked for are kept: 34,000 articles would fill memory otherwise.
    wanted = {t for found in queries.values() for q in found for word in q for t, _ in word}
    results = []
    for title, name, corpora in SETS:
        places: dict[str, int] = {}
        bags: list[Counter[str]] = []
        lengths: list[int] = []
        for row in rows_of(tuple(f"corpora/{corpus}" for corpus in corpora), data):
            counts, length = bag(row["text"])
            places[row["id"]] = len(bags)
            bags.append(Counter({t: n for t, n in counts.items() if t in wanted}))
            lengths.append(length)
        index = Bm25(bags, lengths)
        gold = [{places[p] for p in q["passage_ids"]} for q in asked[name]]
        for way in WAYS:
            figures = recall(index, list(zip(queries[name, way], gold, strict=True)))
            results.append((title, len(bags), way, figures))
            print(title, len(bags), way, figures, flush=True)
    return results


def report(data: Path, output: Path, made: dict[str, int]) -> None:
    """Measure, and put what was made and measured into the card, between its marks."""
    lines = ["| what | number |", "|---|---|"]
    lines += [f"| {name} | {n:,} |" for name, n in made.items()]
    sizes = {p.name: p.stat().st_size for p in sorted(output.glob("lexicon_*.tsv"))}
    lines += [f"| `{name}` | {size:,} bytes |" for name, size in sizes.items()]
    lines += [
        "",
        "| questions → passages | passages | by | R@1 | R@10 | MRR@10 |",
        "|---|---|---|---|---|---|",
    ]
    for name, passages, way, figures in measure(data):
        values = " | ".join(f"{v:.3f}" for v in figures.values())
        lines.append(f"| {name} | {passages:,} | {way} | {values} |")
    card = output / "LEXICON.md"
    text = card.read_text(encoding="utf-8")
    head, _, rest = text.partition("<!-- figures -->")
    tail = rest.partition("<!-- end -->")[2]
    body = "\n".join(lines)
    card.write_text(f"{head}<!-- figures -->\n{body}\n<!-- end -->{tail}", encoding="utf-8")
