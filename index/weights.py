"""Learned weights, kept as readable JSON: rows of names with what each is worth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from index.errors import ModelError

R = TypeVar("R", bound=str)


def read_weights(path: Path, rows: Sequence[R], version: int, of: str) -> dict[R, dict[str, float]]:
    """The rows of a file of that format; ``of`` says in an error what they are the weights of.

    Raises ModelError when the file is missing, damaged, or of another format.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["format"] != version:
            raise ValueError(f"format {stored['format']}, not {version}")
        return {
            row: {str(name): float(weight) for name, weight in stored["weights"][row].items()}
            for row in rows
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{path}: the weights of {of} cannot be read ({error}). Install the package again."
        ) from error
