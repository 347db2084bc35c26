"""Articles that say the same are cited together; articles that differ are shown side by side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.library import Library
from qa.agreement import compare
from qa.assistant import HITS, Assistant
from qa.extract import extract
from qa.options import Options
from qa.question import analyse
from qa.types import Answer, Status

START = """云溪大桥开工

2024年3月2日，云溪大桥在柏湾镇开工。大桥全长860米，由桥梁工程师卓立群设计。

云溪大桥总投资2.4亿元，计划2026年6月建成通车。云溪大桥工程项目经理周启明介绍了施工安排。

记者 沈一诺
2024年3月2日
"""
VISIT = """县领导察看云溪大桥工地

5月10日，副县长林晓棠到云溪大桥工地察看。云溪大桥总投资2.4亿元，计划2026年6月建成通车，目前桥墩已经完成七成。

林晓棠要求，汛期施工要把安全放在第一位。

记者 范可欣
2024年5月10日
"""
LATER = """云溪大桥主桥合龙

2025年9月18日，云溪大桥主桥合龙。受钢材涨价影响，云溪大桥总投资2.7亿元，全县人民盼望的过江通道就要建成了。

云溪大桥工程项目经理梁树声介绍了施工安排。

记者 沈一诺
2025年9月18日
"""
OTHER = """石门大桥通车

2023年11月6日，石门大桥通车。石门大桥总投资1.1亿元，全长430米，桥面宽12米。

石门大桥工程项目经理曹少平介绍了施工安排。

记者 田青禾
2023年11月6日
"""
COUNT = """柏湾镇办好养老驿站

截至6月底，柏湾镇建成养老驿站14家，其中村级驿站11家。

2025年7月3日
"""
RECOUNT = """走访养老驿站

记者在柏湾镇走访时了解到，全镇共有12家养老驿站投入使用，最大的一家有床位46张。

2025年7月21日
"""
PLAN = """柏湾镇工作报告

今年年底，柏湾镇养老驿站计划达到20家。

2025年1月9日
"""
NOTICE = """柏湾镇文化站开馆预告

柏湾镇文化站定于10月1日开馆，开馆仪式在柏湾中学举行。站里有藏书8000册。

2025年9月2日
"""
CHANGED = """柏湾镇文化站开馆时间调整

因布展未完，柏湾镇文化站定于10月18日开馆，开馆仪式在镇政府广场举行。

2025年9月26日
"""
TEXTS = {
    "notice": NOTICE,
    "changed": CHANGED,
    "start": START,
    "visit": VISIT,
    "later": LATER,
    "other": OTHER,
    "count": COUNT,
    "recount": RECOUNT,
    "plan": PLAN,
}


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("texts")
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    with Library.open(tmp_path_factory.mktemp("bridge")) as library:
        assert not library.add([folder]).failed
        yield library


def without(library: Library, tmp_path: Path, *names: str) -> Assistant:
    """An assistant on the same articles but those of some files."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for name in sorted(set(TEXTS) - set(names)):
        (folder / f"{name}.txt").write_text(TEXTS[name], encoding="utf-8")
    fewer = Library.open(tmp_path / "library")
    fewer.add([folder])
    return Assistant(fewer)


def sources(answer: Answer) -> list[str]:
    return [Path(c.source).stem for c in answer.citations]


def exact(answer: Answer, library: Library) -> bool:
    return all(
        (a := library.article(c.article_id)) is not None and a.text[c.start : c.end] == c.quote
        for c in answer.citations
    )


def test_articles_that_say_the_same_are_cited_together(bridge: Library, tmp_path: Path) -> None:
    assistant = without(bridge, tmp_path, "later")
    answer = assistant.ask("云溪大桥总投资是多少")
    assert answer.status is Status.ANSWERED
    [sentence] = answer.sentences
    assert sentence.markers == (1, 2)
    assert sentence.supported
    assert answer.text == f"{sentence.text}[1][2]"
    assert sorted(sources(answer)) == ["start", "visit"]
    assert all("2.4亿元" in c.quote for c in answer.citations)
    assert exact(answer, assistant.library)
    assistant.close()


def test_articles_that_differ_are_shown_with_their_days_the_latest_first(bridge: Library) -> None:
    answer = Assistant(bridge).ask("云溪大桥总投资是多少")
    above, first, *others = answer.text.split("\n")
    assert above == "各篇文章说法不一，新的在前："
    assert first.startswith("2025-09-18　")
    assert "2.7亿元" in first
    assert len(others) == 1
    assert others[0].startswith(("2024-05-10　", "2024-03-02　"))
    assert "2.4亿元" in others[0]
    assert answer.status is Status.ANSWERED
    # The earlier two say the same: one line with both citations.
    assert [s.markers for s in answer.sentences] == [(1,), (2, 3)]
    assert "other" not in sources(answer)  # 石门大桥 is another bridge
    assert exact(answer, bridge)


def test_what_bears_the_best_out_is_told_beside_what_differs(bridge: Library) -> None:
    text = "云溪大桥总投资是多少"
    question = analyse(text)
    found = extract(question, bridge.search(text, k=HITS), bridge)
    files = {c.article.id: Path(c.article.source).stem for c in found.candidates}
    bests = [c for c in found.candidates if c.text.startswith(("云溪大桥总投资", "受钢材"))]
    assert {files[c.article.id] for c in bests} == {"start", "visit", "later"}
    for best in bests:
        beside = compare(question, best, found, bridge)
        same = [files[article.id] for article, _ in beside.same]
        other = [
            {files[c.article.id], *(files[article.id] for article, _ in places)}
            for c, places in beside.other
        ]
        # The visit's sentence says more than the start's, which does not bear it out.
        assert (same, other) == {
            "start": (["visit"], [{"later"}]),
            "visit": ([], [{"later"}]),
            "later": ([], [{"start", "visit"}]),
        }[files[best.article.id]]


def test_people_that_differ(bridge: Library) -> None:
    answer = Assistant(bridge).ask("云溪大桥工程项目经理是谁")
    assert sources(answer) == ["later", "start"]
    assert ["梁树声" in answer.sentences[0].text, "周启明" in answer.sentences[1].text] == [
        True
    ] * 2


def test_days_that_differ(bridge: Library) -> None:
    answer = Assistant(bridge).ask("柏湾镇文化站什么时候开馆")
    assert sources(answer) == ["changed", "notice"]
    assert [line[:11] for line in answer.text.split("\n")[1:]] == ["2025-09-26　", "2025-09-02　"]


def test_places_that_differ(bridge: Library) -> None:
    answer = Assistant(bridge).ask("柏湾镇文化站开馆仪式在哪里举行")
    assert sources(answer) == ["changed", "notice"]


def test_counts_that_differ_and_a_plan_that_does_not(bridge: Library) -> None:
    answer = Assistant(bridge).ask("柏湾镇建成了多少家养老驿站")
    assert sources(answer) == ["recount", "count"]
    assert "20家" not in answer.text


def test_brief_answers_keep_the_days(bridge: Library) -> None:
    brief = Assistant(bridge).ask("云溪大桥总投资是多少", Options(style="brief"))
    assert [line[:10] for line in brief.text.split("\n")[1:]] == [
        "2025-09-18",
        brief.citations[1].published,
    ]


@pytest.mark.parametrize(
    "question",
    [
        "石门大桥总投资是多少",
        "云溪大桥全长多少米",
        "谁设计了云溪大桥",
        "云溪大桥什么时候开工",
        "石门大桥什么时候通车",
        "林晓棠有什么要求",
    ],
)
def test_what_only_one_article_says_stands_alone(bridge: Library, question: str) -> None:
    answer = Assistant(bridge).ask(question)
    assert answer.status is Status.ANSWERED
    assert "说法不一" not in answer.text
    assert len(set(sources(answer))) == 1


def test_in_english(tmp_path: Path) -> None:
    texts = {
        "one": "Harbour Bridge Opens\n\nThe Harbour Bridge opened in Dunmere on Monday. "
        "The Harbour Bridge cost 24 million dollars.\n\nMay 6, 2024\n",
        "two": "Counting the Harbour Bridge\n\nCouncil papers were read again. "
        "The Harbour Bridge cost 31 million dollars.\n\nJune 9, 2025\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "library") as library:
        library.add([tmp_path / "one.txt", tmp_path / "two.txt"])
        answer = Assistant(library).ask("How much did the Harbour Bridge cost?")
    above, first, second = answer.text.split("\n")
    assert above.startswith("The articles differ")
    assert ("31 million" in first, "24 million" in second) == (True, True)
