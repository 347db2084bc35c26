"""Files → text: encodings told apart without loss, and a clear word for whatever cannot be read."""

from __future__ import annotations

import codecs
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.decoding import Unreadable, decode
from index.errors import (
    DamagedDocument,
    DocumentError,
    DocumentNotFound,
    DocumentUnreadable,
    EmptyDocument,
    UnknownEncoding,
    UnsupportedDocument,
)
from index.readers import find_files, read

SIMPLIFIED = "区领导一线督察河道综合治理工程\r\n11月14日上午，区领导到现场督导，听取了汇报。\r\n记者 王云\r\n"
TRADITIONAL = "捷運新線動工\n市長表示，新線全長十二公里，設九座車站，預計三年後通車。\n"
ENGLISH = "City opens a new park.\nIt cost $4.2 million, the mayor said.\n"


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8"),
        (SIMPLIFIED, "utf-16", "utf-16-le"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (SIMPLIFIED, "utf-32", "utf-32-le"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (TRADITIONAL, "utf-16-be", "utf-16-be"),
        (ENGLISH, "ascii", "utf-8"),
        (ENGLISH, "utf-16-le", "utf-16-le"),
    ],
)
def test_encodings_are_told_apart(tmp_path: Path, text: str, encoding: str, named: str) -> None:
    file = tmp_path / "page.txt"
    file.write_bytes(text.encode(encoding))
    document = read(file)
    assert (document.text, document.encoding) == (text, named)
    assert document.source == str(file)


def test_a_mark_at_the_start_is_no_character_of_the_text(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_bytes(codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be"))
    assert read(file).text == SIMPLIFIED


@pytest.mark.parametrize("suffix", ["", ".md", ".text", ".markdown", ".log", ".新闻"])
def test_any_suffix_is_read_when_it_holds_text(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"page{suffix}"
    file.write_bytes(SIMPLIFIED.encode("gb18030"))
    assert read(file).text == SIMPLIFIED


@given(st.text(min_size=1))
@settings(max_examples=300)
def test_what_is_utf8_is_read_as_utf8(text: str) -> None:
    data = text.encode("utf-8", "ignore")
    plain = data.decode("utf-8")
    if any(c < " " and c not in "\t\n\r\f\v\x1a\x1b" for c in plain) or plain[:1] == "\ufeff":
        return
    others = [c for c in plain if c >= "\x80"]
    if others and all("\u0250" <= c < "\u0800" for c in others):
        return  # a few of GB18030's characters are such letters too (通知): see the next test
    assert decode(data) == (plain, "utf-8")


ALPHABETS = {
    "Greek": "\u0391\u03c9",
    "Cyrillic": "\u0400\u04ff",
    "Hebrew": "\u05d0\u05ea",
    "Arabic": "\u0620\u064a",
    "Syriac": "\u0710\u072f",
    "Thaana": "\u0780\u07b0",
}


@pytest.mark.parametrize("ends", ALPHABETS.values(), ids=ALPHABETS)
@given(st.data())
def test_letters_of_one_alphabet_are_read_as_utf8(ends: str, data: st.DataObject) -> None:
    letters = st.characters(min_codepoint=ord(ends[0]), max_codepoint=ord(ends[1]))
    text = data.draw(st.text(letters, min_size=1, max_size=8))
    assert decode(text.encode()) == (text, "utf-8")


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_text_or_a_reason(data: bytes) -> None:
    found = decode(data)
    if isinstance(found, Unreadable):
        assert found.why
        assert found.offset is None or 0 <= found.offset < len(data)
    elif found[1] in {"utf-8", "utf-16-le", "utf-16-be"}:
        assert data.endswith(found[0].encode(found[1]))


@pytest.mark.parametrize(
    ("name", "data", "error", "words"),
    [
        ("a.txt", b"", EmptyDocument, "empty"),
        ("a.txt", b" \n\t\r\n", EmptyDocument, "empty"),
        ("a.txt", "\u3000\n\u3000".encode(), EmptyDocument, "white space"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", DamagedDocument, "no sound PDF"),
        ("a.txt", b"PK\x03\x04\x14\0\x06\0", DamagedDocument, "ZIP archive"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", UnsupportedDocument, "a PNG image"),
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
            DamagedDocument,
            "no sound old office document",
        ),
        ("a.bin", bytes(range(256)) * 8, UnknownEncoding, "no text"),
        ("a.html", b"<html><p> </p></html>", EmptyDocument, "no text"),
        ("a.odt", b"\x01\x02text", DamagedDocument, "no ODT, whatever its name says"),
        ("a.ppt", b"\x01\x02text", UnsupportedDocument, "a PPT document"),
    ],
)
def test_what_is_no_text_is_named(
    tmp_path: Path, name: str, data: bytes, error: type[DocumentError], words: str
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(error, match=words) as caught:
        read(file)
    assert caught.value.source == str(file)
    assert str(caught.value).startswith(f"{file}: ")
    assert caught.value.mend.endswith(".")


def test_a_damaged_byte_is_named_with_its_place(tmp_path: Path) -> None:
    data = bytearray(SIMPLIFIED.encode("utf-8") * 4)
    second_line = SIMPLIFIED.encode().index(b"\n") + 1
    data[second_line] = 0xFF
    file = tmp_path / "page.txt"
    file.write_bytes(data)
    with pytest.raises(UnknownEncoding) as caught:
        read(file)
    assert f"byte 0xff in line 2, at offset {second_line}" in str(caught.value)


def test_a_file_cut_off_inside_a_character_is_damaged(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_bytes(SIMPLIFIED.rstrip().encode("utf-8")[:-1])
    with pytest.raises(UnknownEncoding, match=r"UTF-8 but for a damaged byte: .* in line 3"):
        read(file)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DocumentNotFound, match="no such file"):
        read(tmp_path / "none.txt")
    with pytest.raises(DocumentNotFound):
        read(tmp_path / "none" / "none.txt")
    with pytest.raises(DocumentNotFound):
        read("nul\0l.txt")
    with pytest.raises(DocumentUnreadable, match="a folder"):
        read(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    with pytest.raises(DocumentUnreadable, match="device or a pipe"):
        read(pipe)


@pytest.mark.parametrize(
    ("fault", "words"),
    [(PermissionError(13, "Permission denied"), "no permission"), (OSError(5, "I/O error"), "I/O")],
)
def test_a_file_that_the_system_keeps_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: OSError, words: str
) -> None:
    file = tmp_path / "page.txt"
    file.write_text(SIMPLIFIED, encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(Path, "open", refuse)  # the tests may run as root, whom nothing refuses
    with pytest.raises(DocumentUnreadable, match=words):
        read(file)


def test_folders_are_searched_in_order(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.md", "a.txt", "c.jpg", ".hidden.txt", ".git/x.txt", "d.TEXT"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("文", encoding="utf-8")
    found = [file.relative_to(tmp_path).as_posix() for file in find_files([tmp_path])]
    assert found == ["a.txt", "b/1.md", "b/2.txt", "d.TEXT"]


def test_named_files_come_as_named_and_once(tmp_path: Path) -> None:
    page = tmp_path / "page.dat"
    page.write_text("文", encoding="utf-8")
    missing = tmp_path / "none.txt"
    found = list(find_files([missing, str(page), tmp_path, page]))
    assert found == [missing, page]
    assert all(file.is_absolute() for file in found)


def test_a_link_back_to_its_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("文", encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert list(find_files([tmp_path])) == [tmp_path / "a.txt"]


def test_a_folder_that_cannot_be_listed_is_reported_by_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (tmp_path / "a.txt").write_text("文", encoding="utf-8")
    scandir = os.scandir

    def refuse(path: str | Path) -> object:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert list(find_files([tmp_path])) == [tmp_path / "a.txt", closed]
    with pytest.raises(DocumentUnreadable, match="no permission"):
        read(closed)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_line_of_fifty_megabytes(tmp_path: Path, encoding: str) -> None:
    text = "区领导到河道治理工程现场督导，听取了汇报。" * 850_000
    file = tmp_path / "long.txt"
    file.write_bytes(text.encode(encoding))
    started = time.process_time()
    assert read(file).text == text
    assert time.process_time() - started < 10
