"""Round trips over some hundreds of made-up files: not one character lost or wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import UnknownEncoding
from index.readers import read

PLACES = ("柳林县", "桐花街道", "北山乡", "石桥镇", "清水湾社区", "槐树村", "龙泉新区", "东大街")
PEOPLE = ("方晓岚", "柴立新", "陆清和", "欧阳明远", "苏蕙", "贺铮", "区伯年", "翟墨涵")
DEEDS = (
    "召开安全生产工作会议", "检查防汛备汛情况", "慰问环卫工人", "开工建设文化广场", "举办莲藕采摘节",
    "公布暂停供水的通知", "调研营商环境", "启用便民服务中心", "完成老旧小区改造", "签约三个重点项目",
)  # fmt: skip
DETAILS = (
    "总投资3.5亿元，预计2025年底前完工。", "全长12公里，设9座车站！", "“一定要把好质量关。”他说。",
    "参加活动的有：机关干部、志愿者……", "电话：0371-5566778（工作日9:00—17:00）。", "详见《柳林县志》第三卷；",
    "ISO9001认证、A+级评价、PM2.5浓度下降18%。", "垚垚、喆喆和㼆岙村的村民都来了。", "气温-3℃，①上路②减速③慢行。",
)  # fmt: skip
OLD_PLACES = ("臺北市", "中正區", "鹿港鎮", "淡水區", "花蓮縣")
OLD_DEEDS = ("捷運新線動工", "舉行園遊會", "發布豪雨特報", "整修老舊圖書館", "辦理市民說明會")
OLD_DETAILS = (
    "市長表示，新線全長十二公里，設九座車站，預計三年後通車。", "「請民眾提早出門。」局長說。",
    "報名費每人200元，額滿為止！", "歡迎鄉親踴躍參加；詳情請電洽承辦人。",
)  # fmt: skip


def texts() -> Iterator[tuple[str, str]]:
    """(kind, text): simplified and traditional, titles alone up to pages of many lines."""
    chance = random.Random(20240305)
    for number in range(60):
        lines = [f"{chance.choice(PLACES)}{chance.choice(DEEDS)}"]
        for _ in range(number % 12):
            who = f"{chance.randint(1, 12)}月{chance.randint(1, 28)}日，{chance.choice(PEOPLE)}在"
            lines.append(
                f"{who}{chance.choice(PLACES)}{chance.choice(DEEDS)}，{chance.choice(DETAILS)}"
            )
        yield "simplified", chance.choice(["\n", "\r\n"]).join(lines)
    for number in range(30):
        lines = [f"{chance.choice(OLD_PLACES)}{chance.choice(OLD_DEEDS)}"]
        lines += [chance.choice(OLD_DETAILS) for _ in range(number % 8)]
        yield "traditional", "\n".join(lines)
    for word in ("联通", "通知", "停水", "方晓岚", "河道治理", "王云，电话：13800000000"):
        yield "simplified", word


def written() -> Iterator[tuple[str, str, str]]:
    """(text, encoding, name of the case) of each file."""
    for n, (kind, text) in enumerate(texts()):
        encodings = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
        encodings += ["gbk"] if _holds(text, "gbk") else []
        encodings += ["big5"] if kind == "traditional" else []
        for encoding in encodings:
            if encoding.startswith("utf-16-") and text.encode(encoding).isascii():
                continue  # 停水 without a mark is \P4l, letter by letter
            yield text, encoding, f"{kind}-{n}-{encoding}"


def _holds(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def read_or_error(file: Path) -> str:
    try:
        return read(file).text
    except UnknownEncoding as error:
        return str(error.cause)


def test_no_character_of_hundreds_of_files_is_lost_or_wrong(tmp_path: Path) -> None:
    wrong: list[str] = []
    count = 0
    for text, encoding, name in written():
        file = tmp_path / f"{name}.txt"
        file.write_bytes(text.encode(encoding))
        count += 1
        found = read_or_error(file)
        if found != text:
            wrong.append(f"{name}: {text[:20]!r} read as {found[:60]!r}")
    assert wrong == []
    assert count >= 600


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16-le"])
def test_a_damaged_byte_is_named_with_its_place(tmp_path: Path, encoding: str) -> None:
    """Where damage can be told: a byte that the encoding has not, in the midst of its text."""
    line = OLD_DETAILS[0] * 3 + "\n"
    data = bytearray((line * 4).encode(encoding))
    at = len(line.encode(encoding)) * 2
    # 0xFF begins no character of the three, D800 alone is no character of UTF-16.
    data[at : at + 2] = b"\x00\xd8" if encoding == "utf-16-le" else b"\xff\xff"
    file = tmp_path / "a.txt"
    file.write_bytes(data)
    with pytest.raises(UnknownEncoding) as caught:
        read(file)
    assert f"in line 3, at offset {at}" in caught.value.cause
