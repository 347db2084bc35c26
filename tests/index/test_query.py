"""Questions: asking words become blanks in place, and the terms are what is left."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.keywords import BIGRAMS, SOUNDS, WORDS, AnyOf, Term
from index.query import (
    BIGRAM_WEIGHT,
    SOUND_WEIGHT,
    WORD_WEIGHT,
    expand,
    is_empty_word,
    keyword_doc,
    query_terms,
    without_asking,
)
from index.tokens import default_segmenter, fold

QUESTIONS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "什么时候",
                "有哪些",
                "是多少",
                "几",
                "谁",
                "吗",
                "多大",
                "请问",
                "怎么",
                "贾鲁河",
                "治理",
                "？",
            ]
        ),
        st.text(max_size=6),
    ),
    max_size=8,
).map("".join)


def tokens(clauses: tuple[Term | AnyOf, ...], field: str) -> list[str]:
    return [c.token for c in clauses if isinstance(c, Term) and c.field == field]


def alternatives(clauses: tuple[Term | AnyOf, ...]) -> list[AnyOf]:
    return [c for c in clauses if isinstance(c, AnyOf)]


@settings(deadline=None)
@given(QUESTIONS)
def test_only_blanks_are_put_in(question: str) -> None:
    asked = without_asking(question)
    assert len(asked) == len(question)
    assert all(a in (" ", f) for a, f in zip(asked, fold(question), strict=True))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("贾鲁河治理有什么要求", "贾鲁河治理   要求"),
        ("由谁带队？", "  带队?"),
        ("夜间門診什麼時候開門", "夜间门诊    开门"),
        ("社区食堂一共有几个", "社区食堂一共   "),
        ("请问补贴最多是多少", "  补贴最多   "),
        ("ＧＤＰ增长多少呢？", "gdp增长   ?"),
        ("哪天开始，到哪天结束", "  开始,   结束"),
        ("由哪家单位负责？", "   单位负责?"),
        ("Who led the visit?", "who led the visit?"),
        ("", ""),
    ],
)
def test_asking_words_are_blanked(question: str, expected: str) -> None:
    assert without_asking(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "很多大学生",
        "许多长期项目",
        "几乎全部",
        "茶几",
        "网吧关门",
        "吗啡",
        "呢绒大衣",
        "几内亚",
        "酒吧。",
    ],
)
def test_words_that_only_hold_an_asking_word_stay(question: str) -> None:
    assert without_asking(question) == fold(question)


def test_a_chinese_question() -> None:
    found = query_terms("贾鲁河治理有什么要求？", default_segmenter(), {"zh-Hans"})
    assert tokens(found.clauses, WORDS) == ["贾鲁河", "治理", "要求"]
    assert tokens(found.clauses, BIGRAMS) == (
        [
            "贾",
            "贾鲁",
            "鲁",
            "鲁河",
            "河",
            "河治",
            "治",
            "治理",
            "理",
            "要求",
            "求",
        ]  # 要 alone says nothing
    )
    assert {c.weight for c in found.clauses if isinstance(c, Term) and c.field == WORDS} == {
        WORD_WEIGHT
    }
    assert {c.weight for c in found.clauses if isinstance(c, Term) and c.field == BIGRAMS} == {
        BIGRAM_WEIGHT
    }
    assert not found.translated
    assert alternatives(found.clauses) == []


def test_a_word_counts_once() -> None:
    once = query_terms("治理河道", default_segmenter(), {"zh-Hans"})
    twice = query_terms("治理河道，治理河道", default_segmenter(), {"zh-Hans"})
    assert once == twice


def test_a_traditional_question_has_the_same_terms() -> None:
    simplified = query_terms("社区食堂什么时候开业", default_segmenter(), {"zh-Hans"})
    traditional = query_terms("社區食堂什麼時候開業", default_segmenter(), {"zh-Hans"})
    assert traditional == simplified
    assert "食堂" in tokens(simplified.clauses, WORDS)


def test_an_english_question_of_english_articles() -> None:
    found = query_terms("What does the night clinic offer?", default_segmenter(), {"en"})
    assert tokens(found.clauses, WORDS) == ["night", "clinic", "offer"]
    assert tokens(found.clauses, BIGRAMS) == ["night", "clinic", "offer"]
    assert not found.translated


def test_an_english_question_of_chinese_articles_is_translated() -> None:
    found = query_terms("Who inspected the Jialu River?", default_segmenter(), {"zh-Hans"})
    assert found.translated
    forms = {t.token: t for clause in alternatives(found.clauses) for t in clause.terms}
    assert {"河", "河流"} & forms.keys()
    assert (forms["jialu"].field, forms["jialu"].weight) == (SOUNDS, SOUND_WEIGHT)
    assert all(0 < t.weight <= 1 for t in forms.values() if t.field != SOUNDS)


def test_sounds_meet_in_question_and_passage() -> None:
    passage = keyword_doc(1, "区领导到贾鲁河调研", default_segmenter())
    found = query_terms("the Jialu River", default_segmenter(), {"zh-Hans"})
    asked = {t.token for c in alternatives(found.clauses) for t in c.terms if t.field == SOUNDS}
    assert "jialu" in asked & set(passage.sounds)


def test_capitals_tell_names_from_words() -> None:
    """The lexicon knows GDP and WHO by their capitals."""
    sources = {
        term.source
        for term in expand("GDP growth", {"zh-Hans"})
        if ("生产总值", 1.0) in term.alternatives
    }
    assert sources == {"GDP"}
    found = query_terms("How did the GDP grow?", default_segmenter(), {"zh-Hans"})
    assert len([c for c in alternatives(found.clauses) if Term(WORDS, "生产总值") in c.terms]) == 1


def test_a_chinese_question_of_english_articles_is_translated() -> None:
    found = query_terms("诊所", default_segmenter(), {"en"})
    assert found.translated
    assert "clinic" in {t.token for c in alternatives(found.clauses) for t in c.terms}


@pytest.mark.parametrize("question", ["", "  ", "？！", "什么时候", "what is it", "的"])
def test_a_question_of_nothing(question: str) -> None:
    assert query_terms(question, default_segmenter(), {"zh-Hans"}).clauses == ()


@pytest.mark.parametrize(
    ("word", "empty"), [("的", True), ("the", True), ("河", False), ("", False)]
)
def test_empty_words(word: str, empty: bool) -> None:
    assert is_empty_word(word) is empty


def test_a_passage_as_the_index_takes_it() -> None:
    doc = keyword_doc(7, "社區食堂 Open 24 hours", default_segmenter())
    assert doc.id == 7
    assert list(doc.words) == ["社区", "食堂", "open", "24", "hour"]
    assert list(doc.bigrams) == [
        "社",
        "社区",
        "区",
        "区食",
        "食",
        "食堂",
        "堂",
        "open",
        "24",
        "hours",
    ]
