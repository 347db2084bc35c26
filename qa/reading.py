"""One article read for one question: its pieces, and what each holds of the question's words."""

from __future__ import annotations

from collections.abc import Sequence

from index.sentences import Span
from index.types import Article
from qa.matching import FoldedText, QuestionTerm, match
from qa.units import Unit, UnitKind, speech_spans, units

NEIGHBOUR, HEADLINE, ELSEWHERE = 0.75, 0.75, 0.45
"""What a word counts that stands not in the piece but beside it, in the title, or farther off."""
ITEMS = 0.55
"""What a word counts that stands in an enumeration's items and not in what announces them."""
SPEAKER = 0.9
"""What a word of a speech's opening, or of a label, counts in the sentences below it."""

LABEL = 16
"""Characters up to which a line that ends in a colon is a label over the lines below it."""

Row = list[float]
"""How surely each word of the question is held, in the order of the terms, 0 to 1."""


class Reading:
    """An article's pieces with the matches of a question's terms in and around each."""

    def __init__(self, article: Article, terms: Sequence[QuestionTerm], speech: bool) -> None:
        self.article = article
        self.terms = terms
        self.pieces = units(article.text, article.byline_span)
        head = f"{article.kicker} {article.title} {article.dated}"
        self.all_text = f"{head}\n{article.text}"
        self.in_title = self._row(head)
        whole = self._row(article.text)
        self.in_article = [max(a, t) for a, t in zip(whole, self.in_title, strict=True)]
        self._rows: dict[Span, Row] = {
            (u.start, u.end): self._row(article.text[u.start : u.end]) for u in self.pieces
        }
        self._sentences = [u for u in self.pieces if u.kind is UnitKind.SENTENCE]
        self._labels = self._labelled()
        self._speeches = speech_spans(article.text) if speech else []

    def text(self, unit: Unit) -> str:
        """The article's own characters of a piece."""
        return self.article.text[unit.start : unit.end]

    def lead(self, unit: Unit) -> str:
        """What announces an enumeration."""
        return self.article.text[unit.start : unit.lead_end]

    def items(self, whole: Unit) -> list[Unit]:
        """The items of an enumeration, in order."""
        return [
            u
            for u in self.pieces
            if u.kind is UnitKind.ITEM and whole.start <= u.start and u.end <= whole.end
        ]

    def matches(self, unit: Unit) -> Row:
        """What a piece itself holds."""
        return self._rows[unit.start, unit.end]

    def in_speech(self, unit: Unit) -> bool:
        """Whether a piece reports what somebody said (known only when speech is asked for)."""
        return any(a <= unit.start < b for a, b in self._speeches)

    def here(self, unit: Unit) -> Row:
        """What a piece holds: an enumeration by its lead first, a speech with who speaks."""
        row = self.matches(unit)
        if unit.kind is UnitKind.ENUMERATION:
            lead = self._row(self.lead(unit))
            row = [max(a, ITEMS * m) for a, m in zip(lead, row, strict=True)]
        label = self._labels.get(unit.start)
        if label:  # a line under “决定任命：” is about an appointment
            row = [max(h, SPEAKER * m) for h, m in zip(row, self.matches(label), strict=True)]
        for start, end in self._speeches:
            if start <= unit.start < end:
                opening = next((self.matches(s) for s in self._sentences if s.end > start), row)
                row = [max(h, SPEAKER * o) for h, o in zip(row, opening, strict=True)]
        return row

    def around(self, here: Row, beside: Row) -> Row:
        """What a piece and its surroundings hold, the farther the less."""
        return [
            max(h, NEIGHBOUR * b, HEADLINE * t, ELSEWHERE * a)
            for h, b, t, a in zip(here, beside, self.in_title, self.in_article, strict=True)
        ]

    def _labelled(self) -> dict[int, Unit]:
        """The label line (“范围：”) over each sentence of the block below it, by where that begins."""
        found: dict[int, Unit] = {}
        label: Unit | None = None
        for sentence in self._sentences:
            text = self.text(sentence)
            if text[-1] in "：:" and len(text) <= LABEL:
                label = sentence
            elif label:
                found[sentence.start] = label
                label = None if text[-1] in "。.！!" else label
        return found

    def beside(self, unit: Unit) -> Row:
        """The best match of each term in the sentence before, around and after a piece."""
        before = [s for s in self._sentences if s.end <= unit.start][-1:]
        after = [s for s in self._sentences if s.start >= unit.end][:1]
        holding = [s for s in self._sentences if s.start <= unit.start and unit.end <= s.end]
        rows = [self.matches(s) for s in (*before, *holding, *after)]
        return [max(column) for column in zip(*rows, strict=True)] or [0.0] * len(self.terms)

    def _row(self, text: str) -> Row:
        folded = FoldedText(text)
        return [match(term, folded) for term in self.terms]
