"""Sentences as a language model writes them from a passage, right ones and wrong ones, made by script.

A right one is a sentence of the passage told in other words: figures in their other form, a frame
before it, words for others of the same meaning, a clause left out, two sentences joined. A wrong
one is a right one with one thing changed: a number, a date, a name, a denial. All is drawn from a
seeded random generator: the same texts and seed give the same cases.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.sentences import sentence_spans
from index.tokens import Segmenter
from qa.entities import persons

Wrong = Literal["number", "date", "name", "negation"]
WRONGS: tuple[Wrong, ...] = ("number", "date", "name", "negation")

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_GIVEN = "建国 志强 丽华 秀英 海涛 晓东 文静 国庆 玉兰 俊杰 雪梅 永康 佳怡 德胜 春燕 明远 思源 立新 振华 红霞".split()
_PLACES = "白沙河 清泉镇 东岭县 临江市 梅园街道 石桥村 金沙区 北辰路 云台山 安平省 南浦码头 凤凰湖 永丰乡 望江社区".split()
_MEANS_THE_SAME = (
    "举行/召开 出席/参加 表示/说 指出/表示 强调/指出 介绍/说 目前/截至目前 共/一共 开展/进行 位于/地处 为/是 并/并且 以及/和 提升/提高 推进/推动 达/达到 近日/日前 因/由于 帮助/协助 获得/取得 "
    "增加/增多 继续/持续 建设/修建 发布/公布 全部/全都 已/已经 将/将会 超/超过 需/需要 按照/依照 不得/不准 没有/未 不能/无法 如果/若 主要/主要是"
).split()
_FRAMES = (
    "根据资料，",
    "据介绍，",
    "报道称，",
    "据悉，",
    "资料显示，",
    "文章提到，",
    "",
    "",
    "",
    "",
    "",
)
_DIGITS = "零一二三四五六七八九"
_FIGURE = re.compile(
    r"(?<![\d.a-zA-Z-])\d{1,3}(?:,\d{3})+|(?<![\d.,a-zA-Z-])\d+(?:\.\d+)?(?![\d.a-zA-Z:-])"
)
_DATE_PART = re.compile(r"(?<![\d.])(\d{4}(?=年)|\d{1,2}(?=月)|\d{1,2}(?=日))")
_HAN_COUNT = re.compile(
    r"(?<![一二三四五六七八九十百千万第星期周])([二三四五六七八九])(?=[项条个名位家户次届点期年天批座所种])"
)
# Words of which it is certain that they are places, whatever stands around them.
_PLACE = re.compile(
    r"[\u4e00-\u9fff]{2,}[省市区县镇乡村河湖江山]|北京|上海|天津|重庆|广东|广西|河南|河北|湖南|湖北|山东|山西|江苏|浙江|安徽|福建"
    r"|四川|贵州|云南|陕西|甘肃|青海|辽宁|吉林|黑龙江|海南|台湾|香港|澳门|新疆|西藏|内蒙古|宁夏|广州|深圳|南京|杭州|武汉|成都|西安|郑州|长沙"
    r"|美国|日本|英国|法国|德国|俄罗斯|韩国|印度|欧洲|非洲|乌克兰|泰国|越南|澳大利亚|加拿大"
)
_NAMED_AFTER = ("《", "“")
_DENIAL = re.compile(
    r"(?:没有|不能|不会|不得|未能|尚未|并未|不再|不准|严禁|禁止|无法|未(?!来|成年|必|婚|央|知))(?=[\u4e00-\u9fff]{2})"
)
_WHERE_TO_DENY = (
    "将 已经 已 正 正在 要 可 可以 能 能够 会 应当 应 须 必须 是 有 出席 参加 要求 表示 同意 批准 完成 增加 减少 提高 支持 推进 举行 召开 发布 投入 使用 建成 开工 获得 达到 包括 属于 影响 导致 发生 接受 允许 提供 负责 设立 实现 发现"
).split()


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, what is wrong with it (None nothing), and the sentence before it was made wrong."""

    text: str
    wrong: Wrong | None
    before: str


def passages(texts: Iterable[str], rng: random.Random, longest: int = 420) -> Iterator[str]:
    """From each text a run of whole sentences of some 150–420 characters."""
    for text in texts:
        spans = [s for s in sentence_spans(text) if s[1] - s[0] > 1]
        if not spans:
            continue
        i = rng.randrange(max(1, len(spans) - 3))
        j = i
        while j + 1 < len(spans) and spans[j + 1][1] - spans[i][0] <= longest:
            j += 1
        passage = text[spans[i][0] : spans[j][1]]
        if 60 <= len(passage) <= longest:
            yield passage


def right_claims(passage: str, rng: random.Random, count: int = 3) -> list[str]:
    """Sentences that tell what the passage says, in other words."""
    sentences = [passage[a:b] for a, b in sentence_spans(passage) if 14 <= b - a <= 130]
    sentences = [s for s in sentences if not s.endswith(("？", "?", "：")) and s[-1] in "。！”"]
    rng.shuffle(sentences)
    return [_told(s, rng) for s in sentences[:count]]


def wrong_claim(
    claim: str, wrong: Wrong, passage: str, segmenter: Segmenter, rng: random.Random
) -> Claim | None:
    """The claim with one thing changed; None where it has no such thing."""
    make = {"number": _number, "date": _date, "name": _name, "negation": _negation}[wrong]
    text = make(claim, passage, segmenter, rng)
    return Claim(text, wrong, claim) if text and text != claim else None


def _told(sentence: str, rng: random.Random) -> str:
    told = sentence
    if rng.random() < 0.4:
        told = _other_forms(told, rng)
    if rng.random() < 0.6:
        told = _other_words(told, rng)
    if rng.random() < 0.35:
        told = _shorter(told, rng)
    frame = rng.choice(_FRAMES)
    if frame and not told.startswith(("“", "据", "根据", "报道", "资料")):
        told = frame + told
    return told


def _other_forms(text: str, rng: random.Random) -> str:
    def date(match: re.Match[str]) -> str:
        return _spoken(int(match.group(1))) + match.group(2)

    def amount(match: re.Match[str]) -> str:
        value = int(match.group(1))
        return f"{value / 10000:g}亿" if value % 100 == 0 and value >= 1000 else match.group()

    text = (
        re.sub(r"(?<![\d.])(\d{1,2})(月|日)(?=[\d，上下中，。、]|$)", date, text)
        if rng.random() < 0.5
        else text
    )
    text = re.sub(r"(?<![\d.])(\d{4,5})万(?![\d人])", amount, text)
    text = (
        re.sub(r"(?<![\d.])(\d{1,2}(?:\.\d)?)%", lambda m: "百分之" + _decimal(m.group(1)), text)
        if rng.random() < 0.5
        else text
    )
    return re.sub(
        r"(?<![\d.,])([2-9])(?=[项条个名位家户点])", lambda m: _DIGITS[int(m.group())], text
    )


def _spoken(n: int) -> str:
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (
        _DIGITS[ones] if ones or not tens else ""
    )


def _decimal(text: str) -> str:
    whole, point, rest = text.partition(".")
    return _spoken(int(whole)) + ("点" + "".join(_DIGITS[int(c)] for c in rest) if point else "")


def _other_words(text: str, rng: random.Random) -> str:
    for pair in rng.sample(_MEANS_THE_SAME, len(_MEANS_THE_SAME)):
        one, other = pair.split("/")
        at = text.find(one)
        if at >= 0 and other not in text and len(one) > 1:
            return text[:at] + other + text[at + len(one) :]
    return text


def _shorter(text: str, rng: random.Random) -> str:
    """Without one clause that is neither the first nor says how the others are meant."""
    parts = re.split(r"(?<=，)", text)
    if len(parts) < 3:
        return text
    i = rng.randrange(1, len(parts))
    if re.search("[“”《》（）]|不|没|未|可能|将|如果|若|但|却", parts[i]) or re.search(
        "[“《（]", text
    ):
        return text
    rest = parts[:i] + parts[i + 1 :]
    told = "".join(rest)
    return told if told[-1] in "。！" else told.rstrip("，；：") + "。"


def _number(claim: str, passage: str, segmenter: Segmenter, rng: random.Random) -> str:
    places = [
        m for m in _FIGURE.finditer(claim) if not re.match(r"[年月日]|号(?!召)", claim[m.end() :])
    ]
    places += list(_HAN_COUNT.finditer(claim))
    if not places:
        return ""
    match = rng.choice(places)
    old = match.group()
    if old in _DIGITS:
        new = rng.choice([d for d in _DIGITS[2:] if d != old])
    elif "." in old:
        new = (
            f"{max(0.1, float(old) + rng.choice([-1.3, 0.7, 2.5, 10])):.{len(old.split('.')[1])}f}"
        )
    else:
        value = int(old.replace(",", ""))
        new = str(
            rng.choice(
                [
                    value + rng.randint(1, max(2, value // 3)),
                    max(1, value - rng.randint(1, max(2, value // 3))),
                    value * 10,
                    value * 2,
                ]
            )
        )
        if new == str(value):
            new = str(value + 3)
    changed = claim[: match.start()] + new + claim[match.end() :]
    return "" if new in re.findall(r"\d+(?:\.\d+)?", passage) else changed


def _date(claim: str, passage: str, segmenter: Segmenter, rng: random.Random) -> str:
    places = list(_DATE_PART.finditer(claim))
    if not places:
        return ""
    match = rng.choice(places)
    value = int(match.group())
    if value > 31:
        new = value + rng.choice([-3, -2, -1, 1, 2, 3])
    elif claim[match.end()] == "月":
        new = rng.choice([m for m in range(1, 13) if m != value])
    else:
        new = rng.choice([d for d in range(1, 29) if d != value])
    if f"{new}{claim[match.end()]}" in passage:
        return ""
    return claim[: match.start()] + str(new) + claim[match.end() :]


def _name(claim: str, passage: str, segmenter: Segmenter, rng: random.Random) -> str:
    """Another person, or another place, of the passage or of none."""
    people = [
        s
        for s in persons(claim, segmenter)
        if re.fullmatch("[\u4e00-\u9fff]{2,4}", claim[slice(*s)])
    ]
    there = {passage[a:b] for a, b in persons(passage, segmenter)}
    places: list[tuple[int, int]] = []
    at = 0
    for word, tag in segmenter.tagged(claim):
        if tag == "ns" and _PLACE.fullmatch(word) and claim[at - 1 : at] not in _NAMED_AFTER:
            places.append((at, at + len(word)))
        at += len(word)
    if people and (not places or rng.random() < 0.6):
        a, b = rng.choice(people)
        others = sorted(n for n in there if n not in claim and claim[a:b] not in n)
        new = (
            rng.choice(others)
            if others and rng.random() < 0.3
            else rng.choice(_SURNAMES) + rng.choice(_GIVEN)
        )
    elif places:
        a, b = rng.choice(places)
        new = rng.choice(_PLACES)
    else:
        return ""
    return claim[:a] + new + claim[b:]


def _negation(claim: str, passage: str, segmenter: Segmenter, rng: random.Random) -> str:
    """A denial taken away, or one put before a verb."""
    if (match := _DENIAL.search(claim)) and rng.random() < 0.7:
        kept = {
            "不得": "可以",
            "不能": "能",
            "不会": "会",
            "不准": "可以",
            "严禁": "允许",
            "禁止": "允许",
            "无法": "可以",
        }
        return (
            claim[: match.start()]
            + kept.get(match.group(), "已" if "未" in match.group() else "")
            + claim[match.end() :]
        )
    at = 0
    spots: list[tuple[int, str]] = []
    for word, _ in segmenter.tagged(claim):
        if word in _WHERE_TO_DENY and claim[max(0, at - 1) : at] not in "不没未无非是" and at > 1:
            spots.append((at, word))
        at += len(word)
    if not spots:
        return ""
    place, word = rng.choice(spots)
    if word in ("已经", "已", "正", "正在"):
        return claim[:place] + rng.choice(["尚未", "并未", "没有"]) + claim[place + len(word) :]
    if word == "是":
        return claim[:place] + "不是" + claim[place + 1 :]
    if word in ("将", "要", "可", "可以", "能", "能够", "会", "应当", "应", "须", "必须"):
        return claim[:place] + "不" + claim[place:]
    return claim[:place] + rng.choice(["没有", "并未", "未"]) + claim[place:]


def made(
    texts: Sequence[str], segmenter: Segmenter, seed: int, wrong: int = 125
) -> tuple[list[tuple[str, Claim]], list[tuple[str, Claim]]]:
    """``(right, wrong)``: pairs of a passage and a claim, ``wrong`` of each kind if the texts give
    as many, and at least as many right ones."""
    rng = random.Random(seed)
    shuffled = rng.sample(list(texts), len(texts))
    rights: list[tuple[str, Claim]] = []
    wrongs: dict[Wrong, list[tuple[str, Claim]]] = {w: [] for w in WRONGS}
    for passage in passages(shuffled, rng):
        for told in right_claims(passage, rng):
            rights.append((passage, Claim(told, None, told)))
            least = min(WRONGS, key=lambda w: len(wrongs[w]))
            for kind in (least, *rng.sample(WRONGS, len(WRONGS))):
                if len(wrongs[kind]) < wrong and (
                    claim := wrong_claim(told, kind, passage, segmenter, rng)
                ):
                    wrongs[kind].append((passage, claim))
                    break
        if all(len(found) >= wrong for found in wrongs.values()):
            break
    return rights, [case for kind in WRONGS for case in wrongs[kind]]
