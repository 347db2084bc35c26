"""What people do in the middle of things: reload, go back, use two windows, lose the server."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import serving
from test_asking import RIVER, said

from index.library import Library
from qa.users import put_user

MONEY = "柳林河综合整治总投资多少"


@pytest.fixture
def corpus_library(root: Path, tmp_path: Path) -> Path:
    """The folder of a library with the sample articles."""
    with Library.open(tmp_path / "own") as library:
        library.add([root / "examples" / "corpus"])
    return tmp_path / "own"


def begin(page: Any, question: str) -> Any:
    """Ask a slow question, and wait until its answer has begun to grow."""
    page.locator("#yj-ask").fill(question)
    page.keyboard.press("Enter")
    growing = page.locator("#yj-now .yj-round[aria-busy]", has_text=question)
    growing.locator(".yj-said").wait_for()
    return growing


def rounds(page: Any) -> int:
    return int(page.locator(".yj-round").count())


def forgive(v: Any) -> None:
    """What a browser says when its connection is cut is no fault of the page's."""
    cut = ("ERR_CONNECTION", "AbortError", "Connection errored out", "Failed to fetch")
    v.problems[:] = [p for p in v.problems if not any(word in p for word in cut)]


def test_a_reload_in_the_middle_of_an_answer_loses_nothing(
    slow: str, visit: Callable[..., Any]
) -> None:
    v = visit(slow)
    begin(v.page, "慢慢说，我要刷新")
    v.page.reload()
    v.page.locator("#yj-now .yj-round[aria-busy]").wait_for()
    assert v.page.locator(".yj-stop").is_visible(), "it can still be stopped"
    whole = v.answered("慢慢说，我要刷新")
    assert said(whole).endswith("最后一句。")
    assert whole.locator("[data-do=retry]").is_visible()
    assert v.page.locator(".yj-send").is_visible()
    forgive(v)


def test_an_answer_goes_on_while_another_conversation_is_shown(
    slow: str, visit: Callable[..., Any]
) -> None:
    v = visit(slow)
    begin(v.page, "慢慢说，我先走开")
    left = v.page.url
    v.page.locator("[data-do=new]").click()
    v.page.locator(".yj-welcome").wait_for()
    v.page.wait_for_timeout(1500)
    assert rounds(v.page) == 0, "it does not come after whoever left it"
    other = v.ask("说一句没有依据的话")
    assert "没有依据" in said(other)
    v.page.locator(".yj-talk", has_text="我先走开").click()
    whole = v.answered("慢慢说，我先走开")
    assert v.page.url == left
    assert said(whole).endswith("最后一句。")


def test_two_windows_on_one_conversation(slow: str, visit: Callable[..., Any]) -> None:
    one = visit(slow)
    growing = begin(one.page, "慢慢说，两个窗口")
    two = visit(one.page.url, ready="#yj-now .yj-round[aria-busy]")
    assert said(growing)
    assert said(two.answered("慢慢说，两个窗口")).endswith("最后一句。")
    assert said(one.answered("慢慢说，两个窗口")).endswith("最后一句。")
    begin(one.page, "慢慢说，再来一次")
    two.page.locator("#yj-ask").fill("同时问一句")
    two.page.keyboard.press("Enter")
    two.page.locator("#yj-now .yj-error", has_text="还没有答完").wait_for()
    two.page.locator("#yj-now [data-do=edit]").click()
    assert two.page.locator("#yj-ask").input_value() == "同时问一句", "the words are not lost"
    one.answered("慢慢说，再来一次")
    one.page.keyboard.press("Escape")


def test_back_and_forward_go_through_conversations(address: str, visit: Callable[..., Any]) -> None:
    v = visit(address)
    v.ask(RIVER)
    first = v.page.url
    v.page.locator("[data-do=new]").click()
    v.page.locator(".yj-welcome").wait_for()
    v.ask(MONEY)
    second = v.page.url
    assert first != second
    v.page.go_back()
    v.answered(RIVER)
    assert v.page.url == first
    v.page.go_forward()
    v.answered(MONEY)
    assert v.page.url == second


def test_the_open_conversation_is_deleted(address: str, visit: Callable[..., Any]) -> None:
    v = visit(address)
    v.ask("澄河区长者食堂服务了多少老人")
    gone = v.page.url
    twin = visit(gone, ready="#yj-now .yj-round")
    v.page.locator(".yj-talks li[aria-current] summary").click()
    v.page.locator(".yj-talks li[aria-current] [data-do=forget]").click()
    v.page.locator(".yj-welcome").wait_for()
    v.page.wait_for_function("!location.search.includes('c=')")
    assert "把好质量关" in said(twin.ask(RIVER)), "asking in its other window begins a new one"
    assert twin.page.url != gone
    v.page.locator(".yj-toast button").click()
    v.page.locator(".yj-talk", has_text="长者食堂").first.click()
    v.answered("澄河区长者食堂服务了多少老人")


def test_an_empty_name_changes_nothing(address: str, visit: Callable[..., Any]) -> None:
    v = visit(address)
    v.ask(RIVER)
    row = v.page.locator(".yj-talks li[aria-current]")
    row.locator("summary").click()
    row.locator("input").fill("   ")
    row.locator("input").press("Enter")
    v.page.wait_for_timeout(500)
    assert row.locator(".yj-talk").inner_text() == RIVER


def test_settings_that_are_closed_while_they_are_made_anew_stay_closed(
    address: str, visit: Callable[..., Any]
) -> None:
    v = visit(address)
    v.page.locator("[data-do=settings]").click()
    v.page.locator(".yj-settings[open]").wait_for()
    v.page.evaluate(
        """() => {
            const old = document.querySelector('.yj-settings'), fresh = old.cloneNode(true);
            fresh.removeAttribute('open');
            old.dispatchEvent(new Event('cancel'));  // as Escape does
            old.close();
            old.replaceWith(fresh);  // before the browser has said that it is closed
        }"""
    )
    v.page.wait_for_timeout(300)
    assert v.page.locator(".yj-settings[open]").count() == 0
    v.page.locator("[data-do=settings]").click()
    v.page.locator(".yj-settings[open]").wait_for()


def test_the_server_goes_and_comes_back(
    root: Path,
    visit: Callable[..., Any],
    tmp_path: Path,
    corpus_library: Path,
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    start = ("app.py", "--port", port, "--no-open", "--library", str(corpus_library))
    with serving(root, tmp_path / "a", *start) as at:
        v = visit(at)
        v.ask(RIVER)
    v.page.locator("#yj-ask").fill(MONEY)
    v.page.keyboard.press("Enter")
    broken = v.page.locator(".yj-broken")
    broken.wait_for()
    assert broken.inner_text().startswith("连不上有据的服务")
    holds = "words => document.querySelector('#yj-ask')?.value === words"
    v.page.wait_for_function(holds, arg=MONEY)  # the question is given back
    assert v.page.locator(".yj-send").is_visible()
    assert not v.page.locator(".toast-wrap").is_visible(), "nothing of Gradio's in English"
    v.picture("zh-broken")
    with serving(root, tmp_path / "b", *start):
        broken.wait_for(state="hidden", timeout=30_000)
        v.answered(RIVER)
        v.page.wait_for_function(holds, arg=MONEY)
        v.page.locator("#yj-ask").press("Enter")
        assert "3.8亿元" in said(v.answered(MONEY))
        v.page.close()  # before its server is gone for good
    forgive(v)


def test_a_link_outlasts_the_log_in(
    root: Path,
    visit: Callable[..., Any],
    tmp_path: Path,
    corpus_library: Path,
) -> None:
    users = tmp_path / "users"
    put_user(users, "jing", "editor", "long enough")
    code = (
        "import sys; from pathlib import Path; from qa.page import serve;"
        "serve(Path(sys.argv[1]), port=0, open_browser=False, users=Path(sys.argv[2]))"
    )

    def log_in(page: Any) -> None:
        page.locator("[name=name]").fill("jing")
        page.locator("[name=password]").fill("long enough")
        page.keyboard.press("Enter")

    with serving(root, tmp_path / "a", "-c", code, str(corpus_library), str(users)) as at:
        v = visit(at, ready="[name=password]")
        log_in(v.page)
        v.page.wait_for_selector("#yj-ask")
        v.ask(RIVER)
        link = v.page.url
        later = visit(link, ready="[name=password]")
        log_in(later.page)
        later.answered(RIVER)
        assert later.page.url == link
        later.page.context.clear_cookies()  # the log-in has run out
        later.page.locator("#yj-ask").fill(MONEY)
        later.page.keyboard.press("Enter")
        later.page.wait_for_selector("[name=password]")
        later.problems[:] = [p for p in later.problems if "401" not in p]
        log_in(later.page)
        later.answered(RIVER)
        assert later.page.locator("#yj-ask").input_value() == MONEY, "its question is kept"
