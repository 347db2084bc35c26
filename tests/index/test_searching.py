"""The road of a search: legs, fusion, rerankers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index import searching
from index.cross_encoder import FakeReranker, reranking
from index.encoder import load_encoder
from index.errors import LibraryDamaged
from index.library import Library
from index.ranking import DEPTH
from index.searching import promising
from index.types import Article, Origin, Reranker, Run

TEXTS = {
    "river": "柳林河清淤工程今天开工，总投资3.2亿元，明年六月完工。",
    "race": "柳林河沿岸举行长跑比赛，三百人参加，清风送爽。",
    "school": "第三小学今年招收新生240名，分为六个班。",
}


def article(name: str, text: str) -> Article:
    runs = (Run(0, 0, len(text), 1),)
    return Article(name, "", text, "zh", "news.txt", Origin(1, 1), runs=runs)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("library")
    with Library.open(path) as library:
        fillers = {f"filler{i}": f"第{i}号通知：食堂第{i}周的菜单已经公布。" for i in range(120)}
        library.add_articles("news", [article(n, t) for n, t in (TEXTS | fillers).items()])
    return path


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    with Library.open(folder) as library:
        yield library


def found(library: Library, question: str, k: int = 3) -> list[str]:
    return [hit.article.id for hit in library.search(question, k=k)]


def test_hybrid_search_is_reranked(library: Library) -> None:
    hits = library.search("柳林河清淤要花多少钱", k=3)
    assert hits[0].article.id == "river"
    assert {hit.leg for hit in hits} == {"reranked"}
    assert hits[0].score == 1.0


def test_without_a_reranker_the_fused_order_stands(folder: Path) -> None:
    with Library.open(folder, reranking="none") as library:
        hits = library.search("柳林河清淤要花多少钱", k=3)
    assert hits[0].article.id == "river"
    assert {hit.leg for hit in hits} == {"fused"}


def test_passages_too_far_down_to_be_ranked_follow(library: Library) -> None:
    hits = library.search("食堂菜单通知", k=100)
    assert len(hits) == 100
    assert len({hit.passage.id for hit in hits}) == 100
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


def test_which_candidates_are_worth_reranking() -> None:
    ranked = [(i, 1.0 - 0.03 * i) for i in range(32)]
    assert promising(ranked, 5) == list(range(24))  # to 0.31
    assert promising(ranked, 30) == list(range(30))
    assert promising([(i, 1.0) for i in range(90)], 5) == list(range(DEPTH))
    assert promising([], 5) == []


class Backwards:
    """Prefers what shares least with the question."""

    name = "backwards"

    def scores(self, question: str, texts: list[str]) -> np.ndarray:
        return -FakeReranker().scores(question, texts)


def test_another_reranker_has_the_last_word(folder: Path) -> None:
    assert isinstance(Backwards(), Reranker)
    with Library.open(folder, reranking=Backwards()) as library:
        assert found(library, "柳林河清淤工程投资")[0] != "river"
    with Library.open(folder, reranking=FakeReranker()) as library:
        hits = library.search("柳林河清淤工程投资", k=60)
    assert hits[0].article.id == "river"
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_the_setting_names_the_reranker() -> None:
    assert reranking(None) == reranking("light") == "light"
    assert reranking("none") == "none"


def test_dense_search_looks_at_the_parts_of_a_passage(tmp_path: Path) -> None:
    other = "第三小学今年招收新生两百四十名，分为六个班，九月一日开学上课。"
    long = other * 4 + TEXTS["river"] + other * 3
    with Library.open(tmp_path / "library") as library:
        library.add_articles("news", [article("long", long), article("school", other * 8)])
        hit = library.search("柳林河清淤工程总投资", k=1, mode="dense")[0]
    assert hit.article.id == "long"
    encoder = load_encoder()
    query = encoder.encode_queries(["柳林河清淤工程总投资"])[0]
    assert hit.score > float(encoder.encode_passages([hit.passage.text])[0] @ query)


def test_features_can_be_had_for_learning(library: Library) -> None:
    question = "柳林河清淤工程投资"
    candidates, names, table = library.searcher.table(question, library.query_terms(question))
    assert table.shape == (len(candidates), len(names))
    row = [c.article.id for c in candidates].index("river")
    assert table[row, names.index("pairs_rel")] == 0
    assert library.searcher.table("是什么", library.query_terms("是什么"))[0] == []


def test_both_legs_at_once_find_the_same(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = ("柳林河清淤要花多少钱", "第三小学招收多少名新生", "第7号通知说了什么", "无关")
    one_by_one = [library.search(question) for question in questions]
    monkeypatch.setattr(searching, "SIDE_BY_SIDE", 0)
    assert [library.search(question) for question in questions] == one_by_one


def test_what_goes_wrong_beside_is_told(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*given: object) -> None:
        raise LibraryDamaged("the keyword index cannot be read")

    monkeypatch.setattr(searching, "SIDE_BY_SIDE", 0)
    monkeypatch.setattr(library._indexes, "keyword", fails)
    with pytest.raises(LibraryDamaged, match="cannot be read"):
        library.search("柳林河")
