"""Small files that say what a derived index reflects, put in place in one step and checked on reading."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

from index.errors import LibraryError, LibraryFull, LibraryReadOnly

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def write(path: Path, facts: Mapping[str, Any]) -> None:
    """Write facts with a checksum; whoever reads sees the old ones or the new ones."""
    content = json.dumps({"facts": facts, "crc32": _sum(facts)}, ensure_ascii=False)
    part = path.with_name(path.name + ".part")
    with open(part, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def read(path: Path) -> dict[str, Any]:
    """The facts; empty when there are none, or they are not as they were written."""
    try:
        stamp = json.loads(path.read_text(encoding="utf-8"))
        facts = stamp["facts"]
        return facts if isinstance(facts, dict) and stamp["crc32"] == _sum(facts) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def in_words(path: Path, error: OSError) -> LibraryError:
    """What the system says of a file of the library, as an error of ours."""
    cause = error.strerror or str(error)
    if error.errno in _FULL:
        return full(path, cause)
    if error.errno in _FORBIDDEN:
        return LibraryReadOnly(
            f"{path}: cannot be written ({cause}). "
            "Give yourself the right to write there, or copy the library's folder elsewhere."
        )
    return LibraryError(f"{path}: {cause}. Look at the disk, then try again.")


def full(path: Path, cause: str) -> LibraryFull:
    """The error for a disk that takes no more."""
    return LibraryFull(
        f"{path}: the disk takes no more ({cause}). What was finished is kept. "
        "Make room, then do it again: it goes on where it stopped."
    )


def _sum(facts: Mapping[str, Any]) -> int:
    return crc32(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode())
