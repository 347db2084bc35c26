"""Text that gives orders to a model: found in documents and questions, and made harmless.

What a model reads from documents is data. Here its tokens of turn-taking, its marks that look like
ours, and characters that nobody sees are taken away, and sentences that order a model about are
known: they are no evidence for anything that a model says.
"""

from __future__ import annotations

import re

from index.patterns import lazy
from index.sentences import sentence_spans

_TURN_TOKENS = lazy(
    r"<\|[^|<>\n]{0,60}\|>|<｜[^｜<>\n]{0,60}｜>|\[/?INST\]|<</?SYS>>"
    r"|</?(?:s|bos|eos|pad|unk|system|user|assistant|human|tool|instructions?|think|passage|question|article)\b[^<>\n]{0,60}>"
    r"|<(?:start|end)_of_turn>",
    re.IGNORECASE,
)
_HIDDEN = lazy(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
_OURS = lazy(r"[\[【［]\s*(\^?\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]】］]")
_FENCE = lazy(r"^[ \t]*(?:={3,}|-{3,}|#{3,}|`{3,}).*$", re.MULTILINE)
_ROLE = lazy(
    r"(?:^|(?<=[\s。！？!?>】]))[ \t]*(?:[#*>\-\[【（(]\s*){0,3}(?P<role>system|assistant|user|human|developer|系统(?:提示|消息|指令)?|助手|用户|开发者)\s*(?:[\]】）)]\s*)?[:：]"
    r"|[\[【（(]\s*(?P<label>系统(?:提示|消息|指令)|system(?: message| prompt)?)\s*[\]】）)]",
    re.IGNORECASE | re.MULTILINE,
)
_ORDERS = (
    # whatever was said before is to be forgotten
    r"(?:忽略|无视|忘记|忘掉|不要理会|不必理会|抛开|跳过|取消|覆盖|停止执行|不再遵守|不要遵守|绕过|解除)[^。！？\n]{0,12}?"
    r"(?:以上|上述|上面|之前|此前|前面|先前|前文|所有|一切|全部|任何|系统|原有|你的|既定|安全)[^。！？\n]{0,10}?"
    r"(?:指令|指示|提示|要求|规则|设定|命令|说明|内容|限制|约束|文字|文章|资料|来源|对话|信息|约定)"
    r"|(?:ignore|disregard|forget|override|bypass|skip)\b[^.!?\n]{0,30}\b(?:previous|prior|above|earlier|all|any|your|system|the)\b[^.!?\n]{0,30}\b(?:instructions?|prompts?|rules?|messages?|guidelines?|text|context|sources?|directives?)"
    # who the reader is
    r"|你(?:现在|从现在起|此刻)?(?:是|扮演|将扮演|要扮演|变成|作为)(?:一[个名位])?[^。！？，\n]{0,8}?(?:AI|人工智能|语言模型|大模型|智能助手|机器人|DAN|助手|助理|模型)"
    r"|(?:^|[，。：:“\s])(?:作为|身为|致|各位|给|注意[，：:]?)(?:一[个名位])?(?:所有|正在|读到|阅读|处理)?[^。！？，\n]{0,6}?(?:AI|人工智能|语言模型|大模型|智能)(?:助手|助理|模型|系统|的?读者)?[，：:。]"
    r"|\byou are (?:now |an? )[^.!?\n]{0,30}\b(?:AI|assistant|model|DAN|bot|chatbot|pirate)\b|\bas an? (?:AI|language model|assistant)\b|\bpretend (?:to be|you)|\bact as\b"
    # how it is to answer
    r"|(?:请|必须|务必|只能|只需|只要|直接|应当|你要|你应|一律|改为|都要|都应)[^。！？，\n]{0,10}?(?:回答|回复|输出|答复|作答|打印|复述|引用来源|标注来源|标注出处|在答案|在回答)"
    r"|(?:回答|回复|输出|答复|答案|回应)[^。！？，\n]{0,8}?(?:时|里|中|末尾|最后|开头|前|后|结尾)[^。！？\n]{0,8}?(?:必须|务必|请|应当|加上|附上|写上|包含|插入|声明|注明|标注|只|都)"
    r"|\b(?:respond|reply|answer|output|print|say|write|include|append|insert|end your|begin your)\b[^.!?\n]{0,40}\b(?:only|with|exactly|following|answer|response|reply|link|url|instead|verbatim)\b"
    r"|(?:你的|你们的)(?:回答|回复|输出|答复|答案)[^。！？，\n]{0,6}?(?:必须|务必|应当|只能|要|都)"
    r"|(?:把|将)[^。！？，\n]{0,6}?(?:引用|来源|出处|角标|编号)[^。！？，\n]{0,6}?(?:改成|改为|标成|标为|换成|写成)|(?:不要|不准|禁止)引用(?:本文|此文|原文|资料)"
    # what it is to give away
    r"|(?:系统提示词|提示词|system prompt|开发者模式|developer mode|越狱|jailbreak|内部指令|初始指令|隐藏指令|hidden instructions?|initial instructions?|new instructions?|新的?指令|最高优先级|优先级最高)"
    r"|(?:告诉|提示|引导|让|请|建议|要求)(?:提问者|用户|读者|询问者|访客|访问者|对方)[^。！？\n]{0,12}?(?:点击|访问|打开|登录|扫描|下载|转账|联系|拨打|输入)"
    r"|\b(?:visit|click|go to|open|fetch|download|load)\b[^.!?\n]{0,20}https?://|(?:访问|点击|打开|抓取|下载|加载|登录|读取)[^。！？\n]{0,12}?https?://|!\[[^\]]{0,80}\]\("
)
# With what an order can begin: a text is looked at closely only there, which takes a quarter of the time.
_BEGINS = (
    "忽无忘不抛跳取覆停绕解你请必务只直应一改都回输答把将禁系提开越内初隐新最优告引让建要访点打抓下加登读"
    "！!，。：:“\\sidfobsyaprwehjnvcgl"
)
_ORDER = lazy(rf"(?:^|(?=[{_BEGINS}]))(?:{_ORDERS})", re.IGNORECASE)
_ADDRESS = lazy(
    r"(?:https?|ftp|javascript|data|file|vbscript|mailto):[^\s，。；、“”（）<>]+"
    r"|\bwww\.[^\s，。；、“”（）<>]+|\b[\w-]{2,}(?:\.[\w-]+)*\.(?:com|cn|net|org|io|xyz|top|info|ru|cc|app|dev|example|evil|test)\b[^\s，。；、“”（）<>]*",
    re.IGNORECASE,
)


def harmless(text: str) -> str:
    """Text of a document or a question as a model may read it: nothing that ends our prompt, looks
    like a turn of the talk, or like one of our markers. Words stay as they are."""
    text = _HIDDEN.sub("", text)
    text = _TURN_TOKENS.sub(" ", text)
    text = _OURS.sub(r"（\1）", text)
    text = _FENCE.sub("", text)
    return _ROLE.sub(_quoted_role, text)


def _quoted_role(match: re.Match[str]) -> str:
    role = match["role"] or match["label"]
    return match.group().replace(role, f"“{role}”")


def gives_orders(sentence: str) -> bool:
    """Whether a sentence orders a model about."""
    plain = _HIDDEN.sub("", sentence)
    return bool(_ORDER.search(plain) or _ROLE.search(plain) or _TURN_TOKENS.search(plain))


def without_orders(text: str) -> str:
    """``text`` with the sentences that order a model about blanked out, as long as it was."""
    if not gives_orders(text):  # nearly always, and much faster than sentence by sentence
        return text
    for start, end in reversed(sentence_spans(text)):
        if gives_orders(text[start:end]):
            text = text[:start] + " " * (end - start) + text[end:]
    return text


def addresses(text: str) -> list[str]:
    """Addresses of the net in a text, as written."""
    found = (m.group().rstrip(".,;:!?") for m in _ADDRESS.finditer(text))
    return [a if "(" in a else a.rstrip(")") for a in found]
