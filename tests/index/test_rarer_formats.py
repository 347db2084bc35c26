"""Subtitles, packed files, saved pages: what is said, and where."""

from __future__ import annotations

import gzip
import io
import tarfile
import time
from datetime import date
from email.message import EmailMessage

import pytest

from index.articles import split_all
from index.errors import DamagedDocument, OversizedDocument, UnsupportedDocument
from index.readers import read_bytes
from index.reading import given
from index.types import Article
from tests.index.made_files import LINES, PAGE

SRT = """1
00:00:01,000 --> 00:00:03,500
<i>3月5日</i>，柳林县召开
河道管理会议。

2
00:00:03,600 --> 00:00:06,000
{\\an8}一是抓好清淤，

3
00:00:06,000 --> 00:00:08,000
一是抓好清淤，
二是抓好巡查。

4
00:02:10,000 --> 00:02:12,000
全年投入
三百万元。
"""


def only(data: bytes, name: str) -> Article:
    found = read_bytes(data, name)
    assert found.failures == ()
    (article,) = split_all(found.documents)
    return article


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_subtitles_are_paragraphs_under_their_times(encoding: str) -> None:
    article = only(SRT.encode(encoding), "会议.srt")
    assert article.title == "会议"
    assert article.text.split("\n") == [
        "00:00:01",
        "3月5日，柳林县召开 河道管理会议。一是抓好清淤，二是抓好巡查。",
        "00:02:10",
        "全年投入 三百万元。",
    ]
    assert article.section_path(article.text.index("三百")) == ("00:02:10",)


def test_subtitles_of_the_web() -> None:
    text = (
        "WEBVTT - 会议\n\nNOTE 无关\n\nSTYLE\n::cue {}\n\nintro\n00:01.000 --> 00:04.000 align:start\n"
        "<v 柴立新>各位<00:02.000>好。</v>\n\n01:00:00.000 --> 01:00:01.000\nGood\nmorning.\n"
    )
    assert only(text.encode(), "a.vtt").text.split("\n") == [
        "00:01", "各位好。", "01:00:00", "Good morning.",
    ]  # fmt: skip
    with pytest.raises(DamagedDocument, match="no subtitles"):
        read_bytes(LINES[0].encode(), "a.srt")


def test_a_file_that_gzip_packed_is_read_by_its_own_kind() -> None:
    lines = '{"title": "开工", "text": "开工了。"}\n{"title": "停水", "text": "停水了。"}\n'
    found = read_bytes(gzip.compress(lines.encode()), "/data/新闻.jsonl.gz")
    assert [(a.title, a.text, a.origin.member) for a in split_all(found.documents)] == [
        ("开工", "开工了。", "新闻.jsonl"),
        ("停水", "停水了。", "新闻.jsonl"),
    ]
    with pytest.raises(DamagedDocument, match="no sound gzip"):
        read_bytes(gzip.compress(lines.encode())[:-9], "a.jsonl.gz")


def test_a_bomb_and_a_tar_in_gzip(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    with pytest.raises(UnsupportedDocument, match="tar archive"):
        read_bytes(packed.getvalue(), "a.gz")
    monkeypatch.setattr(given.Budget.__init__, "__defaults__", (5 << 20,))
    with pytest.raises(OversizedDocument, match="unpacks to more"):
        read_bytes(gzip.compress(bytes(20 << 20)), "a.txt.gz")


def test_a_page_that_a_browser_saved() -> None:
    saved = EmailMessage()
    saved["From"] = "<Saved by Blink>"
    saved["Snapshot-Content-Location"] = "https://news.example.cn/1.html"
    saved["Subject"] = "区领导调研河道 - 柳林新闻网"
    saved["Date"] = "Sat, 7 Dec 2024 10:00:00 +0800"
    saved.set_content(PAGE, subtype="html")
    saved.add_related(b"\x89PNG", "image", "png", cid="<x>")
    for name in ("a.mht", "a.mhtml"):
        article = only(saved.as_bytes(), name)
        assert (article.title, article.published, article.byline, article.url) == (
            "区领导调研河道", date(2024, 3, 5), "方晓岚", "https://news.example.cn/1.html",
        )  # fmt: skip


def test_one_record_in_json() -> None:
    article = only('{"title": "开工", "content": "3月5日开工。"}'.encode(), "a.json")
    assert (article.title, article.text) == ("开工", "3月5日开工。")


def test_subtitles_of_very_many_lines_take_time_in_proportion() -> None:
    cue = "00:00:01,000 --> 00:00:02,000\n" + "".join(f"第{n}行\n" for n in range(100_000))
    started = time.process_time()
    article = only(f"{cue}\n{cue}".encode(), "a.srt")
    assert article.text.count("行") == 100_000
    assert time.process_time() - started < 10
