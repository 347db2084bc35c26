"""Newspaper pages made at run time: real articles, invented bylines, kickers and layouts.

Half of the articles and half of the manners are for development, the other half is held out.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

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
        with gzip.open(
            SHARED / "data" / "corpora" / f"{name}.jsonl.gz", "rt", encoding="utf-8"
        ) as lines:
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


def print_page(
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


def at_width(width: int) -> Cut:
    return lambda rng, text: [text[i : i + width] for i in range(0, len(text), width)]


def at_odd(low: int, high: int, chance: float) -> Cut:
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
    "wrapped: 20, no blank lines": {"cut": at_width(20)},
    "wrapped: 30, no blank lines": {"cut": at_width(30)},
    "wrapped: 38, no blank lines": {"cut": at_width(38)},
    "wrapped: 30, indents": {"cut": at_width(30), "indent": "　　"},
    "wrapped: 38, blank line after paragraphs": {"cut": at_width(38), "gap": (1, 1, 0)},
    "wrapped: 20, blank lines everywhere": {"cut": at_width(20), "gap": (1, 1, 0), "cut_gap": 1},
    "odd: few breaks, blank lines everywhere": {
        "cut": at_odd(30, 160, 0.4), "gap": (1, 1, 0), "cut_gap": 1},
    "odd: few breaks, no blank lines": {"cut": at_odd(30, 160, 0.4)},
    "odd: many breaks, no blank lines": {"cut": at_odd(12, 70, 1.0)},
    "odd: many breaks, blank lines everywhere": {
        "cut": at_odd(12, 70, 1.0), "gap": (1, 1, 0), "cut_gap": 1},
    "odd: short pieces, indents": {"cut": at_odd(5, 40, 0.7), "indent": "　　"},
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
    return print_page(rng, samples, **LAYOUTS[layout])  # type: ignore[arg-type]
