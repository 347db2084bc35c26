"""Laws: “第十二条” is found by its number, cited with its place, and refused where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.library import Library
from qa.assistant import Assistant
from qa.types import Answer, Status

CHINESE = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三")
RIVER = "\n".join(
    [
        "青河县河道管理条例",
        "（2020年5月28日青河县第十届人民代表大会常务委员会第三次会议通过）",
        "目  录",
        "第一章　总则",
        "第二章　保护",
        "第一章　总则",
        "第一条　为了加强河道管理，制定本条例。",
        "第二条　本条例所称河道，是指县内的河流、湖泊",
        "和水库。",
        "第二章　保护",
        *(f"第{CHINESE[n]}条　第{n}段河道由第{n}网格员巡查。" for n in range(3, 11)),
        "第十一条　禁止在河道内从事下列活动：",
        "（一）倾倒垃圾；",
        "（二）采砂。",
        "第十二条　违反第十一条规定的，由水务局责令改正，处五千元以上二万元以下罚款。",
        "第十二条之一　情节严重的，吊销许可证。",
        "第十三条　本条例自2021年1月1日起施行。",
    ]
)
WATER = """青河县农村供水管理办法
第一条　为了加强农村供水管理，制定本办法。
第二条　县水务局负责农村供水的监督管理。
第三条　用户应当按月缴纳水费。
"""
NEWS = """县里召开河道管理工作会议
3月5日，县里召开会议。县长提出三条意见：一是抓好清淤；二是抓好巡查；三是抓好宣传。
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("laws")
    for name, text in (("river", RIVER), ("water", WATER), ("news", NEWS)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    library = Library.open(folder / "library")
    library.add([folder / f"{name}.txt" for name in ("river", "water", "news")])
    return Assistant(library)


def said(answer: Answer) -> str:
    return "".join(s.text for s in answer.sentences)


@pytest.mark.parametrize(
    ("question", "quote", "section"),
    [
        ("河道管理条例第十二条怎么规定", "第十二条　违反", "第二章 保护 › 第十二条"),
        ("第12条怎么规定的", "第十二条　违反", "第二章 保护 › 第十二条"),
        ("《青河县河道管理条例》第十二条之一是什么", "第十二条之一　情节", "第二章 保护 › 第十二条之一"),
        ("第十二条", "第十二条　违反", "第二章 保护 › 第十二条"),
        ("河道管理条例第二条讲了什么", "第二条　本条例所称", "第一章 总则 › 第二条"),
        ("农村供水管理办法第二条的内容是什么", "第二条　县水务局", "第二条"),
        ("供水办法第三条如何规定？", "第三条　用户", "第三条"),
    ],
)  # fmt: skip
def test_a_provision_is_found_by_its_number(
    assistant: Assistant, question: str, quote: str, section: str
) -> None:
    answer = assistant.ask(question)
    assert answer.status is Status.ANSWERED
    [citation] = answer.citations
    assert citation.quote.startswith(quote)
    assert citation.section == section
    article = assistant.library.article(citation.article_id)
    assert article is not None
    assert article.text[citation.start : citation.end] == citation.quote


def test_a_provision_is_shown_whole_line_by_line(assistant: Assistant) -> None:
    answer = assistant.ask("河道管理条例第十一条怎么规定")
    assert answer.text == (
        "第十一条　禁止在河道内从事下列活动：[1]\n（一）倾倒垃圾；[1]\n（二）采砂。[1]"
    )


def test_one_thing_in_a_provision(assistant: Assistant) -> None:
    answer = assistant.ask("河道管理条例第十二条规定罚款多少")
    assert "五千元以上二万元以下" in said(answer)
    assert "水务局" in said(assistant.ask("供水管理办法第二条规定由谁负责监督管理"))


@pytest.mark.parametrize(
    "question", ["民法典第十二条怎么规定", "河道管理条例第九十条怎么规定", "第九十条是怎么规定的"]
)
def test_another_law_or_a_number_that_is_not_there_is_refused(
    assistant: Assistant, question: str
) -> None:
    assert assistant.ask(question).status is Status.NO_EVIDENCE


def test_the_third_of_a_speakers_points_is_no_provision(assistant: Assistant) -> None:
    assert "抓好宣传" in said(assistant.ask("县长在河道管理工作会议上提出的第三条意见是什么"))


def test_a_provision_is_found_by_what_it_says(assistant: Assistant) -> None:
    [citation] = assistant.ask("河道内禁止从事哪些活动").citations
    assert citation.section == "第二章 保护 › 第十一条"


def test_a_long_law_is_found_by_number_too(tmp_path: Path) -> None:
    lines = [
        f"第{n}条　第{n}号岗位由{n}名志愿者值守，每{n % 7 + 1}天轮换一次。" for n in range(1, 400)
    ]
    lines.insert(0, "青河县志愿服务条例")
    (tmp_path / "law.txt").write_text("\n".join(lines), encoding="utf-8")
    library = Library.open(tmp_path / "library")
    library.add([tmp_path / "law.txt"])
    answer = Assistant(library).ask("志愿服务条例第三百二十一条怎么规定")
    assert said(answer).startswith("第321条　第321号岗位由321名志愿者值守")
