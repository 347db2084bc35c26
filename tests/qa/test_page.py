"""The page's HTML and what stands around it, without a browser and without Gradio."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hostile import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from made import make_answer, make_article, make_citation

from index.errors import DocumentError, LibraryBusy, SettingsError
from index.store import Entry, Wanted
from index.types import Failure
from qa.conversations import Kept
from qa.page import choosing, front, history, render, server, shelf, source, texts, uploads
from qa.page.adding import File, Job
from qa.page.catalogue import Facts, Page, wanted_by
from qa.page.markup import file_name
from qa.page.seat import Detail, Seat, Wishes
from qa.page.talks import Round
from qa.types import AnswerSentence, Background, Notice, NoticeKind, Problem, Status

TAGS = {
    *("section", "article", "aside", "header", "div", "p", "h1", "h2", "h3", "ul", "ol", "li"),
    *("button", "span", "bdi", "strong", "mark", "footer", "details", "summary", "form", "label"),
    *("input", "textarea", "select", "option", "time", "table", "thead", "tbody", "tr", "th", "td"),
    *("meter", "progress", "dl", "dt", "dd", "nav", "a", "fieldset", "legend", "dialog"),
}
ATTRIBUTES = {
    *("href",),
    *("class", "type", "role", "title", "lang", "dir", "tabindex", "id", "name", "value", "hidden"),
    *(
        "maxlength",
        "placeholder",
        "required",
        "rows",
        "selected",
        "download",
        "scope",
        "min",
        "max",
    ),
    *("autocomplete", "accept", "multiple", "webkitdirectory", "method", "action", "target", "rel"),
}
LINKS = ("#yj-ask", "export/", "article?", "ratings/")
VOID = {"input"}


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
        assert (names.get("href") or LINKS[0]).startswith(LINKS), names
        assert names.get("action", "logout") == "logout", names
        self.tags.append((tag, names))
        if tag not in VOID:
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
    refused = make_answer(
        text=foreign,
        status=Status.NO_EVIDENCE,
        nearest=(article,),
        resolved=foreign,
        background=Background(foreign, foreign, foreign, (citation,)),
    )
    kept = Kept(foreign, foreign, foreign, foreign, 0.0, 0.0)
    past = [
        Round(foreign, 1, "done", answered),
        Round(foreign, 2, "done", refused),
        Round(foreign, 3, "failed", reason=foreign),
        Round(foreign, 4, "stopped", answered),
        Round(foreign, 5),
    ]
    job = Job(
        1, foreign, foreign, [File(Path("x") / plain(foreign), "failed", 0, foreign, foreign)]
    )
    facts = Facts(1, 1, (foreign, foreign), foreign, 5, [foreign] * 2, [foreign] * 2)
    entries = [Entry(*[foreign] * 6)]
    out: list[str] = []
    for language in ("zh", "en"):
        seat = Seat(language, user=foreign, talk=foreign, library=foreign)
        out += [
            front.top(seat, ["", foreign], 1, (foreign, foreign)),
            front.examples([foreign], language),
            front.follow_ups([foreign], language),
            front.toast(foreign, undo="bring-back", language=language, which=foreign),
            render.rounds(past, language, kept),
            render.turned_down(foreign, foreign, language),
            source.panel(article, 0, 3, language, library=foreign),
            history.listed([kept], "", language),
            shelf.head(seat, facts, [foreign]),
            shelf.listed(Page(entries, 0, 1, 1), language, writes=True),
            shelf.notice(foreign),
            choosing.dialog(seat, foreign, foreign),
            uploads.job(job, language),
        ]
    return out


def plain(foreign: str) -> str:
    """A foreign string as a file's name: what no name can hold is taken out."""
    return foreign.replace("/", "").replace("\0", "") or "x"


@pytest.mark.parametrize("foreign", HOSTILE)
def test_hostile_text_is_shown_and_never_read_as_markup(foreign: str) -> None:
    for html in everything(foreign):
        Reader(html)  # fails on any tag, attribute or comment that is not the page's own
    answer = Reader(render.round_of(Round(foreign), "zh"))
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
    html = render.round_of(Round("投资多少", 1, "done", make_answer(said)), "zh")
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
    doing = [b for b in reader.having("data-do") if b["data-do"] == "open"]
    opens = [(b["data-article"], b["data-start"], b["data-end"]) for b in doing]
    assert opens == [("a1", "5", "12")] * 2
    assert "aria-busy" not in html
    assert 'aria-busy="true"' in render.round_of(Round("问", answer=make_answer(said)), "zh")


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
    reader = Reader(render.round_of(Round("几人", 1, "done", answer), "en"))
    assert "".join(reader.inside("yj-unsupported")) == "共12人。"
    assert reader.inside("yj-note") == [texts.text("unverified", "en")]
    assert reader.inside("yj-doubt") == ["unconfirmed"]
    assert reader.having("data-tip")[0]["data-tip"] == texts.text("unsupported", "en")
    assert reader.inside("yj-chip") == ["[1]"], "a marker without a citation is no button"


def test_each_problem_is_told_in_both_languages() -> None:
    said = AnswerSentence("共12人。", (1,), False, problems=tuple(Problem))
    for language in ("zh", "en"):
        (doubt,) = [
            d
            for d in Reader(
                render.round_of(Round("问", 1, "done", make_answer(said)), language)
            ).having("data-tip")
            if d["class"] == "yj-doubt"
        ]
        told = (doubt["data-tip"] or "").split(texts.text("listed", language))
        assert len(set(told)) == len(Problem)


def test_what_is_not_checked_yet_stands_apart_and_remarks_are_shown() -> None:
    notice = Notice(NoticeKind.TOO_SLOW, "太慢了")
    answer = make_answer(
        AnswerSentence("一。", (1,), True), notices=(notice,), model="<m>", pending="二<b>"
    )
    reader = Reader(render.round_of(Round("问", answer=answer), "zh"))
    assert reader.inside("yj-pending") == ["二<b>"]
    assert reader.inside("yj-note") == ["太慢了"]
    assert "<m>" in reader.inside("yj-hint")[0]


def test_a_refusal_offers_the_nearest_articles_once() -> None:
    answer = make_answer(
        text="没有找到依据。\n最接近的文章：《贾鲁河治理》",
        status=Status.NO_EVIDENCE,
        citations=(),
        nearest=(make_article(),),
    )
    reader = Reader(render.round_of(Round("火星", 1, "done", answer), "zh"))
    assert reader.inside("yj-refusal") == ["没有找到依据。"]
    assert reader.inside("yj-nearest") == ["贾鲁河治理", "2016年11月14日", "erqi.txt"]
    assert [b["data-article"] for b in reader.having("data-article")] == ["a1"]


@given(
    st.text("甲乙<&", max_size=12), st.lists(st.tuples(st.integers(-3, 15), st.integers(-3, 15)))
)
def test_bold_spans_never_change_the_words(words: str, spans: list[tuple[int, int]]) -> None:
    assert Reader(render.emphasised(words, spans)).text == words


def test_the_header_counts_articles_and_days() -> None:
    def line(count: int, *dates: str, language: texts.Language = "zh") -> str:
        first = (dates[0], dates[-1]) if dates else None
        html = front.library_line(count, first, language)
        return " · ".join(Reader(f"<p>{html}</p>").inside("p"))

    assert line(0) == "资料库是空的"
    assert line(3, "2016-11-14", "2016-12-02") == "3 篇文章 · 2016年11月14日—12月2日"
    assert line(1, "2016-11-14", language="en") == "1 article · 14 Nov 2016"
    dates = ("2016-11-14", "2016-12-02")
    assert line(2, *dates, language="en") == "2 articles · 14 Nov – 2 Dec 2016"
    assert line(1, "01-05") == "1 篇文章 · 1月5日"
    assert line(1) == "1 篇文章"


def test_an_empty_library_invites_files() -> None:
    assert "add files" in Reader(front.welcome(True, "en")).text
    assert "add files" not in Reader(front.welcome(False, "en")).text


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

    for key, pair in texts.table().items():
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


def test_the_report_on_added_files_says_what_became_of_each() -> None:
    files = [
        File(Path("a.txt"), "added", 1),
        File(Path("b.txt"), "added", 12),
        File(Path("c.txt"), "unchanged"),
        File(Path("d.txt"), "failed", kind="EmptyDocument", reason="d.txt: no text. Mend it."),
        File(Path("e.txt"), "failed", reason="e.txt: odd. Mend it."),
        File(Path("f.txt"), "working"),
    ]
    job = Job(7, "", "", files)
    assert Reader(uploads.job(job, "en")).inside("li") == [
        *("d.txt", "Not added: There is no text in the file"),
        *("e.txt", "Not added: odd. Mend it."),
        *("f.txt", "In progress"),
        *("a.txt", "1 article added", "b.txt", "12 articles added"),
        *("c.txt", "Already in the library"),
    ]
    growing = Reader(uploads.job(job, "zh"))
    assert growing.inside("h3") == ["正在读取（5/6）"]
    assert [b["data-do"] for b in growing.having("data-do")] == ["cancel-adding"]
    job.done = True
    done = Reader(uploads.job(job, "zh"))
    assert done.inside("h3") == ["添加完成：3 个文件，2 个失败"]
    assert [b["data-do"] for b in done.having("data-do")] == ["dismiss"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("新闻.txt", "新闻.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\a.txt", "a.txt"),
        ("..", "file.txt"),
        ("", "file.txt"),
        ("a\0b\u202e.txt", "ab.txt"),
        ('<b>"x".txt', "bx.txt"),
        ("长" * 300 + ".txt", "长" * 65 + ".txt"),
    ],
)
def test_names_of_files_lead_nowhere(sent: str, kept: str) -> None:
    assert uploads.plain_name(sent) == kept


@given(st.text(max_size=300), st.text(max_size=40))
def test_whatever_a_file_is_called_it_stays_in_the_library(name: str, batch: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        place = uploads.place_for(library, batch, name)
        place.write_text("x", encoding="utf-8")
        assert (library / "uploads" / ".incoming").resolve() in place.resolve().parents


def test_what_a_window_asks_of_the_list_is_read_with_suspicion() -> None:
    asked = wanted_by(Detail({"words": " a  B ", "since": "2024-02-30", "order": "drop table"}))
    assert asked == Wanted(words=("a", "B"))
    asked = wanted_by(Detail({"since": "2024-02-29", "until": "2024-03-01", "order": "title"}))
    assert asked == Wanted(since=date(2024, 2, 29), until=date(2024, 3, 1), order="title")


def test_a_long_list_has_pages() -> None:
    def shown(first: int, found: int, articles: int) -> Reader:
        rows = [Entry(f"{i}", f"第{i}篇", "", "", "a.txt", "") for i in range(first, found)]
        return Reader(shelf.listed(Page(rows[:1000], first, found, articles), "zh", writes=False))

    def ways(page: Reader) -> list[str]:
        return [str(b["data-page"]) for b in page.having("data-do") if b["data-do"] == "page"]

    first, middle, last = (shown(n, 2500, 2500) for n in (0, 1000, 2000))
    assert len(first.having("data-article")) == 1000
    assert [ways(page) for page in (first, middle, last)] == [["1"], ["0", "2"], ["1"]]
    assert first.inside("yj-count") == ["2,500 篇文章，这里是第 1–1,000 篇"]
    assert last.inside("yj-count") == ["2,500 篇文章，这里是第 2,001–2,500 篇"]
    few = shown(0, 3, 2500)
    assert few.inside("yj-count") == ["找到 3 篇，共 2,500 篇"]
    assert ways(few) == []
    assert shown(0, 0, 3).inside("yj-none") == ["没有符合条件的文章"]
    assert shown(0, 0, 0).inside("yj-none") == ["资料库是空的"]


def test_many_files_are_not_a_choice() -> None:
    def names(facts: Facts) -> set[str]:
        page = Reader(shelf.head(Seat("zh"), facts, [".txt"]))
        return {str(s["name"]) for s in page.having("data-change")}

    assert {"source", "section"} & names(Facts(2, 2, files=("a", "b"), sections=("要闻", "文艺")))
    assert not {"source", "section"} & names(Facts(5000, 4000))
    assert not {"source", "section"} & names(Facts(2, 1, files=("a",), sections=("要闻",)))


def test_what_a_follow_up_was_taken_to_ask_is_said() -> None:
    answer = replace(make_answer(text="好。"), resolved="柳林河整治，总投资是多少")
    page = render.round_of(Round("总投资是多少", answer=answer, outcome="done"), "zh")
    assert "理解为：柳林河整治，总投资是多少" in page
    asked = replace(answer, resolved=answer.question)
    assert "理解为" not in render.round_of(Round("问", answer=asked, outcome="done"), "zh")


def test_a_long_conversation_shows_its_last_rounds_first() -> None:
    kept = Kept("k", "", "", "名", 0.0, 0.0)
    many = [Round(f"问{i}", i, "done", make_answer()) for i in range(1, 51)]
    short = Reader(render.past(many, "zh", kept))
    assert len(short.having("data-talk")) == render.PAST
    assert short.inside("yj-earlier") == ["显示更早的 30 轮"]
    assert len(Reader(render.past(many, "zh", kept, whole=True)).having("data-talk")) == 50
    assert Reader(render.past([], "zh", kept)).text == ""


def test_what_a_window_sends_is_read_with_suspicion() -> None:
    wishes = Wishes.read(
        Detail({"style": "brief", "caution": "5", "mode": "sql", "since": "2024-02-30",
                "until": "2024-02-28", "theme": 7, "language": "fr"})
    )  # fmt: skip
    assert wishes == Wishes(style="brief", caution=5, until=date(2024, 2, 28))
    assert Wishes.read(Detail("nonsense")) == Wishes()
    assert Detail({"n": "١٢"}).number("n") == Detail({"n": -4}).number("n") == 0
    options = wishes.options(0.4)
    assert (options.style, options.answer_from) == ("brief", pytest.approx(0.7))
    assert Wishes().options(0.4).answer_from is None
    assert Wishes(caution=1).options(0.1).answer_from == pytest.approx(0.05)


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


def test_the_page_has_words_of_its_own_for_every_error_of_a_file(tmp_path: Path) -> None:
    def kinds(error: type[Exception]) -> list[type[Exception]]:
        return [error, *(deeper for sub in error.__subclasses__() for deeper in kinds(sub))]

    named = [e.__name__ for e in kinds(DocumentError)[1:]]
    assert len(named) == 9
    for name in named:
        for language in ("zh", "en"):
            assert texts.why_kind(name, "", language), name  # type: ignore[arg-type]
    assert texts.why(LibraryBusy("in English"), "zh").startswith("另一个程序")
    assert texts.why(SettingsError("没有译文"), "zh") == "没有译文"


def test_parts_of_a_file_that_could_not_be_read_are_named_in_the_pages_words() -> None:
    archive = Path("/library/uploads/公文.zip")
    failures = [
        Failure(f"{archive}/{name}.pdf", "EncryptedDocument", "It asks for a password.")
        for name in ("甲", "乙", "<b>丙</b>", "丁")
    ]
    file = File(archive, "added", 3, failures=tuple(failures))
    said = uploads.job(Job(1, "", "", [file], done=True), "zh")
    words = "文件有密码，请去掉密码后再添加"
    assert f"已添加 3 篇文章；部分没有读出：甲.pdf：{words}；乙.pdf：{words}；" in said
    assert "password" not in said
    assert "<b>" not in said
    assert "丁" not in said, "three of them are enough"
