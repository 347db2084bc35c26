"""Questions that several pieces answer: which articles there are, how a thing went on, what it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.library import Library
from qa.assistant import Assistant
from qa.options import Options
from qa.question import Kind, analyse
from qa.types import Answer, Status


def titles(answer: Answer) -> list[str]:
    return list(dict.fromkeys(c.title for c in answer.citations))


def holds(answer: Answer, library: Library) -> None:
    """Every citation gives the article's very characters, every sentence has support."""
    for c in answer.citations:
        article = library.article(c.article_id)
        assert article is not None
        assert article.text[c.start : c.end] == c.quote
    assert all(s.supported and s.markers for s in answer.sentences)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("11月14日有哪些新闻", Kind.ARTICLES),
        ("王玉红参加了哪些活动", Kind.ARTICLES),
        ("景静写了哪些报道", Kind.ARTICLES),
        ("列出关于茶厂的报道", Kind.ARTICLES),
        ("有哪些关于云岭水库除险加固的报道", Kind.ARTICLES),
        ("哪几篇文章提到了茶厂", Kind.ARTICLES),
        ("哪些人参加了新闻发布会", Kind.PERSON),
        ("Which articles mention the clock tower?", Kind.ARTICLES),
        ("贾鲁河治理的进展", Kind.TIMELINE),
        ("水库加固工程进展如何", Kind.TIMELINE),
        ("介绍一下老家印象项目", Kind.SUMMARY),
        ("Tell me about the clock tower", Kind.SUMMARY),
        ("这篇报道的记者是谁", Kind.AUTHOR),
        ("会议提出了哪些要求", Kind.LIST),
        ("工程总投资是多少", Kind.MONEY),
        ("这篇文章是谁写的", Kind.AUTHOR),
        ("介绍一下谁主持了会议", Kind.PERSON),
    ],
)
def test_what_is_asked_for(question: str, kind: Kind) -> None:
    assert analyse(question).kind is kind


def test_all_that_a_reporter_wrote(assistant: Assistant, library: Library) -> None:
    answer = assistant.ask("沈一诺写了哪些报道")
    assert answer.status is Status.ANSWERED
    assert set(titles(answer)) == {"云岭水库除险加固工程开工", "松坪镇的老茶厂重新冒烟"}
    assert all("沈一诺" in c.quote for c in answer.citations)
    assert answer.text.startswith("找到 2 篇：\n《")
    holds(answer, library)


def test_the_news_of_a_day(assistant: Assistant, library: Library) -> None:
    answer = assistant.ask("12月2日有哪些新闻")
    assert titles(answer) == ["青溪县明确冬季除雪分工"]
    assert "12月2日" in answer.citations[0].quote
    holds(answer, library)
    assert titles(assistant.ask("十二月二日有哪些新闻")) == titles(answer)


def test_the_day_is_the_articles_own(assistant: Assistant) -> None:
    # The notice says that the hours change on June 1; the clock's article is of June 3.
    assert "Clock Tower to Chime Again After Eleven Years" in titles(
        assistant.ask("2024年6月3日有哪些新闻")
    )
    assert assistant.ask("2023年6月3日有哪些新闻").status is Status.NO_EVIDENCE


def test_what_a_person_took_part_in(assistant: Assistant, library: Library) -> None:
    answer = assistant.ask("林晓棠参加了哪些活动")
    assert titles(answer) == ["云岭水库除险加固工程开工"]
    assert all("林晓棠" in c.quote for c in answer.citations)
    holds(answer, library)


def test_a_thing_that_articles_are_about(assistant: Assistant) -> None:
    assert titles(assistant.ask("有哪些关于茶厂的报道")) == ["松坪镇的老茶厂重新冒烟"]
    english = assistant.ask("Which articles mention the clock tower?")
    assert titles(english) == ["Clock Tower to Chime Again After Eleven Years"]
    assert english.text.startswith("1 article found:\n")


@pytest.mark.parametrize(
    "question", ["7月7日有哪些新闻", "李白写了哪些文章", "有哪些关于核电站的报道"]
)
def test_nothing_that_fits_is_refused(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status is Status.NO_EVIDENCE
    assert not answer.citations


def test_every_article_when_nothing_is_said_of_them(assistant: Assistant, library: Library) -> None:
    answer = assistant.ask("有哪些新闻")
    assert len(titles(answer)) == len(library)
    holds(answer, library)


def test_the_days_that_are_searched_limit_the_list(assistant: Assistant) -> None:
    answer = assistant.ask("有哪些新闻", Options(since=date(2024, 6, 1), until=date(2024, 6, 30)))
    assert titles(answer) == ["Clock Tower to Chime Again After Eleven Years"]


PROGRESS = {
    "a.txt": "青石桥开工重建\n\n2024年3月5日，青石桥重建工程开工。记者 沈一诺\n",
    "b.txt": "青石桥桥墩完工\n\n2024年6月20日，青石桥重建工程的四个桥墩全部完工。记者 沈一诺\n",
    "c.txt": "青石桥通车\n\n2024年11月2日，青石桥重建工程完成，桥上恢复通车。记者 范可欣\n",
    "d.txt": "食堂换菜单\n\n2024年5月9日，县机关食堂换了新菜单。记者 范可欣\n",
}


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("bridge")
    for name, text in PROGRESS.items():
        (folder / name).write_text(text, encoding="utf-8")
    library = Library.open(folder / "library")
    assert not library.add([folder / name for name in PROGRESS]).failed
    return library


def test_a_timeline_goes_from_the_earliest_to_the_latest(bridge: Library) -> None:
    answer = Assistant(bridge).ask("青石桥重建工程的进展")
    assert titles(answer) == ["青石桥开工重建", "青石桥桥墩完工", "青石桥通车"]
    assert [line[:10] for line in answer.text.splitlines()] == [
        "2024-03-05",
        "2024-06-20",
        "2024-11-02",
    ]
    holds(answer, bridge)


def test_a_summary_takes_sentences_of_several_articles(bridge: Library) -> None:
    answer = Assistant(bridge).ask("介绍一下青石桥重建工程")
    assert len(titles(answer)) == 3
    assert "食堂" not in answer.text
    assert len({s.text for s in answer.sentences}) == len(answer.sentences)
    holds(answer, bridge)


def test_half_of_a_thing_is_not_summed_up(assistant: Assistant) -> None:
    # There is a reservoir and there is a night market, but no night market at the reservoir.
    answer = assistant.ask("介绍一下云岭水库夜市")
    assert answer.status is Status.NO_EVIDENCE
    assert assistant.ask("介绍一下老码头夜市").status is Status.ANSWERED


def test_a_day_without_a_year_stands_among_those_of_the_latest(tmp_path: Path) -> None:
    for name, day in (("a", "2024年3月1日"), ("b", "9月2日"), ("c", "2023年12月3日")):
        (tmp_path / f"{name}.txt").write_text(
            f"柳林河清淤{name}\n\n{day}，柳林河清淤工程有了新情况。记者 白露\n", encoding="utf-8"
        )
    with Library.open(tmp_path / "library") as library:
        library.add([tmp_path / f"{name}.txt" for name in "abc"])
        answer = Assistant(library).ask("有哪些关于柳林河清淤的报道")
        assert [t[-1] for t in titles(answer)] == ["b", "a", "c"]
        september = Assistant(library).ask("2024年9月有哪些新闻")
        assert [t[-1] for t in titles(september)] == ["b"]


def test_a_marker_in_a_title_is_no_citation(tmp_path: Path) -> None:
    (tmp_path / "n.txt").write_text(
        "夜市[9]延长营业\n\n2024年8月1日，夜市延长营业一小时。记者 白露\n", encoding="utf-8"
    )
    with Library.open(tmp_path / "library") as library:
        library.add([tmp_path / "n.txt"])
        answer = Assistant(library).ask("白露写了哪些报道")
    assert answer.status is Status.ANSWERED
    assert "[9]" not in answer.text
    assert answer.text.count("[1]") == 1


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("many")
    for day in range(1, 15):
        (folder / f"{day}.txt").write_text(
            f"夜市第{day}天\n\n2024年8月{day}日，老码头夜市迎来第{day}批客人。记者 白露\n",
            encoding="utf-8",
        )
    library = Library.open(folder / "library")
    library.add([folder])
    return library


def test_of_many_the_latest_are_listed_and_said_to_be_some(many: Library) -> None:
    answer = Assistant(many).ask("白露写了哪些报道")
    assert [c.published[-2:] for c in answer.citations] == [f"{d:02}" for d in range(14, 2, -1)]
    assert answer.text.startswith("最近的 12 篇，还有更多：\n")
    two = Assistant(many).ask("2024年8月2日有哪些新闻")
    assert titles(two) == ["夜市第2天"]
    assert two.text.startswith("找到 1 篇：\n")


@pytest.mark.parametrize(
    "question",
    [
        "2024年8月3日有哪些新闻",
        "2024年8月13日以来有哪些报道",
        "白露写了哪些报道",
        "2019年有哪些新闻",
    ],
)
def test_a_large_library_lists_the_same(
    many: Library, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Assistant(many).ask(question)
    monkeypatch.setattr("qa.listing.SMALL", 0)
    assert Assistant(many).ask(question).text == whole.text


def test_a_word_behind_an_office_is_no_name(tmp_path: Path) -> None:
    (tmp_path / "n.txt").write_text(
        "县里学习讲话\n\n会上传达了县委书记关于水利工程的讲话，县长高度评价水利工程建设。记者 白露\n",
        encoding="utf-8",
    )
    with Library.open(tmp_path / "library") as library:
        library.add([tmp_path / "n.txt"])
        assert titles(Assistant(library).ask("有哪些关于水利工程的报道")) == ["县里学习讲话"]
