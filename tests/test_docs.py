"""The documentation keeps up with the project: commands, paths, dependencies, both languages."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh.md")
PAGES = (
    *READMES,
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/commands.md",
    "docs/language-models.md",
)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_OURS = re.compile(r"`((?:qa|index|prompts|docs|examples|training|tests|\.ci)/[\w./-]*)`")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prose(name: str) -> str:
    return _FENCE.sub("", read(name))


def fences(name: str) -> list[tuple[str, str]]:
    return _FENCE.findall(read(name))


def headings(name: str) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", prose(name), re.M)]


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}


def test_both_readmes_have_the_same_build() -> None:
    english, chinese = READMES
    assert headings(english) == headings(chinese)
    assert fences(english) == fences(chinese)
    assert read(english).count("\n| ") == read(chinese).count("\n| ")
    assert len(re.findall(r"^\d+\. ", read(english), re.M)) == 10
    assert len(re.findall(r"^\d+\. ", read(chinese), re.M)) == 10


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", prose(page)):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.exists(), f"{page} links to {target}"
        if anchor:
            assert anchor in anchors(file.read_text(encoding="utf-8")), f"{page} links to {target}"


@pytest.mark.parametrize("page", PAGES)
def test_paths_named_are_there(page: str) -> None:
    for path in _OURS.findall(prose(page)):
        assert (ROOT / path).exists(), f"{page} names {path}"


@pytest.mark.parametrize("page", [*PAGES, "LICENSE"])
def test_nothing_is_left_to_fill_in(page: str) -> None:
    assert not re.search(r"TO-FILL|TODO|FIXME|XXX", read(page)), page


def commands() -> dict[str, list[str]]:
    """The names of the commands, each with its long options."""
    app = importlib.import_module("qa.cli").app
    return {
        name: [
            option
            for parameter in command.params
            for option in (*parameter.opts, *parameter.secondary_opts)
            if option.startswith("--") and option != "--help"
        ]
        for name, command in app.commands.items()
        if not command.hidden
    }


def test_every_command_and_option_is_documented() -> None:
    reference = read("docs/commands.md")
    for name, options in commands().items():
        parts = re.split(r"^## ", reference, flags=re.M)
        section = [p for p in parts if p.startswith(f"youju {name}\n")]
        assert len(section) == 1, f"docs/commands.md has no section “youju {name}”"
        for option in options:
            assert f"`{option}" in section[0], f"youju {name} {option} is not documented"


def test_no_command_is_documented_that_is_not_there() -> None:
    known = set(commands())
    for page in PAGES:
        named = set(re.findall(r"^(?:## )?youju ([a-z]+)", read(page), re.M))
        named |= set(re.findall(r"`youju ([a-z]+)", read(page)))
        assert named <= known, f"{page} names {sorted(named - known)}"


def test_every_make_target_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.M))
    for page in PAGES:
        for target in re.findall(r"(?:^|`)make ([a-z]+)", read(page), re.M):
            assert target in targets, f"{page} names make {target}"


def test_architecture_names_every_module_and_dependency() -> None:
    text = read("docs/architecture.md")
    for package in ("index", "qa"):
        for path in (ROOT / package).glob("*.py"):
            if path.name != "__init__.py":
                assert f"(../{package}/{path.name})" in text, f"{package}/{path.name}"
    declared = {
        re.split(r"[\s<>=\[;!~]", line, maxsplit=1)[0]
        for line in tomllib.loads(read("pyproject.toml"))["project"]["dependencies"]
    }
    table = text.split("| dependency |", 1)[1].split("\n\n", 1)[0]
    assert set(re.findall(r"^\| ([a-z][\w-]*) \|", table, re.M)) == declared


def test_changelog_covers_the_version() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert re.search(rf"^## \[({re.escape(version)}|Unreleased)\]", read("CHANGELOG.md"), re.M)
