"""A conversation as a file to keep: Markdown, Word or JSON, each with its citations; and ratings."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from qa.citing import file_of, place
from qa.conversations import Kept, KeptRound
from qa.records import citation_from
from qa.types import Citation

KINDS: dict[str, str] = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json; charset=utf-8",
}
"""Suffix → media type of what ``export`` makes."""

_WORDS = {
    "zh": {"sources": "出处", "stopped": "（已停止）", "failed": "没有答成：", "also": "另见 "},
    "en": {
        "sources": "Sources",
        "stopped": "(stopped)",
        "failed": "Not answered: ",
        "also": "also in ",
    },
}
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~$&-])")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def export(kind: str, kept: Kept, rounds: Sequence[KeptRound], language: str = "zh") -> bytes:
    """A conversation as a file of a kind in ``KINDS``. Raises KeyError for another kind."""
    makers: dict[str, Callable[[Kept, Sequence[KeptRound], str], bytes]] = {
        "md": _markdown,
        "docx": _word,
        "json": _json,
    }
    return makers[kind](kept, rounds, language)


def exam(rounds: Iterable[KeptRound]) -> bytes:
    """The rounds that were rated good as evaluation questions: JSON lines for ``youju eval``.

    Each asks for the article that was rightly cited and for the characters that answered; a
    refusal that was rated good asks for a refusal.
    """
    lines = []
    for kept in rounds:
        answer = kept.answer or {}
        if kept.rating < 1 or not answer:
            continue
        cited = answer["citations"]
        lines.append(
            {
                "id": f"rated-{kept.id}",
                "question": answer["resolved"] or kept.question,
                "article": cited[0]["title"] if cited else None,
                "must": _asked_for(answer) if cited else [],
                "type": "rated",
            }
        )
    return _json_lines(lines)


def ratings(rounds: Iterable[KeptRound]) -> bytes:
    """All rated rounds with what was said and why it was rated so: JSON lines for people to judge."""
    return _json_lines(
        {
            "id": f"rated-{kept.id}",
            "question": kept.question,
            "rating": kept.rating,
            "remark": kept.remark,
            "answer": (kept.answer or {}).get("text", ""),
            "articles": [c["title"] for c in (kept.answer or {}).get("citations", [])],
        }
        for kept in rounds
    )


def _json_lines(lines: Iterable[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def _asked_for(answer: dict[str, Any]) -> list[str]:
    """What the answer stands by: its highlighted characters, else its sentences."""
    marked = [
        s["text"][a:b] for s in answer.get("sentences", []) for a, b in s.get("highlights", [])
    ]
    return list(dict.fromkeys(marked)) or [s["text"] for s in answer.get("sentences", [])]


def _json(kept: Kept, rounds: Sequence[KeptRound], language: str) -> bytes:
    told = {
        "id": kept.id,
        "name": kept.name,
        "library": kept.library,
        "created": kept.created,
        "rounds": [
            {
                "question": r.question,
                "outcome": r.outcome,
                "reason": r.reason,
                "asked": r.asked,
                "rating": r.rating,
                "remark": r.remark,
                "answer": _public(r.answer),
            }
            for r in rounds
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def _public(answer: dict[str, Any] | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    kept = ("text", "status", "sentences", "citations", "background", "confidence", "seconds")
    return {name: answer[name] for name in kept if name in answer}


def _markdown(kept: Kept, rounds: Sequence[KeptRound], language: str) -> bytes:
    words = _WORDS["zh" if language == "zh" else "en"]
    out = [f"# {_plain(kept.name)}", ""]
    for r in rounds:
        out += [f"## {_plain(r.question)}", ""]
        out += [_plain(line) + "  " for line in _said(r, words).splitlines()]
        for heading, cited in _cited(r, words):
            out += ["", f"**{_plain(heading)}**", ""]
            for c in cited:
                out.append(f"{c.marker}. {_plain('，'.join(_facts(c, words)))}  ")
                out += [f"   > {_plain(line)}" for line in c.quote.splitlines()]
        out.append("")
    return "\n".join(out).encode("utf-8", "replace")


def _word(kept: Kept, rounds: Sequence[KeptRound], language: str) -> bytes:
    from docx import Document

    words = _WORDS["zh" if language == "zh" else "en"]
    document = Document()
    document.core_properties.title = _xml(kept.name)
    document.core_properties.author = "Youju 有据"
    document.add_heading(_xml(kept.name), 0)
    for r in rounds:
        document.add_heading(_xml(r.question), 1)
        for line in _said(r, words).splitlines():
            document.add_paragraph(_xml(line))
        for heading, cited in _cited(r, words):
            document.add_heading(_xml(heading), 2)
            for c in cited:
                document.add_paragraph(_xml(f"[{c.marker}] {'，'.join(_facts(c, words))}"))
                document.add_paragraph(_xml(c.quote), style="Intense Quote")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _said(kept: KeptRound, words: dict[str, str]) -> str:
    text = str((kept.answer or {}).get("text", ""))
    if kept.outcome == "failed":
        return words["failed"] + kept.reason
    return f"{text}{words['stopped']}" if kept.outcome in ("stopped", "open") else text


def _cited(kept: KeptRound, words: dict[str, str]) -> list[tuple[str, list[Citation]]]:
    """What a round quotes, under a heading each: its answer's sources, and beside a refusal what
    is known of the thing."""
    answer = kept.answer or {}
    known = answer.get("background") or {"text": "", "citations": []}
    parts = [(words["sources"], answer.get("citations", [])), (known["text"], known["citations"])]
    return [(heading, [citation_from(c) for c in cited]) for heading, cited in parts if cited]


def _facts(c: Citation, words: dict[str, str]) -> list[str]:
    where = f"{file_of(c)} {place(c, words is _WORDS['zh'])}".strip()
    also = words["also"] + "; ".join(c.also) if c.also else ""
    return [f for f in (c.title, c.byline, c.published, where, also) if f]


def _plain(line: str) -> str:
    """Foreign text in Markdown: shown as it is, read as nothing."""
    return _SPECIAL.sub(r"\\\1", " ".join(line.split()))


def _xml(text: str) -> str:
    """Text that XML can hold: control characters, which Word would refuse, left out."""
    return _NO_XML.sub("", text)
