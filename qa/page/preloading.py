"""Which of Gradio's files the page will ask for, so that the browser can ask for all at once.

Gradio's script asks for them in four turns, each when the one before has run: what it begins with,
what shows components, the components themselves. Which files belong to what stands in the script
as its bundler (Vite) wrote it: ``m.f=[names]``, and numbers into that list behind each ``import``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

COMPONENTS = ("html", "row", "column")
"""Gradio's components on the page, by the names that its script has for them."""
_SCRIPT = re.compile(r'<script[^>]+src="\./assets/(index-[^"/]+\.js)"')
_FILES = re.compile(r"m\.f=\[([^\]]*)\]")
_NAME = re.compile(r'"\./([\w.-]+\.(?:js|css))"')
_IMPORT = re.compile(r"import\(`\./([\w.-]+\.js)`\)[^`]{0,60}?__vite__mapDeps\(\[([\d,]*)\]\)")


def links(frontend: Path) -> str:
    """Hints for the page's head, in the order of need; empty where the script is not as expected.

    ``frontend`` is the folder of Gradio's ``index.html``.
    """
    names = dict.fromkeys(_needed(frontend))
    return "".join(_link(n) for n in names if (frontend / "assets" / n).is_file())


def _link(name: str) -> str:
    kind = 'rel="modulepreload"' if name.endswith(".js") else 'rel="preload" as="style" crossorigin'
    return f'<link {kind} href="assets/{name}">'


def _needed(frontend: Path) -> Iterator[str]:
    """Names of the files, the first ones first."""
    index = frontend / "index.html"
    found = _SCRIPT.search(index.read_text(encoding="utf-8")) if index.is_file() else None
    if found is None:
        return
    first = _files(_read(frontend, found[1]))
    yield from first
    for name in first:
        if not name.startswith(("Index-", "core-")) or not name.endswith(".js"):
            continue
        script = _read(frontend, name)
        files = _files(script)
        blocks = (m for m in _IMPORT.finditer(script) if m[1].startswith("Blocks-"))
        parts = (
            m
            for component in COMPONENTS
            for said in re.findall(rf"\b{component}:\{{(?:\w+:[^{{}}]*?)+\}}", script)
            for m in _IMPORT.finditer(said)
        )
        for match in (*blocks, *parts):
            yield match[1]
            yield from (files[int(n)] for n in match[2].split(",") if n and int(n) < len(files))


def _files(script: str) -> list[str]:
    found = _FILES.search(script)
    return _NAME.findall(found[1]) if found else []


def _read(frontend: Path, name: str) -> str:
    path = frontend / "assets" / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""
