"""A question → the terms that keyword search looks for.

Words and bigrams are two fields; a word counts once in each. A question in a language that the
articles are not written in is looked up in the lexicon, and its Latin names by their sound
(“Jialu” finds 贾鲁).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from index.asking import asking_weight, is_empty_word, without_asking
from index.keywords import BIGRAMS, SOUNDS, WORDS, AnyOf, Term
from index.patterns import lazy
from index.stems import stem
from index.tokens import Segmenter, bigrams, fold, is_unspaced
from index.variants import HAN_NUMERAL, Numeral, numerals

WORD_WEIGHT, BIGRAM_WEIGHT, SOUND_WEIGHT = 1.0, 0.6, 1.5
TRANSLATION_WEIGHT = 1.0
"""How much a translated word counts beside one of the question's own."""
PART_WEIGHT = 0.5
"""How much a token counts that is only part of a number written another way (万元 of 1万元)."""


if TYPE_CHECKING:
    from index.lexicon import Expansion

_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = lazy("[a-z]")
_FIGURES = lazy("([0-9.,]*[0-9])([万亿]?)|^[a-z]+$")
_DIGITS = lazy(f"[\\d.,]*\\d[万亿]*|[{HAN_NUMERAL}]+(?:点[{HAN_NUMERAL}]+)?")


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
    numbers = _numbers(asked, segmenter)
    translated = bool(terms)
    if numbers:
        terms = [t for t in terms if not _is_date(t, numbers)]
    if "en" not in languages:
        # Among Chinese articles an English word that has a translation matches only by chance.
        for term in terms:
            if term.alternatives and not _HAN.search(term.source):
                end = term.start + len(term.source)
                asked = asked[: term.start] + " " * len(term.source) + asked[end:]
    clauses: list[Term | AnyOf] = [clause for term in terms for clause in _clauses(term)]
    words = dict.fromkeys(stemmed(w) for w in segmenter.words(asked) if not is_empty_word(w))
    pairs = dict.fromkeys(b for b in bigrams(asked) if not is_empty_word(b))
    written = dict.fromkeys(c for n in numbers for c in _any_form(n, segmenter, languages))
    # What the question itself writes of a number is in its clause; 四日 of 十四日 is another one.
    covered = {(t.field, t.token) for clause in written for t in clause.terms[:1]}
    for number in numbers:
        for token in _fragments(number.forms[0], segmenter):
            covered |= {(WORDS, token), (BIGRAMS, token)}
    clauses += [
        Term(WORDS, w, WORD_WEIGHT * asking_weight(w)) for w in words if (WORDS, w) not in covered
    ]
    clauses += [
        Term(BIGRAMS, b, BIGRAM_WEIGHT * asking_weight(b))
        for b in pairs
        if (BIGRAMS, b) not in covered
    ]
    return QueryTerms((*clauses, *written), translated)


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


def _numbers(asked: str, segmenter: Segmenter) -> list[Numeral]:
    """The numbers of a question; what Chinese numerals are part of a word, by jieba, is none."""
    found = numerals(asked)
    if all(n.sure for n in found):
        return found
    tokens = segmenter.tokens(asked)
    edges = {t.start for t in tokens} | {t.end for t in tokens}
    return [n for n in found if n.sure or {n.start, n.end} <= edges]


def _is_date(term: ForeignTerm, numbers: Sequence[Numeral]) -> bool:
    """Whether a word is part of a date, whose forms in all languages are known."""
    end = term.start + len(term.source)
    within = (n for n in numbers if n.start <= term.start and end <= n.end)
    return any(_LATIN.search(form) for n in within for form in n.forms)


def _any_form(number: Numeral, segmenter: Segmenter, languages: set[str]) -> tuple[AnyOf, AnyOf]:
    """A number as a clause of words and one of pairs, in each of which the best form counts."""
    own, *others = number.forms
    if "en" not in languages:
        others = [form for form in others if not _LATIN.search(form)]
    word, pair = _own_tokens(own, segmenter)
    found = [_tokens(form, segmenter) for form in others]
    # 六千 of 六千人 stands before any other measure word, but also within 一万六千.
    bare = [Term(WORDS, _digits(f), PART_WEIGHT) for f in number.forms if is_unspaced(_digits(f))]
    bare = [t for t in dict.fromkeys(bare) if 1 < len(t.token) < 4]
    return (
        AnyOf(tuple(dict.fromkeys((word, *(w for w, _ in found), *bare))), WORDS),
        AnyOf(tuple(dict.fromkeys((pair, *(p for _, p in found)))), BIGRAMS),
    )


def _own_tokens(form: str, segmenter: Segmenter) -> tuple[Term, Term]:
    """The tokens by which the question's own form is found, at full weight."""
    word, pair = _tokens(form, segmenter)
    if pair.field == WORDS:
        pair = Term(BIGRAMS, _pairs(form)[-1])
    return Term(word.field, word.token, WORD_WEIGHT), Term(BIGRAMS, pair.token, BIGRAM_WEIGHT)


def _tokens(form: str, segmenter: Segmenter) -> tuple[Term, Term]:
    """The word and the pair that tell most of a number in this form."""
    figures = _FIGURES.search(form)
    if figures:
        token = figures[1] if not _LATIN.search(form) else form
        if figures[2] and len(token) < 3:  # 1 of 1万元 says little: with 万元 it is the number
            return _both(token, _multiples(form)[-1], PART_WEIGHT)
        return _both(token, token, 1.0)
    digits = _digits(form)
    pairs = _pairs(form)
    if len(digits) > 2 and not set(digits) & set("十百千万亿点"):
        # Of 二〇一六年 jieba makes 二 〇 一 六年: 一六 tells it, and 〇一.
        return Term(BIGRAMS, pairs[-1], WORD_WEIGHT), Term(BIGRAMS, pairs[-2], BIGRAM_WEIGHT)
    words = [w for w in segmenter.words(form) if set(w) & set(digits)]
    longest = max(words, key=lambda w: (digits in w, len(w)), default=form)
    if digits not in longest:
        rest = [p for p in pairs if p not in longest] or pairs
        return _both(longest, rest[-1], PART_WEIGHT)
    if len(digits) > 2:  # 十四 of 二十四日 is another number
        return Term(WORDS, longest, WORD_WEIGHT), Term(WORDS, longest, BIGRAM_WEIGHT)
    return _both(longest, pairs[0], 1.0)


def _both(word: str, pair: str, sure: float) -> tuple[Term, Term]:
    return Term(WORDS, stemmed(word), sure * WORD_WEIGHT), Term(BIGRAMS, pair, sure * BIGRAM_WEIGHT)


def _pairs(form: str) -> list[str]:
    """The pairs of a number's own characters; of a single one those with its neighbours."""
    digits = _digits(form)
    pairs = [p for p in bigrams(form) if set(p) & set(digits) and (len(p) > 1 or p.isascii())]
    return [p for p in pairs if p in digits] or pairs


def _multiples(form: str) -> list[str]:
    """The tokens of 万 or 亿 after figures: 万, 万元."""
    return [b for b in bigrams(form) if b[0] in "万亿"]


def _fragments(form: str, segmenter: Segmenter) -> set[str]:
    """What stands in a number but is another one: 四日 of 十四日, 十 of 十四."""
    digits = _digits(form)
    if not is_unspaced(digits):
        short = len(digits) < 4 and digits[-1] in "万亿"
        return {digits[:-1], *_multiples(form)} if short else set()
    words = segmenter.words(form)
    whole = max((w for w in words if digits in w), key=len, default="")
    # 十四 too: that is also part of 二十四日, while 第三 of 第三条 says the whole.
    parts = (w for w in words if w in whole and set(w) & set(digits))
    inside = {w for w in parts if w in digits or digits not in w}
    return inside | {b for b in bigrams(form) if set(b) & set(digits) and digits not in b} - {
        *_pairs(form)
    }


@lru_cache(maxsize=1024)
def _digits(form: str) -> str:
    """The characters of a form that are the number itself; all of a month's name."""
    found = max(_DIGITS.findall(form), key=len, default="")
    return found or form
