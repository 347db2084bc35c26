"""The page's HTML and what stands around it, without a browser and without Gradio."""

from __future__ import annotations

import socket
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import make_answer, make_article, make_citation

from index.errors import SettingsError
from index.types import AddReport, Article, FileReport, PartialDate
from qa.page import front, render, server, source, texts, uploads
from qa.page.markup import file_name
from qa.types import AnswerSentence, Status, Turn

HOSTILE = [
    "<script>alert(1)</script>",
    "</p></div></article><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "[link](http://example.com/a) ![image](http://example.com/b.png)",
    "<a href=javascript:alert(1)>x</a>",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} `${alert(1)}`",
    "&lt;b&gt; &amp;nbsp; &#60;i&#62;",
    "<!-- --><![CDATA[x]]>",
    "<style>@import url(http://example.com/c.css)</style>",
    "\u202etxt.exe\u2066 $$\\href{javascript:alert(1)}{x}$$",
    "<mark>forged</mark><strong>bold</strong>",
]
TAGS = {
    *("section", "article", "aside", "header", "div", "p", "h1", "h2", "h3", "ul", "ol", "li"),
    *("button", "span", "bdi", "strong", "mark"),
}
ATTRIBUTES = {"class", "type", "role", "title", "lang", "dir", "tabindex"}


class Reader(HTMLParser):
    """Reads HTML as a browser would: its tags, its attributes, the text in and out of elements."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[tuple[str, str]] = []
        self.data: list[tuple[list[tuple[str, str]], str]] = []
        self.feed(html)
        self.close()
        assert not self.open, f"unclosed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        assert tag in TAGS, tag
        assert all(n in ATTRIBUTES or n.startswith(("data-", "aria-")) for n in names), names
        self.tags.append((tag, names))
        self.open.append((tag, names.get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.data.append((list(self.open), data))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment

    @property
    def text(self) -> str:
        return "".join(data for _, data in self.data)

    def inside(self, name: str) -> list[str]:
        """The text within each element of this tag or class, one string an element in order."""
        return [data for way, data in self.data if any(name in (t, *c.split()) for t, c in way)]

    def having(self, attribute: str) -> list[dict[str, str | None]]:
        return [names for _, names in self.tags if attribute in names]


def everything(foreign: str) -> list[str]:
    """All the page's HTML with one foreign string in every place that can hold one."""
    article = make_article(
        foreign + "\n" + foreign,
        id=foreign,
        title=foreign,
        byline=foreign,
        source=foreign,
        section=foreign,
        kicker=foreign,
        language=foreign,
    )
    fields = ("article_id", "title", "byline", "published", "source", "lines", "quote")
    citation = make_citation(**dict.fromkeys(fields, foreign))
    said = AnswerSentence(foreign, (1,), False, ((0, 2), (1, 3)))
    answered = make_answer(
        said, text=f"{foreign}\n{foreign}[1]", citations=(citation,), status=Status.UNVERIFIED
    )
    refused = make_answer(text=foreign, status=Status.NO_EVIDENCE, nearest=(article,))
    report = AddReport(
        (FileReport(foreign, "failed", error=foreign), FileReport(foreign, "added", 2))
    )
    out: list[str] = []
    for language in ("zh", "en"):
        out += [
            front.header([article], language),
            front.examples([foreign], language),
            render.conversation([Turn(foreign, answered), Turn(foreign, refused)], language),
            render.failed_round(foreign, foreign, language),
            source.panel(article, 0, 3, language),
            uploads.result(report, language),
            uploads.progress(foreign, language),
            uploads.failure(foreign, language),
        ]
    return out


@pytest.mark.parametrize("foreign", HOSTILE)
def test_hostile_text_is_shown_and_never_read_as_markup(foreign: str) -> None:
    for html in everything(foreign):
        Reader(html)  # fails on any tag, attribute or comment that is not the page's own
    answer = Reader(render.round_of(foreign, None, "zh"))
    assert answer.inside("bdi") == [foreign]


@given(st.text(min_size=1, max_size=60))
def test_any_text_at_all_is_inert(foreign: str) -> None:
    for html in everything(foreign):
        Reader(html)


@given(st.lists(st.text(st.characters(exclude_characters="\n"), min_size=1), min_size=1), st.data())
def test_the_marked_characters_are_the_span(paragraphs: list[str], data: st.DataObject) -> None:
    body = "\n".join(paragraphs)
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    reader = Reader(source.marked(body, start, end))
    assert reader.text == body.replace("\n", "")
    assert "".join(reader.inside("mark")) == body[start:end].replace("\n", "")


def test_a_quote_over_two_paragraphs_is_marked_in_both() -> None:
    assert source.marked("甲乙\n丙丁", 1, 4) == (
        '<p dir="auto">甲<mark>乙</mark></p><p dir="auto"><mark>丙</mark>丁</p>'
    )


def test_the_panel_names_the_article_and_marks_the_quote() -> None:
    article = make_article()
    reader = Reader(source.panel(article, 5, 12, "zh", opened=7))
    assert reader.inside("mark") == [article.text[5:12]] == ["第二段有两句。"]
    assert reader.inside("yj-about") == ["记者 景静", "2016年11月14日", "erqi.txt", "第 3–9 行"]
    assert reader.having("data-opened")[0]["data-opened"] == "7"
    assert "/home" not in reader.text
    assert "<mark>" not in source.panel(article, 0, 0, "zh")
    assert Reader(source.panel(article, -5, 10**6, "en")).inside("mark") == article.text.split("\n")


def test_an_answer_shows_sentences_chips_and_citations() -> None:
    said = AnswerSentence("总投资3.8亿元。", (1,), True, ((3, 8),))
    html = render.round_of("投资多少", make_answer(said), "zh")
    reader = Reader(html)
    assert reader.inside("h2") == ["你的问题: ", "投资多少"]
    assert reader.inside("strong") == ["3.8亿元"]
    assert "".join(reader.inside("yj-said")) == "总投资3.8亿元。[1]"
    assert reader.inside("yj-citation") == [
        "1",
        "贾鲁河治理",
        "记者 景静",
        "2016年11月14日",
        "erqi.txt",
        "第 12–14 行",
        "第二段有两句。",
    ]
    opens = [(b["data-article"], b["data-start"], b["data-end"]) for b in reader.having("data-do")]
    assert opens == [("a1", "5", "12")] * 2
    assert "aria-busy" not in html
    assert 'aria-busy="true"' in render.round_of("问", make_answer(said), "zh", growing=True)


def test_lines_and_frame_of_the_text_are_kept() -> None:
    one, two, three = (
        AnswerSentence(t, (1,), True) for t in ("一是甲。", "又及。", "二是**乙**。")
    )
    answer = make_answer(
        one, two, three, text="原文如下：\n一是甲。[1]又及。[1][2]\n二是**乙**。[1]"
    )
    assert render.answer_lines(answer) == [["原文如下："], [one, two], [three]]


def test_bold_spans_of_the_text_are_found_and_odd_texts_left_aside() -> None:
    said = AnswerSentence("共12人。", (1,), True, ((1, 4),))
    assert render.answer_lines(make_answer(said, text="共**12人**。[1]")) == [[said]]
    assert render.answer_lines(make_answer(said, said, text="共12人。[1]")) == [[said], [said]]


def test_what_is_not_supported_says_so() -> None:
    said = AnswerSentence("共12人。", (1, 9), False)
    answer = make_answer(said, status=Status.UNVERIFIED)
    reader = Reader(render.round_of("几人", answer, "en"))
    assert "".join(reader.inside("yj-unsupported")) == "共12人。"
    assert reader.inside("yj-note") == [texts.text("unverified", "en")]
    assert reader.inside("yj-chip") == ["[1]"], "a marker without a citation is no button"


def test_a_refusal_offers_the_nearest_articles_once() -> None:
    answer = make_answer(
        text="没有找到依据。\n最接近的文章：《贾鲁河治理》",
        status=Status.NO_EVIDENCE,
        citations=(),
        nearest=(make_article(),),
    )
    reader = Reader(render.round_of("火星", answer, "zh"))
    assert reader.inside("yj-refusal") == ["没有找到依据。"]
    assert reader.inside("yj-nearest") == ["贾鲁河治理", "2016年11月14日", "erqi.txt"]
    assert [b["data-article"] for b in reader.having("data-do")] == ["a1"]


@given(
    st.text("甲乙<&", max_size=12), st.lists(st.tuples(st.integers(-3, 15), st.integers(-3, 15)))
)
def test_bold_spans_never_change_the_words(words: str, spans: list[tuple[int, int]]) -> None:
    assert Reader(render.emphasised(words, spans)).text == words


def test_the_header_counts_articles_and_days() -> None:
    def line(*articles: Article, language: texts.Language = "zh") -> str:
        return " · ".join(Reader(f"<p>{front.library_line(articles, language)}</p>").inside("p"))

    first, later = make_article(), make_article(published=date(2016, 12, 2))
    yearless = make_article(published=None, event=PartialDate(1, 5))
    assert line() == "资料库是空的"
    assert line(first, yearless, later) == "3 篇文章 · 2016年11月14日—12月2日"
    assert line(first, language="en") == "1 article · 14 Nov 2016"
    assert line(first, later, language="en") == "2 articles · 14 Nov – 2 Dec 2016"
    assert line(yearless) == "1 篇文章 · 1月5日"
    assert line(make_article(published=None)) == "1 篇文章"


def test_an_empty_library_invites_files() -> None:
    assert "Add files" in Reader(front.welcome(True, "en")).text
    assert "Add files" not in Reader(front.welcome(False, "en")).text


def test_examples_are_buttons_that_ask() -> None:
    asked = Reader(front.examples(["柳林河", "a < b"], "en")).having("data-do")
    assert [(b["data-do"], b["data-question"]) for b in asked] == [
        ("ask", "柳林河"),
        ("ask", "a < b"),
    ]
    assert front.examples([], "zh") == ""


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.5", "en"),
        ("de-DE, zh-TW;q=0.3", "zh"),
        ("fr", "en"),
        ("", "zh"),
        (None, "zh"),
    ],
)
def test_the_language_comes_from_the_browser(header: str | None, language: str) -> None:
    assert texts.language_of(header) == language


def test_every_text_is_there_in_both_languages_with_the_same_fields() -> None:
    from string import Formatter

    for key, pair in texts.TEXTS.items():
        fields = [{name for _, name, _, _ in Formatter().parse(t) if name} for t in pair]
        assert fields[0] == fields[1], key
        assert all(t.strip() for t in pair), key


@pytest.mark.parametrize(
    ("iso", "zh", "en"),
    [
        ("2016-11-14", "2016年11月14日", "14 Nov 2016"),
        ("01-05", "1月5日", "5 Jan"),
        ("", "", ""),
        ("2016-13-01", "2016-13-01", "2016-13-01"),
        ("last week", "last week", "last week"),
    ],
)
def test_dates_are_written_as_people_write_them(iso: str, zh: str, en: str) -> None:
    assert (texts.show_date(iso, "zh"), texts.show_date(iso, "en")) == (zh, en)


def test_file_names_hide_the_way_to_them() -> None:
    assert file_name("/home/someone/新闻.txt") == "新闻.txt"
    assert file_name("C:\\news\\a.txt") == "a.txt"
    assert file_name("a.txt") == "a.txt"


def test_uploads_overwrite_nothing_and_double_nothing(tmp_path: Path) -> None:
    received = []
    for folder, body in (("1", "甲"), ("2", "乙"), ("3", "甲"), ("4", "乙")):
        path = tmp_path / folder / "通知.txt"
        path.parent.mkdir()
        path.write_text(body, encoding="utf-8")
        received.append(path)
    library = tmp_path / "library"
    kept = uploads.keep(received, library)
    assert [p.name for p in kept] == ["通知.txt", "通知 (2).txt", "通知.txt", "通知 (2).txt"]
    assert [p.read_text(encoding="utf-8") for p in kept] == ["甲", "乙", "甲", "乙"]
    assert {p.parent for p in kept} == {library / "uploads"}


def test_the_upload_report_says_what_became_of_each_file(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"\0")
    files = (
        FileReport(str(tmp_path / "a.txt"), "added", 1, 4),
        FileReport(str(tmp_path / "b.txt"), "added", 12, 40),
        FileReport(str(tmp_path / "c.txt"), "unchanged"),
        FileReport(str(bad), "failed", error=f"{bad}: not text. Save it as text."),
    )
    report = AddReport(files)
    reader = Reader(uploads.result(report, "en"))
    assert reader.inside("li") == [
        "a.txt",
        "1 article added",
        "b.txt",
        "12 articles added",
        "c.txt",
        "Already in the library",
        "bad.txt",
        "Not added: not text. Save it as text.",
    ]
    uploads.discard_failed(report)
    assert not bad.exists()


def test_a_taken_port_is_named_with_the_mend() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"127\.0\.0\.1:{port}.*Choose another port"):
            server.listen("127.0.0.1", port)


def test_addresses_are_ones_that_a_browser_can_open() -> None:
    assert server.page_address("127.0.0.1", 80) == "http://127.0.0.1:80/"
    assert server.page_address("0.0.0.0", 7860) == "http://127.0.0.1:7860/"
    assert server.page_address("::1", 7860) == "http://[::1]:7860/"


def test_importing_the_page_imports_nothing_heavy(root: Path) -> None:
    code = "import sys, qa.page; print(sorted({'gradio', 'fastapi', 'torch', 'faiss'} & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
