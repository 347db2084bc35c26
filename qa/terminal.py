"""Answers, progress and failures as a terminal shows them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from index.library import Library
from index.types import AddReport, Progress
from qa.types import Answer, Citation

_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def show_answer(answer: Answer) -> None:
    """Print an answer, the answering span in bold where the terminal can, then its sources."""
    styled = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    click.echo(_with_bold(answer) if styled else answer.text)
    for sentence in answer.sentences:
        if not sentence.supported:
            click.echo(f"?? {sentence.text} ({', '.join(sentence.problems)})")
    for notice in answer.notices:
        click.echo(f"-- {notice.text}", err=True)
    _show_sources(answer.citations, styled)
    if answer.background:
        click.echo(f"\n{answer.background.text}")
        for c in answer.background.citations:
            click.echo(f"> {' '.join(c.quote.split())}[{c.marker}]")
        _show_sources(answer.background.citations, styled)


def _show_sources(citations: Sequence[Citation], styled: bool) -> None:
    """Title, day, byline and place of each citation."""
    if citations:
        click.echo()
    for c in citations:
        about = "  ".join(part for part in (c.published, c.byline) if part)
        click.echo(f"[{c.marker}] {c.title}  {about}".rstrip())
        place = f"    {_place(c)}"
        for line in (place, *(f"    = {_near(source)}" for source in c.also)):
            click.echo(f"{_DIM}{line}{_PLAIN}" if styled else line)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on standard error, so that what is printed can be piped; it moves as it is told."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int, source: str) -> None:
            bar.update(task, completed=done, total=total, description=Path(source).name)

        yield show


def add_with_progress(
    library: Library, paths: Sequence[str], columns: Mapping[str, str] | None = None
) -> AddReport:
    """Add files with a bar on standard error."""
    with progress_bar() as show:
        return library.add(paths, progress=show, columns=columns)


def say_added(report: AddReport, forgotten: Sequence[str] = ()) -> bool:
    """Say what became of each file, and which were forgotten; whether any failed."""
    for file in report.files:
        if file.outcome == "added":
            click.echo(f"added {file.source}: {file.articles} articles, {file.passages} passages")
    unchanged = sum(f.outcome == "unchanged" for f in report.files)
    if unchanged:
        click.echo(f"unchanged: {unchanged} files")
    say_failed(report)
    for source in forgotten:
        click.echo(f"forgotten {source}: no longer there")
    return bool(report.failed)


def print_added(report: AddReport, forgotten: Sequence[str] = ()) -> bool:
    """The same as JSON, one object a line for each file, with the kinds of errors."""
    gone = ({"source": source, "outcome": "forgotten"} for source in forgotten)
    for told in (*map(asdict, report.files), *gone):
        click.echo(json.dumps(told, ensure_ascii=False))
    return bool(report.failed)


def say_failed(report: AddReport) -> None:
    """Name on standard error each file, and each part of one, that could not be read, and why."""
    for file in report.files:
        for error in (*filter(None, [file.error]), *(f.error for f in file.failures)):
            click.echo(f"failed: {error}", err=True)


def _with_bold(answer: Answer) -> str:
    parts: list[str] = []
    at = 0
    for sentence in answer.sentences:
        begin = answer.text.index(sentence.text, at)
        for start, end in sentence.highlights:
            parts += [answer.text[at : begin + start], _BOLD, sentence.text[start:end], _PLAIN]
            at = begin + end
        parts.append(answer.text[at : begin + len(sentence.text)])
        at = begin + len(sentence.text)
    return "".join([*parts, answer.text[at:]])


def _place(citation: Citation) -> str:
    """Where to look: ``news.txt:10-16``, ``report.pdf p. 3``, ``talk.pptx slide 3``,
    ``list.xlsx/Sheet1 row 7``."""
    file = _near(citation.source) + (f"/{citation.member}" if citation.member else "")
    number = citation.page or citation.lines
    units = {"row": "row", "paragraph": "¶", "slide": "slide"}
    unit = units.get(citation.unit, "p." if citation.page else None)
    place = f" {unit} {number}" if unit else f":{number}"
    return f"{file}{place if number else ''}  {citation.section}".rstrip()


def _near(source: str) -> str:
    """A file as seen from here: relative when it lies below the current folder."""
    path = Path(source)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else source


def nearest_source(source: str, library: Library) -> str:
    """The file of a library that may have been meant."""
    import difflib

    known = library.sources()
    found = difflib.get_close_matches(source, known, 1, 0.5) or [
        k for k in known if Path(k).name == Path(source).name
    ]
    return found[0] if found else "the path of a file that was added"
