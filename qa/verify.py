"""Is a sentence borne out by what it cites? Nothing is shown as supported that was not checked here."""

from __future__ import annotations

from collections.abc import Iterable

from index.types import Article
from qa.types import Citation


def quote_is_exact(citation: Citation, article: Article | None) -> bool:
    """Whether a citation's quote is the article's own characters at the place it names."""
    return (
        article is not None
        and article.id == citation.article_id
        and 0 <= citation.start < citation.end <= len(article.text)
        and article.text[citation.start : citation.end] == citation.quote
    )


def is_supported(sentence: str, citations: Iterable[Citation]) -> bool:
    """Whether a sentence stands, to the letter, in one of the quotes that it cites.

    Sentences in other words than the article's are not supported yet.
    """
    return any(sentence in c.quote for c in citations)
