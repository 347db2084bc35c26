"""What holds of every page, however it looks: nothing lost, every character mapped back."""

from __future__ import annotations

import time
from collections import Counter
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.articles import split
from index.types import Document

# Pieces of pages: what titles, credits, headings and broken lines are made of.
PIECES = st.sampled_from(
    [
        "区领导调研河道治理",
        "提高效率 狠抓落实",
        "——记一次普通的会议",
        "11月14日上午,区领导到现场督导。",
        "会议听取了有关工作的汇报,并就下一步作出安排",
        "一、总体要求",
        "（二）任务分工",
        "记者 景静 通讯员 王云霄",
        "（记者 张三）",
        "本报讯（记者 李四）近日，",
        "来源：二七新闻  发布时间：2023-05-06",
        "责任编辑：",
        "二七新闻 2016年11月25日 第3版",
        "【要闻】",
        "2016年11月25日",
        "二七区人民政府办公室",
        "By Jane Doe",
        "The council met on Monday and",
        "approved the budget.",
        "# 标题",
        "- item",
        "“",
        "）",
        "，",
        "。",
        "度落实",
        "\u3000\u3000",
        "  ",
        "\t",
        "\u200b",
        "\ufeff",
        "\x85",
        "\u2028",
        "\x0c",
    ]
)
BREAKS = st.sampled_from(["\n", "\n\n", "\r\n", "\r", "\n \n", ""])
PAGES = st.lists(st.tuples(st.one_of(PIECES, st.text(max_size=40)), BREAKS), max_size=40).map(
    lambda parts: "".join(piece + end for piece, end in parts)
)
SOURCES = st.sampled_from(["page.txt", "folder/notes.md", "无后缀"])


def solid(text: str) -> Counter[str]:
    """How often each character that is no white space stands in ``text``."""
    return Counter("".join(text.split()))


@given(PAGES)
@settings(max_examples=200, deadline=None)
@example("")
@example(" \n\t\r\n")
@example("\n".join(["记者 张三"] * 5))
def test_nothing_but_white_space_is_lost_and_nothing_is_twice(text: str) -> None:
    articles = split(Document(text, "page.txt"))
    held = solid("".join(a.section + a.kicker + a.text for a in articles))
    titles = solid("".join(a.title for a in articles))
    assert held <= solid(text)
    # What is left are titles; an untitled article has one that is not taken from the file.
    assert solid(text) - held <= titles


@given(PAGES, SOURCES)
@settings(max_examples=200, deadline=None)
def test_every_character_maps_to_its_place_in_the_file(text: str, source: str) -> None:
    lines = text.replace("\r\n", "\0\n").replace("\r", "\n").replace("\0", "\r").split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for article in split(Document(text, source)):
        before = -1
        for offset, char in enumerate(article.text):
            place, number = article.file_position(offset)
            assert place > before
            before = place
            assert starts[number - 1] <= place < max(starts[number], starts[number - 1] + 1)
            assert article.origin.first_line <= number <= article.origin.last_line
            if char in "\n ":
                assert text[place].isspace()
            else:
                assert text[place] == char


@given(PAGES, SOURCES)
@settings(max_examples=200, deadline=None)
def test_articles_keep_the_order_of_the_file(text: str, source: str) -> None:
    articles = split(Document(text, source))
    lines = [(a.origin.first_line, a.origin.last_line) for a in articles]
    assert all(first <= last for first, last in lines)
    assert all(one[1] < two[0] for one, two in pairwise(lines))
    assert bool(articles) == bool(text.strip())
    for article in articles:
        assert article.title.strip()
        assert article.text == article.text.strip()
        if article.byline_span:
            start, end = article.byline_span
            assert 0 <= start < end <= len(article.text)


@given(PAGES)
@settings(max_examples=100, deadline=None)
def test_ids_are_stable_and_distinct(text: str) -> None:
    document = Document(text, "page.txt")
    ids = [article.id for article in split(document)]
    assert ids == [article.id for article in split(document)]
    assert len(set(ids)) == len(ids)
    elsewhere = [article.id for article in split(Document(text, "other.txt"))]
    assert not set(ids) & set(elsewhere)


def test_equal_articles_on_one_page_have_different_ids() -> None:
    one = "区政府召开常务会议\n11月14日，区政府召开常务会议，研究供暖工作。\n记者 王云\n"
    articles = split(Document(one + one, "page.txt"))
    assert [a.title for a in articles] == ["区政府召开常务会议"] * 2
    assert articles[0].text == articles[1].text
    assert articles[0].id != articles[1].id


def test_an_article_keeps_its_id_when_others_come_before_it() -> None:
    one = "区政府召开常务会议\n11月14日，区政府召开常务会议，研究供暖工作。\n记者 王云\n"
    new = "区图书馆延长开放时间\n11月15日，区图书馆宣布延长开放时间，方便读者。\n记者 李青\n"
    kept = split(Document(one, "page.txt"))[0].id
    assert [a.id for a in split(Document(new + one, "page.txt"))][1] == kept


def test_time_is_linear_in_the_lines() -> None:
    lines = "区领导先后到河道治理工程现场进行督导并仔\n细听取了镇办负责人的相关汇报。\n"
    seconds = []
    for copies in (500, 2000):
        text = "区领导调研河道治理\n" + lines * copies
        started = time.process_time()
        split(Document(text, "page.txt"))
        seconds.append(time.process_time() - started)
    assert seconds[1] < 4 * 3 * max(seconds[0], 0.05)


def test_one_line_of_many_megabytes() -> None:
    text = "11月14日上午，区领导到河道治理工程现场进行督导，仔细听取了汇报。" * 300_000
    started = time.process_time()
    (article,) = split(Document(text, "long.txt"))
    assert time.process_time() - started < 10
    assert article.text == text
    assert article.title == "long"
    assert article.file_position(len(text) - 1) == (len(text) - 1, 1)
