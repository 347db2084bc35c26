"""Files of each format → documents and articles: the very words, titles, days, places."""

from __future__ import annotations

import io
import socket
import time
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from index.articles import split_all
from index.errors import (
    DamagedDocument,
    EmptyDocument,
    EncryptedDocument,
    OversizedDocument,
    ScannedDocument,
    UnsupportedDocument,
)
from index.library import Library
from index.readers import Found, find_files, read_all, read_bytes
from index.reading import given, ocr
from index.types import Article
from tests.index.made_files import (
    LINES,
    PAGE,
    TITLE,
    docx_file,
    eml_file,
    epub_file,
    pdf_file,
    saved,
    scanned_file,
    xlsx_file,
    zip_file,
)


def read(data: bytes, name: str, **columns: str) -> Found:
    return read_bytes(data, name, columns)


def articles(data: bytes, name: str, **columns: str) -> list[Article]:
    found = read(data, name, **columns)
    assert found.failures == ()
    return split_all(found.documents)


# Web pages


def test_a_page_gives_its_article_and_nothing_around_it() -> None:
    (article,) = articles(PAGE.encode(), "a.html")
    assert article.title == "区领导调研河道"
    assert article.text == (
        "11月14日上午，区领导到现场督导，听取了汇报。\n下一步措施\n一是抓好质量；二是抓好安全。"
    )
    assert (article.published, article.byline) == (date(2024, 3, 5), "方晓岚")
    start = article.text.index("二是")
    assert article.section_path(start) == ("下一步措施",)
    assert article.section_path(0) == ()


def test_a_page_is_decoded_as_it_declares() -> None:
    page = PAGE.replace("utf-8", "gb2312").encode("gb18030")
    (article,) = articles(page, "a.htm")
    assert article.text.startswith("11月14日上午，区领导")
    assert articles(PAGE.encode("utf-16"), "a.html")[0].title == "区领导调研河道"


def test_a_page_under_another_name_is_still_a_page() -> None:
    assert articles(PAGE.encode(), "a.txt")[0].title == "区领导调研河道"


def test_a_page_of_tables_as_old_sites_have_them() -> None:
    page = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        "<title>河湾桥通车_柳林县人民政府</title></head><body><table><tr><td><a href=/>首页</a> | "
        "<a href=/n>新闻</a></td></tr></table><table><tr><td><b>河湾桥通车</b></td></tr><tr><td>"
        "发布时间：2024-03-12&nbsp;来源：柳林县融媒体中心&nbsp;作者：方晓岚</td></tr><tr><td>&nbsp;&nbsp;"
        "3月12日上午，河湾桥通车。<br><br>&nbsp;&nbsp;全桥长326米，总投资8600万元。</td></tr></table>"
        "</body></html>"
    )
    (article,) = articles(page.encode("gb18030"), "a.html")
    assert (article.title, article.published) == ("河湾桥通车", date(2024, 3, 12))
    assert "方晓岚" in article.byline
    assert article.text.split("\n")[1:] == [
        "3月12日上午，河湾桥通车。",
        "全桥长326米，总投资8600万元。",
    ]


def test_a_very_short_page_is_read_whole() -> None:
    (article,) = articles(
        "<html><body><p>今日停水。</p><script>var a</script></body></html>".encode(), "停水.html"
    )
    assert (article.title, article.text) == ("停水", "今日停水。")


def test_a_page_that_nests_without_end() -> None:
    page = "<html><body>" + "<div>" * 50_000 + "好。" + "</div>" * 50_000
    with suppress(DamagedDocument, EmptyDocument):
        assert "好。" in articles(page.encode(), "a.html")[0].text


def test_a_page_of_one_long_line() -> None:
    page = f"<html><body><p>{'河' * 4_000_000}</p></body></html>"
    assert len(articles(page.encode(), "a.html")[0].text) == 4_000_000


# PDF


def test_a_pdf_keeps_its_pages() -> None:
    data = pdf_file(
        [
            (
                TITLE,
                "今年以来，全县完成河道清淤十二公里，新建步",
                "道八公里，沿岸三个村的居民受益。",
            ),
            (
                "下一步要做好两件事，一是抓好工程质量，严格",
                "落实各项责任，确保汛期平安度过；二是抓好项",
            ),
            ("目的安全，加快建设进度，年底以前全部完工。", "三是抓好宣传。"),
            ("附件：工程清单",),
        ],
        head="柳林县人民政府文件",
    )
    (article,) = articles(data, "a.pdf")
    assert article.title == TITLE
    assert article.text == (
        "今年以来，全县完成河道清淤十二公里，新建步道八公里，沿岸三个村的居民受益。\n"
        "下一步要做好两件事，一是抓好工程质量，严格落实各项责任，确保汛期平安度过；二是抓好项"
        "目的安全，加快建设进度，年底以前全部完工。三是抓好宣传。\n附件：工程清单"
    )
    start = article.text.index("二是")
    assert article.pages_of(start, start + 9) == "2-3"
    assert article.pages_of(start, start + 3) == "2"
    assert article.pages_of(0, len(article.text)) == "1-4"
    assert article.origin.page == 1


def test_a_pdf_without_text_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "installed", lambda: False)
    with pytest.raises(ScannedDocument, match="pictures without text") as caught:
        read(scanned_file(["Flood report"]), "a.pdf")
    assert "youju[ocr]" in caught.value.mend


def test_pages_without_text_are_named_and_the_others_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "installed", lambda: False)
    found = read(scanned_file(["", "Flood report", ""]), "a.pdf")
    assert "holds text of its own" in found.documents[0].text
    (failure,) = found.failures
    assert str(failure).startswith("a.pdf: of its 3 pages, 2 are pictures")


@pytest.mark.slow
def test_the_ocr_extra_reads_pictures() -> None:
    pytest.importorskip(ocr.PACKAGE)
    found = read(scanned_file(["Flood report 2024", ""]), "a.pdf")
    assert found.failures == ()
    assert found.documents[0].text.startswith("Flood report 2024")
    assert found.documents[0].pages == ((0, 1), (18, 2))


def test_numbers_of_official_papers_have_their_own_brackets() -> None:
    lines = [
        (0.0, 10.0, 5.0, "柳政办[2024]12号"),
        (20.0, 30.0, 5.0, "见[2024]年报第(2)节"),
        (40.0, 50.0, 5.0, "乙（2024）3号"),
    ]
    assert ocr._rows(lines) == ["柳政办〔2024〕12号", "见[2024]年报第(2)节", "乙（2024）3号"]


def test_a_locked_pdf() -> None:
    with pytest.raises(EncryptedDocument, match="password"):
        read(pdf_file([LINES], password="geheim"), "a.pdf")


# Word


def test_a_word_document_with_headings() -> None:
    (article,) = articles(docx_file(), "a.docx")
    assert article.title == TITLE
    assert article.text.split("\n") == [
        "一、总体要求",
        LINES[0],
        "（一）措施",
        LINES[1],
        "项目\t金额",
        "清淤\t300万元",
    ]
    assert article.section_path(article.text.index("二是")) == ("一、总体要求", "（一）措施")
    assert article.lines(0, 3) == "2"


def test_a_word_document_without_headings_is_a_page_like_any_other() -> None:
    data = docx_file(None, [("Normal", line) for line in (TITLE, *LINES)], rows=())
    (article,) = articles(data, "a.docx")
    assert (article.title, article.text) == (TITLE, "\n".join(LINES))


def test_a_title_that_has_no_style_of_its_own() -> None:
    parts = [("Normal", TITLE), ("Normal", "柳政办〔2024〕12号"), ("Heading 1", "一、要求"),
             ("Normal", LINES[0]), ("Heading 1", "二、措施"), ("Normal", LINES[1])]  # fmt: skip
    (article,) = articles(docx_file(None, parts, rows=()), "a.docx")
    assert article.title == TITLE
    assert article.section_path(article.text.index(LINES[1])) == ("二、措施",)
    parts[0] = ("Normal", "本意见自印发之日起施行。")
    (article,) = articles(docx_file(None, parts, rows=()), "关于河道的意见.docx")
    assert article.title == "关于河道的意见"


def test_headings_of_rank_one_are_articles_when_nothing_stands_above() -> None:
    parts = [("Heading 1", "河道开工"), ("Normal", LINES[0]), ("Heading 1", "学校放假"),
             ("Normal", LINES[1])]  # fmt: skip
    found = articles(docx_file(None, parts, rows=()), "a.docx")
    assert [(a.title, a.text) for a in found] == [("河道开工", LINES[0]), ("学校放假", LINES[1])]


def test_numbers_that_word_counts_are_written_out() -> None:
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    made = docx.Document()
    numbering = made.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1条"/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
            '<w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>'
        ),
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>')
    )
    for depth, text in ((0, "为了加强管理，制定本办法。"), (1, "清淤。"), (1, "巡查。"), (0, "本办法自公布之日起施行。")):  # fmt: skip
        paragraph = made.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>'
            )
        )
    assert read(saved(made), "a.docx").documents[0].text.split("\n") == [
        "第一条为了加强管理，制定本办法。",
        "一.1 清淤。",
        "一.2 巡查。",
        "第二条本办法自公布之日起施行。",
    ]


def test_inserted_text_counts_and_struck_out_text_does_not() -> None:
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    made = docx.Document()
    paragraph = made.add_paragraph("投入")
    for xml in (
        "<w:del {}><w:r><w:delText>二百万元</w:delText></w:r></w:del>",
        "<w:ins {}><w:r><w:t>三百万元</w:t></w:r></w:ins>",
    ):
        paragraph._p.append(parse_xml(xml.format(nsdecls("w"))))
    paragraph.add_run("，全部用于清淤。")
    assert read(saved(made), "a.docx").documents[0].text == "投入三百万元，全部用于清淤。"


def test_a_document_with_macros_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(docx_file())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/vbaProject.bin"] = b"\0"
    with pytest.raises(UnsupportedDocument, match="macros"):
        read(zip_file(parts), "a.docm")


# Tables and records


@pytest.mark.parametrize(
    ("names", "text", "day"),
    [
        ("标题,正文,发布日期,链接", "正文。", "2024年3月5日"),
        ("title,content,publish_date,URL", "正文。", "2024-03-05"),
        ("新闻标题,新闻内容,发布时间,原文链接", "正文。", "2024/3/5 10:00"),
        ("Headline,Body,Date,Link", "正文。", "20240305"),
    ],
)
def test_columns_are_known_by_their_names(names: str, text: str, day: str) -> None:
    data = f"{names}\n河道开工,{text},{day},https://a.cn/1\n".encode("gb18030")
    (article,) = articles(data, "a.csv")
    assert (article.title, article.text, article.published, article.url) == (
        "河道开工",
        "正文。",
        date(2024, 3, 5),
        "https://a.cn/1",
    )
    assert (article.origin.first_line, article.origin.unit) == (2, "row")


def test_columns_are_named_by_the_user() -> None:
    data = "编号,名目,说明\n1,河道开工,开工了。\n".encode()
    (article,) = articles(data, "a.csv", title="名目", text="说明")
    assert (article.title, article.text) == ("河道开工", "开工了。\n编号：1。")
    with pytest.raises(
        UnsupportedDocument, match="no column 内容; its columns are 编号, 名目, 说明"
    ):
        read(data, "a.csv", text="内容")


def test_a_table_of_facts_is_searchable_row_by_row() -> None:
    found = articles("姓名,职务,电话\n柴立新,主任,0371-1\n方晓岚,记者,0371-2\n".encode(), "a.csv")
    assert [(a.title, a.text) for a in found] == [
        ("柴立新", "姓名：柴立新；职务：主任；电话：0371-1。"),
        ("方晓岚", "姓名：方晓岚；职务：记者；电话：0371-2。"),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_told_apart(separator: str) -> None:
    rows = (("标题", "正文"), ("甲,乙", '说："好"。'), ("丙", "两\n行"))
    text = "\n".join(separator.join('"' + c.replace('"', '""') + '"' for c in r) for r in rows)
    found = articles(text.encode(), "a.csv")
    assert [(a.title, a.text) for a in found] == [("甲,乙", '说："好"。'), ("丙", "两\n行")]
    assert [a.lines(0, 1) for a in found] == ["2", "4"]


def test_a_workbook_gives_the_rows_of_each_sheet() -> None:
    rows: list[list[object]] = [["标题", "正文", "日期"], ["开工", "开工了。", date(2024, 3, 5)]]
    data = xlsx_file({"新闻": rows, "空": [], "名录": [["姓名", "年龄"], ["柴立新", 51]]})
    found = articles(data, "a.xlsx")
    assert [(a.title, a.text, a.origin.member, a.origin.first_line) for a in found] == [
        ("开工", "开工了。", "新闻", 2),
        ("柴立新", "姓名：柴立新；年龄：51。", "名录", 2),
    ]
    assert found[0].published == date(2024, 3, 5)


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from index.reading import tables

    monkeypatch.setattr(tables, "ROWS", 12)
    rows = [["标题", "正文"]] + [[f"第{n}号", "正文。"] for n in range(30)]
    found = read(xlsx_file({"新闻": rows}), "a.xlsx")
    assert [type(f) for f in found.failures] == [OversizedDocument]
    assert "more than 12 rows" in str(found.failures[0])


def test_records_and_a_line_that_is_none() -> None:
    lines = (
        '{"title": "开工", "text": "开工了。", "date": "2024-03-05", "标签": ["河道", "清淤"]}\n'
        "{broken\n\n"
        '{"content": "停水。"}\n[1, 2]\n'
    )
    found = read(lines.encode(), "a.jsonl")
    made = split_all(found.documents)
    assert [(a.title, a.text, a.lines(0, 1)) for a in made] == [
        ("开工", "开工了。\n标签：河道、清淤。", "1"),
        ("a 4", "停水。", "4"),
    ]
    assert ["line 2" in str(found.failures[0]), "line 5" in str(found.failures[1])] == [True, True]


def test_equal_rows_have_ids_of_their_own() -> None:
    found = articles("标题,正文\n停水,停水了。\n停水,停水了。\n".encode(), "a.csv")
    assert len({a.id for a in found}) == 2
    again = articles("标题,正文\n停水,停水了。\n停水,停水了。\n".encode(), "a.csv")
    assert [a.id for a in again] == [a.id for a in found]


# Books and mails


def test_a_book_gives_its_chapters_in_reading_order() -> None:
    book = epub_file(
        {
            "b.xhtml": "<h1>第一章 山川</h1><p>柳林河发源于北山。</p><h2>支流</h2><p>有三条。</p>",
            "a.xhtml": "<h1>第二章 物产</h1><p>产莲藕。</p>",
            "c.xhtml": "<img src='x.png'/>",
        }
    )
    found = articles(book, "a.epub")
    assert [(a.title, a.text, a.section, a.byline, a.published) for a in found] == [
        ("第一章 山川", "柳林河发源于北山。\n支流\n有三条。", "柳林县志", "县志办公室", date(2001, 5, 1)),
        ("第二章 物产", "产莲藕。", "柳林县志", "县志办公室", date(2001, 5, 1)),
    ]  # fmt: skip


def test_a_locked_book() -> None:
    lock = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#">'
        '<EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/>'
        "</EncryptedData></encryption>"
    )
    book = epub_file({"a.xhtml": "<p>密。</p>"}, more={"META-INF/encryption.xml": lock.encode()})
    with pytest.raises(EncryptedDocument, match="locked"):
        read(book, "a.epub")


def test_a_mail_with_what_is_attached() -> None:
    data = eml_file(
        "各单位：\n\n请于3月10日前报送巡查材料，逾期不再受理，联系人柴立新，请各单位\n务必重视。\n",
        attached={"意见.docx": docx_file(), "图.png": b"\x89PNG\r\n\x1a\n", "坏.pdf": b"%PDF-1.4"},
    )
    found = read(data, "a.eml")
    mail, attached = split_all(found.documents)
    assert (mail.title, mail.byline, mail.published) == (
        "关于河道巡查的通知",
        "柴立新",
        date(2024, 3, 5),
    )
    assert mail.text == (
        "各单位：\n请于3月10日前报送巡查材料，逾期不再受理，联系人柴立新，请各单位务必重视。"
    )
    assert (attached.title, attached.origin.member) == (TITLE, "意见.docx")
    assert [str(f)[:12] for f in found.failures] == ["a.eml/坏.pdf:"]


def test_a_long_mail_takes_time_in_proportion() -> None:
    started = time.process_time()
    (mail,) = articles(
        eml_file("清淤十二公里，要求年底前完工，沿岸三个村受益，资金三百万元\n" * 40_000), "a.eml"
    )
    assert len(mail.text) > 1_000_000
    assert time.process_time() - started < 15


def test_a_mail_of_html_only_and_in_gb2312() -> None:
    head = "Subject: =?gb2312?B?zaPLrs2o1qo=?=\nContent-Type: text/html; charset=gb2312\n\n"
    data = head.encode() + "<html><body><p>明日停水。</p></body></html>".encode("gb2312")
    (mail,) = articles(data, "a.eml")
    assert (mail.title, mail.text) == ("停水通知", "明日停水。")


# Archives


def test_an_archive_gives_what_is_in_it_and_names_what_cannot_be_read() -> None:
    data = zip_file(
        {
            "甲/a.txt": f"{TITLE}\n{LINES[0]}\n".encode("gb18030"),
            "甲/坏.docx": b"PK\x03\x04broken",
            "乙.zip": zip_file({"b.csv": "标题,正文\n开工,开工了。\n".encode()}),
            "图.png": b"\x89PNG\r\n\x1a\n",
            "__MACOSX/a.txt": b"x",
            ".hidden.txt": b"x",
        }
    )
    found = read(data, "all.zip")
    made = split_all(found.documents)
    assert [(a.title, a.source, a.origin.member) for a in made] == [
        ("开工", "all.zip", "乙.zip/b.csv"),
        (TITLE, "all.zip", "甲/a.txt"),
    ]
    assert [str(f).split(":")[0] for f in found.failures] == ["all.zip/甲/坏.docx"]


def test_names_packed_on_an_old_windows() -> None:
    """They are in the encoding of the computer, without a mark that says so."""
    data = zip_file({"name.txt": LINES[0].encode()})
    data = data.replace(b"name.txt", "通知.txt".encode("gb18030"))
    assert [d.member for d in read(data, "a.zip").documents] == ["通知.txt"]


@pytest.mark.parametrize(
    "name", ["../evil.txt", "a/../../evil.txt", "/etc/evil.txt", "C:\\evil.txt"]
)
def test_a_path_that_leads_out_of_the_archive(name: str, tmp_path: Path) -> None:
    found = read(zip_file({name: b"evil", "good.txt": LINES[0].encode()}), "a.zip")
    assert [d.member for d in found.documents] == ["good.txt"]
    assert ["leads out of the archive" in str(f) for f in found.failures] == [True]


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zip_file({"a.txt": b"0" * (30 << 20)})
    with pytest.raises(OversizedDocument, match="zip bomb"):
        read(bomb, "bomb.zip")
    with pytest.raises(OversizedDocument, match="zip bomb"):
        read(zip_file({"word/document.xml": b"0" * (30 << 20)}), "bomb.docx")
    with pytest.raises(OversizedDocument, match="zip bomb"):
        read(zip_file({"ppt/presentation.xml": b"0" * (30 << 20)}), "bomb.pptx")


def test_all_archives_within_one_share_their_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given.Budget.__init__, "__defaults__", (150_000,))
    inner = zip_file({"a.txt": bytes(range(32, 127)) * 1000})
    found = read(zip_file({"1.zip": inner, "2.zip": inner}), "a.zip")
    assert len(found.documents) == 1
    assert [type(f) for f in found.failures] == [OversizedDocument]


def test_archives_within_archives_end() -> None:
    data = LINES[0].encode()
    name = "a.txt"
    for _ in range(8):
        data, name = zip_file({name: data}), "a.zip"
    with pytest.raises(OversizedDocument, match="deep"):
        read(data, "a.zip")


def test_a_locked_archive_and_a_locked_member() -> None:
    def locked(names: set[str]) -> bytes:
        data = bytearray(zip_file({"a.txt": b"locked", "b.txt": LINES[0].encode()}))
        for name in names:
            local, central = data.index(name.encode()) - 30, data.rindex(name.encode()) - 46
            data[local + 6] |= 1
            data[central + 8] |= 1
        return bytes(data)

    with pytest.raises(EncryptedDocument):
        read(locked({"a.txt", "b.txt"}), "a.zip")
    found = read(locked({"a.txt"}), "a.zip")
    assert [d.member for d in found.documents] == ["b.txt"]
    assert [type(f) for f in found.failures] == [EncryptedDocument]


@pytest.mark.parametrize(
    ("name", "data", "error", "words"),
    [
        ("a.docx", LINES[0].encode(), DamagedDocument, "no DOCX, whatever its name says"),
        ("a.pdf", LINES[0].encode(), DamagedDocument, "no PDF"),
        ("a.xlsx", zip_file({"a.txt": b"x"}), DamagedDocument, "main part is missing"),
        ("a.pptx", zip_file({"ppt/a.xml": b"x"}), DamagedDocument, "no PPTX"),
        ("a.zip", zip_file({"a.png": b"x"}), EmptyDocument, "no file of a kind"),
        ("a.eml", LINES[0].encode(), DamagedDocument, "none of the heads"),
        ("a.jsonl", LINES[0].encode(), DamagedDocument, "line 1"),
        ("a.csv", b"", EmptyDocument, "empty"),
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            EncryptedDocument,
            "password",
        ),
    ],
)
def test_what_is_not_what_its_name_says(
    name: str, data: bytes, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        read(data, name)


def test_entities_of_xml_are_not_resolved() -> None:
    """“Billion laughs”: a few lines of XML that unpack to gigabytes."""
    laughs = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(10)
    )
    with zipfile.ZipFile(io.BytesIO(docx_file())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts["word/document.xml"].decode().replace(LINES[0], "&l9;")
    head, body = text.split("?>", 1)
    parts["word/document.xml"] = f"{head}?><!DOCTYPE w [{laughs}]>{body}".encode()
    with suppress(DamagedDocument):
        assert len(read(zip_file(parts), "a.docx").documents[0].text) < 1000


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a reader asked the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    page = PAGE.replace(
        "<nav>",
        '<link rel="stylesheet" href="http://example.invalid/a.css"><script src="http://example.invalid/a.js">'
        '</script><iframe src="http://example.invalid/"></iframe><nav>',
    )
    dtd = '<!DOCTYPE html SYSTEM "http://example.invalid/a.dtd">'
    for name, data in (
        ("a.html", page.encode()),
        ("b.html", page.replace("<!DOCTYPE html>", dtd).encode()),
        ("a.eml", eml_file(html=page)),
        ("a.epub", epub_file({"a.xhtml": "<p>好。<img src='http://example.invalid/a.png'/></p>"})),
    ):
        assert read(data, name).documents


# Folders


def test_a_folder_gives_every_kind_that_has_a_reader(tmp_path: Path) -> None:
    for name in ("a.PDF", "b.docx", "c.html", "d.png", "e.csv", "f.eml", "~$b.docx", "g.zip"):
        (tmp_path / name).write_bytes(b"x")
    assert [p.name for p in find_files([tmp_path])] == [
        "a.PDF", "b.docx", "c.html", "e.csv", "f.eml", "g.zip",
    ]  # fmt: skip


def test_the_files_of_a_library_are_not_its_documents(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LINES[0], encoding="utf-8")
    Library.open(tmp_path / "shelf").add([tmp_path / "a.txt"])
    (tmp_path / "shelf" / "uploads").mkdir()
    (tmp_path / "shelf" / "uploads" / "b.txt").write_text(LINES[1], encoding="utf-8")
    for given_ in (tmp_path, tmp_path / "shelf"):
        found = {p.name for p in find_files([given_])}
        assert found == {"a.txt", "b.txt"} - ({"a.txt"} if given_.name == "shelf" else set())


def test_a_file_on_disk(tmp_path: Path) -> None:
    file = tmp_path / "意见 1.docx"
    file.write_bytes(docx_file())
    assert read_all(file).documents[0].source == str(file)
