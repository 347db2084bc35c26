"""Presentations, old Excel, OpenDocument, RTF, old Word: every word, and where it stands."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import split_all
from index.errors import (
    DamagedDocument,
    EmptyDocument,
    EncryptedDocument,
    OversizedDocument,
    UnknownEncoding,
    UnsupportedDocument,
)
from index.readers import read_bytes
from index.types import Article
from tests.index.made_files import (
    LINES,
    TITLE,
    docx_file,
    odp_file,
    ods_file,
    odt_file,
    pptx_file,
    rtf_file,
    rtf_hex,
    saved,
    written,
    xls_file,
    xlsx_file,
    zip_file,
)


def articles(data: bytes, name: str) -> list[Article]:
    found = read_bytes(data, name)
    assert found.failures == ()
    return split_all(found.documents)


def place(article: Article, words: str) -> tuple[str, tuple[str, ...]]:
    """The slide and the headings under which words stand; every citation rests on these."""
    start = article.text.index(words)
    assert article.text[start : start + len(words)] == words
    return article.pages_of(start, start + len(words)), article.section_path(start)


# Presentations


def deck() -> Any:
    import pptx

    return pptx.Presentation()


def titled(made: Any, layout: int, title: str, body: str = "") -> Any:
    slide = made.slides.add_slide(made.slide_layouts[layout])
    slide.shapes.title.text = title
    if body:
        slide.placeholders[1].text = body
    return slide


def test_a_presentation_keeps_its_slides() -> None:
    (article,) = articles(pptx_file(notes="讲解时请附地图。"), "a.pptx")
    assert article.title == TITLE
    assert article.text.split("\n") == [
        "汇报人：柴立新",
        "一、总体要求",
        *LINES[:2],
        "二、资金安排",
        LINES[2],
        "讲解时请附地图。",
    ]
    assert (article.origin.page, article.origin.unit) == (1, "slide")
    assert place(article, "一是抓好清淤") == ("2", ("一、总体要求",))
    assert place(article, "三百万元") == ("3", ("二、资金安排",))
    assert place(article, "附地图") == ("3", ("二、资金安排",))


def test_a_slide_that_opens_a_section_stands_above_those_after_it() -> None:
    made = deck()
    titled(made, 0, TITLE)
    titled(made, 2, "第一部分 现状")
    titled(made, 1, "河道", "全长12公里。")
    titled(made, 2, "第二部分 计划")
    titled(made, 1, "清淤", "年底完工。")
    (article,) = articles(saved(made), "a.pptx")
    assert place(article, "全长12公里") == ("3", ("第一部分 现状", "河道"))
    assert place(article, "年底完工") == ("5", ("第二部分 计划", "清淤"))


def test_tables_charts_groups_and_line_ends_of_a_slide() -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    made = deck()
    slide = titled(made, 5, "投入")
    inch = Inches(1)
    table = slide.shapes.add_table(3, 2, inch, inch, inch, inch).table
    for row, cells in enumerate((("项目", "金额"), ("清淤", "300万元"))):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    table.cell(2, 0).merge(table.cell(2, 1))
    table.cell(2, 0).text = "合计同上"
    data = CategoryChartData()
    data.categories = ["2023年", "2024年"]
    data.add_series("投资（万元）", (120.5, 300))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, inch, inch, inch, inch, data)
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(inch, inch, inch, inch).text_frame.text = "组内\v换行"
    slide.shapes.add_textbox(inch, inch, inch, inch).text_frame.text = " "
    assert read_bytes(saved(made), "a.pptx").documents[0].text.split("\n") == [
        "投入",
        "项目\t金额",
        "清淤\t300万元",
        "合计同上",
        "\t投资（万元）",
        "2023年\t120.5",
        "2024年\t300",
        "组内",
        "换行",
    ]


def test_what_every_slide_repeats_is_left_out() -> None:
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    made = deck()
    slide = titled(made, 1, "河道", "全长12公里。")
    for kind, words in (("sldNum", "17"), ("ftr", "内部资料"), ("dt", "2024年3月5日")):
        slide.shapes._spTree.append(
            parse_xml(
                f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="90" name="x"/><p:cNvSpPr/><p:nvPr>'
                f'<p:ph type="{kind}"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p>'
                f"<a:r><a:t>{words}</a:t></a:r></a:p></p:txBody></p:sp>"
            )
        )
    assert read_bytes(saved(made), "a.pptx").documents[0].text == "河道\n全长12公里。"


@pytest.mark.parametrize("kind", ["slideshow", "template"])
def test_slide_shows_and_templates_are_presentations(kind: str) -> None:
    with zipfile.ZipFile(io.BytesIO(pptx_file())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(b"presentation.main", f"{kind}.main".encode())
    assert parts["[Content_Types].xml"] != types
    (article,) = articles(zip_file(parts), "a.ppsx")
    assert place(article, "三百万元")[0] == "3"


def test_a_presentation_of_pictures_is_named() -> None:
    made = deck()
    made.slides.add_slide(made.slide_layouts[6])
    with pytest.raises(EmptyDocument, match="slides hold no text") as caught:
        read_bytes(saved(made), "a.pptx")
    assert "Save it as PDF" in caught.value.mend


# Old Excel


def test_an_old_workbook_is_read_like_a_new_one() -> None:
    sheets: dict[str, list[list[object]]] = {
        "新闻": [["标题", "正文", "日期"], ["开工", "开工了。", date(2024, 3, 5)]],
        "空": [],
        "名录": [["姓名", "年龄", "比例", "在职"], ["柴立新", 51, 0.25, True], [None, 40, None, None]],
    }  # fmt: skip
    old, new = (articles(make(sheets), "a") for make in (xls_file, xlsx_file))
    assert [(a.title, a.text, a.published, a.origin.member, a.origin.first_line) for a in old] == [
        ("开工", "开工了。", date(2024, 3, 5), "新闻", 2),
        ("柴立新", "姓名：柴立新；年龄：51；比例：0.25；在职：true。", None, "名录", 2),
        ("名录 3", "年龄：40。", None, "名录", 3),
    ]
    assert [a.text for a in old] == [a.text for a in new]


def test_days_and_hours_of_an_old_workbook() -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("会议")
    for at, (cell, form) in enumerate(
        (("名称", ""), ("会议", ""), (datetime(2024, 3, 5, 9, 30), "yyyy-mm-dd hh:mm"), (time(14, 5), "hh:mm"))
    ):  # fmt: skip
        sheet.write(at, 0, cell, xlwt.easyxf(num_format_str=form or "General"))
        sheet.write(at, 1, f"第{at}项")
    texts = [d.text for d in read_bytes(saved(book), "a.xls").documents]
    assert [t for t in texts if "2024" in t or "14:" in t] == [
        "名称：2024-03-05 09:30:00；第0项：第2项。",
        "名称：14:05:00；第0项：第3项。",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "姓名\t职务\n柴立新\t主任\n",
        "<html><head><meta charset='gbk'></head><body><table border=1><tr><th>姓名<th>职务</tr>"
        "<tr><td>柴立新</td><td>主任</td></tr></table></body></html>",
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="名录"><Table>'
        '<Row><Cell><Data ss:Type="String">姓名</Data></Cell><Cell/><Cell><Data ss:Type="String">职务'
        '</Data></Cell></Row><Row><Cell><Data ss:Type="String">柴立新</Data></Cell><Cell ss:Index="3">'
        '<Data ss:Type="String">主任</Data></Cell></Row></Table></Worksheet></Workbook>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_what_programs_call_a_workbook(text: str, encoding: str) -> None:
    if text.startswith("<?xml") and encoding == "gb18030":
        text = text.replace('"1.0"', '"1.0" encoding="GBK"')
    if "charset" in text and encoding != "gb18030":
        text = text.replace("gbk", encoding)
    (article,) = articles(text.encode(encoding), "名录.xls")
    assert (article.title, article.text) == ("柴立新", "姓名：柴立新；职务：主任。")
    assert article.origin.first_line == 2


def test_a_locked_old_workbook() -> None:
    data = xls_file({"新闻": [["标题", "正文"], ["开工", "开工了。"]]})
    # FILEPASS, the record that says how it is locked, in the place of the first one after BOF.
    at = data.index(b"\x09\x08\x10\x00") + 20
    size = int.from_bytes(data[at + 2 : at + 4], "little")
    with pytest.raises(EncryptedDocument, match="password"):
        read_bytes(
            data[:at] + b"\x2f\x00" + data[at + 2 : at + 4] + b"\1" * size + data[at + 4 + size :],
            "a.xls",
        )


@pytest.mark.parametrize(("name", "data"), [("a.xls", b"\0\1\2" * 99), ("a.et", docx_file()[9:])])
def test_no_workbook_at_all(name: str, data: bytes) -> None:
    with pytest.raises(DamagedDocument, match="whatever its name says"):
        read_bytes(data, name)


# RTF


def rtf_text(body: bytes) -> str:
    return read_bytes(rtf_file((), after=rb"\pard\plain\f0 " + body), "a.rtf").documents[0].text


def test_an_rtf_document_with_headings() -> None:
    (article,) = articles(rtf_file(), "a.rtf")
    assert article.title == TITLE
    assert article.text.split("\n") == ["一、总体要求", LINES[0], "（一）措施", LINES[1]]
    assert article.section_path(article.text.index("二是")) == ("一、总体要求", "（一）措施")
    assert article.origin.unit == "paragraph"


def unicode_words(text: str) -> bytes:
    units = text.encode("utf-16-le")
    signed = (
        int.from_bytes(units[i : i + 2], "little", signed=True) for i in range(0, len(units), 2)
    )
    return b"".join(b"\\u%d ??" % unit for unit in signed)


CHINESE = st.text(
    st.one_of(st.characters(codec="gb18030", exclude_categories=("C", "Z")), st.just(" ")),
    min_size=1, max_size=40,
).map(str.strip).filter(lambda t: bool(t))  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(text=CHINESE)
def test_no_character_of_an_rtf_document_is_lost(text: str) -> None:
    for words in (rtf_hex, unicode_words):
        found = read_bytes(rtf_file([(0, text), (0, "末")], words), "a.rtf").documents[0]
        assert found.text == f"{text}\n末"


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(codec="big5hkscs", exclude_categories=("C", "Z")), min_size=1))
def test_each_font_has_its_code_page(text: str) -> None:
    assert rtf_text(rb"\f2 " + rtf_hex(text, "big5hkscs") + rb"\f0 " + rtf_hex("末")) == f"{text}末"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"\f1 \'93yes\'94 " + rtf_hex("好"), "“yes” 好"),
        (rb"\u20013\'d6\'d0\u22269??x\uc0\u20013 y", "中国x中y"),
        (rb"\u-10179??\u-8704??!", "😀!"),
        (rb"A{\v hidden}{\deleted gone}\emdash B\~C\_D\{\}\\", "A—B\u00a0C-D{}\\"),
        (rb"\'d0\\ \'8b\{", "衆 媨"),
        (rb"a{\footnote \chftn  note}b", "ab\nnote"),
        (rb"{\listtext 1.\tab}one\line two", "1.\tone\ntwo"),
        (rb"\trowd\intbl a\cell b\par c\cell\row\trowd\intbl d\cell\cell\row\pard e", "a\tb c\nd\ne"),
        (rb"{\*\shpinst{\sp{\sn n}{\sv 1}}{\shptxt box\par}}x", "box\nx"),
        (rb"{\upr{?}{\*\ud \u20013 ??}}{\pict\wmetafile8 0a0b}{\*\unknown no}x", "中x"),
        (rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}{\pict\bin4 }}{{}.", "link."),
    ],
)  # fmt: skip
def test_words_of_rtf(body: bytes, text: str) -> None:
    assert rtf_text(body) == text


def test_a_byte_of_no_code_page_is_named_with_its_place() -> None:
    with pytest.raises(UnknownEncoding, match=r"0xff on, at offset \d+"):
        rtf_text(rb"x\'ff\'ffy")


def test_an_rtf_document_that_breaks_off() -> None:
    with pytest.raises(DamagedDocument, match="breaks off"):
        read_bytes(rtf_file()[:-1], "a.rtf")


# OpenDocument


def test_a_text_in_opendocument() -> None:
    (article,) = articles(odt_file(), "a.odt")
    assert article.title == TITLE
    assert article.text.split("\n") == [
        "一、总体要求", LINES[0], "（一）措施", LINES[1], "项目\t金额", "清淤\t300万元",
    ]  # fmt: skip
    assert article.section_path(article.text.index("二是")) == ("一、总体要求", "（一）措施")


def odt_text(xml: str, styles: str = "") -> str:
    """The text of a document whose body is ``xml``."""
    with zipfile.ZipFile(io.BytesIO(odt_file(((0, "此处"),), rows=()))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    content = parts["content.xml"].decode().replace("<text:p>此处</text:p>", xml)
    space = "urn:oasis:names:tc:opendocument:xmlns"
    for name, where in (("style", "style"), ("draw", "drawing"), ("table", "table")):
        if f"xmlns:{name}=" not in content:
            more = f'<office:document-content xmlns:{name}="{space}:{where}:1.0" '
            content = content.replace("<office:document-content ", more, 1)
    content = content.replace(
        "<office:automatic-styles/>", f"<office:automatic-styles>{styles}</office:automatic-styles>"
    )
    parts["content.xml"] = content.encode()
    (document,) = read_bytes(zip_file(parts), "a.odt").documents
    return "\n".join(
        "#" * dict(document.headings).get(n, 0) + line
        for n, line in enumerate(document.text.split("\n"), 1)
    )


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (
            '<text:p>甲<text:s text:c="2"/>乙<text:tab/>丙<text:line-break/>丁</text:p>',
            "甲  乙\t丙\n丁",
        ),
        (
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>删</text:p></text:deletion>"
            "</text:changed-region></text:tracked-changes><text:p>留<office:annotation><text:p>批注</text:p>"
            "</office:annotation>下</text:p>",
            "留下",
        ),
        (
            "<text:p>正文<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>脚注"
            "</text:p></text:note-body></text:note>完</text:p><text:p>后文</text:p>",
            "正文完\n后文\n脚注",
        ),
        (
            "<text:p>外<text:span><draw:frame><draw:text-box><text:p>框<draw:frame><draw:text-box><text:p>内框"
            "</text:p></draw:text-box></draw:frame></text:p></draw:text-box></draw:frame></text:span>面</text:p>",
            "外面\n框\n内框",
        ),
        (
            "<text:list><text:list-item><text:p>一是快。</text:p><text:list><text:list-item><text:p>要稳。"
            "</text:p></text:list-item></text:list></text:list-item></text:list>",
            "一是快。\n要稳。",
        ),
        (
            '<text:p text:style-name="P1">名称</text:p><text:p text:style-name="P2">节</text:p>',
            "#名称\n###节",
        ),
    ],
)
def test_words_of_opendocument(xml: str, text: str) -> None:
    styles = "".join(
        f'<style:style style:name="{name}" style:parent-style-name="{parent}"/>'
        for name, parent in (("P1", "Title"), ("P2", "P3"), ("P3", "Heading_20_2"))
    )
    assert odt_text(xml, styles) == text


def test_a_table_in_opendocument_is_read_like_a_workbook() -> None:
    sheets: dict[str, list[list[object]]] = {
        "新闻": [["标题", "正文", "日期"], ["开工", "开工了。", date(2024, 3, 5)]],
        "空": [],
        "名录": [["姓名", "年龄", "比例", "在职"], ["柴立新", 51, 0.25, True], [None, 40, None, None]],
    }  # fmt: skip
    open_, excel = (articles(make(sheets), "a") for make in (ods_file, xlsx_file))
    assert [(a.title, a.text, a.published, a.origin) for a in open_] == [
        (a.title, a.text, a.published, a.origin) for a in excel
    ]
    assert open_[1].text == "姓名：柴立新；年龄：51；比例：0.25；在职：true。"


def repeated(rows: int, columns: int, words: str) -> bytes:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    made = OpenDocumentSpreadsheet()
    table = Table(name="表")
    for names, times in ((("姓名", "职务"), 1), (("", ""), 1_000_000), ((words, "主任"), rows)):
        line = TableRow(numberrowsrepeated=times)
        for name in names:
            cell = TableCell(numbercolumnsrepeated=columns if name == words else 1)
            cell.addElement(P(text=name))
            line.addElement(cell)
        line.addElement(TableCell(numbercolumnsrepeated=16_000))
        table.addElement(line)
    made.spreadsheet.addElement(table)
    return written(made)


def test_rows_that_are_told_once_and_meant_often() -> None:
    found = articles(repeated(2, 1, "柴立新"), "a.ods")
    assert [(a.text, a.origin.first_line) for a in found] == [
        ("姓名：柴立新；职务：主任。", 1_000_002),
        ("姓名：柴立新；职务：主任。", 1_000_003),
    ]
    with pytest.raises(OversizedDocument, match="unpacks to more than"):
        read_bytes(repeated(1_000_000, 900, "河" * 100), "a.ods")
    with pytest.raises(OversizedDocument, match="more than 1000"):
        read_bytes(repeated(1, 5_000, "河"), "a.ods")


def test_a_presentation_in_opendocument() -> None:
    (article,) = articles(odp_file(), "a.odp")
    assert article.title == TITLE
    assert article.text.split("\n") == ["一、总体要求", LINES[0], "请附地图。"]
    assert place(article, "请附地图") == ("2", ("一、总体要求",))
    assert article.origin.unit == "slide"


def test_an_opendocument_file_that_is_locked_or_of_another_kind() -> None:
    with zipfile.ZipFile(io.BytesIO(odt_file())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = parts["META-INF/manifest.xml"].decode()
    lock = '<manifest:file-entry manifest:full-path="a"><manifest:encryption-data/></manifest:file-entry>'
    shut = manifest.replace("</manifest:manifest>", f"{lock}</manifest:manifest>")
    with pytest.raises(EncryptedDocument, match="password"):
        read_bytes(zip_file(parts | {"META-INF/manifest.xml": shut.encode()}), "a.odt")
    content = parts["content.xml"].replace(b"office:text>", b"office:drawing>")
    with pytest.raises(UnsupportedDocument, match="drawing"):
        read_bytes(zip_file(parts | {"content.xml": content}), "a.odg")
