"""Behind an answer, for the curious: which passages were found and how they scored, and when the
articles were written. Found anew when somebody looks, so that nobody else pays for it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.types import Article, Hit
from qa.assistant import Assistant
from qa.options import Options
from qa.page.markup import about_line, attribute, file_name, show
from qa.page.texts import Language, show_date, text
from qa.types import Answer

LOOKED_AT = 8
"""Passages whose scores are shown."""
_TIMELINE = 40  # passages whose articles stand on the timeline
_EXCERPT = 60  # characters of a passage


def timeline(assistant: Assistant, answer: Answer, language: Language) -> str:
    """The articles that match the question, in the order of their days; undated ones at the end."""
    hits = assistant.library.search(answer.resolved or answer.question, k=_TIMELINE)
    best = max((h.score for h in hits), default=0.0)
    articles = {h.article.id: h.article for h in hits if h.score > best / 20}
    dated = sorted((a for a in articles.values() if len(a.dated) == 10), key=lambda a: a.dated)
    yearless = sorted((a for a in articles.values() if len(a.dated) == 5), key=lambda a: a.dated)
    if not dated and not yearless:
        return f"<p>{text('timeline_none', language)}</p>"
    cited = {c.article_id for c in answer.citations}
    items = "".join(_on_line(a, a.id in cited, language) for a in (*dated, *yearless))
    return f'<ol class="yj-timeline">{items}</ol>'


def _on_line(article: Article, cited: bool, language: Language) -> str:
    used = f'<span class="yj-used">{text("used", language)}</span>' if cited else ""
    return (
        f"<li{' data-cited=1' if cited else ''}><time>{escape(show_date(article.dated, language))}</time>"
        f'<button type="button" data-do="open" data-article="{attribute(article.id)}" data-start="0" '
        f'data-end="0"><span class="yj-title">{show(article.title)}</span>{used}'
        f"{about_line(article.byline, file_name(article.source))}</button></li>"
    )


def why(assistant: Assistant, answer: Answer, options: Options, language: Language) -> str:
    """How sure the answer is, how its sentences were checked, and the passages with their scores."""
    question = answer.resolved or answer.question
    library = assistant.library
    found = library.search(question, k=LOOKED_AT, mode=options.mode)
    columns = {
        mode: {h.passage.id: h.score for h in library.search(question, k=100, mode=mode)}
        # The last column is the one that the passages are in the order of.
        for mode in (("keyword", "dense") if options.mode == "dense" else ("dense", "keyword"))
    }
    if options.mode == "hybrid" and found:
        *_, fused = library.searcher.candidates(question, library.query_terms(question))
        columns["fused"] = dict(fused)
        columns["reranked"] = {h.passage.id: h.score for h in found}
    least = assistant.answer_from if options.answer_from is None else options.answer_from
    good = sum(s.supported for s in answer.sentences)
    lines = [
        text("searched_as", language, question=question),
        text(
            "confidence", language, share=f"{answer.confidence:.0%}"[:-1], least=f"{least:.0%}"[:-1]
        ),
        text("checks", language, good=good, bad=len(answer.sentences) - good),
    ]
    if {"search", "extract"} <= answer.seconds.keys():
        took = {k: round(answer.seconds[k] * 1000) for k in ("search", "extract")}
        lines.append(text("took", language, **took))
    facts = "".join(f"<li>{show(line)}</li>" for line in lines)
    return (
        f'<ul class="yj-facts">{facts}</ul><p>{text("why_intro", language)}</p>'
        f"{_table(found, columns, answer, language)}"
    )


def _table(
    found: Sequence[Hit], columns: dict[str, dict[int, float]], answer: Answer, language: Language
) -> str:
    most = [
        max((c.get(h.passage.id, 0.0) for h in found), default=0.0) or 1.0 for c in columns.values()
    ]
    names = "".join(f'<th scope="col">{text(n, language)}</th>' for n in ("passage", *columns))
    rows = "".join(
        f'<tr{" data-cited=1" if _cited(h, answer) else ""}><th scope="row">{_excerpt(h)}</th>'
        + "".join(
            _bar(c.get(h.passage.id), top) for c, top in zip(columns.values(), most, strict=True)
        )
        + "</tr>"
        for h in found
    )
    return (
        f'<div class="yj-scroll" tabindex="0"><table class="yj-scores"><thead><tr>{names}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _bar(score: float | None, most: float) -> str:
    if score is None:
        return "<td>–</td>"
    share = min(max(score / most, 0.0), 1.0)
    return f'<td><meter min="0" max="1" value="{share:.3f}" aria-hidden="true"></meter>{score:.3f}</td>'


def _excerpt(hit: Hit) -> str:
    words = hit.passage.text[:_EXCERPT].replace("\n", " ")
    more = "…" if len(hit.passage.text) > _EXCERPT else ""
    return f'<span class="yj-title">{show(hit.article.title)}</span>{show(words + more)}'


def _cited(hit: Hit, answer: Answer) -> bool:
    p = hit.passage
    return any(
        c.article_id == p.article_id and c.start < p.end and p.start < c.end
        for c in answer.citations
    )
