"""Hostile words everywhere: what they would do as markup or script must not happen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hostile import HOSTILE
from test_asking import said

from index.library import Library
from index.types import Article, Origin

AREAS = ("top", "talks", "past", "now", "tips", "panel", "shelf", "jobs", "articles", "toast")
SOURCE = f"/tmp/{HOSTILE[6].replace('/', '')}.txt"
FOREIGN = (
    ":is(img, script, iframe, style, b, svg, object, embed, video, audio, math, base, meta, link)"
)


def article(number: int, words: str) -> Article:
    """An article of which everything is hostile."""
    return Article(
        id=f"h{number}",
        title=f"{words} 第{number}号",
        text=f"{words} 夜航船茶馆有茶座{number}个。\n{words}",
        language="zh",
        source=SOURCE,
        origin=Origin(1, 2),
        byline=words,
        section=words,
        kicker=words,
    )


@pytest.fixture(scope="module")
def hostile(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a page on a library of hostile articles."""
    own = tmp_path_factory.mktemp("hostile") / "own"
    with Library.open(own) as library:
        library.add_articles(SOURCE, [article(n, words) for n, words in enumerate(HOSTILE)])
    return serve("app.py", "--port", "0", "--no-open", "--library", str(own))


def nothing_foreign(page: Any) -> None:
    for area in AREAS:
        assert page.locator(f"#yj-{area} {FOREIGN}").count() == 0, area
    assert page.evaluate(
        "[...document.querySelectorAll('#yj-main *')].every(e => [...e.attributes].every(a => !a.name.startsWith('on')))"
    )
    assert page.evaluate("getSelection.constructor === Function && !window.hacked")


def test_hostile_articles_and_questions_stay_words(hostile: str, visit: Callable[..., Any]) -> None:
    assert len(HOSTILE) >= 50
    v = visit(hostile)
    v.page.locator("nav [data-do=shelf]").click()
    v.page.locator(".yj-articles").wait_for()
    listed = v.page.locator(".yj-articles .yj-title bdi").all_text_contents()
    assert listed == [f"{words} 第{number}号" for number, words in enumerate(HOSTILE)]
    nothing_foreign(v.page)
    answer = v.ask(f"夜航船茶馆{HOSTILE[5]}有多少个茶座")
    assert HOSTILE[5] in v.page.locator("#yj-now .yj-question").inner_text()
    for summary in answer.locator(".yj-look summary").all():
        summary.click()
    answer.locator(".yj-scores").wait_for()
    answer.locator("button[data-do=open]").first.click()
    v.page.locator(".yj-sheet h2").wait_for()
    nothing_foreign(v.page)
    with v.page.expect_popup() as popup:
        v.page.locator(".yj-ways a").click()
    assert popup.value.locator(FOREIGN.replace(", meta, link", "")).count() == 0
    popup.value.close()
    v.page.locator("nav [data-do=shelf]").click()
    v.page.locator(".yj-articles .yj-remove").nth(3).click()
    v.page.locator(".yj-toast").wait_for()
    nothing_foreign(v.page)


def test_a_hostile_model_says_only_words(slow: str, visit: Callable[..., Any]) -> None:
    v = visit(slow)
    answer = v.ask("hostile " + HOSTILE[0])
    words = said(answer)
    for one in HOSTILE:
        plain = "".join(c for c in one if c.isalnum())
        assert plain in "".join(c for c in words if c.isalnum())
    assert answer.locator(".yj-chip").count() == len(HOSTILE)
    for chip in answer.locator(".yj-chip").all()[::9]:
        chip.hover()
    nothing_foreign(v.page)
    assert v.page.locator(f".yj-tip {FOREIGN}").count() == 0
    v.page.wait_for_timeout(300)


def test_hostile_file_names_stay_words(
    hostile: str, visit: Callable[..., Any], tmp_path: Path
) -> None:
    paths = []
    for number, words in enumerate(HOSTILE):
        name = words.replace("/", "").replace("\0", "")[:60]
        folder = tmp_path / str(number)
        folder.mkdir()
        paths.append(folder / f"{name}.txt")
        paths[-1].write_text(
            f"第{number}条消息\n2024年3月{number % 28 + 1}日，桥长{number}米。\n", "utf-8"
        )
    v = visit(hostile)
    report = v.upload(*paths)
    assert report.locator(".yj-failed").count() == 0
    assert report.locator(".yj-added").count() == len(HOSTILE)
    nothing_foreign(v.page)
