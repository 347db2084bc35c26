"""Names by their sound: pinyin of Chinese text, and what a foreign name sounds like in Chinese.

A key is two neighbouring syllables without tones, so a name is found whatever stands around it:

    >>> pinyin_keys("贾鲁河")
    ['jialu', 'luhe']
    >>> syllables("Zhengzhou")
    [('zheng', 'zhou')]

Latin words that are no pinyin are spelt out the way Chinese writes foreign names ("Macron" →
mailong, mailun, make …), by a table of letters → syllables learned from names (see
``model/LEXICON.md``).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from itertools import pairwise
from math import exp
from operator import add

from index.tables import cells, read_rows

LONGEST_CHUNK = 4
"""Letters that may stand for one syllable of a foreign name."""
_UNLIKELY = 0.01  # keys of a foreign name less sure than that are not worth looking for
_LONGEST_NAME = 24
_LONGEST_SYLLABLE = 6
FIRST_LETTER = 0x10000
"""Where the letters of keys begin: past nearly all that texts are written in, and all blanks."""
# Surnames with a sound of their own: the reading as a name → the common one, by which we index.
_SURNAMES = {"shan": "dan", "xie": "jie", "zha": "cha", "qiu": "chou", "ou": "qu", "ge": "gai", "piao": "pu", "yue": "le", "qin": "tan"}  # fmt: skip


_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


@lru_cache(maxsize=1)
def readings() -> dict[str, str]:
    """Each Chinese character's commonest syllable, without tone; traditional forms too."""
    rows = read_rows("lexicon_pinyin.tsv", "pinyin")
    return {char: syllable for syllable, chars in rows for char in chars}


@lru_cache(maxsize=1)
def inventory() -> dict[str, int]:
    """The syllables of Chinese, each with its number; 0 is none's."""
    return {syllable: n for n, syllable in enumerate(sorted(set(readings().values())), start=1)}


@lru_cache(maxsize=65_536)
def letter_of(key: str) -> str:
    """One character for the key of two syllables of Chinese, the key itself for any other.

    A passage has some two hundred keys: so they are written, hashed and kept as one letter each.
    Syllables that are spelled alike together (fan gan, fang an) have one key and one letter.
    """
    numbers = inventory()
    for cut in range(1, len(key)):
        first, second = numbers.get(key[:cut]), numbers.get(key[cut:])
        if first and second:
            return chr(FIRST_LETTER + first * (len(numbers) + 1) + second)
    return key


@lru_cache(maxsize=1)
def _spellings() -> dict[str, list[tuple[str, float]]]:
    found = {}
    for chunk, line in read_rows("lexicon_names.tsv", "names"):
        # Stored as tenths of a nat below zero: the weights span five powers of ten.
        found[chunk] = [(s, exp(-n / 10)) for s, n in cells(line)]
    return found


def reading(char: str) -> str | None:
    """The syllable of a Chinese character in a text; None for any other character."""
    return readings().get(char) if _HAN.match(char) else None


def pinyin_keys(text: str) -> list[str]:
    """The sound keys of Chinese text: each two neighbouring characters' syllables, in order."""
    found: list[str] = []
    get = readings().get
    for run in _HAN.findall(text):
        sounds = list(map(get, run))
        if None in sounds:
            found += [a + b for a, b in pairwise(sounds) if a is not None and b is not None]
        else:  # nearly always, and at C's speed, as every passage comes by
            found += map(add, sounds, sounds[1:])
    return found


@lru_cache(maxsize=65_536)
def syllables(word: str) -> list[tuple[str, ...]]:
    """The ways to read a Latin word as pinyin, with as few syllables as can be; none if it is not.

    A syllable inside a word begins with a, e or o only after an apostrophe ("Xi'an").
    """
    parts = [p for p in re.split(r"['’]", plain(word)) if p]
    if not parts or len(word) > _LONGEST_NAME:
        return []
    readable: list[tuple[str, ...]] = [()]
    for part in parts:
        readable = [r + more for r in readable for more in _split(part)]
    fewest = min(map(len, readable), default=0)
    return [r for r in readable if len(r) == fewest]


def plain(word: str) -> str:
    """Lower case, no accents or tone marks; ü as u (also where it is typed v or yu: ``lv``)."""
    bare = unicodedata.normalize("NFKD", word.lower())
    bare = "".join(c for c in bare if not unicodedata.combining(c))
    return re.sub("^([nl])(?:v|yu)(?=e?$)", r"\1u", bare)


def _split(part: str) -> list[tuple[str, ...]]:
    best: list[list[tuple[str, ...]]] = [[()], *([] for _ in part)]
    for start in range(len(part)):
        if not best[start] or (start and part[start] in "aeo"):
            continue
        for end in range(start + 1, min(len(part), start + _LONGEST_SYLLABLE) + 1):
            if part[start:end] not in inventory():
                continue
            ways = best[end] + [(*way, part[start:end]) for way in best[start]]
            fewest = min(map(len, ways))
            best[end] = [way for way in ways if len(way) == fewest][:4]
    return best[-1]


def name_keys(parts: list[list[tuple[str, ...]]]) -> list[str]:
    """The keys of a name given word by word (as ``syllables`` reads each), in order.

    ``[[("wang",)], [("yu", "hong")]]`` → ``["wangyu", "yuhong"]``. A surname with a reading of
    its own ("Shan" 单) gives the key of the common reading too.
    """
    readable: list[tuple[str, ...]] = [()]
    for ways in parts:
        readable = [r + way for r in readable for way in ways][:8]
    keys: dict[str, None] = {}
    for way in readable:
        for i, (a, b) in enumerate(pairwise(way)):
            keys[a + b] = None
            if i == 0 and a in _SURNAMES:
                keys[_SURNAMES[a] + b] = None
    return list(keys)


@lru_cache(maxsize=65_536)
def foreign_keys(name: str) -> tuple[tuple[str, float], ...]:
    """The keys a foreign name may have in Chinese, with how surely it has each (0–1), best first.

    Sums over all ways to cut the name into chunks that sound like a syllable each
    (forward–backward; the joint multigram model of Bisani and Ney, 2008).
    """
    letters = re.sub("[^a-z]", "", plain(name))
    size, table = len(letters), _spellings()
    if not 3 <= size <= _LONGEST_NAME:
        return ()
    after = [0.0] * size + [1.0]
    for i in range(size - 1, -1, -1):
        for j in range(i + 1, min(size, i + LONGEST_CHUNK) + 1):
            if after[j]:
                after[i] += after[j] * sum(p for _, p in table.get(letters[i:j], ()))
    if not after[0]:
        return ()
    before: list[defaultdict[str, float]] = [defaultdict(float) for _ in range(size + 1)]
    before[0][""] = 1.0
    found: defaultdict[str, float] = defaultdict(float)
    for i in range(size):
        for j in range(i + 1, min(size, i + LONGEST_CHUNK) + 1):
            for syllable, p in table.get(letters[i:j], ()) if after[j] else ():
                for last, sofar in before[i].items():
                    before[j][syllable] += sofar * p
                    if last:
                        found[last + syllable] += sofar * p * after[j] / after[0]
    likely = [(key, min(1.0, p)) for key, p in found.items() if p > _UNLIKELY]
    return tuple(sorted(likely, key=lambda item: (-item[1], item[0])))
