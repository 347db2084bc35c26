"""How soon the chat page can be used, and how smoothly a long list scrolls, in a real Chromium.

    python -m benchmarks.page_open --visits 9

Each visit is a window of its own with an empty cache. What is timed begins with the first byte of
the server's answer: to the first thing to be seen; to a question box that takes a question; to
example questions; and, after the Enter key, to the first words of an answer. Then a library of
``--articles`` articles is listed and scrolled with the mouse wheel: the time of each frame.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.page_load import served

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUESTION = "柳林河综合整治工程有哪些要求"
OPENED = """() => new Promise(done => {
    const look = () => {
        const box = document.querySelector('#yj-ask');
        if (!box || !document.querySelector('.yj-welcome')) return requestAnimationFrame(look);
        const usable = performance.now();
        const [first] = performance.getEntriesByType('navigation');
        const paint = performance.getEntriesByName('first-contentful-paint')[0];
        done([first.responseStart, paint ? paint.startTime : usable, usable]);
    };
    look();
})"""
ASKED = """question => new Promise(done => {
    const box = document.querySelector('#yj-ask');
    box.value = question;
    const start = performance.now();
    box.form.requestSubmit();
    const look = () => document.querySelector('#yj-now .yj-said')
        ? done(performance.now() - start) : requestAnimationFrame(look);
    look();
})"""
FRAMES = """seconds => new Promise(done => {
    const gaps = [];
    let last = performance.now();
    const end = last + 1000 * seconds;
    const frame = now => {
        gaps.push(now - last);
        last = now;
        now < end ? requestAnimationFrame(frame) : done(gaps.slice(1));
    };
    requestAnimationFrame(frame);
})"""


def visit(browser: Any, address: str) -> dict[str, float]:
    """One person's first visit: milliseconds since the server began to answer."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address, wait_until="commit")
    first, paint, usable = page.evaluate(OPENED)
    page.locator(".yj-examples button").first.wait_for()
    examples = page.evaluate("performance.now()")
    words = page.evaluate(ASKED, QUESTION)
    context.close()
    return {
        "something to be seen": paint - first,
        "question box usable": usable - first,
        "example questions": examples - first,
        "first words of an answer": words,
    }


def scrolled(browser: Any, address: str, seconds: float) -> list[float]:
    """Milliseconds between the frames while the library's list is scrolled with the wheel."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address)
    page.locator("nav [data-do=shelf]").click()
    page.wait_for_function("document.querySelectorAll('.yj-articles li').length > 100")
    page.wait_for_timeout(1000)
    page.mouse.move(640, 500)
    page.evaluate(f"window.gaps = ({FRAMES})({seconds})")
    for _ in range(int(seconds * 25)):
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(33)
    gaps = page.evaluate("window.gaps")
    assert page.evaluate("scrollY") > 3000, "the list has been scrolled"
    context.close()
    return [float(gap) for gap in gaps]


def made_library(folder: Path, articles: int) -> None:
    """A library of so many short articles."""
    from index.library import Library
    from index.types import Article, Origin

    with Library.open(folder) as library:
        for first in range(0, articles, 100):
            own = [
                Article(
                    f"a{i}",
                    f"第{i}号简报：今天的天气和路况",
                    f"今天第{i}次观测，天晴。",
                    "zh",
                    f"简报{first}.txt",
                    Origin(1, 2),
                    byline="记者 甲一",
                )
                for i in range(first, min(first + 100, articles))
            ]
            library.add_articles(f"简报{first}.txt", own)


def main() -> None:
    """Open, ask, scroll, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--visits", type=int, default=9)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long the list is scrolled")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise SystemExit("needs Chromium")
    figures: dict[str, Any] = {}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        with served(Path(scratch) / "a", None) as (address, ready, _):
            figures["server ready, s"] = [round(ready, 2)]
            visits = [visit(browser, address) for _ in range(options.visits)]
        for name in visits[0]:
            figures[f"{name}, ms"] = [round(v[name]) for v in visits]
        made_library(Path(scratch) / "long", options.articles)
        with served(Path(scratch) / "b", Path(scratch) / "long") as (address, _, _):
            gaps = scrolled(browser, address, options.seconds)
        browser.close()
    cuts = statistics.quantiles(gaps, n=100, method="inclusive")
    figures["frames while scrolling, ms"] = {
        "median": round(cuts[49], 1),
        "p95": round(cuts[94], 1),
        "p99": round(cuts[98], 1),
        "at most": round(max(gaps), 1),
    }
    for name, values in figures.items():
        if isinstance(values, dict):
            told = ", ".join(f"{value} {which}" for which, value in values.items())
        else:
            told = f"{statistics.median(values):8} median, {max(values)} at most"
        print(f"{name:<30} {told}")
    if options.json:
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
