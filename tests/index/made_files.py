"""Files of each format, made on the spot with the libraries of the field."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from email.message import EmailMessage

TITLE = "柳林县关于加强河道管理的意见"
LINES = (
    "3月5日，柳林县召开河道管理会议。",
    "一是抓好清淤；二是抓好巡查。",
    "全年投入资金三百万元。",
)
PARTS = (
    (0, TITLE),
    (1, "一、总体要求"),
    (0, LINES[0]),
    (2, "（一）措施"),
    (0, LINES[1]),
)
"""A document's paragraphs: the level of a heading, 0 for none, and the words."""


def docx_file(
    title: str | None = TITLE,
    parts: Sequence[tuple[str, str]] = (
        ("Heading 1", "一、总体要求"),
        ("Normal", LINES[0]),
        ("Heading 2", "（一）措施"),
        ("Normal", LINES[1]),
    ),
    rows: Sequence[Sequence[str]] = (("项目", "金额"), ("清淤", "300万元")),
) -> bytes:
    import docx

    made = docx.Document()
    if title is not None:
        made.add_heading(title, 0)
    for style, text in parts:
        made.add_paragraph(text, style=style)
    if rows:
        table = made.add_table(len(rows), len(rows[0]))
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                table.cell(i, j).text = cell
    return saved(made)


def xlsx_file(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def pptx_file(slides: Sequence[Sequence[str]] = (), notes: str = "") -> bytes:
    """A presentation: a title slide, then ``slides``, their first line the title of each."""
    import pptx

    made = pptx.Presentation()
    first = made.slides.add_slide(made.slide_layouts[0])
    first.shapes.title.text = TITLE
    first.placeholders[1].text = "汇报人：柴立新"
    for title, *lines in slides or (("一、总体要求", *LINES[:2]), ("二、资金安排", LINES[2])):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(lines)
    if notes:
        slide.notes_slide.notes_text_frame.text = notes
    return saved(made)


def xls_file(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """A workbook of Excel 97; days are written as Excel writes them, as formatted numbers."""
    import xlwt

    book = xlwt.Workbook()
    days = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if cell is not None:
                    sheet.write(
                        i, j, cell, days if isinstance(cell, date) else xlwt.Style.default_style
                    )
    return saved(book)


def odt_file(
    parts: Sequence[tuple[int, str]] = PARTS,
    rows: Sequence[Sequence[str]] = (("项目", "金额"), ("清淤", "300万元")),
) -> bytes:
    """A text in OpenDocument; ``parts`` are (rank as a heading, words)."""
    from odf.opendocument import OpenDocumentText
    from odf.table import Table, TableCell, TableRow
    from odf.text import H, P

    made = OpenDocumentText()
    for rank, words in parts:
        made.text.addElement(H(outlinelevel=rank, text=words) if rank else P(text=words))
    table = Table()
    for row in rows:
        line = TableRow()
        for cell in row:
            held = TableCell()
            held.addElement(P(text=cell))
            line.addElement(held)
        table.addElement(line)
    if rows:
        made.text.addElement(table)
    return written(made)


def written(made: object) -> bytes:
    """What an object of odfpy writes."""
    file = io.BytesIO()
    made.write(file)  # type: ignore[attr-defined]
    return file.getvalue()


def ods_file(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    made = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        for row in rows:
            line = TableRow()
            for cell in row:
                if isinstance(cell, date):
                    held = TableCell(valuetype="date", datevalue=cell.isoformat())
                elif isinstance(cell, bool):
                    held = TableCell(valuetype="boolean", booleanvalue=str(cell).lower())
                elif isinstance(cell, int | float):
                    held = TableCell(valuetype="float", value=cell)
                else:
                    held = TableCell()
                    held.addElement(P(text=cell or ""))
                line.addElement(held)
            table.addElement(line)
        made.spreadsheet.addElement(table)
    return written(made)


def odp_file(
    slides: Sequence[tuple[str, str, str]] = (("一、总体要求", LINES[0], "请附地图。"),),
) -> bytes:
    """A presentation in OpenDocument; ``slides`` are (title, text, notes), after a title slide."""
    from odf.draw import Frame, Page, TextBox
    from odf.namespaces import PRESENTATIONNS
    from odf.opendocument import OpenDocumentPresentation
    from odf.presentation import Notes
    from odf.style import MasterPage, PageLayout
    from odf.text import P

    made = OpenDocumentPresentation()
    layout = PageLayout(name="L")
    made.automaticstyles.addElement(layout)
    master = MasterPage(name="M", pagelayoutname=layout)
    made.masterstyles.addElement(master)

    def frame(kind: str, words: str) -> object:
        held, box = Frame(), TextBox()
        held.setAttrNS(PRESENTATIONNS, "class", kind)
        box.addElement(P(text=words))
        held.addElement(box)
        return held

    for title, text, notes in ((TITLE, "", ""), *slides):
        page = Page(masterpagename=master)
        if text:  # as programs do, what stands on a slide may come before its title
            page.addElement(frame("outline", text))
        page.addElement(frame("title", title))
        page.addElement(frame("page-number", "17"))
        if notes:
            below = Notes()
            below.addElement(frame("notes", notes))
            page.addElement(below)
        made.presentation.addElement(page)
    return written(made)


def rtf_file(
    parts: Sequence[tuple[int, str]] = PARTS,
    words: Callable[[str], bytes] | None = None,
    after: bytes = b"",
) -> bytes:
    """An RTF document as Word writes one in China; ``parts`` are (rank as a heading, words)."""
    words = words or rtf_hex
    head = (
        rb"{\rtf1\ansi\ansicpg936\deff0\uc2{\fonttbl{\f0\fnil\fcharset134 "
        + rtf_hex("宋体") + rb";}{\f1\fswiss\fcharset0 Arial;}{\f2\fcharset136 "
        + rtf_hex("細明體") + rb";}}{\colortbl;\red0\green0\blue0;}{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 "
        + rtf_hex("标题 2") + rb";}{\*\cs9 char;}}{\info{\title " + rtf_hex("文档1")
        + rb"}{\author " + rtf_hex("柴立新") + rb"}}{\header " + rtf_hex("内部") + rb"\par}"
    )  # fmt: skip
    body = b"".join(
        rb"\pard\plain\s%d\f0 " % rank + words(text) + b"\\par\r\n" for rank, text in parts
    )
    return head + body + after + b"}"


def rtf_hex(text: str, encoding: str = "gb18030") -> bytes:
    """Words in RTF as Word writes them: the second byte of a character plain where it is a letter."""
    out = b""
    for byte in text.encode(encoding):
        plain = 0x20 <= byte < 0x80 and byte not in b"\\{}"
        out += bytes([byte]) if plain else b"\\'%02x" % byte
    return out


def saved(made: object) -> bytes:
    """What an object with ``save`` writes."""
    file = io.BytesIO()
    made.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def pdf_file(
    pages: Sequence[Sequence[str]], head: str = "", title: str = "", password: str | None = None
) -> bytes:
    """A PDF with Chinese text; ``head`` stands on top of every page, numbers at the bottom."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=password, invariant=1)
    canvas.setTitle(title)
    for number, lines in enumerate(pages, start=1):
        canvas.setFont("STSong-Light", 12)
        if head:
            canvas.drawString(72, 810, head)
            canvas.drawString(280, 30, f"- {number} -")
        for i, line in enumerate(lines):
            canvas.drawString(72, 760 - 20 * i, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def scanned_file(texts: Sequence[str]) -> bytes:
    """A PDF whose pages are pictures of text (``""``: a page with text and no picture)."""
    import pypdfium2
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, invariant=1)
    for text in texts:
        if text:
            source = io.BytesIO()
            drawn = Canvas(source, pagesize=(300, 80))
            drawn.setFont("Helvetica", 20)
            drawn.drawString(20, 30, text)
            drawn.save()
            with pypdfium2.PdfDocument(source.getvalue()) as picture:
                image = picture[0].render(scale=3).to_pil()
            canvas.drawImage(ImageReader(image), 72, 600, 450, 120)
        else:
            canvas.drawString(72, 700, "This page holds text of its own.")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def eml_file(
    body: str = LINES[0],
    html: str | None = None,
    attached: Mapping[str, bytes] | None = None,
    subject: str = "关于河道巡查的通知",
) -> bytes:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "柴立新 <chai@example.cn>"
    message["Date"] = "Tue, 05 Mar 2024 10:00:00 +0800"
    message.set_content(body)
    if html is not None:
        message.add_alternative(html, subtype="html")
    for name, data in (attached or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def epub_file(
    chapters: Mapping[str, str], title: str = "柳林县志", more: Mapping[str, bytes] | None = None
) -> bytes:
    """A book; ``chapters`` are the bodies of its files, in reading order."""
    items = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(chapters)
    )
    refs = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    files: dict[str, bytes] = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": (
            b'<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            b'<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
        ),
        "OEBPS/book.opf": (
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<metadata><dc:title>{title}</dc:title><dc:creator>县志办公室</dc:creator>"
            f"<dc:date>2001-05-01</dc:date></metadata><manifest>{items}</manifest>"
            f"<spine>{refs}</spine></package>"
        ).encode(),
    }
    for name, body in chapters.items():
        files[f"OEBPS/{name}"] = (
            '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
            f"<head><title>x</title></head><body>{body}</body></html>"
        ).encode()
    return zip_file(files | dict(more or {}))


def zip_file(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<title>区领导调研河道 - 柳林新闻网</title><meta name="author" content="方晓岚">
<meta property="article:published_time" content="2024-03-05T10:00:00+08:00"></head><body>
<nav><a href="/">首页</a><a href="/about">关于我们</a></nav>
<article><h1>区领导调研河道</h1><p>11月14日上午，区领导到现场督导，听取了汇报。</p>
<h2>下一步措施</h2><p>一是抓好质量；二是抓好<b>安全</b>。</p>
<img src="http://example.invalid/a.png"></article><footer>版权所有</footer></body></html>"""


def each_kind() -> dict[str, bytes]:
    """One sound file of each kind, by name."""
    rows = (("标题", "正文", "日期"), ("河道开工", LINES[0], "2024-03-05"), ("停水", LINES[1], ""))
    return {
        "a.txt": "\n".join((TITLE, *LINES)).encode("gb18030"),
        "a.md": f"---\ntitle: {TITLE}\n---\n\n## 措施\n\n{LINES[0]}\n".encode(),
        "a.html": PAGE.encode(),
        "a.csv": "\n".join(",".join(row) for row in rows).encode(),
        "a.tsv": "\n".join("\t".join(row) for row in rows).encode("utf-16"),
        "a.jsonl": '{"title": "河道开工", "content": "3月5日开工。"}\n{"text": "停水。"}\n'.encode(),
        "a.json": '[{"title": "河道开工", "content": "3月5日开工。"}]'.encode(),
        "a.srt": f"1\n00:00:01,000 --> 00:00:02,000\n{LINES[0]}\n".encode(),
        "a.gz": gzip.compress(LINES[0].encode(), mtime=0),
        "a.docx": docx_file(),
        "a.xlsx": xlsx_file({"新闻": rows}),
        "a.xls": xls_file({"新闻": rows}),
        "a.rtf": rtf_file(),
        "a.odt": odt_file(),
        "a.ods": ods_file({"新闻": rows}),
        "a.odp": odp_file(),
        "a.pptx": pptx_file(notes="讲解时请附地图。"),
        "a.pdf": pdf_file([(TITLE, *LINES), LINES]),
        "a.eml": eml_file(attached={"表.csv": b"a,b\n1,2\n"}),
        "a.epub": epub_file({"1.xhtml": f"<h1>第一章</h1><p>{LINES[0]}</p>"}),
        "a.zip": zip_file({"甲.txt": LINES[0].encode(), "乙.html": PAGE.encode()}),
    }
