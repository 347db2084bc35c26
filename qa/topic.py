"""Which words of a question name the thing it is about, and which say what is asked of it.

“贾鲁河治理的总投资是多少” asks the 总投资 of 贾鲁河治理. A thing is known by what a sentence of an article
holds; it is taken only whole: 昆明 is not the thing of a question about 昆明动物博物馆.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.library import Library
from index.patterns import lazy
from index.sentences import Span
from index.tokens import is_unspaced
from qa.matching import QuestionTerm
from qa.question import Kind, Question, asking_spans

MOST_OF = 0.4
"""Share of the question, by weight, that a thing must be which is called by no name."""
SAYS_MUCH = 3.5
"""What a word weighs, at the least, that can be a thing's head."""
_DISTRICT = lazy("[省市区县镇乡州旗国]$")
_TIME = lazy(r"\d+[年月日]?|[今去明前后]年|[一二三四五六七八九十几两]+[年月日天周]")
_TIME_UNIT = lazy(r"[年月日天周号]")
# What may stand right before and behind the name of a thing and is no part of it.
_BEFORE = "的在由对给和与于从到把被了关是请问,、"
_BEHIND = "的在于由被是有为到了从与和共总至将会要,、"
_OPENS, _CLOSES = "《“‘「『", "》”’」』"
_JOINS = lazy(r"(?:[\s的之“”‘’「」『』《》\"'·-]|\b(?:of|the|and|s)\b)*")
_IS = lazy(
    r"\s*(?:的)?\s*(?P<what>(?:(?!的)[\u4e00-\u9fff]){2,8}?)\s*(?:一共|总共|大概|大约|约|到底|究竟)?[是为有]?\s*$"
)
_OF = lazy(
    r"\bwhat(?:'s| is| was| are| were| will be)\s+(?:the\s+)?(?P<what>(?:[a-z-]+\s){1,3})(?:of|in|for|on)\s+(?:the\s+)?$"
)
_LEADING = lazy(
    r"^(?:(?:of|in|for|on|at|to|the|a|an)\s+)+|(?:\s+(?:of|in|for|on|at|to|the|a|an))+$"
)
_NO_NOUN = ("v", "p", "d", "c", "u", "r")  # verbs, and words of grammar
_NAMES = ("nr", "ns", "nt", "nz")
_SAID = "是为叫谁"


@dataclass(frozen=True, slots=True)
class Placed:
    """A word of the question with its place in it."""

    term: QuestionTerm
    start: int

    @property
    def end(self) -> int:
        """Where it ends in the question."""
        return self.start + len(self.term.word)


@dataclass(frozen=True, slots=True)
class Word(Placed):
    """A word with its place: is it a name, a noun, a verb (or a word of grammar)?"""

    name: bool
    noun: bool
    verb: bool

    def within(self, span: Span) -> bool:
        """Whether it lies in a span of the question."""
        return span[0] <= self.start and self.end <= span[1]

    @property
    def district(self) -> bool:
        """Whether it names a district or a town: by itself no thing, but where things are."""
        return self.term.place and bool(_DISTRICT.search(self.term.word))


def words(question: Question, terms: Sequence[QuestionTerm], library: Library) -> list[Word]:
    """The words that say what is asked about, in their order; when it was is not what it was."""
    return [_word(question, w.term, w.start, library) for w in placed(question, terms)]


def placed(question: Question, terms: Sequence[QuestionTerm]) -> list[Placed]:
    """The same with their places only."""
    found = []
    for term in terms:
        whole = re.escape(term.word)
        if not is_unspaced(term.word):
            whole = rf"(?<![a-z\d]){whole}(?![a-z\d])"
        at = re.search(whole, question.folded)
        if at is not None and not (_TIME.match(term.word) or _TIME_UNIT.fullmatch(term.word)):
            found.append(Placed(term, at.start()))
    return sorted(found, key=lambda w: w.start)


def beyond(question: Question, found: Sequence[Placed], near: Sequence[bool]) -> list[QuestionTerm]:
    """The words outside the heaviest run of those that stand ``near``: what is asked of the thing,
    if the run is its name."""
    span = _run(question, found, near)
    return [w.term for w in found if span is None or w.end <= span[0] or span[1] <= w.start]


def _word(question: Question, term: QuestionTerm, start: int, library: Library) -> Word:
    before = question.text[:start][-1:]
    name = term.person or bool(term.sounds) or (before != "" and before in _OPENS)
    if not is_unspaced(term.word):
        # Letters among characters are a name; among letters a capital is one, and a phrase.
        capital = question.text[start].isupper() and start > 0
        name = name or capital or question.language != "en" or " " in term.word
        return Word(term, start, name, noun=True, verb=False)
    tags = [tag for _, tag in library.segmenter.tagged(term.word)]
    name = name or (len(term.word) > 1 and any(tag.startswith(_NAMES) for tag in tags))
    head = tags[-1]  # which comes last
    return Word(term, start, name, head.startswith(("n", "j", "l", "x")), head.startswith(_NO_NOUN))


def thing(
    question: Question, found: Sequence[Word], near: Sequence[bool], own: Sequence[bool]
) -> Span | None:
    """The heaviest run of words, nothing else between them, that a sentence and its title hold
    (``near``), if that names the question's thing and the sentence itself (``own``) speaks of it."""
    span = _run(question, found, near)
    return span if span and _is_one(question, found, span, own) else None


def fact(question: Question, found: Sequence[Word], about: Span) -> Span | None:
    """The words that say what is asked of a thing (…的**总投资**是多少), where that is plain."""
    if question.language == "en":
        said = _OF.search(question.folded, 0, about[0])
    else:
        asking = [s for s in asking_spans(question) if s[0] >= about[1]]
        said = _IS.fullmatch(question.folded, about[1], asking[0][0]) if asking else None
    if said is None:
        return None
    span = said.start("what"), said.start("what") + len(said["what"].rstrip())
    return span if any(w.within(span) and w.end == span[1] for w in found) else None


def name_of(text: str, span: Span) -> str:
    """The run as the question has it, with the quotation marks that belong to it."""
    start, end = span
    start -= start > 0 and text[start - 1] in _OPENS
    inside = text[start:end]
    closing = text[end : end + 1]
    if closing and closing in _CLOSES:
        end += inside.count(_OPENS[_CLOSES.index(closing)]) > inside.count(closing)
    return _LEADING.sub("", text[start:end].strip())


def of_a_time(question: Question) -> bool:
    """Whether a question says of which time it asks."""
    return bool(_TIME.search(question.folded))


def _run(question: Question, found: Sequence[Placed], near: Sequence[bool]) -> Span | None:
    """The heaviest run of words, nothing else between them, that a sentence and its title hold."""
    asking = asking_spans(question)
    runs: list[list[Placed]] = []
    for word, here in zip(found, near, strict=True):
        if not here:
            continue
        last = runs[-1][-1] if runs else None
        asked = last and any(a < word.start and last.end < b for a, b in asking)
        if last and not asked and _JOINS.fullmatch(question.folded[last.end : word.start]):
            runs[-1].append(word)
        else:
            runs.append([word])
    best = max(runs, key=lambda r: sum(w.term.weight for w in r), default=None)
    if best is None:
        return None
    start, end = best[0].start, best[-1].end
    if any(a == end for a, _ in asking) and "的" in question.folded[start:end]:
        end = question.folded.rindex("的", start, end)  # 苗圃的**创始人**是谁
    return start, end


def _is_one(question: Question, found: Sequence[Word], span: Span, own: Sequence[bool]) -> bool:
    """Whether a run of words names the question's thing, whole, and the sentence speaks of it.

    What else the question has must be what it asks of the thing.
    """
    inside = [w for w in found if w.within(span)]
    others = [w for w in found if not w.within(span)]
    outside = [w for w in others if w.start >= question.context]  # what the talk said, asks nothing
    if any(w.name for w in outside) or not _is_whole(question, span, others):
        return False  # somebody, or some place, of which nothing was found
    what = fact(question, found, span)
    asked = [w for w in outside if what and w.within(what)]
    measured = (
        question.kind in (Kind.NUMBER, Kind.MONEY)
        and what is not None
        and question.folded[what[1] :][:1] in ("是", "为")
    )
    for w in outside if question.language != "en" else ():
        if not w.verb and not (w in asked or w.term.focus or w.term.asked):
            return False
        bare = len(inside) == 1 and inside[0].name
        behind = w.start == span[1] and (not w.verb or bare) and not (measured and w in asked)
        if (behind and not inside[-1].term.person) or (w.end == span[0] and not w.verb):
            return False  # 昆明|博物馆: the run is a part of a longer name
    where = all(w.term.place for w in inside) and not asked
    mine = [w for w in inside if not w.district and not where]
    told = [w for w, here in zip(found, own, strict=True) if here and w in mine]
    if not any(w.name or (w.noun and w.term.weight >= SAYS_MUCH) for w in told):
        return False
    total = sum(w.term.weight for w in found)
    return any(w.name for w in mine) or sum(w.term.weight for w in inside) >= MOST_OF * total


def _is_whole(question: Question, span: Span, outside: Sequence[Word]) -> bool:
    """Whether what stands right before and behind a run does not belong to it (**假**蓝宝石)."""
    start, end = span
    if question.language == "en":
        return True
    asking = asking_spans(question)
    if any(b == start for _, b in asking):
        return False  # 哪位**艺术家**: of what kind the answer is
    if question.kind in (Kind.PERSON, Kind.GROUP, Kind.OFFICE) and any(
        a == end and question.folded[a] in _SAID for a, _ in asking
    ):
        return False  # **创始人**是谁: what is asked
    known = [(w.start, w.end) for w in outside] + asking
    known += [m.span() for m in _TIME.finditer(question.folded)]
    for at, plain in ((start - 1, _BEFORE), (end, _BEHIND)):
        char = question.folded[at : at + 1].strip() if at >= 0 else ""
        if (
            (is_unspaced(char) or char.isalnum())
            and char not in plain
            and not any(a <= at < b for a, b in known)
        ):
            return False
    return True
