"""What a question asks: its kind, the word it asks for, its language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.tokens import fold
from qa.question import Kind, analyse, asking_spans, language_of

# question, kind, what is asked for
CHINESE: list[tuple[str, Kind, str | None]] = [
    ("贾鲁河治理有什么要求", Kind.LIST, "要求"),
    ("云岭水库除险加固工程提出了哪些要求", Kind.LIST, "要求"),
    ("县里采取了哪些措施防汛", Kind.LIST, "措施"),
    ("食堂整改主要抓哪几个方面", Kind.LIST, "方面"),
    ("经济运行要从哪两方面抓", Kind.LIST, "方面"),
    ("这次检查发现了哪些问题", Kind.LIST, "问题"),
    ("发现的问题主要集中在哪些方面", Kind.LIST, "方面"),
    ("明年镇里打算做哪几件事", Kind.LIST, "事"),
    ("茶厂有啥优惠政策", Kind.LIST, "优惠政策"),
    ("三项制度分别是什么", Kind.LIST, "三项制度"),
    ("报名条件有哪些", Kind.LIST, "报名条件"),
    ("林晓棠提出了几点要求", Kind.LIST, "要求"),
    ("陆清和在防汛会上强调了哪几点", Kind.LIST, None),
    ("请列举首批改造的小区", Kind.LIST, None),
    ("工程总投资是多少", Kind.MONEY, "工程总投资"),
    ("补贴标准是多少元", Kind.MONEY, "补贴标准"),
    ("修这条路花了多少钱", Kind.MONEY, None),
    ("这座桥造价多少", Kind.MONEY, None),
    ("茶叶一斤多少钱", Kind.MONEY, None),
    ("上半年收入增长了多少", Kind.NUMBER, None),
    ("水库里哪种鱼占比最高", Kind.FACT, "鱼占比最高"),
    ("什么季节采茶", Kind.DATE, None),
    ("他何时辞去局长职务", Kind.DATE, None),
    ("这座小楼是用来做什么的", Kind.FACT, None),
    ("谁主持了会议", Kind.PERSON, None),
    ("由谁带队检查", Kind.PERSON, None),
    ("谁向记者介绍了情况", Kind.PERSON, None),
    ("水务局局长是谁", Kind.PERSON, "水务局局长"),
    ("合作社理事长叫什么名字", Kind.PERSON, "名字"),
    ("掌柜的女儿叫什么", Kind.PERSON, None),
    ("测雨量的仪器叫什么", Kind.FACT, None),
    ("这种点心叫什么名字", Kind.FACT, "名字"),
    ("林小棠在县里担任哪一个职位", Kind.OFFICE, "职位"),
    ("剧团给县里留了多少张票", Kind.NUMBER, "张票"),
    ("山核桃收在什么价位", Kind.MONEY, "价位"),
    ("这座古桥有什么价值", Kind.FACT, "价值"),
    ("小林的特长是什么", Kind.FACT, "小林的特长"),
    ("新生一周要上几节课", Kind.NUMBER, None),
    ("柳溪队几比几赢了望川队", Kind.NUMBER, None),
    ("哪位领导出席了开工仪式", Kind.PERSON, "领导"),
    ("哪些领导参加了座谈会", Kind.PERSON, "领导"),
    ("水库什么时候完工", Kind.DATE, None),
    ("会议是哪天举行的", Kind.DATE, "会议"),
    ("新规从何时起施行", Kind.DATE, None),
    ("会议几点开始", Kind.DATE, "开始"),
    ("图书馆开馆时间", Kind.DATE, None),
    ("从南竿到东引要花费多少时间", Kind.NUMBER, "时间"),
    ("这种共振被称为什么", Kind.FACT, None),
    ("盲点呈现为什么样的形状", Kind.FACT, None),
    ("茶山的名字是怎样得来的", Kind.METHOD, None),
    ("现代远程教育起源于（ ）年代", Kind.DATE, None),
    ("施工的时间要求", Kind.FACT, None),
    ("项目总投资", Kind.MONEY, None),
    ("停车场票价是", Kind.MONEY, None),
    ("活动地址", Kind.PLACE, None),
    ("渠首的海拔高度是", Kind.NUMBER, None),
    ("咨询电话：", Kind.NUMBER, None),
    ("演员出场在哪集", Kind.NUMBER, "集"),
    ("夜市开到几点", Kind.DATE, None),
    ("啥时候能通车", Kind.DATE, None),
    ("会议在哪里召开", Kind.PLACE, None),
    ("工程在什么地方", Kind.PLACE, "地方"),
    ("茶园位于哪个镇", Kind.PLACE, "镇"),
    ("新图书馆建在哪儿", Kind.PLACE, None),
    ("工地有多少名施工人员", Kind.NUMBER, "施工人员"),
    ("全县有几家养老院", Kind.NUMBER, "养老院"),
    ("全区有几座小型水库", Kind.NUMBER, "小型水库"),
    ("水库库容有多大", Kind.NUMBER, None),
    ("增长比例是多少", Kind.NUMBER, "增长比例"),
    ("合格率是百分之几", Kind.NUMBER, None),
    ("周启明担任什么职务", Kind.OFFICE, "职务"),
    ("何志远是干什么的", Kind.OFFICE, None),
    ("杨勇明是哪个单位的，什么职务", Kind.OFFICE, "单位"),
    ("河道由哪家公司施工", Kind.GROUP, "公司施工"),
    ("“一网通办”指的是什么", Kind.DEFINITION, None),
    ("为什么要加固水库", Kind.REASON, None),
    ("停水的原因是什么", Kind.REASON, "停水的原因"),
    ("这个项目有什么意义", Kind.REASON, "意义"),
    ("怎么申请补贴", Kind.METHOD, None),
    ("如何报名参加招聘", Kind.METHOD, None),
    ("林晓棠怎么说", Kind.SPEECH, None),
    ("她强调了什么", Kind.SPEECH, None),
    ("镇长介绍了什么", Kind.SPEECH, None),
    ("这篇报道是谁写的", Kind.AUTHOR, "这篇报道"),
    ("水库开工的记者是谁", Kind.AUTHOR, "水库开工的记者"),
    ("哪位记者采写了茶叶的新闻", Kind.AUTHOR, None),
    ("夜市关门了吗", Kind.FACT, None),
    ("松坪镇的茶叶", Kind.FACT, None),
    ("報名條件有哪些", Kind.LIST, "報名條件"),
    ("工程總投資是多少", Kind.MONEY, "工程總投資"),
    ("誰主持會議", Kind.PERSON, None),
    ("什麼時候完工", Kind.DATE, None),
]
ENGLISH = [
    ("Who chaired the meeting?", Kind.PERSON),
    ("When will the reservoir be finished?", Kind.DATE),
    ("On what date did it open?", Kind.DATE),
    ("Where will the new library stand?", Kind.PLACE),
    ("How many seats will it have?", Kind.NUMBER),
    ("How long is the trail?", Kind.NUMBER),
    ("What percentage of samples passed?", Kind.NUMBER),
    ("How much does the work cost?", Kind.MONEY),
    ("What is the total investment of the project", Kind.MONEY),
    ("Why did the cost rise?", Kind.REASON),
    ("Why was the car park dropped?", Kind.REASON),
    ("What measures were taken?", Kind.LIST),
    ("What was demanded of the builders?", Kind.LIST),
    ("What did Han Suyue demand for the river project?", Kind.LIST),
    ("Which departments took part?", Kind.LIST),
    ("What did the mayor say about tea?", Kind.SPEECH),
    ("How did they mend the roof?", Kind.METHOD),
    ("Who wrote the article about the library?", Kind.AUTHOR),
    ("What post does Lin Xiaotang hold?", Kind.OFFICE),
    ("In which old town was she when the flood came?", Kind.PLACE),
    ("What did the county demand of the builders?", Kind.LIST),
    ("What measures did the city take?", Kind.LIST),
    ("Who led the county when the bridge fell?", Kind.PERSON),
    ("Is the old depot open?", Kind.FACT),
]


@pytest.mark.parametrize(("text", "kind", "focus"), CHINESE)
def test_chinese_questions(text: str, kind: Kind, focus: str | None) -> None:
    question = analyse(text)
    assert question.language == "zh"
    assert question.kind is kind
    assert (text[slice(*question.focus)] if question.focus else None) == focus


@pytest.mark.parametrize(("text", "kind"), ENGLISH)
def test_english_questions(text: str, kind: Kind) -> None:
    question = analyse(text)
    assert (question.language, question.kind, question.focus) == ("en", kind, None)


@pytest.mark.parametrize("text", ["有哪些要求", "總投資是多少", "ＷＨＯ ｃｈａｉｒｅｄ？"])
def test_script_and_width_make_no_difference(text: str) -> None:
    assert analyse(text).kind is analyse(fold(text)).kind


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("谁写的", "zh"),
        ("GDP是多少", "zh"),
        ("Who?", "en"),
        ("工事はいつ終わりますか", "ja"),
        ("언제 끝납니까", "ko"),
        ("", "en"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_asking_words_are_blanked_where_they_stand() -> None:
    question = analyse("贾鲁河治理有什么要求")
    assert question.about == "贾鲁河治理   要求"
    assert asking_spans(question) == [(5, 8)]


def test_context_says_what_the_talk_is_about_and_not_what_is_asked() -> None:
    text = "什么时候开工，有哪些要求"
    assert analyse(text).kind is Kind.DATE
    question = analyse(text, context=7)
    assert question.kind is Kind.LIST
    assert question.focus == (10, 12)


questions = st.text() | st.text(
    alphabet="谁哪些多少什么几个点年工程要求的是有 ，？?abWho县", max_size=40
)


@given(questions)
def test_any_text_is_taken_apart(text: str) -> None:
    question = analyse(text)
    assert len(question.folded) == len(question.about) == len(text)
    assert all(a in (" ", f) for a, f in zip(question.about, question.folded, strict=True))
    spans = [*asking_spans(question), *([question.focus] if question.focus else [])]
    assert all(0 <= start < end <= len(text) for start, end in spans)


@given(questions, st.integers(0, 40))
def test_the_focus_stands_after_the_context(text: str, context: int) -> None:
    question = analyse(text, min(context, len(text)))
    assert question.focus is None or question.focus[0] >= min(context, len(text))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("会议开了几天", "天"),
        ("隧道有多长", "公里"),
        ("他今年多大了", "岁"),
        ("这是他的第几张专辑", "张"),
        ("哪位皇帝把城市面积扩大了两倍", ""),  # a person is asked for, nothing is counted
        ("面积最大的是哪个城市", ""),
        ("展馆在哪里", "位于"),
        ("会议在哪里召开", ""),
        ("油菜几月开花", "春"),
        ("食堂服务了多少老人", "人"),
        ("油箱容量有多大", "升"),
        ("桥墩有多高", "米"),
        ("剧里第几集提到水库", "集"),
        ("柳溪队几比几赢了望川队", "比"),
        ("水泵的寿命有多长", "小时"),
        ("时间长廊有多长", "公里"),
        ("水电站一年发多少度电", "千瓦时"),
    ],
)
def test_what_counts_is_asked_for_by_its_kind(text: str, unit: str) -> None:
    found = analyse(text).unit
    assert unit in found
    assert bool(unit) == bool(found)
