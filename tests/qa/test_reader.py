"""The reader: the same verdicts as the network it was learned with, and sensible ones."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from index.encoder import bundled
from index.errors import ModelError
from index.pieces import Pieces
from index.types import Article, Origin
from qa import excerpts
from qa.reader import FORMAT, LEAD, LEAST, LONGEST, WEIGHTS, Reader, reader, without_mark
from training.reader import answer_loss, loss_of, opened, verdicts, write
from training.reader_examples import LONG, TOKENIZER, Example, Renaming, prepared

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
BEFORE = ("", "县里四月有一件大事，人人都去看。", "五月。", "", "东" * 300, "老桥拆了。建起的是")


@cache
def cutter() -> Pieces:
    return Pieces(TOKENIZER.read_bytes())


def pieces(text: str) -> np.ndarray:
    ids, first = bundled().pieces([text])
    return ids[first[0] : first[1]]


def place(text: str, title: str = "", before: str = "") -> tuple[Article, int, int]:
    """An article that holds a text, and where."""
    whole = before + text + "后来的事另有说法。"
    article = Article("a", title, whole, "zh", "a.txt", Origin(1, 1))
    return article, len(before), len(before) + len(text)


def told(at: tuple[Article, int, int]) -> tuple[str, str, int, int]:
    article, start, end = at
    return article.title or article.text[:LEAD], article.text, start, end


def example(question: str, at: tuple[Article, int, int]) -> Example:
    """A text that answers with its first piece, in its excerpt."""
    heading, whole, start, end = told(at)
    before = pieces(whole[max(0, start - excerpts.BEFORE) : start])
    text = pieces(whole[start : min(end, start + excerpts.LONGEST_SPAN)])
    return Example(
        pieces(without_mark(question))[:LONGEST],
        [pieces(heading)[: excerpts.AROUND]],
        [np.concatenate([before, text])],
        [(0, len(before), len(before) + len(text))],
        np.arange(len(text)) == 0,
    )


def test_the_same_verdicts_as_the_network_that_learned(tmp_path: Path) -> None:
    net = opened()
    places = [place(*parts) for parts in zip(TEXTS, TITLES, BEFORE, strict=True)]
    with torch.no_grad():
        plain = [float(verdicts(net, [example(QUESTION, p)])[0][0]) for p in places]
    assert np.ptp(plain) > 3
    assert reader().verdicts(QUESTION, places) == pytest.approx(plain, abs=2e-3)
    write(net, tmp_path / "again.safetensors")
    again = Reader(tmp_path / "again.safetensors", bundled()).verdicts(QUESTION, places)
    assert again == pytest.approx(plain, abs=0.02)  # the table in whole numbers once more


def test_the_same_verdicts_where_spans_lie_in_one_excerpt() -> None:
    net = opened()
    article, _, _ = place("。".join((*TEXTS, *BEFORE, *TEXTS)), "河湾桥通车")
    chance = random.Random(0)
    spans = [(a, a + chance.randint(5, 90)) for a in chance.sample(range(len(article.text)), 12)]
    places = [(article, a, b) for a, b in spans]
    (together,) = prepared([(QUESTION, [told(p) for p in places], ())], cutter())
    with torch.no_grad():
        plain = verdicts(net, [together])[0].numpy()
    assert np.ptp(plain) > 1
    assert reader().verdicts(QUESTION, places) == pytest.approx(plain, abs=2e-3)


def test_a_whole_question_counts_by_what_seems_to_answer_it_best() -> None:
    answered = replace(example(QUESTION, place("桥")), places=[(0, 0, 1)] * 3)
    near_miss = replace(answered, answer=np.zeros(1, bool))
    found = torch.tensor([-2.0, -5.0, 1.0, -4.0, 3.0, -6.0])
    batch = [answered, near_miss]
    more = float(loss_of(found, batch, whole=True) - loss_of(found, batch, whole=False))
    # The right sentence is the first, at -2; of the near miss the second seems to answer, at 3.
    assert more == pytest.approx((np.log1p(np.exp(2.0)) + np.log1p(np.exp(3.0))) / 2, abs=1e-5)


def test_the_answers_own_words_stand_against_all_others_and_against_none() -> None:
    asked = Example(
        question=np.array([7, 8, 9]),
        headings=[np.array([1])],
        excerpts=[np.array([2, 3, 7, 8, 9, 7, 8])],
        places=[(0, 2, 5), (0, 5, 7)],
        answer=np.array([False, True, True]),
    )
    near_miss = replace(asked, places=[(0, 2, 6)], answer=np.zeros(4, bool))
    rows = torch.full((3, 4), -1e4)
    rows[0, :4] = torch.tensor([-2.0, 0.0, 3.0, 1.5])
    # Of the question's two sentences the last two pieces of the first are the answer.
    rows[1, :3] = torch.tensor([1.0, 2.0, 0.0])
    rows[2, :2] = torch.tensor([-1.0, 0.5])
    every = np.log(1 + np.exp([1.0, 2.0, 0.0, -1.0, 0.5]).sum())
    found = every - (np.log(np.exp(2.0) + np.exp(0.0)) + (2.0 + 0.0) / 2) / 2
    none = np.log(1 + np.exp([-2.0, 0.0, 3.0, 1.5]).sum())
    assert float(answer_loss(rows[1:], [asked])) == pytest.approx(found, abs=1e-5)
    assert float(answer_loss(rows[:1], [near_miss])) == pytest.approx(none, abs=1e-5)
    both = float(answer_loss(rows, [near_miss, asked]))
    assert both == pytest.approx((none + found) / 2, abs=1e-5)
    twice = torch.cat([rows[1:], rows[1:]])
    assert float(answer_loss(twice, [asked, asked])) == pytest.approx(found, abs=1e-5)
    sure = torch.where(rows > 0, rows * 400, rows)
    assert float(answer_loss(sure, [near_miss, asked])) > 0  # however sure, never below nothing


def test_only_a_sentences_own_pieces_can_be_the_answer() -> None:
    net, some = opened(), example(QUESTION, place(TEXTS[0], "河湾桥通车", "五月。"))
    longer = example(QUESTION, place(TEXTS[4], "河湾桥通车", "五月。"))
    with torch.no_grad():
        _, places = verdicts(net, [some, longer])
    own = slice(0, len(some.sentence(0)))
    assert (places[0, own] > -1e3).all()
    places[0, own] = -1e4
    assert (places[0] == -1e4).all()


def test_the_pieces_of_an_answer_are_found_in_what_is_read() -> None:
    text = "新桥通车。桥由工程师周明远设计。桥长318米。"
    near = [("河湾桥通车", text, 5, 16), ("河湾桥通车", text, 16, 23)]
    far = [("", "东" * 300 + "周明远。" + text, 0, 304), ("", text, 16, 23)]
    texts = [
        (QUESTION, near, ["", "周明远"]),
        (QUESTION, near, ()),
        (QUESTION, near, ["程师周明"]),  # begins and ends within a piece
        (QUESTION, far, ["周明远"]),  # beyond what is read of the sentence: left out
    ]
    yes, no, part = prepared(texts, cutter())
    assert spelled(yes.sentence(0)[yes.answer]) == "周明远"
    assert spelled(yes.sentence(1)) == "桥长318米。"
    assert spelled(yes.excerpts[0]) == text
    assert yes.answered
    assert not no.answered
    assert spelled(part.sentence(0)[part.answer]) == "工程师周明"


@cache
def words_of_pieces() -> list[str]:
    return [word for word, _ in json.loads(TOKENIZER.read_text("utf-8"))["model"]["vocab"]]


def spelled(ids: np.ndarray) -> str:
    return "".join(words_of_pieces()[i] for i in ids)


def test_rare_pieces_of_question_and_text_are_others_in_both() -> None:
    words = ["翡翠", "珊瑚", "骆驼", "葡萄", "琵琶", "蝴蝶", "玫瑰", "蜘蛛", "人民代表大会", "桥"]

    def named(word: str) -> Example:
        asked, told = f"谁见过{word}原件？", place(f"{word}在城北。", word, f"有人问{word}。")
        return example(asked, told)

    examples = [named(w) for w in words for _ in range(30)]
    renaming, chance = Renaming(examples), random.Random(0)
    changed = 0
    for before in examples:
        after = renaming(before, chance)
        texts = zip(
            [before.question, *before.headings, *before.excerpts],
            [after.question, *after.headings, *after.excerpts],
            strict=True,
        )
        pairs = {(int(a), int(b)) for x, y in texts for a, b in zip(x, y, strict=True)}
        assert len(pairs) == len({a for a, _ in pairs})  # the same becomes the same everywhere
        for a, b in pairs:
            if a != b:  # only the name, never what asks (谁) nor what the text has not (原件)
                assert spelled(np.array([a])) in words
                assert len(spelled(np.array([a]))) == len(spelled(np.array([b]))) <= LONG
                changed += 1
        assert after.answer is before.answer
    assert 0.15 < changed / len(examples) < 0.4


def test_a_word_that_asks_keeps_its_name_where_a_text_has_it_too() -> None:
    names = ("翡翠", "珊瑚", "骆驼", "葡萄", "琵琶", "蝴蝶")
    asks = example("翡翠有多少？", place("有多少翡翠没人知道。", "翡翠"))
    renaming = Renaming([asks, *(example(f"{w}有吗？", place(f"{w}有。")) for w in names)])
    after = [renaming(asks, random.Random(i)) for i in range(60)]
    assert all("多少" in spelled(e.question) and "多少" in spelled(e.sentence(0)) for e in after)
    assert any("翡翠" not in spelled(e.question) for e in after)


def test_a_piece_that_also_stands_there_cut_otherwise_keeps_its_name() -> None:
    alike = [
        example(f"{w}在哪里？", place(f"{w}在城北。")) for w in ("翡翠", "珊瑚", "骆驼", "葡萄")
    ]
    lake = example("西湖在哪里？", place("西湖在城北。", "西湖", "西湖人民都知道。"))
    renaming = Renaming([*alike, lake])
    other = replace(lake, excerpts=[np.concatenate([lake.excerpts[0], pieces("西"), pieces("湖")])])
    whole = other.excerpts[0]
    assert spelled(whole).count("西湖") == (whole == pieces("西湖")[-1]).sum() + 1
    changed = [renaming(lake, random.Random(i)) is not lake for i in range(40)]
    assert any(changed)
    for i in range(40):
        assert renaming(other, random.Random(i)).question.tolist() == other.question.tolist()


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


def test_a_mark_at_the_end_of_a_question_says_nothing() -> None:
    places = [place(*parts) for parts in zip(TEXTS, TITLES, BEFORE, strict=True)]
    plain = reader().verdicts("河湾桥的设计师是谁", places)
    for marked in ("河湾桥的设计师是谁？", "河湾桥的设计师是谁?? ", "河湾桥的设计师是谁。"):
        assert reader().verdicts(marked, places).tolist() == plain.tolist()
    assert (reader().verdicts("？", places) != LEAST).all()  # nothing else: read as it is
    some = [told(places[0])]
    learned, as_well = prepared(
        [("谁设计了河湾桥？", some, ["周明远"]), ("谁设计了河湾桥", some, ["周明远"])], cutter()
    )
    assert learned.question.tolist() == as_well.question.tolist()


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


@pytest.mark.parametrize(
    ("question", "says", "right", "other"),
    [
        (
            "青石饼干厂第二季度的毛利率是多少",
            "毛利率为三成。",
            "青石饼干厂公布第二季度业绩。",
            "青石饼干厂公布第三季度业绩。",
        ),
        (
            "青石饼干厂2019年卖出多少箱饼干",
            "卖出饼干四万箱。",
            "青石饼干厂说到2019年。",
            "青石饼干厂说到2016年。",
        ),
        (
            "柳如眉在剧团演出了多少场",
            "一共演出九十场。",
            "柳如眉介绍了剧团的情况。",
            "何青山介绍了剧团的情况。",
        ),
    ],
)
def test_what_stands_far_before_a_sentence_tells_when_and_of_what_it_speaks(
    question: str, says: str, right: str, other: str
) -> None:
    far = "来的人很多，大家都很关心，会场里坐满了，也有人站着听。会开了两个多小时，中间没有休息。"
    places = [place(says, "县里的消息", f"{before}{far}") for before in (right, other)]
    yes, no = reader().verdicts(question, places)
    assert yes > no + 1


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
    save_file(load_file(WEIGHTS), other, {"format": str(FORMAT), "pieces_of": "another model"})
    with pytest.raises(ModelError, match="made for another model"):
        Reader(other, bundled())
    less = {n: t for n, t in load_file(WEIGHTS).items() if n != "scales"}
    save_file(less, other, {"format": str(FORMAT), "pieces_of": bundled().fingerprint})
    with pytest.raises(ModelError, match="scales"):
        Reader(other, bundled())
