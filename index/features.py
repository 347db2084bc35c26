"""What tells a passage that answers a question from one that does not, as numbers.

Everything is computed for all candidates at once: which of the question's terms each part of a
passage holds, how often, how rare they are. How near the parts are in meaning is computed in
``index.meaning``. What is worth how much is learned (``index.ranking``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from index.asking import without_asking
from index.frequencies import salience
from index.keywords import BIGRAMS, SOUNDS, WORDS, AnyOf, Term
from index.matches import Texts
from index.parts import Parts, best_part
from index.patterns import lazy
from index.query import QueryTerms
from index.sizes import scale
from index.tokens import fold
from index.types import Article

_K1, _B = 1.2, 0.75

Column = NDArray[np.float32]
Frequencies = Callable[[Sequence[Term]], list[int]]
"""Terms → in how many passages of the library each stands."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that a leg proposed, with what the legs say of it.

    ``keyword`` is its BM25 score (0 where that leg did not propose it), ``cosine`` its nearness.
    """

    id: int
    text: str
    starts: bool
    article: Article
    keyword: float
    cosine: float

    @property
    def head(self) -> str:
        """What stands over the passage: kicker and title."""
        return " ".join(part for part in (self.article.kicker, self.article.title) if part)


@dataclass(frozen=True, slots=True)
class Unit:
    """A term of the question: tokens of which the best counts, each with its weight."""

    tokens: tuple[str, ...]
    weights: tuple[float, ...]
    sounds: tuple[bool, ...]
    word: bool
    pair: bool
    salience: float


def units(terms: QueryTerms, frequencies: Frequencies, passages: int) -> list[Unit]:
    """The question's terms weighed by how rare they are in a library of so many passages.

    Translations that stand nowhere are left out. A translated word counts among the words and
    among the pairs of characters, since it may be either.
    """
    found: list[Unit] = []
    clauses = [(c, c.terms if isinstance(c, AnyOf) else (c,)) for c in terms.clauses]
    numbers = iter(frequencies([term for _, parts in clauses for term in parts]))
    for clause, parts in clauses:
        counts = [next(numbers) for _ in parts]
        kept = [
            (t, n) for t, n in zip(parts, counts, strict=True) if n or not isinstance(clause, AnyOf)
        ]
        if not kept:
            continue
        unit = Unit(
            tuple(t.token for t, _ in kept),
            tuple(_weight(t, n, passages) for t, n in kept),
            tuple(t.field == SOUNDS for t, _ in kept),
            word=clause.field in (WORDS, None),
            pair=clause.field in (BIGRAMS, None),
            salience=max(salience(t.token, n, passages) for t, n in kept),
        )
        found.append(unit)
    return found


def _weight(term: Term, passages_with: int, passages: int) -> float:
    idf = log(1 + (passages - passages_with + 0.5) / (passages_with + 0.5))
    return idf * term.weight


def lexical(
    question: str,
    terms: Sequence[Unit],
    candidates: Sequence[Candidate],
    ready: Sequence[Parts],
    nearest: float,
) -> dict[str, Column]:
    """The features of all candidates but those of their meaning, each of shape ``(candidates,)``.

    ``ready`` are the candidates' parts, ``nearest`` the highest cosine of all that the legs
    proposed. A name that ends in ``_rel`` is the distance to the best candidate (≤ 0).
    """
    parts = _Parts(ready)
    best_keyword = max(c.keyword for c in candidates) or 1.0
    found = {
        "keyword_rel": _column(c.keyword for c in candidates) / best_keyword,
        "cosine": _column(c.cosine for c in candidates),
        "cosine_rel": _column(c.cosine - nearest for c in candidates),
        "length": np.log(np.maximum(parts.sizes, 1) / parts.usual),
        "first": _column(float(c.starts) for c in candidates),
    }
    found |= _words(question, terms, candidates, parts)
    found |= _kinds(question, parts, found.pop("best_part"))
    return found


class _Parts:
    """The parts of all candidates, one after the other; the last part of each is its title."""

    def __init__(self, parts: Sequence[Parts]) -> None:
        counts = np.array([len(p.texts) for p in parts])
        self.texts = [text for p in parts for text in p.texts]
        self.first = np.cumsum(counts) - counts
        self.title = self.first + counts - 1
        self.found = Texts.joined([p.folded for p in parts])
        self.sizes = np.add.reduceat(self.found.sizes - 1, self.first).astype(np.float32)
        self.usual = float(self.sizes.mean()) or 1.0

    def best(self, values: Column) -> Column:
        """The highest value of each candidate's parts, its title apart."""
        return best_part(values, self.first, self.title)


def _words(
    question: str, terms: Sequence[Unit], candidates: Sequence[Candidate], parts: _Parts
) -> dict[str, Column]:
    """What the candidates hold of the question's words."""
    about = without_asking(question)
    run = round(3 * scale(about))  # letters, of which three say less than three characters
    plain = re.sub(r"[\W_]+", " " * (run > 3), about).strip() or fold(question).strip() or " "
    triples = list(dict.fromkeys(plain[i : i + run] for i in range(len(plain) - run + 1)))
    held, counts, top, triple = _held(terms, triples, parts)
    words = np.array([u.word for u in terms], bool)
    pairs = np.array([u.pair for u in terms], bool)
    salient = np.array([u.salience for u in terms], np.float32) * words
    in_passage = np.maximum.reduceat(held, parts.first, axis=0)
    often = np.add.reduceat(counts, parts.first, axis=0)
    norm = _K1 * (1 - _B + _B * parts.sizes / parts.usual)
    bm25 = in_passage * often * (1 + _K1) / (often + norm[:, None])
    share = in_passage / np.maximum(top, 1e-6)
    # How much of the words' weight a text holds, and of the pairs': 0 to 1 (a little more for BM25).
    fields = np.stack([words, pairs], axis=1).astype(np.float32)
    fields /= np.maximum(top @ fields, 1e-6)
    of_parts, of_passages, of_bm25 = held @ fields, in_passage @ fields, bm25 @ fields
    by_part = of_parts[:, 1]
    triple = np.maximum.reduceat(triple, parts.first, axis=0)
    common = np.maximum.reduceat(parts.found.longest_common(plain), parts.first)
    article, article_often, article_norm = _by_article(candidates, in_passage, often)
    article_bm25 = article * article_often * (1 + _K1) / (article_often + article_norm[:, None])
    found = {
        "words": of_passages[:, 0],
        "pairs": of_passages[:, 1],
        "salient": (share @ salient) / max(float(salient.sum()), 1e-6),
        "part_words": parts.best(of_parts[:, 0]),
        "part_pairs": parts.best(by_part),
        "article": article @ fields[:, 1],
        "article_bm25": article_bm25 @ fields[:, 1],
        "bm25_words": of_bm25[:, 0],
        "bm25_pairs": of_bm25[:, 1],
        "common": (common / len(plain)).astype(np.float32),
        "triples": triple.mean(axis=1, dtype=np.float32) if triples else _nothing(candidates),
    }
    found |= {f"{name}_rel": column - column.max() for name, column in found.items()}
    found["title"] = by_part[parts.title]
    by_part[parts.title] = -1
    found["best_part"] = by_part
    return found


def _held(
    terms: Sequence[Unit], runs: Sequence[str], parts: _Parts
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """What each part holds of each term, shape ``(parts, terms)``: the weight of its best token,
    and how often; the most that each term can weigh; and which of the runs each part holds."""
    numbers: dict[tuple[str, bool], int] = {}
    for u in terms:
        for key in zip(u.tokens, u.sounds, strict=True):
            numbers.setdefault(key, len(numbers))
    counts = np.zeros((len(parts.texts), len(numbers) + 1), np.int32)
    written = [t for t, sound in numbers if not sound]
    columns = [i for (_, sound), i in numbers.items() if not sound]
    both = parts.found.count_terms(written, runs)
    counts[:, columns] = both[:, : len(written)]
    heard = {t: i for (t, sound), i in numbers.items() if sound}
    if heard:
        _count_sounds(parts.texts, heard, counts)
    first = np.array([numbers[u.tokens[0], u.sounds[0]] for u in terms])
    often = counts[:, first].astype(np.float32)
    held = np.where(often > 0, np.array([u.weights[0] for u in terms], np.float32), np.float32(0))
    for k, u in enumerate(terms):
        if len(u.tokens) > 1:
            at = [numbers[key] for key in zip(u.tokens, u.sounds, strict=True)]
            often[:, k] = counts[:, at].max(axis=1)
            held[:, k] = ((counts[:, at] > 0) * np.array(u.weights, np.float32)).max(axis=1)
    top = np.array([max(u.weights) for u in terms], np.float32)
    return held, often, top, both[:, len(written) :] > 0


def _count_sounds(texts: Sequence[str], heard: dict[str, int], counts: NDArray[np.int32]) -> None:
    from index.lexicon import sound_keys

    for row, text in enumerate(texts):
        for key in sound_keys(text):
            if key in heard:
                counts[row, heard[key]] += 1


def _by_article(
    candidates: Sequence[Candidate], held: NDArray[np.float32], often: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """What all candidates of the same article hold together, how often, and BM25's norm of it."""
    rows: dict[str, list[int]] = {}
    for i, c in enumerate(candidates):
        rows.setdefault(c.article.id, []).append(i)
    together, sums = held.copy(), often.copy()
    sizes = np.array([len(c.article.text) + len(c.article.title) for c in candidates], np.float32)
    for same in rows.values():
        if len(same) > 1:
            together[same] = held[same].max(axis=0)
            sums[same] = often[same].sum(axis=0)
    usual = sizes[[same[0] for same in rows.values()]].mean()
    return together, sums, _K1 * (1 - _B + _B * sizes / usual)


_ASKS_NUMBER = lazy(
    "多少|几[个名位人家次项座条辆元]|多[大高长久远]|how many|how much|how long|percentage|いくつ|何人|何個"
)
_ASKS_DATE = lazy("何时|什么时[候间]|哪一?[年天月日]|几[月日年]|\\bwhen\\b|what year|いつ|何年")
_ASKS_PLACE = lazy("哪里|哪儿|何地|什么地[方点]|哪[个座]?[国省市县区城]|\\bwhere\\b|どこ")
_NUMBER = lazy("[0-9]|[一二两三四五六七八九十百千万亿]+[^\\W年月日号]")
_DATE = lazy("[0-9〇零一二三四五六七八九十]+[年月日号]|\\b(?:1[0-9]|20)\\d\\d\\b")
_PLACE = lazy("[省市县区州国城村镇乡路街山河湖岛]")


def _kinds(question: str, parts: _Parts, by_part: NDArray[np.float32]) -> dict[str, Column]:
    """Whether the best part holds the kind of thing that is asked for; 0 when it is not asked for."""
    ends = [*parts.first[1:], len(parts.texts)]
    best = [a + int(by_part[a:b].argmax()) for a, b in zip(parts.first, ends, strict=True)]
    texts = [parts.texts[i] for i in best]
    asked = fold(question)
    kinds = (
        ("number", _ASKS_NUMBER, _NUMBER),
        ("date", _ASKS_DATE, _DATE),
        ("place", _ASKS_PLACE, _PLACE),
    )
    return {
        name: _column(bool(thing.search(text)) for text in texts)
        if asks.search(asked)
        else np.zeros(len(texts), np.float32)
        for name, asks, thing in kinds
    }


def _column(values: object) -> Column:
    return np.fromiter(values, np.float32)  # type: ignore[call-overload,no-any-return]


def _nothing(candidates: Sequence[Candidate]) -> Column:
    return np.zeros(len(candidates), np.float32)
