"""A claim's words beside its evidence: which of them are new, and how much the evidence holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from index.frequencies import salience
from index.sounds import pinyin_keys
from index.stems import is_stop
from index.tokens import Segmenter, fold, is_bigrammed
from qa.facts import days, quantities
from qa.grounding import Ground, Laid, covered, pairs
from qa.synonyms import synonyms

# Tags of words that say nothing by themselves: particles, pronouns, conjunctions, marks …
_EMPTY_TAGS = ("u", "p", "c", "r", "y", "e", "o", "w", "x", "q", "f", "m", "t", "k", "h", "zg", "d")
_SAYING = frozenset(
    "表示 指出 说 称 介绍 认为 强调 提到 提出 要求 透露 报道 显示 告诉 谈到 讲 写道 说明 宣布 呼吁 希望 建议 回应 解释 补充 坦言 看来 包括 分别 具体 主要 相关 有关 进行 开展 实施 其中 同时 此外 另外 目前 截至 总共 共计 合计 一共 达到 约 位于 负责 方面 内容 情况 如下 以下 举行 召开 参加 出席 成为 属于 用于 通过 根据 按照 由于 因此 以及 并且 还 也 已 已经 会议 活动 工作 文章 资料 新闻 消息 本文 该 此次 本次 据".split()
)


class Word(NamedTuple):
    """A folded word with jieba's tag and its place in the claim."""

    text: str
    tag: str
    start: int
    end: int


class Wording:
    """One claim, laid beside the passages that it cites."""

    def __init__(self, claim: str, grounds: Sequence[Ground], segmenter: Segmenter) -> None:
        self.claim, self.folded = claim, fold(claim)
        self.grounds, self.segmenter = grounds, segmenter
        self.laid = Laid.all(claim, grounds)
        self.whole = "\n".join(g.whole for g in grounds)
        self.days = days(claim)
        self.quantities = quantities(claim, self.days)
        self.foreign = _is_chinese(claim) != _is_chinese("".join(g.text for g in grounds))
        """Whether claim and evidence are in two scripts, so that words cannot be compared."""
        self.places: list[tuple[int, int]] = []
        """Further places of the evidence (which passage, where in it) that bear the claim."""

    @cached_property
    def sounds(self) -> frozenset[str]:
        """The sounds of the evidence's Chinese text (``index.sounds``)."""
        return frozenset(pinyin_keys(self.whole))

    @property
    def shared(self) -> float:
        """The part (0–1) of the claim's pairs of characters that the evidence has."""
        own = pairs(self.folded)
        if not own:
            bare = "".join(c for c in self.folded if c.isalnum())
            return float(len(bare) > 1 and bare in self.whole)
        return len(own & pairs(self.whole)) / len(own)

    @cached_property
    def held(self) -> float:
        """The part (0–1) of the claim's own words, by what they say, that the evidence holds."""
        total = missing = 0.0
        for word, tag, start, end in self.words:
            weight = _weight(word, tag)
            total += weight
            if weight and not all(self.covered[start:end]):
                missing += weight * self._missing(word, start, end)
        return 1.0 if total == 0 else 1 - missing / total

    @cached_property
    def covered(self) -> list[bool]:
        """For each character whether the evidence bears it (``grounding.covered``); numbers and dates
        count as borne: they are checked by themselves."""
        words = {w for g in self.grounds for w in g.words}
        held = covered(self.folded, self.whole, words)
        facts = [(d.start, d.end) for d in self.days] + [(q.start, q.end) for q in self.quantities]
        for start, end in facts:
            held[start:end] = [True] * (end - start)
        return held

    @cached_property
    def words(self) -> list[Word]:
        """The claim's words with their tags and places."""
        found: list[Word] = []
        at = 0
        for word, tag in self.segmenter.tagged(self.folded):
            found.append(Word(word, tag, at, at + len(word)))
            at += len(word)
        return found

    @property
    def _new_words(self) -> list[Word]:
        """The words of which a character does not stand in the evidence as it does here."""
        return [w for w in self.words if not all(self.covered[w.start : w.end])]

    def _missing(self, word: str, start: int, end: int) -> float:
        """How much of a word the evidence lacks: 1 all of it, 0 if it has a word that means it."""
        if any(s in self.whole for s, _ in synonyms(word)):
            return 0.0
        if len(word) == 1:
            return 0.0 if word in self.whole else 1.0
        lacking = [
            not c and self.folded[i] not in self.whole
            for i, c in enumerate(self.covered[start:end], start)
        ]
        loose = [not c for c in self.covered[start:end]]
        return (sum(lacking) + sum(loose)) / (2 * len(word))

    def new_chunks(self) -> Iterator[list[Word]]:
        """Runs of new words that follow one another, with their places."""
        run: list[Word] = []
        for word in (*self._new_words, Word("", "", -1, -1)):
            if run and word.start != run[-1].end:
                yield run
                run = []
            if (
                word.text.strip()
                and word.text not in _SAYING
                and not word.tag.startswith(_EMPTY_TAGS)
            ):
                run.append(word)

    def part_at(self, place: int) -> Laid | None:
        """The clause that holds a place of the claim, beside its evidence."""
        return next((p for p in self.laid if p.clause.start <= place < p.clause.end), None)


def _is_chinese(text: str) -> bool:
    """Whether a text is written rather with characters than with letters."""
    wide = sum(map(is_bigrammed, text))
    return wide * 2 > sum(map(str.isalpha, text))


def _weight(word: str, tag: str) -> float:
    """What a word says by itself: nothing, for the words of grammar and of reporting."""
    if word in _SAYING or not any(c.isalnum() for c in word) or word[0].isdigit():
        return 0.0
    if not is_bigrammed(word[0]):
        return 0.0 if is_stop(word) else 4.0
    if tag.startswith(_EMPTY_TAGS):
        return 0.0
    return salience(word, 0, 0)
