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
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.articles import split
from index.types import Article, Document

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华文辉玲红建国志云海波鹏飞宇浩婷雪琳梅峰旭东晨阳慧颖子涵欣怡"
PAPERS = {
    False: ["二七新闻", "中原区报", "金水新闻网", "城关镇通讯", "河阳日报"],
    True: ["洛浦晚报", "新安县融媒体中心", "清河视窗", "大别山时报", "海州发布"],
}
SLOGANS = {
    False: [
        "提高效率 狠抓落实",
        "凝心聚力促发展",
        "以人为本，服务群众",
        "抢抓机遇，加快转型",
        "真抓实干 争先进位",
    ],
    True: [
        "“让百姓得实惠”",
        "立足当前谋长远",
        "绿水青山就是金山银山",
        "众志成城 共克时艰",
        "守初心，担使命",
    ],
}


@dataclass(slots=True)
class Sample:
    """An article as it is printed, and what must come out of it."""

    head: list[str]
    title: str
    paragraphs: list[str]


@dataclass(slots=True)
class Made:
    """A page, and for each article the lines of its head, its title and its text."""

    text: str
    heads: list[set[int]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def articles(held_out: bool) -> list[tuple[str, list[str]]]:
    """Titled articles whose every paragraph is a sentence: half of them, by their order."""
    found = []
    for name in ("xwlb_dev", "atnews_dev"):
        with gzip.open(SHARED / "data" / "corpora" / f"{name}.jsonl.gz", "rt") as lines:
            for n, line in enumerate(lines):
                row = json.loads(line)
                title = re.sub(r"\s+", " ", row["title"]).strip()
                paragraphs = [re.sub(r"\s+", " ", p).strip() for p in row["text"].split("\n")]
                paragraphs = [p for p in paragraphs if p][:8]
                sound = all(len(p) >= 12 and re.search(r"[。！？”…）)]$", p) for p in paragraphs)
                if n % 2 == held_out and sound and "快讯" not in title and len(title) <= 45:
                    found.append((title, paragraphs))
    return found


def _name(rng: random.Random) -> str:
    return rng.choice(FAMILY) + "".join(rng.sample(GIVEN, rng.choice((1, 1, 2))))


def _names(rng: random.Random, sep: str) -> str:
    return sep.join(_name(rng) for _ in range(rng.choice((1, 1, 2))))


Cut = Callable[[random.Random, str], list[str]]
Manner = Callable[[random.Random, list[str], str], tuple[list[str], list[str]]]


def _manners(held_out: bool) -> list[Manner]:
    """Ways to print who wrote it: (random, paragraphs, paper) → (lines below the title, text)."""

    def before(make: Callable[[random.Random, str], str]) -> Manner:
        return lambda rng, text, paper: ([make(rng, paper)], text)

    def after(make: Callable[[random.Random, str], str]) -> Manner:
        return lambda rng, text, paper: ([], [*text, make(rng, paper)])

    def start(make: Callable[[random.Random, str], str]) -> Manner:
        return lambda rng, text, paper: ([], [make(rng, paper) + text[0], *text[1:]])

    def end(make: Callable[[random.Random, str], str]) -> Manner:
        return lambda rng, text, paper: ([], [*text[:-1], text[-1] + make(rng, paper)])

    plain: Manner = lambda rng, text, paper: ([], text)  # noqa: E731
    if not held_out:
        return [
            plain,
            after(lambda r, p: f"记者 {_names(r, ' ')} 通讯员 {_names(r, ' ')}"),
            end(lambda r, p: f"记者 {_names(r, ' ')} 通讯员 {_names(r, ' ')}"),
            start(lambda r, p: f"本报讯（记者 {_names(r, ' ')}）"),
            before(lambda r, p: f"来源：{p}  发布时间：{_day(r)}"),
            before(lambda r, p: f"本报记者 {_names(r, ' ')}"),
            end(lambda r, p: f"（记者 {_names(r, ' ')}）"),
            after(lambda r, p: f"责任编辑：{_name(r)}"),
        ]
    return [
        plain,
        before(lambda r, p: f"■本报记者 {_names(r, ' ')} 通讯员 {_name(r)} 文/图"),
        start(
            lambda r, p: (
                f"新华社北京{r.randint(1, 12)}月{r.randint(1, 28)}日电（记者{_names(r, '、')}）"
            )
        ),
        after(lambda r, p: f"作者：{_name(r)}"),
        end(lambda r, p: f"（{_names(r, ' ')}）"),
        after(lambda r, p: f"（通讯员 {_names(r, ' ')}）"),
        before(lambda r, p: f"{_day(r)} 10:20 来源：{p} 作者：{_name(r)}"),
        after(lambda r, p: f"编辑：{_name(r)}  审核：{_name(r)}"),
        start(lambda r, p: f"{p}讯 （通讯员{_name(r)}）"),
        after(lambda r, p: f"文/{_name(r)} 图/{_name(r)}"),
    ]


def _day(rng: random.Random) -> str:
    return f"2023-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"


def _headed(rng: random.Random, title: str, held_out: bool, share: float) -> tuple[list[str], str]:
    """The lines of a headline, and the title among them."""
    parts = title.split(" ")
    if len(parts) == 2 and min(map(len, parts)) >= 7 and rng.random() < share:
        return parts, parts[1]
    if rng.random() < share / 2:
        slogan = rng.choice(SLOGANS[held_out])
        if held_out and rng.random() < 0.5:
            return [title, "——" + slogan.strip("“”")], title
        return ([title, slogan] if slogan[0] == "“" else [slogan, title]), title
    return [title], title


def _print(
    rng: random.Random,
    samples: list[Sample],
    *,
    gap: tuple[int, int, int] = (0, 0, 0),
    indent: str = "",
    cut: Cut = lambda rng, text: [text],
    cut_gap: int = 0,
    end: str = "\n",
    mast: str = "",
) -> Made:
    """Set a page. ``gap``: blank lines between lines, after a head, between articles."""
    made = Made("")
    lines: list[str] = [mast, *[""] * gap[0]] if mast else []
    for sample in samples:
        head: set[int] = set()
        for n, block in enumerate(sample.head + sample.paragraphs):
            is_head = n < len(sample.head)
            pieces = cut(rng, block if is_head else indent + block)
            for m, piece in enumerate(pieces):
                if is_head and m == 0:
                    head.add(len(lines) + 1)
                lines.append(piece)
                lines += [""] * (cut_gap if m + 1 < len(pieces) else gap[0])
        lines += [""] * gap[2]
        made.heads.append(head)
        made.titles.append(sample.title)
        made.texts.append("\n".join(sample.paragraphs))
    made.text = end.join(lines)
    return made


def _at_width(width: int) -> Cut:
    return lambda rng, text: [text[i : i + width] for i in range(0, len(text), width)]


def _at_odd(low: int, high: int, chance: float) -> Cut:
    def cut(rng: random.Random, text: str) -> list[str]:
        if rng.random() > chance:
            return [text]
        pieces, at = [], 0
        while at < len(text):
            step = rng.randint(low, high)
            if len(text) - at - step < 3:
                step = len(text) - at
            pieces.append(text[at : at + step])
            at += step
        return pieces

    return cut


LAYOUTS: dict[str, dict[str, object]] = {
    "clean: blank lines everywhere": {"gap": (1, 1, 0)},
    "clean: blank lines nowhere": {},
    "clean: blank lines between articles": {"gap": (0, 0, 1)},
    "clean: one blank, two between articles": {"gap": (1, 1, 1)},
    "clean: indents, no blank lines": {"indent": "　　"},
    "clean: indents, blank lines, CRLF": {"gap": (1, 1, 0), "indent": "　　", "end": "\r\n"},
    "clean: masthead": {"mast": "二七新闻 2016年11月25日 第3版"},
    "wrapped: 20, no blank lines": {"cut": _at_width(20)},
    "wrapped: 30, no blank lines": {"cut": _at_width(30)},
    "wrapped: 38, no blank lines": {"cut": _at_width(38)},
    "wrapped: 30, indents": {"cut": _at_width(30), "indent": "　　"},
    "wrapped: 38, blank line after paragraphs": {"cut": _at_width(38), "gap": (1, 1, 0)},
    "wrapped: 20, blank lines everywhere": {"cut": _at_width(20), "gap": (1, 1, 0), "cut_gap": 1},
    "odd: few breaks, blank lines everywhere": {
        "cut": _at_odd(30, 160, 0.4), "gap": (1, 1, 0), "cut_gap": 1},
    "odd: few breaks, no blank lines": {"cut": _at_odd(30, 160, 0.4)},
    "odd: many breaks, no blank lines": {"cut": _at_odd(12, 70, 1.0)},
    "odd: many breaks, blank lines everywhere": {
        "cut": _at_odd(12, 70, 1.0), "gap": (1, 1, 0), "cut_gap": 1},
    "odd: short pieces, indents": {"cut": _at_odd(5, 40, 0.7), "indent": "　　"},
}  # fmt: skip


def page(
    rng: random.Random, pool: list[tuple[str, list[str]]], layout: str, held_out: bool
) -> Made:
    """One page in this layout."""
    manners = _manners(held_out)
    house = rng.sample(manners, rng.choice((1, 1, 2)))
    paper = rng.choice(PAPERS[held_out])
    share = rng.choice((0.0, 0.3, 0.8))
    samples = []
    for title, text in rng.sample(pool, rng.randint(2, 10)):
        head, main = _headed(rng, title, held_out, share)
        below, paragraphs = rng.choice(house)(rng, text, paper)
        samples.append(Sample(head, main, [*below, *paragraphs]))
    return _print(rng, samples, **LAYOUTS[layout])  # type: ignore[arg-type]


def one_article_files(
    pool: list[tuple[str, list[str]]], held_out: bool, seed: int
) -> Iterator[tuple[str, int, float, float]]:
    """Files that hold one article: how many come out whole, and with the title they have."""
    rng = random.Random(seed)
    news = rng.sample(pool, min(200, len(pool)))
    cuts: dict[str, Cut] = {
        "as it is": lambda rng, text: [text],
        "cut at 20": _at_width(20),
        "odd breaks": _at_odd(12, 70, 1.0),
    }
    for name, cut in cuts.items():
        files = [(t, "\n".join(x for p in [t, *ps] for x in cut(rng, p))) for t, ps in news]
        yield f"one news article, {name}", *_whole(files)
    with gzip.open(SHARED / "data" / "corpora" / "ncp_a.jsonl.gz", "rt") as rows:
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
