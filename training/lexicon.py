"""``python -m training.lexicon``: dictionary and parallel sentences → the bundled lexicon.

Writes ``index/model/lexicon_*.tsv`` and the figures in ``index/model/LEXICON.md``. One core,
a few minutes, below 3 GB; the same data give the same bytes.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from math import log
from pathlib import Path

from index.stems import is_stop
from index.tables import FORMAT
from index.tokens import Segmenter, default_segmenter
from training import lexicon_align, lexicon_names, lexicon_sources, sources
from training.lexicon_sources import Entry, Pair

MODEL = Path(__file__).resolve().parents[1] / "index" / "model"
MOST = 12  # alternatives of a word
FLOOR = 0.003  # of all its translations, below which one is left out
FAMILY = 1.0  # weight of the translations of words with the same root ("settler", "settle")
GRAMMAR = 0.5  # a Chinese word that stands for English words of grammar this often is one itself
SURE_ACRONYM = 2.0  # counts below which a Chinese word is not translated by an acronym
SHARPNESS = 0.25  # weights are (p / p of the best) to this power: measured best of 1 … 0
_SUFFIXES = (
    "ational ation ition ution tion sion ion ments ment ers er ors or ist ism ally ily ly ial al"
    " ility ity ness ative ive able ible ance ence ant ent ary ory eous ious ous ful less ship"
    " ical ic ize ise ate"
)
_ENDINGS = sorted(_SUFFIXES.split(), key=lambda ending: (-len(ending), ending))

Counts = dict[str, dict[str, float]]
Cells = list[tuple[str, int]]


def main() -> None:
    """Learn and write the lexicon; measure it unless told not to."""
    parser = argparse.ArgumentParser(description="Make the bundled lexicon from ../shared/data.")
    parser.add_argument("--data", type=Path, default=sources.DATA)
    parser.add_argument("--output", type=Path, default=MODEL)
    parser.add_argument("--no-measure", action="store_true")
    arguments = parser.parse_args()
    began = time.monotonic()
    figures = make(arguments.data, arguments.output)
    figures["seconds"] = round(time.monotonic() - began)
    print(figures, flush=True)
    if not arguments.no_measure:
        from training import lexicon_measure

        lexicon_measure.report(arguments.data, arguments.output, figures)


def make(data: Path, output: Path) -> dict[str, int]:
    """Write the four tables; returns what was read and written, by name."""
    segmenter = default_segmenter()
    dictionary = list(lexicon_sources.entries(data))
    found = list(lexicon_sources.named(data))
    pairs, read = _pairs(data, dictionary, found, segmenter)
    counts = lexicon_align.align(pairs)
    news = lexicon_sources.word_counts(data, segmenter)
    direct = _table(counts)
    forth = _related(direct)
    grammar = _grammar(counts)
    figures = {**read, "dictionary entries": len(dictionary), "names in brackets": len(found)}
    figures["English words"] = len(forth)
    chinese = {
        e: _weights({z: n for z, n in o.items() if z not in grammar}) for e, o in forth.items()
    }
    extra = _phrases(dictionary, news)
    figures["English phrases"] = len(extra)
    _write(output / "lexicon_en_zh.tsv", "en-zh", {**extra, **chinese}, keep_empty=False)
    back = _back(direct, grammar, lexicon_sources.spellings(data, dictionary))
    figures["Chinese words"] = len(back)
    _write(output / "lexicon_zh_en.tsv", "zh-en", back, keep_empty=True)
    figures |= _sounds(output, data, dictionary, found)
    return figures


def _pairs(
    data: Path, dictionary: list[Entry], found: list[lexicon_sources.Named], segmenter: Segmenter
) -> tuple[list[Pair], dict[str, int]]:
    read: Counter[str] = Counter()
    pairs = []
    for source, pair in lexicon_sources.sentences(data, segmenter):
        read[f"{source.rpartition('/')[2]} sentences"] += 1
        pairs.append(pair)
    read["sentence pairs"] = len(pairs)
    pairs += lexicon_sources.dictionary_pairs(dictionary, segmenter)
    pairs += lexicon_sources.named_pairs(found, segmenter)
    return pairs, dict(read)


def _table(counts: list[tuple[str, str, float]]) -> Counts:
    table: Counts = defaultdict(dict)
    for english, chinese, n in counts:
        if len(english) > 1 and (english.isupper() or not is_stop(english)):
            table[english][chinese] = n
    return table


def _related(table: Counts) -> Counts:
    """Each word's translations, and a share of those of the words with the same root."""
    families: dict[str, list[str]] = defaultdict(list)
    for word in table:
        families[_root(word)].append(word)
    shared: dict[str, dict[str, float]] = {}
    for root, members in families.items():
        pool: Counter[str] = Counter()
        for word in members:
            pool.update(table[word])
        total = sum(pool.values())
        shared[root] = {z: FAMILY * n / total for z, n in pool.items()} if len(members) > 1 else {}
    related = {}
    for word, own in table.items():
        more = shared[_root(word)]
        related[word] = {z: own.get(z, 0.0) + more.get(z, 0.0) for z in {**own, **more}}
    return related


def _root(word: str) -> str:
    if word.isupper():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 4 and word[-1] in "eiy" else word


def _grammar(counts: list[tuple[str, str, float]]) -> set[str]:
    """Chinese words of grammar, by what they translate: 的, 什么, 是 …"""
    total: dict[str, float] = defaultdict(float)
    empty: dict[str, float] = defaultdict(float)
    for english, chinese, n in counts:
        total[chinese] += n
        empty[chinese] += n if is_stop(english) and not english.isupper() else 0.0
    return {word for word, n in total.items() if empty[word] > GRAMMAR * n}


def _weights(options: dict[str, float]) -> Cells:
    """The best translations with their weights, 1 to 99."""
    total = sum(options.values())
    best = sorted(options.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    return [
        (word, max(1, round(99 * (n / best[0][1]) ** SHARPNESS)))
        for word, n in best
        if n > FLOOR * total
    ]


def _phrases(dictionary: list[Entry], news: Counter[str]) -> dict[str, Cells]:
    """Phrases of the dictionary whose Chinese is met in news, the commoner one first."""
    found = {}
    for phrase, options in lexicon_sources.phrases(dictionary).items():
        known = {z: w * (1 + news[z]) ** 0.25 for z, w in options.items() if news[z]}
        if known:
            found[phrase] = _weights(known)
    return found


def _back(direct: Counts, grammar: set[str], spelt: dict[str, str]) -> dict[str, Cells]:
    """Chinese word → English words (spelt out, not stems); empty for words of grammar."""
    table: Counts = defaultdict(dict)
    for english, options in direct.items():
        for chinese, n in options.items():
            if n >= SURE_ACRONYM or not english.isupper():
                table[chinese][spelt.get(english, english)] = n
    known = {z: _weights(options) for z, options in table.items() if z not in grammar}
    return {**known, **{z: [] for z in grammar}}


def _sounds(
    output: Path, data: Path, dictionary: list[Entry], found: list[lexicon_sources.Named]
) -> dict[str, int]:
    readings = lexicon_sources.readings(data)
    chars: dict[str, list[str]] = defaultdict(list)
    for char, syllable in sorted(readings.items()):
        chars[syllable].append(char)
    body = "".join(f"{syllable}\t{''.join(of)}\n" for syllable, of in sorted(chars.items()))
    save(output / "lexicon_pinyin.tsv", "pinyin", body)
    names = lexicon_names.candidates(dictionary, found, readings)
    cells: dict[str, Cells] = defaultdict(list)
    for (chunk, syllable), p in lexicon_names.learn(names).items():
        cells[chunk].append((syllable, round(-10 * log(p))))
    ordered = {
        chunk: sorted(of, key=lambda cell: (cell[1], cell[0])) for chunk, of in cells.items()
    }
    _write(output / "lexicon_names.tsv", "names", ordered, keep_empty=False)
    return {
        "characters with a reading": len(readings),
        "foreign names": len(names),
        "spellings of a syllable": sum(map(len, ordered.values())),
    }


def _write(path: Path, kind: str, table: dict[str, Cells], keep_empty: bool) -> None:
    lines = [
        f"{key}\t{' '.join(f'{word} {n}' for word, n in cells)}\n"
        for key, cells in sorted(table.items())
        if cells or keep_empty
    ]
    save(path, kind, "".join(lines))


def save(path: Path, kind: str, body: str) -> None:
    """Write a table as ``index.tables`` reads it; the same text gives the same bytes."""
    path.write_bytes(f"{FORMAT} {kind}\n{body}".encode())


if __name__ == "__main__":
    main()
