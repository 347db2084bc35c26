"""Retrieval and answers, measured on questions whose passages are known.

A corpus is JSON lines of ``id, title, text, lang``; questions are JSON lines of ``id, question,
answers, passage_ids``; unanswerable ones need only ``id, question``. Retrieval measures are
ir-measures' own; intervals are percentile bootstrap over questions (Efron & Tibshirani 1993).
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import YoujuError
from index.language import language_of
from index.library import Library
from index.types import Article, Mode, Origin, Run
from qa.alce import best_f1, citation_scores
from qa.assistant import Assistant
from qa.types import Answer, Status

MEASURES = ("R@1", "R@5", "R@10", "RR@10", "nDCG@10")
_HITS = 50  # passages searched for; several may be of one article
_RESAMPLES = 1000
_ANSWER = 120  # characters of an answer that went wrong, likewise
_SHOWN = 20  # of the questions that went wrong, in Markdown; JSON has all of them


class EvaluationError(YoujuError):
    """A corpus or a file of questions cannot be read."""


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question, the answers that are right and the articles that hold them."""

    id: str
    question: str
    answers: tuple[str, ...] = ()
    passage_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean with its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Fault:
    """A question that went wrong: what was wrong, what was answered, what was expected."""

    id: str
    question: str
    fault: str
    answer: str
    gold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measurement:
    """All figures of one run, by mode and measure, and the questions that went wrong."""

    questions: int
    retrieval: dict[str, dict[str, Figure]]
    answers: dict[str, Figure] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def value(self, name: str) -> float:
        """A figure by name: ``RR@10`` (hybrid, else the only mode) or ``refusal_rate`` …

        Raises EvaluationError for a name that was not measured.
        """
        mode = "hybrid" if "hybrid" in self.retrieval else next(iter(self.retrieval), "")
        figures = {**self.answers, **self.retrieval.get(mode, {})}
        if name not in figures:
            known = ", ".join(sorted(figures))
            raise EvaluationError(f"{name}: not measured in this run. There are: {known}")
        return figures[name].mean

    def to_dict(self) -> dict[str, Any]:
        """The figures as JSON."""

        def plain(figures: dict[str, Figure]) -> dict[str, list[float]]:
            return {
                k: [round(f.mean, 4), round(f.low, 4), round(f.high, 4)] for k, f in figures.items()
            }

        return {
            "questions": self.questions,
            "retrieval": {mode: plain(figures) for mode, figures in self.retrieval.items()},
            "answers": plain(self.answers),
            "faults": [asdict(fault) for fault in self.faults],
        }

    def to_markdown(self) -> str:
        """The figures to be read: means with 95 % intervals."""
        lines = [f"{self.questions} questions; mean (95 % interval)", ""]
        lines += ["| mode | " + " | ".join(MEASURES) + " |", "|---" * (len(MEASURES) + 1) + "|"]
        for mode, figures in self.retrieval.items():
            lines.append(f"| {mode} | " + " | ".join(shown(figures[m]) for m in MEASURES) + " |")
        if self.answers:
            lines += ["", "| answers | |", "|---|---|"]
            lines += [f"| {name} | {shown(figure)} |" for name, figure in self.answers.items()]
        if self.faults:
            lines += ["", f"{len(self.faults)} went wrong; the first {_SHOWN}:" if len(self.faults) > _SHOWN
                      else f"{len(self.faults)} went wrong:"]  # fmt: skip
        for f in self.faults[:_SHOWN]:
            gold = f" (expected {' / '.join(f.gold)})" if f.gold else ""
            lines.append(f"- {f.id} {f.question}: {f.fault}{gold}")
            lines.append(f"  answered: {f.answer[:_ANSWER]!r}")
        return "\n".join(lines)


def read_corpus(paths: Iterable[Path], body_only: bool = False) -> list[Article]:
    """Articles of JSON-lines files (plain or .gz); ``body_only`` leaves the titles out."""
    articles = []
    for path in paths:
        for number, row in rows_of(path):
            try:
                text = str(row["text"])
                articles.append(
                    Article(
                        id=str(row["id"]),
                        title="" if body_only else str(row.get("title") or ""),
                        text=text,
                        language=str(row.get("lang") or language_of(text)),
                        source=str(path),
                        origin=Origin(number, number),
                        runs=(Run(0, 0, len(text), number),) if text else (),
                    )
                )
            except KeyError as error:
                raise _bad(path, number, error, "id and text (and title, lang)") from error
    return articles


def read_questions(path: Path) -> list[KnownQuestion]:
    """Questions of a JSON-lines file (plain or .gz)."""
    questions = []
    for number, row in rows_of(path):
        try:
            questions.append(
                KnownQuestion(
                    str(row["id"]),
                    str(row["question"]),
                    tuple(row.get("answers") or ()),
                    tuple(row.get("passage_ids") or ()),
                )
            )
        except KeyError as error:
            raise _bad(path, number, error, "id, question, answers, passage_ids") from error
    return questions


def measure(
    assistant: Assistant,
    questions: Sequence[KnownQuestion],
    unanswerable: Sequence[KnownQuestion] = (),
    modes: Sequence[Mode] = ("hybrid",),
) -> Measurement:
    """Ask everything by the road that users take, and count."""
    retrieval: dict[str, dict[str, Figure]] = {
        mode: _retrieval(assistant.library, questions, mode) for mode in modes
    }
    figures, faults = _answers(assistant, questions, unanswerable)
    return Measurement(len(questions), retrieval, figures, faults)


def _retrieval(
    library: Library, questions: Sequence[KnownQuestion], mode: Mode
) -> dict[str, Figure]:
    import ir_measures

    found, wanted = {}, {}
    for q in questions:
        if not q.passage_ids:
            continue
        hits = library.search(q.question, k=_HITS, mode=mode)
        ids = list(dict.fromkeys(h.article.id for h in hits))
        found[q.id] = {article_id: float(len(ids) - i) for i, article_id in enumerate(ids)}
        wanted[q.id] = dict.fromkeys(q.passage_ids, 1)
    by_measure: dict[str, list[float]] = {name: [] for name in MEASURES}
    measures = [ir_measures.parse_measure(name) for name in MEASURES]
    for metric in ir_measures.iter_calc(measures, wanted, found):
        by_measure[str(metric.measure)].append(float(metric.value))
    return {name: figure(values) for name, values in by_measure.items()}


def _answers(
    assistant: Assistant,
    questions: Sequence[KnownQuestion],
    unanswerable: Sequence[KnownQuestion],
) -> tuple[dict[str, Figure], tuple[Fault, ...]]:
    rows: dict[str, list[float]] = {}
    faults: list[Fault] = []
    sure, unsure = [], []
    for q in questions:
        start = time.perf_counter()
        answer = assistant.ask(q.question)
        rows.setdefault("seconds", []).append(time.perf_counter() - start)
        rows.setdefault("false_refusal_rate", []).append(answer.status is Status.NO_EVIDENCE)
        sure.append(answer.confidence)
        if q.answers:
            rows.setdefault("holds_gold_answer", []).append(_holds(answer, q))
        scores = citation_scores(answer, assistant.library, assistant.entailment)
        if answer.citations:
            rows.setdefault("citation_recall", []).append(scores[0])
            rows.setdefault("citation_precision", []).append(scores[1])
            rows.setdefault("characters", []).append(sum(len(s.text) for s in answer.sentences))
        if answer.citations and q.answers:
            f1, times = best_f1("".join(s.text for s in answer.sentences), q.answers)
            rows.setdefault("character_f1", []).append(f1)
            rows.setdefault("times_gold_length", []).append(times)
        if answer.citations and q.passage_ids:
            cited = {c.article_id for c in answer.citations}
            gold = set(q.passage_ids)
            rows.setdefault("cites_only_gold", []).append(len(cited & gold) / len(cited))
            rows.setdefault("cites_gold", []).append(bool(cited & gold))
        fault = _fault(answer, q, scores)
        if fault:
            faults.append(Fault(q.id, q.question, fault, answer.text, q.answers))
    for q in unanswerable:
        answer = assistant.ask(q.question)
        rows.setdefault("refusal_rate", []).append(answer.status is Status.NO_EVIDENCE)
        unsure.append(answer.confidence)
        if answer.status is not Status.NO_EVIDENCE:
            fault = "answered, but the library holds no answer"
            faults.append(Fault(q.id, q.question, fault, answer.text, ()))
    figures = {name: figure(values) for name, values in rows.items()}
    if unsure:
        figures["refusal_auroc"] = auroc(sure, unsure)
    return figures, tuple(faults)


def _fault(answer: Answer, question: KnownQuestion, scores: tuple[float, float]) -> str:
    """What is wrong with an answer, and where it went wrong; "" when nothing that is known of the
    question says so."""
    found = list(dict.fromkeys(e.hit.article.id for e in answer.evidence))
    rank = next((i for i, a in enumerate(found, start=1) if a in question.passage_ids), 0)
    where = ""
    if question.passage_ids:
        where = (
            f"; its passage was found in place {rank}" if rank else "; its passage was not found"
        )
    if answer.status is Status.NO_EVIDENCE:
        return f"refused, confidence {answer.confidence:.2f}{where}"
    if question.answers and not _holds(answer, question):
        return f"the answer does not hold the expected one{where}"
    cited = {c.article_id for c in answer.citations}
    if question.passage_ids and not cited & set(question.passage_ids):
        return f"cites other articles{where}"
    if scores[0] < 1:
        return "a sentence is not borne out by what it cites"
    return ""


def _holds(answer: Answer, question: KnownQuestion) -> bool:
    return any(gold in answer.text for gold in question.answers)


def figure(values: Sequence[float]) -> Figure:
    """The mean of values with its 95 % bootstrap interval (1,000 resamples, seeded)."""
    if not values:
        return Figure(float("nan"), float("nan"), float("nan"))
    array = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(0).integers(0, len(array), (_RESAMPLES, len(array)))
    low, high = np.percentile(array[draws].mean(axis=1), (2.5, 97.5))
    return Figure(float(array.mean()), float(low), float(high))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> Figure:
    """How often an answerable question scores above an unanswerable one (ties half), bootstrapped."""

    def area(high: Any, low: Any) -> float:
        order = np.searchsorted(np.sort(low), high, side="left")
        ties = np.searchsorted(np.sort(low), high, side="right") - order
        return float((order + ties / 2).mean() / len(low))

    p, n = np.asarray(positive), np.asarray(negative)
    random = np.random.default_rng(0)
    draws = [
        area(random.choice(p, len(p)), random.choice(n, len(n))) for _ in range(_RESAMPLES // 5)
    ]
    low, high = np.percentile(draws, (2.5, 97.5))
    return Figure(area(p, n), float(low), float(high))


def rows_of(path: Path) -> Iterable[tuple[int, dict[str, Any]]]:
    """The objects of a JSON-lines file (plain or .gz) with the numbers of their lines.

    Raises EvaluationError when it cannot be read, or a line is no object.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    row = json.loads(line)
                    if not isinstance(row, dict):
                        raise _bad(path, number, "not an object", "id …")
                    yield number, row
    except OSError as error:
        raise EvaluationError(f"{path}: {error.strerror or error}. Check the path.") from error
    except ValueError as error:
        raise EvaluationError(f"{path}: {error}. Give UTF-8 JSON lines.") from error


def _bad(path: Path, number: int, cause: object, wanted: str) -> EvaluationError:
    return EvaluationError(
        f"{path}, line {number}: {cause!r}. Each line is an object with {wanted}."
    )


def shown(value: Figure) -> str:
    """A figure to be read: the mean with its interval."""
    return f"{value.mean:.3f} ({value.low:.3f}–{value.high:.3f})"
