"""Words of courtesy around a question (请问…, 帮我查一下…, …，谢谢): they are no part of what is asked.

Left in, they count as words that the articles have nowhere, and the answer is doubted, or refused.

>>> without_courtesy("你好，请问贾鲁河治理有什么要求？谢谢！")
'贾鲁河治理有什么要求'
"""

from __future__ import annotations

import re

from index.patterns import lazy

_GAP = r"[\s,，。.!！:：、~～]*"
_A_BIT = r"(?:一下|下(?=[\s,，:：]))"  # but not 下沙区
_OPENS = lazy(
    _GAP
    # A greeting only before a mark: Hello Kitty, 你好李焕英.
    + r"(?:(?:(?:(?:你|您|大家)好|哈喽|嗨|hello|hi|hey)(?=\s*[,，。.!！:：~～])"
    f"|(?:不好意思|打扰了|劳驾|打扰{_A_BIT})|(?:我?想)?请问{_A_BIT}?|(?:我?想)?请教{_A_BIT}|(?:我?想)?问(?:一下|个问题)"
    f"|我?想(?:知道|问问|了解|咨询)(?!的){_A_BIT}?"
    f"|(?:请|麻烦)*[你您]?(?:能不能|可以|能)?(?:帮我|帮忙|给我)(?:查查|查询|看看|(?:查|看|问){_A_BIT})"
    f"|麻烦[你您]?问{_A_BIT}|(?:请|麻烦)[你您]?告诉我{_A_BIT}?"
    r"|please(?: tell me)?\b|(?:can|could) you (?:please )?tell me\b"
    r"|i(?:'d| would) like to know\b|i want to know\b)" + _GAP + ")+",
    re.IGNORECASE,
)
# Only behind a mark or a blank: 他为什么说谢谢, 向谁表示感谢.
_CLOSES = lazy(
    r"(?:[\s,，。.!！?？;；~～]+(?:(?:非常|先|万分|十分)?(?:谢谢|多谢|感谢)(?:你们?|您|大家|各位|啦|了)?"
    r"|拜托(?:了|啦)?|急(?:用|问|求)?|在线等|please|thanks(?: a lot)?|thank you(?: very much)?|thx))+"
    r"[\s,，。.!！~～]*$",
    re.IGNORECASE,
)


def without_courtesy(question: str, context: int = 0) -> str:
    """A question without the courtesies around it; as it is where nothing else would be left.

    The first ``context`` characters are of an earlier turn, and stay.
    """
    opened = _OPENS.match(question) if not context else None
    closed = _CLOSES.search(question, context)
    if not opened and not closed:
        return question
    start, end = opened.end() if opened else 0, closed.start() if closed else len(question)
    asked = question[start:end].strip()
    return asked if any(c.isalnum() for c in asked) else question
