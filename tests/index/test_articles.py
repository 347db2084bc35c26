"""Pages of news → articles: the real page that must come out right, and other papers' manners."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest
from newspaper_pages import PAGES, Expected

from index.articles import split
from index.readers import read
from index.types import Article, Document

ERQI = (
    # lines, kicker, title, byline, event
    (
        "3-20",
        "",
        "全国工商联互查组莅临二七指导工作",
        "记者 景静 通讯员 杨峰",
        "11-23",
    ),
    (
        "22-28",
        "",
        "市委督导组调研二七区落实人大工作情况",
        "记者 范光华 通讯员 乐风海",
        "11-14",
    ),
    (
        "32-42",
        "“实现企地互赢,与群众共享成果”",
        "区领导会见武汉华侨城集团代表",
        "记者 范光华 通讯员 王振",
        "11-15",
    ),
    (
        "44-62",
        "提高效率,推动清理整改工作深入开展",
        "二七区召开环保违法违规建设项目整改清理推进会",
        "记者 景静 通讯员 李晓",
        "11-21",
    ),
    (
        "64-70",
        "",
        "区领导一线督察贾鲁河综合治理工程进展情况",
        "记者 景静 通讯员 王云霄",
        "11-14",
    ),
    (
        "72-84",
        "发展特色产业 打造生态休闲二七",
        "二七区召开老家印象项目专题会议",
        "记者 景静 通讯员 李晓",
        "11-16",
    ),
    (
        "86-92",
        "",
        "二七区召开马寨重点工作推进会议",
        "记者 景静 通讯员 袁婷婷",
        "",
    ),
    (
        "94-106",
        "",
        "二七区持续发挥“大督察”工作效能 确保完成全年目标",
        "记者 景静 通讯员 孙璋哲",
        "",
    ),
)


@pytest.fixture(scope="module")
def erqi(shared: Path) -> tuple[Document, list[Article]]:
    document = read(shared / "erqi_news.txt")
    return document, split(document)


def test_the_page_has_its_eight_articles(erqi: tuple[Document, list[Article]]) -> None:
    found = [(str(a.origin), a.kicker, a.title, a.byline, str(a.event or "")) for a in erqi[1]]
    assert found == list(ERQI)
    for article in erqi[1]:
        assert article.language == "zh"
        assert article.published is None
        assert article.section == ""
        assert article.byline_span is not None
        assert article.text[slice(*article.byline_span)] == article.byline


@pytest.mark.parametrize(
    ("article", "mended", "lines"),
    [
        (0, "办公条件、制度落实、活动开展", "7-9"),
        (0, "搭建多形式、特色的平台,积极服务", "13-15"),
        (2, "打造区域差异化文化旅游品牌", "38-40"),
        (3, "区直委局及各镇办要充分认识到", "52-54"),
        (3, "成立环保违法项目清理整改专办小组", "56-58"),
        (5, "对合作项目协议内容、约束条款", "80-82"),
        (7, "以督察倒逼落实的工作机制,分门别类建立了", "98-100"),
    ],
)
def test_broken_lines_are_mended(
    erqi: tuple[Document, list[Article]], article: int, mended: str, lines: str
) -> None:
    found = erqi[1][article]
    assert found.text.count(mended) == 1
    start = found.text.index(mended)
    assert found.lines(start, start + len(mended)) == lines


def test_paragraphs_stay_apart(erqi: tuple[Document, list[Article]]) -> None:
    assert [a.text.count("\n") + 1 for a in erqi[1]] == [6, 3, 3, 6, 3, 4, 3, 5]
    # The third article's byline ends a paragraph; the others stand on their own line.
    assert [a.text.split("\n")[-1] == a.byline for a in erqi[1]] == [True, False] + [True] * 6
    assert erqi[1][3].text.split("\n")[3].startswith("二是任务再明确。")


def test_every_character_of_the_page_is_in_one_article(
    erqi: tuple[Document, list[Article]],
) -> None:
    document, articles = erqi
    for article in articles:
        for offset, char in enumerate(article.text):
            place, line = article.file_position(offset)
            assert document.text[place] == char
            assert document.text.count("\n", 0, place) + 1 == line
    held = sum(len("".join((a.kicker + a.title + a.text).split())) for a in articles)
    assert held == len("".join(document.text.split()))


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_other_papers(name: str) -> None:
    page = PAGES[name]
    articles = split(Document(page.text, page.source))
    assert [(str(a.origin), a.title) for a in articles] == [
        (e.lines, e.title) for e in page.articles
    ]
    assert [as_expected(a, e) for a, e in zip(articles, page.articles, strict=True)] == list(
        page.articles
    )


def as_expected(article: Article, expected: Expected) -> Expected:
    """What came out, in the words of what was expected."""
    paragraphs = article.text.count("\n") + 1 if expected.paragraphs is not None else None
    published = article.published.isoformat() if article.published else ""
    return Expected(
        str(article.origin),
        article.title,
        article.byline,
        article.kicker,
        article.section,
        str(article.event or ""),
        published,
        paragraphs,
        article.language,
    )


def test_a_line_cut_inside_a_word_is_joined_without_a_blank() -> None:
    page = PAGES["lines cut at 13 characters"]
    article = split(Document(page.text, "page.txt"))[0]
    assert "第三届农民丰收节在文化广场开幕，32家合作社带来了" in article.text
    assert "夏粮总产达到1.2万吨，比去年增长3.5%。" in article.text


def test_english_lines_are_joined_with_a_blank_that_is_the_line_end() -> None:
    page = PAGES["English, wrapped by words"]
    article = split(Document(page.text, "page.txt"))[0]
    words = "ending three years of work"
    assert words in article.text
    place, line = article.file_position(article.text.index(words) + len("ending three"))
    assert (page.text[place], line) == ("\n", 7)


def test_a_line_end_in_the_text_is_the_files_own() -> None:
    text = "区政府召开常务会议\r\n11月14日，区政府召开常务会议。 \r\n会议研究了供暖工作。\r\n"
    (article,) = split(Document(text, "page.txt"))
    assert article.text == "11月14日，区政府召开常务会议。\n会议研究了供暖工作。"
    place, line = article.file_position(article.text.index("\n"))
    assert (text[place - 1 : place + 1], line) == ("\r\n", 2)


def test_an_untitled_document_takes_its_title_from_the_reader_or_the_file() -> None:
    text = "会议听取了汇报，研究了供暖工作，并就下一步工作作出安排。\n会议强调，要抓好落实。\n"
    assert split(Document(text, "a/会议纪要.txt"))[0].title == "会议纪要"
    assert split(Document(text, "a/会议纪要.txt", title="常务会议"))[0].title == "常务会议"


def test_white_space_alone_has_no_article() -> None:
    assert split(Document("", "a.txt")) == []
    assert split(Document(" \n\u3000\n\t", "a.txt")) == []


@pytest.mark.parametrize(
    ("lead", "event"),
    [
        ("11月14日上午，区长到现场办公。", "11-14"),
        ("2016年11月14日，区长到现场办公。", "2016-11-14"),
        ("十一月十四日，区长到现场办公。", "11-14"),
        ("近日，区长到现场办公，要求12月1日前完工。", ""),
        ("区长到现场办公，要求限期完工。", ""),
        ("14日上午，区长到现场办公。", ""),
        ("13月40日，区长到现场办公。", ""),
    ],
)
def test_the_event_is_the_first_full_day_of_the_lead(lead: str, event: str) -> None:
    text = f"区长现场办公推进河道治理\n{lead}\n会议定于12月20日再次召开。\n记者 王云\n"
    (article,) = split(Document(text, "page.txt"))
    assert str(article.event or "") == event


@pytest.mark.parametrize(
    "name",
    [
        "articles",
        "language",
        *(f"pages.{m}" for m in ("bylines", "cues", "dates", "headlines", "lines", "mending")),
    ],
)
def test_the_examples_in_the_documentation(name: str) -> None:
    module = importlib.import_module(f"index.{name}")
    assert doctest.testmod(module).failed == 0
