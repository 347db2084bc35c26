"""Answers as HTML. Pure functions: data in, HTML out, everything foreign inert (``markup``).

Buttons carry ``data-do`` and what it needs; ``page.js`` turns a click into an event.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from index.types import Article
from qa import citing
from qa.conversations import Kept
from qa.page.markup import about_line, attribute, button, file_name, show, show_lines
from qa.page.talks import Round
from qa.page.texts import Language, show_date, text
from qa.types import Answer, AnswerSentence, Background, Citation, Status

PAST = 20
"""Rounds before the present one that are shown until more are asked for: a long conversation is
sent anew with each question."""
_MARKER = re.compile(r"\[\d+\]")


def rounds(past: Sequence[Round], language: Language, kept: Kept | None = None) -> str:
    """All finished rounds."""
    return "".join(round_of(one, language, kept) for one in past)


def past(earlier: Sequence[Round], language: Language, kept: Kept, *, whole: bool = False) -> str:
    """The rounds before the present one: the last of them, and a way to those before."""
    shown = earlier if whole else earlier[-PAST:]
    hidden = len(earlier) - len(shown)
    more = ""
    if hidden:
        more = button("earlier", text("earlier_rounds", language, count=hidden), css="yj-earlier")
    return more + rounds(shown, language, kept)


def round_of(asked: Round, language: Language, kept: Kept | None = None) -> str:
    """A question and what became of it: its answer, as far as it has grown, or why there is none."""
    said = _taken_as(asked.answer, language) + _said(asked.answer, language) if asked.answer else ""
    growing = asked.outcome == "open"
    if growing and not said:
        said = f'<p class="yj-wait">{text("searching", language)}</p>'
    elif asked.outcome == "failed":
        reason = asked.reason or text("cut_off", language)
        said += f'<p class="yj-error" role="alert">{show(reason)}</p>'
    elif asked.outcome == "stopped":
        said += f'<p class="yj-note">{text("stopped", language)}</p>'
    if asked.answer:
        said += _beside(asked.answer, language)
    acts = "" if growing else _acts(asked, language)
    name = f' data-talk="{attribute(kept.id)}" data-round="{asked.number:d}"' if kept else ""
    return _round(asked.question, said + acts, language, name, growing=growing)


def _taken_as(answer: Answer, language: Language) -> str:
    """What a question that leans on the talk was taken to ask."""
    if not answer.rewritten:
        return ""
    words = text("taken_as", language, question=answer.resolved)
    return f'<p class="yj-hint yj-taken">{show(words)}</p>'


def _beside(answer: Answer, language: Language) -> str:
    """Remarks on how an answer came about."""
    notes = "".join(f'<p class="yj-note">{show(n.text)}</p>' for n in answer.notices)
    if answer.model:
        notes += f'<p class="yj-hint">{show(text("written_by", language, model=answer.model))}</p>'
    return notes


def turned_down(question: str, reason: str, language: Language) -> str:
    """A question that was not taken up, and why; it is not kept. ``reason`` is words for people."""
    notice = f'<p class="yj-error" role="alert">{show(reason)}</p>'
    again = button("edit", text("edit", language), question=question)
    return _round(question, f'{notice}<footer class="yj-acts">{again}</footer>', language)


def _acts(asked: Round, language: Language) -> str:
    """What can be done with a finished round, and what there is to look at behind it."""
    at = {"round": asked.number, "question": asked.question}
    acts = button("retry", text("retry", language), css="yj-act", also=at)
    acts += button("edit", text("edit", language), css="yj-act", also=at)
    looks = ""
    if asked.answer:
        acts += button(
            "copy", text("copy_answer", language), css="yj-act", copy=_copied(asked.answer)
        )
        for rating, value in (("good", 1), ("bad", -1)):
            acts += button(
                "rate",
                text(rating, language),
                css="yj-act",
                pressed=asked.rating == value,
                also={"round": asked.number, "rating": rating},
            )
        acts += (
            f'<form class="yj-remark" data-submit="remark" data-round="{asked.number:d}" hidden>'
            f'<input class="yj-field" name="remark" maxlength="500" '
            f'aria-label="{text("why_bad", language)}" placeholder="{text("why_bad", language)}">'
            f'<button type="submit">{text("send_remark", language)}</button></form>'
        )
        looks = "".join(
            f'<details class="yj-look" data-look="{part}" data-round="{asked.number:d}">'
            f'<summary>{text(part, language)}</summary><div aria-live="polite"></div></details>'
            for part in ("timeline", "why")
        )
    return f'<footer class="yj-acts">{acts}</footer>{looks}'


def _copied(answer: Answer) -> str:
    """An answer as text to be copied, with what is quoted beside a refusal."""
    known = answer.background
    if known is None:
        return answer.text
    quoted = (f"> {' '.join(c.quote.split())} ({c.title})" for c in known.citations)
    return "\n".join((answer.text, "", known.text, *quoted))


def nearest_articles(articles: Sequence[Article], language: Language) -> str:
    """Articles offered instead of an answer, as buttons that open them."""
    if not articles:
        return ""
    items = "".join(
        f'<li><button type="button" data-do="open" data-article="{attribute(a.id)}" '
        f'data-start="0" data-end="0"><span class="yj-title">{show(a.title)}</span>'
        f"{about_line(show_date(a.dated, language), file_name(a.source))}</button></li>"
        for a in articles
    )
    return f'<h3>{text("nearest", language)}</h3><ul class="yj-nearest">{items}</ul>'


def _round(
    question: str, said: str, language: Language, name: str = "", *, growing: bool = False
) -> str:
    busy = ' aria-busy="true"' if growing else ""
    return (
        f'<article class="yj-round"{name}{busy}><h2 class="yj-question">'
        f'<span class="yj-hidden">{text("you_asked", language)}: </span>{show(question)}</h2>'
        f'<div class="yj-answer">{said}</div></article>'
    )


def _said(answer: Answer, language: Language) -> str:
    if answer.status is Status.NO_EVIDENCE:
        return _refusal(answer, language)
    return _answered(answer, language)


def _answered(answer: Answer, language: Language) -> str:
    cited = {c.marker: c for c in answer.citations}
    lines = "".join(
        f'<p class="yj-said">{"".join(_piece(p, cited, language) for p in line)}</p>'
        for line in answer_lines(answer)
    )
    out = f'<div class="yj-sentences" dir="auto">{lines}</div>'
    if answer.pending:
        out += f'<p class="yj-pending" dir="auto">{show(answer.pending)}</p>'
    if answer.status is Status.UNVERIFIED:
        out += f'<p class="yj-note">{text("unverified", language)}</p>'
    return out + _citations(answer.citations, language)


def answer_lines(answer: Answer) -> list[list[AnswerSentence | str]]:
    """The lines of an answer's text, each as its sentences and the words between them.

    Sentences are found in ``answer.text`` in their order, their markers passed over. Where one is
    not there as it stands, the text is left aside and each sentence has a line of its own.
    """
    lines: list[list[AnswerSentence | str]] = [[]]
    at = 0
    for sentence in answer.sentences:
        shown = next((s for s in _forms(sentence) if s in answer.text[at:]), None)
        if shown is None:
            return [[sentence] for sentence in answer.sentences]
        found = answer.text.index(shown, at)
        first, *more = answer.text[at:found].split("\n")
        lines[-1].append(first)
        lines.extend([words] for words in more)
        lines[-1].append(sentence)
        at = found + len(shown)
        while marker := _MARKER.match(answer.text, at):
            at = marker.end()
    lines.extend([words] for words in answer.text[at:].split("\n"))
    return [kept for line in lines if (kept := [p for p in line if p])]


def _forms(sentence: AnswerSentence) -> tuple[str, str]:
    """A sentence as it may stand in an answer's text: plain, or with its highlights in bold."""
    bold = sentence.text
    for start, end in sorted(sentence.highlights, reverse=True):
        bold = f"{bold[:start]}**{bold[start:end]}**{bold[end:]}"
    return sentence.text, bold


def _piece(piece: AnswerSentence | str, cited: dict[int, Citation], language: Language) -> str:
    return show(piece) if isinstance(piece, str) else _sentence(piece, cited, language)


def _refusal(answer: Answer, language: Language) -> str:
    lines = [line for line in answer.text.splitlines() if line.strip()]
    if answer.nearest:  # the lines after the first name the articles that stand below as buttons
        lines = lines[:1]
    said = "".join(f"<p>{show(line)}</p>" for line in lines)
    known = _background(answer.background, language)
    return (
        f'<div class="yj-refusal">{said}</div>{known}{nearest_articles(answer.nearest, language)}'
    )


def _background(known: Background | None, language: Language) -> str:
    """What the articles say of the thing, quoted beside a refusal: each quote opens its article."""
    if known is None:
        return ""
    items = "".join(_citation_item(c, language) for c in known.citations)
    return (
        f'<section class="yj-citations yj-background"><h3>{show(known.text)}</h3>'
        f"<ol>{items}</ol></section>"
    )


def _sentence(sentence: AnswerSentence, cited: dict[int, Citation], language: Language) -> str:
    """A sentence and its markers, which stay on the line of its last character."""
    words, spans, cut = sentence.text, sentence.highlights, len(sentence.text) - 1
    body = f"<bdi>{emphasised(words[:-1], spans)}</bdi>"
    last = f"<bdi>{emphasised(words[-1:], [(a - cut, b - cut) for a, b in spans])}</bdi>"
    if not sentence.supported:
        doubt = '<span class="yj-unsupported">'
        body = f"{doubt}{body}</span>"
        last = f"{doubt}{last}</span>{_doubt(sentence, language)}"
    chips = "".join(_chip(cited[m], language) for m in sentence.markers if m in cited)
    return f'{body}<span class="yj-last">{last}{chips}</span>'


def _doubt(sentence: AnswerSentence, language: Language) -> str:
    """A mark on a sentence that its sources do not bear out, and why they do not."""
    reasons = [text(f"p_{problem}", language) for problem in sentence.problems]
    why = text("listed", language).join(reasons) or text("unsupported", language)
    word = text("doubt", language)
    return (
        f'<button type="button" class="yj-doubt" data-tip="{attribute(why)}" '
        f'aria-label="{attribute(f"{word}: {why}")}">{word}</button>'
    )


def emphasised(words: str, spans: Iterable[tuple[int, int]]) -> str:
    """Text with spans of it in bold; overlapping spans are merged, spans outside it ignored."""
    out, at = [], 0
    for start, end in sorted(spans):
        start, end = max(start, at), min(end, len(words))
        if start < end:
            out.append(f"{escape(words[at:start])}<strong>{escape(words[start:end])}</strong>")
            at = end
    return "".join(out) + escape(words[at:])


def _chip(citation: Citation, language: Language) -> str:
    label = text("open_source", language, marker=citation.marker, title=citation.title)
    return (
        f'<button type="button" class="yj-chip" {_opens(citation)} '
        f'aria-label="{attribute(label)}" data-tip="{attribute(citation.quote)}" '
        f'data-tip-title="{attribute(citation.title)}">'
        f"[{citation.marker}]</button>"
    )


def _citations(citations: Sequence[Citation], language: Language) -> str:
    if not citations:
        return ""
    items = "".join(_citation_item(c, language) for c in citations)
    return f'<section class="yj-citations"><h3>{text("sources", language)}</h3><ol>{items}</ol></section>'


def _citation_item(citation: Citation, language: Language) -> str:
    return (
        f'<li><button type="button" class="yj-citation" {_opens(citation)}>'
        f'<span class="yj-number">{citation.marker}</span>'
        f'<span class="yj-title">{show(citation.title)}</span>{citation_facts(citation, language)}'
        f'<span class="yj-quote">{show(citation.quote)}</span></button></li>'
    )


def citation_facts(citation: Citation, language: Language) -> str:
    """Who wrote it, when, in which file, on which lines, in which other files too."""
    return about_line(
        citation.byline,
        show_date(citation.published, language),
        file_name(citation.source),
        citation.member,
        show_lines(citation.lines, language, citation.unit),
        show_lines(citation.page, language, citing.unit_of(citation)),
        citation.section,
        *(text("also_in", language, file=file_name(source)) for source in citation.also),
    )


def _opens(citation: Citation) -> str:
    return (
        f'data-do="open" data-article="{attribute(citation.article_id)}" '
        f'data-start="{citation.start:d}" data-end="{citation.end:d}"'
    )
