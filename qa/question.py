"""What a question asks: the kind of answer, the words it is about, the word it asks for. No model.

>>> analyse("贾鲁河治理有什么要求").kind
<Kind.LIST: 'list'>
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from index.asking import without_asking
from index.patterns import lazy
from index.tokens import fold
from qa.counting import unit_of


class Kind(StrEnum):
    """The kind of thing that would answer."""

    PERSON = "person"
    OFFICE = "office"
    DATE = "date"
    PLACE = "place"
    NUMBER = "number"
    MONEY = "money"
    LIST = "list"
    REASON = "reason"
    METHOD = "method"
    AUTHOR = "author"
    SPEECH = "speech"
    DEFINITION = "definition"
    GROUP = "group"
    ARTICLES = "articles"
    TIMELINE = "timeline"
    SUMMARY = "summary"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart. Spans count in ``text``; ``folded`` is as long as ``text``.

    ``about`` is ``folded`` with the asking words blanked out. ``focus`` is the span of what is
    asked for (“有什么**要求**”, “**总投资**是多少”), or None. What stands before ``context`` was
    taken over from earlier turns: it says what the talk is about, not what is asked now.
    ``unit`` is a pattern of what is counted (“几**个人**”), or "". ``ordinal`` is the number of
    the item that is asked for (“**第二**条意见”), or 0.
    """

    text: str
    folded: str
    about: str
    language: str
    kind: Kind
    focus: tuple[int, int] | None
    context: int = 0
    unit: str = ""
    ordinal: int = 0


_ASKED_THINGS = (
    "要求|措施|举措|办法|做法|内容|意见|建议|任务|工作|方面|问题|情况|活动|部署|安排|目标|重点|特点|亮点|成果|成效|条件|原则|规定|服务|项目|单位|部门"
    "|地方|企业|领导|希望|好处|作用|功能|优势|影响|变化|困难|材料|手续|步骤|奖项|荣誉|政策|计划|打算|人员|精神|指示|事项|职责|责任"
)
_NOT_NAMED = "(?<![称成作改分视译名认变定列评选命封归化升现])"  # 称**为什么**: what, not why
_SOMEBODY = (
    "(?:(?<![国商厂哪])家|[人者员长师生手星红王妃侠嫂爸妈爹娘哥姐弟妹叔姨爷奶孩友迷]|[皇王]后|[他她你我谁]|公主|业主|车主|机主|导演|编剧"
    "|老板|丈夫|妻子|[儿女妹男嫂]子|女儿|[子孙]女|父亲|母亲|[男女]孩|总统|总理|首相|总裁|教授|博士|教练|书记|主席|主任|经理|总监|冠军|[主配]角"
    "|嫌疑?犯|同学|同事|邻居|搭档|秘书|司机|英雄|少年|青年|模特|偶像|嘉宾|主播|主帅|将军|记者|专家)"
)
"""What ends the words for a person: 老板叫什么 asks for somebody, 这部电影叫什么 does not."""
_THAT_IS = r"(?:大?约|一共|总共|应该|一般)?[是为有]?[:：?？。( （)）_\s]*$"
_MEASURES = (
    "面积|高度|海拔|长度|宽度|深度|重量|体重|身高|人口|人数|数量|总数|温度|速度|时长|寿命|年龄|岁数|距离|容量|体积|产量"
    "|销量|电话|热线|号码|车程|密度|直径|浓度|含量|功率|邮编|人次|增速|增长率|增幅|[通失就生离死][胀业育婚亡]率|升学率|录取率|收视率|利率|税率|汇率"
    "|交付量|出货量|客流量|[耗用发]电量|分数线|比分|排名"
)
_PRICED = "[票房单造报售电油总]价|价格|费用|学费|投资额?|金额|经费|工资|薪[水资]|[月年]薪|利润|营收|收入|票房|产值|市值|销售额|成交额|债务|奖金|罚款|预算|成本|gdp|生产总值"
# Tried in order: the first that is found decides.
_CHINESE: tuple[tuple[Kind, str], ...] = (
    (
        Kind.ARTICLES,
        r"(?:哪些|什么|啥|[哪几][几]?[篇条则])[^，,。是]{0,16}?(?:新闻|报道|文章|消息|稿件|稿子)(?=$|[?？，,是有提谈说讲写涉介吗])"
        r"|(?:写|采写|发表|刊登)(?:过|了)?(?:哪些|哪几|什么)(?!内容|要求)"
        r"|(?:参加|出席|参与)(?:过|了)?(?:哪些|哪几[个场次项]|什么)(?:活动|会议|场合)"
        r"|(?:列出|列举|罗列|找出)[^，,。]*(?:新闻|报道|文章|消息)",
    ),
    (
        Kind.TIMELINE,
        r"(?:进展|历程|来龙去脉|时间线|时间轴|大事记|前后经过)(?:情况)?(?:$|[?？]|如何|怎么?样|是什么|是怎样|有哪些)|(?:最新|目前)进展",
    ),
    (
        Kind.SUMMARY,
        r"^(?:请|麻烦|能不能|能否|可以)?你?(?:给我|帮我)?(?:介绍|总结|概括|概述|归纳|讲讲|说说|谈谈|聊聊)(?:一下|下)?(?!.*(?:谁|哪|什么|多少|几|为何|吗))"
        r"|(?:概况|简介|基本情况)(?:$|[?？]|是什么|如何|怎么?样)",
    ),
    (
        Kind.DEFINITION,
        r"(?:说|指)的是(?:什么|哪|啥)|是指(?:什么|哪|啥)|(?:什么|啥)(?:意思|含义)|(?:代表|意味着)(?:了)?(?:什么|啥)|什么叫|何谓|(?:具体|分别)指(?:什么|哪|的)",
    ),
    (
        Kind.AUTHOR,
        r"(?:哪[位个名几些]*|谁是|是谁|叫什么|什么名字|谁)[^，,。]*?(?<![向给对见受诉跟和与问了])(?:记者|通讯员|作者|撰稿|供稿)|(?:记者|通讯员|作者|编辑|供稿)[^，,。]{0,6}?(?:是谁|的?谁|叫什么|是哪|姓|有谁|有哪|都有)|谁(?:采)?写的|由谁(?:采写|报道|撰写)|谁报道|谁采写",
    ),
    (Kind.PERSON, r"(?:谁|哪一?(?:位人?|个人|个(?!职)))[^，,。]*(?:职务|职位)(?!是什么)"),
    (
        Kind.DATE,
        r"(?:何时|什么时候|什么时间|哪一?[年天])[^，,。]{0,8}?(?:[担出接就卸离上]任|辞去|当选|离开)",
    ),
    (
        Kind.OFFICE,
        r"职务|职位|何职|什么官|什么领导|什么级别的?(?:领导|干部|官员?)|头衔|什么身份|任什么(?:$|[?？])|(?<![用拿]来)(?<!用[于以])[干做]什么的",
    ),
    (
        Kind.GROUP,
        r"(?:单位|公司|企业|集团|机构)(?:的名称)?(?:叫什么|是谁|叫啥)|哪一?[家个所](?:公司|企业|集团|单位|部门|机构|学校|小学|中学|大学|医院|银行|工厂|局|委)",
    ),
    (
        Kind.DATE,
        r"什么时候|什么时间|何[时年月日]|哪一?[天日年]|几月|几号|什么日子|(?:什么|哪个?)季节|哪个?月|(?<![哪了过出有])几点(?!要求|意见|建议|希望|内容|措施|想法|看法)|日期|时间是|啥时候|多会儿",
    ),
    (
        Kind.PLACE,
        r"哪里|哪儿|什么地[方点]|何[地处]|地[点址]|[在去到从]哪(?![些几一二两三四五六七八九十集])|啥地方|哪个(?:地方|城市|省|市|区|县|镇|村|国家|会议室)|哪国",
    ),
    # By how much: of a share as well as of an amount.
    (
        Kind.NUMBER,
        r"(?:增长|上升|上涨|涨|下降|下跌|下滑|减少|提高|提升|增加|增|降|跌|同比|环比)(?:幅度?)?[了为是约达到]{0,2}(?:多少|几)(?!个?[钱元亿万块人名家])",
    ),
    (
        Kind.MONEY,
        r"多少(?:个)?(?:钱|元|万元|亿元|亿|块|资金|美元)|(?:投资|资金|金额|经费|补贴|造价|价格|费用|收入|预算|利润|营收|票房|产值|市值|销售额|成交额|债务|罚款|奖金|捐款|亏损|gdp|生产总值|投|花|赔)[^，,。]{0,8}?(?:多少(?!时间|天|年|小时|公里|个(?![亿万])|台(?!币)|[人名次张辆家套只件座条棵吨亩户间所份])|几[个]?亿|几[百千]?万)|价钱|多贵|什么价(?!值)|价位",
    ),
    (
        Kind.PERSON,
        r"哪[几些][位名](?:$|[?？])|哪[几些][位名]?(?:人(?!员)|领导|同志|干部|专家|代表|记者|[^，,。]{0,4}领导)",
    ),
    (
        Kind.LIST,
        rf"哪些|有啥|分别|列举|都有|哪[一二两三四五六七八九十几][项个条点种方类大步家件座所处间款支]|几(?:项|点|条|件事|方面)|(?:什么|啥|怎样的|怎么样的|哪)(?:新|具体|主要|重点)?(?:的)?(?:{_ASKED_THINGS})",
    ),
    (
        Kind.NUMBER,
        r"多少|几(?:[个名人次家位岁届期批户套栋辆种年倍成天公座所间台棵头只斤吨米本张把艘架集班趟场笔颗枚瓶袋处节堂页轮度]|小时|分钟|周)|几比几|多少比多少|哪一?集|多[大长久高远宽重深快]|百分之几|第几|几分之",
    ),
    (
        Kind.PERSON,
        rf"谁|哪[一几]?位|哪个人|何人|什么人|{_SOMEBODY}(?:的?[本原真全]?名字?)?叫(?:什么|啥)(?:名|$|[?？])|{_SOMEBODY}的?[真全本]?名[字是叫]*(?:什么|啥|$|[?？])|姓名|哪[几些](?:人|领导|名)",
    ),
    (
        Kind.REASON,
        rf"{_NOT_NAMED}为(?:什么(?!样)|何(?![人物种时地处年])|啥)|原因|怎么会|缘由|何以|(?<!项)目的|意义",
    ),
    (
        Kind.SPEECH,
        r"(?:怎么|咋|如何|怎样)(?:说|看|讲|评价|回应|表示|表态|强调)|评价(?:如何|怎样|怎么样)|(?:说|讲|谈|强调|指出|表示|回应|介绍|透露|认为)(?:到|过)?了?(?:什么|啥|些什么|些啥)",
    ),
    (Kind.METHOD, r"怎么|怎样|如何|咋|什么(?:方式|方法|途径|手段|路径)"),
    # A word asks, but for none of these: what follows it is no end that asks.
    (Kind.FACT, r"哪|(?:什么|啥)(?![?？。\s]*$)|谁"),
    # No word asks: the noun at the end does (“项目总投资”, “开馆时间是”).
    (Kind.DATE, rf"(?:时间|日期|年份|年代|生日){_THAT_IS}"),
    (
        Kind.MONEY,
        rf"(?:{_PRICED}){_THAT_IS}",
    ),
    (Kind.PLACE, rf"(?:地[址点]|位置|出生地|产地|所在地){_THAT_IS}"),
    (
        Kind.PERSON,
        rf"(?:[男女]?主[演角]|导演|编剧|创[始办]人|发明[人者]|得主|发言人|[冠亚季]军|总理|总统|首相|主席|[省市区县镇乡村校院局队班社]长|书记|班主任|负责人){_THAT_IS}",
    ),
    (Kind.NUMBER, rf"(?:{_MEASURES}){_THAT_IS}|[占比]例|占比|比率"),
)
_ENGLISH: tuple[tuple[Kind, str], ...] = (
    (
        Kind.ARTICLES,
        r"\b(?:which|what|list|find|show)\b.{0,30}\b(?:articles|news|stories|reports)\b|\bwhat (?:did|has) .{1,40}\b(?:write|written)\b",
    ),
    (
        Kind.TIMELINE,
        r"\b(?:timeline|chronology|progress|history) of\b|\bwhat progress\b|\bhow (?:has|did) .{1,50}\b(?:progress|develop|proceed)(?:ed)?\b",
    ),
    (
        Kind.SUMMARY,
        r"^(?:please )?(?:tell me (?:more )?about|introduce|summari[sz]e|describe|give (?:me )?an overview)\b|\boverview of\b",
    ),
    (
        Kind.AUTHOR,
        r"\bwho (?:wrote|authored|reported (?:it|this|that|the (?:story|news)))|\bwhich (?:reporter|journalist|correspondent)|\b(?:reporter|journalist|author|correspondent|byline)\b",
    ),
    (
        Kind.OFFICE,
        r"\b(?:what|which) (?:is|was|are|were)?.{0,30}\b(?:position|post|title|office|role|job)\b",
    ),
    (
        Kind.DATE,
        r"^(?!(?:(?:in|at|on|to|from|for|by) )?(?:which|what|who|whose|whom|where|why|how)\b).*\bwhen\b|\bwhat (?:date|day|time|year|month)|\bwhich (?:date|day|year|month)|\bon what",
    ),
    (
        Kind.PLACE,
        r"\bwhere\b|\b(?:what|which) (?:place|location|city|venue|room|address|country|province)|\bwhich (?:\w+ )?(?:state|county|city|town|village|district)\b",
    ),
    (
        Kind.MONEY,
        r"\bhow much\b|\bwhat(?: is|'s| was| are| were| will be)? (?:the |its )?(?:\w+ ){0,3}(?:cost|price|budget|investment|compensation|subsidy|fee)s?\b",
    ),
    (
        Kind.NUMBER,
        r"\bhow (?:many|long|old|large|big|tall|far|often|high)|\bwhat (?:number|percentage|proportion|share)",
    ),
    (Kind.PERSON, r"\bwho(?:m|se)?\b"),
    (Kind.REASON, r"\bwhy\b|\bwhat (?:is|was) the (?:reason|purpose|significance|meaning|aim)"),
    (
        Kind.LIST,
        r"\b(?:what|which)\b.*\b(?:measures|demands|requirements|steps|tasks|points|items|things|departments|areas|aspects|opinions|suggestions|terms|goals|units|topics|methods|works?|projects|people|leaders|officials)\b|\bwhat (?:was|were|is|are) (?:\w+ )?(?:demanded|required|asked|requested|urged)|\bwhat (?:did|does|do) .{1,60}\b(?:demand|require|request|urge|propose|suggest|ask (?:for|of))\b|\blist\b",
    ),
    (
        Kind.SPEECH,
        r"\bwhat (?:did|does|do|has|have) .{1,60}\b(?:say|said|stress|stressed|comment|emphasi[sz]e|point out|pointed out)\b",
    ),
    (Kind.METHOD, r"\bhow\b"),
)
_RULES = {
    "zh": tuple((kind, lazy(p)) for kind, p in _CHINESE),
    "en": tuple((kind, lazy(p)) for kind, p in _ENGLISH),
}
_HAN = lazy("[\u3400-\u9fff]")
_KANA = lazy("[\u3040-\u30ff]")
_HANGUL = lazy("[\uac00-\ud7af]")
# What is asked for: the noun after 什么 / 哪些 …, else the noun before 是多少 / 是什么 / 是谁.
_FOCUS_AFTER = lazy(
    r"(?:哪(?![里儿年月日天])[一二两三四五六七八九十几]?+[些项个条点种类位家名件]{0,2}+|有?(?:(?<!为)什么|啥)(?!时候|季节)"
    r"|多少(?![钱元])[项个条名位家座所户件]?+|怎样的|怎么样的|几[项个条点种类名位家座所户件]++)(?:样)?(?:的)?+"
    rf"(?P<focus>[\u4e00-\u9fff]{{0,4}}?(?:{_ASKED_THINGS})++|[\u4e00-\u9fff]{{1,8}}?(?=[，,。?？\s]|$|[是有为被由让到在]|[要能可会应需]))"
)
_FOCUS_BEFORE = lazy(
    r"(?:的|^)(?P<focus>[\u4e00-\u9fffA-Za-z]{2,10}?)(?:一共|总共|大概|约|都|分别)?"
    rf"(?:[是有]|{_NOT_NAMED}为)(?:多少|几|什么|谁|哪|(?:怎样|怎么样)的(?=[?？。]|$))"
)


CATEGORIES = frozenset(
    """地方 单位 部门 方面 内容 东西 人员 措施 办法 做法 工作 任务 要求 事项 环节 企业 机构 项目 活动 人 证件 材料 条件
    症状 危害 样子 外形 外貌 外观 特征 特点 特色 性质 影响 后果 结果 注意事项 死因 职业 身份 体裁 题材 风格 用途 功效 作用 成分
    类型 种类 形式 形状 颜色 关系 意义 含义 好处 坏处 优点 缺点 优势 情况 物质 动物 植物 物品 称号 别名""".split()
)
"""Nouns that say of what kind the things asked for are; the things themselves are of other words."""
_COUNTED = (Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.GROUP, Kind.FACT, Kind.PLACE)
"""Kinds whose answers stand with a unit; elsewhere in a question one asks for nothing
(哪位皇帝把城市**面积**…)."""


def analyse(text: str, context: int = 0) -> Question:
    """Take a question apart; traditional characters and full width make no difference."""
    folded = fold(text)
    language = language_of(text)
    kind = _kind(folded[context:], language)
    return Question(
        text=text,
        folded=folded,
        about=without_asking(text),
        language=language,
        kind=kind,
        focus=_focus(folded, context) if language == "zh" else None,
        context=context,
        unit=unit_of(folded[context:], kind is Kind.PLACE) if kind in _COUNTED else "",
        ordinal=_ordinal(folded[context:]),
    )


def language_of(text: str) -> str:
    """The language of a question: ``zh``, ``ja``, ``ko``, else ``en`` for Latin script."""
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    return "zh" if _HAN.search(text) else "en"


def _kind(folded: str, language: str) -> Kind:
    for kind, pattern in _RULES.get(language, ()):
        if pattern.search(folded):
            return kind
    return Kind.FACT


_ORDINAL = lazy(
    r"第([一二三四五六七八九十])(?:[条点项个]|方面)|\b(first|second|third|fourth|fifth) (?:point|demand|requirement|item|opinion|measure|task)"
)


def is_ordinal(word: str) -> bool:
    """Whether a word only numbers the item that is asked for (第一条, 第二点)."""
    return _ORDINAL.fullmatch(word) is not None


def _ordinal(folded: str) -> int:
    match = _ORDINAL.search(folded)
    if not match:
        return 0
    if match.group(1):
        return "一二三四五六七八九十".index(match.group(1)) + 1
    return ("first", "second", "third", "fourth", "fifth").index(match.group(2)) + 1


def asking_spans(question: Question) -> list[tuple[int, int]]:
    """Where the words stand that only ask (什么, 由谁, 有哪些)."""
    spans: list[tuple[int, int]] = []
    for i, (char, kept) in enumerate(zip(question.folded, question.about, strict=True)):
        if char != kept:
            if spans and spans[-1][1] == i:
                spans[-1] = (spans[-1][0], i + 1)
            else:
                spans.append((i, i + 1))
    return spans


def _focus(folded: str, context: int) -> tuple[int, int] | None:
    for pattern in (_FOCUS_AFTER, _FOCUS_BEFORE):
        match = pattern.search(folded, context)
        if match:
            return match.span("focus")
    return None
