"""Which of a question's words a stretch of text holds, and how much that says.

A word matches by itself, by the characters it is made of (jieba may cut the same name in two
ways), by its translations, or, for a Latin name in Chinese text, by its sound.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.asking import is_empty_word
from index.frequencies import salience
from index.keywords import BIGRAMS, SOUNDS, WORDS
from index.lexicon import Lexicon, pinyin_keys, stem
from index.library import Library
from index.patterns import lazy
from index.query import Sounds, stemmed
from index.tokens import fold, is_unspaced
from qa.entities import NAME, OFFICE_WORD, SURNAMES
from qa.names import is_place, people_in
from qa.question import CATEGORIES, Kind, Question, asking_spans
from qa.synonyms import synonyms

_PARTIAL = 0.75  # a word of which only some pairs of characters are found counts at most this
_SOUND = 0.9
_TRANSLATED = 0.8  # a word of the question found in another language
_PART = 0.5  # a single word of a phrase that is translated as a whole
_UNTRANSLATED = 0.4  # weight left to a foreign word of whose translations none is in the library
_BY_THE_ASKING = 1.3  # 汇报了**什么**, 由**谁**带队: what is asked about the thing
_UNKNOWN_VERB, _UNKNOWN_REST = 0.5, 0.25  # what an unknown word that is no noun still weighs
_BOUND = 0.2  # share of the rarer piece's passages in which two pieces must stand together
_CONTEXT = 0.4  # a word taken over from an earlier turn
_OFFICE_END = lazy(
    "(?:书记|主席|经理|董事长|主任|总裁|[省市区县乡镇局处科部院校所会组队园馆厂站行]长|秘书长|理事长)$"
)
_QUOTED = lazy('[“「『"《]([^”」』"》]{2,16})[”」』"》]')
_NUMERAL = lazy("[〇零一二两三四五六七八九十几\\d]+[个项点条位名次方大件种]?面?$")


@dataclass(frozen=True, slots=True)
class QuestionTerm:
    """A word of the question: what it weighs, what may stand for it, whether it is asked for.

    ``forms`` are folded strings with how sure each is (0–1); ``sounds`` likewise are sound keys.
    """

    word: str
    weight: float
    forms: tuple[tuple[str, float], ...]
    sounds: tuple[Sounds, ...] = ()
    focus: bool = False
    known: bool = True
    context: bool = False
    asked: bool = False
    person: bool = False
    place: bool = False


class FoldedText:
    """A stretch of an article made ready for matching."""

    __slots__ = ("_sounds", "_stems", "folded")

    def __init__(self, text: str) -> None:
        self.folded = fold(text)
        self._sounds: frozenset[str] | None = None
        self._stems: frozenset[str] | None = None

    def sounds(self) -> frozenset[str]:
        """The pinyin keys of its Chinese characters."""
        if self._sounds is None:
            from index.lexicon import sound_keys

            self._sounds = frozenset(sound_keys(self.folded))
        return self._sounds

    def stems(self) -> frozenset[str]:
        """The stems of its words that are written in letters."""
        if self._stems is None:
            self._stems = frozenset(stem(w) for w in re.findall(r"[^\W\d_]+", self.folded))
        return self._stems


def match(term: QuestionTerm, text: FoldedText) -> float:
    """How surely a text holds a word of the question, 0 to 1."""
    best = 0.0
    for form, p in term.forms:
        if p > best:  # a form never counts more than it is sure
            best = max(best, p * _match_form(form, text))
    if term.sounds and best < _SOUND:
        heard = [
            max((p for k, p in keys if k in text.sounds()), default=0.0) for keys in term.sounds
        ]
        best = max(best, _SOUND * sum(heard) / len(heard) if min(heard) > 0 else 0.0)
    return best


def coverage(terms: Sequence[QuestionTerm], matches: Sequence[float]) -> float:
    """The share of the question, by weight, that is matched: 0 to 1."""
    total = sum(t.weight for t in terms)
    return sum(t.weight * m for t, m in zip(terms, matches, strict=True)) / total if total else 0.0


def unheard_of(terms: Sequence[QuestionTerm], matches: Sequence[float]) -> float:
    """The share of the question, by weight, that no article has: 0 to 1. ``matches`` are those of
    the article in hand: what it has in another cut the library has."""
    return coverage(terms, [0.0 if t.known else 1 - m for t, m in zip(terms, matches, strict=True)])


_BARE = (Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.PLACE)


def question_terms(
    question: Question, library: Library, texts: Sequence[str] = ()
) -> list[QuestionTerm]:
    """The words that a question is about, weighed for this library, translated where needed.

    ``texts`` are articles that may answer: they show which characters are a person's name.
    """
    if question.language not in ("zh", "ja") and (terms := _foreign_terms(question, library)):
        return terms
    in_english = "en" in library.languages()
    passages = library.passages()
    asking = asking_spans(question) or _noun_that_asks(question)
    quoted = [m.span(1) for m in _QUOTED.finditer(question.folded)]
    people = people_in(question.about, library.segmenter, texts)
    whole = quoted + [p for p in people if not any(a < p[1] and p[0] < b for a, b in quoted)]
    tags = _tags(question.about, library)
    found: dict[str, QuestionTerm] = {}
    for word, start in question_words(question.about, whole, library):
        if word in found:
            continue
        held = _passages_with(word, library)
        focus = question.focus is not None and question.focus[0] <= start < question.focus[1]
        weight = salience(word, held, passages) * _emphasis(word, start, quoted)
        if not held and not any(a <= start < b for a, b in whole):
            category = focus and word in CATEGORIES
            weight *= _UNKNOWN_REST if category else _unknown_weight(tags[start])
        asked = any(0 <= a - start - len(word) <= 1 or 0 <= start - b <= 1 for a, b in asking)
        weight *= _BY_THE_ASKING if asked else 1.0
        named = any(a <= start < b for a, b in whole)
        alike = () if named else synonyms(word)
        context = start < question.context
        weight *= _CONTEXT if context else 1.0
        found[word] = QuestionTerm(
            word,
            weight,
            ((word, 1.0), *alike, *_as_introduced(word), *(_english(word) if in_english else ())),
            sounds=_sounds(word) if in_english and named else (),
            focus=focus,
            known=held > 0,
            context=context,
            asked=asked,
            person=any(a == start for a, _ in people),
            place=is_place(word, library.segmenter),
        )
    return list(found.values())


def _noun_that_asks(question: Question) -> list[tuple[int, int]]:
    """Where no word asks, the end of the question: its last noun does (供水公司**电话**)."""
    if question.language != "zh" or question.kind not in _BARE:
        return []
    end = len(question.folded.rstrip("?.!。:；; "))
    return [(end, end)]


def _tags(about: str, library: Library) -> list[str]:
    """jieba's part of speech for each character of a question."""
    return [tag for word, tag in library.segmenter.tagged(about) for _ in word]


def _unknown_weight(tag: str) -> float:
    """What a word weighs that the library does not have, by its part of speech.

    A thing that no article mentions (总投资) is missing evidence; a turn of phrase that none of
    them uses (算是, 号召) is only another way to ask.
    """
    if tag.startswith(("n", "j", "e", "vn", "i", "l", "t", "x", "z")):
        return 1.0
    return _UNKNOWN_VERB if tag.startswith(("v", "a")) else _UNKNOWN_REST


def question_words(
    about: str, whole: Sequence[tuple[int, int]], library: Library
) -> list[tuple[str, int]]:
    """The words of a question with their places; ``whole`` are spans not to be cut.

    jieba guesses at words it does not know, and in a short question it guesses wrong (“互查组由”
    becomes 互查 and 组由). A guess that the library does not hold is cut again, by dictionary
    alone, and single characters are joined to their neighbours where the library joins them.
    """
    words: list[tuple[str, int]] = []
    pieces: list[tuple[str, int]] = []
    for token in library.segmenter.tokens(about):
        if any(a < token.end and token.start < b for a, b in whole):
            pieces += _outside(token.word, token.start, whole)
            continue
        at = token.start
        for part in _recut(token.word, library):
            pieces.append((part, at))
            at += len(part)
    for word, start in pieces:
        if is_empty_word(word):
            continue
        if (
            words
            and (before := words[-1])[1] + len(before[0]) == start
            and _joins(before[0], word, library)
        ):
            words[-1] = (before[0] + word, before[1])
        else:
            words.append((word, start))
    return [(about[a:b], a) for a, b in whole] + words


def _outside(word: str, start: int, whole: Sequence[tuple[int, int]]) -> list[tuple[str, int]]:
    """The characters of a word that do not belong to a span kept whole."""
    return [
        (char, start + i)
        for i, char in enumerate(word)
        if not any(a <= start + i < b for a, b in whole)
    ]


def _recut(word: str, library: Library) -> list[str]:
    segmenter = library.segmenter
    if not is_unspaced(word) or segmenter.in_dictionary(word):
        return [word]
    tag = segmenter.tagged(word)
    if len(tag) == 1 and tag[0][1].startswith("nr") and re.match(NAME + "$", word):
        return [word]  # a person, known to the library or not
    return segmenter.dictionary_words(word)


def _joins(before: str, word: str, library: Library) -> bool:
    """Whether two pieces, one of them a single character, are one word in the library."""
    if before == "副" or word == "副":
        return before == "副"  # 区委 | 副书记
    if min(len(before), len(word)) > 1 or not (is_unspaced(before) and is_unspaced(word)):
        return False
    if _NUMERAL.match(before) or _NUMERAL.match(word):
        return False
    together = library.document_frequency(BIGRAMS, before[-1] + word[0])
    return together >= max(1.0, _BOUND * min(_passages_with(w, library) for w in (before, word)))


def _emphasis(word: str, start: int, quoted: Sequence[tuple[int, int]]) -> float:
    """What a word's form says of its weight beyond how rare it is."""
    if any(a <= start < b for a, b in quoted):
        return 1.5
    if _NUMERAL.match(word):
        return 0.3
    return 0.4 if len(word) == 1 and is_unspaced(word) else 1.0


def _passages_with(word: str, library: Library) -> int:
    """In how many passages a word stands, cut by jieba or not."""
    held = library.document_frequency(WORDS, stemmed(word))
    if is_unspaced(word) and len(word) > 1:
        pairs = [word[i : i + 2] for i in range(len(word) - 1)]
        held = max(held, min(library.document_frequency(BIGRAMS, p) for p in pairs))
    elif is_unspaced(word):
        held = library.document_frequency(BIGRAMS, word)
    return held


def _foreign_terms(question: Question, library: Library) -> list[QuestionTerm]:
    """Terms of a question whose words must be translated; empty when they need not be."""
    expansions = library.expansions(question.text)
    if not expansions:
        return []
    passages = library.passages()
    terms = []
    for e in expansions:
        own = fold(e.source)
        if is_empty_word(own):
            continue
        forms = ((own, 1.0), *e.alternatives, *((form, _PART * p) for form, p in e.parts))
        held = max(_passages_with(form, library) for form, p in forms if p >= _PART)
        heard = min(
            (max(library.document_frequency(SOUNDS, k) for k, _ in keys) for keys in e.sounds),
            default=0,
        )
        weight = salience(forms[1][0] if e.alternatives else own, max(held, heard), passages)
        known = held + heard > 0
        weight *= 1.0 if known or e.sounds else _UNTRANSLATED
        weight *= _CONTEXT if e.start < question.context else 1.0
        terms.append(
            QuestionTerm(
                own, weight, forms, e.sounds, known=known, context=e.start < question.context
            )
        )
    return terms


def is_office(word: str) -> bool:
    """Whether a word is an office (主席, 组长), no person's title (陈书记)."""
    return bool(_OFFICE_END.search(word)) and not _as_introduced(word)


def _english(word: str) -> tuple[tuple[str, float], ...]:
    """A Chinese word in English, for the library's English articles."""
    known = Lexicon.load().english(word) or ()
    return tuple((fold(form), _TRANSLATED * p) for form, p in known)


def _sounds(name: str) -> tuple[Sounds, ...]:
    """A Chinese name as English articles spell it: 王玉红, Wang Yuhong."""
    return tuple(((key, 1.0),) for key in pinyin_keys(name))


def _as_introduced(word: str) -> tuple[tuple[str, float], ...]:
    """“陈书记” as articles write it: 书记陈…"""
    match = re.match(rf"([{SURNAMES}])({OFFICE_WORD})$", word)
    return ((match.group(2) + match.group(1), 1.0),) if match else ()


@lru_cache(maxsize=4096)
def _unspaced(form: str) -> tuple[bool, re.Pattern[str] | None, tuple[str, ...]]:
    """Whether a form is written without spaces; if it is an office, its pattern; its pairs of
    characters, if it is long enough to be known by some of them."""
    if not is_unspaced(form):
        return False, None, ()
    office = _OFFICE_END.search(form) and "副" not in form
    pairs = tuple(form[i : i + 2] for i in range(len(form) - 1)) if len(form) > 2 else ()
    return True, re.compile(rf"(?<!副){re.escape(form)}") if office else None, pairs


def _match_form(form: str, text: FoldedText) -> float:
    unspaced, office, pairs = _unspaced(form)
    if unspaced:
        folded = text.folded
        if office is not None:
            return 1.0 if office.search(folded) else 0.0
        if form in folded:
            return 1.0
        return _PARTIAL * sum([pair in folded for pair in pairs]) / len(pairs) if pairs else 0.0
    if form.isalpha() and stem(form) in text.stems():
        return 1.0
    if form not in text.folded:
        return 0.0
    whole = rf"(?<![\w.,]){re.escape(form)}(?![\w]|[.,]\d)|{re.escape(form)}(?=[\u3400-\u9fff])"
    if re.search(whole, text.folded):
        return 1.0
    return 0.5 if len(form) > 2 and form.isalpha() else 0.0
