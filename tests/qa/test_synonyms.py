"""Words that mean nearly the same: our own list and the lexicon's."""

from __future__ import annotations

import pytest

from index.tokens import fold
from qa.synonyms import LIST, synonyms

GROUPS = [
    line.split()
    for line in LIST.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("asked", "told"), [("孩子", "子女"), ("首播", "播出"), ("逝世", "去世")])
def test_a_listed_word_stands_for_the_others_of_its_group(asked: str, told: str) -> None:
    assert dict(synonyms(asked))[told] == dict(synonyms(told))[asked] == 0.7


def test_a_listed_word_keeps_what_the_lexicon_has() -> None:
    found = dict(synonyms("参加"))
    assert found["出席"] == found["参与"] == 0.7
    assert any(worth < 0.5 for worth in found.values())
    assert dict(synonyms("堤坝"))  # a word that no group has


def test_the_list_is_as_it_is_looked_up() -> None:
    for group in GROUPS:
        assert len(group) > 1, group
        assert len(set(group)) == len(group), group
        assert all(fold(word) == word for word in group), group
        assert any(len(word) > 1 for word in group), group


def test_no_word_stands_for_itself_and_none_counts_as_much_as_itself() -> None:
    for word in {w for group in GROUPS for w in group}:
        found = dict(synonyms(word))
        assert word not in found
        assert all(0 < worth < 1 for worth in found.values())


def test_a_word_of_one_character_is_asked_for_in_others_and_stands_for_none() -> None:
    assert dict(synonyms("赢"))["大胜"] == 0.7
    for word in {w for group in GROUPS for w in group}:
        assert all(len(form) > 1 for form, _ in synonyms(word)), word
