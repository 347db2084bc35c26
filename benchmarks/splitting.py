"""How well run-together pages are split: boundaries, titles and mended text, by layout.

Pages are made at run time from titled articles of the shared data (none of it is kept): joined
with invented bylines, kickers and mastheads, then set in many ways — blank lines everywhere or
nowhere, indents, lines cut at a width or at odd places. Half of the articles and half of the
manners are for development; ``--held-out`` measures on the other half.

    python -m benchmarks.splitting [--held-out] [--pages 40] [--seed 7] [--show 3]
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.made_pages import LAYOUTS, SHARED, Cut, Made, articles, at_odd, at_width, page
from index.articles import split
from index.types import Article, Document


def one_article_files(
    pool: list[tuple[str, list[str]]], held_out: bool, seed: int
) -> Iterator[tuple[str, int, float, float]]:
    """Files that hold one article: how many come out whole, and with the title they have."""
    rng = random.Random(seed)
    news = rng.sample(pool, min(200, len(pool)))
    cuts: dict[str, Cut] = {
        "as it is": lambda rng, text: [text],
        "cut at 20": at_width(20),
        "odd breaks": at_odd(12, 70, 1.0),
    }
    for name, cut in cuts.items():
        files = [(t, "\n".join(x for p in [t, *ps] for x in cut(rng, p))) for t, ps in news]
        yield f"one news article, {name}", *_whole(files)
    with gzip.open(SHARED / "data" / "corpora" / "ncp_a.jsonl.gz", "rt", encoding="utf-8") as rows:
        texts = [json.loads(row)["text"] for n, row in enumerate(rows) if n % 2 == held_out]
    # In this corpus a blank stands where the notice had a line end. A few hold two notices.
    lines = [[line for line in text.split(" ") if line] for text in texts]
    yield "one notice", *_whole([(each[0], "\n".join(each)) for each in lines])


def _whole(files: list[tuple[str, str]]) -> tuple[int, float, float]:
    found = [(title, split(Document(text, "page.txt"))) for title, text in files]
    count = max(1, len(found))
    whole = sum(len(articles) == 1 for _, articles in found)
    titled = sum(articles[0].title == title for title, articles in found)
    return len(found), whole / count, titled / count


@dataclass(slots=True)
class Score:
    """Counts over pages: boundaries hit, found, true; titles and texts that are exact."""

    hit: int = 0
    found: int = 0
    true: int = 0
    articles: int = 0
    titles: int = 0
    texts: int = 0

    @property
    def f1(self) -> float:
        return 2 * self.hit / max(1, self.found + self.true)

    def add(self, made: Made, cut: list[Article]) -> bool:
        """Count one page; whether all of its boundaries are right."""
        by_start = {a.origin.first_line: a for a in cut}
        starts = set(by_start) - {cut[0].origin.first_line}
        hits = 0
        for n, head in enumerate(made.heads):
            start = next((s for s in sorted(head) if s in starts or (n == 0 and s in by_start)), 0)
            article = cut[0] if n == 0 else by_start.get(start)
            if n and start:
                hits += 1
            self.articles += 1
            if article is not None:
                self.titles += article.title == made.titles[n]
                self.texts += article.text == made.texts[n]
        self.hit += hits
        self.found += len(starts)
        self.true += len(made.heads) - 1
        return hits == len(starts) == len(made.heads) - 1


def main() -> None:
    """Measure and print one row for each layout, then the two sums."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", type=int, default=0, help="print this many wrong pages")
    parser.add_argument("--layout", default="")
    options = parser.parse_args()
    pool = articles(options.held_out)
    sums = {"clean": Score(), "wrapped": Score(), "odd": Score()}
    print(f"{'layout':45} precision recall     F1  title   text   s/page")
    for layout in LAYOUTS:
        if options.layout not in layout:
            continue
        rng = random.Random(f"{options.seed} {layout}")
        score, begun, shown = Score(), time.process_time(), 0
        for _ in range(options.pages):
            made = page(rng, pool, layout, options.held_out)
            cut = split(Document(made.text, "page.txt"))
            right = score.add(made, cut)
            sums[layout.split(":")[0]].add(made, cut)
            if not right and shown < options.show:
                shown += 1
                _show(made, cut)
        _row(layout, score, (time.process_time() - begun) / options.pages)
    for name, score in sums.items():
        _row(f"ALL {name}", score, 0.0)
    for name, count, whole, titled in one_article_files(pool, options.held_out, options.seed):
        print(f"{name:45} {count:5} files, {whole:.3f} one article, {titled:.3f} its title")


def _row(name: str, score: Score, seconds: float) -> None:
    precision, recall = score.hit / max(1, score.found), score.hit / max(1, score.true)
    count = max(1, score.articles)
    print(
        f"{name:45} {precision:9.3f} {recall:6.3f} {score.f1:6.3f} {score.titles / count:6.3f} "
        f"{score.texts / count:6.3f} {seconds:8.3f}"
    )


def _show(made: Made, cut: list[Article]) -> None:
    lines = made.text.split("\n")
    starts = {a.origin.first_line for a in cut[1:]}
    true = {min(head) for head in made.heads[1:]}
    print("-" * 60)
    for n in sorted(starts ^ true):
        if n in starts and any(n in head for head in made.heads):
            continue
        print("  extra " if n in starts else "  missed", n)
        for at in range(max(0, n - 4), min(len(lines), n + 3)):
            mark = ">" if at + 1 == n else " "
            print(f"   {mark} {lines[at][:50]} … {lines[at][-20:]}")


if __name__ == "__main__":
    main()
