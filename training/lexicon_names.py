"""How Chinese spells foreign names: which letters become which syllable, learned from names.

A joint multigram model (M. Bisani and H. Ney, "Joint-sequence models for grapheme-to-phoneme
conversion", 2008): a name is cut into chunks of one to four letters, a syllable each. Which of
several candidates is the name's Chinese, and which candidates are no transliteration at all, is
learned in the same rounds.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable

import numpy as np

from index.sounds import LONGEST_CHUNK
from training.lexicon_sources import WORD, Entry, Named, letters

ROUNDS = 10
_NOISE = 0.35  # share of the candidates taken for noise at first sight
_RARE = 0.3  # chunks seen less often are dropped
_SKIPPED = 1 / 300  # chance of a syllable that belongs to no name
_UNSEEN = 2e-7
_ALIKE = ["bp", "dt", "gkcqhx", "jzcsyg", "lr", "fvwh", "szxc", "mn", "wvuo", "aeiouyh"]

Spoken = tuple[str, ...]


def candidates(
    dictionary: list[Entry], found: list[Named], readings: dict[str, str]
) -> dict[str, list[Spoken]]:
    """Latin name → the Chinese that may be its transliteration, as syllables."""
    common = Counter(c for e in dictionary if "·" in e.chinese for c in set(e.chinese))
    usual = {c for c, n in common.items() if n >= 2} - {"·"}
    raw: dict[str, set[str]] = defaultdict(set)
    for entry in dictionary:
        _from_dictionary(entry, usual, readings, raw)
    for name in found:
        _from_brackets(name, usual, raw)
    result = {}
    for latin, options in sorted(raw.items()):
        spoken = {tuple(readings.get(c, "") for c in option) for option in options}
        fits = sorted(
            s
            for s in spoken
            if all(s) and 1.1 <= len(latin) / len(s) <= 4.6 and not latin.startswith("".join(s))
        )
        if fits and 3 <= len(latin) <= 16:
            result[latin] = fits
    return result


def _from_dictionary(
    entry: Entry, usual: set[str], readings: dict[str, str], raw: dict[str, set[str]]
) -> None:
    words = WORD.findall(entry.glosses[0]) if entry.glosses else []
    lead: list[str] = []
    for word in words:
        if word[0].isupper():
            lead.append(letters(word))
        elif word not in ("van", "von", "de", "da", "di", "la", "le"):
            break
    parts = entry.chinese.split("·")
    if len(parts) > 1:
        if len(lead) >= len(parts):
            for latin, part in zip(lead, parts, strict=False):
                raw[latin].add(part)
    elif entry.proper and len(entry.chinese) > 1:
        own = "".join(readings.get(c, "") for c in entry.chinese)
        for latin in lead[:3]:
            for cut in range(3):  # 得克萨斯州: the last characters may say what it is
                _if_usual(raw, latin, entry.chinese[: len(entry.chinese) - cut], usual, own)


def _from_brackets(name: Named, usual: set[str], raw: dict[str, set[str]]) -> None:
    if not any(c.islower() for c in name.latin):
        return
    latin = [w for w in map(letters, WORD.findall(name.latin)) if w]
    parts = name.chinese.split("·")
    if len(parts) > 1 and len(latin) >= len(parts):
        *rest, first = zip(latin[::-1], parts[::-1], strict=False)
        for word, part in rest:
            raw[word].add(part)
        for n in range(2, min(7, len(first[1])) + 1):  # where the first part begins is unknown
            raw[first[0]].add(first[1][-n:])
    elif len(parts) == 1:
        for word in dict.fromkeys((latin[0], latin[-1])):
            for n in range(2, min(6, len(name.chinese)) + 1):
                _if_usual(raw, word, name.chinese[-n:], usual, "")


def _if_usual(
    raw: dict[str, set[str]], latin: str, chinese: str, usual: set[str], own: str
) -> None:
    strange = sum(c not in usual for c in chinese)
    if len(chinese) > 1 and strange <= 1 and latin != own:
        raw[latin].add(chinese)


def learn(names: dict[str, list[Spoken]], rounds: int = ROUNDS) -> dict[tuple[str, str], float]:
    """p(chunk, syllable) over all pairs of both; deterministic."""
    table: dict[tuple[str, str], float] = {}
    for step in range(rounds):

        def chance(chunk: str, syllable: str, table: dict[tuple[str, str], float] = table) -> float:
            alike = _alike(chunk, syllable)
            return table.get((chunk, syllable), _UNSEEN * alike) if table else alike

        judged = [_judge(name, options, chance) for name, options in names.items()]
        judged = [j for j in judged if j[2] > -math.inf]
        bar = float(np.quantile([fit for *_, fit in judged], _NOISE)) if step else -math.inf
        counts: dict[tuple[str, str], float] = defaultdict(float)
        for name, shares, fit in judged:
            genuine = 1 / (1 + math.exp(-6 * (fit - bar))) if step else 1.0
            for spoken, share in shares:
                if share * genuine > 0.02:
                    _count(name, spoken, chance, share * genuine, counts)
        total = sum(counts.values())
        least = _RARE if step == rounds - 1 else _RARE / 3
        table = {pair: n / total for pair, n in counts.items() if n > least}
    return table


def _judge(
    name: str, options: list[Spoken], chance: Callable[[str, str], float]
) -> tuple[str, list[tuple[Spoken, float]], float]:
    """Each candidate's share, and the best one's log likelihood a letter."""
    longest = max(map(len, options))
    plain = [_forward(name, s, chance)[-1][-1] for s in options]
    whole = [p * _SKIPPED ** (longest - len(s)) for p, s in zip(plain, options, strict=True)]
    total = sum(whole)
    if total <= 0:
        return name, [], -math.inf
    best = plain[max(range(len(options)), key=whole.__getitem__)]
    shares = [(s, w / total) for s, w in zip(options, whole, strict=True)]
    return name, shares, math.log(best) / len(name)


def _forward(name: str, spoken: Spoken, chance: Callable[[str, str], float]) -> list[list[float]]:
    size = len(name)
    table = [[1.0] + [0.0] * size]
    for syllable in spoken:
        now = [0.0] * (size + 1)
        for i, sofar in enumerate(table[-1][:size]):
            if sofar:
                for j in range(i + 1, min(size, i + LONGEST_CHUNK) + 1):
                    now[j] += sofar * chance(name[i:j], syllable)
        table.append(now)
    return table


def _count(
    name: str,
    spoken: Spoken,
    chance: Callable[[str, str], float],
    weight: float,
    counts: dict[tuple[str, str], float],
) -> None:
    before = _forward(name, spoken, chance)
    size, total = len(name), before[-1][-1]
    after = [0.0] * size + [1.0]
    for k in range(len(spoken) - 1, -1, -1):
        now = [0.0] * (size + 1)
        for i in range(size):
            for j in range(i + 1, min(size, i + LONGEST_CHUNK) + 1):
                if after[j]:
                    p = chance(name[i:j], spoken[k]) * after[j]
                    now[i] += p
                    if before[k][i]:
                        counts[name[i:j], spoken[k]] += weight * before[k][i] * p / total
        after = now


def _alike(chunk: str, syllable: str) -> float:
    close = any(chunk[0] in group and syllable[0] in group for group in _ALIKE)
    return (1.0 if close else 0.05) * (1.0 if len(chunk) > 1 else 0.5)
