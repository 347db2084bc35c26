"""Small read-only tables that ship with the package: sorted, tab-separated text.

The first line of a file names the format and the table, ``#youju-lexicon 1 en-zh``; every other
line is a key, a tab and a value. They are not packed: unpacking them would take longer than
asking. Keys are sorted by code point, so a table
is searched as it lies, without reading it into a dictionary first.
"""

from __future__ import annotations

from pathlib import Path

from index.errors import ModelError

FORMAT = "#youju-lexicon 1"
FOLDER = Path(__file__).resolve().parent / "model"


def read_text(name: str, kind: str, folder: Path = FOLDER) -> bytes:
    """The lines of a table after its first one, UTF-8, each with its newline.

    Raises ModelError when the file is absent, damaged, of another format or another table.
    """
    path = folder / name
    try:
        blob = path.read_bytes()
    except FileNotFoundError:
        raise ModelError(f"{name}: the file is missing. {_MEND}") from None
    except OSError as error:
        raise ModelError(f"{name}: cannot be read ({error.strerror}). {_MEND}") from error
    head, _, body = blob.partition(b"\n")
    expected = f"{FORMAT} {kind}".encode()
    if head != expected:
        shown = head[:40].decode("utf-8", "replace")
        raise ModelError(f"{name}: begins with {shown!r}, should be {expected.decode()!r}. {_MEND}")
    if not body.endswith(b"\n"):
        raise ModelError(f"{name}: the last line is cut off. {_MEND}")
    return body


def read_rows(name: str, kind: str, folder: Path = FOLDER) -> list[tuple[str, str]]:
    """All keys and values of a small table. Raises ModelError as ``read_text`` does."""
    rows = []
    try:
        lines = read_text(name, kind, folder).decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ModelError(f"{name}: is not UTF-8 ({error}). {_MEND}") from error
    for line in lines:
        key, tab, value = line.partition("\t")
        if not tab:
            raise ModelError(f"{name}: a line without a tab: {line[:40]!r}. {_MEND}")
        rows.append((key, value))
    return rows


def cells(value: str) -> list[tuple[str, int]]:
    """``"河 99 江 71"`` → ``[("河", 99), ("江", 71)]``. Raises ModelError on anything else."""
    parts = value.split(" ") if value else []
    try:
        return [(word, int(n)) for word, n in zip(parts[::2], parts[1::2], strict=True)]
    except ValueError as error:
        raise ModelError(f"A line of the lexicon is damaged: {value[:40]!r}. {_MEND}") from error


class SortedTable:
    """A table searched where it lies: about 5 µs a look-up, nothing to build on opening."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def get(self, key: str) -> str | None:
        """The value of a key, None without one."""
        wanted, body = key.encode(), self._body
        low, high = 0, len(body)
        while low < high:
            start = body.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = body.index(b"\n", start)
            tab = body.find(b"\t", start, end)
            found = body[start : tab if tab >= 0 else end]
            if found == wanted:
                return body[tab + 1 : end].decode() if tab >= 0 else ""
            if found < wanted:
                low = end + 1
            else:
                high = start
        return None


_MEND = "Install the package again, or write the file anew with: python -m training.lexicon"
