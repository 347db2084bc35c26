"""The library's view: files in, the list, files out; several libraries; hostile files."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_asking import said

BRIDGE = """青槐桥夜市十月一日开市
本报讯（记者 陶小满）2025年10月1日晚，青槐桥夜市正式开市，首批入驻摊位共87个。
市场负责人纪云舟介绍，夜市每天18时开市，23时收摊，摊位费前三个月全免。
"""


@pytest.fixture(scope="module")
def shelf(serve: Callable[..., str], root: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a page on a library of its own, with the sample articles."""
    from index.library import Library

    own = tmp_path_factory.mktemp("shelf") / "own"
    with Library.open(own) as library:
        library.add([root / "examples" / "corpus"])
    return serve("app.py", "--port", "0", "--no-open", "--library", str(own))


def titles(page: Any) -> list[str]:
    return [str(t) for t in page.locator(".yj-articles .yj-title").all_inner_texts()]


def test_own_files_are_added_found_and_taken_out(
    shelf: str, visit: Callable[..., Any], tmp_path: Path
) -> None:
    v = visit(shelf)
    good, bad = tmp_path / "青槐桥夜市.txt", tmp_path / "空白.txt"
    good.write_text(BRIDGE, encoding="utf-8")
    bad.write_text(" \n", encoding="utf-8")
    report = v.upload(good, bad)
    assert report.locator(".yj-added").inner_text() == "已添加 1 篇文章"
    assert report.locator(".yj-failed").inner_text() == "没有添加：文件里没有文字"
    v.page.locator(".yj-library", has_text="26 篇").wait_for()
    v.picture("zh-upload")
    v.page.get_by_text("青槐桥夜市十月一日开市").click()
    v.page.locator(".yj-sheet h2").wait_for()
    assert "87个" in v.page.locator(".yj-text").inner_text(), "preview"
    v.page.keyboard.press("Escape")

    answer = v.ask("青槐桥夜市首批入驻多少个摊位")
    assert "87个" in said(answer)
    again = v.upload(good)
    assert again.locator(".yj-unchanged").inner_text() == "已在资料库中"
    v.page.locator(".yj-upload .yj-close").click()
    v.page.locator(".yj-upload").wait_for(state="hidden")

    row = v.page.locator(".yj-articles li", has_text="青槐桥夜市")
    row.locator(".yj-remove").click()
    v.page.locator(".yj-toast button").wait_for()
    assert "青槐桥夜市十月一日开市" not in titles(v.page)
    refused = v.ask("青槐桥夜市首批入驻多少个摊位")
    assert "87个" not in refused.inner_text()
    v.page.locator("nav [data-do=shelf]").click()
    v.page.locator(".yj-toast button").click()
    v.page.locator(".yj-articles").get_by_text("青槐桥夜市十月一日开市").wait_for()
    assert "87个" in said(v.ask("青槐桥夜市首批入驻多少个摊位"))


def test_adding_goes_on_shows_its_progress_and_can_be_cancelled(
    serve: Callable[..., str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    own = tmp_path / "own"
    v = visit(serve("app.py", "--port", "0", "--no-open", "--library", str(own)))
    files = []
    for number in range(400):
        files.append(tmp_path / f"简报{number}.txt")
        day = f"2024年3月{number % 28 + 1}日"
        news = f"第{number}号简报\n{day}，第{number}座桥开工，总投资{number + 1}万元。\n"
        files[-1].write_text(news + "施工情况良好。\n" * 200, encoding="utf-8")
    v.page.locator("nav [data-do=shelf]").click()
    v.page.locator("[data-files=file]").set_input_files([str(f) for f in files])
    busy = v.page.locator(".yj-upload[aria-busy]")
    busy.wait_for(timeout=60_000)
    assert busy.locator("progress").get_attribute("max") == "400"
    v.page.locator(".yj-upload .yj-added").first.wait_for()
    twin = visit(v.page.url)
    twin.page.locator("nav [data-do=shelf]").click()
    twin.page.locator(".yj-upload[aria-busy]").wait_for()  # another window sees it too
    v.picture("zh-adding")
    v.page.locator("[data-do=cancel-adding]").click()
    done = v.page.locator(".yj-upload:not([aria-busy])")
    done.wait_for()
    assert done.locator(".yj-cancelled").count() > 0
    told, listed = v.page.locator(".yj-library"), v.page.locator(".yj-articles li")
    told.get_by_text(re.compile(r"^\s*[1-9]")).first.wait_for()  # it is told a moment later
    kept = int(told.inner_text().split(" ")[0])
    assert 0 < kept < 400, "what was finished stays"
    listed.nth(kept - 1).wait_for(state="attached")
    assert listed.count() == kept


def test_files_can_be_dropped(shelf: str, visit: Callable[..., Any]) -> None:
    v = visit(shelf)
    drop = """name => {
        const files = new DataTransfer();
        files.items.add(new File(['白鹭湖封湖育鱼\\n本报讯（记者 甲一）2025年3月2日，白鹭湖封湖，为期六个月。\\n'], '白鹭湖.txt'));
        document.querySelector('#yj-main').dispatchEvent(
            new DragEvent(name, { dataTransfer: files, bubbles: true, cancelable: true }));
    }"""
    v.page.evaluate(drop, "dragover")
    v.page.locator(".yj-drop").wait_for()
    v.page.evaluate(drop, "drop")
    v.page.locator(".yj-upload .yj-added").wait_for()
    v.page.get_by_text("白鹭湖封湖育鱼").first.wait_for()
    assert "六个月" in said(v.ask("白鹭湖封湖多久"))


def folder_of_briefs(parent: Path) -> Path:
    """A folder as people keep them: folders within, a name twice, what a system leaves in it."""
    folder = parent / "简报汇编"
    for place, bridge, days in (("一月", "南浦桥", "31"), ("二月/补遗", "北浦桥", "45")):
        (folder / place).mkdir(parents=True)
        news = f"{bridge}封闭检修\n本报讯 2025年1月6日，{bridge}封闭检修，工期{days}天。\n"
        (folder / place / "简报.txt").write_text(news, encoding="utf-8")
        (folder / place / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    return folder


def drop(page: Any, path: Path) -> None:
    """Drag what lies at a path from the desktop onto the page, and let go."""
    devtools = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, "x": 640, "y": 400, "data": data})
    devtools.detach()


@pytest.mark.parametrize("way", ["dropped", "chosen"])
def test_a_folder_is_added_with_all_that_lies_in_it(
    serve: Callable[..., str], visit: Callable[..., Any], tmp_path: Path, way: str
) -> None:
    folder = folder_of_briefs(tmp_path)
    v = visit(serve("app.py", "--port", "0", "--no-open", "--library", str(tmp_path / "own")))
    v.page.locator("nav [data-do=shelf]").click()
    v.page.locator("[data-files=folder]").wait_for(state="attached")
    if way == "dropped":
        drop(v.page, folder)
    else:
        v.page.locator("[data-files=folder]").set_input_files(str(folder))
    v.page.locator(".yj-upload:not([aria-busy])").wait_for()
    v.picture(f"zh-folder-{way}")
    assert v.page.locator(".yj-upload li").count() == 2, "the system's own file is not sent"
    assert v.page.locator(".yj-upload .yj-failed").count() == 0
    v.page.locator(".yj-articles li").nth(1).wait_for()
    assert sorted(titles(v.page)) == ["北浦桥封闭检修", "南浦桥封闭检修"]
    rows = "".join(v.page.locator(".yj-articles li").all_inner_texts())
    assert "简报.txt" in rows
    assert "简报 (2).txt" in rows, "two files of one name stand side by side"
    assert "45天" in said(v.ask("北浦桥检修工期多少天"))


def test_the_list_is_searched_sorted_and_narrowed(shelf: str, visit: Callable[..., Any]) -> None:
    v = visit(shelf)
    v.page.locator("nav [data-do=shelf]").click()
    v.page.locator(".yj-articles").wait_for()
    v.picture("zh-library")
    count = len(titles(v.page))
    assert count >= 25
    v.page.locator("[name=words]").fill("柳林河")
    v.page.wait_for_function(
        "n => document.querySelectorAll('.yj-articles li').length < n", arg=count
    )
    assert sorted(titles(v.page)) == [
        "柳林河一期清淤过半 河湾段步道提前开放",
        "柳林河综合整治工程开工",
    ]
    v.page.locator("[name=words]").fill("")
    v.page.wait_for_function(
        "n => document.querySelectorAll('.yj-articles li').length === n", arg=count
    )
    v.page.locator("[name=order]").select_option("old")
    v.page.wait_for_function(
        "document.querySelector('.yj-articles .yj-title').textContent.includes('政府工作报告')"
    )
    v.page.locator(".yj-sieve [name=since]").fill("2024-11-01")
    v.page.locator(".yj-sieve [name=until]").fill("2024-11-30")
    # Two askings are under way: the first may be answered last, and is then asked again.
    wanted = "护林员申大江：一天两万步，一走十九年"
    v.page.wait_for_function(
        "wanted => [...document.querySelectorAll('.yj-articles .yj-title')]"
        ".map(t => t.textContent).join() === wanted",
        arg=wanted,
    )
    v.page.locator("[name=words]").fill("没有这样的")
    v.page.locator(".yj-none", has_text="没有符合").wait_for()


def test_a_list_that_comes_late_does_not_stay(shelf: str, visit: Callable[..., Any]) -> None:
    v = visit(shelf)
    v.page.locator("nav [data-do=shelf]").click()
    v.page.locator(".yj-articles").wait_for()
    v.page.locator("[name=words]").fill("柳林河")
    v.page.wait_for_function("document.querySelectorAll('.yj-articles li').length === 2")
    v.page.locator("[name=words]").fill("柳林河 步道")
    v.page.wait_for_function("document.querySelectorAll('.yj-articles li').length === 1")
    narrowed = titles(v.page)
    # The answer to the first asking once more, behind that to the second.
    v.page.evaluate(
        "document.querySelector('.yj-count').parentElement.innerHTML ="
        ' \'<p class="yj-count" data-asked="1">1</p><ul class="yj-articles"></ul>\''
    )
    v.page.wait_for_function("document.querySelectorAll('.yj-articles li').length === 1")
    assert titles(v.page) == narrowed


def test_the_list_is_narrowed_to_a_file_and_to_a_section(
    serve: Callable[..., str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    for name, rows in {
        "第一版.csv": "渡口晨雾散得早,民生,渡口六点开航。\n堤坝巡查不停歇,水利,巡堤员每天走八公里。\n",
        "第二版.csv": "老渡口添新船,民生,新船能坐四十人。\n",
    }.items():
        (tmp_path / name).write_text(f"标题,栏目,正文\n{rows}", encoding="utf-8")
    own = tmp_path / "own"
    v = visit(serve("app.py", "--port", "0", "--no-open", "--library", str(own)))
    v.upload(tmp_path / "第一版.csv", tmp_path / "第二版.csv")
    sieve = v.page.locator(".yj-sieve")
    file, section = sieve.locator("[name=source]"), sieve.locator("[name=section]")

    def left(count: int) -> set[str]:
        v.page.wait_for_function(
            "n => document.querySelectorAll('.yj-articles li').length === n", arg=count
        )
        return set(titles(v.page))

    every = {"渡口晨雾散得早", "堤坝巡查不停歇", "老渡口添新船"}
    assert left(3) == every
    section.select_option(label="民生")
    assert left(2) == {"渡口晨雾散得早", "老渡口添新船"}
    v.picture("zh-sieve")
    assert v.sticking_out(".yj-sieve") == []
    assert v.page.locator(".yj-count").inner_text() == "找到 2 篇，共 3 篇"
    file.select_option(label="第二版.csv")
    assert left(1) == {"老渡口添新船"}
    section.select_option(label="水利")
    v.page.locator(".yj-none", has_text="没有符合").wait_for()
    file.select_option(label="第一版.csv")
    assert left(1) == {"堤坝巡查不停歇"}
    section.select_option(value="")
    assert left(2) == {"渡口晨雾散得早", "堤坝巡查不停歇"}
    file.select_option(value="")
    assert left(3) == every


def test_several_libraries_and_one_chosen(
    shelf: str, visit: Callable[..., Any], tmp_path: Path
) -> None:
    v = visit(shelf)
    v.page.locator("nav [data-do=shelf]").click()
    v.page.locator(".yj-shelf-head summary").click()
    v.page.locator(".yj-make input").fill("会议纪要")
    v.page.locator(".yj-make button").click()
    v.page.locator(".yj-shelf-head", has_text="会议纪要").wait_for()
    assert v.page.locator(".yj-library").inner_text() == "资料库是空的"
    minutes = tmp_path / "纪要.txt"
    minutes.write_text(
        "第三次例会纪要\n2025年4月8日，例会决定食堂改造经费为12万元。\n", encoding="utf-8"
    )
    v.upload(minutes)
    assert "12万元" in said(v.ask("食堂改造经费是多少"))
    v.page.locator("[name=library]").select_option("")
    v.page.locator(".yj-shelf-head", has_text="主资料库").wait_for(state="attached")
    other = v.ask("食堂改造经费是多少")
    assert "12万元" not in other.inner_text(), "the other library knows nothing of it"
    v.page.get_by_text("食堂改造经费是多少").nth(1).wait_for()
    v.page.locator(".yj-talk").nth(1).click()
    v.page.wait_for_function("document.querySelector('.yj-brand').dataset.library === '会议纪要'")
    assert "12万元" in said(v.page.locator("#yj-now .yj-round")), "a conversation keeps its library"


def test_a_thousand_articles_scroll_smoothly(
    serve: Callable[..., str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    from index.library import Library
    from index.types import Article, Origin

    own = tmp_path / "own"
    with Library.open(own) as library:
        for number in range(12):
            articles = [
                Article(
                    f"a{number}-{i}",
                    f"第{number * 100 + i}号简报",
                    "今天天晴。",
                    "zh",
                    f"{number}.txt",
                    Origin(1, 2),
                )
                for i in range(100)
            ]
            library.add_articles(f"{number}.txt", articles)
    v = visit(serve("app.py", "--port", "0", "--no-open", "--library", str(own)))
    v.page.locator("nav [data-do=shelf]").click()
    v.page.wait_for_function("document.querySelectorAll('.yj-articles li').length === 1000")
    counted = v.page.locator(".yj-count")
    assert counted.inner_text() == "1,200 篇文章，这里是第 1–1,000 篇"
    slow = v.page.evaluate(
        """async () => {
            const gaps = [];
            let last = performance.now();
            for (let i = 0; i < 60; i++) {
                scrollBy(0, 700);
                await new Promise(requestAnimationFrame);
                const now = performance.now();
                gaps.push(now - last);
                last = now;
            }
            gaps.sort((a, b) => a - b);
            return gaps[Math.floor(gaps.length * 0.9)];
        }"""
    )
    assert v.page.evaluate("scrollY") > 30_000
    assert slow < 100, "nine frames in ten come in time, on a busy machine too"
    v.page.locator(".yj-pages button").click()
    v.page.wait_for_function("document.querySelectorAll('.yj-articles li').length === 200")
    assert counted.inner_text() == "1,200 篇文章，这里是第 1,001–1,200 篇"
    assert titles(v.page)[0] == "第1000号简报"
    assert v.seen(v.page.locator(".yj-sieve [name=words]")), "a new page is seen from its head"
    v.page.locator(".yj-articles .yj-remove").first.click()
    v.page.wait_for_function("document.querySelectorAll('.yj-articles li').length === 100")
    assert counted.inner_text() == "1,100 篇文章，这里是第 1,001–1,100 篇", "the page stays"
    v.page.locator(".yj-pages button").click()
    v.page.wait_for_function("document.querySelectorAll('.yj-articles li').length === 1000")
