"""What the lexicon is learned from: dictionary entries, parallel sentences, names in brackets.

Every source gives ``Pair``s: English keys on one side, Chinese words on the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.stems import is_stop, stem
from index.tokens import Segmenter, fold
from training.sources import rows

NEWS = ("corpora/crud_a", "corpora/xwlb_train")
SENTENCES = ("parallel/tatoeba_2019", "parallel/wmt21_22")
DICTIONARY = "parallel/cedict"
DICTIONARY_WEIGHT = 0.5  # of one gloss beside one sentence; 0.2 and 2 measured worse or the same
PROPER = 10  # times that a reading in a proper noun counts
LONGEST_GLOSS, LONGEST_SENTENCE = 8, 119

HAN = re.compile("[㐀-鿿]+")
WORD = re.compile(r"[a-zÀ-ɏ]+(?:['’][a-zÀ-ɏ]+)*", re.IGNORECASE)
_ACRONYM = re.compile(r"[A-Z]{2,6}\Z")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）")
_NO_GLOSS = re.compile(
    r"(?:cl:|see |variant|old variant|also written|also pr|erhua|same as|used in|radical|kangxi"
    r"|japanese variant|taiwan pr|abbr\.? (?:for|to|of))",
    re.IGNORECASE,
)
_FILLER = re.compile(r"\b(?:sth|sb|etc|lit|fig|esp|usu|abbr|one's|oneself)\b\.?|[㐀-鿿|]+")
_LEAD = re.compile(r"^(?:to be|to|an?|the|be)\s+", re.IGNORECASE)
# “国际货币基金组织（IMF）”, “帕特·基辛格（Pat Gelsinger）”
_NAMED = re.compile(
    r"([㐀-鿿·]{2,14})[”》」]?\s?[（(]\s?([A-Za-z][A-Za-z .&'’\-]{1,40})[，,；;）)]"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """English keys and Chinese words that translate each other somehow."""

    weight: float
    english: list[str]
    chinese: list[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A dictionary entry: folded Chinese, pinyin as given, glosses without their notes."""

    chinese: str
    pinyin: list[str]
    glosses: list[str]
    proper: bool


@dataclass(frozen=True, slots=True)
class Named:
    """Chinese text and the Latin name that follows it in brackets."""

    chinese: str
    latin: str


def english_keys(text: str) -> list[str]:
    """Keys of the words of a text; acronyms in capitals stay as they are."""
    shout = text.isupper()
    return [
        w if w.isupper() and 2 <= len(w) <= 6 and not shout else stem(fold(w))
        for w in WORD.findall(text)
    ]


def entries(data: Path) -> Iterator[Entry]:
    """The dictionary, entry by entry; those with Latin letters or punctuation are left out."""
    for row in rows(DICTIONARY, data):
        chinese = fold(row["zh"])
        if not re.fullmatch("[㐀-鿿·]+", chinese):
            continue
        pinyin = [toneless(s) for s in row["pinyin"].split() if s[0].isalpha()]
        found = glosses(row["en"])
        proper = row["pinyin"][:1].isupper()
        if proper and (name := _own_name(pinyin, row["en"])):
            found.insert(0, name)
        yield Entry(chinese, pinyin, list(dict.fromkeys(found)), proper)


def toneless(syllable: str) -> str:
    """``"lu:4"`` → ``"lu"``."""
    return re.sub("[^a-z]", "", syllable.lower().replace("u:", "u"))


def glosses(text: str) -> list[str]:
    """The translations in a dictionary's definition, without notes in brackets and fillers."""
    while (bare := _BRACKETS.sub(" ", text)) != text:
        text = bare
    found = []
    for piece in text.split(";"):
        piece = piece.strip()
        if _NO_GLOSS.match(piece):
            continue
        piece = _LEAD.sub("", " ".join(_FILLER.sub(" ", piece).split()))
        if piece := piece.strip(" ,.!?"):
            found.append(piece)
    return found


def _own_name(pinyin: list[str], english: str) -> str:
    """The pinyin name that a proper noun's definition begins with ("Zhengzhou prefecture …")."""
    words = WORD.findall(_BRACKETS.sub(" ", english))
    for syllables in (pinyin, pinyin[:-1]):
        for n in (1, 2, 3):
            if len(syllables) > 1 and "".join(words[:n]).lower().replace("'", "") == "".join(
                syllables
            ):
                return " ".join(words[:n])
    return ""


def sentences(data: Path, segmenter: Segmenter) -> Iterator[tuple[str, Pair]]:
    """Parallel sentences, none twice, each with the source that it comes from."""
    for source in SENTENCES:
        seen = set[tuple[str, str]]()
        for row in rows(source, data):
            if (row["zh"], row["en"]) in seen:
                continue
            seen.add((row["zh"], row["en"]))
            pair = Pair(1.0, english_keys(row["en"]), chinese_words(row["zh"], segmenter))
            longest = max(len(pair.english), len(pair.chinese))
            if pair.english and pair.chinese and longest <= LONGEST_SENTENCE:
                yield source, pair


def chinese_words(text: str, segmenter: Segmenter) -> list[str]:
    """jieba's words of a text, one after another; only those in Chinese characters."""
    return [t.word for t in segmenter.tokens(text) if HAN.match(t.word)]


def dictionary_pairs(dictionary: list[Entry], segmenter: Segmenter) -> Iterator[Pair]:
    """One pair for each gloss of each entry."""
    for entry in dictionary:
        words = chinese_words(entry.chinese, segmenter)
        for gloss in entry.glosses:
            keys = english_keys(gloss)
            if 0 < len(keys) <= LONGEST_GLOSS:
                yield Pair(DICTIONARY_WEIGHT, keys, words)


def phrases(dictionary: list[Entry]) -> dict[str, dict[str, float]]:
    """Glosses of two or three words → their Chinese, earlier glosses of an entry counting more."""
    found: dict[str, dict[str, float]] = {}
    for entry in dictionary:
        for place, gloss in enumerate(entry.glosses):
            words = WORD.findall(gloss)
            if not 2 <= len(words) <= 3 or is_stop(words[0]) or is_stop(words[-1]):
                continue
            options = found.setdefault(" ".join(english_keys(gloss)), {})
            options[entry.chinese] = max(options.get(entry.chinese, 0.0), (1 + place) ** -0.5)
    return found


def named(data: Path) -> Iterator[Named]:
    """Chinese names with the Latin form that news gives in brackets behind them."""
    for corpus in NEWS:
        for row in rows(corpus, data):
            for match in _NAMED.finditer(row["text"].replace("•", "·")):
                yield Named(fold(match.group(1)), match.group(2).strip())


def named_pairs(found: list[Named], segmenter: Segmenter) -> Iterator[Pair]:
    """Names in brackets as pairs; where the Chinese name begins is unknown: its last words."""
    for name in found:
        words = chinese_words(name.chinese, segmenter)[-5:]
        # english_keys would take a lone acronym for a text all in capitals.
        keys = [name.latin] if _ACRONYM.match(name.latin) else english_keys(name.latin)
        if words and len(keys) <= LONGEST_GLOSS and all(len(k) > 1 for k in keys):
            yield Pair(DICTIONARY_WEIGHT, keys, words)


def word_counts(data: Path, segmenter: Segmenter) -> Counter[str]:
    """How often each word stands in Chinese news."""
    counts: Counter[str] = Counter()
    for corpus in NEWS:
        for row in rows(corpus, data):
            counts.update(segmenter.words(f"{row.get('title') or ''}\n{row['text']}"))
    return counts


def spellings(data: Path, dictionary: list[Entry]) -> dict[str, str]:
    """Each stem's commonest word, so that the table shows words ("provide", not "provid")."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    texts = [row["en"] for source in SENTENCES for row in rows(source, data)]
    texts += [gloss for entry in dictionary for gloss in entry.glosses]
    for text in texts:
        for word in map(fold, WORD.findall(text)):
            if "'" not in word and "’" not in word:
                counts[stem(word)][word] += 1
    return {key: min(of, key=lambda w: (-of[w], w)) for key, of in counts.items()}


def readings(data: Path) -> dict[str, str]:
    """Each character's commonest syllable, above all in names: only names are asked by sound."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows(DICTIONARY, data):
        sounds = [toneless(s) for s in row["pinyin"].split() if s[0].isalpha()]
        weight = PROPER if row["pinyin"][:1].isupper() else 1
        for form in dict.fromkeys((row["zh"], row["zh_hant"])):
            chars = [c for c in form if HAN.match(c)]
            if len(chars) == len(sounds):
                for char, sound in zip(chars, sounds, strict=True):
                    if any(v in sound for v in "aeiou"):  # not the r of 花儿 or the ng of 嗯
                        counts[char][sound] += weight
    return {char: min(of, key=lambda s: (-of[s], s)) for char, of in sorted(counts.items())}


def letters(word: str) -> str:
    """Lower-case ASCII letters of a Latin word, accents dropped."""
    return re.sub("[^a-z]", "", unicodedata.normalize("NFKD", word).lower())
