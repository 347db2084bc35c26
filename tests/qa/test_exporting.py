"""What leaves a conversation as a file: Markdown, Word, JSON, evaluation questions, quotations."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from made import make_citation

from qa import citing
from qa.assistant import Assistant
from qa.conversations import Conversations, Kept, KeptRound
from qa.evaluate import read_exam, run_exam
from qa.exports import exam, export, ratings
from qa.page.render import citation_facts
from qa.records import to_record

TRAP = "<script>alert(1)</script> [x](javascript:alert(1)) **粗** \x07"


@pytest.fixture
def talk(assistant: Assistant, tmp_path: Path) -> tuple[Kept, list[KeptRound]]:
    shelf = Conversations(tmp_path / "c.sqlite")
    kept = shelf.begin("", "home", "春茶每斤卖多少钱")
    number = shelf.ask(kept.id, "春茶每斤卖多少钱")
    shelf.end(number, "done", to_record(assistant.ask("春茶每斤卖多少钱")))
    shelf.rate(number, "", 1)
    shelf.end(shelf.ask(kept.id, TRAP), "failed", reason="正忙")
    bad = shelf.ask(kept.id, "谁主持了校园食品安全会议")
    shelf.end(bad, "done", to_record(assistant.ask("谁主持了校园食品安全会议")))
    shelf.rate(bad, "", -1, "引错了")
    return kept, shelf.rounds(kept.id)


def test_markdown_has_questions_answers_and_quotations(talk: tuple[Kept, list[KeptRound]]) -> None:
    text = export("md", *talk).decode()
    assert text.startswith("# 春茶每斤卖多少钱\n\n## 春茶每斤卖多少钱\n")
    assert "180元。\\[1\\]" in text
    assert "**出处**" in text
    assert "   > 首批春茶炒制了320斤，每斤卖180元。" in text
    assert "没有答成：正忙" in text
    assert "\\<script\\>" in text
    assert "\\[x\\]\\(javascript:alert\\(1\\)\\) \\*\\*粗\\*\\*" in text
    assert "**Sources**" in export("md", *talk, language="en").decode()


def test_word_can_be_opened_and_says_the_same(talk: tuple[Kept, list[KeptRound]]) -> None:
    from docx import Document

    document = Document(io.BytesIO(export("docx", *talk)))
    lines = [p.text for p in document.paragraphs]
    assert lines[0] == "春茶每斤卖多少钱"
    assert TRAP.replace("\x07", "") in lines
    assert any("180元。[1]" in line for line in lines)
    assert any(p.style.name == "Intense Quote" and "180元" in p.text for p in document.paragraphs)


def test_json_has_every_round(talk: tuple[Kept, list[KeptRound]]) -> None:
    told = json.loads(export("json", *talk))
    assert [r["outcome"] for r in told["rounds"]] == ["done", "failed", "done"]
    first = told["rounds"][0]["answer"]
    assert first["status"] == "answered"
    assert "180元" in first["citations"][0]["quote"]
    assert told["rounds"][2]["remark"] == "引错了"


def test_an_export_says_the_page_the_section_and_the_other_files(
    talk: tuple[Kept, list[KeptRound]],
) -> None:
    kept, rounds = talk
    answer = rounds[0].answer
    assert answer is not None
    (cited,) = answer["citations"]
    cited |= {
        "source": "/x/a.pdf",
        "lines": "",
        "page": "3",
        "section": "第一章",
        "also": ["b.txt"],
    }
    assert r"a.pdf 第 3 页，第一章，另见 b.txt" in export("md", kept, rounds).decode()
    assert r"a.pdf page 3, 第一章，also in b.txt" in export("md", kept, rounds, "en").decode()


def test_another_kind_is_refused(talk: tuple[Kept, list[KeptRound]]) -> None:
    with pytest.raises(KeyError):
        export("exe", *talk)


def test_ratings_become_an_exam_that_can_be_run(
    talk: tuple[Kept, list[KeptRound]], assistant: Assistant, tmp_path: Path
) -> None:
    path = tmp_path / "exam.jsonl"
    path.write_bytes(exam(r for r in talk[1] if r.rating))
    (good,) = read_exam(path)
    assert (good.turns, good.article) == (("春茶每斤卖多少钱",), "松坪镇的老茶厂重新冒烟")
    assert run_exam([good], assistant).right == 1
    told = [json.loads(line) for line in ratings(talk[1]).splitlines()]
    assert [t["rating"] for t in told if t["rating"]] == [1, -1]
    assert told[-1]["remark"] == "引错了"


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("记者 景静", ["景静"]),
        ("本报记者 景静 通讯员 王伟、李敏 文/图", ["景静", "王伟", "李敏"]),
        ("来源 澄河区民政局", ["澄河区民政局"]),
        ("By Tang Yue and Li Min", ["Tang Yue", "Li Min"]),
        ("", []),
    ],
)
def test_authors_are_names_without_their_offices(byline: str, names: list[str]) -> None:
    assert citing.authors(byline) == names


def test_quotations_carry_their_source() -> None:
    citation = make_citation()
    assert citing.plain(citation) == (
        "“第二段有两句。”（《贾鲁河治理》，记者 景静，2016-11-14，erqi.txt 第 12-14 行）"
    )
    assert citing.gbt7714(citation) == (
        "“第二段有两句。”\n景静. 贾鲁河治理[N]. erqi.txt, 2016-11-14: 12-14."
    )
    bare = make_citation(byline="", published="", lines="")
    assert citing.gbt7714(bare) == "“第二段有两句。”\n贾鲁河治理[N]. erqi.txt."
    many = make_citation(byline="记者 甲一 乙二 丙三 丁四")
    assert citing.gbt7714(many).split("\n")[1].startswith("甲一, 乙二, 丙三, 等. ")
    english = make_citation(title="The Depot", byline="By Tang Yue", quote="It opens.", lines="3")
    assert (
        citing.plain(english)
        == "“It opens.” (“The Depot”, By Tang Yue, 2016-11-14, erqi.txt line 3)"
    )


def test_slides_are_cited_as_slides() -> None:
    slide = make_citation(page="3-4", lines="", unit="slide")
    assert citing.place(slide, chinese=True) == "第 3-4 张"
    assert citing.place(slide, chinese=False) == "slides 3-4"
    assert citing.place(replace(slide, unit="line"), chinese=True) == "第 3-4 页"
    assert "第 3–4 张" in citation_facts(slide, "zh")
