"""Sentences made by script from the sample corpus, right ones and wrong ones (benchmarks/made_claims)."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.made_claims import WRONGS, Claim, Wrong, made
from index.articles import split
from index.library import Library
from index.readers import read
from index.types import Article, Origin
from qa.packing import Source
from qa.verify import Verdict, Verifier


@pytest.fixture(scope="module")
def cases(root: Path, library: Library) -> tuple[list[tuple[str, Claim]], list[tuple[str, Claim]]]:
    documents = (read(path) for path in sorted((root / "examples" / "corpus").iterdir()))
    found = [a for document in documents for a in split(document)]
    rights: list[tuple[str, Claim]] = []
    wrongs: list[tuple[str, Claim]] = []
    for seed in range(5):
        right, wrong = made([a.text for a in found], library.segmenter, seed, wrong=30)
        rights += right
        wrongs += wrong
    return rights, wrongs


def check(library: Library, claim: str, marker: int, *passages: str) -> Verdict:
    sources = []
    for number, text in enumerate(passages, start=1):
        article = Article(f"a{number}", "", text, "zh", "made.txt", Origin(1, 1))
        sources.append(Source(number, article, 0, len(text)))
    verdict = Verifier(sources, library.encoder, library.segmenter).check(claim, [marker])
    for s in verdict.supports:
        assert 0 <= s.start < s.end <= len(s.article.text)
    return verdict


def test_right_sentences_pass(library: Library, cases: tuple[list[tuple[str, Claim]], ...]) -> None:
    rights = cases[0]
    flagged = [c.text for p, c in rights if not check(library, c.text, 1, p).supported]
    assert len(rights) > 150
    assert len(flagged) <= 0.03 * len(rights), flagged


@pytest.mark.parametrize("wrong", WRONGS)
def test_wrong_sentences_are_caught(
    library: Library, cases: tuple[list[tuple[str, Claim]], ...], wrong: Wrong
) -> None:
    made_wrong = [(p, c) for p, c in cases[1] if c.wrong == wrong]
    missed = [c.text for p, c in made_wrong if check(library, c.text, 1, p).supported]
    assert len(made_wrong) >= 40
    assert len(missed) <= 0.05 * len(made_wrong), missed


def test_the_wrong_passage_is_caught(
    library: Library, cases: tuple[list[tuple[str, Claim]], ...]
) -> None:
    rights = cases[0][:150]
    others = [p for p, _ in rights]
    missed = [
        c.text
        for i, (p, c) in enumerate(rights)
        if (other := next(o for o in others[i + 1 :] + others if o != p))
        and c.text not in other
        and check(library, c.text, 2, p, other).supported
    ]
    assert len(missed) <= 0.05 * len(rights), missed


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("施工队昨日修好了青石路。", "施工队昨日修好了道路，两旁种上了树。"),
        ("施工队昨日修好了望月桥。", "施工队昨日修好了桥梁，两旁种上了树。"),
    ],
)
def test_a_new_name_is_not_excused_by_its_last_character(
    library: Library, claim: str, passage: str
) -> None:
    assert not check(library, claim, 1, passage).supported
