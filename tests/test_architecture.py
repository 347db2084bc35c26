"""The rules of the house: who may import what, how long a module is, what its names say."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("app", "qa", "index", "prompts")
MAY_IMPORT = {
    "app": {"qa", "index"},
    "qa": {"qa", "index", "prompts"},
    "index": {"index"},
    "prompts": {"prompts"},
}
ROOMS = {
    "faiss": {"index/vectors/"},
    "sqlite3": {"index/store/"},
    "tantivy": {"index/keywords/"},
    "openai": {"qa/generate.py"},
    "gradio": {"app.py", "qa/page/"},
}
# A second door to an engine, each with its reason: {(engine, module): reason}.
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("sqlite3", "index/embedding_cache.py"): "a cache beside the library: no truth is in it",
    (
        "sqlite3",
        "qa/conversations.py",
    ): "what people asked is theirs, not the library's: a file apart",
}
# What a declared dependency brings along and hands out as its own: {module: dependency}.
COMES_WITH = {
    "fastapi": "gradio",  # mount_gradio_app takes one
    "starlette": "gradio",
    "uvicorn": "gradio",
    "huggingface_hub": "sentence-transformers",  # its errors are what loading a model raises
}
HEAVY = {"faiss", "gradio", "openai", "sentence_transformers", "torch", "transformers"}
LATE = {"faiss", "gradio", "openai", "tantivy", "torch", "transformers"}
LONGEST = 350

MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for package in ("qa", "index", "prompts")
    for path in (ROOT / package).rglob("*.py")
) + [name for name in ("app.py",) if (ROOT / name).is_file()]


def tree(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), module)


def imports(module: str) -> Iterator[tuple[str, bool]]:
    """Each imported name of a module, dotted, and whether it is imported when the module is."""
    yield from _imports(tree(module), module, at_import=True)


def _imports(node: ast.AST, module: str, at_import: bool) -> Iterator[tuple[str, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and _is_type_checking(child.test):
            for part in child.body:
                yield from _imports(ast.Module([part], []), module, at_import=False)
            for part in child.orelse:
                yield from _imports(ast.Module([part], []), module, at_import)
            continue
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield alias.name, at_import
        elif isinstance(child, ast.ImportFrom):
            yield _absolute(child, module), at_import
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from _imports(child, module, at_import and not inside)


def _is_type_checking(test: ast.expr) -> bool:
    return ast.unparse(test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def _absolute(node: ast.ImportFrom, module: str) -> str:
    if not node.level:
        return node.module or ""
    package = list(Path(module).parent.parts)
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *([node.module] if node.module else [])])


def in_rooms(module: str, rooms: set[str]) -> bool:
    return any(module == r or (r.endswith("/") and module.startswith(r)) for r in rooms)


def test_import_walker_sees_what_it_should(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "qa" / "page").mkdir(parents=True)
    (tmp_path / "qa" / "page" / "view.py").write_text(
        "from typing import TYPE_CHECKING\n"
        "from ..types import Answer\n"
        "from . import css\n"
        "if TYPE_CHECKING:\n    import torch\n"
        "try:\n    import rjieba\nexcept ImportError:\n    rjieba = None\n"
        "def f():\n    import gradio.themes\n"
        "class C:\n    import faiss\n"
    )
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    assert list(imports("qa/page/view.py")) == [
        ("typing", True),
        ("qa.types", True),
        ("qa.page", True),
        ("torch", False),
        ("rjieba", True),
        ("gradio.themes", False),
        ("faiss", True),
    ]


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_one_way(module: str) -> None:
    home = module.split("/")[0].removesuffix(".py")
    ours = {name.split(".")[0] for name, _ in imports(module)} & {*OURS, "tests", "training"}
    assert ours <= MAY_IMPORT[home], f"{module} imports {sorted(ours - MAY_IMPORT[home])}"


@pytest.mark.parametrize("module", MODULES)
def test_each_engine_stays_in_its_room(module: str) -> None:
    for name, _ in imports(module):
        engine = name.split(".")[0]
        if engine in ROOMS and (engine, module) not in EXCEPTIONS:
            assert in_rooms(module, ROOMS[engine]), f"{module} imports {engine}"


@pytest.mark.parametrize("module", MODULES)
def test_heavy_imports_happen_where_they_are_used(module: str) -> None:
    for name, at_import in imports(module):
        engine = name.split(".")[0]
        if at_import and engine in HEAVY:
            assert in_rooms(module, ROOMS.get(engine, set())), f"{module} imports {engine} on top"


@cache
def givers() -> dict[str, set[str]]:
    """For each module installed here, the distributions that it comes from."""
    return {m: {plain(d) for d in givers} for m, givers in packages_distributions().items()}


def plain(requirement: str) -> str:
    """``"faiss_cpu>=1.10; extra"`` → ``"faiss-cpu"``."""
    return re.split(r"[\s<>=\[;!~(]", requirement, maxsplit=1)[0].lower().replace("_", "-")


@pytest.mark.parametrize("module", MODULES)
def test_each_import_is_a_declared_dependency(module: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {plain(d) for d in project["dependencies"]}
    extras = project.get("optional-dependencies", {})
    optional = {plain(d) for extra, needs in extras.items() if extra != "dev" for d in needs}
    for name, at_import in imports(module):
        top = name.split(".")[0]
        if top in sys.stdlib_module_names or top in OURS or COMES_WITH.get(top) in declared:
            continue
        allowed = declared if at_import else declared | optional
        assert givers().get(top, {top.replace("_", "-")}) & allowed, (
            f"{module}: {top} is not in pyproject.toml"
        )


@pytest.mark.parametrize("module", COMES_WITH)
def test_what_comes_along_does_come_along(module: str) -> None:
    assert givers()[module] & {plain(r) for r in requires(COMES_WITH[module]) or []}


def test_no_exception_without_need() -> None:
    for engine, module in EXCEPTIONS:
        assert engine in {name.split(".")[0] for name, _ in imports(module)}, (engine, module)


def test_importing_us_loads_no_engine() -> None:
    code = "import json, sys, index, qa; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not LATE & set(json.loads(done.stdout))


@pytest.mark.parametrize("module", MODULES)
def test_modules_are_short(module: str) -> None:
    lines = (ROOT / module).read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST, f"{module} has {lines} lines: split it by idea"


def public_definitions(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if child.name.startswith("_"):
                continue
            yield f"{prefix}{child.name}", child
            if isinstance(child, ast.ClassDef):
                yield from public_definitions(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.If | ast.Try):
            yield from public_definitions(child, prefix)


def is_overload(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(
        ast.unparse(d).split(".")[-1] in {"overload", "setter", "override"} for d in decorators
    )


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_has_a_docstring(module: str) -> None:
    source = tree(module)
    assert ast.get_docstring(source), f"{module} has no docstring"
    bare = [
        name
        for name, node in public_definitions(source, "")
        if not ast.get_docstring(node) and not is_overload(node)  # type: ignore[arg-type]
    ]
    assert not bare, f"{module}: no docstring on {', '.join(bare)}"


@pytest.mark.parametrize("package", ["index", "qa"])
def test_exports_are_sorted_and_there(package: str) -> None:
    module = importlib.import_module(package)
    assert module.__all__ == sorted(module.__all__)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
