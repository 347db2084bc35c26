"""The reader: the same verdicts as the network it was learned with, and sensible ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from index.encoder import bundled
from index.errors import ModelError
from index.types import Article, Origin
from qa.reader import AROUND, LEAD, LEAST, LONGEST, WEIGHTS, Reader, reader
from training.reader import Example, loss_of, opened, verdicts, write

QUESTION = "河湾桥的设计师是谁？"
TEXTS = (
    "河湾桥由工程师周明远设计，4月20日通车。",
    "新桥全长318米，双向四车道。",
    "「河灣橋」の設計者は周明遠である。",
    "The river bend bridge was designed by an engineer from the county seat.",
    "河湾桥" * 80 + "。",
    "桥",
)
TITLES = ("河湾桥通车", "", "河湾桥", "河湾桥通车", "很长的标题" * 20, "")
BEFORE = ("", "县里四月有一件大事，人人都去看。", "五月。", "", "东" * 90, "老桥拆了。建起的是")


def pieces(text: str) -> np.ndarray:
    ids, first = bundled().pieces([text])
    return ids[first[0] : first[1]].astype(np.int64)


def place(text: str, title: str = "", before: str = "") -> tuple[Article, int, int]:
    """An article that holds a text, and where."""
    whole = before + text + "后来的事另有说法。"
    article = Article("a", title, whole, "zh", "a.txt", Origin(1, 1))
    return article, len(before), len(before) + len(text)


def example(question: str, at: tuple[Article, int, int]) -> Example:
    article, start, end = at
    parts = [article.title or article.text[:LEAD], article.text[max(0, start - LEAD) : start]]
    heading, before = map(pieces, parts)
    text = pieces(article.text[start:end])[:LONGEST]
    return Example(pieces(question)[:LONGEST], [heading[:AROUND]], [before[-AROUND:]], [text])


def test_the_same_verdicts_as_the_network_that_learned(tmp_path: Path) -> None:
    net = opened()
    places = [place(*parts) for parts in zip(TEXTS, TITLES, BEFORE, strict=True)]
    with torch.no_grad():
        plain = [float(verdicts(net, [example(QUESTION, p)])[0]) for p in places]
    assert np.ptp(plain) > 3
    assert reader().verdicts(QUESTION, places) == pytest.approx(plain, abs=2e-3)
    write(net, tmp_path / "again.safetensors")
    again = Reader(tmp_path / "again.safetensors", bundled()).verdicts(QUESTION, places)
    assert again == pytest.approx(plain, abs=0.02)  # the table in whole numbers once more


def test_a_whole_question_counts_by_what_seems_to_answer_it_best() -> None:
    near_miss = replace(example(QUESTION, place(TEXTS[0])), sentences=[pieces("桥")] * 3)
    answered, near_miss = near_miss, replace(near_miss, answered=False)
    found = torch.tensor([-2.0, -5.0, 1.0, -4.0, 3.0, -6.0])
    batch = [answered, near_miss]
    more = float(loss_of(found, batch, whole=True) - loss_of(found, batch, whole=False))
    # The right sentence is the first, at -2; of the near miss the second seems to answer, at 3.
    assert more == pytest.approx((np.log1p(np.exp(2.0)) + np.log1p(np.exp(3.0))) / 2, abs=1e-5)


TEXT = st.text(alphabet="河湾桥设计者周明远是在3月20日，。谁 abcのは", max_size=40)


@settings(max_examples=60, deadline=None)
@given(question=TEXT, texts=st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=5))
def test_a_verdict_does_not_depend_on_the_other_texts(
    question: str, texts: list[tuple[str, str, str]]
) -> None:
    places = [place(*parts) for parts in texts]
    together = reader().verdicts(question, places)
    alone = [float(reader().verdicts(question, [p])[0]) for p in places]
    assert together == pytest.approx(alone, abs=1e-3)


def test_what_has_no_words_answers_least() -> None:
    assert reader().verdicts(QUESTION, [place(""), place(TEXTS[0])])[0] == LEAST
    assert reader().verdicts("", [place(TEXTS[0])]).tolist() == [LEAST]
    assert len(reader().verdicts(QUESTION, [])) == 0


def test_what_stands_before_a_sentence_tells_of_what_it_speaks() -> None:
    before = ("河湾桥上月完工。", "环城路上月完工。")
    bridge, road = reader().verdicts(
        "河湾桥有多长？", [place("全长318米。", "县里的消息", b) for b in before]
    )
    assert bridge > road


def test_the_beginning_of_an_article_without_a_title_tells_of_what_it_speaks() -> None:
    far = "建设者们忙了三年，遇到过两次大水，也遇到过停工，大家都没有放弃，一直干到今天。"
    begins = (f"河湾桥上月完工。{far}", f"环城路上月完工。{far}")
    bridge, road = reader().verdicts(
        "河湾桥有多长？", [place("全长318米。", "", b) for b in begins]
    )
    assert bridge > road


@pytest.mark.parametrize(
    ("question", "answers", "speaks_of_it"),
    [
        ("河湾桥的设计师是谁？", "河湾桥由周明远设计。", "河湾桥全长318米。"),
        ("县图书馆什么时候开馆？", "县图书馆将于6月1日开馆。", "县图书馆的藏书有八万册。"),
        ("青石镇有多少人口？", "青石镇现有居民两万三千人。", "青石镇的集市每逢单日开市。"),
        ("水厂为什么停水？", "因主管道爆裂，水厂停水抢修。", "水厂坐落在城北的山脚下。"),
        ("灯会在哪里举行？", "灯会在人民广场举行。", "灯会共展出彩灯四百盏。"),
        ("谁是剧团的团长？", "剧团团长是柳如眉。", "剧团今年演出了九十场。"),
        ("展览の入場料はいくらですか", "入場料は五百円である。", "展覧会は三階で開かれている。"),
        ("農會的理事長是誰？", "農會理事長林阿土表示歡迎。", "農會去年賣出稻米三百噸。"),
    ],
)
def test_what_answers_is_above_what_only_speaks_of_the_thing(
    question: str, answers: str, speaks_of_it: str
) -> None:
    yes, no = reader().verdicts(question, [place(answers), place(speaks_of_it)])
    assert yes > no


def test_damage_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"missing\.safetensors.*Install the package again"):
        Reader(tmp_path / "missing.safetensors", bundled())
    cut = tmp_path / "cut.safetensors"
    cut.write_bytes(WEIGHTS.read_bytes()[:5000])
    with pytest.raises(ModelError, match=r"cut\.safetensors"):
        Reader(cut, bundled())
    other = tmp_path / "other.safetensors"
    save_file(load_file(WEIGHTS), other, {"format": "2", "pieces_of": "another model"})
    with pytest.raises(ModelError, match="made for another model"):
        Reader(other, bundled())
    less = {n: t for n, t in load_file(WEIGHTS).items() if n != "scales"}
    save_file(less, other, {"format": "2", "pieces_of": bundled().fingerprint})
    with pytest.raises(ModelError, match="scales"):
        Reader(other, bundled())
