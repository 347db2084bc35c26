"""Evidence → the pieces of articles that answer a question, in the articles' own words.

Every piece of the best articles is scored by what it holds of the question, what its
surroundings hold, whether it has the kind of thing that is asked for, and how near its meaning
is. The best piece answers; ``confidence`` says how far to believe that it does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from index.library import Library
from index.patterns import lazy
from index.tokens import fold
from index.types import Article, Hit, Passage
from qa import provisions, scoring
from qa.belief import belief
from qa.matching import QuestionTerm, question_terms
from qa.ordering import COMPARED, ordered
from qa.question import Kind, Question, is_ordinal
from qa.reader import LANGUAGES, reader
from qa.reading import Reading
from qa.scoring import Candidate
from qa.types import Place, overlap

ARTICLES = 6
"""How many of the best articles are read whole."""
PREFERRED = 0.3
"""How much the search's score of an article counts more when the talk was about it."""
READ_WHOLE, AROUND = 20_000, 1_500
"""Characters up to which an article is read whole, and how far around a hit a longer one is."""
_SENTENCE_END = lazy("[。！？!?\n]")
_WORK = lazy("《([^》]{1,40})》")
_MEANING_OF = 40  # pieces whose meaning is compared, the best by words

# Words that name the kind of answer: they are asked for, not to be found.
_KIND_WORDS = {
    Kind.AUTHOR: """记者 通讯员 作者 写 报道 采写 撰写 文章 稿子 稿件 新闻 报导 篇 稿 那篇 这篇 一篇 撰稿
        供稿 署名 wrote reporter journalist article report written reported news story author
        correspondent byline""",
    Kind.OFFICE: "职务 职位 头衔 身份 官 担任 任 出任 职 单位 领导 级别 position post title office role job hold held",
    Kind.DATE: "时间 日期 日子 举行 date day time year month",
    Kind.PLACE: "地点 地方 地址 place location venue",
    Kind.PERSON: "姓名 人 谁 name person",
    Kind.REASON: "原因 目的 缘由 reason purpose",
    Kind.MONEY: "钱 块 花 money",
    Kind.METHOD: "方式 方法",
    Kind.SPEECH: "评价 看法 态度",
    Kind.TIMELINE: """进展 历程 来龙去脉 时间线 时间轴 大事记 经过 情况 最新 目前 timeline chronology
        progress history""",
    Kind.SUMMARY: """介绍 总结 概括 概述 归纳 讲讲 说说 谈谈 聊聊 概况 简介 基本情况 情况 tell introduce
        summarize summarise describe overview""",
}
_NOT_SOUGHT = {kind: frozenset(words.split()) for kind, words in _KIND_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found: the best pieces first, the terms looked for, and how sure it is (0–1).

    ``fit`` is how well the best piece fits by the weights of ``scoring`` alone.
    """

    terms: tuple[QuestionTerm, ...]
    candidates: tuple[Candidate, ...]
    confidence: float
    fit: float = 0.0


def extract(
    question: Question,
    hits: Sequence[Hit],
    library: Library,
    prefer: Sequence[str] = (),
    told: Collection[Place] = (),
) -> Extraction:
    """Find the pieces that answer. ``prefer`` are ids of articles already talked about, ``told``
    places that were already cited: what they have is left out."""
    provision = provisions.named(question, (h.article for h in hits))
    if provision is not None and provision.itself:
        return Extraction((), (provisions.whole(provision),), provisions.SURE)
    if provision is None and provisions.is_missing(question, [h.article for h in hits]):
        return Extraction((), (), 0.0)
    question, terms, found = fitting(question, hits, library, prefer)
    if provision is not None:
        found = provisions.inside(provision, found)
    if told:
        found = [c for c in found if not any(overlap(c.place, place) for place in told)]
    if not found:
        return Extraction(tuple(terms), (), 0.0)
    found = ordered(question, terms, found, library)
    fit = scoring.confidence(question, terms, found[0])
    sure = belief(question, terms, found, fit, library.passages())
    return Extraction(tuple(terms), tuple(found), sure, fit)


def fitting(
    question: Question, hits: Sequence[Hit], library: Library, prefer: Sequence[str] = ()
) -> tuple[Question, list[QuestionTerm], list[Candidate]]:
    """The question as it can be answered from these articles, the words that are looked for, and
    every piece of the best articles, those first that fit best by the sum set by hand."""
    excerpts = [
        e
        for article, prior in _best_articles(hits, prefer)
        for e in _excerpts(article, prior, hits)
    ]
    terms = question_terms(question, library, [e.article.text for e in excerpts])
    not_sought = _NOT_SOUGHT.get(question.kind, frozenset())
    terms = [t for t in terms if t.word not in not_sought and not is_ordinal(t.word)]
    if question.kind is Kind.AUTHOR and not _has_byline(question, excerpts):
        question = replace(question, kind=Kind.PERSON)
    found: list[Candidate] = []
    for excerpt in excerpts:
        reading = Reading(excerpt.article, terms, speech=question.kind is Kind.SPEECH)
        if question.kind is Kind.AUTHOR:
            found += scoring.author(excerpt.whole, reading, excerpt.prior)
        else:
            pieces = scoring.candidates(question, reading, excerpt.prior, library.segmenter)
            found += [c.moved(excerpt.whole, excerpt.start) for c in pieces]
    return question, terms, _read(question, _with_meaning(question, found, library))


def _has_byline(question: Question, excerpts: Sequence[_Excerpt]) -> bool:
    """Whether it may be the byline of an article that tells who wrote it; of a book or a song that
    the articles speak of (《…》的作者是谁) their text does."""
    signed = [e.whole for e in excerpts if e.whole.byline_span is not None]
    work = _WORK.search(question.folded)
    return bool(signed) and (work is None or any(work[1] in fold(a.title) for a in signed))


@dataclass(frozen=True, slots=True)
class _Excerpt:
    """What is read of an article: ``article.text == whole.text[start:][:len(article.text)]``."""

    article: Article
    whole: Article
    start: int
    prior: float


def _excerpts(article: Article, prior: float, hits: Sequence[Hit]) -> list[_Excerpt]:
    """An article whole, or of a long one the surroundings of the passages that were found in it."""
    if len(article.text) <= READ_WHOLE:
        return [_Excerpt(article, article, 0, prior)]
    spans: list[tuple[int, int]] = []
    for passage in sorted((h.passage for h in hits if h.article.id == article.id), key=_place):
        start, end = _surroundings(article.text, passage)
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return [_Excerpt(_part(article, a, b), article, a, prior) for a, b in spans]


def _place(passage: Passage) -> int:
    return passage.start


def _surroundings(text: str, passage: Passage) -> tuple[int, int]:
    """A passage with what stands around it, beginning and ending with whole sentences."""
    from_, to = max(0, passage.start - AROUND), min(len(text), passage.end + AROUND)
    first = _SENTENCE_END.search(text, from_, passage.start) if from_ else None
    last = [m.end() for m in _SENTENCE_END.finditer(text, passage.end, to)]
    start = first.end() if first else 0 if not from_ else passage.start
    return start, to if to == len(text) else last[-1] if last else passage.end


def _part(article: Article, start: int, end: int) -> Article:
    byline = article.byline_span
    inside = byline is not None and start <= byline[0] and byline[1] <= end
    return replace(
        article,
        text=article.text[start:end],
        byline_span=(byline[0] - start, byline[1] - start) if byline and inside else None,
    )


def _best_articles(hits: Sequence[Hit], prefer: Sequence[str]) -> list[tuple[Article, float]]:
    """The articles of the hits with their best score, the preferred ones a little higher."""
    best: dict[str, tuple[Article, float]] = {}
    for hit in hits:
        score = hit.score + (PREFERRED if hit.article.id in prefer else 0.0)
        if hit.article.id not in best or best[hit.article.id][1] < score:
            best[hit.article.id] = (hit.article, score)
    return sorted(best.values(), key=lambda entry: -entry[1])[:ARTICLES]


def _with_meaning(
    question: Question, found: Sequence[Candidate], library: Library
) -> list[Candidate]:
    """The candidates, best first, with nearness of meaning added for those best by words."""
    ranked = sorted(found, key=lambda c: -c.score)
    near, rest = ranked[:_MEANING_OF], ranked[_MEANING_OF:]
    if not near:
        return []
    query = library.encoder.encode_queries([question.text])[0]
    cosines = library.encoder.encode_passages([c.text for c in near]) @ query
    near = [c.with_meaning(float(m)) for c, m in zip(near, cosines, strict=True)]
    return sorted((*near, *rest), key=lambda c: -c.score)


def _read(question: Question, found: list[Candidate]) -> list[Candidate]:
    """The same, with what the reader makes of those that are compared."""
    if question.language not in LANGUAGES:
        return found
    compared, rest = found[:COMPARED], found[COMPARED:]
    places = [(c.article, c.unit.start, c.unit.end) for c in compared]
    verdicts = reader().verdicts(question.text, places)
    least = min(verdicts, default=0.0)
    read = [replace(c, verdict=float(v)) for c, v in zip(compared, verdicts, strict=True)]
    return [*read, *(replace(c, verdict=float(least)) for c in rest)]
