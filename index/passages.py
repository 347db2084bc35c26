"""Article → passages: whole sentences, packed to a size that an embedding can hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.enumerations import wholes
from index.pages.provisions import PROVISION
from index.patterns import lazy
from index.sentences import Span, clause_spans, sentence_spans
from index.sizes import scale
from index.types import Article

TARGET = 300
"""Characters that a passage aims at, where a character says as much as a Chinese one."""
LIMIT = 450
"""Characters that a passage never exceeds, likewise."""
_SECTION = TARGET // 4
# Characters from which a passage is left where a section ends: shorter ones go on.
_LONGEST_TITLE, _LONGEST_PATH = 120, 80
# Characters of each that are embedded: a model reads so many, and the text should be among them.

_OPEN, _CLOSE = "“「『（(【《", "”」』）)】》"
_COMMA, _LIST = "，,：:", "、 \t\u3000"
_JOINED = lazy(r"[A-Za-z0-9\u00c0-\u024f\u0400-\u04ff.,:%‰/@_+-]")  # within words and numbers

Fits = Callable[[str], bool]
"""Whether a text, as embedded, is short enough for the model."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A passage before the library numbers it: ``article.text[start:end]``."""

    start: int
    end: int


def split(
    article: Article, target: int = TARGET, limit: int = LIMIT, fits: Fits | None = None
) -> list[Draft]:
    """Cut an article into passages of whole sentences, about ``target`` characters long.

    Together they hold every character of the text but blanks between them, in order, none twice.
    Each provision of a law (第十二条) has passages of its own; other sections begin a new one
    unless the one before is short. An enumeration or a quotation that fits is not parted. A
    sentence over ``limit`` is cut at clauses, then at commas, then between words. What does not
    fit the model by ``fits`` is cut smaller. Both sizes are in Chinese characters; a text of
    letters gets ``scale`` times as many.
    """
    larger = scale(article.text)
    target, limit = int(target * larger), int(limit * larger)
    drafts = _packed(article, (0, len(article.text)), target, limit)
    if fits is not None:
        drafts = [part for draft in drafts for part in _fitted(article, draft, fits)]
    if not drafts and article.title:
        drafts.append(Draft(0, 0))  # a title with no text is still findable
    return drafts


def embedded_text(article: Article, text: str, start: int | None = None) -> str:
    """What is embedded for a passage: its words, under the article's title, the headings that it
    stands under (where ``start``, its place in the article, is given), and the day."""
    head = " ".join(part for part in (article.kicker, article.title) if part)[:_LONGEST_TITLE]
    path = "" if start is None else " ".join(article.section_path(start))[:_LONGEST_PATH]
    if path and text.startswith(path):
        path = ""
    return "\n".join([*filter(None, (head, path, article.dated)), text])


def _packed(article: Article, span: Span, target: int, limit: int) -> list[Draft]:
    text = article.text
    pieces = _pieces(text, span, limit)
    last_of = dict(wholes(text, pieces, limit))
    provisions, sections = _breaks(article)
    drafts: list[Draft] = []
    start = end = held = -1
    for at, (a, b) in enumerate(pieces):
        begins = a in provisions or (a in sections and end - start >= _SECTION)
        if at <= held and not begins:  # in the midst of what is not to be parted, which fits
            end = b
            continue
        held = last_of.get(at, -1)
        to = pieces[held][1] if held >= 0 else b
        if start < 0:
            start = a
        elif begins or to - start > limit or (to - start > target and end - start >= target // 2):
            drafts.append(Draft(start, end))
            start = a
        end = b
    if start >= 0:
        drafts.append(Draft(start, end))
    return drafts


def _breaks(article: Article) -> tuple[set[int], set[int]]:
    """Where provisions of a law begin, and where other sections do.

    A chapter's heading belongs to the provision below it.
    """
    provisions: set[int] = set()
    sections: set[int] = set()
    above: int | None = None
    for heading in article.headings:
        if PROVISION.fullmatch(heading.text):
            provisions.add(heading.start if above is None else above)
            above = None
        else:
            sections.add(heading.start)
            above = heading.start if above is None else above
    return provisions, sections


def _fitted(article: Article, draft: Draft, fits: Fits) -> Iterator[Draft]:
    """A passage cut until its parts fit the model, or are a few characters long."""
    text = article.text[draft.start : draft.end]
    length = len(text)
    if length < 16 or fits(embedded_text(article, text, draft.start)):
        yield draft
        return
    half = max(8, (length + 1) // 2)
    for part in _packed(article, (draft.start, draft.end), half, half):
        yield from _fitted(article, part, fits)


def _pieces(text: str, span: Span, limit: int) -> list[Span]:
    """Sentences, those over ``limit`` cut smaller."""
    pieces: list[Span] = []
    for start, end in sentence_spans(text, *span):
        if end - start <= limit:
            pieces.append((start, end))
            continue
        for a, b in clause_spans(text, start, end):
            pieces.extend(_cut(text, a, b, limit))
    return pieces


def _cut(text: str, start: int, end: int, limit: int) -> Iterator[Span]:
    """A clause over ``limit`` in parts, cut where it hurts least."""
    while end - start > limit:
        cut = _place_to_cut(text, start, limit)
        if stripped := _stripped(text, start, cut):
            yield stripped
        start = cut
    if stripped := _stripped(text, start, end):
        yield stripped


def _place_to_cut(text: str, start: int, limit: int) -> int:
    """The best place in the second half of the room: after a comma outside quotations, after one
    inside, after another pause, between words, between characters."""
    best: dict[int, int] = {}
    depth = 0
    for at in range(start, start + limit):
        char = text[at]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        if at - start < limit // 2:
            continue
        if char in _COMMA and not _inside_number(text, at):
            best[2 * bool(depth)] = at + 1
        elif char in _LIST:
            best[1 + 2 * bool(depth)] = at + 1
    if best:
        return best[min(best)]
    return _between_words(text, start, limit)


def _inside_number(text: str, at: int) -> bool:
    return text[at] in ",:" and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()


def _between_words(text: str, start: int, limit: int) -> int:
    from index.tokens import default_segmenter  # 0.1 s, and few texts come here

    room = text[start : start + limit + 12]
    ends = [t.end for t in default_segmenter().tokens(room)]
    found = [
        e
        for e in ends
        if limit // 2 <= e <= limit
        and not (_JOINED.match(room, e - 1, e) and _JOINED.match(room, e, e + 1))
    ]
    return start + (found[-1] if found else limit)


def _stripped(text: str, start: int, end: int) -> Span | None:
    found = re.compile(r"\S(?:.*\S)?", re.S).search(text, start, end)
    return None if found is None else found.span()
