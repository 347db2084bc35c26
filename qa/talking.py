"""Follow-up questions with known articles → how far the talk before them helps to find those.

Each line of JSON has ``turns`` (the last is the follow-up), ``alone`` (what it means, in a form that
needs no turn before it) and ``article`` (the title of the article that answers). The follow-up is
searched as the conversation rewrites it, as it stands, and in the form ``alone``: recall@k is the
share of which the article is among the first k articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from qa.assistant import HITS, Assistant
from qa.measure import EvaluationError, Figure, figure, rows_of, shown

RANKS = (1, 5)
WAYS = ("alone", "with_history", "without_history")
_BAR = 5  # the rank from which on a follow-up went wrong


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up with the turns before it, its self-contained form and the article that answers."""

    id: str
    turns: tuple[str, ...]
    alone: str
    article: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A follow-up whose article was not found: what it was rewritten to, and what came first.

    ``ranks`` are the article's, from 1, by way; 0 where it was not found at all.
    """

    id: str
    turns: tuple[str, ...]
    rewritten: str
    ranks: dict[str, int]
    article: str
    first: str


@dataclass(frozen=True, slots=True)
class FollowUpReport:
    """Recall by way and rank, how often the answer cites the article, and what went wrong."""

    questions: int
    figures: dict[str, Figure]
    lost: tuple[Lost, ...] = field(default=())

    def value(self, name: str) -> float:
        """A figure by name (``R@5_with_history`` …). Raises EvaluationError for another name."""
        if name not in self.figures:
            known = ", ".join(self.figures)
            raise EvaluationError(f"{name}: not measured in this run. There are: {known}")
        return self.figures[name].mean

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "questions": self.questions,
            "figures": {
                k: [round(f.mean, 4), round(f.low, 4), round(f.high, 4)]
                for k, f in self.figures.items()
            },
            "lost": [asdict(one) for one in self.lost],
        }

    def to_markdown(self) -> str:
        """The report to be read: figures, then each follow-up that went wrong and why."""
        lines = [f"{self.questions} follow-up questions; mean (95 % interval)", ""]
        lines += ["| searched | " + " | ".join(f"R@{k}" for k in RANKS) + " |"]
        lines += ["|---" * (len(RANKS) + 1) + "|"]
        for way in WAYS:
            cells = (shown(self.figures[f"R@{k}_{way}"]) for k in RANKS)
            lines.append(f"| {way.replace('_', ' ')} | " + " | ".join(cells) + " |")
        lines += ["", f"answers that cite the article: {shown(self.figures['cites_article'])}"]
        for one in self.lost:
            lines += [
                "",
                f"- {one.id} {' / '.join(one.turns)}: “{one.article}” is "
                + ", ".join(
                    f"{way.replace('_', ' ')} {r or 'not found'}" for way, r in one.ranks.items()
                ),
                f"  searched as: {one.rewritten!r}; first came “{one.first}”",
            ]
        return "\n".join(lines)


def read_follow_ups(path: Path) -> list[FollowUp]:
    """The follow-ups of a file. Raises EvaluationError that names the line that is wrong."""
    found = []
    for number, row in rows_of(path):
        turns = row.get("turns")
        texts = [row.get("alone"), row.get("article"), *(turns if isinstance(turns, list) else [])]
        if len(texts) < 4 or not all(isinstance(text, str) and text for text in texts):
            raise EvaluationError(
                f"{path}, line {number}: each line is an object with turns (two questions or more), "
                "alone (the last one in full) and article (a title)."
            )
        alone, article, *asked = map(str, texts)
        found.append(FollowUp(str(row.get("id", number)), tuple(asked), alone, article))
    return found


def run_follow_ups(questions: Sequence[FollowUp], assistant: Assistant) -> FollowUpReport:
    """Ask every talk by the road that users take, and see where the articles stand."""
    rows: dict[str, list[float]] = {f"R@{k}_{way}": [] for way in WAYS for k in RANKS}
    rows["cites_article"] = []
    lost: list[Lost] = []
    known = {a.title for a in assistant.library.articles()}
    for item in questions:
        if item.article not in known:
            raise EvaluationError(
                f"{item.id}: the library has no article “{item.article}”. Give the documents that "
                "the follow-ups were written for."
            )
        talk = assistant.chat()
        for turn in item.turns[:-1]:
            talk.ask(turn)
        rewritten = talk.resolve(item.turns[-1]).text
        texts = dict(zip(WAYS, (item.alone, rewritten, item.turns[-1]), strict=True))
        found = {way: _titles(text, assistant) for way, text in texts.items()}
        ranks = {way: _rank(titles, item.article) for way, titles in found.items()}
        for way, rank in ranks.items():
            for k in RANKS:
                rows[f"R@{k}_{way}"].append(0 < rank <= k)
        cited = {c.title for c in talk.ask(item.turns[-1]).citations}
        rows["cites_article"].append(item.article in cited)
        if not 0 < ranks["with_history"] <= _BAR:
            first = next(iter(found["with_history"]), "")
            lost.append(Lost(item.id, item.turns, rewritten, ranks, item.article, first))
    return FollowUpReport(
        len(questions), {name: figure(values) for name, values in rows.items()}, tuple(lost)
    )


def _titles(text: str, assistant: Assistant) -> list[str]:
    """The titles of the articles that are found, best first."""
    hits = assistant.library.search(text, k=HITS)
    return list({h.article.id: h.article.title for h in hits}.values())


def _rank(titles: Sequence[str], wanted: str) -> int:
    return titles.index(wanted) + 1 if wanted in titles else 0
