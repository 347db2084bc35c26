"""Terms and filters as queries of tantivy."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from index.keywords.terms import BIGRAMS, SOUNDS, WORDS, AnyOf, Term
from index.types import Filters

DAY, LABELS = "day", "labels"
"""The fields that filters go by."""
POSTINGS = 400_000
"""Occurrences of its terms, one a passage, that a search looks through at most."""
WITH_CHOICES = 300_000
"""The same where terms have alternatives: then none can be passed over."""


@lru_cache(maxsize=1)
def schema() -> Any:
    """The fields of the index."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field(DAY, indexed=True, fast=True)
    builder.add_text_field(LABELS, tokenizer_name="raw", index_option="basic")
    for name in (WORDS, BIGRAMS, SOUNDS):
        builder.add_text_field(name, tokenizer_name="tokens", index_option="freq")
    return builder.build()


def query_of(term: Term | AnyOf) -> Any:
    """A term as tantivy takes it; None when it can find nothing."""
    import tantivy

    if isinstance(term, AnyOf):
        parts = [query for t in term.terms if (query := query_of(t))]
        return tantivy.Query.disjunction_max_query(parts) if parts else None
    if term.weight <= 0:
        return None
    query = tantivy.Query.term_query(schema(), term.field, term.token, index_option="freq")
    return query if term.weight == 1.0 else tantivy.Query.boost_query(query, term.weight)


def among(where: Filters) -> Iterator[Any]:
    """A filter as clauses that all must fit and that score nothing."""
    import tantivy

    fields = schema()
    if where.since or where.until:
        yield tantivy.Query.const_score_query(
            tantivy.Query.range_query(
                fields,
                DAY,
                tantivy.FieldType.Integer,
                lower_bound=where.since.toordinal() if where.since else 0,
                upper_bound=where.until.toordinal() if where.until else 10**7,
            ),
            0.0,
        )
    for kind, labels in (("n:", where.persons), ("s:", where.sections), ("f:", where.sources)):
        if labels:
            each = [
                tantivy.Query.term_query(
                    fields, LABELS, kind + (label.rstrip(os.sep) or label), index_option="basic"
                )
                for label in labels
            ]
            any_of = tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in each])
            yield tantivy.Query.const_score_query(any_of, 0.0)


def affordable(
    terms: list[Term | AnyOf], passages: int, frequency: Callable[[Term], int]
) -> list[Term | AnyOf]:
    """The terms but those that a large library's passages hold by the hundred thousand.

    Looking through them is what takes the time, and they tell passages apart least: on 355,600
    passages a limit of a fifth of them kept 99.9 % of the first ten and took 42 % of the time.
    Of alternatives those go that cannot be afforded (2 beside 二年).
    """
    if passages * len(terms) <= WITH_CHOICES:
        return terms
    each = {t for term in terms for t in (term.terms if isinstance(term, AnyOf) else (term,))}
    held = {t: frequency(t) for t in each}
    limit = POSTINGS if all(isinstance(t, Term) for t in terms) else WITH_CHOICES
    spent, kept = 0, set[Term]()
    for term in sorted(each, key=lambda t: (held[t], t.field, t.token)):
        spent += held[term]
        if spent > limit and kept:
            break
        kept.add(term)
    return [cut for term in terms if (cut := _only(term, kept))]


def _only(term: Term | AnyOf, kept: set[Term]) -> Term | AnyOf | None:
    if isinstance(term, Term):
        return term if term in kept else None
    left = tuple(t for t in term.terms if t in kept)
    return AnyOf(left, term.field) if len(left) > 1 else next(iter(left), None)
