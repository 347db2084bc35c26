"""Chinese words that mean nearly the same: those in which people ask, those in which texts tell.

A short list of our own (``synonyms.txt``: 孩子, 子女), and words found by way of English (出席 →
attend → 参加): the lexicon's two tables, one after the other (Bannard & Callison-Burch 2005,
paraphrasing with bilingual parallel corpora). A synonym counts less than the word itself.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from index.lexicon import Lexicon, stem

_MOST = 6
_LEAST = 0.3  # of the best synonym's weight; what is weaker is another sense of the English word
_WORTH = 0.45  # what the best synonym of a word counts, beside 1 for the word itself
_LISTED = 0.7  # … and what one of our own list does
LIST = Path(__file__).resolve().parent / "synonyms.txt"
# The tables hold (p / best p) ** 0.25, so that a search is not too sure of one word; undone here.
_POWER = 4


@lru_cache(maxsize=4096)
def synonyms(word: str) -> tuple[tuple[str, float], ...]:
    """Words that may stand for a folded Chinese word, with what each counts (0–1), best first."""
    listed = _groups().get(word, ())
    if len(word) < 2:  # in other words by the list alone
        return tuple((form, _LISTED) for form in listed)
    lexicon = Lexicon.load()
    weights: dict[str, float] = {}
    for english, p in lexicon.english(word) or ():
        key = " ".join(stem(part) for part in english.split())
        for form, q in lexicon.chinese(key) or ():
            weights[form] = weights.get(form, 0.0) + (p * q) ** _POWER
    weights.pop(word, None)
    best = max(weights.values(), default=0.0)
    kept = [(f, w) for f, w in weights.items() if w >= max(_LEAST * best, 0.1) and len(f) > 1]
    kept.sort(key=lambda item: (-item[1], item[0]))
    found = dict.fromkeys(listed, _LISTED)
    for form, weight in kept[:_MOST]:
        found.setdefault(form, _WORTH * min(1.0, weight))
    return tuple(found.items())


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """The others of each listed word's groups."""
    found: dict[str, list[str]] = {}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            group = line.split()
            for word in group:
                # Of one character it is a word when it is asked, not wherever it stands (票, 股票).
                found.setdefault(word, []).extend(w for w in group if w != word and len(w) > 1)
    return {word: tuple(dict.fromkeys(others)) for word, others in found.items()}
