"""The light reranker: its features by hand, its order, its weights."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.asking import without_asking
from index.encoder import BUNDLED_FOLDER, StaticEncoder, bundled
from index.errors import ModelError
from index.features import Candidate, Column
from index.query import query_terms
from index.ranking import Ranker, asked_of, is_known, weights
from index.tokens import default_segmenter
from index.types import Article, Origin

QUESTION = "柳林河清淤工程投资多少"
RIGHT = "柳林河清淤工程总投资3.2亿元，明年完工。"
NEAR = "柳林河沿岸今天举行了长跑比赛，三百人参加。"
FAR = "第三小学今年招收新生240名。"


def candidate(number: int, text: str, article: str = "", title: str = "") -> Candidate:
    name = article or f"a{number}"
    whole = Article(name, title, text, "zh", "news.txt", Origin(1, 1))
    return Candidate(number, text, True, whole, keyword=1.0, cosine=0.5)


def table(*candidates: Candidate, question: str = QUESTION) -> dict[str, Column]:
    terms = query_terms(question, default_segmenter(), {"zh"})
    found = Ranker().table(question, terms, candidates, lambda terms: [1] * len(terms), 10, 0.5)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "question", [QUESTION, "谁？", "", " ", "Who paid for it? 🍲", "河" * 9000]
)
def test_a_question_is_read_once_for_its_vector_and_its_pieces(question: str) -> None:
    asked, model = asked_of(question), bundled()
    assert np.array_equal(asked.vector, model.encode_queries([question])[0])
    about = without_asking(question)
    alone = model.pieces([about if about.strip() else question])[0]
    assert asked.pieces.tolist() == alone.tolist()


def test_the_words_that_a_passage_holds_are_its_share_of_the_questions() -> None:
    found = table(candidate(1, QUESTION), candidate(2, FAR), candidate(3, NEAR))
    assert found["pairs"][0] == pytest.approx(1.0)
    assert found["pairs"][1] < 0.15
    assert 0.15 < found["pairs"][2] < 0.6
    assert found["pairs_rel"].tolist() == pytest.approx((found["pairs"] - 1).tolist())


def test_common_counts_the_longest_run_of_characters() -> None:
    found = table(
        candidate(1, "说的是柳林河清的事"), candidate(2, "无关"), question="柳林河清淤工程"
    )
    assert found["common"].tolist() == pytest.approx([4 / 7, 0])


def test_passages_of_one_article_hold_together_what_each_holds() -> None:
    halves = candidate(1, "柳林河清淤工程。", "same"), candidate(2, "总投资很大。", "same")
    alone = candidate(3, "柳林河清淤工程。", "other")
    found = table(*halves, alone)
    assert found["article"][0] == found["article"][1] > found["article"][2]
    assert found["pairs"][0] == found["pairs"][2]


def test_the_kind_that_is_asked_for_counts_only_when_it_is_asked_for() -> None:
    assert table(candidate(1, RIGHT), candidate(2, "柳林河清淤工程投资很大"))[
        "number"
    ].tolist() == [1, 0]
    assert table(candidate(1, RIGHT), question="柳林河清淤工程由谁负责")["number"].tolist() == [0]


def test_a_near_word_counts_for_one_that_is_not_there() -> None:
    found = table(candidate(1, "医生"), candidate(2, "钢铁"), question="大夫")
    assert found["soft"][0] >= found["soft"][1]
    assert found["pairs"].tolist() == [0, 0]


def test_meaning_is_silent_in_a_script_that_the_model_cannot_read() -> None:
    found = table(candidate(1, "ประเทศไทย"), candidate(2, "ทะเล"), question="ประเทศใด")
    assert found["soft"].tolist() == [0, 0]
    assert found["pairs"][0] > found["pairs"][1]


def order(*candidates: Candidate) -> list[tuple[int, float]]:
    terms = query_terms(QUESTION, default_segmenter(), {"zh"})
    found = Ranker().order(QUESTION, terms, candidates, lambda terms: [1] * len(terms), 10, 0.5)
    return [(c.id, score) for c, score in found]


def test_the_passage_that_answers_comes_first_whatever_the_order_was() -> None:
    three = candidate(1, FAR), candidate(2, NEAR), candidate(3, RIGHT)
    found = order(*three)
    assert [i for i, _ in found] == [3, 2, 1]
    assert found[0][1] == 1.0
    assert all(a >= b > 0 for (_, a), (_, b) in itertools.pairwise(found))
    backwards = order(*reversed(three))
    assert [i for i, _ in backwards] == [3, 2, 1]
    assert [s for _, s in backwards] == pytest.approx([s for _, s in found])


def test_the_sum_is_that_of_the_weights_and_the_features() -> None:
    pair = candidate(1, NEAR), candidate(2, RIGHT)
    found = table(*pair)
    sums = sum(weight * found[name] for name, weight in weights()["known"].items())
    assert isinstance(sums, np.ndarray)
    (_, best), (_, second) = order(*pair)
    assert second / best == pytest.approx(float(np.exp((sums.min() - sums.max()) / 4)), rel=1e-4)


def test_those_that_are_not_read_closely_follow_in_their_rough_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    three = candidate(1, FAR), candidate(2, NEAR), candidate(3, RIGHT)
    whole = order(*three)
    monkeypatch.setattr("index.ranking.CLOSELY", 1)
    found = order(*three)
    assert [i for i, _ in found] == [i for i, _ in whole]
    assert [score for _, score in found][:2] == [1.0, 1.0]  # the best of the rest is no better
    assert 0 < found[2][1] < 1


def test_candidates_far_below_the_best_are_not_read_closely_and_stay_below(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = [candidate(i, f"{FAR}第{i}次报名。") for i in range(2, 14)]
    several = [candidate(1, RIGHT), candidate(20, NEAR), *many]
    read: list[int] = []
    meaning = Ranker._meaning

    def counted(self: Ranker, asked: object, some: list[Candidate], ready: object) -> object:
        read.append(len(some))
        return meaning(self, asked, some, ready)  # type: ignore[arg-type]

    monkeypatch.setattr(Ranker, "_meaning", counted)
    found = order(*several)
    monkeypatch.setattr("index.ranking.FAR", 1e9)
    whole = order(*several)
    assert read[0] < read[1] == 14
    assert [i for i, _ in found][:2] == [i for i, _ in whole][:2] == [1, 20]
    assert {i for i, _ in found} == {i for i, _ in whole}
    assert [s for _, s in found] == sorted((s for _, s in found), reverse=True)


def test_where_the_model_knows_the_letters_only_the_words_decide() -> None:
    question = "แม่น้ำสายใดยาวที่สุด"
    assert not is_known(question)
    assert is_known(QUESTION)
    pair = candidate(1, "ตลาดนัดเปิดวันนี้"), candidate(2, "แม่น้ำสายนี้ยาวที่สุดในประเทศ")
    terms = query_terms(question, default_segmenter(), {"th"})
    found = Ranker().order(question, terms, pair, lambda terms: [1] * len(terms), 10, 0.5)
    assert [c.id for c, _ in found] == [2, 1]
    columns = Ranker().table(question, terms, pair, lambda terms: [1] * len(terms), 10, 0.5)
    assert columns is not None
    sums = sum(weight * columns[name] for name, weight in weights()["unknown"].items())
    assert isinstance(sums, np.ndarray)
    assert found[1][1] == pytest.approx(float(np.exp((sums[0] - sums[1]) / 4)), rel=1e-4)


def test_without_a_term_the_order_stays() -> None:
    terms = query_terms("是什么", default_segmenter(), {"zh"})
    assert not terms.clauses
    given = [candidate(1, FAR), candidate(2, RIGHT)]
    found = Ranker().order("是什么", terms, given, lambda terms: [1] * len(terms), 10, 0.5)
    assert [c.id for c, _ in found] == [1, 2]


def test_odd_passages_are_ranked_all_the_same() -> None:
    odd = ["", " ", "\n\n", "🍲", "a" * 2000, "。。。", "\x00"]
    found = order(*(candidate(i, text) for i, text in enumerate(odd)))
    assert sorted(i for i, _ in found) == list(range(len(odd)))
    assert np.isfinite([s for _, s in found]).all()


def test_the_nearest_part_is_nearer_than_the_whole() -> None:
    model = StaticEncoder(BUNDLED_FOLDER)
    other = "第三小学今年招收新生两百四十名，分为六个班，九月一日开学。" * 6
    long = candidate(1, f"{other}{RIGHT}{other}")
    vector = model.encode_queries([QUESTION])[0]
    whole = float(model.encode_passages([long.text])[0] @ vector)
    nearest = Ranker().nearest_parts(QUESTION, [long, replace(long, id=2, text=RIGHT)])
    assert nearest[1] == pytest.approx(float(model.encode_passages([RIGHT])[0] @ vector), abs=1e-5)
    assert whole < nearest[0] <= nearest[1] + 1e-6


def test_every_weight_is_of_a_feature() -> None:
    features = set(table(candidate(1, RIGHT)))
    for kind, row in weights().items():
        assert set(row) <= features, kind
        assert len(row) > 20, kind
    assert not {"cosine", "soft", "part_cosine"} & set(weights()["unknown"])
    assert not {"soft", "part_soft", "part_cosine"} & set(weights()["rough"])


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": 9, "weights": {}}', '{"format": 2, "weights": {}}']
)
def test_damaged_weights_are_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ranking.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=r"ranking\.json.*Install"):
        weights(path)


def test_weights_can_be_read_and_changed(tmp_path: Path) -> None:
    path = tmp_path / "ranking.json"
    rows = {kind: {"pairs": 2} for kind in ("known", "rough", "unknown")}
    path.write_text(json.dumps({"format": 2, "weights": rows}), encoding="utf-8")
    assert weights(path) == {kind: {"pairs": 2.0} for kind in rows}
