"""Asking, as a person does: answers, their sources, refusals, second thoughts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

RIVER = "柳林河综合整治工程有哪些要求"
DEMANDS = ("把好质量关", "把好安全关", "把好民意关")


def pointed_at(page: Any, thing: Any) -> Any:
    """What is shown beside a thing while it is pointed at. The page may still be scrolling to the
    end of the answer, which hides it: a hand that trembles brings it back."""
    tip = page.locator(".yj-tip")
    for step in range(40):
        thing.hover(position={"x": 3 + step % 2, "y": 4})
        if tip.is_visible():
            break
        page.wait_for_timeout(100)
    tip.wait_for()
    return tip


def said(round_: Any) -> str:
    """What an answer says, without its citations."""
    return "".join(round_.locator(".yj-said").all_inner_texts())


def test_a_question_leads_to_the_very_words_in_the_source(
    address: str, visit: Callable[..., Any]
) -> None:
    v = visit(address)
    assert v.page.title() == "有据 Youju"
    assert v.page.locator("html").get_attribute("lang") == "zh-CN"
    v.page.locator(".yj-examples button").first.wait_for()
    v.picture("zh-welcome")

    answer = v.ask(RIVER)
    assert all(demand in said(answer) for demand in DEMANDS)
    assert v.page.locator("#yj-ask").input_value() == ""
    citation = answer.locator(".yj-citation").first
    assert "river-start.txt" in citation.inner_text()
    quote = citation.locator(".yj-quote").text_content()
    v.page.locator(".yj-examples button").first.wait_for()
    v.picture("zh-answer")

    chip = answer.locator(".yj-chip").first
    assert chip.inner_text() == "[1]"
    tip = pointed_at(v.page, chip)
    assert tip.locator("strong").inner_text() == "柳林河综合整治工程开工"
    assert tip.locator("p").text_content() == quote, "the quote is there without a click"
    v.picture("zh-hover")
    chip.click()
    marks = v.page.locator(".yj-source mark")
    marks.first.wait_for()
    assert "\n".join(marks.all_text_contents()) == quote
    assert v.seen(marks.first)
    assert v.seen(chip), "the panel stands beside the answer, not over it"
    about = v.page.locator(".yj-sheet .yj-about").inner_text()
    assert all(fact in about for fact in ("方晓岚", "2024年3月12日", "river-start.txt", "10–16"))
    v.picture("zh-source")

    plain, gbt = v.page.locator(".yj-ways [data-do=copy]").all()
    plain.click()
    v.page.wait_for_selector(".yj-way[data-done]")
    assert v.copied().startswith(f"“{quote}”（《柳林河综合整治工程开工》，")
    gbt.click()
    v.page.wait_for_function("document.querySelectorAll('.yj-way[data-done]').length === 2")
    assert (
        "方晓岚, 柴立新. 柳林河综合整治工程开工[N]. river-start.txt, 2024-03-12: 10-16."
        in v.copied()
    )
    with v.page.expect_popup() as popup:
        v.page.locator(".yj-ways a").click()
    alone = popup.value
    assert alone.locator("h2").inner_text() == "柳林河综合整治工程开工"
    assert "\n".join(alone.locator("mark").all_text_contents()) == quote
    alone.close()

    v.page.keyboard.press("Escape")
    v.page.locator(".yj-source").wait_for(state="hidden")
    assert chip.evaluate("e => e === document.activeElement"), "back where the reader was"
    citation.click()
    marks.first.wait_for()
    assert "\n".join(marks.all_text_contents()) == quote


def test_the_conversations_stay_below_the_head_at_the_end(
    address: str, visit: Callable[..., Any]
) -> None:
    v = visit(address)
    v.ask(RIVER)
    v.page.locator(".yj-examples button").first.wait_for()
    v.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    v.page.wait_for_function("scrollY + innerHeight >= document.documentElement.scrollHeight - 1")
    head, left = (v.page.locator(place).bounding_box() for place in ("#yj-top", "#yj-left"))
    assert left["y"] >= head["y"] + head["height"] - 1


def test_examples_and_what_to_ask_next_are_answered(
    address: str, visit: Callable[..., Any]
) -> None:
    v = visit(address)
    example = v.page.locator(".yj-examples button").first
    question = example.inner_text()
    example.click()
    answer = v.answered(question)
    assert answer.locator(".yj-chip").count() > 0
    follow = v.page.locator(".yj-examples button").first
    follow.wait_for()
    following = follow.inner_text()
    assert following != question
    follow.click()
    assert v.answered(following).locator(".yj-chip").count() > 0
    assert v.page.locator(".yj-round").count() == 2


def test_the_answering_words_stand_out(address: str, visit: Callable[..., Any]) -> None:
    v = visit(address)
    answer = v.ask("柳林河综合整治总投资多少")
    assert "3.8亿元" in "".join(answer.locator(".yj-said strong").all_inner_texts())
    answer = v.ask("什么时候完工")
    assert "月底前完工" in said(answer), "understood from the question before"
    assert v.seen(v.page.locator("#yj-now .yj-question")), "a new question comes into view"


def test_no_answer_offers_the_nearest_articles(address: str, visit: Callable[..., Any]) -> None:
    v = visit(address)
    answer = v.ask("火星上的氧气浓度是多少")
    assert answer.locator(".yj-chip").count() == 0
    nearest = answer.locator(".yj-nearest button")
    assert 1 <= nearest.count() <= 3
    v.picture("zh-refusal")
    title = nearest.first.locator(".yj-title").inner_text()
    nearest.first.click()
    v.page.locator(".yj-sheet h2").wait_for()
    assert v.page.locator(".yj-sheet h2").inner_text() == title
    assert v.page.locator("mark").count() == 0


def test_a_question_is_asked_again_and_changed(address: str, visit: Callable[..., Any]) -> None:
    v = visit(address)
    v.ask(RIVER).locator("[data-do=edit]").click()
    box = v.page.locator("#yj-ask")
    assert box.input_value() == RIVER
    assert v.page.locator(".yj-editing").is_visible()
    box.fill("柳林河综合整治总投资多少")
    box.press("Enter")
    changed = v.answered("柳林河综合整治总投资多少")
    assert "3.8亿元" in said(changed)
    assert v.page.locator(".yj-round").count() == 1, "in the place of the old one"
    assert v.page.locator(".yj-editing").is_hidden()
    number = changed.get_attribute("data-round")
    changed.locator("[data-do=retry]").click()
    v.page.wait_for_function(
        "n => { const r = document.querySelector('#yj-now .yj-round');"
        " return r.dataset.round !== n && !r.hasAttribute('aria-busy'); }",
        arg=number,
    )
    assert "3.8亿元" in said(v.page.locator("#yj-now .yj-round"))
    assert v.page.locator(".yj-round").count() == 1
    v.page.locator("#yj-now [data-do=copy]").click()
    v.page.wait_for_selector(".yj-act[data-done]")
    assert "3.8亿元" in v.copied()


def test_what_is_behind_an_answer_is_folded_until_wanted(
    address: str, visit: Callable[..., Any]
) -> None:
    v = visit(address)
    answer = v.ask(RIVER)
    timeline, why = answer.locator(".yj-look").all()
    assert not timeline.locator("div").is_visible()
    timeline.locator("summary").click()
    timeline.locator("time").first.wait_for()
    days = timeline.locator("time").all_inner_texts()
    full = [d for d in days if "年" in d]
    assert len(full) > 1
    assert "2024年3月12日" in full
    cited = timeline.locator("li[data-cited] .yj-title").all_inner_texts()
    assert cited == ["柳林河综合整治工程开工"]
    why.locator("summary").click()
    why.locator(".yj-scores").wait_for()
    assert why.locator("thead th").all_inner_texts() == [
        *("段落", "语义", "关键词", "融合", "重排"),
    ]
    first = [float(s) for s in why.locator("tbody tr").first.locator("td").all_inner_texts()]
    assert first[-1] == 1.0
    last = [float(r.locator("td").last.inner_text()) for r in why.locator("tbody tr").all()]
    assert last == sorted(last, reverse=True)
    assert why.locator("tbody tr[data-cited]").count() >= 1
    assert "把握" in why.inner_text()
    v.picture("zh-why")
    timeline.locator("button").first.click()
    v.page.locator(".yj-sheet h2").wait_for()


def test_slow_answers_can_be_stopped_and_doubts_are_marked(
    slow: str, visit: Callable[..., Any]
) -> None:
    v = visit(slow)
    v.page.locator("#yj-ask").fill("慢慢说")
    v.page.keyboard.press("Enter")
    v.page.locator("#yj-now .yj-said").wait_for()
    assert v.page.locator(".yj-stop").is_visible()
    v.page.locator(".yj-stop").click()
    stopped = v.answered("慢慢说")
    assert "已停止" in stopped.inner_text()
    assert "第一句" in said(stopped)
    assert "最后一句" not in said(stopped)
    v.page.wait_for_timeout(1500)
    assert "最后一句" not in said(stopped), "what was stopped stays stopped"
    doubted = v.ask("说一句没有依据的话")
    doubt = doubted.locator(".yj-doubt")
    assert doubt.inner_text() == "未证实"
    decoration = doubted.locator(".yj-unsupported").first.evaluate(
        "e => getComputedStyle(e).textDecorationStyle"
    )
    assert decoration == "dotted"
    tip = pointed_at(v.page, doubt)
    assert "没有" in tip.inner_text()
    v.picture("zh-doubt")


def test_what_breaks_is_said_kept_and_can_be_asked_again(
    slow: str, visit: Callable[..., Any]
) -> None:
    v = visit(slow)
    broken = v.ask("会出错的问题")
    assert broken.locator(".yj-error").inner_text().startswith("出错了")
    assert "secret" not in v.page.locator("body").inner_text()
    named = v.ask("资料库正忙的问题")
    assert (
        named.locator(".yj-error").inner_text()
        == "没有答成：另一个程序正在改动这个资料库，请稍后再试"
    )
    v.page.reload()
    v.page.locator("#yj-now .yj-error").wait_for()
    assert v.page.locator(".yj-error").count() == 2, "rounds that failed are kept too"
    v.page.locator("#yj-now [data-do=retry]").wait_for()
    v.page.locator("#yj-ask").fill("问" * 1200)
    assert len(v.page.locator("#yj-ask").input_value()) == 1000
