"""The words of a credit line: roles, labels, names, as patterns. `index.pages.bylines` puts them together."""

from __future__ import annotations

import re

from index.pages.cues import HAN

# The commonest family names, simplified and traditional. A bare name needs one of them.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤景乐常温康施牛樊"
    "葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆"
    "蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑党宫费卜冷晏席卫米柏宗瞿"
    "桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封匡鞠惠荆储胥原水宿揭蔺屠"
    "張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭蔣葉蘇呂盧鍾譚陸範賈韋鄒閻龍賀顧龔萬錢嚴湯樂溫龐顏莊聶魯歐關蘭畢單塗穀駱"
    "藍遊華喻饒陽時農繆簡車項連蘆麥婁竇黨宮費衛應閔鄔邊師榮叢鞏談"
)
# Words of the trade that follow “记者” without being a name.
_NO_NAME = re.compile(
    r"^(?:调查|观察|手记|日记|节|走|探访|连线|获悉|体验|视角|述评|采访|报道|从|在|招待|会|站|问|见面|了解|发现|近日|日前)"
)
REPORTER = r"(?:记者|記者|通讯员|通訊員|实习生|實習生|评论员|評論員|撰稿人?|供稿|特约撰稿|作者|采写|执笔|撰文)"
_BESIDE = r"(?:文[/／]图|图[/／]文|文图|图文|文字|文|整理|编译)"
_PHOTO = r"(?:摄影报道|摄影|攝影|摄像|供图|图片|图|摄|攝)"
EDITOR = (
    r"(?:责任编辑|責任編輯|责编|責編|(?:本版|本期|值班|新媒体|实习|执行)?(?:编辑|編輯)|值班(?:编委|主任|总编)|"
    r"(?:执行|副)?(?:主编|总编辑?)|编审|编委|编校|责校|校对|校對|审核|審核|审校|审读|[初复终一二三]审|监审|"
    r"总?监制|总?策划|统筹|美编|版式|排版|录入|签发|编发|审签)"
)
SOURCE = (
    r"(?:(?:信息|文章|稿件|新闻|消息|内容)?[来來]源|稿源|出处|来稿|供稿单位|发布(?:单位|机构|者|人)|发文机关|"
    r"(?:转|轉)自|原载|摘自)"
)
_STAMP = (
    r"(?:(?:发布|發布|發佈|发表|更新|刊发|见报|上传|发稿|成文|发文|印发|公开|公布|出版)(?:时间|時間|日期)|日期|时间|時間|"
    r"(?:浏览|阅读|点击|访问)(?:次数|量|数)?|人气|字号|字体(?:大小)?|分享到?|打印(?:本页)?|关闭窗口|收藏|评论数?|"
    r"索引号|文号|发文字号|(?:主题|信息)分类|版次|版面|栏目|频道|关键词|标签)"
)
_ENGLISH = r"(?:(?:[Ww]ritten |[Rr]eport(?:ing|ed) |[Pp]hotos? )?(?:[Bb]y|BY)|Authors?)"
_ENGLISH_STAMP = r"(?:Published|Posted|Updated|Last updated|Publication date|Release date|Date)"
ORGAN = (
    rf"(?:[{HAN}·A-Za-z0-9]{{0,14}}(?:报|報|社|网|網|台|刊|媒体|媒體|融媒|客户端|视频|新闻|新聞|在线|中心|发布|首席|"
    rf"实习|實習|见习|特约|特派|资深|体育|财经|文化|法治|摄影|文字|本版|区|市|县|局|委|办|院|校|部|厅|公司|学院|大学)"
    rf"|驻[{HAN}]{{2,4}})"
)
_LABEL = re.compile(
    rf"(?P<source>{SOURCE}|Sources?)|(?P<stamp>{_STAMP}|{_ENGLISH_STAMP})|(?P<editor>{EDITOR}|Edit(?:ing|ed) by|Editors?)"
    rf"|(?P<author>{REPORTER}|{_BESIDE}|{_ENGLISH})|(?P<photo>{_PHOTO})"
)
LABELLED = re.compile(rf"(?:{_LABEL.pattern})\s*[:：︰｜]\s*")
ROLE = re.compile(rf"{ORGAN}?(?:(?P<author>{REPORTER})|(?P<editor>{EDITOR}))")
BARE_ROLE = re.compile(rf"(?:(?P<photo>{_PHOTO})|(?P<author>{_BESIDE}|BY|By|by))")
NAME_ROLE = re.compile(
    rf"(?P<name>[{HAN}]{{2,3}})(?:(?P<photo>{_PHOTO})|(?P<author>{_BESIDE})|(?P<editor>{EDITOR}))"
)
REPORTER_IN = re.compile(REPORTER)
FILLER = re.compile(
    rf"[{HAN}]{{0,6}}(?:报道|報導|報道|报导|综述)|完|讯|本报综合|综合整理|发自[{HAN}]{{2,4}}|"
    rf"原创|发表于[{HAN}]{{2,4}}|[{HAN}]{{2,8}}(?:发布|视窗|融媒|在线|日报|晚报|时报|网)|"
    rf"(?:据)?(?:新华社|中新社|新華社)[{HAN}]{{0,4}}电?"
)
TIME = re.compile(
    r"(?:上午|下午|星期[一二三四五六日天]|周[一二三四五六日])?(?:\d{1,2}[:：]\d{2}){1,2}(?:[:：]\d{2})?|星期[一二三四五六日天]"
)
ORIGIN = re.compile(
    rf"(?:据|转自|原载|摘自|来源|本报|稿件?来自|作者(?:系|单位|为|是))[《]?[{HAN}A-Za-z·、]{{2,24}}[》]?(?:电|报道|整理|综合)?"
)
ENGLISH_NAMES = re.compile(
    r"(?:(?:Written |Report(?:ing|ed) |Edit(?:ing|ed) |Photos? )?[Bb][Yy] )"
    r"[A-Z][\w.'’-]*(?:,? (?:(?:and|&) )?[A-Z][\w.'’-]*){0,9}(?:,? (?:in|for|of) [A-Z]\w+)?"
    r"(?:, [A-Za-z ]{3,40})?(?:\s*[|•·]\s*.{4,30})?"
)
BRACKETS = {"（": "）", "(": ")", "【": "】", "[": "]", "〔": "〕", "［": "］"}
EDGE = " \t\u3000■□▲△●○◎◆◇★☆※▪•*＊—－-~▌|｜“”()（）【】[]〔〕［］"
SENTENCE = re.compile(r"[。！？!?]")
# A word that begins with a family name but ends like an office or a thing is no person.
_NO_NAME_END = frozenset(
    "会镇区书局办部县市村街路院校所厂社员者委处科组团队场馆站法度态量性化率化业务"
)
TOKEN = re.compile(r"[^\s/／|｜、,，;；&()（）【】\[\]〔〕［］]+")


def is_name(token: str) -> bool:
    """Whether ``token`` reads as a Chinese person's name: a family name and one to three more."""
    return (
        2 <= len(token) <= 4
        and token[0] in SURNAMES
        and token[-1] not in _NO_NAME_END
        and re.fullmatch(f"[{HAN}]+", token) is not None
        and (len(token) < 4 or token[1] in SURNAMES or token[:2] in {"欧阳", "上官", "司马"})
    )


def could_be_name(token: str) -> bool:
    """After a role even a rare name counts, if it is not a word of the trade."""
    han = re.fullmatch(f"[{HAN}]{{2,3}}|[{HAN}]{{1,6}}[·•][{HAN}·•]{{1,12}}", token)
    latin = re.fullmatch(r"[A-Z][a-z]+", token)
    return bool(latin or (han and not _NO_NAME.match(token)))


def is_glued(token: str) -> bool:
    """Roles and names written in one: “本报记者张三通讯员李四”."""
    roles = list(REPORTER_IN.finditer(token))
    if not roles:
        return False
    organ = token[: roles[0].start()]
    if organ and not re.fullmatch(ORGAN, organ):
        return False
    stops = [*(r.start() for r in roles[1:]), len(token)]
    return all(
        is_name(token[r.end() : stop]) or (stop < len(token) and r.end() == stop)
        for r, stop in zip(roles, stops, strict=True)
    )
