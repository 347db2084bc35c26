"""Text in pictures of pages, by RapidOCR: an extra, whose models ship in its package."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from typing import Any

PACKAGE = "rapidocr_onnxruntime"
SCALE = 2.0
"""Points to pixels: 144 dots an inch, enough for 10-point type."""
SURE = 0.5
"""Confidence below which a line is left out."""

# The model knows no 〔 〕, in which official papers put the year of their number (GB/T 9704).
_NUMBER = re.compile(r"(?<=[\u4e00-\u9fff])[\[［【]((?:19|20)\d\d)[\]］】](?=第?\d{1,5}号)")


def installed() -> bool:
    """Whether the extra is there."""
    return find_spec(PACKAGE) is not None


def lines_of(page: Any) -> list[str]:
    """The lines of a PDF page that is a picture, top to bottom; none without the extra."""
    if not installed():
        return []
    bitmap = page.render(scale=SCALE)
    found, _ = _engine()(bitmap.to_numpy())
    lines: list[tuple[float, float, float, str]] = []
    for corners, text, score in found or []:
        top, bottom = min(c[1] for c in corners), max(c[1] for c in corners)
        if float(score) >= SURE and text.strip():
            lines.append((top, bottom, min(c[0] for c in corners), text.strip()))
    return _rows(sorted(lines))


def _rows(lines: list[tuple[float, float, float, str]]) -> list[str]:
    """Pieces that stand at one height are one line, left to right."""
    rows: list[list[tuple[float, float, float, str]]] = []
    for line in lines:
        middle = (line[0] + line[1]) / 2
        if rows and rows[-1][0][0] <= middle <= rows[-1][0][1]:
            rows[-1].append(line)
        else:
            rows.append([line])
    joined = (" ".join(text for *_, text in sorted(row, key=lambda r: r[2])) for row in rows)
    return [_NUMBER.sub(r"〔\1〕", line) for line in joined]


@cache
def _engine() -> Any:
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR()
