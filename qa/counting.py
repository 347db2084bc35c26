"""What an answer stands with: the unit of a number (几个人: 名), the form of a telephone's, what puts
a thing at a place."""

from __future__ import annotations

import re

TELEPHONE = r"(?<![\d-])(?:\d{3,4}(?:[- ]\d{3,4}){1,2}|\d{3,4}-\d{7,8}|\d{5,}|1[12]\d)(?![\d-])"
"""A telephone's number: the unit of questions for one."""
LOCATED = "(?:[在于至赴往处从自址:]|位于?|地处|祖籍|籍贯|原产|驻[军扎守]?|定居|落户|葬)[^,，。;；、]{0,4}$"
"""What stands before a place that says where a thing is: the unit of such questions."""
_LENGTH = "公里|千米|米|厘米|毫米|公[分尺厘寸]|[里寸尺呎]|[kcm]?m(?![a-z])"
_PEOPLE = (
    "人|领导|干部|学生|学员|职工|员工|工人|群众|居民|村民|市民|农民|代表|老人|老年人|儿童|孩子|游客|观众|旅客|乘客|读者|用户|志愿者"
    "|教师|老师|医生|护士|患者|病人|党员|选手|运动员|队员|专家"
)
_UNITS = (
    # Where a thing is: a place behind a word that puts it there.
    (
        r"(?:在|位于|地处|坐落[于在]|设[于在])(?:哪[里儿]?|什么(?:地方|位置)|何[处地])[呢呀啊]?[?？\s]*$|(?:地址|位置)(?:是|在|[?？]|$)",
        LOCATED,
    ),
    (
        r"(?:单位|公司|企业|集团)(?:的名称)?(?:叫什么|是谁|叫啥)|哪一?[家个](?:公司|企业|集团|工厂)",
        "公司|集团|企业|厂",
    ),
    (
        r"哪一?年|什么年份|\bwh(?:at|ich) year\b",
        r"\d{4}|[今去明前后]年|[〇零一二三四五六七八九]{2,4}年",
    ),
    (r"多大(?:了|年纪|岁数|年龄)|几岁|年龄|年纪|\bhow old\b", "岁|周岁|years? old|aged"),
    (
        rf"(?:多少|几)(?:个|位|名)?(?:{_PEOPLE})|(?:多少|几)[位名]|\bhow many (?:people|persons|students)",
        "人|名|位|people|persons|students",
    ),
    (
        r"多久|多长时间|多少时间|(?:寿命|时间|时长|期限|[工任假学租]期|周期|历史|年限|有效期)(?:大?约|一般|通常|最|可以?|能|会|要|需要|[有是为到达的])*多[长久]|\bhow long\b",
        "年|月|天|日|周|小时|分钟|秒|永久|终[身生]|years?|months?|days?|weeks?|hours?|minutes?",
    ),
    (r"(?:多少|几)度电|[发用耗]电量", "度|千瓦时|kwh"),
    (r"(?:多少|几)天", "天|日|昼夜"),
    (r"几月|哪个?月", "月|[春夏秋冬季旬节]"),
    (r"(?:多少|几)个?(?P<unit>月|周|星期|分钟|秒)", ""),
    (r"第几(?P<unit>[张届次座条部期轮季任代批版集章回页节层])", ""),
    (r"第几|排名?[^,，。]{0,4}(?:多少|几)|(?:多少|几)名$", "第|名|位|冠军|亚军|季军"),
    (r"几比几|多少比多少|比分", "[:：比]"),
    (r"(?:电话|号码|热线)|\b(?:phone|telephone)\b", TELEPHONE),
    (r"多少面积|面积", "平方|亩|公顷|square"),
    (r"容[积量]|库容|蓄水量|体积", "立方|[升方人座吨发]|ml|lit(?:er|re)"),
    (r"多大", f"{_LENGTH}|平方|亩|公顷|[号码岁]|个月|square"),
    (
        r"多[长高宽深远]",
        f"{_LENGTH}|kilomet|met(?:er|re)|mile|feet",
    ),
    (r"(?:多少|几)(?:公里|千米)", "公里|千米|km(?![a-z])"),
    (r"[哪几]一?集", "集|回|话"),
    (r"(?:高度|海拔|长度|宽度|深度|距离|身高)", _LENGTH),
    (r"(?:多重|重量|体重)", "吨|公斤|千克|斤|克|ton|kilogram|[km]?g(?![a-z])"),
    (
        r"百分之几|占比|比例|比率|份额|占[^,，。]{0,8}多少|(?<![频功])率[^,，。]{0,3}多少|\bpercent",
        "%|％|百分之|成|倍|分之|[:：比]|percent",
    ),
    (
        r"(?:多少|几)(?P<unit>[套亩吨户家次座栋幢辆条篇本岁层级批所盏棵株头只种类分节堂页轮张字斤]|公顷|平方米|立方米|小时|万人)",
        "",
    ),
)


def unit_of(folded: str, place: bool) -> str:
    """A pattern of what a number, a day or a body that answers stands with, "" where it is not
    known; if a ``place`` is asked for, of what stands before it."""
    for asked, unit in _UNITS:
        if (unit == LOCATED) != place:
            continue
        match = re.search(asked, folded)
        if match:
            return unit or re.escape(match["unit"])
    return ""
