"""Spans of text that could answer a question of a kind: persons, dates, numbers, places, offices.

Patterns, not a model: they say whether a sentence holds the kind of thing that is asked for, and
which characters to mark. Spans count in the text given.
"""

from __future__ import annotations

import re

from index.patterns import lazy
from index.tokens import Segmenter, fold

Span = tuple[int, int]

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁"
    "葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜肖詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺袁"
)
_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|长孙|宇文"
_ALSO_WORDS = "和向应都全时于从连成查明经国"  # surnames that are mostly something else
NAME = rf"(?:(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}|[{SURNAMES}][\u4e00-\u9fff]{{1,2}})"
OFFICE_WORD = (
    "副?主任医师|总书记|副书记|书记|副主席|主席|总经理|副总经理|经理|董事长|副主任|主任|副区长|区长|副县长|县长|副市长|市长|副省长|省长|副镇长|镇长"
    "|副乡长|乡长|副局长|局长|副处长|处长|副科长|科长|副部长|部长|副院长|院长|副校长|校长|副所长|所长|副会长|会长|副秘书长|秘书长|副总裁|总裁"
    "|负责人|村支书|支书|村主任|组长|队长|园长|馆长|教授|研究员|工程师|医生|护士|教师|老师|厂长|站长|行长|理事长|代表|委员|常委|检察长|法官"
    "|邦长|大法官|总督|巡抚|知府|知县|议员|议长|将军|司令员|司令|军长|师长|旅长|团长|政委|参谋长|大臣|外长|州长|总监|总编辑|主编|监事|董事|顾问|主管"
    "|院士|讲师|领队|船长|机长|主帅|导演|制片人|舰长|律师|发言人|创始人|首席执行官|记者|通讯员|教练|总统|总理|首相|大使|医师|学科带头人|推官|知州|尚书|侍郎|御史|太守|刺史|节度使|提督|总兵|编修|教员|干事|领事|公使|参赞|牧师|主教|教官|助理|副厅长|厅长|副司长|司长|上将|中将|少将|秘书(?![处长])"
)
# What stands before an office's word belongs to it (县**水务局**局长) up to a verb or a particle.
_OFFICE = lazy(
    rf"(?:(?!陪同|会见|汇报|主持|出席|介绍|表示|代表)[\u4e00-\u9fffa-z](?<![的了为任和与及在是对向由从被让给])){{0,12}}?(?:{OFFICE_WORD})"
)
_HOLDS = lazy(r"[\s,:(]*(?:为|是|任|当|担任|出任|现任|时任|当选为?|被任命为)?[\s,:(]*")
# A name right after an office is a name even where jieba cannot tell.
_AFTER_OFFICE = lazy(rf"(?:{OFFICE_WORD}|(?<![人委成])员)(?:、|:|\s)?(?P<name>{NAME})")
_ACTING = "主持|出席|指出|强调|要求|表示|介绍|汇报|说|认为|提出|带队|陪同|宣布|宣读|讲话"
_ACTS = lazy(rf"(?:^|(?<=[,。;:、\s由]))(?P<name>{NAME})(?={_ACTING})")
_NOTHING_JOINED = lazy(rf"[,，。、;；:：)）]|{_ACTING}")
_NEXT_IN_LIST = lazy(rf"、(?P<name>{NAME})(?=[、,。;等和陪出参]|$)")
# Foreign names as they are written in Chinese: the characters that stand for their syllables,
# with a dot between their parts.
_SYLLABLES = (
    "阿埃艾爱别安昂奥巴白拜班邦包鲍贝本比彼毕宾波伯博布采蔡策查柴昌茨崔达大戴丹道德登邓狄迪蒂丁东杜顿多厄恩尔法凡范方菲费芬丰佛夫弗福富盖"
    "甘冈高戈格葛根贡古瓜圭郭哈海罕汉汗豪赫黑亨洪胡华怀惠霍基吉季加伽贾简江杰捷金津久卡凯坎康考柯科可克肯孔寇库夸宽奎昆拉莱赖兰朗劳勒雷"
    "李里理丽利莉立良列林琳龙隆娄卢鲁路露伦罗洛吕马玛迈麦曼芒毛茂梅门蒙孟米密敏明缪摩莫默姆木穆拿哪纳娜乃奈南嫩内能尼年涅宁纽农努女诺欧帕"
    "派潘庞培佩彭蓬皮匹平珀朴普齐其奇恰钱强乔切钦琼丘曲屈瑞让热仁日荣茹儒若撒萨塞赛三桑瑟森沙莎山珊尚绍舍申生圣施石史士寿舒思斯丝四松苏素"
    "孙索所塔泰坦汤唐陶特滕提田铁廷通透图土托陀瓦外万旺威韦维伟魏温文翁沃乌吴武伍西希悉锡席喜夏香肖谢辛欣兴姓雄休修许旭雪勋逊雅亚"
    "延扬杨耀耶叶伊衣依易英永尤雨约云泽翰什曾扎詹张珍郑芝治智朱茱卓兹子佐"
)
_FOREIGN = lazy(rf"[{_SYLLABLES}]{{1,7}}(?:[·‧•・∙・][{_SYLLABLES}]{{1,8}})+")
_NOT_IN_NAME = "河寨镇到在和与对说等主出参指表要强听率带赴会率汇介调同为的了一是就向及从将受作"

_ZH = "[〇零一二两三四五六七八九十百千万亿几数]"
_ZH_NUMBER = f"(?<!{_ZH}){_ZH}++"  # never from the middle of one: that would be slow, and no other
_DAYTIME = "(?:凌晨|早上|上午|中午|下午|傍晚|晚上|晚)"
_ERAS = (
    "公元前?|民国|贞观|开元|天宝|洪武|永乐|嘉靖|万历|崇祯|顺治|康熙|雍正|乾隆|嘉庆|道光|咸丰|同治|光绪|宣统"
    "|明治|大正|昭和|平成|令和"
)
_MONTH = r"(?<![\d.])(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_SEASONS = "(?:春夏|夏秋|秋冬|春秋|[春夏秋冬][季天]|[早初晚深][春夏秋冬]|四季|全年|常年|每[天日周月年]|周末|[寒暑]假)"
_DATES = lazy(
    rf"(?:\d{{4}}|[〇零一二三四五六七八九]{{4}})\s*年(?:\s*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*月(?:\s*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*[日号])?)?(?:{_DAYTIME}|初|底|末)?"
    rf"|(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*月\s*(?:(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*[日号]|[上中下]旬|初|底|末)(?:{_DAYTIME})?"
    rf"|{_MONTH}(?:(?:月份?)?[-—~～至到、,和或]{_MONTH})*月份?(?![\d一二三四五六七八九十])"
    rf"|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|(?<!\d)\d{{1,2}}日(?:{_DAYTIME})?"
    r"|近日|日前|昨[日天]|今[日天]|前天|明[日天]|上周|本周|下周|上个?月|本月|下个?月|去年|今年|明年|前年|年底|年初|目前"
    rf"|每?(?:星期|周)[一二三四五六日天](?:上午|下午|晚上)?|{_SEASONS}|{_DAYTIME}?(?<!\d)(?:\d{{1,2}}[时点]\d{{0,2}}分?|(?:[01]?\d|2[0-4]):[0-5]\d(?!\d))"
    rf"|(?:{_ERAS})[元〇一二三四五六七八九十百千\d]{{1,4}}年(?:[一二三四五六七八九十]{{1,2}}月)?"
    r"|(?:上?个?世纪|(?:\d{1,2}|[一二三四五六七八九十]{1,3})世纪)(?:\d{2}|[一二三四五六七八九]十)年代|(?:\d{1,2}|[一二三四五六七八九十]{1,3})世纪|\d{2,4}年代"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s+\d{1,2}(?:,?\s+\d{4})?|(?:January|February|March|April|June|July|August|September|October|November|December)(?:,?\s+\d{4})?"
    r"|\bMay,?\s+\d{4}|\b(?:1[0-9]|20)\d{2}\b",
    re.IGNORECASE,
)
_FIGURE = r"(?<!\d)(?<!\d[,.])\d++(?:[,.]\d++)*+"
_ENGLISH_NUMBER = (
    "(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    "|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen)"
)
_NUMBERS = lazy(
    rf"{_FIGURE}[:：比]{_FIGURE}(?![\d:：])"
    rf"|第(?:{_FIGURE}|{_ZH_NUMBER})[张届次座条部期轮季任代批版集章回页节层卷课号站]"
    r"|(?:每隔?|(?<![上下前后]))半个?(?:多?月|年|天|日|小时|世纪|学期)"
    r"|百分之[〇零一二两三四五六七八九十百点\d.]+|[一二三四五六七八九十百]+分之[一二两三四五六七八九十]+"
    rf"|(?:第|约|近|超过?|达)?(?:{_FIGURE}\s*(?:多|余)?(?:万亿|[百千万亿])?(?:多|余)?|{_ZH_NUMBER}(?:多|余)?)"
    r"(?:个多月|公里|公[尺分厘]|英[尺里寸]|海里|公顷|公斤|平方米|平方公里|立方米|千米|厘米|毫米|小时|分钟|个月|人次|百分点|万元|亿元|美元|欧元|个|[名人位次项家户套栋幢座条件份米里亩元年天周岁倍度分秒级名所处种类点片棵株只头辆台批届期段层厘吨克斤成升美英日欧港班趟场笔颗枚瓶袋节页幅口堂]"
    r"|%|％|‰)+"
    rf"|{_FIGURE}(?:\s*(?:%|％|‰)|(?:\s+(?:hundred|thousand|million|billion))?(?:\s[a-zA-Z]{{1,20}})?)"
    rf"|\b{_ENGLISH_NUMBER}\b(?:[ -]{_ENGLISH_NUMBER}\b)*",
    re.IGNORECASE,
)
_CURRENCY = (
    "(?:元|[美欧日韩港澳加]元|英镑|泰?铢|卢[布比]|法郎|[港台日韩]币|美[金刀]|人民币|点券|金币|积分"
    "|块(?=钱|左右|上下|以[上下内]|到|至|[^\u4e00-\u9fff]|$))"
)
SCOPE = lazy("[全本我该各][省市区县镇乡村国]")
"""A whole district, named by no name: 全区, 本市."""
_NO_COUNT = ("一点", "一度")  # 政府补一点、曾一度停工
_MONEY = lazy(
    rf"(?:{_FIGURE}|{_ZH_NUMBER})\s*(?:多|余)?[百千万亿]*(?:多|余)?\s*{_CURRENCY}"
    rf"|[$￥¥€£]\s?{_FIGURE}(?:\s?(?:thousand|million|billion|万|亿))?"
    rf"|{_FIGURE}\s(?:(?:thousand|million|billion)\s)?(?:yuan|RMB|CNY|USD|dollars?|euros?|pounds?)\b",
    re.IGNORECASE,
)
_RANGE = rf"{_FIGURE}(?:\s*[-—~～至到]\s*{_FIGURE})?"
_FEW = "几[百千万](?:[到至]?(?:[几一]?[百千万])+)?多?"
# A price often stands without its currency: 费用大概在6000-12000左右.
_PRICE = lazy(
    "(?:价格?|费用?|报酬|片酬|身价|[月年日底]薪|工资|花[费了]|成本|预算|票房|市值|只[要需]|卖)[^\\d,，。;；!！?？]{0,8}?"
    rf"(?P<amount>{_FEW}|{_RANGE}(?:万亿|[万亿])?|{_ZH_NUMBER}(?<=[〇零一二两三四五六七八九十百千几数][万亿]))(?!\s*(?:[年月日天号人名个家次岁倍%％点℃版期代折分小米公平吨亩步周台辆件套张部本册]|[a-z]))"
    rf"|(?<![a-z第])(?P<about>{_RANGE}万?)(?=左右|上下|不等|以[内上下]|之间|起步|起价)"
    rf"|(?P<ten_thousands>{_RANGE}[万亿])(?=[,，。;；!！?？)）\s]|左右|上下|不等|以[内上下]|的?票房|多?$)"
    rf"|(?P<few>{_FEW})(?=[,，。;；!！?？\s]|都有|不等|左右|块|$)",
    re.IGNORECASE,
)
_PLACE_END = lazy(
    r"(?:会议室|会议室内|室内|办公室|大厅|现场|中心|广场|公园|水库|食堂|市场|超市|商场|法院|学校|小学|中学|大学|医院|公司|园区|基地|社区|街道|管委会|场所|礼堂|酒店|宾馆|[体图博]\w{1,2}馆"
    r"|车站|机场|码头|大厦|大楼|工地|剧院|省|自治区|市|区|县|镇|乡|村|路|街|楼|(?<![开闭])馆|院|厅|岛|山|河|湖|国|州|城|洲|海|港|湾)$"
)
_PLACE_TAGS = ("n", "j", "b", "m", "s", "f", "eng", "l", "i")
_PLACE_SIGNS = "河湖寨镇村县市省州岛路街桥庄"
_NOT_A_PERSON_BEFORE = "河湖山江寨镇村乡区县市路街桥庄园站社厂店院校小局部会组"
_LATIN_NAMES = lazy(
    r"(?<![A-Za-z])(?:(?:Mr|Mrs|Ms|Dr|Prof)\.? |(?:Architect|Director|Mayor|Professor|Doctor|President|Minister|Secretary|Manager|Headmaster|Curator|Engineer|Reporter) )?"
    r"(?P<name>[A-Z][a-z]+(?:[ -][A-Z][a-z]+)+)(?![A-Za-z])"
)
_LATIN_PLACE = lazy(
    "(?:Street|Road|Avenue|Square|District|County|Province|City|Town|Village|Library|Museum|Hospital|School|College"
    "|University|Bureau|Company|Group|Park|Bridge|River|Lake|Station|Tower)$"
)
_REASONS = lazy(
    r"因为|由于|因此|所以|原因|缘于|是因|因而|以便|旨在|为了|目的|确保|从而|使得|导致|为[\u4e00-\u9fff]{2,20}(?:提供|奠定)|意义|重要|because|due to|in order to|so that",
    re.IGNORECASE,
)


def persons(text: str, segmenter: Segmenter) -> list[Span]:
    """Names of persons: what jieba tags as one, trimmed, what follows an office or acts, lists, and
    foreign names (约翰·埃尔维)."""
    folded = fold(text)
    found: set[Span] = set()
    for match in (*_AFTER_OFFICE.finditer(folded), *_ACTS.finditer(folded)):
        start, end = match.span("name")
        end = trimmed(folded, start, end)
        if _could_be_name(folded[start:end], segmenter):
            found.add((start, end))
    at = 0
    for word, tag in segmenter.tagged(folded):
        if tag.startswith("nr") and 2 <= len(word) <= 4 and re.match(NAME, word):
            end = trimmed(folded, at, at + len(word))
            # 严格把关: taken for a name by its first character
            guessed = len(word) == 4 and end == at + 3 and word[3] not in _NOT_IN_NAME
            before_place = end < len(folded) and folded[end] in _NOT_A_PERSON_BEFORE
            if not guessed and not before_place:
                found.add((at, end))
        at += len(word)
    found = {(a, b) for a, b in found if b - a > 2 or folded[b - 1] not in _PLACE_SIGNS}
    for _, end in sorted(found):
        # 陈红民、于广志: one name vouches for the next
        while following := _NEXT_IN_LIST.match(folded, end):
            start, end = following.span("name")
            if (start, end) in found or not _could_be_name(folded[start:end], segmenter):
                break
            found.add((start, end))
    found |= {m.span() for m in _FOREIGN.finditer(folded)}
    latin = (m for m in _LATIN_NAMES.finditer(text) if not _LATIN_PLACE.search(m["name"]))
    found |= {m.span("name") for m in latin}
    return _apart(found)


_GROUP = lazy(
    r"(?:局|委|办|部门|单位|公司|集团|中心|学校|大学|医院|指挥部|管委会|委员会|联合会|协会|小组|工作组|督导组|政府|法院|检察院|街道|社区|村|负责人|干部|群众|代表|领导|专家|企业)$"
)


def groups(text: str, segmenter: Segmenter) -> list[Span]:
    """Bodies and unnamed people (国土、规划等部门, 村委负责人): what answers “who” where no name does."""
    found: list[Span] = []
    start = at = 0
    for word, tag in segmenter.tagged(text):
        end = at + len(word)
        if not tag.startswith(_PLACE_TAGS) or tag.startswith("m"):
            start = end
        elif _GROUP.search(text[start:end]):
            if found and found[-1][0] == start:
                found.pop()
            found.append((start, end))
        at = end
    return found


def dates(text: str) -> list[Span]:
    """Days, months, years, times of day and words like 近日."""
    return [m.span() for m in _DATES.finditer(fold(text))]


def numbers(text: str) -> list[Span]:
    """Figures and counts with their units; dates are not numbers."""
    taken = dates(text)
    return [
        m.span()
        for m in _NUMBERS.finditer(fold(text))
        if m.group() not in _NO_COUNT and not any(a < m.end() and m.start() < b for a, b in taken)
    ]


def money(text: str) -> list[Span]:
    """Amounts of money, with their currency or beside a word for a price."""
    folded = fold(text)
    found = {m.span() for m in _MONEY.finditer(folded)}
    return _apart(found | {m.span(m.lastgroup or 0) for m in _PRICE.finditer(folded)})


def places(text: str, segmenter: Segmenter) -> list[Span]:
    """Places: words that jieba tags as one or that end like one, with the nouns before them."""
    found: list[Span] = []
    folded = fold(text)
    days = dates(text)
    start = at = 0
    for word, tag in segmenter.tagged(folded):
        end = at + len(word)
        is_name = tag.startswith("nr") and word[-1] not in _PLACE_SIGNS
        is_day = any(a < end and at < b for a, b in days)
        if is_name or is_day or not tag.startswith((*_PLACE_TAGS, "nr")):
            start = end
        elif tag == "ns" or (
            end - start >= 2 and _PLACE_END.search(folded[max(start, end - 8) : end])
        ):
            if found and found[-1][0] == start:
                found.pop()
            found.append((start, end))
        at = end
    return [(a + (folded[a] in "到在从往赴去至" and b - a > 2), b) for a, b in found]


def reasons(text: str) -> list[Span]:
    """Words that give a reason or a purpose."""
    return [m.span() for m in _REASONS.finditer(fold(text))]


def offices(text: str, name: str = "") -> list[Span]:
    """Offices; with ``name``, only those that stand right before or after that name."""
    folded = fold(text)
    spans = [m.span() for m in _OFFICE.finditer(folded)]
    if not name:
        return spans
    holders = [m.span() for m in re.finditer(re.escape(fold(name)), folded)]
    kept: list[Span] = []
    for a, b in reversed(spans):
        before = any(
            0 <= start - b <= 2 and not folded[b:start].strip(" :、") for start, _ in holders
        )
        after = any(0 <= a - end <= 5 and _HOLDS.fullmatch(folded, end, a) for _, end in holders)
        # 区委副书记、区长陆清和: both are his.
        together = bool(kept) and kept[-1][0] == b + 1 and folded[b] == "、"
        if before or after or together:
            kept.append((a, b))
    return kept[::-1]


def _could_be_name(name: str, segmenter: Segmenter) -> bool:
    """Whether a string that begins like a name is not made of other words (项目方, 和农民)."""
    if segmenter.in_dictionary(name):
        return len(segmenter.tagged(name)) == 1 and segmenter.tagged(name)[0][1].startswith("nr")
    first, *rest = segmenter.dictionary_words(name)
    if len(first) > 1:
        return bool(re.match(_COMPOUND, first))
    return first not in _ALSO_WORDS or all(len(part) == 1 for part in rest)


def trimmed(text: str, start: int, end: int) -> int:
    """The end of a name without a verb or particle that was taken for part of it."""
    while end - start > 2 and text[end - 1] in _NOT_IN_NAME and not _stays(text, end):
        end -= 1
    return min(end, start + 3) if not re.match(_COMPOUND, text[start:end]) else end


def _stays(text: str, end: int) -> bool:
    """Whether a 和 before ``end`` ends a name: nothing follows that it could join on (陆清和出席)."""
    return text[end - 1] in "和与同及" and bool(_NOTHING_JOINED.match(text, end))


def _apart(spans: set[Span]) -> list[Span]:
    """Spans in order, of two that overlap the first, and of two that begin together the longer."""
    kept: list[Span] = []
    for a, b in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not kept or a >= kept[-1][1]:
            kept.append((a, b))
    return kept
