"""Questions with known answers → how many are answered right, and why the others are not.

An exam is JSON lines: ``question`` or ``turns`` (the last turn is judged), ``article`` (the title
to be cited, null where the library has no answer), ``must`` (strings that the answer must hold),
optionally ``must_not`` and ``article_alt`` (other titles that are right too).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index.errors import YoujuError
from qa.assistant import Assistant
from qa.quoting import quote_is_exact
from qa.types import Answer, Status


class ExamError(YoujuError):
    """An exam file cannot be read."""


@dataclass(frozen=True, slots=True)
class ExamQuestion:
    """One question of an exam with what a right answer holds."""

    id: str
    turns: tuple[str, ...]
    article: str | None
    must: tuple[str, ...]
    must_not: tuple[str, ...] = ()
    article_alt: tuple[str, ...] = ()
    type: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one question went; ``faults`` is empty when it is right."""

    id: str
    type: str
    question: str
    faults: tuple[str, ...]
    answer: str
    seconds: float

    @property
    def right(self) -> bool:
        """Whether nothing was wrong."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class ExamReport:
    """How an exam went."""

    verdicts: tuple[Verdict, ...]
    by_type: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def right(self) -> int:
        """How many questions are right."""
        return sum(v.right for v in self.verdicts)

    def value(self, name: str) -> float:
        """The one figure of an exam, ``right``. Raises ExamError for any other name."""
        if name != "right":
            raise ExamError(f"{name}: an exam has one figure, right (how many are).")
        return self.right

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "right": self.right,
            "questions": len(self.verdicts),
            "by_type": {k: {"right": r, "questions": n} for k, (r, n) in self.by_type.items()},
            "verdicts": [asdict(v) for v in self.verdicts],
        }

    def to_markdown(self) -> str:
        """The report to be read: figures by type, then each question that went wrong and why."""
        lines = [
            f"**{self.right} of {len(self.verdicts)} right**",
            "",
            "| type | right | of |",
            "|---|---|---|",
        ]
        lines += [
            f"| {kind} | {right} | {n} |" for kind, (right, n) in sorted(self.by_type.items())
        ]
        for v in self.verdicts:
            if not v.right:
                lines += [
                    "",
                    f"- {v.id} {v.question}: {'; '.join(v.faults)}",
                    f"  answered: {v.answer!r}",
                ]
        return "\n".join(lines)


def read_exam(path: Path) -> list[ExamQuestion]:
    """The questions of a file. Raises ExamError that names the line that is wrong."""
    questions = []
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ExamError(f"{path}: {error}. Give a UTF-8 file of JSON lines.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            questions.append(_question(json.loads(line), number))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ExamError(
                f"{path}, line {number}: {error!r}. Each line is an object with question (or turns), "
                "article (a title or null) and must (a list of strings)."
            ) from error
    return questions


def _question(row: Any, number: int) -> ExamQuestion:
    """One line of an exam. Raises KeyError or TypeError where it is not as it should be."""
    turns = _strings(row["turns"]) if "turns" in row else (row["question"],)
    article = row["article"]
    if not turns or not isinstance(turns[0], str) or not isinstance(article, str | None):
        raise TypeError("question and article must be text")
    return ExamQuestion(
        id=str(row.get("id", number)),
        turns=turns,
        article=article,
        must=_strings(row.get("must", [])),
        must_not=_strings(row.get("must_not", [])),
        article_alt=_strings(row.get("article_alt", [])),
        type=str(row.get("type", "")),
    )


def _strings(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise TypeError(f"{value!r} is not a list of strings")
    return tuple(value)


def run_exam(questions: Sequence[ExamQuestion], assistant: Assistant) -> ExamReport:
    """Ask every question by the same road as a user, and judge the answers."""
    verdicts = []
    tally: dict[str, tuple[int, int]] = {}
    for item in questions:
        answer = _asked(item, assistant)
        verdict = Verdict(
            item.id,
            item.type,
            " / ".join(item.turns),
            tuple(_faults(item, answer, assistant)),
            answer.text,
            sum(answer.seconds.values()),
        )
        verdicts.append(verdict)
        right, n = tally.get(item.type, (0, 0))
        tally[item.type] = (right + verdict.right, n + 1)
    return ExamReport(tuple(verdicts), tally)


def _asked(item: ExamQuestion, assistant: Assistant) -> Answer:
    if len(item.turns) == 1:
        return assistant.ask(item.turns[0])
    talk = assistant.chat()
    return [talk.ask(turn) for turn in item.turns][-1]


def _faults(item: ExamQuestion, answer: Answer, assistant: Assistant) -> list[str]:
    if item.article is None:
        refused = answer.status is Status.NO_EVIDENCE
        return [] if refused else ["answered, but the library holds no answer"]
    if answer.status is Status.NO_EVIDENCE:
        return ["refused, but the library holds the answer"]
    faults = [f"missing “{m}”" for m in item.must if m not in answer.text]
    faults += [
        f"holds “{m}”, which is beside the question" for m in item.must_not if m in answer.text
    ]
    titles = {c.title for c in answer.citations}
    if not titles & {item.article, *item.article_alt}:
        faults.append(f"cites {sorted(titles)} and not “{item.article}”")
    for citation in answer.citations:
        if not quote_is_exact(citation, assistant.library.article(citation.article_id)):
            faults.append(f"citation [{citation.marker}] is not the article's own text")
    return faults
