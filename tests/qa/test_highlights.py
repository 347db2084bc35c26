"""Which characters of a text are of the kind that is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.library import Library
from index.tokens import Segmenter
from qa.assistant import Assistant
from qa.highlights import highlights
from qa.question import analyse

HELD = [
    # traditional characters stand with their units too
    ("搭渡輪要花多少時間", "航程大約三小時，每天四班。", ["約三小時"]),
    ("塔有多高", "塔高四十二公尺。", ["四十二公尺"]),
    ("全镇有多少人", "全镇人口达41,200。", ["41,200"]),
    ("油箱容量有多大", "油箱可装60升，重9公斤。", ["60升"]),
    # an office without its holder's name, where no other person is named
    ("罗知远2009年担任什么职务", "2009年3月，任柏湾县委副书记、县长。", ["柏湾县委副书记", "县长"]),
    ("罗知远担任什么职务", "2009年3月，周启明任柏湾县县长。", []),
    ("罗知远担任什么职务", "会议由县长主持。", []),
    ("罗知远担任什么职务", "大家认为县长应当到场。", []),
    ("罗知远担任什么职务", "他考中后授澄州驿丞，1792年回乡。", ["澄州驿丞"]),
    ("罗知远担任什么职务", "次年起担任澄河船局引水员。", ["澄河船局引水员"]),
    ("周启明是什么身份", "周启明是澄河医院主任医师。", ["澄河医院主任医师"]),
    ("罗知远担任什么职务", "拆迁工作时间紧任务重，教授了不少办法。", []),
    # an ordinal and a half of a year tell no amount
    ("灯会挂出多少灯谜", "上半年第二届灯会开幕。", []),
    # numbers in order, halves, and a score
    ("第几代车最快", "第三代车跑得最快。", ["第三代"]),
    ("例会多久开一次", "例会原则上每半月召开一次。", ["每半月"]),
    ("柳溪队几比几赢了望川队", "柳溪队以4：1大胜望川队。", ["4：1"]),
    # places that are not on the map, and a city that begins like a name
    ("日志文件在哪里", "日志保存在安装文件夹下面的logs里。", ["安装文件夹下面"]),
    ("总部在哪里", "该银行总部位于胡志明市。", ["胡志明市"]),
    ("总部在哪里", "大家在会上发言，在这个过程中没有异议。", []),
    ("茶园项目在哪里", "茶园项目在全县范围内是头一个。", []),
    ("茶园项目在哪里", "茶园项目在松坪镇动工。", ["松坪镇"]),
    ("茶园项目在哪里", "在松坪镇的茶园项目今天动工。", ["松坪镇"]),
    ("这套软件是哪家公司开发的", "该软件由Northwind开发。", ["Northwind"]),
    ("谁接手了果园", "果园交给了Lena Marwick女士。", ["Lena Marwick"]),
    ("男女比例是多少", "全校男女比例为52:48。", ["52:48"]),
]


@pytest.mark.parametrize(("question", "text", "expected"), HELD)
def test_what_is_asked_for_is_seen(
    question: str, text: str, expected: list[str], segmenter: Segmenter
) -> None:
    spans = highlights(analyse(question), text, [], segmenter)
    assert [text[a:b] for a, b in spans] == expected


def test_who_wrote_a_book_is_told_by_the_text_and_an_article_by_its_byline(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "澄河小城办起读书会\n本报讯（记者 许安宁）读书会本月读《渡口灯火》。"
        "《渡口灯火》由作家沈砚秋写成，讲的是三代摆渡人的故事。读者说，书里的河就是澄河。",
        encoding="utf-8",
    )
    with Library.open(tmp_path / "library") as library:
        library.add([tmp_path / "a.txt"])
        assistant = Assistant(library)
        assert "沈砚秋" in assistant.ask("《渡口灯火》的作者是谁").text
        assert "许安宁" in assistant.ask("读书会的报道是谁写的").text
