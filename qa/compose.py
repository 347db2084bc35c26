"""Chosen pieces of articles → an answer: sentences with markers, citations, the text as shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from index.sentences import Span, sentence_spans
from index.types import Article
from prompts import render
from qa.question import Question
from qa.quoting import is_supported, quote_is_exact
from qa.scoring import Candidate
from qa.types import Answer, AnswerSentence, Background, Citation, Evidence, Status
from qa.units import UnitKind

NEAREST = 3
"""How many articles are offered when there is no answer."""
OPENING = 16
"""Characters by which an article without a title is called."""


def answer(
    question: Question,
    asked: str,
    chosen: Sequence[Candidate],
    evidence: Sequence[Evidence],
    heads: Sequence[str] = (),
    frame: str = "",
    also: Mapping[int, Sequence[tuple[Article, Span]]] | None = None,
) -> Answer:
    """The answer that the chosen pieces make, each sentence checked against its citation.

    ``heads`` are words to set before each piece (the title of the article that is listed),
    ``frame`` a line to set before all of them. ``also`` are places in other articles that
    bear a piece out, by the piece's index: they are cited beside its own.
    """
    citations: list[Citation] = []
    sentences: list[AnswerSentence] = []
    starts_line: dict[int, str] = {}
    exact = True
    reprints = {e.hit.article.id: e.hit.reprints for e in evidence}
    for i, (candidate, head) in enumerate(zip(chosen, heads or [""] * len(chosen), strict=True)):
        citation = cite(
            candidate.article,
            (candidate.unit.start, candidate.unit.end),
            len(citations) + 1,
            reprints.get(candidate.article.id, ()),
        )
        exact = exact and quote_is_exact(citation, candidate.article)
        citations.append(citation)
        for article, span in (also or {}).get(i, ()):
            known = reprints.get(article.id, ())
            citations.append(cite(article, span, len(citations) + 1, known))
        markers = tuple(range(citation.marker, len(citations) + 1))
        starts_line[len(sentences)] = head
        for sentence, begins_item in _sentences(candidate, citation, markers, exact):
            if begins_item:
                starts_line.setdefault(len(sentences), "")
            sentences.append(sentence)
    foreign = any(not c.article.language.startswith(question.language) for c in chosen)
    above = frame or (render("quoted", question.language) if foreign else "")
    above += "\n" * bool(above)
    supported = all(s.supported for s in sentences)
    return Answer(
        question=asked,
        text=above + shown(sentences, starts_line),
        status=Status.ANSWERED if supported else Status.UNVERIFIED,
        sentences=tuple(sentences),
        citations=tuple(citations),
        evidence=tuple(evidence),
        resolved=question.text,
    )


def _sentences(
    candidate: Candidate, citation: Citation, markers: tuple[int, ...], exact: bool
) -> Iterator[tuple[AnswerSentence, bool]]:
    """The sentences of a piece, checked, and whether each begins an item of an enumeration."""
    listed = candidate.unit.kind is UnitKind.ENUMERATION
    for start, end in sentence_spans(citation.quote):
        text = citation.quote[start:end]
        marks = tuple(
            (max(a, start) - start, min(b, end) - start)
            for a, b in candidate.highlights
            if a < end and start < b
        )
        supported = exact and is_supported(text, [citation])
        begins_item = listed and citation.start + start in candidate.items
        yield AnswerSentence(text, markers, supported, marks), begins_item


def refusal(
    question: Question,
    asked: str,
    nearest: Iterable[Article],
    evidence: Sequence[Evidence],
    background: Background | None = None,
    *,
    more: bool = False,
) -> Answer:
    """The answer when there is no evidence, or with ``more`` none but what was told: said in the question's language, nearest articles
    offered, and beside it what is known of the thing that was asked about."""
    offered = () if more else tuple(nearest)[:NEAREST]
    said = "nothing_more" if more else "nothing_found"
    return Answer(
        question=asked,
        text=render(said, question.language, titles=[_called(a) for a in offered]),
        status=Status.NO_EVIDENCE,
        evidence=tuple(evidence),
        nearest=offered,
        resolved=question.text,
        background=background,
    )


def _called(article: Article) -> str:
    """An article's title, or how one without begins."""
    opening = article.text[:OPENING].strip()
    return article.title or (f"{opening}…" if len(article.text) > OPENING else opening)


def cite(article: Article, span: Span, marker: int, reprints: Sequence[Article] = ()) -> Citation:
    """A citation of ``article.text[start:end]``, with the files of its reprints."""
    start, end = span
    return Citation(
        marker=marker,
        article_id=article.id,
        title=article.title,
        byline=article.byline,
        published=article.dated,
        source=article.source,
        lines="" if article.pages else article.lines(start, end),
        start=start,
        end=end,
        quote=article.text[start:end],
        page=article.pages_of(start, end),
        section=" › ".join(article.section_path(start)),
        member=article.origin.member,
        unit=article.origin.unit,
        also=tuple(
            dict.fromkeys("/".join(filter(None, (a.source, a.origin.member))) for a in reprints)
        ),
    )


def shown(
    sentences: Sequence[AnswerSentence], starts_line: Mapping[int, str] | Iterable[int] = (0,)
) -> str:
    """Sentences as one text, each with its markers; a new line before those in ``starts_line``,
    begun with the words that it has for them."""
    heads = (
        dict(starts_line) if isinstance(starts_line, Mapping) else dict.fromkeys(starts_line, "")
    )
    parts: list[str] = []
    for i, sentence in enumerate(sentences):
        if parts:
            parts.append("\n" if i in heads else "" if _is_wide(sentences[i - 1].text) else " ")
        parts.append(heads.get(i, "") + sentence.text + "".join(f"[{m}]" for m in sentence.markers))
    return "".join(parts)


def _is_wide(text: str) -> bool:
    return (bool(text) and text[-1] >= "\u2e80") or text[-1:] in "”’…"
