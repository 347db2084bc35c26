"""For everybody: by keyboard, on a phone, in English, in the dark, through a screen reader's eyes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from test_asking import RIVER, said

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


def test_a_phone_shows_the_source_over_the_answer(address: str, visit: Callable[..., Any]) -> None:
    v = visit(address, **PHONE)
    v.page.locator(".yj-examples button").first.wait_for()
    v.picture("phone-welcome")
    answer = v.ask(RIVER)
    assert v.seen(v.page.locator("#yj-now .yj-question"))
    v.picture("phone-answer")
    answer.locator(".yj-chip").first.tap()
    mark = v.page.locator("mark").first
    mark.wait_for()
    assert v.seen(mark)
    box = v.page.locator(".yj-source").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    v.picture("phone-source")
    v.page.locator(".yj-source .yj-close").tap()
    v.page.locator(".yj-source").wait_for(state="hidden")
    answer.locator(".yj-look summary").last.tap()
    scores = answer.locator(".yj-scores")
    scores.wait_for()
    assert v.sticking_out(".yj-scores") == []
    passage = scores.locator("tbody th").first.bounding_box()
    assert passage["width"] > 300, "a passage can be read"
    scores.scroll_into_view_if_needed()
    v.picture("phone-why")
    v.page.locator("[data-do=side]").tap()
    v.page.locator(".yj-talk").first.wait_for()
    v.picture("phone-conversations")
    v.page.locator("[data-do=new]").tap()
    v.page.locator(".yj-welcome").wait_for()
    v.page.locator("nav [data-do=shelf]").tap()
    v.page.locator(".yj-articles").wait_for()
    v.picture("phone-library")
    assert v.sticking_out("#yj-top") == []
    assert v.sticking_out(".yj-articles li") == []
    width = v.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, "nothing sticks out sideways"


def test_an_english_browser_gets_an_english_page_in_the_dark(
    address: str, visit: Callable[..., Any]
) -> None:
    v = visit(address, locale="en-GB", color_scheme="dark")
    assert v.page.locator("html").get_attribute("lang") == "en"
    assert v.page.locator("nav [data-do=shelf]").inner_text() == "Library"
    box = v.page.locator("#yj-ask")
    assert box.get_attribute("placeholder") == "Ask what your documents can answer…"
    answer = v.ask(RIVER)
    assert answer.locator("h3").inner_text() == "Sources"
    answer.locator(".yj-chip").first.click()
    v.page.locator("mark").first.wait_for()
    background = v.page.evaluate(
        "getComputedStyle(document.querySelector('.yj-source')).backgroundColor"
    )
    assert background == "rgb(30, 33, 37)"
    v.picture("en-dark-source")


def test_all_of_it_can_be_done_from_the_keyboard(address: str, visit: Callable[..., Any]) -> None:
    v = visit(address)
    keys, page = v.page.keyboard, v.page
    page.evaluate("document.activeElement.blur()")
    keys.press("Tab")
    assert page.evaluate("document.activeElement.className") == "yj-skip"
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "yj-ask"
    keys.type("柳林河综合整治")
    keys.press("Shift+Enter")
    keys.type("工程有哪些要求")
    assert "\n" in page.locator("#yj-ask").input_value(), "Shift-Enter begins a new line"
    page.locator("#yj-ask").fill(RIVER)
    keys.press("Enter")
    v.answered(RIVER)
    told = page.locator("p.yj-hidden[role=status]")
    assert "把好质量关" in (told.text_content() or ""), "a screen reader is told the answer"
    for _ in range(60):
        keys.press("Shift+Tab")
        if page.evaluate("document.activeElement.classList.contains('yj-chip')"):
            break
    else:
        pytest.fail("the keyboard does not reach a marker")
    page.locator(".yj-tip").wait_for()
    page.mouse.move(5, 5)
    page.evaluate("document.querySelector('#yj-now').dispatchEvent(new Event('scroll'))")
    assert page.locator(".yj-tip").is_visible(), "scrolling a marker into sight keeps its quote"
    keys.press("Escape")
    assert page.locator(".yj-tip").is_hidden(), "and it can be put away"
    keys.press("Enter")
    page.locator("mark").first.wait_for()
    assert page.evaluate("document.activeElement.tagName") == "H2", "the reader is taken there"
    keys.press("Escape")
    page.locator(".yj-source").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.classList.contains('yj-chip')")
    page.locator("[data-do=settings]").focus()
    keys.press("Enter")
    page.locator(".yj-settings[open]").wait_for()
    for _ in range(15):
        keys.press("Tab")
        inside = page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('.yj-settings')"
        )
        assert inside, "the focus stays in the dialog"
    keys.press("Escape")
    assert page.evaluate("document.activeElement.dataset.do") == "settings"
    outline = page.evaluate(
        "(document.querySelector('nav [data-do=shelf]').focus(), getComputedStyle(document.activeElement).outlineStyle)"
    )
    assert outline == "solid", "where the focus is can be seen"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(address: str, visit: Callable[..., Any], scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
    v = visit(address, color_scheme=scheme)
    found: list[str] = []

    def look(view: str) -> None:
        v.page.wait_for_timeout(300)
        options = {"resultTypes": ["violations"]}
        seen = axe.Axe().run(v.page, options=options).response
        assert len(seen["passes"]) > 10, "axe has looked at something"
        for one in seen["violations"]:
            if one["impact"] in ("serious", "critical"):
                where = "; ".join(n["html"][:90] for n in one["nodes"][:3])
                found.append(f"{view}: {one['id']}: {where}")

    v.page.locator(".yj-examples button").first.wait_for()
    look("welcome")
    answer = v.ask(RIVER)
    for summary in answer.locator(".yj-look summary").all():
        summary.click()
    answer.locator(".yj-scores").wait_for()
    answer.locator("[data-do=rate]").last.click()
    answer.locator(".yj-chip").first.click()
    v.page.locator("mark").first.wait_for()
    look("answer")
    v.page.keyboard.press("Escape")
    v.ask("火星上的氧气浓度是多少")
    v.page.locator(".yj-menu summary").first.click()
    look("refusal")
    v.page.keyboard.press("Escape")
    v.page.locator("[data-do=settings]").click()
    look("settings")
    v.page.keyboard.press("Escape")
    v.page.locator("nav [data-do=shelf]").click()
    v.page.locator(".yj-articles").wait_for()
    look("library")
    assert found == []


def test_the_page_is_quick(address: str, visit: Callable[..., Any]) -> None:
    """Generous limits, since other tests may run beside this one; figures: benchmarks/page_load.py."""
    v = visit(address)
    took = v.page.evaluate(
        """async question => {
            const box = document.querySelector('#yj-ask');
            box.value = question;
            const start = performance.now();
            box.form.requestSubmit();
            for (;;) {
                const said = document.querySelector('#yj-now .yj-said');
                if (said) return performance.now() - start;
                await new Promise(requestAnimationFrame);
            }
        }""",
        RIVER,
    )
    assert "把好质量关" in said(v.answered(RIVER))
    assert took < 1500
