"""Tokens: folding keeps offsets, words are jieba's own, bigrams are worked by hand."""

from __future__ import annotations

import logging
import re
import sys
import warnings
from itertools import pairwise
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.tokens import (
    Segmenter,
    Token,
    bigrams,
    default_segmenter,
    fold,
    is_among_pairs,
    is_unspaced,
)

# Our own sentences, of many kinds: news, names, numbers, classical words, slang, other scripts.
CHINESE = """
11月14日上午，区委书记带队到贾鲁河沿线调研综合治理工作。
会议强调，要把防汛备汛摆在突出位置，做到责任到人、措施到位、物资到点。
一是加快雨污分流改造；二是清理河道垃圾；三是严查违法排污口。
张晓丽说，她在社区食堂吃饭，一荤一素一汤只要十二块钱。
长春市长春节讲话，南京市长江大桥通车五十周年。
乒乓球拍卖完了，结婚的和尚未结婚的都来登记。
他来到了网易杭研大厦，小明硕士毕业于中国科学院计算所。
研究生命的起源，工信处女干事每月经过下属科室。
全区生产总值同比增长百分之六点八，固定资产投资增速居全市第二。
中华人民共和国国务院办公厅关于印发实施方案的通知
“放管服”改革让群众少跑腿、数据多跑路，不见面审批率超过九成。
二〇二四年，〇号线地铁开通，人们奔走相告，热热闹闹过了个年。
王二麻子卖豆腐的手艺传了四代，石磨点浆，卤水凝花。
碧沙岗公园的月季开了三百多个品种，游人如织，摩肩接踵。
落霞与孤鹜齐飞，秋水共长天一色。
欧阳娜娜和司马相如在微信群里抢红包，不明觉厉，喜大普奔。
夜间门诊开到晚上十点，挂号费与白天相同，医保照常报销。
东京タワーの高さは三百三十三メートルです。
"""


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return default_segmenter()


def test_fold_gives_simplified_half_width_lower_case() -> None:
    assert fold("ＧＤＰ增長目標") == "gdp增长目标"
    assert fold("臺灣鐵路（２０２４）") == "台湾铁路(2024)"
    assert fold("ΑΒΓ Привет ÉCOLE") == "αβγ привет école"
    assert fold("ﾃｽﾄ①Ⅷ") == "テスト1ⅷ"


def test_fold_leaves_what_would_change_the_length() -> None:
    assert fold("ﬁ㎏İ…½") == "ﬁ㎏İ…½"
    assert fold("") == ""


@settings(deadline=None)
@given(st.text())
def test_fold_keeps_length_and_offsets(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert folded == "".join(fold(char) for char in text)


def test_fold_holds_for_all_of_unicode() -> None:
    characters = map(chr, range(sys.maxunicode + 1))
    everything = "".join(c for c in characters if category(c) not in {"Cn", "Co"})
    assert len(everything) > 140_000
    folded = fold(everything)
    assert len(folded) == len(everything)
    again = fold(folded)
    assert [(c, d) for c, d in zip(folded, again, strict=True) if c != d] == []
    assert all(fold(c) == c for c in "abc中文한국ไทย हिन्दी\n\t 0。")


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_tokens_stand_where_they_say(text: str) -> None:
    folded = fold(text)
    tokens = default_segmenter().tokens(text)
    assert all(folded[t.start : t.end] == t.word and t.word for t in tokens)
    assert all(a.end <= b.start for a, b in pairwise(tokens))
    # Nothing with a letter or digit is lost: what lies between tokens is marks and blanks.
    covered = {i for t in tokens for i in range(t.start, t.end)}
    assert not [c for i, c in enumerate(folded) if i not in covered and c.isalnum()]


def test_tokens_by_hand(segmenter: Segmenter) -> None:
    assert segmenter.tokens("治理 ＧＤＰ增长6.8%") == [
        Token("治理", 0, 2),
        Token("gdp", 3, 6),
        Token("增长", 6, 8),
        Token("6.8", 8, 11),
    ]
    assert [t.word for t in segmenter.tokens("हिन्दी भाषा")] == ["हिन्दी", "भाषा"]
    assert [t.word for t in segmenter.tokens("version v1.2.3, 3,000 men")] == [
        "version",
        "v1.2.3",
        "3,000",
        "men",
    ]


def _runs(text: str) -> list[str]:
    """Chinese runs as jieba itself cuts them out of a line."""
    return re.findall("[\u3005-\u3007\u3040-\u30ff\u4e00-\u9fd5]+", fold(text))


def test_words_are_those_of_jieba(segmenter: Segmenter) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba's own: invalid escapes, pkg_resources
        import jieba
    jieba.setLogLevel(logging.ERROR)
    runs = _runs(CHINESE)
    assert len(runs) > 40
    for run in runs:
        assert [t.word for t in segmenter.tokens(run)] == list(jieba.cut(run)), run
        assert segmenter.words(run) == list(jieba.cut_for_search(run)), run
        assert segmenter.dictionary_words(run) == list(jieba.cut(run, HMM=False)), run


def test_differences_from_jieba_are_these(segmenter: Segmenter) -> None:
    """Known and wanted: folding comes first, and scripts are parted before jieba sees them.

    jieba itself keeps “T恤” and “卡拉OK” whole. jieba-rs joins unknown characters of CJK
    extension A that jieba leaves single (1 of 40,000 runs of the corpora measured).
    """
    assert segmenter.words("T恤") == ["t", "恤"]
    assert segmenter.words("卡拉OK") == ["卡拉", "ok"]
    assert segmenter.words("增長") == segmenter.words("增长") == ["增长"]
    assert segmenter.words("㐀㐁字") == ["㐀㐁", "字"]


def test_long_words_are_also_cut_into_those_inside(segmenter: Segmenter) -> None:
    assert segmenter.words("中华人民共和国") == [
        "中华",
        "华人",
        "人民",
        "共和",
        "共和国",
        "中华人民共和国",
    ]


def test_user_words_are_whole() -> None:
    plain, own = Segmenter(), Segmenter(["豫见二七", "貓熊書屋"])
    assert "豫见二七" not in plain.words("豫见二七活动开幕")
    assert [t.word for t in own.tokens("豫见二七活动开幕")] == ["豫见二七", "活动", "开幕"]
    assert [t.word for t in own.tokens("猫熊书屋")] == ["猫熊书屋"]
    assert own.in_dictionary("豫見二七")
    assert not plain.in_dictionary("豫见二七")


def test_fingerprint_tells_the_user_words() -> None:
    assert Segmenter().fingerprint == Segmenter([]).fingerprint
    assert Segmenter(["甲乙", "丙丁"]).fingerprint == Segmenter(["丙丁", "甲乙"]).fingerprint
    assert Segmenter(["甲乙"]).fingerprint != Segmenter().fingerprint


def test_tagged_words_join_to_the_folded_text(segmenter: Segmenter) -> None:
    assert segmenter.tagged("中國人民大學在北京") == [
        ("中国人民大学", "nt"),
        ("在", "p"),
        ("北京", "ns"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("贾鲁河", ["贾", "贾鲁", "鲁", "鲁河", "河"]),
        ("河", ["河"]),
        ("贾鲁河2024", ["贾", "贾鲁", "鲁", "鲁河", "河", "2024"]),
        ("增長，目標", ["增", "增长", "长", "目", "目标", "标"]),
        ("AI助手 is here", ["ai", "助", "助手", "手", "is", "here"]),
        ("한국어는", ["한", "한국", "국", "국어", "어", "어는", "는"]),
        ("서울 시", ["서", "서울", "울", "시"]),
        ("ไทย", ["ไ", "ไท", "ท", "ทย", "ย"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("カナ", ["カ", "カナ", "ナ"]),
        ("v1.2 3,000 a.b", ["v1.2", "3,000", "a", "b"]),
        ("café", ["café"]),
        ("", []),
        ("。，！ \n", []),
    ],
)
def test_bigrams_by_hand(text: str, expected: list[str]) -> None:
    assert bigrams(text) == expected


@settings(deadline=None)
@given(st.text())
def test_bigrams_and_words_hold_no_blanks_and_are_folded(text: str) -> None:
    for token in bigrams(text) + default_segmenter().words(text):
        assert token == fold(token) != ""
        assert not any(char.isspace() for char in token)


@pytest.mark.parametrize("word", ["中文", "カナ", "ไทย", "ລາວ", "ខ្មែរ", "မြန်မာ", "々"])
def test_unspaced_scripts(word: str) -> None:
    assert is_unspaced(word)


@pytest.mark.parametrize("word", ["abc", "한국어", "हिन्दी", "2024", "", "привет"])
def test_spaced_scripts(word: str) -> None:
    assert not is_unspaced(word)


def test_short_words_are_among_the_pairs_of_their_text(segmenter: Segmenter) -> None:
    words = set(segmenter.words(CHINESE))
    short = {word for word in words if is_among_pairs(word)}
    assert {"他", "治理"} < short
    assert short <= set(bigrams(CHINESE))
    assert all(len(word) > 2 or (word.isalnum() and word.isascii()) for word in words - short)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("河治理工程贾鲁东京タワー々〇서울ภาษาA1.5，"), max_size=30))
def test_short_words_are_among_the_pairs_whatever_the_script(text: str) -> None:
    short = {word for word in default_segmenter().words(text) if is_among_pairs(word)}
    assert short <= set(bigrams(text))


@pytest.mark.parametrize(
    ("word", "is_one"),
    [
        ("河", True),
        ("治理", True),
        ("タワ", True),
        ("贾鲁河", False),
        ("서울", False),
        ("ok", False),
    ],
)
def test_which_words_are_looked_up_among_the_pairs(word: str, is_one: bool) -> None:
    assert is_among_pairs(word) is is_one
