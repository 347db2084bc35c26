"""Near-duplicate articles: told from notices made from one form, and shown in one place."""

from __future__ import annotations

import random

import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from index.reprints import are_reprints, collapsed, similarity, sketch
from index.types import Article, Hit, Origin, Passage

NEWS = (
    "3月5日，柳林县召开河道治理推进会。县长陆清和主持会议并讲话。会议听取了水务局关于柳林河综合整治工程的汇报，"
    "研究部署下一阶段工作。陆清和指出，柳林河综合整治工程总投资4200万元，涉及沿岸三个街道、十一个社区，是今年"
    "全县十件民生实事之一。各部门要倒排工期、挂图作战，确保汛期以前完成清淤十二公里，年底以前建成步道八公里。"
    "会议强调，一要把好质量关，隐蔽工程全程留影像资料；二要把好安全关，汛期施工备足抢险物资；三要把好民意关，"
    "步道建在哪里、埠头留在哪里，先听沿岸居民的意见，施工时间和围挡位置提前三天公示。各街道要安排专人巡查，"
    "发现问题及时上报；财政部门要管好用好每一笔资金，审计部门要全程跟踪，让这项工程经得起群众的检验。"
)


def article(name: str, text: str) -> Article:
    return Article(name, f"标题{name}", text, "zh", f"{name}.txt", Origin(1, 1))


def hits(*articles: Article) -> list[Hit]:
    return [
        Hit(Passage(n, a.id, 0, len(a.text), a.text), a, 1.0 / n, n, "fused")
        for n, a in enumerate(articles, start=1)
    ]


def shingles(text: str) -> set[str]:
    return {text[i : i + 5] for i in range(len(text) - 4)}


def jaccard(a: str, b: str) -> float:
    return len(shingles(a) & shingles(b)) / len(shingles(a) | shingles(b))


def changed(text: str, share: float, seed: int) -> str:
    """The text with some characters exchanged, in a few stretches."""
    chance = random.Random(seed)
    chars = list(text)
    for _ in range(int(len(text) * share / 6)):
        at = chance.randrange(len(chars) - 6)
        chars[at : at + 6] = chance.sample("春夏秋冬山川湖海日月星辰花鸟虫鱼", 6)
    return "".join(chars)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.9])
def test_similarity_is_that_of_datasketch_and_near_the_true_one(share: float) -> None:
    text = NEWS + changed(NEWS, 0.9, 1)[:400]
    for seed in range(5):
        other = changed(text, share, seed)
        theirs = [MinHash(num_perm=128) for _ in range(2)]
        for made, each in zip(theirs, (text, other), strict=True):
            made.update_batch(s.encode() for s in shingles(each))
        ours = similarity(sketch(text), sketch(other))
        assert ours == pytest.approx(jaccard(text, other), abs=0.13)
        assert ours == pytest.approx(theirs[0].jaccard(theirs[1]), abs=0.2)


@given(st.text(max_size=120), st.text(max_size=120))
@settings(deadline=None)
def test_similarity_of_short_texts_is_exact_and_has_no_side(a: str, b: str) -> None:
    plain = ["".join(t.split()) for t in (a, b)]
    if all("\u3000" not in t for t in plain):
        both = shingles(plain[0]) | shingles(plain[1])
        exact = len(shingles(plain[0]) & shingles(plain[1])) / len(both) if both else 0.0
        if len(both) <= 128:
            assert similarity(sketch(a), sketch(b)) == pytest.approx(exact)
    assert similarity(sketch(a), sketch(b)) == similarity(sketch(b), sketch(a))
    assert similarity(sketch(a), sketch(a)) == (1.0 if len("".join(a.split())) >= 5 else 0.0)


@pytest.mark.parametrize(
    "other",
    [
        NEWS,
        f"本报讯（记者 方晓岚）{NEWS}",
        f"{NEWS}\n（来源：柳林县融媒体中心 编辑：柴立新）",
        NEWS.replace("。", "。\n"),
        NEWS[: int(len(NEWS) * 0.8)],
        NEWS.replace("推进会", "工作推进会").replace("指出", "要求"),
    ],
)
def test_a_reprint_with_small_changes(other: str) -> None:
    assert are_reprints(sketch(NEWS), sketch(other))


FORM = (
    "因供水管道改造施工，定于{day}对{place}部分区域计划停水，请相关用户提前做好储水准备。施工期间如遇恶劣天气，"
    "停水时间顺延。恢复供水时可能出现短时水质浑浊，请打开水龙头放水片刻再使用。给您带来的不便，敬请谅解。"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FORM.format(day="3月5日8时至18时", place="桐花街道"), FORM.format(day="4月9日9时至20时", place="桐花街道")),
        (NEWS, changed(NEWS, 0.9, 3)),
        (NEWS, NEWS[: len(NEWS) // 2]),
        (NEWS, NEWS.replace("4200", "5600").replace("3月5日", "4月8日")),
        ("停水。", "停水。"),
    ],
)  # fmt: skip
def test_what_is_no_reprint(one: str, other: str) -> None:
    assert not are_reprints(sketch(one), sketch(other))


def test_reprints_take_one_place_and_are_listed() -> None:
    first, other = article("a", NEWS), article("x", changed(NEWS, 0.9, 4))
    again, third = article("b", f"（转载）{NEWS}"), article("c", NEWS + "（完）")
    found = collapsed(hits(first, again, other, third))
    assert [(h.article.id, h.rank) for h in found] == [("a", 1), ("x", 2)]
    assert [a.id for a in found[0].reprints] == ["b", "c"]
    assert found[1].reprints == ()


def test_several_passages_of_one_article_stay() -> None:
    first, again = article("a", NEWS), article("b", NEWS)
    given_ = [*hits(first, again), *hits(first)]
    assert [h.article.id for h in collapsed(given_)] == ["a", "a"]


def test_where_nothing_is_reprinted_nothing_changes() -> None:
    found = hits(article("a", NEWS), article("b", changed(NEWS, 0.9, 5)))
    assert collapsed(found) == found
    assert collapsed([]) == []
