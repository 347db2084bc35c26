"""Learned weights → readable JSON, as ``index.weights`` reads it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

R = TypeVar("R", bound=str)


def write_weights(
    path: Path,
    version: int,
    learned_from: Iterable[str],
    rows: Mapping[R, Mapping[str, float]],
) -> None:
    """Write rows of names with what each is worth, rounded to four places."""
    weights = {
        row: {name: round(float(weight), 4) for name, weight in found.items()}
        for row, found in rows.items()
    }
    text = {"format": version, "learned_from": ", ".join(learned_from), "weights": weights}
    path.write_text(json.dumps(text, indent=2) + "\n", encoding="utf-8")
