"""A question → the terms that keyword search looks for, and a passage → the tokens it is found by.

Words and bigrams are two fields; a word counts once in each. A question in a language that the
articles are not written in is looked up in the lexicon, and its Latin names by their sound
(“Jialu” finds 贾鲁).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.asking import is_empty_word, without_asking
from index.keywords import BIGRAMS, SOUNDS, WORDS, AnyOf, KeywordDoc, Term
from index.stems import stem
from index.tokens import Segmenter, bigrams, fold, is_unspaced

WORD_WEIGHT, BIGRAM_WEIGHT, SOUND_WEIGHT = 1.0, 0.6, 1.5
TRANSLATION_WEIGHT = 1.0
"""How much a translated word counts beside one of the question's own."""


if TYPE_CHECKING:
    from index.lexicon import Expansion

_HAN = re.compile("[\u3400-\u9fff]")


Sounds = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class ForeignTerm:
    """A word of the question in the articles' language.

    ``alternatives`` are forms with weights (0–1), any of which stands for the word. ``sounds`` are
    keys of the sound field, likewise, for each pair of a name's syllables. ``parts`` are forms of
    the single words of a phrase.
    """

    source: str
    start: int
    alternatives: tuple[tuple[str, float], ...]
    sounds: tuple[Sounds, ...] = ()
    parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """What a question looks for: clauses for the keyword index, and whether words were translated."""

    clauses: tuple[Term | AnyOf, ...]
    translated: bool = False


def query_terms(question: str, segmenter: Segmenter, languages: set[str]) -> QueryTerms:
    """The terms of a question for a library whose articles are in these languages."""
    terms = expand(question, languages)
    asked = without_asking(question)
    if "en" not in languages:
        # Among Chinese articles an English word that has a translation matches only by chance.
        for term in terms:
            if term.alternatives and not _HAN.search(term.source):
                end = term.start + len(term.source)
                asked = asked[: term.start] + " " * len(term.source) + asked[end:]
    clauses: list[Term | AnyOf] = [clause for term in terms for clause in _clauses(term)]
    words = dict.fromkeys(stemmed(w) for w in segmenter.words(asked) if not is_empty_word(w))
    clauses += [Term(WORDS, w, WORD_WEIGHT) for w in words]
    pairs = dict.fromkeys(b for b in bigrams(asked) if not is_empty_word(b))
    clauses += [Term(BIGRAMS, b, BIGRAM_WEIGHT) for b in pairs]
    return QueryTerms(tuple(clauses), bool(terms))


def keyword_doc(number: int, text: str, segmenter: Segmenter) -> KeywordDoc:
    """A passage as the keyword index takes it."""
    from index.lexicon import sound_keys

    words = [stemmed(word) for word in segmenter.words(text)]
    return KeywordDoc(number, words, bigrams(text), sound_keys(text))


def stemmed(word: str) -> str:
    """A word of Latin letters by its stem, any other as it is."""
    return stem(word) if word[0].isascii() and word.isalpha() else word


def expand(question: str, languages: set[str]) -> list[ForeignTerm]:
    """The words of a question in the language of the articles; empty when they share one."""
    from index.lexicon import Lexicon, sound_queries

    has_han = bool(_HAN.search(question))
    if has_han and "en" in languages:
        found = Lexicon.load().translate_to_english(question)
    elif not has_han and any(language.startswith("zh") for language in languages):
        found = Lexicon.load().translate_to_chinese(question)
    else:
        return []
    names: dict[tuple[int, int], list[Sounds]] = {}
    for sound in sound_queries(question):
        names.setdefault((sound.start, sound.end), []).append(sound.alternatives)
    terms = [
        ForeignTerm(question[a:b], a, _inside(found, a, b), tuple(keys))
        for (a, b), keys in names.items()
    ]
    terms += [
        ForeignTerm(e.source, e.start, e.alternatives, parts=_parts(e))
        for e in found
        if not any(a <= e.start and e.end <= b for a, b in names)
    ]
    return sorted(terms, key=lambda t: t.start)


def _inside(found: Sequence[Expansion], start: int, end: int) -> tuple[tuple[str, float], ...]:
    """Translations of a whole name; those of one word of a longer name are not it."""
    return tuple(form for e in found if (e.start, e.end) == (start, end) for form in e.alternatives)


def _parts(expansion: Expansion) -> tuple[tuple[str, float], ...]:
    return tuple(form for part in expansion.parts for form in part.alternatives)


def _clauses(term: ForeignTerm) -> Iterator[AnyOf]:
    forms = tuple(_form(form, p) for form, p in term.alternatives)
    heard = [tuple(Term(SOUNDS, key, SOUND_WEIGHT * p) for key, p in keys) for keys in term.sounds]
    yield AnyOf((*forms, *(heard[0] if heard else ())))
    yield from (AnyOf(keys) for keys in heard[1:])
    if term.parts:
        yield AnyOf(tuple(_form(form, p) for form, p in term.parts))


def _form(form: str, p: float) -> Term:
    field = BIGRAMS if is_unspaced(form) and len(form) < 3 else WORDS
    return Term(field, stemmed(fold(form)), TRANSLATION_WEIGHT * p)
