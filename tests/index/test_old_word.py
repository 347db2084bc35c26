"""Documents of Word 97 to 2003: every character, headings, what was struck out, what is damaged."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import split_all
from index.errors import DamagedDocument, EncryptedDocument, UnsupportedDocument
from index.readers import read_bytes
from tests.index.made_doc import doc_file, ole_file
from tests.index.made_files import LINES, TITLE, docx_file


def text_of(data: bytes, name: str = "a.doc") -> str:
    (document,) = read_bytes(data, name).documents
    return document.text


@pytest.mark.parametrize("name", ["a.doc", "a.wps", "a.docx", "a"])
def test_an_old_document_is_read_like_a_new_one(name: str) -> None:
    (old,), (new,) = (
        split_all(read_bytes(data, file).documents)
        for data, file in ((doc_file(), name), (docx_file(rows=()), "a.docx"))
    )
    assert (old.title, old.text, old.headings) == (TITLE, new.text, new.headings)
    assert old.section_path(old.text.index("二是")) == ("一、总体要求", "（一）措施")
    assert old.origin == new.origin


WORDS = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=30,
)


@settings(max_examples=150, deadline=None)
@given(lines=st.lists(WORDS, min_size=1, max_size=12))
def test_no_character_is_lost_in_pieces_narrow_and_wide(lines: list[str]) -> None:
    assert text_of(doc_file([(0, line) for line in lines])).split("\n") == lines


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("见\x13 HYPERLINK \x13 x \x14y\x15 \x14附件\x15。", ["见附件。"]),
        ("\x13 TOC \\o \x14第一章\t1", ["第一章\t1"]),
        ("前\x01\x08\x02后\x0b下一行\x1e尾", ["前后", "下一行-尾"]),
        ("项\x07金额\x07\x07清淤\x0730\x07\x07后文", ["项\t金额", "清淤\t30", "后文"]),
        ("上页\x0c下页", ["上页", "下页"]),
    ],
)
def test_marks_in_the_text(words: str, lines: list[str]) -> None:
    assert text_of(doc_file([(0, words)])).split("\n") == lines


@pytest.mark.parametrize(("line", "struck", "left"), [
    ("投入二百万元三百万元。", "二百万元", "投入三百万元。"), ("from 200 to 300", "200 ", "from to 300"),
])  # fmt: skip
def test_what_was_struck_out_is_left_out(line: str, struck: str, left: str) -> None:
    assert text_of(doc_file([(0, line), (0, "末")], struck=struck)) == f"{left}\n末"


def test_notes_are_read_and_heads_of_pages_are_not() -> None:
    data = doc_file([(0, "正文\x02。")], notes="\x02 脚注。", heads="内部资料")
    assert text_of(data) == "正文。\n 脚注。".replace("\n ", "\n")


def test_what_cannot_be_read_is_named() -> None:
    with pytest.raises(EncryptedDocument, match="password"):
        read_bytes(doc_file(flags=0x1300), "a.doc")
    with pytest.raises(UnsupportedDocument, match="Word 95"):
        read_bytes(doc_file(version=0x68), "a.doc")
    with pytest.raises(DamagedDocument):
        read_bytes(doc_file()[:3000], "a.doc")
    with pytest.raises(DamagedDocument, match="whatever its name says"):
        read_bytes(b"\0\1\2" * 99, "a.doc")


def test_a_document_that_tells_of_more_text_than_it_holds() -> None:
    data = bytearray(doc_file())
    at = data.index(b"\xec\xa5")
    data[at + 0x4C : at + 0x50] = (1 << 30).to_bytes(4, "little")
    with pytest.raises(DamagedDocument, match="more text than it holds"):
        read_bytes(bytes(data), "a.doc")


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        ("PowerPoint Document", "old PowerPoint presentation, which is not read. Save it as .pptx"),
        ("__properties_version1.0", "Outlook message"),
        ("Contents", "save it as PDF"),
    ],
)
def test_old_files_of_other_kinds_say_how_to_convert_them(stream: str, words: str) -> None:
    with pytest.raises(UnsupportedDocument, match=words) as caught:
        read_bytes(ole_file({stream: b"x"}), "a.ppt")
    if stream.startswith("Power"):
        assert "soffice --headless --convert-to pptx FILE" in caught.value.mend


def test_a_document_in_plain_text_that_is_called_a_document() -> None:
    assert text_of("\n".join(LINES).encode("gb18030")) == "\n".join(LINES)


def test_a_saved_page_that_is_called_a_document() -> None:
    head = "Subject: =?utf-8?B?5YGc5rC0?=\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"
    data = head.encode() + "<html><body><p>明日停水。</p></body></html>".encode()
    assert text_of(data) == "明日停水。"
    assert text_of(data.split(b"\n\n")[1]) == "明日停水。"


def test_headings_of_a_long_document() -> None:
    parts = [(n % 3, f"第{n}段，投入二百万元。") for n in range(400)]
    (document,) = read_bytes(doc_file(parts, struck="二百"), "a.doc").documents
    assert document.text.split("\n") == [f"第{n}段，投入万元。" for n in range(400)]
    ranks = dict(document.headings)
    assert [ranks.get(n + 1, 0) - bool(ranks.get(n + 1)) for n in range(1, 400)] == [
        rank for rank, _ in parts[1:]
    ]


def test_fields_that_never_end_take_time_in_proportion() -> None:
    started = time.process_time()
    assert text_of(doc_file([(0, "\x13" * 200_000 + "\x15"), (0, "末")])) == "末"
    assert time.process_time() - started < 5
