"""Spans that could answer: names, days, figures, amounts, places, offices, to the character."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.tokens import Segmenter, default_segmenter, fold
from qa import entities
from qa.entities import Span

PERSONS = [
    ("法制部门要对协议内容进行严格把关;王晓明在会上说。", ["王晓明"]),
    ("副县长林晓棠出席并讲话，县水务局局长周启明汇报情况。", ["林晓棠", "周启明"]),
    ("区委副书记王玉红、区人大常委会主任许广佑等参加督导。", ["王玉红", "许广佑"]),
    (
        "陈红民、许广佑、于广志、唐莉军、曾平陪同。",
        ["陈红民", "许广佑", "于广志", "唐莉军", "曾平"],
    ),
    ("合作社理事长欧阳明珠说，今年收成好。", ["欧阳明珠"]),
    ("会议由李卫国主持，王芳宣读了文件。", ["李卫国", "王芳"]),
    ("过去的记录是由约翰·埃尔维保持的。", ["约翰·埃尔维"]),
    ("角卫约什・诺曼的犯规给了对方机会。", ["约什・诺曼"]),
    ("导演是列夫·尼古拉耶维奇·别利亚耶夫。", ["列夫·尼古拉耶维奇·别利亚耶夫"]),
    ("羅納德·雷根於1981年就任。", ["羅納德·雷根"]),
    ("价格·数量·日期三栏都要填。", []),
    ("护林员申大江在这里走了十九年。", ["申大江"]),
    ("張偉強調，要抓好落實。", ["張偉"]),
    ("記者 沈一諾 通訊員 田青禾", ["沈一諾", "田青禾"]),
    ("谢金旺汇报了贾鲁河马寨段的治理情况。", ["谢金旺"]),
    (
        "区长陆清和宣布开工，区委书记、区长陆清和，副县长王芳和局长李丽参加。",
        ["陆清和", "陆清和", "王芳", "李丽"],
    ),
    ("The Chenghe District Library on Dock Street", []),
    ("项目方要求按期完工，有关部门表示支持。", []),
    ("代表和农民都说好。", []),
    ("Architect Gu Mingzhe said so. Wen Rulan agreed.", ["Gu Mingzhe", "Wen Rulan"]),
]
DATES = [
    ("5月6日上午开工，2025年10月底前完工。", ["5月6日上午", "2025年10月底"]),
    ("2024年3月12日上午举行，6月5日前完成。", ["2024年3月12日上午", "6月5日"]),
    ("每天17时30分至23时开放。", ["每天", "17时30分", "23时"]),
    ("采摘以5月至7月为宜，10,11月份也行，四季都有花。", ["5月至7月", "10,11月份", "四季"]),
    ("每周六 19点开讲，冬季停。训练了3个月，比分101：92。", ["每周六", "19点", "冬季"]),
    ("从18：00到23:30，周六晚上不开。", ["18：00", "23:30", "周六晚上"]),
    ("近日，记者获悉，去年以来降雨偏多。", ["近日", "去年"]),
    (
        "十一月三日下午，二〇二四年五月，民国二十六年。",
        ["十一月三日下午", "二〇二四年五月", "民国二十六年"],
    ),
    ("上世纪八十年代建成，20世纪90年代停用。", ["上世纪八十年代", "20世纪90年代"]),
    ("2024-05-06发布，2024/5/7生效。", ["2024-05-06", "2024/5/7"]),
    ("工程历时三年，占地5亩。", []),
    ("It opened on May 30, 2024; the old one closed in 1998.", ["May 30, 2024", "1998"]),
    ("You may go in June.", ["June"]),
]
NUMBERS = [
    ("工地有86人，设备23台。", ["86人", "23台"]),
    ("分2期实施，已完成三成，合格率97.8%。", ["2期", "三成", "97.8%"]),
    (
        "约1.2万余件标本，第三届，百分之三十，三分之二。",
        ["约1.2万余件", "第三届", "百分之三十", "三分之二"],
    ),
    ("12.6公里、480平方米、三百多户、十几名乡亲", ["12.6公里", "480平方米", "三百多户", "十几名"]),
    ("工程历时三年。", ["三年"]),
    ("政府补一点、企业让一点，曾一度停工，共三点要求。", ["三点"]),
    ("每6小时一次，30分钟内出结果，比例1:3", ["6小时", "一次", "30分钟", "1:3"]),
    ("５８．７萬平方米", ["５８．７萬平方米"]),
    ("2024年5月6日开工。", []),
    ("一是快，二是好。", []),
    (
        "It has 620 seats, 350,000 books and four rooms; 30% are new.",
        ["620 seats", "350,000 books", "four", "30%"],
    ),
]
MONEY = [
    ("总投资4200万元，分2期实施，每亩补贴20元。", ["4200万元", "20元"]),
    ("造价3.8亿元，补助一万二千元，花了两百多块钱。", ["3.8亿元", "一万二千元", "两百多块"]),
    ("一块豆腐三元。", ["三元"]),
    ("门票价格大概在60-80左右，套票1200到1500不等。", ["60-80", "1200到1500"]),
    ("每人800泰铢，折合3600日元，售价12.5-16万。", ["800泰铢", "3600日元", "12.5-16万"]),
    ("上映一周收获1.22亿票房，票房已破四亿，票房破万。", ["1.22亿", "四亿"]),
    ("市值达2.3万亿，片酬几千到一万多，卖出5000台，几百人参加。", ["2.3万亿", "几千到一万多"]),
    ("工期大概3年，20万人参加，只需5分钟，2019年左右建成，亏了3.2亿。", ["3.2亿"]),
    ("三塊地，十個點。", []),
    ("1000多万美元，￥20，€3.5", ["1000多万美元", "￥20", "€3.5"]),
    ("It costs $5 million or 36 million yuan.", ["$5 million", "36 million yuan"]),
]
PLACES = [
    ("文化站定于10月1日开馆，开馆仪式在柏湾中学举行。", ["柏湾中学"]),
    ("2016年中国乡村旅游园区举办比赛。", ["中国乡村", "园区"]),
    ("11月23日上午到齐云路小学检查。", ["齐云路小学"]),
    ("云岭水库除险加固工程在松坪镇开工。", ["云岭水库", "松坪镇"]),
    ("区长在区政府五楼常务会议室内主持召开会议。", ["区政府五楼常务会议室内"]),
    ("他们来到区工商联办公场所查看。", ["区工商联办公场所"]),
    ("现场会在桐花街道河湾社区举行。", ["桐花街道河湾社区"]),
    ("游客从北京、上海赶来。", ["北京", "上海"]),
    ("展覽在澄河區博物館開幕。", ["澄河區博物館"]),
    ("大家都很高兴。", []),
]
OFFICES = [
    ("区委书记陈红民会见了武汉华侨城集团总经理刘升勇一行。", ["区委书记", "武汉华侨城集团总经理"]),
    ("苏锦程为澄河区农业农村局局长；", ["澄河区农业农村局局长"]),
    ("區委副書記、區長陸清和出席會議", ["區委副書記", "區長"]),
]
HELD = [
    ("县水务局局长周启明汇报，副县长林晓棠讲话。", "周启明", ["县水务局局长"]),
    ("县水务局局长周启明汇报，副县长林晓棠讲话。", "林晓棠", ["副县长"]),
    ("区委常委、常务副区长贺长林出席会议。", "贺长林", ["区委常委", "常务副区长"]),
    ("贺长林为澄河区人民政府副区长；", "贺长林", ["澄河区人民政府副区长"]),
    ("沈国林（老码头博物馆馆长）说", "沈国林", ["老码头博物馆馆长"]),
    ("校長焦玉琴說，菜園很好。", "焦玉琴", ["校長"]),
    ("镇长到场，周启明汇报。", "周启明", []),
]


def said(spans: list[Span], text: str) -> list[str]:
    return [text[a:b] for a, b in spans]


@pytest.mark.parametrize(("text", "expected"), PERSONS)
def test_persons(text: str, expected: list[str], segmenter: Segmenter) -> None:
    assert said(entities.persons(text, segmenter), text) == expected


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates(text: str, expected: list[str]) -> None:
    assert said(entities.dates(text), text) == expected


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_numbers(text: str, expected: list[str]) -> None:
    assert said(entities.numbers(text), text) == expected


@pytest.mark.parametrize(("text", "expected"), MONEY)
def test_money(text: str, expected: list[str]) -> None:
    assert said(entities.money(text), text) == expected


@pytest.mark.parametrize(("text", "expected"), PLACES)
def test_places(text: str, expected: list[str], segmenter: Segmenter) -> None:
    assert said(entities.places(text, segmenter), text) == expected


@pytest.mark.parametrize(("text", "expected"), OFFICES)
def test_offices(text: str, expected: list[str]) -> None:
    assert said(entities.offices(text), text) == expected


@pytest.mark.parametrize(("text", "name", "expected"), HELD)
def test_the_office_of_a_person(text: str, name: str, expected: list[str]) -> None:
    assert said(entities.offices(text, name), text) == expected


def test_reasons() -> None:
    text = "由于连续下雨，采茶晚了十天，原因就在这里。It stopped because of lightning."
    assert said(entities.reasons(text), text) == ["由于", "原因", "because"]


FINDERS: list[Callable[[str], list[Span]]] = [
    entities.dates,
    entities.numbers,
    entities.money,
    entities.reasons,
    entities.offices,
    lambda text: entities.persons(text, default_segmenter()),
    lambda text: entities.places(text, default_segmenter()),
]


@given(
    st.text()
    | st.text(
        alphabet="王李于和区县长局记者、，。第三两百万年月日元块 2024.%$May由在说", max_size=60
    )
)
def test_spans_are_apart_in_order_and_within_any_text(text: str) -> None:
    for find in FINDERS:
        spans = find(text)
        ends = [0, *(end for _, end in spans)]
        assert all(0 <= end <= a < b <= len(text) for end, (a, b) in zip(ends, spans, strict=False))


@given(st.text(alphabet="王李于區縣長局記者、，。第三兩百萬年月日塊２０２４％在說", max_size=40))
def test_traditional_characters_and_full_width_make_no_difference(text: str) -> None:
    for find in FINDERS:
        assert find(text) == find(fold(text))
