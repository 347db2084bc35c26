"""The weights of refusal: ``python -m training.belief`` learns and writes them.

Learned from questions that the articles answer and five kinds that they do not:

- *deleted*: the sentences that hold the answer are taken out of the article, and into some the
  question itself is put instead, as pages do that only ask;
- *gone*: the whole article is taken out;
- *foreign*: questions of one set asked of another's articles;
- *another*: questions that are answered, with a made-up name for what they are of
  (``training.another``);
- *near*: near misses written for ``near_misses.jsonl``: the article speaks of the thing,
  not of what is asked. With them come questions by the same hands that are answered.

The last are what refusal is for and count most: they are the only ones whose words all stand in
the article. One weighted sum by logistic regression; the report says what weights learned without
a set, and without one half of the near misses, make of it. ``BALANCED`` is put where ``REFUSED`` of the
answerable questions of the sets are refused.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import log
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from index.library import Library
from index.sentences import sentence_spans
from index.types import Article
from qa.assistant import HITS
from qa.belief import FORMAT, WEIGHTS, Row, signs
from qa.extract import Extraction, extract
from qa.options import ANSWER_FROM
from qa.question import analyse
from training import ranking, sources, written
from training.another import heaviest, of_another
from training.weights import write_weights

WRITTEN = {"written": ("crud",), "written wiki": ("cmrc", "drcd"), "written pages": ("pages",)}
"""The corpora that the questions of our own are asked over, whole."""
SETS = tuple(s for s in ranking.SETS if s.name != "headline")
QUESTIONS = 1000
"""About so many questions a set."""
GONE, DELETED = 0.12, 0.5
"""Of how many articles the whole, or what answers one question, is taken out."""
ASKS = 0.1
"""Into how many articles a question is put, whether it is answered in them or not."""
FOREIGN = 60
ANOTHER = 0.4
"""How many answered questions are asked once more of another thing."""
REFUSED = 0.02
"""The share of answerable questions that may be refused at ``BALANCED``, on average. Of our own
questions, half of them in other words than the article's, 4 in a hundred are then, of search-engine
pages that nothing is learned from 17, and seven of ten near misses on news. At 0.008 five in a hundred
fewer of those pages' questions would be, a third of which are answered right, and every second near
miss be answered."""
BALANCED = ANSWER_FROM["balanced"]
STRENGTH = 2e-3
WEIGH = {
    "yes": 1.0,
    "deleted": 0.1,
    "gone": 0.2,
    "foreign": 0.4,
    "another": 0.35,
    "written yes": 0.75,
    "near": 2.0,
}
"""What all questions of a kind count together, of each set."""
LEFT_OUT: dict[Row, frozenset[str]] = {
    "read": frozenset(),
    "known": frozenset({"most", "goes_on", "comes_from"}),
    "unknown": frozenset({"most", "goes_on", "comes_from", "soft", "last", "beyond"}),
}
AGAINST = frozenset(
    {"missing", "weightiest", "thing", "without", "echo", "year", "unknown", "size"}
)
"""Signs that speak against an answer. No weight may turn a sign round: left free, a word that is
missing speaks *for* an answer, because it does so among the questions of some sets."""


@dataclass(frozen=True)
class Asked:
    """Signs of all questions of a set, shape ``(questions, signs)``, and of what kind each is."""

    names: tuple[str, ...]
    signs: NDArray[np.float64]
    kinds: NDArray[np.str_]

    def where(self, *kinds: str) -> NDArray[np.bool_]:
        """Which questions are of these kinds."""
        return np.isin(self.kinds, kinds)


@dataclass
class Taken:
    """A corpus from which answers were taken out, and its questions with their kinds."""

    articles: list[Article]
    questions: list[tuple[str, str]]


def take_out(entry: ranking.Set, data: Path, seed: int = 5) -> Taken:
    """Take answers out of a set's articles."""
    chance = random.Random(seed)
    articles = {a.id: a for a in ranking.articles_of(entry, data)}
    asked: dict[str, list[dict[str, object]]] = {}
    for row in sources.unread(entry.questions, data):
        if row["passage_ids"] and row["answers"] and row["passage_ids"][0] in articles:
            asked.setdefault(row["passage_ids"][0], []).append(row)
    order = sorted(asked)
    chance.shuffle(order)
    gone: set[str] = set()
    found: list[tuple[str, str, str]] = []
    for at in order:
        if len(found) >= QUESTIONS:
            break
        group = asked[at]
        chance.shuffle(group)
        fate = chance.random()
        if fate < GONE:
            for row in group[:2]:
                gone.update(row["passage_ids"])  # type: ignore[arg-type]
                found.append((at, str(row["question"]), "gone"))
        elif fate < GONE + DELETED:
            shorter = _without(articles[at].text, group[0]["answers"])  # type: ignore[arg-type]
            if shorter is None:
                continue
            gone.update(i for i in group[0]["passage_ids"] if i != at)  # type: ignore[attr-defined]
            if chance.random() < ASKS:
                shorter = _asking(shorter, str(group[0]["question"]), chance)
            articles[at] = replace(articles[at], text=shorter)
            found.append((at, str(group[0]["question"]), "deleted"))
            left = [r for r in group[1:] if any(a in shorter for a in r["answers"])]  # type: ignore[attr-defined]
            found += [(at, str(row["question"]), "yes") for row in left[:1]]
        else:
            found += [(at, str(row["question"]), "yes") for row in group[:2]]
            if chance.random() < ASKS:
                text = _asking(articles[at].text, str(group[0]["question"]), chance)
                articles[at] = replace(articles[at], text=text)
    kept = [a for a in articles.values() if a.id not in gone]
    questions = [(q, kind) for at, q, kind in found if kind == "gone" or at not in gone]
    return Taken(kept, questions)


def _asking(text: str, question: str, chance: random.Random) -> str:
    """A text with a question on a line of its own between two sentences."""
    at = chance.choice([a for a, _ in sentence_spans(text, 0, len(text))] or [0])
    return f"{text[:at].rstrip()}\n{question}\n{text[at:]}".lstrip()


def _without(text: str, answers: Sequence[str]) -> str | None:
    """A text without the sentences that hold one of the answers; None when little would be left."""
    spans = sentence_spans(text, 0, len(text))
    left = [text[a:b] for a, b in spans if not any(x.strip() in text[a:b] for x in answers)]
    answers_there = any(x.strip() in text for x in answers)
    shorter = "".join(left)
    if not answers_there or len(left) < 2 or any(x.strip() in shorter for x in answers):
        return None
    return shorter


def ask(questions: Sequence[tuple[str, str]], library: Library, seed: int = 7) -> Asked:
    """Put questions, each with its kind, to a library, and some of those that are answered with another
    name once more. What finds nothing has signs of 0."""
    chance = random.Random(seed)
    rows: list[tuple[dict[str, float] | None, str]] = []
    words: list[str] = []
    for text, kind in questions:
        row, found = _asked(text, library)
        rows.append((row, kind))
        word = heaviest(found.terms)
        if kind == "yes" and word and chance.random() < ANOTHER:
            texts = [c.article.text + c.article.title for c in found.candidates]
            if made := of_another(text, word, words, texts, chance):
                rows.append((_asked(made, library)[0], "another"))
        words += [word] if word else []
    names = next(list(row) for row, _ in rows if row)
    table = np.array([list(row.values()) if row else [0.0] * len(names) for row, _ in rows])
    return Asked(tuple(names), table, np.array([kind for _, kind in rows]))


def _asked(text: str, library: Library) -> tuple[dict[str, float] | None, Extraction]:
    question = analyse(text)
    found = extract(question, library.search(text, k=HITS), library)
    if not (found.candidates and found.terms and any(found.candidates[0].held)):
        return None, found
    return signs(question, found.terms, found.candidates, found.fit, library.passages()), found


def learn(sets: Sequence[Asked], used: NDArray[np.bool_]) -> NDArray[np.float64]:
    """One weight a sign and the bias behind them; signs not used weigh 0."""
    x = torch.from_numpy(np.concatenate([s.signs for s in sets]))
    answered = torch.from_numpy(np.concatenate([s.where("yes", "written yes") for s in sets]))
    share = torch.from_numpy(np.concatenate([_share(s) for s in sets]))
    mean = (x * share[:, None]).sum(0) / share.sum()
    spread = ((x - mean).square() * share[:, None]).sum(0).div(share.sum()).sqrt() + 1e-9
    turned = torch.tensor([-1.0 if name in AGAINST else 1.0 for name in sets[0].names])
    turned = turned.double() * torch.from_numpy(used.astype(np.float64))
    x = (x - mean) / spread * turned
    roots = torch.full((x.shape[1] + 1,), 0.5, requires_grad=True, dtype=torch.float64)
    optimizer = torch.optim.LBFGS([roots], max_iter=400, line_search_fn="strong_wolfe")
    cross_entropy = partial(torch.nn.functional.binary_cross_entropy_with_logits, weight=share)

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        weights = roots[:-1].square()
        value = cross_entropy(x @ weights + roots[-1], answered.double(), reduction="sum")
        value = value / share.sum() + STRENGTH * weights.square().sum()
        value.backward()
        return value

    optimizer.step(loss)  # type: ignore[arg-type]
    slopes = roots.detach()[:-1].square() * turned / spread
    return np.append(slopes.numpy(), float(roots.detach()[-1] - (slopes * mean).sum()))


def _share(asked: Asked) -> NDArray[np.float64]:
    """What each question counts."""
    share = np.zeros(len(asked.kinds))
    for kind, weight in WEIGH.items():
        here = asked.where(kind)
        share[here] = weight / max(int(here.sum()), 1)
    return share


def settled(weights: NDArray[np.float64], sets: Sequence[Asked]) -> NDArray[np.float64]:
    """The weights with the bias moved to where ``BALANCED`` refuses ``REFUSED`` of what is
    answered, on average over the sets."""
    sums = [s.signs[s.where("yes")] @ weights[:-1] for s in sets if s.where("yes").any()]
    low, high = min(s.min() for s in sums), max(s.max() for s in sums)
    for _ in range(60):
        middle = (low + high) / 2
        refused = np.mean([(s < middle).mean() for s in sums])
        low, high = (middle, high) if refused < REFUSED else (low, middle)
    return np.append(weights[:-1], log(BALANCED / (1 - BALANCED)) - low)


def auroc(yes: NDArray[np.float64], no: NDArray[np.float64]) -> float:
    """The chance that an answerable question scores higher than another."""
    order = np.concatenate([yes, no])
    higher = (order[: len(yes), None] > no).mean() + 0.5 * (yes[:, None] == no).mean()
    return float(higher)


def report(sets: dict[str, Asked], unseen: Asked, names: Sequence[str], row: Row) -> str:
    """A Markdown table of areas under the curve: set by hand, and learned without that set and
    without one half of what was written, tried on the other; the last figure of each is that of
    near misses from which nothing is learned at all."""
    lines = [
        "| set | by hand: foreign / gone / deleted / near / unseen | learned without it: the same |",
        "|---|---|---|",
    ]
    used = np.array([n not in LEFT_OUT[row] for n in names])
    by_hand = np.array([float(n == "fit") for n in (*names, "bias")])
    ours = [sets[n] for n in WRITTEN]
    for name, asked in sets.items():
        if name in WRITTEN:
            continue
        figures: list[list[float]] = [[], []]
        for half in (0, 1):
            tried = [_part(s, half) for s in ours]
            learned_from = [s for n, s in sets.items() if n != name and n not in WRITTEN]
            learned = learn([*learned_from, *(_part(s, 1 - half) for s in ours)], used)
            for k, w in enumerate((by_hand, learned)):
                yes = _scores([asked], "yes", w)
                others = [_scores([asked], kind, w) for kind in ("foreign", "gone", "deleted")]
                others += [_scores(tried, "near", w), _scores([unseen], "near", w)]
                figures[k] += [auroc(yes, no) if len(no) else np.nan for no in others]
        shown = [
            " / ".join(f"{f:.3f}" for f in np.mean(np.reshape(f, (2, 5)), axis=0)) for f in figures
        ]
        lines.append(f"| {name} | {shown[0]} | {shown[1]} |")
    return "\n".join(lines)


def _part(asked: Asked, half: int) -> Asked:
    """One half of a set."""
    here = np.arange(len(asked.kinds)) % 2 == half
    return Asked(asked.names, asked.signs[here], asked.kinds[here])


def _scores(sets: Sequence[Asked], kind: str, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sums of all questions of a kind."""
    return np.concatenate([s.signs[s.where(kind)] @ weights[:-1] for s in sets])


def curve(sets: dict[str, Asked], weights: NDArray[np.float64]) -> str:
    """A Markdown table: what is refused at each confidence, by kind of question (in per cent)."""
    kinds = ("yes", "foreign", "another", "gone", "deleted", "written yes", "near")
    lines = ["| from | " + " | ".join(kinds) + " |", "|---" * (len(kinds) + 1) + "|"]
    for least in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        cells = []
        for kind in kinds:
            shares = [
                (
                    s.signs[s.where(kind)] @ weights[:-1] + weights[-1] < log(least / (1 - least))
                ).mean()
                for s in sets.values()
                if s.where(kind).any()
            ]
            cells.append(f"{100 * np.mean(shares):.1f}")
        lines.append(f"| {least} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def write(path: Path, names: Sequence[str], rows: dict[Row, NDArray[np.float64]]) -> None:
    """The weights as readable JSON, without those that are 0."""
    found = {
        row: {n: float(w) for n, w in zip((*names, "bias"), learned, strict=True) if w}
        for row, learned in rows.items()
    }
    learned_from = [*(s.questions for s in SETS), f"training/{written.NEAR_MISSES.name}"]
    write_weights(path, FORMAT, learned_from, found)


def _questions_of_others(taken: dict[str, Taken], name: str, seed: int = 3) -> Iterator[str]:
    others = [q for n, t in taken.items() if n != name and n != "jaquad" for q, _ in t.questions]
    yield from random.Random(seed).sample(others, FOREIGN)


def main() -> None:
    """Learn the weights and write them."""
    parser = argparse.ArgumentParser(description="Learn the weights of refusal.")
    parser.add_argument("--data", type=Path, default=sources.DATA)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    began = time.monotonic()
    taken = {entry.name: take_out(entry, arguments.data) for entry in SETS}
    sets: dict[str, Asked] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for entry in SETS:
            questions = list(taken[entry.name].questions)
            if entry.name != "jaquad":
                questions += [(q, "foreign") for q in _questions_of_others(taken, entry.name)]
            with Library.open(Path(scratch) / entry.name) as library:
                library.add_articles("corpus", taken[entry.name].articles)
                sets[entry.name] = ask(questions, library)
            print(entry.name, len(questions), f"{time.monotonic() - began:.0f} s", flush=True)
        for name, corpora in WRITTEN.items():
            with Library.open(Path(scratch) / name) as library:
                for entry in (*SETS, ranking.PAGES):
                    if entry.name in corpora:
                        articles = list(ranking.articles_of(entry, arguments.data))
                        library.add_articles(entry.name, articles)
                sets[name] = ask(written.asked(corpora), library)
                if more := written.asked(corpora, written.UNSEEN):
                    unseen = ask(more, library)
            print(name, f"{time.monotonic() - began:.0f} s", flush=True)
    names = sets["written"].names
    rows: dict[Row, NDArray[np.float64]] = {}
    for row, left_out in LEFT_OUT.items():
        used = np.array([n not in left_out for n in names])
        rows[row] = settled(learn(list(sets.values()), used), list(sets.values()))
        print(f"\n{row}\n\n{report(sets, unseen, names, row)}\n\n{curve(sets, rows[row])}")
    write(arguments.output, names, rows)


if __name__ == "__main__":
    main()
