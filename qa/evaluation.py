"""The work of ``youju eval``: read the files, ask by the users' road, print, and judge."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from index.encoder import load_encoder
from index.errors import SettingsError
from index.library import Library
from index.types import Mode
from qa.assistant import Assistant
from qa.evaluate import ExamReport, read_exam, run_exam
from qa.measure import Measurement, measure, read_corpus, read_questions
from qa.options import ANSWER_FROM, Caution
from qa.settings import Settings
from qa.talking import FollowUpReport, read_follow_ups, run_follow_ups
from qa.terminal import say_failed

_MODES: tuple[Mode, ...] = ("keyword", "dense", "hybrid")


def evaluate(
    *,
    exam: Path | None,
    follow_ups: Path | None,
    library: Path | None,
    documents: Sequence[str],
    corpus: Sequence[Path],
    questions: Path | None,
    unanswerable: Path | None,
    mode: str,
    body_only: bool,
    caution: Caution,
    model: str | None,
    reranker: str | None,
    as_json: bool,
    report: Sequence[Path],
    fail_under: Sequence[str],
) -> int:
    """Run an exam, or measure on a corpus; print the report; the exit status.

    Raises SettingsError when the options do not fit together.
    """
    limits = [_limit(text) for text in fail_under]
    settings = Settings.read(library, model, reranker)
    least = ANSWER_FROM[caution]
    found: ExamReport | Measurement | FollowUpReport
    if exam is not None:
        asked = read_exam(exam)
        with _shelf(settings, documents, (), False, model) as shelf:
            found = run_exam(asked, Assistant(shelf, least))
    elif follow_ups is not None:
        talks = read_follow_ups(follow_ups)
        with _shelf(settings, documents, (), False, model) as shelf:
            found = run_follow_ups(talks, Assistant(shelf, least))
    elif questions is not None:
        known = read_questions(questions)
        without = read_questions(unanswerable) if unanswerable else []
        modes = _MODES if mode == "all" else tuple(m for m in _MODES if m == mode)
        with _shelf(settings, documents, corpus, body_only, model) as shelf:
            assistant = Assistant(shelf, least, entailment=settings.entailment())
            found = measure(assistant, known, without, modes)
    else:
        raise SettingsError(
            "Nothing to ask. Give --exam FILE, --follow-ups FILE, or --corpus FILE --questions FILE."
        )
    as_text = json.dumps(found.to_dict(), ensure_ascii=False, indent=2)
    click.echo(as_text if as_json else found.to_markdown())
    for path in report:
        _write(path, as_text if path.suffix == ".json" else found.to_markdown())
    return int(any(found.value(name) < least for name, least in limits))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"--report {path}: cannot be written ({error.strerror}). Choose another place."
        ) from error


@contextmanager
def _shelf(
    settings: Settings,
    documents: Sequence[str],
    corpus: Sequence[Path],
    body_only: bool,
    model: str | None,
) -> Iterator[Library]:
    """The user's library, or one made for this run from documents or a corpus."""
    if not documents and not corpus:
        reranking = settings.reranking()
        with Library.open(settings.library, create=False, reranking=reranking) as shelf:
            yield shelf
        return
    with tempfile.TemporaryDirectory() as folder:
        encoder = load_encoder(model) if model else None
        with Library.open(folder, encoder=encoder, reranking=settings.reranking()) as shelf:
            if documents:
                say_failed(shelf.add(documents))
            if corpus:
                shelf.add_articles("corpus", read_corpus(corpus, body_only))
            yield shelf


def _limit(text: str) -> tuple[str, float]:
    """``"RR@10=0.8"`` → ``("RR@10", 0.8)``."""
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise SettingsError(f"--fail-under {text}: write METRIC=VALUE, as in RR@10=0.8.") from None
