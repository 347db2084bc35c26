"""How an answer stands to what it cites and to what it should say: ALCE's citation measures, and
the overlap with a gold answer.

Gao et al. 2023, *Enabling Large Language Models to Generate Text with Citations* (ALCE): a sentence
is recalled when all its citations together bear it out; a citation of a recalled sentence is precise
when it bears the sentence out alone, or the others do not without it. What bears a sentence out is
the verifier's word, with that of an NLI model where one is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from index.library import Library
from index.tokens import fold
from qa.packing import Source
from qa.types import Answer
from qa.verify import Entailment, Verifier


def citation_scores(
    answer: Answer, library: Library, entailment: Entailment | None = None
) -> tuple[float, float]:
    """ALCE's citation recall and precision of one answer, each 0–1; both 0 if it says nothing."""
    sources = []
    for c in answer.citations:
        article = library.article(c.article_id)
        if article is not None:
            sources.append(Source(c.marker, article, c.start, c.end))
    verifier = Verifier(sources, library.encoder, library.segmenter, entailment)

    def bears_out(text: str, markers: Sequence[int]) -> bool:
        return bool(markers) and verifier.check(text, markers).supported

    recalled = precise = cited = 0
    for sentence in answer.sentences:
        cited += len(sentence.markers)
        if not bears_out(sentence.text, sentence.markers):
            continue
        recalled += 1
        for marker in sentence.markers:
            others = [m for m in sentence.markers if m != marker]
            alone = bears_out(sentence.text, [marker])
            precise += alone or not bears_out(sentence.text, others)
    return recalled / max(1, len(answer.sentences)), precise / max(1, cited)


def character_f1(text: str, gold: str) -> float:
    """The F1 (0–1) of the characters of two texts, each counted as often as it stands there; marks,
    spaces, and the difference of scripts and widths aside."""
    said, wanted = (Counter(c for c in fold(t) if c.isalnum()) for t in (text, gold))
    shared = (said & wanted).total()
    return 2 * shared / (said.total() + wanted.total()) if shared else 0.0


def best_f1(text: str, golds: Sequence[str]) -> tuple[float, float]:
    """The character F1 with the gold answer that fits best, and how many times as long as that one
    the text is (in characters, marks and spaces aside)."""
    best = max(golds, key=lambda gold: character_f1(text, gold))
    return character_f1(text, best), _length(text) / max(1, _length(best))


def _length(text: str) -> int:
    return sum(map(str.isalnum, text))
