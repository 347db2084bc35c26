"""Questions: asking words become blanks in place, and the terms are what is left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.asking import asking_weight
from index.encoder import FakeEncoder
from index.keyword_docs import keyword_doc
from index.keywords import BIGRAMS, SOUNDS, WORDS, AnyOf, Term, placed_term
from index.library import Library
from index.query import (
    BIGRAM_WEIGHT,
    SOUND_WEIGHT,
    WORD_WEIGHT,
    expand,
    is_empty_word,
    query_terms,
    without_asking,
)
from index.tables import read_rows
from index.tokens import default_segmenter, fold
from index.types import Article, Origin, Run

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
        ("定都于何处", "定都于  "),
        ("任何人都可以报名吗", "任何人都可以报名 "),
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
    assert "jialu" in asked
    assert placed_term(Term(SOUNDS, "jialu")).token in passage.sounds.split()


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
    assert doc.words.split() == ["open", "24", "hour"]  # 社区 and 食堂 are among the pairs
    assert doc.bigrams.split() == [
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


# Numbers and dates, written one way in the question and another in the article


def clause_of(question: str, token: str) -> AnyOf:
    """The one clause of words in which a token stands first."""
    clauses = alternatives(query_terms(question, default_segmenter(), {"zh"}).clauses)
    (found,) = [c for c in clauses if c.terms[0].token == token and c.terms[0].field == WORDS]
    return found


@pytest.mark.parametrize(
    ("question", "own", "other"),
    [
        ("十四日开会", "十四日", "14"),
        ("14日开会", "14", "十四日"),
        ("14号开会", "14", "十四日"),
        ("十四号开会", "十四号", "14"),
        ("提出三项要求", "三项", "3"),
        ("提出3项要求", "3", "三项"),
        ("11-14开会", "14", "十四日"),
        ("补贴10000元", "10000", "一万元"),
        ("补贴一万元", "一万元", "10,000"),
    ],
)
def test_a_number_is_looked_for_in_its_other_forms(question: str, own: str, other: str) -> None:
    found = clause_of(question, own)
    assert Term(WORDS, own, WORD_WEIGHT) in found.terms
    assert Term(WORDS, other, WORD_WEIGHT) in found.terms


def test_a_number_counts_once_in_each_field() -> None:
    for question in ("十四日，十四日", "14日，14日", "2016年11月14日", "3项要求"):
        clauses = query_terms(question, default_segmenter(), {"zh"}).clauses
        assert len(clauses) == len(set(clauses))
        plain = {(c.field, c.token) for c in clauses if isinstance(c, Term)}
        for clause in alternatives(clauses):
            assert not plain & {(t.field, t.token) for t in clause.terms}


def test_fragments_of_a_number_are_not_looked_for() -> None:
    """四日 and 十 stand in 十四日, but are other days and numbers."""
    found = query_terms("十四日开会", default_segmenter(), {"zh"}).clauses
    assert not {"四日", "十", "四", "十四"} & {*tokens(found, WORDS), *tokens(found, BIGRAMS)}
    assert {"日", "开会"} <= {*tokens(found, BIGRAMS)}


def test_months_in_english_only_for_english_articles() -> None:
    for languages, expected in (({"zh"}, False), ({"en"}, True)):
        found = query_terms("11月14日开会", default_segmenter(), languages).clauses
        assert any(t.token == "november" for c in alternatives(found) for t in c.terms) is expected


def test_a_question_without_numbers_has_plain_terms() -> None:
    found = query_terms("四川百姓一体化十四五规划一些", default_segmenter(), {"zh"})
    assert alternatives(found.clauses) == []


ARTICLES = {
    "arabic": "柳林河工程推进会于11月14日召开，区里提出3项要求，投资10000元。",
    "chinese": "桐花街道座谈会于十二月二十五日召开，街道提出五项建议，投资两万元。",
    "iso": "青石镇巡查记录日期为2016-11-09，镇里提出7点意见，投资三百元。",
    "other": "云台村分享会于十月四日召开，村里提出九条办法，投资六百元。",
    "month": "白鹭湖环湖会于11月3日召开，湖区提出八点设想，投资四百元。",
    "dotted": "枫桥里布告栏注明2019.03.07，里弄提出十二个想法，投资七百元。",
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("numbers"), encoder=FakeEncoder()) as library:
        library.add_articles("ours", [article(name, text) for name, text in ARTICLES.items()])
        yield library


def article(name: str, text: str) -> Article:
    return Article(name, "", text, "zh", name, Origin(1, 1), runs=(Run(0, 0, len(text), 1),))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("十四日", "arabic"),
        ("14日", "arabic"),
        ("14号", "arabic"),
        ("十一月十四日", "arabic"),
        ("11-14", "arabic"),
        ("11.14", "arabic"),
        ("November 14", "arabic"),
        ("三项", "arabic"),
        ("3项", "arabic"),
        ("一万元", "arabic"),
        ("1万元", "arabic"),
        ("二十五日", "chinese"),
        ("25日", "chinese"),
        ("25号", "chinese"),
        ("12月25日", "chinese"),
        ("12/25", "chinese"),
        ("5项", "chinese"),
        ("20000元", "chinese"),
        ("2016年11月9日", "iso"),
        ("二〇一六年十一月九日", "iso"),
        ("2016.11.9", "iso"),
        ("七点意见", "iso"),
        ("10月4日", "other"),
        ("9条", "other"),
        ("11月3日", "month"),
        ("十一月三日", "month"),
        ("2019年3月7日", "dotted"),
        ("二零一九年三月七日", "dotted"),
        ("12个想法", "dotted"),
    ],
)
def test_articles_are_found_however_numbers_are_written(
    written: Library, question: str, expected: str
) -> None:
    hits = written.search(question, k=3, mode="keyword")
    assert hits[0].article.id == expected
    # And clearly: nothing else has all of it.
    assert len(hits) == 1 or hits[0].score > hits[1].score


def test_a_name_of_the_users_own_is_found_whole(tmp_path: Path) -> None:
    """words.txt is in jieba's format: word, frequency and tag; only the word is taken."""
    (tmp_path / "words.txt").write_text("聚雲灣 1000 ns\n拾光里 5\n", encoding="utf-8")
    texts = {
        "whole": "聚云湾开了一家书店，拾光里也开了一家。",
        "parts": "云聚在海湾，湾里起了雾。拾到里程表，光亮如新。",
    }
    with Library.open(tmp_path, encoder=FakeEncoder()) as library:
        library.add_articles("ours", [article(name, text) for name, text in texts.items()])
        for name in ("聚云湾", "聚雲灣", "拾光里"):
            assert Term(WORDS, fold(name), WORD_WEIGHT) in library.query_terms(name).clauses
            assert library.document_frequency(WORDS, fold(name)) == 1
            assert library.search(name, mode="keyword")[0].article.id == "whole"


# Words that say little, by data


def test_words_of_asking_weigh_less_than_others() -> None:
    assert asking_weight("柳林河") == 1.0
    assert asking_weight("") == 1.0
    assert asking_weight("什么") < asking_weight("原因") < 1.0
    assert asking_weight("如何") < 0.5
    assert asking_weight("what") < 0.5


def test_the_table_of_asking_words_is_whole() -> None:
    rows = read_rows("question_words.tsv", "question-words")
    assert 100 < len(rows) <= 400
    assert rows == sorted(rows)
    assert all(0.1 <= float(weight) < 0.8 for _, weight in rows)
    assert all(word == fold(word) and " " not in word for word, _ in rows)


def test_terms_are_weighed_by_the_table() -> None:
    found = query_terms("柳林河停工的原因", default_segmenter(), {"zh"}).clauses
    weights = {c.token: c.weight for c in found if isinstance(c, Term) and c.field == WORDS}
    assert weights["柳林"] == weights["停工"] == WORD_WEIGHT
    assert 0.1 * WORD_WEIGHT <= weights["原因"] < WORD_WEIGHT


def test_a_question_of_asking_words_alone_keeps_its_terms() -> None:
    """Weighing never empties a question: who asks for 原因 alone finds 原因."""
    found = query_terms("原因", default_segmenter(), {"zh"}).clauses
    assert tokens(found, WORDS) == ["原因"]
    assert all(c.weight > 0 for c in found if isinstance(c, Term))
