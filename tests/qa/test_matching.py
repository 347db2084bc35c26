"""Which words of a question a text holds: by letter, by parts, by stem, by sound, by translation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.assistant import Assistant
from qa.matching import FoldedText, QuestionTerm, coverage, match, question_terms, question_words
from qa.question import analyse


def term(word: str, *forms: tuple[str, float], weight: float = 1.0) -> QuestionTerm:
    return QuestionTerm(word, weight, forms or ((word, 1.0),))


def terms_of(assistant: Assistant, question: str, context: int = 0) -> dict[str, QuestionTerm]:
    found = question_terms(analyse(question, context), assistant.library)
    return {t.word: t for t in found}


@pytest.mark.parametrize(
    ("word", "text", "held"),
    [
        ("水库", "云岭水库开工", 1.0),
        ("水库", "雲嶺水庫開工", 1.0),
        ("水库", "河里有水，仓库里有粮", 0.0),
        ("水", "云岭水库", 1.0),
        ("互查组", "互查工作组", 0.375),  # one of its two pairs of characters
        ("gdp", "ＧＤＰ增长", 1.0),
        ("gdp", "agdpb", 0.5),  # inside another word
        ("city", "Two cities met.", 1.0),
        ("cat", "a catalogue", 0.5),
        ("cat", "no dog", 0.0),
        ("局长", "副局长周启明", 0.0),  # another office
        ("副局长", "副局长周启明", 1.0),
    ],
)
def test_how_surely_a_text_holds_a_word(word: str, text: str, held: float) -> None:
    assert match(term(word), FoldedText(text)) == pytest.approx(held)


def test_the_surest_form_counts() -> None:
    either = term("reservoir", ("水库", 0.9), ("水塘", 0.4))
    assert match(either, FoldedText("水库与水塘")) == pytest.approx(0.9)
    assert match(either, FoldedText("水塘")) == pytest.approx(0.4)
    assert match(either, FoldedText("茶厂")) == 0.0


def test_coverage_is_the_weighed_share() -> None:
    terms = [term("甲", weight=3.0), term("乙", weight=1.0)]
    assert coverage(terms, [1.0, 0.0]) == pytest.approx(0.75)
    assert coverage(terms, [0.5, 1.0]) == pytest.approx(0.625)
    assert coverage([], []) == 0.0


def test_a_question_s_words_are_weighed_for_the_library(chinese: Assistant) -> None:
    terms = terms_of(chinese, "云岭水库的鳄鱼有哪些要求")
    assert set(terms) == {"云岭", "水库", "鳄鱼", "要求"}
    assert terms["要求"].focus
    assert not terms["水库"].focus
    assert not terms["鳄鱼"].known
    assert terms["水库"].known
    assert terms["云岭"].weight > terms["要求"].weight > 0


def test_words_that_only_ask_are_no_terms(chinese: Assistant) -> None:
    assert terms_of(chinese, "请问这是什么") == {}
    assert terms_of(chinese, "") == {}


def test_a_name_and_a_quotation_are_kept_whole(chinese: Assistant) -> None:
    assert "林晓棠" in terms_of(chinese, "林晓棠提出了什么要求")
    assert "欧阳明珠" in terms_of(chinese, "欧阳明珠说了什么")
    quoted = terms_of(chinese, "“把住质量关”有什么要求")
    assert "把住质量关" in quoted


def test_a_word_taken_over_counts_less(chinese: Assistant) -> None:
    alone = terms_of(chinese, "云岭水库总投资是多少")
    taken = terms_of(chinese, "云岭水库总投资是多少", context=4)
    assert taken["水库"].context
    assert not taken["投资" if "投资" in taken else "总投资"].context
    assert taken["水库"].weight == pytest.approx(0.4 * alone["水库"].weight)


def test_an_english_question_is_looked_up_and_sounded_out(chinese: Assistant) -> None:
    terms = terms_of(chinese, "What did Lin Xiaotang demand for the reservoir?")
    text = FoldedText("林晓棠对水库工程提出要求")
    [reservoir] = [t for word, t in terms.items() if "reservoir" in word]
    assert match(reservoir, text) > 0.5
    assert any(t.sounds and match(t, text) >= 0.8 for t in terms.values())
    assert all(match(t, FoldedText("茶叶")) == 0.0 for t in terms.values())


def test_places_of_words_are_places_in_the_question(chinese: Assistant) -> None:
    question = analyse("林晓棠对云岭水库提出了哪些要求")
    for word, start in question_words(question.about, [], chinese.library):
        assert question.folded[start : start + len(word)] == word


@given(st.text(max_size=12), st.text(max_size=30))
def test_a_match_is_a_share(word: str, text: str) -> None:
    folded = FoldedText(text)
    if word:
        assert 0.0 <= match(term(FoldedText(word).folded), folded) <= 1.0


@given(
    st.lists(
        st.tuples(st.floats(0, 9, allow_nan=False), st.floats(0, 1, allow_nan=False)), max_size=6
    )
)
def test_coverage_of_anything_is_a_share(pairs: list[tuple[float, float]]) -> None:
    terms = [term("甲", weight=weight) for weight, _ in pairs]
    assert 0.0 <= coverage(terms, [m for _, m in pairs]) <= 1.0 + 1e-9
