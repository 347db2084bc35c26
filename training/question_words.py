"""How little a word of a question says of what is asked: by how seldom the right article holds it.

    python -m training.question_words ../shared/data

What a question is about stands in the article that it is asked of; what only asks (哪些, 何人),
or names the kind of answer (原因, 名称), stands there hardly more often than anywhere. A word's
weight is the share of its questions whose article has it, less what chance gives: Cohen's κ,
against ``USUAL``, that of a plain word. Only sets marked *train* are read; of English questions
there are none, so the sentences that ask are counted against those that tell.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path

from index.query import stemmed
from index.tables import FOLDER, FORMAT
from index.tokens import bigrams, default_segmenter
from training import sources

CHINESE = ("cmrc_trial", "drcd_dev", "ncp_a", "crud_a")
JAPANESE = ("jaquad_train",)
MOST = 400
"""Words kept: those that mislead most."""
FLOOR, CEILING, USUAL = 0.1, 0.7, 0.8
FEWEST = 25
"""Articles that a word must be asked of to be judged."""
TOO_COMMON = 0.7
"""Share of the articles; what stands in more says nothing anyway."""
Judged = dict[str, tuple[float, float]]
"""Word → its weight, and how often it would mislead: its share of questions by that of articles."""
OUT = FOLDER / "question_words.tsv"


def tokens(text: str) -> frozenset[str]:
    """The words and pairs that a text is found by."""
    return frozenset({*bigrams(text), *map(stemmed, default_segmenter().words(text))})


def of_questions(names: tuple[str, ...], data: Path) -> Judged:
    """The weights by sets of questions and their articles."""
    asked, met, articles = Counter[str](), Counter[str](), Counter[str]()
    chance: dict[str, float] = defaultdict(float)
    questions = 0
    for name in names:
        asked_of: dict[str, list[frozenset[str]]] = defaultdict(list)
        for row in sources.rows(f"questions/{name}", data):
            if row["passage_ids"]:
                asked_of[row["passage_ids"][0]].append(tokens(row["question"]))
        base, here = Counter[str](), Counter[str]()
        for row in sources.rows(f"corpora/{name}", data):
            if row["id"] in asked_of:
                held = tokens(f"{row['title']}\n{row['text']}")
                base.update(held)
                for words in asked_of[row["id"]]:
                    here.update(words)
                    met.update(words & held)
                articles.update(frozenset[str]().union(*asked_of[row["id"]]))
        for word, n in here.items():
            chance[word] += n * base[word] / len(asked_of)
        asked.update(here)
        questions += sum(map(len, asked_of.values()))
    return {
        word: ((met[word] - chance[word]) / (n - chance[word]) / USUAL, chance[word] / questions)
        for word, n in asked.items()
        if articles[word] >= FEWEST and chance[word] < TOO_COMMON * n
    }


def of_sentences(names: tuple[str, ...], data: Path) -> Judged:
    """The weights of English words: share of the sentences that tell over that of those that ask.

    Who learns a language asks about coffee: a word must be so in every set.
    """
    found: list[Judged] = []
    for name in names:
        texts = [row["en"] for row in sources.rows(name, data)]
        asked = [tokens(t) for t in texts if t.endswith("?")]
        told = [tokens(t) for t in texts if not t.endswith("?")]
        in_asked, in_told = (
            Counter(w for words in group for w in words) for group in (asked, told)
        )
        judged = {}
        for word, n in in_asked.items():
            if word.isascii() and n >= max(6, 0.01 * len(asked)):
                share, chance = n / len(asked), in_told[word] / len(told)
                judged[word] = (chance / share, share * chance)
        found.append(judged)
    return {w: max(judged[w] for judged in found) for w in set.intersection(*map(set, found))}


def main(data: Path) -> None:
    found: Judged = {}
    for judged in (
        of_questions(CHINESE, data),
        of_questions(JAPANESE, data),
        of_sentences(sources.SENTENCES, data),
    ):
        for word, both in judged.items():
            if not any(c.isdigit() for c in word):
                # A word of two languages weighs as in both together.
                before = found.get(word, both)
                found[word] = ((both[0] + before[0]) / 2, (both[1] + before[1]) / 2)
    low = {w: (max(FLOOR, weight), use) for w, (weight, use) in found.items() if weight < CEILING}
    kept = sorted(low, key=lambda w: ((low[w][0] - 1) * low[w][1], w))[:MOST]
    rows = sorted(f"{word}\t{low[word][0]:.2f}" for word in kept)
    OUT.write_text(f"{FORMAT} question-words\n" + "\n".join(rows) + "\n", encoding="utf-8")
    print(f"{len(rows)} of {len(low)} words")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else sources.DATA))
