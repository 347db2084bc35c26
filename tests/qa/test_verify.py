"""Nothing counts as supported that does not stand, to the letter, where the citation says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.types import Article, Origin
from qa.compose import cite
from qa.quoting import is_supported, quote_is_exact

ARTICLE = Article("a1", "开工", "工程投资4200万元。\n明年完工。", "zh", "news.txt", Origin(1, 2))


def test_a_true_quote_is_exact() -> None:
    citation = cite(ARTICLE, (0, 11), 1)
    assert citation.quote == "工程投资4200万元。"
    assert quote_is_exact(citation, ARTICLE)


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "工程投资4300万元。"},
        {"quote": "工程投资4200万元"},
        {"quote": ""},
        {"start": 1},
        {"end": 12},
        {"start": -18, "end": -7},
        {"start": 11, "end": 11, "quote": ""},
        {"end": 99},
        {"article_id": "a2"},
    ],
)
def test_a_tampered_quote_is_not(change: dict[str, int | str]) -> None:
    citation = replace(cite(ARTICLE, (0, 11), 1), **change)  # type: ignore[arg-type]
    assert not quote_is_exact(citation, ARTICLE)


def test_a_quote_of_no_article_is_not() -> None:
    assert not quote_is_exact(cite(ARTICLE, (0, 11), 1), None)


def test_a_sentence_is_supported_by_one_of_its_quotes() -> None:
    quotes = [cite(ARTICLE, (0, 11), 1), cite(ARTICLE, (12, 17), 2)]
    assert is_supported("明年完工。", quotes)
    assert not is_supported("明年不完工。", quotes)
    assert not is_supported("工程投资4200万元。明年完工。", quotes)
    assert not is_supported("明年完工。", [])


@given(st.text(min_size=1), st.data())
def test_every_span_of_any_text_can_be_cited(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    article = replace(ARTICLE, text=text)
    citation = cite(article, (start, end), 1)
    assert quote_is_exact(citation, article)
    assert is_supported(citation.quote, [citation])
    other = data.draw(st.text(min_size=1, max_size=len(text) + 2))
    assume(other != citation.quote)
    assert not quote_is_exact(replace(citation, quote=other), article)
