"""A full answer → a brief one: the sentences that answer, without those around them."""

from __future__ import annotations

from dataclasses import replace

from qa.compose import shown
from qa.types import Answer, AnswerSentence


def brief(answer: Answer) -> Answer:
    """Only the sentences with what was asked for; of a list, the first sentence of each line.

    Citations and evidence stay, and so does the whole quote. A refusal stays as it is.
    """
    if len(answer.sentences) < 2:
        return answer
    lines = _lines(answer)
    marked = any(s.highlights for s in answer.sentences)
    sentences: list[AnswerSentence] = []
    starts: dict[int, str] = {}
    for head, line in lines:
        kept = [s for s in line if s.highlights] if marked else line[:1]
        if kept:
            starts[len(sentences)] = head if sentences else ""
            sentences += kept
    above = answer.text[: answer.text.index(answer.sentences[0].text)]
    return replace(answer, text=above + shown(sentences, starts), sentences=tuple(sentences))


def _lines(answer: Answer) -> list[tuple[str, list[AnswerSentence]]]:
    """The sentences by the line of the answer's text on which each begins, with the words that
    stand at the beginning of that line."""
    lines: list[tuple[str, list[AnswerSentence]]] = []
    at = 0
    for sentence in answer.sentences:
        place = answer.text.find(sentence.text, at)
        if place < 0:  # written otherwise than it is shown: a line of its own
            lines.append(("", [sentence]))
            continue
        before = answer.text[at:place]
        if not lines or "\n" in before:
            lines.append((before.rpartition("\n")[2], []))
        lines[-1][1].append(sentence)
        at = place + len(sentence.text)
    return lines
