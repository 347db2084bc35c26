"""Articles by the hundred thousand, put together anew from the sentences of the data folder.

Each is of real sentences, some three in a row from one place, and as long as a real article, so
that words, their frequencies and the lengths of passages are those of news; what it says as a
whole is nonsense. No two are alike.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from benchmarks.made_pages import SHARED
from index.passages import split
from index.types import Article, Origin
from qa.measure import read_corpus

DATA = SHARED / "data"
CORPORA = ("crud_a", "xwlb_train", "xwlb_dev", "drcd_dev", "dureader_a", "rgb_a")
IN_A_ROW, CHUNKS = 3, 6
SECTIONS = ("要闻", "本地", "文教", "社会", "经济", "副刊")
REPORTERS = ("方晓岚", "柴立新", "林晓", "王云", "李雨", "周山")
_ENDS = re.compile(r"(?<=[。！？])")


@cache
def sentences() -> list[str]:
    """The sentences of the corpora, in order."""
    found: list[str] = []
    for name in CORPORA:
        for article in read_corpus([DATA / "corpora" / f"{name}.jsonl.gz"]):
            found += [s for s in _ENDS.split(article.text.replace("\n", "")) if 8 <= len(s) <= 200]
    return found


def articles(passages: int, seed: int = 7) -> Iterator[tuple[Article, int]]:
    """Articles until they have ``passages`` passages, each with how many it has."""
    rng = random.Random(seed)
    pool = sentences()
    made = number = 0
    while made < passages:
        starts = [rng.randrange(len(pool) - IN_A_ROW) for _ in range(rng.randint(2, CHUNKS))]
        text = "\n".join("".join(pool[i : i + IN_A_ROW]) for i in starts)
        article = Article(
            id=f"made-{seed}-{number}",
            title=f"{pool[starts[0]][:18]}{number}",
            text=text,
            language="zh-Hans",
            source=f"made/{number // 400:05}",
            origin=Origin(1, 1),
            published=date(2000, 1, 1) + timedelta(days=rng.randrange(9000)),
            byline=f"记者 {rng.choice(REPORTERS)}",
            section=rng.choice(SECTIONS),
        )
        count = len(split(article))
        made, number = made + count, number + 1
        yield article, count


def sources(passages: int, seed: int = 7) -> Iterator[tuple[str, list[Article], int]]:
    """The same by source: its name, its articles, how many passages they have together."""
    held: list[Article] = []
    count = 0
    for article, more in articles(passages, seed):
        if held and held[-1].source != article.source:
            yield held[0].source, held, count
            held, count = [], 0
        held.append(article)
        count += more
    if held:
        yield held[0].source, held, count


def questions(count: int, seed: int = 11) -> list[str]:
    """Questions that were asked of the texts the sentences are from."""
    from qa.measure import read_questions

    asked = [
        q.question
        for name in ("crud_a", "drcd_dev", "dureader_a", "rgb_a")
        for path in [DATA / "questions" / f"{name}.jsonl.gz"]
        if path.exists()
        for q in read_questions(path)
    ]
    return random.Random(seed).sample(asked, min(count, len(asked)))
