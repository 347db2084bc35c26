"""Keyword search: scores are BM25 as worked out here, and nothing removed is found."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.keywords import (
    BIGRAMS,
    SOUNDS,
    WORDS,
    AnyOf,
    KeywordDoc,
    KeywordIndex,
    Term,
    damaged_files,
    file_labels,
    placed,
    queries,
)
from index.types import Filters

K1, B = 1.2, 0.75

# Lengths up to 40 tokens are kept exactly in the byte that tantivy has for them; all are here.
CORPUS = {
    1: ["贾鲁河", "治理", "要求", "加快", "拆迁", "进度"],
    2: ["治理", "扬尘", "污染", "治理", "黑臭", "水体", "治理", "噪声"],
    3: ["社区", "食堂", "开业"],
    5: ["贾鲁河"] * 3 + ["沿线", "绿化"] * 10,
    8: ["会议"] * 40,
    13: [],
}


def bm25(corpus: dict[int, list[str]], word: str) -> dict[int, float]:
    """Robertson's BM25 with the idf of Lucene and tantivy: ln(1 + (N - n + .5) / (n + .5))."""
    average = sum(map(len, corpus.values())) / len(corpus)
    holding = sum(word in words for words in corpus.values())
    idf = math.log(1 + (len(corpus) - holding + 0.5) / (holding + 0.5))
    scores = {}
    for number, words in corpus.items():
        count = words.count(word)
        if count:
            norm = K1 * (1 - B + B * len(words) / average)
            scores[number] = idf * count * (K1 + 1) / (count + norm)
    return scores


def docs(corpus: dict[int, list[str]]) -> list[KeywordDoc]:
    return [KeywordDoc.of(number, words, ()) for number, words in corpus.items()]


def ranked(scores: dict[int, float]) -> list[tuple[int, float]]:
    return sorted(scores.items(), key=lambda pair: -pair[1])


def assert_same(found: Sequence[tuple[int, float]], expected: dict[int, float]) -> None:
    assert [i for i, _ in found] == [i for i, _ in ranked(expected)]
    assert dict(found) == pytest.approx(expected, rel=1e-5)


def update(
    index: KeywordIndex, removed: Iterable[int], added: Iterable[KeywordDoc], revision: int
) -> None:
    """Take passages out and put passages in, saved together."""
    index.remove(removed)
    index.add(added)
    index.commit(revision)
    index.finish()


@pytest.fixture
def index(tmp_path: Path) -> KeywordIndex:
    index = KeywordIndex.anew(tmp_path)
    update(index, [], docs(CORPUS), 1)
    return index


def test_one_score_by_hand(index: KeywordIndex) -> None:
    # 食堂: in 1 of 6 passages, once, in the passage of 3 tokens; 80 tokens in all, 80/6 each.
    idf = math.log(1 + 5.5 / 1.5)
    norm = 1.2 * (0.25 + 0.75 * 3 / (80 / 6))
    assert sum(map(len, CORPUS.values())) == 80
    assert index.search([Term(WORDS, "食堂")], 5) == [(3, pytest.approx(idf * 2.2 / (1 + norm)))]


@pytest.mark.parametrize("word", ["贾鲁河", "治理", "会议", "绿化", "拆迁"])
def test_scores_are_bm25(index: KeywordIndex, word: str) -> None:
    assert_same(index.search([Term(WORDS, word)], 10), bm25(CORPUS, word))


def test_terms_add_up_with_their_weights(index: KeywordIndex) -> None:
    terms = [Term(WORDS, "贾鲁河"), Term(WORDS, "治理", 0.5), Term(WORDS, "没有")]
    rivers, rules = bm25(CORPUS, "贾鲁河"), bm25(CORPUS, "治理")
    expected = {i: rivers.get(i, 0.0) + 0.5 * rules.get(i, 0.0) for i in rivers.keys() | rules}
    assert_same(index.search(terms, 10), expected)
    assert index.search(terms, 1) == index.search(terms, 10)[:1]


def test_the_best_of_alternatives_counts(index: KeywordIndex) -> None:
    either = AnyOf((Term(WORDS, "贾鲁河", 0.4), Term(WORDS, "治理", 0.9), Term(WORDS, "没有")))
    rivers, rules = bm25(CORPUS, "贾鲁河"), bm25(CORPUS, "治理")
    expected = {
        i: max(0.4 * rivers.get(i, 0.0), 0.9 * rules.get(i, 0.0)) for i in rivers.keys() | rules
    }
    assert_same(index.search([either], 10), expected)
    plus = bm25(CORPUS, "要求")
    for i, score in plus.items():
        expected[i] = expected.get(i, 0.0) + score
    assert_same(index.search([either, Term(WORDS, "要求")], 10), expected)


def test_fields_are_apart(tmp_path: Path) -> None:
    index = KeywordIndex.anew(tmp_path)
    update(
        index, [], [KeywordDoc.of(1, ["甲"], ["乙"], ["bing"]), KeywordDoc.of(2, ["乙"], [], [])], 1
    )
    found = {
        (field, token): [i for i, _ in index.search([Term(field, token)], 5)]
        for field in (WORDS, BIGRAMS, SOUNDS)
        for token in ("甲", "乙", "bing")
    }
    assert {key: hit for key, hit in found.items() if hit} == {
        (WORDS, "甲"): [1],
        (WORDS, "乙"): [2],
        (BIGRAMS, "乙"): [1],
        (SOUNDS, "bing"): [1],
    }
    assert [index.document_frequency(f, "乙") for f in (WORDS, BIGRAMS, SOUNDS)] == [1, 1, 0]


def test_words_are_looked_for_where_a_library_has_them() -> None:
    terms = [
        Term(WORDS, "治理"),
        Term(WORDS, "贾鲁河", 0.5),
        Term(BIGRAMS, "治理", 0.6),
        Term(WORDS, "gdp"),
        Term(BIGRAMS, "贾鲁"),
        AnyOf((Term(WORDS, "二年"), Term(BIGRAMS, "二年"), Term(WORDS, "two", 0.9)), WORDS),
    ]
    assert placed(terms) == [
        Term(BIGRAMS, "治理", 1.6),
        Term(WORDS, "贾鲁河", 0.5),
        Term(WORDS, "gdp"),
        Term(BIGRAMS, "贾鲁"),
        AnyOf((Term(BIGRAMS, "二年"), Term(WORDS, "two", 0.9)), WORDS),
    ]


def test_what_is_asked_for_twice_counts_with_both_weights(tmp_path: Path) -> None:
    index = KeywordIndex.anew(tmp_path)
    update(index, [], [KeywordDoc.of(i, (), words) for i, words in CORPUS.items()], 1)
    found = index.search(placed([Term(WORDS, "治理"), Term(BIGRAMS, "治理", 0.6)]), 10)
    assert_same(found, {i: 1.6 * score for i, score in bm25(CORPUS, "治理").items()})


WORD = st.sampled_from("甲乙丙丁戊己庚辛")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(WORD, max_size=40), min_size=1, max_size=12), st.integers(1, 12))
def test_scores_are_bm25_in_any_corpus(
    tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]], cut: int
) -> None:
    corpus = dict(enumerate(texts, start=1))
    index = KeywordIndex.anew(tmp_path_factory.mktemp("library"))
    early = [d for d in docs(corpus) if d.id <= cut]
    update(index, [], early, 1)
    update(index, [], [d for d in docs(corpus) if d.id > cut], 2)  # a second segment
    for word in "甲乙":
        assert dict(index.search([Term(WORDS, word)], 20)) == pytest.approx(
            bm25(corpus, word), rel=1e-4
        )


def test_long_passages_are_rounded_down_to_a_byte(tmp_path: Path) -> None:
    """Above 40 tokens a length is kept to within 1/8: scores differ from exact BM25 by < 5 %."""
    corpus = {i: ["甲"] * 2 + ["乙"] * length for i, length in enumerate((45, 99, 300, 451), 1)}
    index = KeywordIndex.anew(tmp_path)
    update(index, [], docs(corpus), 1)
    found = dict(index.search([Term(WORDS, "甲")], 10))
    exact = bm25(corpus, "甲")
    assert [i for i, _ in ranked(found)] == [1, 2, 3, 4]
    assert found == pytest.approx(exact, rel=0.05)
    assert all(found[i] >= exact[i] * (1 - 1e-5) for i in exact)


def test_removed_passages_are_not_found(index: KeywordIndex) -> None:
    update(index, [1, 2, 99], [], 2)
    assert [i for i, _ in index.search([Term(WORDS, "治理"), Term(WORDS, "贾鲁河")], 10)] == [5]
    assert index.search([Term(WORDS, "治理")], 10) == []
    assert len(index) == 4
    update(index, [3, 5, 8, 13], [], 3)
    assert len(index) == 0
    assert index.search([Term(WORDS, "贾鲁河")], 10) == []


def test_a_passage_put_again_replaces_the_old_one(index: KeywordIndex) -> None:
    update(index, [3], [KeywordDoc.of(3, ["夜间", "门诊"], [])], 2)  # removed and added at once
    assert index.search([Term(WORDS, "食堂")], 10) == []
    assert [i for i, _ in index.search([Term(WORDS, "门诊")], 10)] == [3]
    assert len(index) == len(CORPUS)


def test_cut_off_between_commit_and_stamp(index: KeywordIndex, tmp_path: Path) -> None:
    """What was added then is added again, as the stamp does not tell of it, and is there once."""
    stamp = (tmp_path / "keywords.json").read_bytes()
    update(index, [], [KeywordDoc.of(50, ["门诊"], []), KeywordDoc.of(51, ["门诊"], [])], 2)
    (tmp_path / "keywords.json").write_bytes(stamp)
    opened = KeywordIndex.open(tmp_path)
    assert opened.revision == 1
    update(opened, [], [KeywordDoc.of(50, ["门诊"], []), KeywordDoc.of(51, ["门诊"], [])], 2)
    assert sorted(i for i, _ in opened.search([Term(WORDS, "门诊")], 10)) == [50, 51]
    assert len(opened) == len(CORPUS) + 2


def test_counting_passages_of_a_token(index: KeywordIndex) -> None:
    assert index.document_frequency(WORDS, "治理") == 2
    assert index.document_frequency(WORDS, "会议") == 1
    assert index.document_frequency(WORDS, "没有") == 0


@pytest.mark.parametrize(
    "terms",
    [
        [],
        [Term(WORDS, "")],
        [Term(WORDS, " ")],
        [Term(WORDS, "没有")],
        [Term(WORDS, "治理", 0.0)],
        [Term(WORDS, "治理", -1.0)],
        [AnyOf(())],
        [AnyOf((Term(WORDS, "治理", 0.0),))],
        [Term(WORDS, "x" * 100_000)],
    ],
)
def test_questions_that_find_nothing(index: KeywordIndex, terms: list[Term | AnyOf]) -> None:
    assert index.search(terms, 10) == []


def test_no_results_wanted(index: KeywordIndex) -> None:
    assert index.search([Term(WORDS, "治理")], 0) == []
    assert index.search([Term(WORDS, "治理")], -3) == []


def test_odd_tokens(tmp_path: Path) -> None:
    index = KeywordIndex.anew(tmp_path)
    long = "长" * 120  # the longest that is kept
    odd = ["甲", "", "  ", long, long + "长", "y" * 70_000, "\x00", "a\nb", "乙"]
    update(index, [], [KeywordDoc.of(1, odd, [])], 1)
    found = {t: len(index.search([Term(WORDS, t)], 5)) for t in ("甲", "乙", long, "\x00", "a")}
    assert found == {"甲": 1, "乙": 1, long: 1, "\x00": 1, "a": 1}
    assert index.search([Term(WORDS, long + "长")], 5) == []


def test_a_thousand_terms(index: KeywordIndex) -> None:
    terms = [Term(WORDS, f"词{i}") for i in range(3000)] + [Term(WORDS, "食堂")]
    assert [i for i, _ in index.search(terms, 3)] == [3]


def test_the_stamp(tmp_path: Path) -> None:
    assert KeywordIndex.open(tmp_path).revision == 0
    assert list(tmp_path.iterdir()) == []  # a reader makes nothing
    update(KeywordIndex.anew(tmp_path, "own"), [], docs(CORPUS), 7)
    index = KeywordIndex.open(tmp_path, "own")
    assert (index.revision, len(index)) == (7, len(CORPUS))
    assert_same(index.search([Term(WORDS, "治理")], 10), bm25(CORPUS, "治理"))
    other = KeywordIndex.open(tmp_path, "other words")  # tokens are made otherwise now
    assert (other.revision, len(other)) == (0, 0)


def test_an_index_anew_takes_the_place_of_the_old_at_its_first_commit(
    index: KeywordIndex, tmp_path: Path
) -> None:
    fresh = KeywordIndex.anew(tmp_path)
    fresh.add([KeywordDoc.of(21, ["门诊"], [])])
    assert KeywordIndex.open(tmp_path).revision == 1
    fresh.commit(2)
    opened = KeywordIndex.open(tmp_path)
    assert (opened.revision, len(opened)) == (2, 1)
    fresh.finish()
    assert len(list(tmp_path.glob("keywords-*"))) == 1
    assert [i for i, _ in index.search([Term(WORDS, "食堂")], 5)] == [3]  # a reader goes on


def test_nothing_of_removed_passages_is_left_in_an_index_anew(
    index: KeywordIndex, tmp_path: Path
) -> None:
    assert not index.holds_removed
    update(index, [3], [KeywordDoc.of(21, ["门诊"], [])], 2)
    assert index.holds_removed
    fresh = KeywordIndex.anew(tmp_path)
    update(fresh, [], [d for d in docs(CORPUS) if d.id != 3], 2)
    assert not fresh.holds_removed
    assert not KeywordIndex.open(tmp_path).holds_removed
    assert "食堂".encode() not in b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    )


def test_a_failed_update_changes_nothing(index: KeywordIndex, tmp_path: Path) -> None:
    def half() -> Iterator[KeywordDoc]:
        yield KeywordDoc.of(50, ["门诊"], [])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update(index, [1], half(), 2)
    index.abandon()
    opened = KeywordIndex.open(tmp_path)
    assert (opened.revision, len(opened)) == (1, len(CORPUS))
    update(opened, [1], [KeywordDoc.of(50, ["门诊"], [])], 2)  # and the lock is free
    assert opened.search([Term(WORDS, "拆迁")], 5) == []


FILTERED = [
    KeywordDoc.of(1, ["河"], []).labelled(
        date(2016, 3, 1).toordinal(), ["n:王云", *file_labels("/a/b.txt")]
    ),
    KeywordDoc.of(2, ["河"], []).labelled(
        date(2016, 11, 14).toordinal(), ["s:要闻", *file_labels("/a/c.txt")]
    ),
    KeywordDoc.of(3, ["河"], []).labelled(
        None, ["n:王云", "n:李雨", "s:要闻", *file_labels("/ab/b.txt")]
    ),
]


@pytest.mark.parametrize(
    ("where", "fits"),
    [
        (Filters(since=date(2016, 3, 1)), {1, 2}),
        (Filters(since=date(2016, 3, 2)), {2}),
        (Filters(until=date(2016, 11, 13)), {1}),
        (Filters(since=date(2017, 1, 1)), set()),
        (Filters(sources=("/a",)), {1, 2}),
        (Filters(sources=("/a/b.txt", "/ab/")), {1, 3}),
        (Filters(sections=("要闻",)), {2, 3}),
        (Filters(persons=("王云",), sections=("要闻",)), {3}),
        (Filters(persons=("李雨", "王云"), until=date(2020, 1, 1)), {1}),
        (Filters(persons=("王",)), set()),
    ],
)
def test_filters(tmp_path: Path, where: Filters, fits: set[int]) -> None:
    index = KeywordIndex.anew(tmp_path)
    update(index, [], FILTERED, 1)
    found = index.search([Term(WORDS, "河"), Term(WORDS, "无")], 10, where)
    assert {i for i, _ in found} == fits
    assert {round(score, 4) for _, score in found} <= {
        round(score, 4) for _, score in index.search([Term(WORDS, "河")], 10)
    }
    assert index.search([Term(WORDS, "无")], 10, where) == []


def test_damaged_files_are_told_by_their_own_checksums(index: KeywordIndex, tmp_path: Path) -> None:
    (folder,) = tmp_path.glob("keywords-*")
    assert damaged_files(folder) == []
    segment = [p for p in folder.iterdir() if len(p.name.split(".")[0]) == 32]
    assert len(segment) >= 5
    for path in segment:
        content = path.read_bytes()
        for at in (0, 1):  # the body of each, however short
            flipped = bytearray(content)
            flipped[at] ^= 4
            path.write_bytes(flipped)
            assert damaged_files(folder) == [path.name]
        path.write_bytes(content)


def test_a_list_of_deleted_passages_that_no_commit_names_is_no_damage(
    index: KeywordIndex, tmp_path: Path
) -> None:
    """A writer was killed while it wrote one: the next takes it away."""
    update(index, [3], [], 2)
    (folder,) = tmp_path.glob("keywords-*")
    (live,) = folder.glob("*.del")
    segment, _, _ = live.name.split(".")
    (folder / f"{segment}.99999.del").write_bytes(b"ha")
    assert damaged_files(folder) == []
    content = bytearray(live.read_bytes())
    content[0] ^= 4
    live.write_bytes(content)
    assert damaged_files(folder) == [live.name]


@pytest.mark.parametrize("damage", ["gone", "half", "garbage"])
def test_a_damaged_index_is_empty_or_says_so(tmp_path: Path, damage: str) -> None:
    update(KeywordIndex.anew(tmp_path), [], docs(CORPUS), 1)
    (folder,) = tmp_path.glob("keywords-*")
    names = [p.name for p in folder.iterdir() if not p.name.endswith((".lock", ".pos"))]
    pristine = {name: (folder / name).read_bytes() for name in names}
    rng = np.random.default_rng(0)
    for name, content in pristine.items():
        if damage == "gone":
            (folder / name).unlink()
        elif damage == "half":
            (folder / name).write_bytes(content[: len(content) // 2])
        else:
            (folder / name).write_bytes(rng.bytes(len(content)))
        index = KeywordIndex.open(tmp_path)
        if index.revision:  # .managed.json is only a list for sweeping up
            assert (name, damage) == (".managed.json", "gone")
        else:
            assert (len(index), index.search([Term(WORDS, "治理")], 5)) == (0, [])
        (folder / name).write_bytes(content)
    assert KeywordIndex.open(tmp_path).revision == 1


def test_what_a_large_library_cannot_look_through_is_left_out() -> None:
    """The commonest terms go, also from among alternatives; of these one that is left stands alone."""
    held = {"清淤": 90, "二年": 500, "两年": 9_000, "2": 250_000, "的": 800_000}
    plain = [Term(WORDS, token) for token in ("的", "清淤")]
    either = AnyOf((Term(WORDS, "二年"), Term(WORDS, "2"), Term(WORDS, "两年")), WORDS)
    numbers = AnyOf((Term(WORDS, "二年"), Term(BIGRAMS, "的")))

    def kept(terms: list[Term | AnyOf], passages: int = 10**6) -> list[Term | AnyOf]:
        return queries.affordable(terms, passages, lambda term: held[term.token])

    assert kept(plain) == plain[1:]
    assert kept([*plain, either]) == [plain[1], either]
    held["2"] = 300_000
    assert kept([*plain, either]) == [plain[1], AnyOf((either.terms[0], either.terms[2]), WORDS)]
    assert kept([numbers]) == [numbers.terms[0]]
    assert kept([plain[0]]) == [plain[0]]  # the only one stays, whatever it takes
    assert kept([*plain, either], passages=10_000) == [*plain, either]
