"""A follow-up question → one that stands by itself, from the turns before it. No model.

“谁到贾鲁河现场督导” … “她提出了哪些要求” → “到贾鲁河现场督导，王玉红提出了哪些要求”
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.asking import is_empty_word, without_asking
from index.library import Library
from index.patterns import lazy
from index.tokens import fold
from qa.entities import NAME, offices, persons
from qa.names import people_in
from qa.question import Kind, analyse
from qa.types import Status, Turn

_PERSON = lazy(r"(?<!其)(?:他们|她们|[他她])(?!人)")
_THING = lazy(
    r"(?<![其])(?:它们?)|这(?:个|项|次|件|些|篇|场|条|一)?|那(?:个|项|次|件|些|篇|场|条)|该(?:[区项会河镇县市])?|上述|前者|后者"
)
_THEN = lazy(r"^(?:那么?|还有|另外|除此之外|然后|接着|再|此外)")
_SAME_OF = lazy(r"^那?么?(?P<other>[^，,。？?]{1,12}?)呢[?？]?$")
_ENGLISH_PRONOUN = lazy(
    r"\b(?:he|she|they|it|his|her|their|its|him|them|this|that|these|those|there)\b", re.IGNORECASE
)
_ENGLISH_THEN = lazy(r"^(?:and|what about|how about|why\??$|what else)", re.IGNORECASE)


_PARTS = 3  # of earlier questions that are taken over


@dataclass(frozen=True, slots=True)
class Resolved:
    """A self-contained question, and the articles that the talk was about.

    ``text[:context]`` was taken over from earlier turns.
    """

    text: str
    prefer: tuple[str, ...] = ()
    context: int = 0


def resolve(question: str, turns: Sequence[Turn], library: Library) -> Resolved:
    """Make a question self-contained; one that is, or has nothing before it, stays as it is."""
    if not turns:
        return Resolved(question)
    last = next(
        (t for t in reversed(turns) if t.answer.status is not Status.NO_EVIDENCE), turns[-1]
    )
    earlier = last.answer.resolved or last.question
    prefer = tuple(c.article_id for c in last.answer.citations)
    cited = [a for i in dict.fromkeys(prefer) if (a := library.article(i))]
    texts = [f"{a.title}\n{a.text}" for a in cited]
    folded = fold(question)
    other = _SAME_OF.match(folded)
    if other and (swapped := _swap(earlier, question[slice(*other.span("other"))], texts, library)):
        return Resolved(swapped, prefer)
    person = _PERSON.search(folded)
    if person:
        name = _person_of(last, library)
        text = question[: person.start()] + (name or "") + question[person.end() :]
        return _joined(earlier, text, prefer, name)
    if analyse(question).language == "en":
        leans = bool(_ENGLISH_PRONOUN.search(folded) or _ENGLISH_THEN.match(folded))
    else:
        leans = bool(
            _THEN.match(folded) or _THING.search(folded) or _is_elliptic(folded, texts, library)
        )
    return _joined(earlier, question, prefer) if leans else Resolved(question)


def _joined(earlier: str, question: str, prefer: tuple[str, ...], name: str = "") -> Resolved:
    """What the earlier question was about, then the new question."""
    about = without_asking(earlier)
    about = re.sub(r"(?<= )[年天月日个名位家次项条种点件]", " ", about)  # 几**年**, 多少**名**
    kept = re.sub(r"[?？。！!]+", " ", "".join(map(_kept, earlier, about)))
    kept = _shortened(kept)
    kept = re.sub(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])", "", kept)
    kept = re.sub(r"\s*，\s*", "，", re.sub(r"\s{2,}", " ", kept)).strip(" ，,")
    if name and name in kept:
        kept = kept.replace(name, "").strip(" ，,")
    if not kept:
        return Resolved(question, prefer)
    link = "，" if re.search("[\u3400-\u9fff]", kept) else ", "
    return Resolved(f"{kept}{link}{question}", prefer, len(kept) + len(link))


def _shortened(kept: str) -> str:
    """After many turns, only what the talk began with and what came last."""
    parts = [p for p in re.split("[，,]", kept) if p.strip()]
    return kept if len(parts) <= _PARTS else "，".join((parts[0], *parts[1 - _PARTS :]))


def _kept(char: str, about: str) -> str:
    """A character of the earlier question, blank where it belonged to a word that asks."""
    return char if about != " " else " "


def _swap(earlier: str, other: str, texts: Sequence[str], library: Library) -> str:
    """The earlier question with its person put in another's place (“那许广佑呢”)."""
    names = people_in(earlier, library.segmenter, texts)
    is_name = re.fullmatch(NAME, fold(other)) and not library.segmenter.in_dictionary(other)
    if not names or not (is_name or people_in(other, library.segmenter, texts)):
        return ""
    start, end = names[-1]
    return earlier[:start] + other + earlier[end:]


def _person_of(turn: Turn, library: Library) -> str:
    """Whom the last turn was about: the one its answer marks, else the one its question names."""
    asked = turn.answer.resolved or turn.question
    if analyse(asked).kind is Kind.PERSON:
        marked = [(s.text, a, b) for s in turn.answer.sentences for a, b in s.highlights]
        held = [asked[a:b] for a, b in offices(asked)]
        # Of several names marked, the one whose office was asked about.
        named = [m for m in marked if any(m[0][: m[1]].endswith(office) for office in held)]
        for text, start, end in named or marked:
            return text[start:end]
    for start, end in persons(asked, library.segmenter)[-1:]:
        return asked[start:end]
    for sentence in turn.answer.sentences:
        for start, end in persons(sentence.text, library.segmenter):
            return sentence.text[start:end]
    return ""


def _is_elliptic(folded: str, texts: Sequence[str], library: Library) -> bool:
    """Whether a question has too little of its own to be searched by, and nothing new in it.

    A thing that the articles just cited do not mention is a new subject.
    """
    if not re.search("[\u3400-\u9fff]", folded):
        return False
    words = [
        t.word
        for t in library.segmenter.tokens(without_asking(folded))
        if len(t.word) > 1 and not is_empty_word(t.word)
    ]
    if len(words) > 1 or not all(library.document_frequency("words", w) for w in words):
        return False
    known = [fold(text) for text in texts]
    return all(any(w in text for text in known) or not _is_thing(w, library) for w in words)


def _is_thing(word: str, library: Library) -> bool:
    return library.segmenter.tagged(word)[0][1].startswith("n")
