"""Evidence → the pieces of articles that answer a question, in the articles' own words.

Every piece of the best articles is scored by what it holds of the question, what its
surroundings hold, whether it has the kind of thing that is asked for, and how near its meaning
is. The best piece answers; ``confidence`` says how far to believe that it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.library import Library
from index.types import Article, Hit
from qa import scoring
from qa.matching import QuestionTerm, question_terms
from qa.question import Kind, Question, is_ordinal
from qa.reading import Reading
from qa.scoring import Candidate

ARTICLES = 6
"""How many of the best articles are read whole."""
PREFERRED = 0.3
"""How much the search's score of an article counts more when the talk was about it."""
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
    Kind.METHOD: "方式 方法",
    Kind.SPEECH: "评价 看法 态度",
}
_NOT_SOUGHT = {kind: frozenset(words.split()) for kind, words in _KIND_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found: the best pieces first, the terms looked for, and how sure it is (0–1)."""

    terms: tuple[QuestionTerm, ...]
    candidates: tuple[Candidate, ...]
    confidence: float


def extract(
    question: Question, hits: Sequence[Hit], library: Library, prefer: Sequence[str] = ()
) -> Extraction:
    """Find the pieces that answer. ``prefer`` are ids of articles already talked about."""
    articles = _best_articles(hits, prefer)
    terms = question_terms(question, library, [article.text for article, _ in articles])
    not_sought = _NOT_SOUGHT.get(question.kind, frozenset())
    terms = [t for t in terms if t.word not in not_sought and not is_ordinal(t.word)]
    found: list[Candidate] = []
    for article, prior in articles:
        reading = Reading(article, terms, speech=question.kind is Kind.SPEECH)
        if question.kind is Kind.AUTHOR:
            found += scoring.author(reading, prior)
        else:
            found += scoring.candidates(question, reading, prior, library.segmenter)
    found = _with_meaning(question, found, library)
    sure = scoring.confidence(question, terms, found[0]) if found else 0.0
    return Extraction(tuple(terms), tuple(found), sure)


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
