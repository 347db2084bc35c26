"""Passages are cut into parts that lose nothing, and kept ready."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from index.encoder import BUNDLED_FOLDER, StaticEncoder
from index.parts import PART, PartsCache, segments


@given(st.text(st.sampled_from("字。！？；\n .a1"), max_size=600), st.integers(5, 120))
def test_segments_are_the_whole_text_in_parts_of_its_size(text: str, size: int) -> None:
    parts = segments(text, size)
    assert "".join(parts) == text
    assert all(len(part) <= 2 * size for part in parts)


@given(st.text(st.sampled_from("字字字字。！；\n .a1"), max_size=200), st.integers(5, 40))
def test_segments_end_where_sentences_do_unless_one_is_too_long(text: str, size: int) -> None:
    ends = {m.end() for m in re.finditer(r"[。！？!?；;\n।؟…]+|\.(?=\s)", text)}
    at = 0
    for part in segments(text, size)[:-1]:
        at += len(part)
        sentence = max((e for e in ends if e < at), default=0)
        upto = min((e for e in ends if e > at), default=len(text))
        assert at in ends or upto - sentence > size


def test_segments_end_with_sentences() -> None:
    sentence = "贾鲁河治理工程今天开工建设。"
    parts = segments(sentence * 12, 30)
    assert all(part.endswith("。") for part in parts)
    assert len(parts) > 3


def test_the_title_is_the_last_part() -> None:
    cache = PartsCache(StaticEncoder(BUNDLED_FOLDER))
    parts = cache([(1, "正文一句。", "标题"), (2, "", "")])
    assert parts[0].texts == ("正文一句。", "标题")
    assert parts[1].texts == ("", "")
    pieces = cache.pieces([(1, parts[0]), (2, parts[1])])
    assert pieces[0].sizes.sum() == len(pieces[0].ids) > 2
    assert pieces[1].sizes.tolist() == [0, 0]


class Counting(StaticEncoder):
    """Counts the texts whose pieces were asked for."""

    asked = 0

    def pieces(self, texts):  # type: ignore[no-untyped-def]
        self.asked += len(texts)
        return super().pieces(texts)


def test_a_passage_is_cut_once_and_the_oldest_is_forgotten() -> None:
    model = Counting(BUNDLED_FOLDER)
    cache = PartsCache(model, kept=2)
    passages = [(i, f"第{i}段。", "") for i in range(3)]
    first = cache(passages[:2])
    assert model.asked == 0  # pieces are found when they are asked for
    pairs = list(zip((0, 1), first, strict=True))
    cache.pieces(pairs)
    assert model.asked == 4
    assert [a is b for a, b in zip(cache(passages[:2]), first, strict=True)] == [True, True]
    cache.pieces(pairs)
    assert model.asked == 4
    third = (2, cache(passages[2:])[0])
    cache.pieces([pairs[1], third])  # 0 is the oldest
    assert model.asked == 6
    cache.pieces(pairs[:1])
    assert model.asked == 8


def test_parts_of_letters_are_longer() -> None:
    sentence = "The river was dredged in spring and the banks were planted again. "
    cache = PartsCache(StaticEncoder(BUNDLED_FOLDER))
    sizes = [len(part) for part in cache([(1, sentence * 20, "")])[0].texts[:-2]]
    assert min(sizes) > PART


def test_a_part_is_of_the_size_that_the_features_expect() -> None:
    text = "这是一个不长不短的句子，说的是河道治理的事情。" * 20
    assert all(len(part) <= 2 * PART for part in segments(text, PART))
