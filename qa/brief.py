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
    if any(s.highlights for s in answer.sentences):
        kept = [[s for s in line if s.highlights] for line in lines]
    else:
        kept = [line[:1] for line in lines]
    sentences: list[AnswerSentence] = []
    starts: list[int] = []
    for line in kept:
        if line:
            starts.append(len(sentences))
            sentences += line
    frame = answer.text[: answer.text.index(answer.sentences[0].text)]
    return replace(answer, text=frame + shown(sentences, starts), sentences=tuple(sentences))


def _lines(answer: Answer) -> list[list[AnswerSentence]]:
    """The sentences by the line of the answer's text on which each begins."""
    lines: list[list[AnswerSentence]] = []
    at = 0
    for sentence in answer.sentences:
        place = answer.text.find(sentence.text, at)
        if place < 0:  # written otherwise than it is shown: a line of its own
            lines.append([sentence])
            continue
        if not lines or "\n" in answer.text[at:place]:
            lines.append([])
        lines[-1].append(sentence)
        at = place + len(sentence.text)
    return lines
