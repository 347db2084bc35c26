"""Credits: recognised whole, wherever they stand, and never in what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.pages.bylines import credit, credit_at_end, credit_at_start, credit_open


@pytest.mark.parametrize(
    ("line", "byline", "part"),
    [
        ("记者 景静 通讯员 王云霄", "记者 景静 通讯员 王云霄", "author"),
        ("（记者 张三）", "记者 张三", "author"),
        ("(记者张三 通讯员李四)", "记者 张三 通讯员 李四", "author"),
        ("记者景静通讯员王云霄", "记者 景静 通讯员 王云霄", "author"),
        ("■本报记者 张三 李四 文/图", "本报记者 张三 李四 文/图", "author"),
        ("本报记者 张 三 李 四", "本报记者 张 三 李 四", "author"),
        ("文/记者 张三 图/李四", "文/记者 张三 图/李四", "author"),
        ("大河报·豫视频记者 张三", "大河报·豫视频记者 张三", "author"),
        (
            "河南日报全媒体首席记者 李铮 通讯员 王五",
            "河南日报全媒体首席记者 李铮 通讯员 王五",
            "author",
        ),
        ("本报记者 张三 北京报道", "本报记者 张三", "author"),
        ("【記者陳大文／台北報導】", "记者 陳大文".replace("记者", "記者"), "author"),
        ("作者：张三（二七区委党校）", "作者 张三（二七区委党校）", "author"),
        (
            "By Jane Doe and John Smith, Staff Writers",
            "By Jane Doe and John Smith, Staff Writers",
            "author",
        ),
        ("来源：二七新闻", "来源 二七新闻", "source"),
        ("来源：新华社 作者：张三 责任编辑：李四", "作者 张三", "author"),
        ("2023-05-06 10:20 来源：新华网", "来源 新华网", "source"),
        ("时间：2023-03-12  来源：金水区人民政府网", "来源 金水区人民政府网", "source"),
        ("发布日期:2023-05-06", "发布日期 2023-05-06", "stamp"),
        ("编辑/王五 校对/李四", "编辑 王五 校对 李四", "editor"),
        ("责任编辑：王五", "责任编辑 王五", "editor"),
        ("张三 摄", "张三 摄", "photo"),
        ("张三 李四", "张三 李四", "name"),
        ("（完）", "完", "filler"),
    ],
)
def test_credit_lines(line: str, byline: str, part: str) -> None:
    found = credit(line)
    assert found is not None
    assert (found.byline, part in found.parts) == (byline, True)


@pytest.mark.parametrize(
    "line",
    [
        "记者节座谈会召开",
        "记者走基层 送温暖",
        "记者从区政府获悉，供暖工作已经启动",
        "高质量发展",
        "程序正义 安全第一",
        "马寨镇 管委会",
        "任务书。",
        "联系人：王五 电话：0371-1234567",
        "时间：11月14日上午9点",
        "新修改的《网络安全法》2026年1月1日施行",
        "By the river they stood.",
        "11月14日",
        "",
        "（）",
    ],
)
def test_what_is_no_credit(line: str) -> None:
    assert credit(line) is None


@pytest.mark.parametrize(
    ("text", "byline"),
    [
        ("争取走在全市前列。记者 范光华 通讯员 乐风海", "记者 范光华 通讯员 乐风海"),
        ("推进会顺利召开。（记者 张三）", "记者 张三"),
        ("推进会顺利召开（记者 张三）。", "记者 张三"),
        ("推进会顺利召开。(完) 【编辑:陈彩霞】", "编辑 陈彩霞"),
        ("顺利召开。（张三 李四）", "张三 李四"),
        ("他说：“好。”（来源：光明网）", "来源 光明网"),
        ("实现了目标。(央视新闻客户端 总台记者 张艺馨)", "央视新闻客户端 总台记者 张艺馨"),
    ],
)
def test_credits_at_the_end_of_a_paragraph(text: str, byline: str) -> None:
    found = credit_at_end(text)
    assert found is not None
    assert found.byline == byline
    assert text[found.start : found.end].replace(":", " ").replace("：", " ") == byline


@pytest.mark.parametrize(
    "text", ["召开了会议（以下简称会议）", "会上王明表示。", "取得成效。2016年11月25日", "好。", ""]
)
def test_ends_without_a_credit(text: str) -> None:
    assert credit_at_end(text) is None


@pytest.mark.parametrize(
    ("text", "byline"),
    [
        ("本报讯（记者 张三 通讯员 李四）近日，全区", "记者 张三 通讯员 李四"),
        ("本报讯 记者张三报道：昨日", "记者 张三"),
        ("新华社北京11月3日电（记者 谢妞）第十六届", "记者 谢妞"),
        ("（通讯员 赵尚国）“寸土寸金”", "通讯员 赵尚国"),
        ("【记者王小明／台北报导】市府", "记者 王小明"),
        ("本报讯(沈阳日报、沈报全媒体记者 唐心萌)近日", "沈阳日报、沈报全媒体记者 唐心萌"),
    ],
)
def test_credits_at_the_start_of_a_paragraph(text: str, byline: str) -> None:
    found = credit_at_start(text)
    assert found is not None
    assert found.byline == byline


@pytest.mark.parametrize("text", ["（以下简称会议）近日", "11月14日下午,市委督导组到二七区", ""])
def test_starts_without_a_credit(text: str) -> None:
    assert credit_at_start(text) is None


def test_a_role_without_its_name_waits_for_it() -> None:
    assert credit_open("……走在前列。记者 范光华 通讯员")
    assert credit_open("责任编辑：")
    assert not credit_open("责任编辑：王五")


@given(st.text(max_size=120))
def test_spans_lie_inside_the_text(text: str) -> None:
    for found in (credit(text), credit_at_end(text), credit_at_start(text)):
        if found is not None:
            assert 0 <= found.start < found.end <= len(text)
            assert found.byline
