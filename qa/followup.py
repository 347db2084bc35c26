"""A follow-up question → one that stands by itself, from the turns before it. No model.

“谁到贾鲁河现场督导” … “她提出了哪些要求” → “到贾鲁河现场督导，王玉红提出了哪些要求”
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.asking import is_empty_word, without_asking
from index.frequencies import salience
from index.library import Library
from index.patterns import lazy
from index.stems import is_stop, stem
from index.tokens import fold
from qa.courtesy import without_courtesy
from qa.entities import NAME, offices, persons
from qa.names import people_in
from qa.question import Kind, analyse, language_of
from qa.types import Place, Turn

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


_MORE = lazy(
    r"(?=.*(?:还有|其[他它]|别的|更多))(?:那么?|还有|其[他它]|别的|更多|没有|有|什么|哪些|的|呢|吗|么|了|[?？。！!\s])+"
)
_ENGLISH_MORE = lazy(
    r"(?:and |is there )?(?:what|anything|something) (?:else|more)\W*|(?:any|tell me )?\s*more\W*",
    re.I,
)
_COUNTS = lazy("几[一-鿿]?")  # 几点, 几份: what is asked
_PARTS = 3  # of earlier questions that are taken over
_HELD = 0.5  # of what a question says that the articles just cited have, if it leans on them
_NAMES_A_THING = 6.0  # what a word says, at the least, that can name what a question is about
# Not 为什么, which is why, and not 是哪天开放的, of which what stands before is the subject.
_ATTRIBUTE = lazy("[^，,的]{1,8}(?:[是为](?:多少|谁|几|哪(?![天年月里][\u4e00-\u9fff]))|是什么)")
_NO_OBJECT = lazy("[了过着到在出成给为去来回起]{0,2}(?:多少|什么|谁|哪|几|啥)")
_QUOTED = '“《「『"'
_NAMED_AGAIN = 3  # characters from the beginning on by which a thing is known again
_NOT_YET = ("t", "m", "d")  # tags of what may stand before the thing: 2024年, 首批, 一共
_NAME_TAGS = ("nr", "ns", "nt", "nz")
_SINGLE = 0.4  # what a single character says, beside a word


@dataclass(frozen=True, slots=True)
class Resolved:
    """A self-contained question, and the articles that the talk was about.

    ``text[:context]`` was taken over from earlier turns. ``told`` is what was cited before, where
    no more than the rest is asked for (还有呢).
    """

    text: str
    prefer: tuple[str, ...] = ()
    context: int = 0
    told: tuple[Place, ...] = ()


def resolve(question: str, turns: Sequence[Turn], library: Library) -> Resolved:
    """Make a question self-contained; one that is, or has nothing before it, stays as it is, but for
    the courtesies around it."""
    question = without_courtesy(question)
    if not turns:
        return Resolved(question)
    # A question that was refused is talked of further if the articles spoke of its thing.
    last = next(
        (t for t in reversed(turns) if not t.answer.refused or t.answer.background), turns[-1]
    )
    known = last.answer.background
    earlier = known.thing if known else last.answer.resolved or last.question
    cited_there = known.citations if known else last.answer.citations
    prefer = tuple(dict.fromkeys(c.article_id for c in cited_there))
    cited = [a for i in prefer if (a := library.article(i))]
    texts = [f"{a.title}\n{a.text}" for a in cited]
    folded = fold(question)
    if not known and (_MORE.fullmatch(folded) or _ENGLISH_MORE.fullmatch(folded)):
        return Resolved(earlier, prefer, told=_told(earlier, turns))
    other = _SAME_OF.match(folded)
    if other and (swapped := _swap(earlier, question[slice(*other.span("other"))], texts, library)):
        return Resolved(swapped, prefer)
    person = _PERSON.search(folded)
    if person:
        # Whom the last turn was about, else one before it: a refusal may name nobody.
        before = turns[: turns.index(last) + 1]
        name = next((n for t in reversed(before) if (n := _person_of(t, library))), "")
        text = question[: person.start()] + (name or "") + question[person.end() :]
        return _joined(earlier, text, prefer, name)
    if analyse(question).language == "en":
        leans = bool(
            _ENGLISH_PRONOUN.search(folded)
            or _ENGLISH_THEN.match(folded)
            or _names_nothing_new(question, texts)
        )
    else:
        leans = bool(
            _THEN.match(folded)
            or _THING.search(folded)
            or _is_elliptic(question, earlier, texts, library)
        )
    return _joined(earlier, question, prefer) if leans else Resolved(question)


def _told(question: str, turns: Sequence[Turn]) -> tuple[Place, ...]:
    """What the turns cited for a question."""
    return tuple(
        c.place
        for turn in turns
        if (turn.answer.resolved or turn.question) == question
        for c in turn.answer.citations
    )


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
    known = turn.answer.background
    told = [s.text for s in turn.answer.sentences] + (
        [c.quote for c in known.citations] if known else []
    )
    for text in told:
        for start, end in persons(text, library.segmenter):
            return text[start:end]
    return ""


def _is_elliptic(question: str, earlier: str, texts: Sequence[str], library: Library) -> bool:
    """Whether a question has too little of its own to be searched by.

    It names nobody, and most of what it says stands in the articles just cited, or it has no
    subject (分成哪几个区) or none that says much (收费标准是多少). What those articles do not mention is
    a new subject; what names its thing, or that of the earlier question again, stands by itself.
    """
    folded = fold(question)
    if not re.search("[\u3400-\u9fff]", folded) or people_in(question, library.segmenter, texts):
        return False
    if _begins_with_its_thing(folded, fold(earlier), [fold(text) for text in texts], library):
        return False
    known = "\n".join(fold(text) for text in texts)
    weights = _weights(folded, known, library)
    before = _weights(fold(earlier), known, library)
    if before and max(before, key=lambda word: before[word]) in folded:
        return False
    held = sum(weight for word, weight in weights.items() if word in known)
    if held >= _HELD * sum(weights.values()):
        return True
    verb = _begins_with_verb(folded, library)
    if not verb and not _ATTRIBUTE.match(folded):
        return False
    return (
        max((w for word, w in weights.items() if word not in verb), default=0.0) <= _NAMES_A_THING
    )


def _begins_with_its_thing(
    folded: str, earlier: str, texts: Sequence[str], library: Library
) -> bool:
    """Whether a question begins with what it is about.

    That is a title or a quotation; what the earlier question or a cited title begins with too
    (柳林河综合整治…由哪家公司施工); or a name that these have anywhere, or that is new (**石桥**小学 after
    柳林小学). Where the earlier question is in another language, the texts tell what is a name: what
    is taken over from it would only be in the way.
    """
    about, tag, following = _beginning(folded, library)
    if about[:1] and about[0] in _QUOTED:
        return True
    titles = [text.partition("\n")[0] for text in texts]
    again = about[:_NAMED_AGAIN]
    if not re.fullmatch("[\u3400-\u9fff]+", again) or len(again) < _NAMED_AGAIN:
        return False
    if any(_beginning(other, library)[0].startswith(again) for other in (earlier, *titles)):
        return True
    if not tag.startswith(_NAME_TAGS):
        return False
    same = language_of(folded) == language_of(earlier)
    if any(again in other for other in (earlier, *titles, *(() if same else texts))):
        return True
    new = not any(about[:2] in text for text in (earlier, *texts))
    return new and following.startswith("n")


def _beginning(folded: str, library: Library) -> tuple[str, str, str]:
    """A text from its first word on that is no day, number or adverb, the word's tag and the next."""
    at, tags = 0, library.segmenter.tagged(folded)
    for place, (word, tag) in enumerate(tags):
        if not tag.startswith(_NOT_YET):
            return folded[at:], tag, tags[place + 1][1] if place + 1 < len(tags) else ""
        at += len(word)
    return "", "", ""


def _weights(folded: str, known: str, library: Library) -> dict[str, float]:
    """What each word of a question says."""
    return {
        word: salience(word, library.document_frequency("words", word), library.passages())
        * (_SINGLE if len(word) == 1 else 1.0)
        for word in _words(folded, known, library)
    }


def _begins_with_verb(folded: str, library: Library) -> str:
    """The verb with which a question without a subject begins (**分成**哪几个区), else ""."""
    at = 0
    for word, tag in library.segmenter.tagged(folded):
        at += len(word)
        if tag.startswith(("t", "m", "d")):
            continue  # 一年**送**出去多少
        return word if tag.startswith("v") and _NO_OBJECT.match(folded, at) else ""
    return ""


def _names_nothing_new(question: str, texts: Sequence[str]) -> bool:
    """Whether an English question names nobody, and most of what it says stands in the articles
    just cited (How many books is there room for?)."""
    if any(word[0].isupper() for word in question.split()[1:]):
        return False
    said = {stem(w) for w in re.findall("[a-z]+|\\d+", fold(question)) if not is_stop(w)}
    known = {stem(w) for text in texts for w in re.findall("[a-z]+|\\d+", fold(text))}
    return bool(said) and len(said & known) > _HELD * len(said)


def _words(folded: str, known: str, library: Library) -> Iterator[str]:
    """The words of a question that say something; a guess of jieba's that the articles just cited
    do not have is cut again."""
    for token in library.segmenter.tokens(without_asking(folded)):
        if is_empty_word(token.word) or _COUNTS.fullmatch(token.word):
            continue
        if token.word in known or library.segmenter.in_dictionary(token.word):
            yield token.word
        else:
            yield from library.segmenter.dictionary_words(token.word)
