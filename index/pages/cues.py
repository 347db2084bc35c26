"""What the words of one line say about its place on a page: endings, numbers, leads, mastheads.

Every function looks at one short text and knows nothing of the lines around it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from index.pages.dates import days

Ending = Literal["final", "closed", "colon", "semicolon", "comma", "open", "hyphen", "other"]
"""How a line ends: ``final`` ends a sentence, ``closed`` ends with a closing mark only,
``other`` ends with a word."""

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CLOSERS = "”’」』）】》〉])\"'"
_FINAL = "。！？!?…．؟۔।"
_OPEN = "（“‘《「『【〈([{"
_ENDINGS: dict[str, Ending] = {
    **dict.fromkeys("：:︰", "colon"),
    **dict.fromkeys("；;", "semicolon"),
    **dict.fromkeys("，,、､،", "comma"),
    **dict.fromkeys(_OPEN, "open"),
}
_MIDWAY = frozenset("，。、；：！？）》”’」』】〉…％%℃,.;:!?)]}·的了")
_PAIRS = ("“”", "（）", "《》", "「」", "『』", "【】", "()")


def ending(text: str) -> Ending:
    """How ``text`` (not empty, no blanks at its end) ends."""
    last = text[-1]
    if last in _ENDINGS:
        return _ENDINGS[last]
    bare = text[-8:].rstrip(_CLOSERS)
    if bare and bare[-1] in _FINAL:
        return "final"
    if bare and bare[-1] == "." and (len(bare) == 1 or not bare[-2].isspace()):
        return "final"
    if last in _CLOSERS:
        return "closed"
    if last in "-\u2010\u00ad" and len(text) > 1 and text[-2].isalpha():
        return "hyphen"
    return "other"


def starts_midway(text: str) -> bool:
    """Whether ``text`` begins with what never begins a paragraph (a comma, a closing mark)."""
    if text[0].islower() and text[0].isascii():
        return re.match(r"[a-z]{1,3}[.)、]|https?:|www\.|[a-z]+[A-Z]", text) is None
    return text[0] in _MIDWAY and not re.match(r"[.…]{2,}|的士|了解|了不起|\[", text)


def unclosed(text: str) -> bool:
    """Whether a quotation or bracket opens in ``text`` and does not close."""
    return any(text.count(pair[0]) > text.count(pair[1]) for pair in _PAIRS)


def unopened(text: str) -> bool:
    """Whether a quotation or bracket closes in ``text`` that did not open there."""
    return any(text.count(pair[1]) > text.count(pair[0]) for pair in _PAIRS)


_CN = "一二三四五六七八九十百零〇"
_NUMBERED = (
    ("chapter", re.compile(rf"第\s?([{_CN}\d]{{1,4}})\s?[章节部分编篇款]+(?=[\s：:、]|[{HAN}])")),
    ("clause", re.compile(rf"第\s?([{_CN}\d]{{1,4}})\s?条")),
    ("han", re.compile(rf"([{_CN}]{{1,3}})\s?[、.．]|([{_CN}]{{1,3}})[\s\u3000]+(?=[{HAN}])")),
    ("han-bracket", re.compile(rf"[（(]\s?([{_CN}]{{1,3}})\s?[）)]")),
    ("digit-bracket", re.compile(r"[（(]\s?(\d{1,2})\s?[）)]")),
    ("digit", re.compile(r"(\d{1,3})\s?(?:[、．]|[.)）](?!\d))")),
    ("circle", re.compile(r"([①-⑳❶-❿])")),
    ("roman", re.compile(r"([IVX]{1,5}|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ])[.、\s](?=\S)")),
    ("decimal", re.compile(r"\d{1,2}((?:\.\d{1,2})+)\s")),
    ("section", re.compile(r"(?:Section|Chapter|Part|Article|Step)\s(\d{1,2}|[IVX]{1,5})\b", re.I)),
)
_MARK = re.compile(r"[◆◇■□●★☆▲△※]\s*(?=\S)")
_BULLET = re.compile(r"[-*+•●○■□◆◇▪▲△★☆※]\s*(?=\S)|[-–]\s")


def numbering(text: str) -> tuple[str, bool] | None:
    """The scheme by which ``text`` is numbered, and whether this is the scheme's first number.

    >>> numbering("一、总体要求"), numbering("2.健全机制"), numbering("二七区召开会议")
    (('han', True), ('digit', False), None)
    """
    for scheme, pattern in _NUMBERED:
        match = pattern.match(text)
        if match:
            number = next(group for group in match.groups() if group)
            return scheme, number in {"一", "1", "01", "①", "❶", "I", "Ⅰ", ".1"}
    return None


def is_marked(text: str) -> bool:
    """Whether ``text`` begins with a number or a printer's mark (◆), as titles in a digest may."""
    return _MARK.match(text) is not None or numbering(text) is not None


def is_item(text: str) -> bool:
    """Whether ``text`` begins with a number or a bullet, as an item of a list does."""
    return numbering(text) is not None or _BULLET.match(text) is not None


_WIRE = re.compile(
    rf"[【\[(（]?\s*(?:(?:本报|本報|本网|本刊|本台)[{HAN}]{{0,6}}|[{HAN}A-Za-z·]{{1,12}}?)(?:讯|訊)\s*[】\])）]?(?=[\s（(：:，,【\[])"
    rf"|[【\[(（]?\s*[{HAN}A-Za-z·]{{2,16}}?\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?日\s?(?:电|電|讯|訊|消息|报道|報道)"
    rf"|[{HAN}]{{2,10}}(?:网|社|报|台|新闻)(?:消息|讯|电|報導|报道)[：:，（( ]"
    rf"|[（(【](?:[{HAN}、 ]{{0,20}}(?:记者|記者|通讯员|通訊員|实习生)[{HAN}、 ：:]{{1,30}})[）)】]"
    rf"|(?:[{HAN}]{{0,8}}(?:记者|記者)\s?[{HAN} 、]{{2,12}}(?:[{HAN}]{{2,4}})?(?:报道|報導))"
    r"|[A-Z][A-Z .,'’-]{2,40}(?:,? (?:[A-Z][a-z]{2,8}\.?) \d{1,2})?(?: ?\([A-Z][\w .]+\))? ?(?:--|[—–-])+ ?"
)
_RECENTLY = re.compile(
    r"近日|日前|近期|近来|连日来|最近|今天|昨天|昨日|今日|今晨|今晚|昨晚|前天|本周|上周|日前|当日|当地时间|"
    r"今年以来|今年|去年|入[春夏秋冬]以来|为了?(?:深入|进一步|切实|全面|贯彻|推动|加强)|为贯彻|根据|"
    r"记者(?:\d{1,2}日)?从|记者近日|据(?:了解|悉|介绍|统计|报道|[^，。]{2,16}(?:报道|消息|通报))|随着|"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号](?:上午|下午|晚|至|，|,)|\d{4}年|\d{1,2}月|截至|"
    r"(?:On |Last |This )?(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)


def lead(text: str) -> Literal["wire", "day", "recent", ""]:
    """How ``text`` begins, if as the lead of a news article: an agency's dateline, a day, “近日”."""
    return _lead(text[:80])


@lru_cache(maxsize=4096)
def _lead(head: str) -> Literal["wire", "day", "recent", ""]:
    if _WIRE.match(head):
        return "wire"
    first = next(days(head[:24]), None)
    if first is not None and first[0][0] <= 4:
        return "day"
    return "recent" if _RECENTLY.match(head) else ""


_SECTION_NAME = re.compile(
    r"(?:本?[地市区县]?(?:要闻|时政|民生|社会|经济|文化|教育|综合|国内|国际|体育|娱乐|财经|科技|健康|副刊|评论|简讯|快讯|简报|"
    r"法治|农业|生态|基层|党建|专版|专题|聚焦|关注|头条|动态|公告|公示|版面|连载|读者来信|理论|旅游|生活|卫生)(?:新闻|动态|版|之窗|视点|专栏|播报)?|"
    r"(?:一周|本周|每周|今日|每日)(?:要闻|新闻|简讯|动态)|一句话新闻|新闻集锦|[要社政]闻|[国省市区县]内新闻|(?:Local|National|World|Business|Sports?|Opinion) ?(?:News)?)"
)
_EDITION = re.compile(
    r"第?\s?[A-Za-z]?[0-9０-９〇一二三四五六七八九十]{1,3}\s?版|总?第\s?[0-9０-９〇零一二三四五六七八九十百]+\s?期"
    r"|\d{4}年第\d+期|星期[一二三四五六日天]|农历[^ ]{2,8}|今日[0-9０-９一二四六八十]+版|国内统一刊号|邮发代号|\bCN\d[\d-]*"
    r"|\bVol\.?\s?\d+|\bNo\.\s?\d+|Page \d+|Issue \d+"
)
_PAPER = re.compile(
    rf"[《]?(?:[{HAN}·]{{2,10}}(?:日报|晚报|晨报|早报|时报|周报|新闻|报|简报|快讯|信息|通讯|动态|月刊|周刊|发布|视窗|之窗)"
    rf"|(?:The )?(?:[A-Z][a-z]+ ){{1,3}}(?:Daily|News|Times|Post|Herald|Gazette|Journal|Bulletin|Weekly))[》]?"
)
_PUBLISHER = re.compile(
    rf"(?:主办|主管|承办|编印|出版|主编|编辑|责编)[:：]?\s?[{HAN} ]{{2,20}}|[{HAN}]{{4,20}}(?:主办|主管|编印|出版|编)"
)


Furniture = Literal["head", "paper", "section", "day", ""]


def masthead(text: str) -> Furniture:
    """What ``text`` is of a page's furniture: a masthead, a paper's or a column's name, a day."""
    return "" if len(text) > 80 or text[-1] in "。，；" else _masthead(text)


@lru_cache(maxsize=4096)
def _masthead(text: str) -> Furniture:
    bare = text.strip(_ORNAMENTS)
    if not bare:
        return ""
    dated = list(days(bare))
    rest = bare
    for (start, end), _ in reversed(dated):
        rest = rest[:start] + " " + rest[end:]
    rest, editions = _EDITION.subn(" ", rest)
    rest, publishers = _PUBLISHER.subn(" ", rest)
    words = [
        word for word in re.split(r"[\s　,，:：|｜·/()（）—–-]+", rest.strip(_ORNAMENTS)) if word
    ]
    papers = sum(_PAPER.fullmatch(word) is not None for word in words)
    papers += bool(words) and _PAPER.fullmatch(" ".join(words)) is not None
    if papers or all(_SECTION_NAME.fullmatch(word) for word in words):
        if editions or (papers and dated) or (papers and publishers):
            return "head"
        if dated and not words:
            return "day"
        if words:
            return "paper" if papers else "section"
    if _SECTION_NAME.fullmatch("".join(words)):
        return "section"
    return "section" if text[0] in "【〖[" and text[-1] in "】〗]" and len(bare) <= 12 else ""


_ORNAMENTS = "【】[]〖〗「」■□◆●★☆※▲▼—－-–·•*= \t　"
_OFFICE = re.compile(
    rf"[{HAN}（）\s]{{2,60}}(?:政府|办公[室厅]|委员?会?|[局厅部院会司处所站社办]|中心|公司|指挥部|领导小组|大队|支队|学校|大学|银行|集团)"
)


def is_office(text: str) -> bool:
    """Whether ``text`` reads as the office that signs a notice."""
    return len(text) <= 60 and _OFFICE.fullmatch(text) is not None


_RULE = re.compile(r"(?:[-=*_~·—–─━═※☆★＊◇◆□■▲+#]\s?){3,}|(?:END|完|全文完)")


def is_rule(text: str) -> bool:
    """Whether ``text`` is a drawn line, such as stands between articles, or “END”."""
    return _RULE.fullmatch(text) is not None


_ADDRESS = re.compile(r"尊敬的|亲爱的|各位|广大|问[:：]|答[:：]|[QA][:：]|Dear ")


def addresses(text: str) -> bool:
    """Whether ``text`` begins by speaking to someone, or as a question or an answer."""
    return _ADDRESS.match(text) is not None


_DANGLING = re.compile(
    r"(?:[的和与及并在对将把被向为从以由于按是就其该各这那]|以及|并且|通过|进行|根据|关于|"
    r"\b(?:the|a|an|of|to|and|in|for|with|on|at|by|from|is|are|was|that|as|or))$"
)


def dangles(text: str) -> bool:
    """Whether ``text`` ends with a word after which more must follow."""
    return _DANGLING.search(text) is not None
