"""Denied or not, planned or done, possible or certain: whether a sentence says it as its evidence does.

What a word of denial bears on is taken to be the word behind it: 不**得占用**, was not **finished**.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.patterns import lazy
from index.tokens import fold

# Words that have a sign of denial in them and deny nothing.
_PLAIN = lazy(
    r"不仅|不但|不光|不只|不止|不断|不少|不久|不同|不锈|不论|不管|不料|不过|不妨|不愧|不禁|不时|不一|不等|不到|不足|不超过|不低于|不少于|不高于|不大于|不小于|不超|不满|不惜|不由|不容易|不凡|不错|不懈|不屈|不动产|不良"
    r"|不平凡|了不起|差不多|不失时机|不甘|不倦|不朽|不辞|不畏|不怕|不失为|无不|无非|莫不|莫过于|非但|并非易事|未来|未成年|未婚|未央|无人机|无人|无锡|无论|无穷|无私|无数|无偿|无疑|无愧|无尽|无限|无缝|无障碍|无线|无烟|无公害"
    r"|无菌|无害|无纸|无悔|无微|无花果|无党派|无形|无产|毫无疑问|非常|非遗|非凡|非公|非洲|非物质|非机动|非税|非法|非要|非典|除非|是非|无非|没收|沉没|淹没|埋没|出没|没准|勿忘|别墅|别人|别的|别具|别开|别致|分别|个别|特别|区别|级别|类别|性别|差别|告别|识别|鉴别|辨别|离别|别名|否则|是否|能否|可否|与否|否极|否定"
    r"|绝无仅有|停止线|取消期|可不可|是不是|能不能|会不会|有没有|要不要|好不好|不丹|不可或缺|必不可少|不折不扣|不约而同|不遗余力|不可思议|不知不觉"
    r"|\bnot only\b|\bno\. ?\d|\bno one\b(?= else)|\bno less than\b|\bno later than\b|\bno more than\b|\bnot less than\b|\bnot more than\b"
)
_DENIALS = lazy(
    r"并不是|并没有|并未|并非|并不|没有|没能|尚未|从未|从不|从没|未能|未曾|未经|未|没|不再|不能|不会|不得|不准|不许|不可|不是|不用|不必|不要|不应|不该|不宜|不允许|不"
    r"|严禁|禁止|杜绝|谢绝|拒绝|拒不|否认|停止|取消|暂停|终止|中止|无法|无需|无须|无权|无|毫无|绝不|决不|勿|切勿|请勿|莫|别|非|避免|防止|免于"
    r"|\b(?:not|no|never|none|neither|nor|cannot|without|nobody|nothing|denied|denies|refused|refuses|banned|prohibited|forbidden|cancelled|canceled)\b|n't\b|n’t\b"
)
_FILLERS = lazy(
    r"(?:[再会能得可以将要想曾有被予以进行到过将应该须必准许便就都很太再随意擅自任何的了地是在由所与和对把向、，\s“”\"]|允许|出现|发生|实施|been|be|to|yet|have|has|had|any|the|a|an|ever|is|was|will|would|\s)*+"
)
_PLANNED = lazy(
    r"将(?!军|士|领|近)|拟(?!定|态|人)|计划|预计|预期|有望|力争|争取|准备|打算|即将|目标|规划|力求|确保|要求?|应当?|须|需|希望|期望|下一步|今后|未来|明年|后年|下半年|会(?!议|长|上|见|场|同|展|员)|待|等到|\b(?:will|plans?|planned|expected|aims?|to be|going to|should|must|hopes?|shall|next)\b"
)
_DONE = lazy(
    r"已经?|曾经?|业已|如期(?:完成|竣工|完工|建成|开通|投用)|[\u4e00-\u9fff]了(?=[，。；！]|$)|(?:完成|建成|开通|投用|竣工|完工|结束)了|\b(?:already|has been|have been|had been|was completed|were completed|has|have)\b"
)
_PERHAPS = lazy(
    r"(?<!不)可能(?!性)|或许|也许|大概|疑似|据传|恐怕|恐(?=将|会|难)|或将|似乎|估计|未必|不排除|\b(?:may|might|could|possibly|perhaps|probably|reportedly|allegedly|likely)\b"
)
_SURELY = lazy(
    r"必然|必定|一定(?!程度|的|规模|数量|比例|要|条件|范围)|肯定(?=会|是|能|要|将)|毫无疑问|毫无疑义|绝对|\b(?:certainly|definitely|undoubtedly|surely)\b"
)
_OPPOSITES = tuple(
    tuple(pair.split("/"))
    for pair in (
        "增加/减少 增长/下降 上升/下降 提高/降低 上涨/下跌 上调/下调 扩大/缩小 升高/降低 增至/降至 高于/低于 超过/低于 多于/少于 增产/减产 同意/反对 支持/反对"
        " 赞成/反对 批准/驳回 允许/禁止 开放/关闭 开通/停运 恢复/暂停 启动/停止 成功/失败 合格/不合格 盈利/亏损 买入/卖出 进口/出口 流入/流出 加快/放缓 加强/削弱 收紧/放宽"
        " 提前/推迟 提前/延后 提前/延期 延长/缩短 首次/再次 最高/最低 最大/最小 最多/最少 最早/最晚 以上/以下 之前/之后 以前/以后 全部/部分 所有/部分 通过/否决 赢得/输掉 上任/卸任 任命/免去 东/西 南/北"
        " increase/decrease increased/decreased rose/fell rise/fall more/less higher/lower before/after open/close opened/closed approved/rejected first/last north/south east/west"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Denial:
    """A word of denial, and what stands behind it as far as it was looked at."""

    start: int
    end: int
    bears_on: str


def denials(text: str) -> list[Denial]:
    """The denials of a text, in order; places count in it."""
    folded = fold(text)
    hidden = _PLAIN.sub(lambda m: "\0" * len(m.group()), folded)
    found: list[Denial] = []
    for match in _DENIALS.finditer(hidden):
        rest = _FILLERS.match(folded, match.end())
        start = rest.end() if rest else match.end()
        found.append(Denial(*match.span(), _head(folded, start)))
    return found


def denies_otherwise(said: str, held: Sequence[str], whole: str) -> bool:
    """Whether a clause denies what its evidence does not, or the other way round.

    ``held`` are the clauses of the evidence that it goes back to, ``whole`` all that it cites.
    """
    ours = denials(said)
    theirs = [d for clause in held for d in denials(clause)]
    left = denials(whole) if ours else []
    for denial in ours:
        match = next((d for d in left if _same(denial.bears_on, d.bears_on)), None)
        if match is None:
            return True
        left.remove(match)  # 不能不 denies twice
    folded = fold(said)
    for denial in theirs:
        if any(_same(denial.bears_on, d.bears_on) for d in ours):
            continue
        head = denial.bears_on[:2]
        # What is denied there is said here, and nothing here denies.
        if len(head) == 2 and head in folded and not ours and not _said_too(denial, held):
            return True
    return False


def reverses(said: str, held: Sequence[str]) -> bool:
    """Whether a clause says the opposite of a word of its evidence (增加 for 减少)."""
    ours, theirs = fold(said), fold("\n".join(held))
    for one, other in _OPPOSITES:
        for here, there in ((one, other), (other, one)):
            if (
                _has(ours, here)
                and not _has(theirs, here)
                and _has(theirs, there)
                and not _has(ours, there)
            ):
                return True
    return False


def surer(said: str, held: Sequence[str], whole: str) -> bool:
    """Whether a clause takes what is planned for done, or what is possible for certain."""
    ours, theirs = fold(said), fold("\n".join(held))
    if _SURELY.search(ours) and not _SURELY.search(fold(whole)):
        return True
    if _PERHAPS.search(theirs) and not _PERHAPS.search(ours) and not _PLANNED.search(ours):
        return True
    if _PERHAPS.search(ours) and not _PERHAPS.search(fold(whole)):
        return True
    planned, done = _PLANNED.search(theirs), _DONE.search(theirs)
    return bool(planned and not done and _DONE.search(ours) and not _PLANNED.search(ours))


def is_planned(text: str) -> bool:
    """Whether a clause speaks of what is planned, wanted or to come, and of nothing done."""
    folded = fold(text)
    return bool(_PLANNED.search(folded)) and not _DONE.search(folded)


def _has(text: str, word: str) -> bool:
    if word.isascii():
        return re.search(rf"\b{word}\b", text) is not None
    return word in text and f"不{word}" not in text


def _head(folded: str, start: int) -> str:
    """What a denial bears on: the next few characters, or the next word of letters."""
    match = re.compile(r"[a-z][a-z'’-]*|[\u3400-\u9fff]{1,4}").match(folded, start)
    return match.group() if match else ""


def _same(a: str, b: str) -> bool:
    if not a or not b:
        return a == b
    if a[0].isascii():
        return a[:4] == b[:4]
    return a[:2] == b[:2] or a[:2] in b or b[:2] in a or len(set(a[:3]) & set(b[:3])) >= 2


def _said_too(denial: Denial, held: Sequence[str]) -> bool:
    """Whether the evidence also says undenied what it denies somewhere."""
    head = denial.bears_on[:2]
    times = sum(fold(clause).count(head) for clause in held)
    denied = sum(d.bears_on.startswith(head) for clause in held for d in denials(clause))
    return times > denied
