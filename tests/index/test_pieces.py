"""The pieces found in NumPy are those that the tokenizers library finds."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.encoder import BUNDLED_FOLDER
from index.pieces import Pieces

DESCRIBED = (BUNDLED_FOLDER / "tokenizer.json").read_bytes()
TEXTS = (
    "贾鲁河综合治理工程有什么要求",
    "賈魯河綜合治理工程有什麼要求？",
    "ＧＤＰ增长5.5%，总投资3.8亿元（约5,300万美元）……",
    "What was demanded for the Jialu River project? Überraschung façade naïve",
    "Donaudampfschifffahrtsgesellschaftskapitän xqzwv aaaaaaaaaaaaaaaa",
    "日本語の文章と한국어 문장, ภาษาไทย, हिन्दी, العربية, ελληνικά, русский, tiếng Việt",
    "🍲🍲‍♂️ \x00\x01 Å②﷽ﬁ 𠮷野家 <0x41> <unk>",
    "   blanks   and\ttabs\r\nand lines  ",
    "",
)
SOME = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from("河治理工程区长的一二三abcé の한ไ１２％。，“”")
)


@pytest.fixture(scope="module")
def whole() -> Tokenizer:
    return Tokenizer.from_buffer(DESCRIBED)


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return Pieces(DESCRIBED)


def by_text(pieces: Pieces, texts: Sequence[str]) -> list[list[int]]:
    ids, first = pieces(texts)
    assert len(first) == len(texts) + 1
    return [ids[a:b].tolist() for a, b in itertools.pairwise(first)]


def by_library(whole: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    return [whole.encode(text, add_special_tokens=False).ids for text in texts]


def test_known_texts_have_the_same_pieces(whole: Tokenizer, pieces: Pieces) -> None:
    assert by_text(pieces, TEXTS) == by_library(whole, TEXTS)


@pytest.mark.parametrize("text", TEXTS)
def test_each_text_alone_has_the_same_pieces(whole: Tokenizer, pieces: Pieces, text: str) -> None:
    assert by_text(pieces, [text]) == by_library(whole, [text])


@settings(deadline=None, max_examples=400)
@given(st.lists(SOME, max_size=4))
def test_any_texts_have_the_same_pieces(whole: Tokenizer, pieces: Pieces, texts: list[str]) -> None:
    assert by_text(pieces, texts) == by_library(whole, texts)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz ", max_size=60), max_size=4))
def test_words_of_no_list_have_the_same_pieces(
    whole: Tokenizer, pieces: Pieces, texts: list[str]
) -> None:
    """Cuts of such words often score alike: the same one must be taken wherever they stand."""
    assert by_text(pieces, texts) == by_library(whole, texts)


def test_scores_are_exact_sums() -> None:
    vocabulary = json.loads(DESCRIBED)["model"]["vocab"]
    assert all(float(score * 64).is_integer() for _, score in vocabulary)


def test_marks_and_bare_letters_are_told_from_words(pieces: Pieces) -> None:
    ids, _ = pieces(["治理。"])
    assert pieces.is_mark[ids].tolist()[-1]
    assert not pieces.is_mark[ids[:-1]].any()
    assert not pieces.is_bare[ids].any()
    thai, _ = pieces(["ภาษา"])
    assert pieces.is_bare[thai].all()


@pytest.mark.parametrize("blob", [b"{}", b"[]", b"no json", b'{"model": {"vocab": 3}}'])
def test_what_is_no_tokenizer_is_refused(blob: bytes) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Pieces(blob)


def test_marks_and_single_letters_are_told_from_words() -> None:
    pieces = Pieces(DESCRIBED)
    words = [word for word, _ in json.loads(DESCRIBED)["model"]["vocab"]]
    assert pieces.is_mark.tolist() == [not word[:1].isalnum() for word in words]
    bare = {word for word, is_bare in zip(words, pieces.is_bare, strict=True) if is_bare}
    assert {"a", "z", "<0x41>"} <= bare
    assert not {"河", "治理", "の", "the"} & bare
    assert all(len(word) == 1 or word.startswith("<0x") for word in bare)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.sampled_from("江苏省南京市长工程0.5aeinrst "), max_size=60), max_size=5))
def test_long_blocks_of_many_ways(whole: Tokenizer, pieces: Pieces, texts: list[str]) -> None:
    """Where pieces of all lengths overlap, also those that score alike."""
    assert by_text(pieces, texts) == by_library(whole, texts)


@pytest.mark.parametrize("short", [0, 10**6])
def test_character_by_character_and_in_numpy_give_the_same(
    whole: Tokenizer, pieces: Pieces, short: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.pieces._SHORT", short)
    assert by_text(pieces, TEXTS) == by_library(whole, TEXTS)
    for text in TEXTS:
        assert by_text(pieces, [text]) == by_library(whole, [text])
