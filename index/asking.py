"""Words that ask and words that say nothing: they do not tell what a question is about.

They say what kind of answer is wanted; a passage that happens to hold one is no better for it.
"""

from __future__ import annotations

from functools import lru_cache

from index.patterns import lazy
from index.tables import read_rows
from index.tokens import fold

_PIECE = "[个只套台件瓶盒包斤箱条张本双辆把次吨米平晚天月年]"  # what is bought
# Longest first, so that 有哪些 goes before 哪些.
_ASKING_WORDS = sorted(
    """
    请问 由谁 被谁 是谁 跟谁 有谁 给谁 让谁 有什么 是什么 用什么 叫啥 啥 咋 的时候
    请告诉我 告诉我 你知道 介绍一下 说一下 什么时候 什么时间 什么季节 什么地方 什么地点 什么样 什么样子 什么样的 为什么
    为何 什么 有哪些 谁 多久 几个 几个月 几项 几人 几次 怎么样 怎样 怎么 如何
    是不是 有没有 是否 叫什么名字 叫什么 何时 何地
    """.split(),
    key=len,
    reverse=True,
)
_ASKING = lazy(
    "|".join(_ASKING_WORDS)
    # 哪 with what counts after it (哪三项, 哪几位), but not 哪吒.
    + "|[由是在到去从]?哪(?:[一二两三四五六七八九十几]?[些个项条点种类位家天年月里儿名方]?)(?!吒)"
    # A measure word counts what is asked for and says nothing of it (多少名护林员).
    + f"|(?:一{_PIECE}(?:要|得|大?[概约])?)?(?<![很许众诸])多少钱(?:一{_PIECE}(?![\u4e00-\u9fff]))?"
    + "|[是有]?(?<![很许众诸])多少[名个位家户套条件种次座项所辆栋]?"
    + "|(?<![好十这那前近后最])几(?:[名位家户套条件种座所辆栋]|个?月份?|(?:分钟|小时|[天年周岁])(?![前后来里内以间]))"
    # Parts of other words too: 很多大学, 许多长期, 有几乎, 酒吧.
    + "|(?<![很许众诸])多(?:大(?![学型数量众])|长(?![期江城沙春]))|[是有]几[个项名人次]?(?![乎何率])"
    + "|(?<![哪了过出有])几点钟?(?!要求|意见|建议|希望|内容|措施|想法|看法)"
    + "|(?<![任如几])何[处年月日方人种职物者]"
    + "|(?:[吗呢啊呀]|(?<![网酒茶水贴])吧)(?=[?？!！。\\s]*$)"
)
_ENGLISH = frozenset(
    """
    a about an and any are as at be been being by can could did do does for from had has have
    how i in is it its many me much of on or our please shall should tell that the their them
    there these they this those to us was we were what when where which who whom whose why will
    with would you your
    """.split()
)
# 的 了 在 … and the like: they stand in nearly every passage, or only frame the question.
_EMPTY = frozenset(
    """
    的 了 是 在 和 与 及 或 等 对 把 被 由 从 到 向 于 以 为 有 个 也 都 就 这 那 它 他 她 其 之
    而 并 中 上 下 里 以及 时候 具体 分别 主要 相关 有关 关于 方面 事情 这件 这次 那次 那篇 这篇
    这一条 一条 一下 事 件 来 说 讲 提 做 搞 想 会 能 要 还 又 再 已 已经 就是 这个 那个 这些
    那些 其中 除了 还有 时 后 前 先 以后 之后 之前 以前 到底 究竟 总共 一共 打算 一起 事儿 那事
    我 你 您 我们 你们 他们 她们 它们 人家 了解 知道 告诉 请 名字 叫 呀 嘛 啦 哦 么 地
    """.split()
)
_POINTING = lazy(
    "[这那此该每某各](?:[边条个些篇次件种项位家里儿时会样天年段]{1,2})?$|[区市县镇村省]里$"
)


def without_asking(question: str) -> str:
    """The question folded, with the words that only ask replaced by blanks; as long as before."""
    return _ASKING.sub(lambda m: " " * len(m.group()), fold(question))


def is_empty_word(word: str) -> bool:
    """Whether a folded word says nothing about what a question is about."""
    return word in _EMPTY or word in _ENGLISH or bool(_POINTING.match(word))


def asking_weight(word: str) -> float:
    """How much a folded word or pair of a question counts, 0.1–1: less the more it only asks.

    Learned from questions and the articles that they are asked of (``training.question_words``).
    """
    return _weights().get(word, 1.0)


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    return {
        word: float(weight) for word, weight in read_rows("question_words.tsv", "question-words")
    }
