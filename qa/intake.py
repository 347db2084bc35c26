"""What ``youju add`` takes beside files: standard input, names of columns, folders to watch."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence

import click

from index.errors import DocumentError, SettingsError
from index.library import Library
from index.types import AddReport, FileReport

INPUT = "-"
"""The path that stands for standard input."""


def columns_of(given: Sequence[str]) -> dict[str, str]:
    """``["title=名称"]`` → ``{"title": "名称"}``. Raises SettingsError."""
    from index.reading.columns import NAMES

    found: dict[str, str] = {}
    for each in given:
        role, is_there, name = each.partition("=")
        if not is_there or not name or role not in NAMES:
            raise SettingsError(
                f"--column {each}: write ROLE=NAME, with ROLE one of {', '.join(NAMES)}."
            )
        found[role] = name
    return found


def add_input(library: Library, name: str | None, columns: Mapping[str, str]) -> AddReport:
    """Add what comes on standard input, as a file of that name; its ending says what it is.

    Without a name it gets one from its content, so that other input does not take its place.
    """
    from index import ingest
    from index.passages import split

    data = sys.stdin.buffer.read()
    source = name or f"stdin-{hashlib.blake2b(data, digest_size=4).hexdigest()}.txt"
    try:
        found = ingest.contents_of_bytes(data, source, columns)
    except DocumentError as error:
        kind = type(error).__name__
        return AddReport((FileReport(source, "failed", error=str(error), kind=kind),))
    library.add_articles(source, found.articles)
    passages = sum(len(split(article)) for article in found.articles)
    report = FileReport(source, "added", len(found.articles), passages, failures=found.failures)
    return AddReport((report,))


def follow(
    library: Library,
    paths: Sequence[str],
    columns: Mapping[str, str],
    say: Callable[[AddReport, Sequence[str]], object],
) -> None:
    """Keep a library in step with folders until Ctrl-C, and say what was added and forgotten."""
    from index.watching import watch

    click.echo(f"Watching {', '.join(paths)}. Ctrl-C ends it.", err=True)
    watch(library, paths, say, columns=columns)
