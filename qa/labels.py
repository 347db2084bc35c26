"""Values with a label, as rows of tables and forms have them: “职务：主任；电话：0371-1234567。”

>>> from qa.question import analyse
>>> text = "姓名：贺铮；职务：主任。"
>>> [text[a:b] for a, b in labelled(analyse("贺铮是什么职务"), text)]
['主任']
"""

from __future__ import annotations

from index.patterns import lazy
from index.sentences import Span
from index.tokens import fold
from qa.question import Question

_PAIR = lazy(r"(?:^|[；;。\n])\s*([^：:；;。\n]{2,12})[：:]\s*([^；;。\n]{1,80})")


def labelled(question: Question, text: str) -> list[Span]:
    """The values whose label the question names, as spans of ``text``."""
    if "：" not in text and ":" not in text:
        return []
    return [
        pair.span(2) for pair in _PAIR.finditer(text) if fold(pair[1]).strip() in question.folded
    ]
