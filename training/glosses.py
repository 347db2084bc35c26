"""The dictionaries: pairs of words, and a translation word by word."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from training import sources
from training.folding import normalizer
from training.texts import Encoder, Ids
from training.vocabulary import HAN, LATIN, pinyin

GAP = re.compile(
    r"\([^)]*\)|\[[^\]]*\]|\b(?:to|a|an|the|sth|sb|see|variant of|old variant of|fig|lit|CL:.*)\b\.?"
)


class Glosses:
    """Chinese token → English (or French) token sequences, by dictionary."""

    def __init__(self, encode: Encoder, data: Path) -> None:
        fold, vocabulary = normalizer().normalize_str, encode.tokenizer.get_vocab()
        found: dict[int, list[str]] = {}
        self.readings: dict[int, list[str]] = {}
        self.pairs: dict[str, tuple[list[str], list[str]]] = {}
        self.names: tuple[list[str], list[str]] = ([], [])
        for name, language in sources.DICTIONARIES.items():
            lefts, rights = list[str](), list[str]()
            for row in sources.rows(name, data):
                zh, senses = fold(row["zh"]), _senses(row[language])
                lefts += [zh] * min(len(senses), 4)
                rights += senses[:4]
                if language != "en" or not HAN.fullmatch(zh):
                    continue
                token, reading = vocabulary.get(zh), pinyin(row["pinyin"]).lower()
                self.names[0].extend((zh, zh))
                self.names[1].extend((reading, reading.replace(" ", "")))
                if token is not None:
                    short = [s for s in senses if s.count(" ") < 3 and "surname" not in s]
                    found.setdefault(token, []).extend(short[:4])
                    self.readings.setdefault(token, []).append(reading.replace(" ", ""))
            self.pairs[language] = (lefts, rights)
        flat = [(t, s) for t, ss in found.items() for s in ss]
        coded = encode([s for _, s in flat])
        self.of: dict[int, list[Ids]] = {}
        for (token, _), ids in zip(flat, coded, strict=True):
            self.of.setdefault(token, []).append(ids)
        self.sound = dict(
            zip(self.readings, encode([r[0] for r in self.readings.values()]), strict=True)
        )

    def translate(self, ids: Ids, rng: np.random.Generator, share: float) -> Ids:
        """Word by word; a word without a gloss by its sound, anything else as it is."""
        out: list[Ids] = []
        picks = rng.random((2, len(ids)))
        for k, token in enumerate(ids.tolist()):
            senses = self.of.get(token)
            if picks[0, k] > share:
                out.append(ids[k : k + 1])
            elif senses:
                out.append(senses[int(picks[1, k] ** 1.5 * len(senses))])
            elif token in self.sound:
                out.append(self.sound[token])
            else:
                out.append(ids[k : k + 1])
        return np.concatenate(out)


def _senses(text: str) -> list[str]:
    parts = (" ".join(GAP.sub(" ", part).split()) for part in re.split(r"[;/,]", text))
    return [p for p in parts if LATIN.search(p.lower()) and len(p) < 60]
