"""Curves as an SVG picture: no plotting library is needed for a few lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, log10

_WIDE, _HIGH, _LEFT, _TOP, _GAP = 300, 220, 60, 40, 40
_COLOURS = ("#1f5f99", "#b3541e", "#4a7c3a", "#7a4a8c")


def curves(at: Sequence[float], panels: Mapping[str, Mapping[str, Sequence[float]]]) -> str:
    """Panels side by side, both axes logarithmic; each curve has one value for each of ``at``."""
    width = len(panels) * (_WIDE + _LEFT + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HIGH + _TOP + 60}"'
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{_HIGH + _TOP + 60}" fill="white"/>',
    ]
    for number, (title, lines) in enumerate(panels.items()):
        parts.append(f'<g transform="translate({number * (_WIDE + _LEFT + _GAP) + _LEFT},{_TOP})">')
        parts += _panel(title, at, lines)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def _panel(title: str, at: Sequence[float], lines: Mapping[str, Sequence[float]]) -> list[str]:
    values = [v for line in lines.values() for v in line if v > 0]
    low, high = floor(log10(min(values))), floor(log10(max(values))) + 1
    left, right = log10(min(at)), log10(max(at))

    def x(value: float) -> float:
        return _WIDE * (log10(value) - left) / ((right - left) or 1)

    def y(value: float) -> float:
        return _HIGH * (1 - (log10(value) - low) / (high - low))

    parts = [f'<text x="0" y="-16" font-weight="bold">{title}</text>']
    for power in range(low, high + 1):
        line = y(10**power)
        parts.append(f'<path d="M0 {line:.0f}H{_WIDE}" stroke="#ddd"/>')
        parts.append(f'<text x="-8" y="{line + 4:.0f}" text-anchor="end">{10**power:g}</text>')
    for value in at:
        shown = f"{value / 1e6:.0f}M" if value >= 1e6 else f"{value / 1e3:.0f}k"
        parts.append(
            f'<text x="{x(value):.0f}" y="{_HIGH + 18}" text-anchor="middle">{shown}</text>'
        )
    for number, (name, line) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        points = " ".join(f"{x(a):.0f},{y(v):.0f}" for a, v in zip(at, line, strict=True) if v > 0)
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        parts.append(
            f'<text x="{number * _WIDE / len(lines):.0f}" y="{_HIGH + 40}" fill="{colour}">{name}</text>'
        )
    return parts
