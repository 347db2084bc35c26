"""The pieces found in Python are those that the tokenizers library finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.encoder import AT_FIRST, BUNDLED_FOLDER, StaticEncoder
from index.pieces import Pieces

DESCRIBED = (BUNDLED_FOLDER / "tokenizer.json").read_bytes()
TEXTS = (
    "贾鲁河综合治理工程有什么要求",
    "賈魯河綜合治理工程有什麼要求？",
    "ＧＤＰ增长5.5%，总投资3.8亿元（约5,300万美元）。",
    "What was demanded for the Jialu River project? Überraschung façade naïve",
    "日本語の文章と한국어 문장, ภาษาไทย, हिन्दी, العربية, ελληνικά, русский, tiếng Việt",
    "🍲🍲‍♂️ \x00\x01 Å②﷽ﬁ 𠮷野家 <0x41> <unk>",
    "   blanks   and\ttabs\nand lines  ",
    "",
)


@pytest.fixture(scope="module")
def whole() -> Tokenizer:
    return Tokenizer.from_buffer(DESCRIBED)


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return Pieces(DESCRIBED)


@pytest.mark.parametrize("text", TEXTS)
def test_known_texts_have_the_same_pieces(whole: Tokenizer, pieces: Pieces, text: str) -> None:
    assert pieces(text) == whole.encode(text, add_special_tokens=False).ids


@settings(deadline=None, max_examples=400)
@given(
    st.text(
        st.characters(exclude_categories=["Cs"])
        | st.sampled_from("河治理工程区长的一二三abcé の한ไ１２％。，“”")
    )
)
def test_any_text_has_the_same_pieces(whole: Tokenizer, pieces: Pieces, text: str) -> None:
    assert pieces(text) == whole.encode(text, add_special_tokens=False).ids


def test_vectors_are_the_same_before_and_after_the_whole_tokenizer_is_loaded() -> None:
    encoder = StaticEncoder(BUNDLED_FOLDER)
    first = encoder.encode_queries(TEXTS)
    encoder.encode_passages(["字" * AT_FIRST])
    assert (encoder.encode_queries(TEXTS) == first).all()


@pytest.mark.parametrize("blob", [b"{}", b"[]", b"no json", b'{"model": {"vocab": 3}}'])
def test_what_is_no_tokenizer_is_refused(blob: bytes) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Pieces(blob)
