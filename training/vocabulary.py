"""What the model's words are: a Unigram tokenizer built from counts.

The vocabulary mixes frequent Chinese words (cut by jieba), single characters of every
script, Japanese pieces, whole Latin words, and short pieces for what is in no list. A
Chinese text is cut into its most probable words, as jieba does without its model for new
words; a Latin word that is not in the list into few long pieces. Bytes catch the rest, so
no text is unknown.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import rjieba
from tokenizers import Tokenizer, decoders, models

from training import sources
from training.folding import normalizer

HAN_WORDS, ENGLISH_WORDS, FRENCH_WORDS = 30000, 17000, 2000
LATIN_PIECES = {2: 676, 3: 2500, 4: 2000}
SCRIPTS = {  # letters whose pairs are pieces too: no corpus of these languages is at hand
    "cyrillic": [chr(c) for c in range(0x430, 0x450)] + list("іїєґ"),
    "greek": [chr(c) for c in range(0x3B1, 0x3CA) if c != 0x3C2],
    "arabic": [chr(c) for c in range(0x621, 0x64B) if not 0x63B <= c <= 0x640],
}
SINGLES = [(0x20, 0x7F), (0xA1, 0x180), (0x370, 0x400), (0x400, 0x530), (0x531, 0x590), (0x5B0, 0x5F0),
           (0x600, 0x700), (0x900, 0xE00), (0xE01, 0xE60), (0x10D0, 0x1100), (0x2010, 0x2060),
           (0x2190, 0x2200), (0x2460, 0x2500), (0x25A0, 0x2600), (0x3000, 0x3100), (0x1F300, 0x1F650)]  # fmt: skip
SCORE_STEPS = 64
"""Scores are whole multiples of 1/64: their sums are exact, so that cuts of equal score tie wherever
they stand in a text, and finding them block by block (``index/pieces.py``) gives the same ones."""
HAN = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[a-z]+")
JAPANESE_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")


@dataclass
class Counts:
    """How often each word occurs in the training texts, by kind."""

    han: Counter[str] = field(default_factory=Counter)
    english: Counter[str] = field(default_factory=Counter)
    french: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)
    dictionary: set[str] = field(default_factory=set)
    syllables: set[str] = field(default_factory=set)
    japanese: list[str] = field(default_factory=list)

    def chinese(self, text: str) -> None:
        """Count the words of a Chinese text; Latin words in it count as English."""
        for word in rjieba.cut(text):
            kind = (
                self.han
                if HAN.fullmatch(word)
                else self.english
                if LATIN.fullmatch(word)
                else self.other
            )
            kind[word] += 1


def count(data: Path = sources.DATA) -> Counts:
    """Count words over all training texts, folded as the tokenizer will fold them."""
    fold, counts = normalizer().normalize_str, Counts()
    for row in sources.rows_of(sources.ARTICLES, data):
        counts.chinese(fold(f"{row['title']}\n{row['text']}"))
    for name, language in sources.DICTIONARIES.items():
        for row in sources.rows(name, data):
            if HAN.fullmatch(zh := fold(row["zh"])):
                counts.dictionary.add(zh)
            sounds = LATIN.findall(fold(pinyin(row.get("pinyin", ""))))
            counts.syllables.update(sounds)
            kind = counts.english if language == "en" else counts.french
            kind.update(LATIN.findall(fold(row[language])) + sounds)
    for row in sources.rows_of(sources.SENTENCES, data):
        counts.english.update(LATIN.findall(fold(row["en"])))
        counts.chinese(fold(row["zh"]))
    for row in sources.rows_of(sources.JAPANESE, data):
        text = row.get("question") or f"{row['title']}\n{row['text']}"
        counts.japanese += JAPANESE_RUN.findall(fold(text))
    return counts


def pinyin(numbered: str) -> str:
    """Toneless syllables: ``"Bei3 jing1"`` → ``"Bei jing"``."""
    return re.sub(r"[0-9]", "", numbered.replace("u:", "v"))


def pieces(counts: Counts) -> Iterator[tuple[str, float]]:
    """Every piece with its score, best source first; a piece may come twice."""
    total = counts.han.total()
    words = Counter({w: n for w, n in counts.han.items() if len(w) > 1})
    listed = Counter(
        {w: n * (4 if w in counts.dictionary else 1) for w, n in words.items() if 2 <= len(w) <= 8}
    )
    for word, _ in listed.most_common(HAN_WORDS):
        yield word, math.log(words[word] / total)
    for char in _han_characters(counts):
        yield char, math.log((counts.han[char] + 0.5) / total)
    yield from _japanese(counts.japanese)
    french = Counter(
        {w: n for w, n in counts.french.items() if w not in counts.english or counts.english[w] < 3}
    )
    # Names are spelled in syllables: zheng|zhou, not zhe|ngzh|ou.
    yield from ((s, length_score(s) + 0.3) for s in sorted(counts.syllables) if 1 < len(s) < 7)
    spelled = itertools.chain(
        counts.english.most_common(ENGLISH_WORDS), french.most_common(FRENCH_WORDS)
    )
    numbers = [f"{n:0{k}d}" for k in (1, 2, 3) for n in range(10**k)] + [
        str(y) for y in range(1900, 2036)
    ]
    for word in itertools.chain(
        (w for w, _ in spelled), numbers, _latin_pieces(counts.english + counts.french)
    ):
        yield word, length_score(word)
    for letters in SCRIPTS.values():
        for pair in itertools.product(letters, repeat=2):
            yield "".join(pair), length_score("xx")
    fold = normalizer().normalize_str
    for low, high in SINGLES:
        yield from ((chr(c), length_score("x")) for c in range(low, high) if fold(chr(c)) == chr(c))
    hangul = (chr(c) for c in range(0xAC00, 0xD7A4) if _encodable(chr(c), "euc-kr"))
    yield from ((c, length_score("x")) for c in hangul)
    for char, n in counts.other.items():
        if len(char) == 1 and n > 20:
            yield char, length_score("x")


def length_score(piece: str) -> float:
    """Few pieces, and rather a long and a short one than two of middle length."""
    return -16.0 + 0.02 * len(piece) ** 2


def _han_characters(counts: Counts) -> list[str]:
    seen = Counter[str]()
    for word, n in itertools.chain(counts.han.items(), ((w, 1) for w in sorted(counts.dictionary))):
        for char in word:
            seen[char] += n
    for run in counts.japanese:
        seen.update(HAN.findall(run) and run)
    fold = normalizer().normalize_str
    standard = (
        fold(chr(c))
        for c in range(0x4E00, 0x9FA6)
        if _encodable(chr(c), "gb2312") or _encodable(chr(c), "shift-jis")
    )
    kept = [c for c, n in seen.items() if n >= 2 and HAN.fullmatch(c)]
    return list(dict.fromkeys(kept + [c for c in standard if HAN.fullmatch(c)]))


def _encodable(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _japanese(runs: list[str]) -> Iterator[tuple[str, float]]:
    """Runs of one script, cut where the script changes; hiragana also in pairs and threes."""
    katakana, kanji, hiragana = Counter[str](), Counter[str](), Counter[str]()
    for run in runs:
        katakana.update(re.findall(r"[\u30a0-\u30ff]{2,8}", run))
        kanji.update(re.findall(r"[\u3400-\u9fff]{2,4}", run))
        for text in re.findall(r"[\u3040-\u309f]{2,}", run):
            hiragana.update(text[i : i + n] for n in (2, 3) for i in range(len(text) - n + 1))
    for seen, kept in ((katakana, 2600), (kanji, 2000), (hiragana, 900)):
        yield from ((piece, length_score(piece) + 1) for piece, _ in seen.most_common(kept))


def _latin_pieces(words: Counter[str]) -> Iterator[str]:
    for size, kept in LATIN_PIECES.items():
        seen = Counter[str]()
        for word in words:
            for i in range(len(word) - size + 1):
                seen[word[i : i + size]] += 1
        yield from (piece for piece, _ in seen.most_common(kept))


def build(counts: Counts) -> Tokenizer:
    """The tokenizer: fold, then the best cut by the pieces' scores, then bytes."""
    scored: dict[str, float] = {"<unk>": -100.0}
    scored |= {f"<0x{b:02X}>": -100.0 for b in range(256)}
    for piece, score in pieces(counts):
        scored.setdefault(piece, round(score * SCORE_STEPS) / SCORE_STEPS)
    tokenizer = Tokenizer(models.Unigram(list(scored.items()), unk_id=0, byte_fallback=True))
    tokenizer.normalizer = normalizer()
    tokenizer.decoder = decoders.ByteFallback()
    return tokenizer
