"""Conversations and settings, as a person keeps and changes them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scripted_server import serving as scripted
from test_asking import RIVER, pointed_at, said

TOFU = "石桥老街的豆腐坊有什么故事"


def names(page: Any) -> list[str]:
    return [str(n) for n in page.locator(".yj-talk").all_inner_texts()]


def menu(page: Any, name: str) -> Any:
    """The opened menu of a conversation."""
    row = page.locator(".yj-talks li", has=page.get_by_text(name, exact=True))
    row.locator("summary").click()
    return row.locator(".yj-menu-sheet")


def test_conversations_are_kept_named_searched_renamed_deleted(
    serve: Callable[..., str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    own = tmp_path / "own"
    start = lambda: serve(  # noqa: E731
        "app.py", "--port", "0", "--no-open", "--library", str(own)
    )
    v = visit(start())
    v.page.locator(".yj-welcome").wait_for()
    assert "拖进去" in v.page.locator(".yj-welcome").inner_text(), "an empty library invites files"
    assert v.page.locator(".yj-library").inner_text() == "资料库是空的"
    v.picture("zh-empty")
    v.ask(RIVER)
    v.page.locator(".yj-talk").first.wait_for()
    address = v.page.url
    assert "?c=" in address
    v.page.locator("[data-do=new]").click()
    v.page.locator(".yj-welcome").wait_for()
    assert "?c=" not in v.page.url
    v.ask(TOFU)
    v.page.wait_for_function("document.querySelectorAll('.yj-talk').length === 2")
    assert names(v.page) == [TOFU, RIVER]

    v.page.locator("[data-type=find]").fill("豆腐")
    v.page.wait_for_function("document.querySelectorAll('.yj-talk').length === 1")
    assert names(v.page) == [TOFU]
    v.page.locator("[data-type=find]").fill("")
    v.page.wait_for_function("document.querySelectorAll('.yj-talk').length === 2")

    sheet = menu(v.page, TOFU)
    v.picture("zh-menu")
    assert v.sticking_out(".yj-menu-sheet") == []
    sheet.locator("input").fill("老街")
    sheet.locator("input").press("Enter")
    v.page.get_by_text("老街", exact=True).wait_for()
    menu(v.page, "老街").locator("[data-do=forget]").click()
    v.page.locator(".yj-toast button").click()
    v.page.wait_for_function("document.querySelectorAll('.yj-talk').length === 2")
    menu(v.page, "老街").locator("[data-do=forget]").click()
    v.page.wait_for_function("document.querySelectorAll('.yj-talk').length === 1")
    v.page.locator(".yj-welcome").wait_for()

    with v.page.expect_download() as download:
        menu(v.page, RIVER).get_by_text("Markdown").click()
    assert download.value.suggested_filename == f"{RIVER}.md"
    v.page.keyboard.press("Escape")
    menu(v.page, RIVER).locator("[data-do=link]").click()
    link = v.copied()

    later = visit(start().rstrip("/") + "/" + link.partition("/?")[2].join(["?", ""]))
    later.page.locator("#yj-now .yj-round").wait_for()
    assert later.page.locator("#yj-now .yj-question").inner_text().endswith(RIVER)
    assert names(later.page) == [RIVER], "resumed after a restart, from its link"
    gone = visit(later.page.url.partition("?")[0] + "?c=no-such-conversation")
    gone.page.locator(".yj-toast").wait_for()
    assert "不存在" in gone.page.locator(".yj-toast").inner_text()


def test_ratings_are_kept_and_leave_as_an_exam(address: str, visit: Callable[..., Any]) -> None:
    v = visit(address)
    answer = v.ask("柳林河综合整治总投资多少")
    _, bad = answer.locator("[data-do=rate]").all()
    bad.click()
    answer.locator(".yj-remark input").fill("不是我要的数")
    answer.locator(".yj-remark input").press("Enter")
    v.page.locator(".yj-toast").wait_for()
    assert bad.get_attribute("aria-pressed") == "true"
    v.page.reload()
    v.page.locator("[data-do=rate][aria-pressed=true]").wait_for()
    assert v.page.locator("[data-do=rate][aria-pressed=true]").inner_text() == "没用"
    v.page.locator("[data-do=settings]").click()
    with v.page.expect_download() as download:
        v.page.get_by_text("全部评价").click()
    told = [
        json.loads(line) for line in Path(download.value.path()).read_text("utf-8").splitlines()
    ]
    assert told[-1]["remark"] == "不是我要的数"
    assert told[-1]["rating"] == -1


def test_settings_take_effect_at_once_and_stay(address: str, visit: Callable[..., Any]) -> None:
    v = visit(address)
    assert len(v.ask(RIVER).locator(".yj-said").all()) == 4
    full = said(v.page.locator("#yj-now .yj-round"))
    v.page.locator("[data-do=settings]").click()
    dialog = v.page.locator(".yj-settings")
    v.picture("zh-settings")
    assert v.sticking_out(".yj-settings") == []
    dialog.locator("[name=style]").select_option("brief")
    dialog.locator("[name=theme]").select_option("dark")
    assert v.page.evaluate("document.body.classList.contains('dark')")
    dialog.locator("[name=until]").fill("2020-01-01")
    dialog.locator("[name=language]").select_option("en")
    v.page.locator("html[lang=en]").wait_for()
    v.page.locator(".yj-settings[open]").wait_for()
    v.page.keyboard.press("Escape")
    refused = v.ask(RIVER)
    assert refused.locator(".yj-refusal").count() == 1, "no article is that old"
    v.page.locator("[data-do=settings]").click()
    v.page.locator("[data-do=any-date]").click()
    v.page.keyboard.press("Escape")
    brief = said(v.ask(RIVER))
    assert 0 < len(brief) < len(full)
    v.page.reload()
    v.page.locator("html[lang=en] .yj-round").first.wait_for()
    assert v.page.evaluate("document.body.classList.contains('dark')"), "they stay"
    assert v.page.locator("#yj-ask").get_attribute("aria-label") == "Question"


def choose(page: Any, name: str, value: str) -> None:
    """Turn one of the settings, and close them."""
    page.locator("[data-do=settings]").click()
    page.locator(f".yj-settings [name={name}]").select_option(value)
    page.keyboard.press("Escape")
    page.locator(".yj-settings").wait_for(state="hidden")


def test_caution_decides_what_is_answered(address: str, visit: Callable[..., Any]) -> None:
    v = visit(address)
    vague, plain = "大气治理要求啥", "几点开门"
    bold, usual, careful = "1", "3", "5"

    def refuses(question: str, caution: str) -> bool:
        choose(v.page, "caution", caution)
        v.page.locator("[data-do=new]").click()
        v.page.locator(".yj-welcome").wait_for()
        answer = v.ask(question)
        assert answer.locator(".yj-refusal").count() + (said(answer) != "") == 1
        return bool(answer.locator(".yj-refusal").count())

    assert refuses(vague, usual)
    assert not refuses(vague, bold)
    assert "齐振川要求" in said(v.page.locator("#yj-now .yj-round"))
    assert not refuses(plain, usual)
    assert refuses(plain, careful)
    look = v.page.locator(".yj-look").last
    look.locator("summary").click()
    assert "低于 70% 就不回答" in look.locator(".yj-facts").inner_text(), "and it says why"
    v.picture("zh-cautious")
    assert not refuses(plain, usual), "as it was"


def test_the_way_of_searching_is_seen_behind_the_answer(
    address: str, visit: Callable[..., Any]
) -> None:
    v = visit(address)

    def behind(mode: str) -> tuple[list[str], list[str], list[float]]:
        """The columns of scores, the passages, and the scores of the last column."""
        choose(v.page, "mode", mode)
        look = v.ask("河道治理花了多少钱").locator(".yj-look").last
        look.locator("summary").click()
        table = look.locator(".yj-scores")
        table.wait_for()
        v.picture(f"zh-why-{mode}")
        heads = table.locator("thead th").all_inner_texts()
        last = table.locator("tbody td:last-child").all_inner_texts()
        return heads[1:], table.locator("tbody th").all_inner_texts(), [float(x) for x in last]

    found = {mode: behind(mode) for mode in ("dense", "keyword", "hybrid")}
    assert found["dense"][0] == ["关键词", "语义"]
    assert found["keyword"][0] == ["语义", "关键词"]
    assert found["hybrid"][0] == ["语义", "关键词", "融合", "重排"]
    for _, passages, scores in found.values():
        assert len(passages) > 1
        assert scores == sorted(scores, reverse=True), "passages stand in the order of what counts"
    assert found["dense"][1] != found["keyword"][1], "another search finds other passages"
    v.page.reload()
    v.page.locator("#yj-ask").wait_for()
    assert v.page.locator(".yj-settings [name=mode]").input_value() == "hybrid"


def test_an_exam_of_what_was_rated_well_can_be_taken(
    own: Path, own_page: str, visit: Callable[..., Any], root: Path, tmp_path: Path
) -> None:
    v = visit(own_page)
    for question, mark in (
        ("柳林河综合整治总投资多少", "good"),
        ("柳林小学的校长是谁", "bad"),
        ("怎么做红烧肉", "good"),  # rightly refused
    ):
        v.ask(question).locator(f"[data-do=rate][data-rating={mark}]").click()
        v.page.locator(f"[data-do=rate][data-rating={mark}][aria-pressed=true]").last.wait_for()
        v.page.locator("[data-do=new]").click()
        v.page.locator(".yj-welcome").wait_for()
    v.page.locator("[data-do=settings]").click()
    with v.page.expect_download() as download:
        v.page.locator(".yj-settings").get_by_text("评测题").click()
    assert download.value.suggested_filename == "youju-exam.jsonl"
    exam = tmp_path / "exam.jsonl"
    download.value.save_as(exam)
    way = ["--exam", str(exam), "--library", str(own), "--json", "--fail-under", "right=1"]
    taken = subprocess.run(
        [sys.executable, "-m", "qa.cli", "eval", *way],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    assert taken.returncode == 0, taken.stdout + taken.stderr
    asked = [json.loads(line)["question"] for line in exam.read_text("utf-8").splitlines()]
    assert sorted(asked) == ["怎么做红烧肉", "柳林河综合整治总投资多少"]
    report = json.loads(taken.stdout)
    assert report["right"] == report["questions"] == 2


def test_a_conversation_leaves_as_markdown_word_and_json(
    address: str, visit: Callable[..., Any]
) -> None:
    v = visit(address)
    v.ask(RIVER)
    v.page.locator(".yj-talks li[aria-current] summary").click()
    sheet = v.page.locator(".yj-talks li[aria-current] .yj-menu-sheet")
    files: dict[str, Path] = {}
    for link in sheet.locator("a").all():
        with v.page.expect_download() as download:
            link.click()
        name = download.value.suggested_filename
        files[name.rpartition(".")[2]] = Path(download.value.path())
    assert list(files) == ["md", "docx", "json"]
    markdown = files["md"].read_text("utf-8").replace("\\", "")
    with zipfile.ZipFile(files["docx"]) as word:
        document = word.read("word/document.xml").decode()
    told = json.dumps(json.loads(files["json"].read_text("utf-8")), ensure_ascii=False)
    for whole in (markdown, document, told):
        assert RIVER in whole
        assert "把好质量关" in whole
        assert "river-start.txt" in whole, "with its source"


def test_a_language_model_is_tried_used_doubted_and_given_up(
    own_page: str, visit: Callable[..., Any]
) -> None:
    v = visit(own_page)
    form, told = v.page.locator(".yj-model"), v.page.locator(".yj-model [role=status]")

    def settings() -> None:
        v.page.locator("[data-do=settings]").click()

    written = "柳林河综合整治工程总投资3.8亿元。[1]其中国债资金99亿元。[1]"
    with scripted(lambda x, _: x.say(written, wait=0.02)) as server:
        settings()
        form.locator("[name=url]").fill(server.url)
        form.locator("[data-do=try-model]").click()
        told.get_by_text("可以使用：m1").wait_for()
        form.locator("[type=submit]").click()
        told.get_by_text("已启用").wait_for()
        v.picture("zh-model")
        v.page.keyboard.press("Escape")
        answer = v.ask("柳林河综合整治总投资多少")
        assert "由语言模型 m1 撰写" in answer.inner_text()
        assert "99亿元" in answer.locator(".yj-unsupported").first.inner_text()
        doubt = answer.locator(".yj-doubt")
        assert doubt.count() == 1, "only what has no support is marked"
        assert "数字" in pointed_at(v.page, doubt).inner_text()
        v.picture("zh-model-doubt")
    given_up = v.ask("柳林河综合整治工程有哪些要求")
    assert "把好质量关" in said(given_up), "the articles' own sentences, when the server is gone"
    assert given_up.locator(".yj-note").count() == 1
    settings()
    form.locator("[data-do=try-model]").click()
    told.get_by_text("不能使用：连不上服务器").wait_for()
    form.locator("[data-do=no-model]").click()
    told.get_by_text("已停用").wait_for()
    v.page.keyboard.press("Escape")
    assert "撰写" not in v.ask("柳林河综合整治总投资多少").inner_text()
