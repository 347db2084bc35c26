"""Tables: CSV and TSV, and the sheets of Excel workbooks by openpyxl and xlrd."""

from __future__ import annotations

import csv
import io
import itertools
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from index.errors import (
    DamagedDocument,
    DocumentError,
    EmptyDocument,
    OversizedDocument,
    UnsupportedDocument,
)
from index.reading import archive, columns
from index.reading.given import OLE, ROWS, Given, Read, damage, locked
from index.reading.markup import decoded, tree_of
from index.reading.plain import text_of
from index.types import Document

COLUMNS = 1_000
"""Columns of one table."""

_PREFIX = re.compile(r"(</?)ss:(?=\w)")
_CLOSED = re.compile(r"<(Row|Cell|Data|td|th|tr)\b([^<>]*)/>", re.I)
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
    try:
        yield from sheets(given, ((sheet.title, _rows(sheet)) for sheet in book.worksheets))
    finally:
        book.close()


def read_xls(given: Given) -> Read:
    """The same of a workbook of Excel 97 to 2003, by xlrd; of files that only bear its name too.

    What many programs write as “.xls” is a page with a table, XML, or text with tabs.
    """
    import xlrd

    if not given.data.startswith(OLE):
        yield from _misnamed(given)
        return
    with damage(given, "Excel workbook", xlrd.XLRDError, xlrd.compdoc.CompDocError):
        try:
            book = xlrd.open_workbook(
                file_contents=given.data, logfile=io.StringIO(), on_demand=True, ragged_rows=True
            )
        except xlrd.XLRDError as error:
            if "encrypted" not in str(error):
                raise
            raise locked(given) from error
    with book:
        named = ((name, _old_rows(book, n)) for n, name in enumerate(book.sheet_names()))
        yield from sheets(given, named, xlrd.XLRDError)


def sheets(
    given: Given,
    named: Iterable[tuple[str, Iterable[tuple[int, Sequence[str]]]]],
    *errors: type[Exception],
) -> Read:
    """The rows of each sheet, (number, cells). Raises EmptyDocument when none holds anything."""
    from lxml import etree

    found = False
    for name, rows in named:
        sheet = given.within(name, b"") if name else given
        try:
            with damage(sheet, "sheet", etree.LxmlError, *errors):
                for made in _documents(given, rows, sheet.member):
                    found = True
                    yield made
        except EmptyDocument:
            continue
        except DocumentError as error:
            found = True
            yield error
    if not found:
        raise EmptyDocument(given.shown, "its sheets hold nothing", "Add one that holds text.")


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()
    for number, row in enumerate(_quietly(sheet.iter_rows(values_only=True)), 1):
        yield number, [columns.words(value) for value in row]


def _old_rows(book: Any, at: int) -> Iterator[tuple[int, list[str]]]:
    sheet = book.sheet_by_index(at)
    for number in range(sheet.nrows):
        yield number + 1, [_value(cell, book.datemode) for cell in sheet.row(number)]


def _value(cell: Any, datemode: int) -> str:
    """A cell's words as a workbook of today has them: whole numbers without “.0”, days as days."""
    import xlrd

    value = cell.value
    if cell.ctype == xlrd.XL_CELL_DATE:
        if value < 1:
            return str(xlrd.xldate_as_datetime(value, datemode).time())
        try:
            value = xlrd.xldate_as_datetime(value, datemode)
        except (OverflowError, ValueError):
            return str(value)
    elif cell.ctype == xlrd.XL_CELL_NUMBER and value.is_integer():
        value = int(value)
    elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
        value = bool(value)
    elif cell.ctype == xlrd.XL_CELL_ERROR:
        value = xlrd.error_text_from_code.get(value, "")
    return columns.words(value)


def _misnamed(given: Given) -> Read:
    """The rows of what is called a workbook and is a page, XML, or text between separators."""
    text = decoded(given)
    if text.lstrip()[:1] != "<":
        yield from read(given)
        return
    # A page's parser takes XML too, but knows no tags that are closed where they open.
    tree = tree_of(_CLOSED.sub(r"<\1\2></\1>", _PREFIX.sub(r"\1", text)), given)
    tables = tree.xpath("//table[not(.//table)]")
    if not tables:
        cause = f"it is no {given.suffix[1:].upper()} but a page without a table"
        raise DamagedDocument(given.shown, cause, "Give it the ending .html and add that.")
    yield from sheets(given, ((t.getparent().get("ss:name", ""), _marked_rows(t)) for t in tables))


def _marked_rows(table: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table in HTML or in Excel's XML of 2003; empty cells are kept apart."""
    for number, row in enumerate(table.iter("tr", "row"), 1):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th", "cell"):
            at = cell.get("ss:index", "")
            if at.isascii() and at.isdigit() and int(at) <= COLUMNS:
                cells += [""] * (int(at) - 1 - len(cells))
            cells.append(" ".join("".join(cell.itertext()).split()))
            wide = cell.get("colspan") or ""
            if wide.isascii() and wide.isdigit():
                cells += [""] * (min(int(wide), COLUMNS) - 1)
        yield number, cells


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
