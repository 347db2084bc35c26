"""Chinese words that mean nearly the same, found by way of English: 出席 → attend → 参加.

The lexicon's two tables, one after the other (Bannard & Callison-Burch 2005, paraphrasing with
bilingual parallel corpora). A synonym counts less than the word itself.
"""

from __future__ import annotations

from functools import lru_cache

from index.lexicon import Lexicon, stem

_MOST = 6
_LEAST = 0.3  # of the best synonym's weight; what is weaker is another sense of the English word
_WORTH = 0.45  # what the best synonym of a word counts, beside 1 for the word itself
# The tables hold (p / best p) ** 0.25, so that a search is not too sure of one word; undone here.
_POWER = 4


@lru_cache(maxsize=4096)
def synonyms(word: str) -> tuple[tuple[str, float], ...]:
    """Words that may stand for a folded Chinese word, with what each counts (0–1), best first."""
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
    return tuple((form, _WORTH * min(1.0, weight)) for form, weight in kept[:_MOST])
