"""Is a quote the article's own, and does a sentence stand in it to the letter?"""

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

    So do the sentences of an extractive answer; those in other words are for ``Verifier``.
    """
    return any(sentence in c.quote for c in citations)
