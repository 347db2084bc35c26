"""Tables: CSV and TSV, and the sheets of Excel workbooks by openpyxl."""

from __future__ import annotations

import csv
import io
import itertools
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from index.errors import (
    DocumentError,
    EmptyDocument,
    OversizedDocument,
    UnsupportedDocument,
)
from index.reading import archive, columns
from index.reading.given import ROWS, Given, Read, damage
from index.reading.plain import text_of
from index.types import Document

COLUMNS = 1_000
"""Columns of one table."""

_SEPARATORS = ",\t;|"
_CELL = 10_000_000  # characters
_HEAD_ROWS = 10  # rows that a title may take above the names of the columns


def read(given: Given) -> Read:
    """A document for each row; a line of it that is too long for a cell is damage.

    Raises as text does, and OversizedDocument, DamagedDocument, or UnsupportedDocument when a
    chosen column is not there.
    """
    text, _ = text_of(given)
    csv.field_size_limit(_CELL)
    separator = "\t" if given.suffix == ".tsv" else _separator(text)
    with damage(given, "table", csv.Error):
        reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator)
        yield from _documents(given, ((reader.line_num, row) for row in reader))


def read_xlsx(given: Given) -> Read:
    """A document for each row of each sheet, values as last computed; the sheet is the member.

    A sheet that cannot be read is yielded as its error. Macros and formulas are never run.
    """
    import openpyxl
    from lxml import etree

    with archive.opened(given, "Excel workbook"):
        pass
    with damage(given, "Excel workbook", etree.LxmlError), _quiet():
        book = openpyxl.load_workbook(
            io.BytesIO(given.data), read_only=True, data_only=True, keep_links=False
        )
    found = False
    try:
        for sheet in book.worksheets:
            member = f"{given.member}/{sheet.title}" if given.member else sheet.title
            try:
                with damage(given.within(sheet.title, b""), "sheet", etree.LxmlError):
                    sheet.reset_dimensions()
                    rows = (
                        (n, [columns.words(value) for value in row])
                        for n, row in enumerate(_quietly(sheet.iter_rows(values_only=True)), 1)
                    )
                    for made in _documents(given, rows, member):
                        found = True
                        yield made
            except EmptyDocument:
                continue
            except DocumentError as error:
                found = True
                yield error
    finally:
        book.close()
    if not found:
        raise EmptyDocument(given.shown, "its sheets hold nothing", "Add one that holds text.")


@contextmanager
def _quiet() -> Iterator[None]:
    """Without openpyxl's warnings of what it leaves out (forms, headers): none of it is text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def _quietly(rows: Iterator[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    while True:
        with _quiet():  # only while openpyxl works: filters of warnings are everybody's
            row = next(rows, None)
        if row is None:
            return
        yield row


def _documents(
    given: Given, rows: Iterable[tuple[int, Sequence[str]]], member: str = ""
) -> Iterator[Document]:
    kept = _bounded(given, rows, member)
    head = list(itertools.islice(kept, _HEAD_ROWS))
    if not head:
        raise EmptyDocument(given.shown, "the table holds nothing", "Add one that holds text.")
    at = next((i for i, (_, row) in enumerate(head) if columns.is_header(row)), None)
    names = [] if at is None else [cell.strip() for cell in head[at][1]]
    if absent := columns.missing(names, given.columns):
        there = ", ".join(n for n in names if n) or "none"
        cause = f"it has no column {', '.join(absent)}; its columns are {there}"
        raise UnsupportedDocument(given.shown, cause, "Give the name of one of these.")
    above = [] if at is None else head[:at]
    rest = itertools.chain(head[0 if at is None else at + 1 :], kept)
    empty = True
    for made in columns.documents(given, names, rest, member):
        empty = False
        yield made
    if above and not empty:
        lines = ["\t".join(c for c in row if c.strip()) for _, row in above]
        yield Document(
            text="\n".join(line for line in lines if line.strip()),
            source=given.source,
            title=next((line for line in lines if line.strip()), None),
            member=member or given.member,
            unit="row",
            first_line=above[0][0],
            whole=True,
        )
    if empty:
        raise EmptyDocument(given.shown, "the table has no rows", "Add one that has some.")


def _bounded(
    given: Given, rows: Iterable[tuple[int, Sequence[str]]], member: str
) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows that hold something. Raises OversizedDocument when there are too many."""
    shown = f"{given.source}/{member}" if member else given.shown
    count = 0
    for number, row in rows:
        if len(row) > COLUMNS:
            row = row[: max((i for i, c in enumerate(row) if c.strip()), default=-1) + 1]
            if len(row) > COLUMNS:
                cause = f"row {number} has {len(row)} columns, more than {COLUMNS}"
                raise OversizedDocument(shown, cause, "Split the table.")
        if any(cell.strip() for cell in row):
            count += 1
            if count > ROWS:
                cause = f"the table has more than {ROWS} rows"
                raise OversizedDocument(shown, cause, "Split it into smaller files.")
            yield number, row


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the same number of cells, the most of them."""
    sample = text[:20_000]
    best, most = ",", 1.0
    for each in _SEPARATORS:
        try:
            rows = list(itertools.islice(csv.reader(io.StringIO(sample), delimiter=each), 20))
        except csv.Error:
            continue
        rows = [row for row in rows[:-1] if row] or [row for row in rows if row]
        widths = [len(row) for row in rows]
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        score = usual * widths.count(usual) / len(widths)
        if usual > 1 and score > most:
            best, most = each, score
    return best
