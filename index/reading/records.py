"""Records: JSON Lines, and JSON that is a list of objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from index.errors import (
    DamagedDocument,
    DocumentError,
    EmptyDocument,
    OversizedDocument,
    UnsupportedDocument,
)
from index.reading import columns
from index.reading.given import ROWS, Given, Read, damage
from index.reading.plain import text_of

_NAMED = 20  # damaged lines that are named one by one


def read(given: Given) -> Read:
    """A document for each object. A line that is no object is yielded as its error.

    Raises as text does, and UnsupportedDocument when it holds no objects at all.
    """
    text, _ = text_of(given)
    if given.suffix == ".json" and (values := _list(text)) is not None:
        lines: Iterator[tuple[int, Any]] = iter(enumerate(values, start=1))
    else:
        lines = _parsed(given, text)
    count, bad, first = 0, 0, None
    for number, value in lines:
        if isinstance(value, dict) and value:
            count += 1
            if count > ROWS:
                cause = f"it holds more than {ROWS} records"
                raise OversizedDocument(given.shown, cause, "Split it into smaller files.")
            yield from _document(given, number, value)
            continue
        error = value if isinstance(value, DocumentError) else _no_object(given, number)
        bad += 1
        first = first or error
        if bad <= _NAMED and count:
            yield error
    if not count:
        raise first or EmptyDocument(given.shown, "it holds no records", "Add one that has some.")
    if bad > _NAMED:
        cause = f"{bad} of its lines are no records"
        yield DamagedDocument(given.shown, cause, "Mend them, or leave them out.")


def _list(text: str) -> list[Any] | None:
    """The objects of a JSON file: a list, one object, or the one list that an object holds."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict):
        lists = [v for v in value.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
        return lists[0] if len(lists) == 1 else [value]
    return value if isinstance(value, list) else None


def _parsed(given: Given, text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            with damage(given, f"record in line {number}"):
                value = json.loads(line)
        except DocumentError as error:
            yield number, error
        else:
            yield number, value


def _document(given: Given, number: int, value: dict[str, Any]) -> Read:
    names = list(value)
    with damage(given, f"record in line {number}"):
        cells = [columns.words(v).encode("utf-8", "replace").decode() for v in value.values()]
    if absent := columns.missing(names, given.columns):
        shown = f"{given.shown}: record {number}"
        cause = f"it has no {', '.join(absent)}; its names are {', '.join(names)}"
        yield UnsupportedDocument(shown, cause, "Give the name of one of these.")
        return
    yield from columns.documents(given, names, iter([(number, cells)]))


def _no_object(given: Given, number: int) -> DamagedDocument:
    return DamagedDocument(
        given.shown, f"line {number} is no record {{…}}", "Write one JSON object a line."
    )
