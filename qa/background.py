"""What is known of a thing when the fact that was asked of it is not: quoted, never an answer.

“贾鲁河治理总投资是多少” is refused where no article says it; but articles speak of 贾鲁河治理, and what
they say is shown beside the refusal. Nothing is where the articles do not speak of the thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.library import Library
from index.sentences import Span, sentence_spans
from index.tokens import bigrams, is_unspaced
from index.types import Filters, Hit
from prompts import render
from qa import topic
from qa.compose import cite
from qa.matching import FoldedText, match, question_terms
from qa.question import Kind, Question
from qa.topic import Word
from qa.types import Background

SENTENCES, OF_ONE = 3, 2
"""Sentences that are quoted at most, and of one article at most."""
WORTH = 0.7
"""Share of the best sentence's words of the thing that another must hold to be quoted too."""
HELD, HELD_FOREIGN = 0.9, 0.5
"""How surely a text must hold a word, or the translation of one, to be said to hold it."""
TITLE = 0.3
"""What a word of the thing counts that stands in the article's title, beside 1 in the sentence."""
ALIKE = 0.8
"""Share of the shorter sentence's pairs of characters from which on two say the same."""
_LOOKED_AT = 12  # passages, the best of the search
_BY_NAME = 4  # passages looked for by the name alone, where the question led to none
_SHORT = 12  # characters of a sentence that says too little by itself
_HINT = 0.3  # a word that an article may have in other words is not said to be missing
# Kinds of which it can be said what exactly is missing; of others an article may have it otherwise.
_NAMED = (Kind.NUMBER, Kind.MONEY, Kind.PERSON, Kind.OFFICE, Kind.PLACE, Kind.DATE)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence that was found, and which of the question's words it and its title hold."""

    hit: Hit
    span: Span
    own: tuple[bool, ...]
    title: tuple[bool, ...]

    @property
    def near(self) -> tuple[bool, ...]:
        """What either of them holds."""
        return tuple(o or t for o, t in zip(self.own, self.title, strict=True))

    @property
    def text(self) -> str:
        return self.hit.article.text[slice(*self.span)]


def background(
    question: Question,
    hits: Sequence[Hit],
    library: Library,
    where: Filters | None = None,
    *,
    further: bool = True,
) -> Background | None:
    """What the articles that were found say of the thing asked about; None if they do not speak
    of it, or if the question is about no one thing.

    ``where`` is what was searched; names that the hits do not hold are looked for there, unless
    not ``further``.
    """
    if question.kind is Kind.ARTICLES or not hits:
        return None
    near = hits[:_LOOKED_AT]
    texts = [a.text for a in {h.article.id: h.article for h in near}.values()]
    words = topic.words(question, question_terms(question, library, texts), library)
    own = [w for w in words if w.start >= question.context]
    # A question that leans on the talk may name its thing itself; else the talk has named it.
    for said in (own, words) if len(own) < len(words) else (words,):
        sentences = list(_sentences(near, said))
        if further:
            sentences += _by_name(said, sentences, library, where)
        if (found := _known(question, said, sentences)) is not None:
            return found
    return None


def _by_name(
    words: Sequence[Word], sentences: Sequence[_Sentence], library: Library, where: Filters | None
) -> Iterator[_Sentence]:
    """Sentences on names that none of the others hold: the words that ask led elsewhere, but the
    thing itself may be spoken of."""
    names = [w for i, w in enumerate(words) if w.name and not any(s.near[i] for s in sentences)]
    if names and all(w.term.known for w in names):
        asked = " ".join(w.term.word for w in names)
        yield from _sentences(library.search(asked, k=_BY_NAME, mode="keyword", where=where), words)


def _known(
    question: Question, words: Sequence[Word], sentences: Sequence[_Sentence]
) -> Background | None:
    """What is said of the thing that some of these words name."""
    span = _thing(question, words, sentences)
    if span is None:
        return None
    inside = [w.within(span) for w in words]
    shown = topic.name_of(question.text, span)
    quoted = _quoted(sentences, words, inside)
    missing = _missing(question, span, words, inside, sentences)
    citations = tuple(
        cite(s.hit.article, s.span, i, s.hit.reprints) for i, s in enumerate(quoted, start=1)
    )
    text = render("background", question.language, thing=shown, missing=missing)
    return Background(shown, missing, text, citations)


def _sentences(hits: Sequence[Hit], words: Sequence[Word]) -> Iterator[_Sentence]:
    """The sentences of the passages that were found, each once."""
    seen: set[tuple[str, int]] = set()
    titles: dict[str, list[bool]] = {}
    for hit in hits:
        article, passage = hit.article, hit.passage
        if article.id not in titles:
            titles[article.id] = _row(words, f"{article.kicker} {article.title}")
        for span in _whole(article.text, sentence_spans(article.text, passage.start, passage.end)):
            byline = article.byline_span or (0, 0)
            said = span[1] - span[0] - max(0, min(span[1], byline[1]) - max(span[0], byline[0]))
            if (article.id, span[0]) in seen or said < _SHORT:
                continue
            seen.add((article.id, span[0]))
            own = _row(words, article.text[slice(*span)])
            yield _Sentence(hit, span, tuple(own), tuple(titles[article.id]))


def _whole(text: str, spans: Sequence[Span]) -> list[Span]:
    """Sentences, a very short one (校长焦玉琴说。) with the one of its paragraph before it."""
    found: list[Span] = []
    for start, end in spans:
        if found and end - start < _SHORT and "\n" not in text[found[-1][1] : start]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _row(words: Sequence[Word], text: str) -> list[bool]:
    folded = FoldedText(text)
    return [
        match(w.term, folded) >= (HELD if is_unspaced(w.term.word) else HELD_FOREIGN) for w in words
    ]


def _weight(words: Sequence[Word], held: Sequence[bool]) -> float:
    return sum(w.term.weight for w, h in zip(words, held, strict=True) if h)


def _thing(
    question: Question, words: Sequence[Word], sentences: Sequence[_Sentence]
) -> Span | None:
    """The run of words that names the thing, as the sentences have it that hold most of it."""
    tried: set[tuple[bool, ...]] = set()
    for s in sorted(sentences, key=lambda s: _weight(words, s.near) + _weight(words, s.own))[::-1]:
        if s.near + s.own in tried:
            continue
        tried.add(s.near + s.own)
        span = topic.thing(question, words, s.near, s.own)
        if span:
            return span
    return None


def _quoted(
    sentences: Sequence[_Sentence], words: Sequence[Word], inside: Sequence[bool]
) -> list[_Sentence]:
    """The sentences that hold most of the thing, none saying what another said."""

    def holds(s: _Sentence) -> float:
        own = [a and b for a, b in zip(s.own, inside, strict=True)]
        title = [a and b for a, b in zip(s.title, inside, strict=True)]
        if any(w.name and b and not a for w, a, b in zip(words, s.near, inside, strict=True)):
            return 0.0  # of another school than 石桥小学
        return (_weight(words, own) + TITLE * _weight(words, title)) * any(own)

    ranked = sorted(sentences, key=holds, reverse=True)
    taken: list[_Sentence] = []
    for s in ranked:
        if len(taken) == SENTENCES or holds(s) < WORTH * holds(ranked[0]):
            break
        if sum(t.hit.article.id == s.hit.article.id for t in taken) == OF_ONE:
            continue
        pairs = set(bigrams(s.text))
        told = (set(bigrams(t.text)) for t in taken)
        if any(len(pairs & t) >= ALIKE * max(1, min(len(pairs), len(t))) for t in told):
            continue
        taken.append(s)
    order = {a: i for i, a in enumerate(dict.fromkeys(t.hit.article.id for t in taken))}
    return sorted(taken, key=lambda s: (order[s.hit.article.id], s.span))


def _missing(
    question: Question,
    thing: Span,
    words: Sequence[Word],
    inside: Sequence[bool],
    sentences: Sequence[_Sentence],
) -> str:
    """What is asked of the thing, in the question's words; "" unless it is plain what that is, and
    no sentence on the thing has it in any words."""
    fact = topic.fact(question, words, thing)
    # Of which time it was asked is not looked at: what is missing may be there, of another time.
    if fact is None or topic.of_a_time(question) or question.kind not in _NAMED:
        return ""
    *_, last = (w for w in words if w.within(fact))
    rest = any(not here and not w.within(fact) for w, here in zip(words, inside, strict=True))
    if rest or not (last.noun or question.folded[fact[1] : fact[1] + 1] in ("是", "为")):
        return ""  # 一年**纳税**多少: a doing is not what is missing
    for s in sentences:
        on_it = all(
            near for near, w, here in zip(s.near, words, inside, strict=True) if here and w.noun
        )
        if on_it and match(last.term, FoldedText(s.text)) >= _HINT:
            return ""
    return question.text[slice(*fact)]
