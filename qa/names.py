"""The names in a question: whom and where it is about. An article without them answers somebody else's question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.asking import is_empty_word
from index.patterns import lazy
from index.tokens import Segmenter, fold
from qa.entities import NAME, OFFICE_WORD, Span, persons, trimmed

_OFFICE_BEFORE = lazy(rf"(?:{OFFICE_WORD})[ 、]?\Z")
_OFFICE_LENGTH = 24  # characters of an office at most
_NAME_HERE = lazy(f"(?=({NAME}))")
_PLACE = lazy("[\u4e00-\u9fff]{2,}(?:省|市|区|县|镇|乡|村|街道|旗|州)$")


def people_in(question: str, segmenter: Segmenter, texts: Iterable[str]) -> list[Span]:
    """Spans of persons' names in a question: those jieba sees, and those the articles introduce.

    In a short question jieba cuts an unusual name apart (苏 | 建设); an article that has it right
    behind an office (区长苏建设) or a byline word (记者 景静) shows that it is one.
    """
    folded = fold(question)
    spans = set(persons(question, segmenter))
    candidates = {
        (m.start(), end)
        for m in _NAME_HERE.finditer(folded)
        for end in (m.start() + len(m.group(1)), m.start() + 2)
    }
    if candidates:
        names = {folded[a:b] for a, b in candidates}
        known = {name for text in texts for name in _introduced(fold(text), names)}
        spans |= {
            (a, b)
            for a, b in candidates
            if folded[a:b] in known and not _is_word(folded[a:b], segmenter)
        }
    kept: list[Span] = []
    for a, b in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        if not any(a < d and c < b for c, d in kept):
            kept.append((a, b))
    return sorted(kept)


def _introduced(folded: str, names: Iterable[str]) -> Iterator[str]:
    """Those of the names that stand behind an office in a text, trimmed; the longer one first."""
    found: dict[int, int] = {}
    for name in names:
        at = folded.find(name)
        while at >= 0:
            if found.get(at, 0) < at + len(name) and _OFFICE_BEFORE.search(
                folded, max(0, at - _OFFICE_LENGTH), at
            ):
                found[at] = at + len(name)
            at = folded.find(name, at + 1)
    for start, end in found.items():
        yield folded[start : trimmed(folded, start, end)]


def _is_word(text: str, segmenter: Segmenter) -> bool:
    """Whether what looks like a name is a word: 主席关于…, 书记高度… introduce nobody."""
    if is_empty_word(text):
        return True
    tagged = segmenter.tagged(text)
    return segmenter.in_dictionary(text) and len(tagged) == 1 and not tagged[0][1].startswith("nr")


def is_place(word: str, segmenter: Segmenter) -> bool:
    """Whether a word names a place (二七区, 郑州)."""
    if _PLACE.match(word):
        return True
    tagged = segmenter.tagged(word)
    return len(word) > 1 and len(tagged) == 1 and tagged[0][1] == "ns"
