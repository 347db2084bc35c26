"""Many passages at once have the tokens that each has by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.keyword_docs import Prepared, keyword_doc
from index.sounds import letter_of
from index.tokens import Segmenter, default_segmenter

# Our own, of all scripts and of what stands between them.
PIECES = (
    *(
        "贾鲁河",
        "社區食堂",
        "区委书记张晓丽",
        "南京市长江大桥",
        "結婚的和尚未結婚的",
        "二〇二四年",
        "々",
        "龘",
    ),
    *(
        "Zhou Enlai’s",
        "Open 24 hours",
        "ＧＤＰ增长6.5%",
        "3,000.50元",
        "3.5.",
        "1,",
        "a_b",
        "naïve",
    ),
    *(
        "Élysée",
        "Macron and Merkel",
        "Wang Yuhong",
        "東京タワー",
        "한국어 신문",
        "서울市",
        "市서울",
        "ภาษาไทย",
    ),
    *("ไทย中文", "中文ไทย", "3.๕", "๓,5", "๑๒", "ລາວ໑", "हिन्दी में", "كتاب", "é", "𠀀𠀁", "😀", "㎡"),
    *("\n", " ", "\u3000", "，", "。", "、", "“", "”", "\t", "\x00", "\u2028", "-", ".", "'"),
)
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=12).map("".join)


def tokens(texts: Sequence[str], segmenter: Segmenter) -> list[list[Counter[str]]]:
    """The tokens of each passage, by field, as they come from all at once."""
    docs = Prepared.of(range(len(texts)), texts).docs(segmenter)
    assert [doc.id for doc in docs] == list(range(len(texts)))
    return [[Counter(f.split(" ")) for f in (d.words, d.bigrams, d.sounds)] for d in docs]


def expected(texts: Sequence[str], segmenter: Segmenter) -> list[list[Counter[str]]]:
    docs = [keyword_doc(i, text, segmenter) for i, text in enumerate(texts)]
    return [[Counter(f.split(" ")) for f in (d.words, d.bigrams, d.sounds)] for d in docs]


def without_blanks(found: list[list[Counter[str]]]) -> list[list[Counter[str]]]:
    return [[Counter({t: n for t, n in f.items() if t}) for f in doc] for doc in found]


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_the_same_tokens_as_one_by_one(texts: list[str]) -> None:
    texts = [t.encode("utf-8", "replace").decode() for t in texts]
    segmenter = default_segmenter()
    assert without_blanks(tokens(texts, segmenter)) == without_blanks(expected(texts, segmenter))


@pytest.mark.parametrize("first", PIECES)
def test_each_piece_beside_each(first: str) -> None:
    segmenter = default_segmenter()
    texts = [first + second for second in PIECES]
    assert without_blanks(tokens(texts, segmenter)) == without_blanks(expected(texts, segmenter))


def test_no_passages() -> None:
    assert Prepared.of([], []).docs(default_segmenter()) == []
    assert without_blanks(tokens(["", ""], default_segmenter())) == [[Counter()] * 3] * 2


def test_what_sounds_alike_has_the_same_letter() -> None:
    """Fang an and fan gan are spelled alike; the texts would be apart in no index of keys."""
    docs = Prepared.of([1, 2], ["方安", "翻干"]).docs(default_segmenter())
    assert {doc.sounds.strip() for doc in docs} == {letter_of("fangan")}


def test_words_of_the_user() -> None:
    segmenter = Segmenter(["桂花桥街道办", "云锦"])
    texts = ["桂花桥街道办主任云锦", "云锦路"]
    found = tokens(texts, segmenter)
    assert found[0][0]["桂花桥街道办"] == 1
    assert without_blanks(found) == without_blanks(expected(texts, segmenter))


def test_what_is_too_long_to_be_a_word_is_left_out() -> None:
    texts = ["河" + "x" * 121, "x" * 120]
    assert without_blanks(tokens(texts, default_segmenter())) == [
        [Counter(), Counter({"河": 1}), Counter()],
        [Counter({"x" * 120: 1}), Counter({"x" * 120: 1}), Counter()],
    ]
