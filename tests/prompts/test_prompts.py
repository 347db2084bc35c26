"""The words around an answer: the same frames in both languages, with nothing left unfilled."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError

import prompts
from prompts import LANGUAGES, render

FOLDER = Path(prompts.__file__).parent
VALUES = {
    "titles": ["甲文", "乙文"],
    "question": "何时开工？",
    "passages": [{"number": 1, "title": "甲", "published": "", "byline": "", "text": "三月开工。"}],
    "turns": [{"question": "谁去了？", "answer": "林晓棠。"}],
    "kind": "cut_off",
    "reason": "",
    "count": 2,
    "more": True,
    "thing": "贾河",
    "missing": "总投资",
    "dated": True,
}
NAMES = sorted(path.stem for path in (FOLDER / "en").glob("*.md"))


def test_every_frame_is_there_in_every_language() -> None:
    assert NAMES
    for language in LANGUAGES:
        assert sorted(path.stem for path in (FOLDER / language).iterdir()) == NAMES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_frame_is_filled_in(name: str, language: str) -> None:
    text = render(name, language, **VALUES)
    assert text
    assert text == text.strip()
    assert not any(mark in text for mark in ("{{", "}}", "{%", "None"))


def test_refusals() -> None:
    assert render("nothing_found", "zh", titles=[]) == "资料库里没有找到能回答这个问题的依据。"
    assert render("nothing_found", "zh", titles=["甲", "乙"]).endswith("最接近的文章：《甲》《乙》")
    assert render("nothing_found", "en", titles=[]) == (
        "The library holds no evidence that answers this."
    )
    assert render("nothing_found", "en", titles=["A", "B"]).endswith("Nearest articles: “A”; “B”")


def test_other_languages_are_answered_in_english() -> None:
    assert render("quoted", "ja") == render("quoted", "en")
    assert render("quoted", "zh-Hant") == render("quoted", "zh") != render("quoted", "en")


def test_what_is_missing_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        render("nothing_found", "zh")
    with pytest.raises(TemplateNotFound):
        render("no_such_frame", "zh")


def test_titles_are_shown_as_they_are() -> None:
    title = "<b>{{ 1 }}</b> & “引号”"
    assert title in render("nothing_found", "en", titles=[title])
