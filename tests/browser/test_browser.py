"""The page as a person uses it: real server, real library, real Chromium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
RIVER = "柳林河综合整治工程有哪些要求"
DEMANDS = ("把好质量关", "把好安全关", "把好民意关")
BRIDGE = """青槐桥夜市十月一日开市
本报讯（记者 陶小满）2025年10月1日晚，青槐桥夜市正式开市，首批入驻摊位共87个。
市场负责人纪云舟介绍，夜市每天18时开市，23时收摊，摊位费前三个月全免。
"""


def said(round_: Any) -> str:
    """What an answer says, without its citations."""
    return "".join(round_.locator(".yj-said").all_inner_texts())


def article_count(page: Any) -> int:
    """The number of articles that the header gives."""
    return int(
        "".join(c for c in page.locator(".yj-library span").first.inner_text() if c.isdigit())
    )


def test_a_question_leads_to_the_very_words_in_the_source(
    address: str, visit: Callable[..., Any]
) -> None:
    v = visit(address)
    assert v.page.title() == "有据 Youju"
    assert v.page.locator("html").get_attribute("lang") == "zh-CN"
    assert article_count(v.page) >= 15
    v.picture("zh-welcome")

    answer = v.ask(RIVER)
    assert all(demand in said(answer) for demand in DEMANDS)
    assert v.page.locator("#yj-question textarea").input_value() == ""
    citation = answer.locator(".yj-citation").first
    assert "river-start.txt" in citation.inner_text()
    quote = citation.locator(".yj-quote").text_content()
    v.picture("zh-answer")

    chip = answer.locator(".yj-chip").first
    assert chip.inner_text() == "[1]"
    chip.click()
    marks = v.page.locator(".yj-source mark")
    marks.first.wait_for()
    assert "\n".join(marks.all_text_contents()) == quote
    assert v.seen(marks.first)
    assert v.seen(chip), "the panel stands beside the answer, not over it"
    v.picture("zh-source")

    v.page.keyboard.press("Escape")
    v.page.locator(".yj-source").wait_for(state="detached")
    assert chip.evaluate("e => e === document.activeElement"), "back where the reader was"
    citation.click()
    marks.first.wait_for()
    assert "\n".join(marks.all_text_contents()) == quote


def test_the_answering_words_stand_out(address: str, visit: Callable[..., Any]) -> None:
    answer = visit(address).ask("柳林河综合整治总投资多少")
    assert "3.8亿元" in "".join(answer.locator(".yj-said strong").all_inner_texts())


def test_an_example_is_asked_with_one_click(address: str, visit: Callable[..., Any]) -> None:
    v = visit(address)
    example = v.page.locator(".yj-examples button").first
    question = example.inner_text()
    example.click()
    v.page.locator(".yj-round:not([aria-busy]) .yj-chip").first.wait_for()
    assert question in v.page.locator(".yj-question").inner_text()


def test_a_conversation_belongs_to_its_window(address: str, visit: Callable[..., Any]) -> None:
    one, other = visit(address), visit(address)
    one.ask(RIVER)
    one.ask("总投资多少")
    assert one.page.locator(".yj-round").count() == 2
    assert one.seen(one.page.locator(".yj-question").last), "a new question comes into view"
    assert "3.8亿元" in said(one.page.locator(".yj-round").last), "understood from the one before"
    assert other.page.locator(".yj-round").count() == 0
    one.picture("zh-followup")
    one.page.locator("#yj-new").click()
    one.page.locator(".yj-welcome").wait_for()
    assert one.page.locator(".yj-round").count() == 0


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


def test_own_files_are_added_and_answer(
    address: str, visit: Callable[..., Any], tmp_path: Path
) -> None:
    v = visit(address)
    before = article_count(v.page)
    good, bad = tmp_path / "青槐桥夜市.txt", tmp_path / "空白.txt"
    good.write_text(BRIDGE, encoding="utf-8")
    bad.write_text(" \n", encoding="utf-8")
    report = v.upload(good, bad)
    report.locator(".yj-failed").wait_for()
    assert report.locator(".yj-added").inner_text() == "已添加 1 篇文章"
    assert report.locator(".yj-failed").inner_text().startswith("没有添加：")
    assert article_count(v.page) == before + 1
    v.picture("zh-upload")

    answer = v.ask("青槐桥夜市首批入驻多少个摊位")
    assert "87个" in said(answer)
    assert "青槐桥夜市.txt" in answer.locator(".yj-citation").first.inner_text()
    answer.locator(".yj-chip").first.click()
    assert "87个" in v.page.locator("mark").first.inner_text()

    v.page.locator(".yj-upload .yj-close").click()
    report.wait_for(state="detached")
    assert v.upload(good).locator(".yj-unchanged").inner_text() == "已在资料库中"
    assert article_count(v.page) == before + 1


def test_a_phone_shows_the_source_over_the_answer(address: str, visit: Callable[..., Any]) -> None:
    v = visit(address, **PHONE)
    v.picture("phone-welcome")
    answer = v.ask(RIVER)
    assert v.seen(v.page.locator(".yj-question"))
    v.picture("phone-answer")
    answer.locator(".yj-chip").first.tap()
    mark = v.page.locator("mark").first
    mark.wait_for()
    assert v.seen(mark)
    box = v.page.locator(".yj-source").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    v.picture("phone-source")
    v.page.locator(".yj-source .yj-close").tap()
    v.page.locator(".yj-source").wait_for(state="detached")
    width = v.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, "nothing sticks out sideways"


def test_an_english_browser_gets_an_english_page_in_the_dark(
    address: str, visit: Callable[..., Any]
) -> None:
    v = visit(address, locale="en-GB", color_scheme="dark")
    assert v.page.locator("html").get_attribute("lang") == "en"
    assert v.page.locator("#yj-upload").inner_text() == "Add files"
    box = v.page.locator("#yj-question textarea")
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


def test_hostile_files_and_questions_stay_words(
    address: str, visit: Callable[..., Any], tmp_path: Path
) -> None:
    trap = "<img src=http://example.com/x.png onerror=alert(1)>"
    hostile = tmp_path / "<b>夜航船<b>.txt"
    hostile.write_text(
        f"夜航船茶馆{trap}开业\n"
        f"本报讯（记者 沈梦溪）2025年6月6日，夜航船茶馆在柳林河边开业，共有<script>alert(2)</script>茶座66个。\n"
        "[图](http://example.com/y.png) ![图](http://example.com/z.png) ${alert(3)} {{alert(4)}}\n",
        encoding="utf-8",
    )
    v = visit(address)
    v.upload(hostile).locator(".yj-added").wait_for()
    answer = v.ask(f"夜航船茶馆{trap}有多少个茶座")
    assert trap in v.page.locator(".yj-question").inner_text()
    answer.locator("button[data-do=open]").first.click()
    v.page.locator(".yj-sheet h2").wait_for()
    v.page.wait_for_timeout(500)
    for part in ("#yj-log", "#yj-panel", "#yj-added"):
        assert v.page.locator(f"{part} :is(img, script, a, iframe, style, b)").count() == 0
    assert trap in v.page.locator(".yj-sheet h2").inner_text()


def test_an_empty_library_invites_files(
    serve: Callable[..., str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    own = str(tmp_path / "own")
    v = visit(serve("app.py", "--port", "0", "--no-open", "--library", own))
    assert v.page.locator(".yj-library").inner_text() == "资料库是空的"
    assert v.page.locator(".yj-examples").count() == 0
    assert "添加文件" in v.page.locator(".yj-welcome").inner_text()
    v.picture("zh-empty")


def test_what_breaks_is_said_on_the_page_and_can_be_asked_again(
    serve: Callable[..., str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    script = Path(__file__).parent / "broken_server.py"
    v = visit(serve(str(script), str(tmp_path / "library")))
    broken = v.ask("会出错的问题")
    broken.locator(".yj-error").wait_for()
    assert broken.locator(".yj-error").inner_text().startswith("出错了")
    assert v.page.locator("#yj-question textarea").input_value() == "会出错的问题"
    assert "secret" not in v.page.locator("body").inner_text()
    v.picture("zh-error")
    named = v.ask("资料库正忙的问题")
    assert named.locator(".yj-error").inner_text() == "没有答成：资料库正忙。请稍后再试。"
