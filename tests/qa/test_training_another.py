"""Questions of another thing, made for learning refusal."""

from __future__ import annotations

import random

import pytest

from qa.matching import QuestionTerm
from training.another import heaviest, of_another


def term(word: str, weight: float, *, asked: bool = False) -> QuestionTerm:
    return QuestionTerm(word, weight, ((word, 1.0),), asked=asked)


@pytest.mark.parametrize(
    ("terms", "word"),
    [
        ([term("青石河", 5.0), term("整治", 3.0), term("总投资", 9.0, asked=True)], "青石河"),
        ([term("青石", 9.0), term("整治", 3.0)], None),  # too short to be surely a name
        ([term("青石河", 1.0), term("整治", 9.0)], None),  # the question is not of it
        ([term("Lancang", 5.0)], None),
        ([], None),
    ],
)
def test_the_word_that_most_of_a_question_lies_in(
    terms: list[QuestionTerm], word: str | None
) -> None:
    assert heaviest(terms) == word


def test_another_name_is_one_that_no_text_has() -> None:
    chance = random.Random(0)
    made = of_another("青石河整治花了多少钱", "青石河", ["韩素月"], ["青石河整治"], chance)
    assert made == "韩素河整治花了多少钱"
    there = of_another("青石河整治花了多少钱", "青石河", ["韩素月"], ["韩素河"], chance)
    assert there is None
    assert of_another("青石河和青石河", "青石河", ["韩素月"], [], chance) is None
    assert of_another("青石河整治", "青石河", ["白沙"], [], chance) == "白沙河整治"
    assert of_another("青石河整治", "青石河", ["白"], [], chance) is None
