"""Terms are found in many texts at once as they are one by one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from index.matches import Texts
from index.query import stemmed
from index.tokens import bigrams, default_segmenter, fold

HAN = st.text("河治理工程区贾鲁", min_size=0, max_size=30)


@settings(deadline=None)
@given(
    st.lists(HAN, min_size=1, max_size=6), st.sets(st.text("河治理工程", min_size=1, max_size=4))
)
def test_runs_are_counted_wherever_they_stand(texts: list[str], terms: set[str]) -> None:
    wanted = sorted(terms)
    counts = Texts.of(texts).count_runs(wanted)
    places = [
        [sum(text.startswith(t, i) for i in range(len(text))) for t in wanted] for text in texts
    ]
    assert counts.tolist() == places


def test_words_of_letters_are_found_whole_and_by_their_stems() -> None:
    texts = ["The settlers settled in 2014, not in 14.", "Resettlement, 14 houses", "第14届"]
    counts = Texts.of(texts).count_terms(["settl", "14", "2014"])
    assert counts[:, 1:].tolist() == [[1, 1], [1, 0], [1, 0]]
    assert counts[0, 0] == sum(stemmed(w) == "settl" for w in ("settlers", "settled"))
    assert counts[1, 0] == 0


def test_what_the_index_holds_is_found() -> None:
    text = "賈魯河綜合治理 ＧＤＰ增長5.5%，Überraschung 한국어 문장, हिन्दी भाषा, ภาษาไทย"
    terms = dict.fromkeys([*map(stemmed, default_segmenter().words(text)), *bigrams(text)])
    assert (Texts.of([text]).count_terms(list(terms)) > 0).all()


def test_a_term_does_not_reach_into_the_next_text() -> None:
    assert Texts.of(["治", "理治理"]).count_runs(["治理", "理治"]).tolist() == [[0, 0], [1, 1]]


@settings(deadline=None)
@given(st.lists(HAN, min_size=1, max_size=4), HAN.filter(bool))
def test_the_longest_common_run(texts: list[str], run: str) -> None:
    def plain(text: str) -> int:
        spans = ((i, j) for i in range(len(run)) for j in range(i + 1, len(run) + 1))
        return max((j - i for i, j in spans if run[i:j] in text), default=0)

    assert Texts.of(texts).longest_common(run).tolist() == [plain(text) for text in texts]


def test_texts_are_folded_and_join() -> None:
    one, two = Texts.of(["ＧＤＰ增長"]), Texts.of(["", "治理"])
    both = Texts.joined([one, two])
    assert len(both) == 3
    assert both.codes.tobytes().decode("utf-32-le") == fold("ＧＤＰ增長") + "\n\n治理\n"
    assert both.count_terms(["治理", "增长"]).tolist() == [[0, 1], [0, 0], [1, 0]]
