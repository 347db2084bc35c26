"""The files of a tantivy index: which they are, whether they are whole, and what the system says."""

from __future__ import annotations

import json
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

_LITTLE = 50_000_000  # bytes that must be free, or a failed write is put down to a full disk
_MAGIC = 1337  # at the end of each file, after its checksum


def damaged_files(folder: Path) -> list[str]:
    """The files of a tantivy index that are not as they were written, by their own checksums."""
    wrong = []
    known = meta(folder)
    live, lists = segments(known), deleted_lists(known)
    if not live and not (folder / "meta.json").is_file():
        return ["meta.json"]
    for path in sorted(folder.iterdir()):
        leftover = path.suffix == ".del" and path.name not in lists
        if path.name.split(".")[0] not in live or leftover:
            continue  # a list of files, or what a writer left that was cut off
        data = path.read_bytes()
        try:
            length, magic = struct.unpack("<II", data[-8:])
            footer = json.loads(data[-8 - length : -8])
            intact = magic == _MAGIC and footer["crc"] == crc32(data[: -8 - length])
        except (struct.error, ValueError, KeyError, TypeError):
            intact = False
        if not intact:
            wrong.append(path.name)
    return wrong


def sweep(folder: Path) -> None:
    """For the writer: delete what one that was killed had written for a commit that never came.

    tantivy does not write over the lists of deleted passages that it finds there, and fails.
    """
    known = meta(folder)
    for path in folder.glob("*.del"):
        if int(path.name.split(".")[1]) > known.get("opstamp", 0):
            path.unlink(missing_ok=True)


class Links(tempfile.TemporaryDirectory[str]):
    """A folder of links to the files of another, which goes when nobody needs it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(prefix="youju-", ignore_cleanup_errors=True)
        for path in folder.iterdir():
            if path.suffix != ".lock":
                os.symlink(path, os.path.join(self.name, path.name))

    def __str__(self) -> str:
        return self.name


def lockable(folder: Path) -> Path | Links:
    """The folder itself, or links to its files: tantivy locks a file even to read."""
    return folder if os.access(folder, os.W_OK) else Links(folder)


@contextmanager
def panics_as_errors() -> Iterator[None]:
    """tantivy's panics, which are not even Exceptions, as ValueError."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise ValueError(f"tantivy: {error}") from error
        raise


def little_room(place: Path) -> bool:
    """Whether the disk has so little room that a failed write can be put down to it."""
    try:
        return shutil.disk_usage(place).free < _LITTLE
    except OSError:
        return False


def segments(meta: dict[str, Any]) -> set[str]:
    """The segments that an index is made of, as their files are named."""
    return {str(s["segment_id"]).replace("-", "") for s in meta.get("segments", ())}


def deleted_lists(meta: dict[str, Any]) -> set[str]:
    """The files that list an index's deleted passages, one a segment at most."""
    return {
        f"{str(s['segment_id']).replace('-', '')}.{deletes['opstamp']}.del"
        for s in meta.get("segments", ())
        if (deletes := s.get("deletes"))
    }


def meta(folder: Path) -> dict[str, Any]:
    """What an index says of itself: its segments, its last commit; empty without a whole one."""
    try:
        found = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
