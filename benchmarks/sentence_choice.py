"""Given the right article: how often do the chosen sentences hold the answer, and how many are they?

    python -m benchmarks.sentence_choice [cmrc drcd dureader xquad_zh …] [--questions 1000]

For each set of ``sets.json`` its questions, without those that the reader has learned from, are asked
of the one article that holds the answer, in a library of the whole corpus (which says how rare words
are). What is chosen is what an answer would show, also where Youju would refuse it. A line for several thresholds of ``qa.choosing``; that which
it uses has a star. An answer is held when one of the known ones stands in what is shown, pieces
side by side as one text. Sentences are counted by ``index.sentences``, so an enumeration is several.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.sets import QuestionSet, questions_of, read_sets
from index.library import Library
from index.sentences import sentence_spans
from index.types import Article, Hit, Passage
from qa import choosing
from qa.extract import Extraction, extract
from qa.measure import KnownQuestion, read_corpus
from qa.question import Question, analyse
from qa.scoring import Candidate
from training.sources import is_read

SETS = ("cmrc", "drcd", "dureader", "xquad_zh")
THRESHOLDS = (1.0, 0.2, 0.1, choosing.ENOUGH, 0.03)


def text_of(pieces: Sequence[Candidate]) -> str:
    """The pieces as they are read: what nothing but blanks parts is one text."""
    text = ""
    for i, piece in enumerate(pieces):
        before = pieces[i - 1].unit.end if i else 0
        joined = i and not piece.article.text[before : piece.unit.start].strip()
        text += ("" if joined and before <= piece.unit.start else "\n") + piece.text
    return text


def read(entry: QuestionSet, questions: int) -> list[tuple[Question, Extraction, KnownQuestion]]:
    """What is found for each question in its article."""
    found = []
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder)) as library:
        library.add_articles("corpus", list(read_corpus(entry.corpora, entry.body_only)))
        articles = {a.id: a for a in library.articles()}
        for q in questions_of(entry, questions, seed=1):
            asked = analyse(q.question)
            if any(map(is_read, q.passage_ids)):
                continue
            hits = [_hit(articles[i]) for i in q.passage_ids[:1] if i in articles]
            found.append((asked, extract(asked, hits, library), q))
    return found


def _hit(article: Article) -> Hit:
    return Hit(
        Passage(0, article.id, 0, len(article.text), article.text), article, 1.0, 1, "hybrid"
    )


def main() -> None:
    """Print the curve of each set."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--questions", type=int, default=1000)
    arguments = parser.parse_args()
    print("| set | from | sentences | characters | holds the answer |\n|---|---:|---:|---:|---:|")
    sets = read_sets()
    for name in arguments.sets:
        found = read(sets[name], arguments.questions)
        for enough in THRESHOLDS:
            texts = [
                text_of(choosing.chosen(q, f, enough)) if f.candidates else "" for q, f, _ in found
            ]
            held = [
                any(a.strip() in t for a in k.answers)
                for t, (_, _, k) in zip(texts, found, strict=True)
            ]
            count = statistics.mean(len(sentence_spans(text)) for text in texts)
            length = statistics.mean(map(len, texts))
            star = "*" if enough == choosing.ENOUGH else ""
            share = sum(held) / len(held)
            print(f"| {name} | {enough}{star} | {count:.2f} | {length:.0f} | {share:.3f} |")


if __name__ == "__main__":
    main()
