"""A refusal tells what is known of the thing that was asked about, quoted, and claims nothing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from index.library import Library
from qa.assistant import Assistant
from qa.conversations import Kept, KeptRound
from qa.exports import export
from qa.options import Options
from qa.page.render import round_of
from qa.page.talks import Round
from qa.records import from_record, to_record
from qa.terminal import show_answer
from qa.types import Answer, Background, Status

INVESTMENT = "松坪茶厂的总投资是多少"


@pytest.fixture(scope="module")
def wary(chinese: Assistant) -> Assistant:
    """It refuses everything, so that only what it knows is looked at."""
    return Assistant(chinese.library, answer_from=1.01)


def known(assistant: Assistant, question: str) -> Background | None:
    """What is told beside the refusal of a question, its quotes compared with the articles."""
    answer = assistant.ask(question)
    assert answer.refused
    assert not answer.sentences
    assert not answer.citations
    if answer.background is None:
        return None
    for number, c in enumerate(answer.background.citations, start=1):
        article = assistant.library.article(c.article_id)
        assert article is not None
        assert article.text[c.start : c.end] == c.quote
        assert (c.marker, c.source) == (number, article.source)
        assert c.quote not in answer.text
    return answer.background


@pytest.mark.parametrize(
    ("question", "thing", "missing", "quoted"),
    [
        (INVESTMENT, "松坪茶厂", "总投资", "松坪茶厂重新开灶"),
        ("松坪茶厂总投资是多少", "松坪茶厂", "总投资", "松坪茶厂重新开灶"),
        ("老码头夜市的门票多少钱", "老码头夜市", "门票", "营业时间"),
        ("林晓棠的丈夫是谁", "林晓棠", "丈夫", "林晓棠"),
        ("林晓棠毕业于哪所大学", "林晓棠", "", "林晓棠"),
        (
            "谁设计了云岭水库除险加固工程",
            "云岭水库除险加固工程",
            "",
            "云岭水库除险加固工程在松坪镇开工",
        ),
        # of another year there may be one: it is not said to be missing
        ("2031年云岭水库的总投资是多少", "云岭水库", "", "云岭水库"),
    ],
)
def test_it_tells_what_is_known_of_the_thing(
    wary: Assistant, question: str, thing: str, missing: str, quoted: str
) -> None:
    found = known(wary, question)
    assert found is not None
    assert (found.thing, found.missing) == (thing, missing)
    assert quoted in "".join(c.quote for c in found.citations)
    assert found.text == (f"没有找到{missing}；" if missing else "") + f"关于{thing}，文章说到："


@pytest.mark.parametrize(
    "question",
    [
        "怎么做红烧肉",
        "长江大桥的总投资是多少",  # 总投资 is spoken of, of something else
        "云岭水电站的总投资是多少",  # 云岭 alone is another thing
        "新松坪茶厂的总投资是多少",
        "《松坪茶厂旧事》的作者是谁",
        "孙悟空和林晓棠是什么关系",
        "青溪县的面积是多少",  # a district is where things are, and no thing by itself
        "哪位县长写了这本书",
        "2019年5月7日有哪些新闻",
        "Who won the world cup in 1998?",
        "",
        "？",
    ],
)
def test_of_what_the_articles_do_not_speak_nothing_is_told(wary: Assistant, question: str) -> None:
    assert known(wary, question) is None


def test_of_what_is_called_alike_nothing_is_quoted(tmp_path: Path) -> None:
    texts = {"a": "柏湾小学的操场建成\n\n柏湾小学的操场有四条跑道，孩子们先跑了一圈。\n",
             "b": "竹溪小学收萝卜\n\n竹溪小学的孩子们正在楼顶的菜园里收萝卜。\n"}  # fmt: skip
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "library") as library:
        library.add([tmp_path / "a.txt", tmp_path / "b.txt"])
        found = known(Assistant(library, answer_from=1.01), "柏湾小学有多少名学生")
    assert found is not None
    assert {Path(c.source).stem for c in found.citations} == {"a"}


def test_in_english_too(assistant: Assistant) -> None:
    found = known(
        Assistant(assistant.library, answer_from=1.01), "What is the height of the clock tower?"
    )
    assert found is not None
    assert (found.thing, found.missing) == ("clock tower", "")
    assert found.text == "On “clock tower”, the articles say:"
    assert "The old clock tower on Dock Street" in found.citations[0].quote


def test_an_answer_has_none(chinese: Assistant) -> None:
    answer = chinese.ask("云岭水库除险加固工程总投资是多少")
    assert answer.status is Status.ANSWERED
    assert answer.background is None
    assert answer.to_dict()["background"] is None


def test_it_is_in_json_and_kept_with_the_conversation(wary: Assistant) -> None:
    answer = wary.ask(INVESTMENT)
    assert answer.background is not None
    told = json.loads(json.dumps(answer.to_dict()))["background"]
    assert told["thing"] == "松坪茶厂"
    assert told["citations"][0]["quote"] == answer.background.citations[0].quote
    kept = json.loads(json.dumps(to_record(answer)))
    assert from_record(kept, wary.library.article).background == answer.background
    del kept["background"]  # as records were before
    assert from_record(kept, wary.library.article).background is None


def rounds(answer: Answer) -> tuple[Kept, list[KeptRound]]:
    kept = Kept("t1", "", "茶厂", "lib", 0.0, 0.0)
    return kept, [KeptRound(1, answer.question, "done", "", to_record(answer), 0.0, 0, "")]


def test_it_is_shown_everywhere(wary: Assistant, capsys: pytest.CaptureFixture[str]) -> None:
    answer = wary.ask(INVESTMENT)
    assert answer.background is not None
    quote, frame = answer.background.citations[0].quote, answer.background.text
    page = round_of(Round(INVESTMENT, answer=answer, outcome="done"), "zh")
    assert frame in page
    copied = page.partition('data-copy="')[2].partition('"')[0]
    assert quote in copied
    assert f'<span class="yj-quote"><bdi>{quote}</bdi></span>' in page
    assert f'data-start="{answer.background.citations[0].start}"' in page
    assert frame in export("md", *rounds(answer)).decode()
    assert quote in export("json", *rounds(answer)).decode()
    show_answer(answer)
    printed = capsys.readouterr().out
    assert printed.index(frame) < printed.index(f"> {quote}[1]") < printed.index("[1] 松坪镇")


@pytest.mark.parametrize(
    ("asked", "thing"),
    [
        (("谁出席了云岭水库的开工仪式", "她的丈夫是谁"), "林晓棠"),
        (("云岭水库除险加固工程总投资是多少", "它用了多少吨水泥"), "云岭水库除险加固"),
    ],
)
def test_the_talk_may_have_named_the_thing(
    chinese: Assistant, asked: tuple[str, ...], thing: str
) -> None:
    talk = chinese.chat()
    talk.ask(asked[0])
    resolved = talk.resolve(asked[1])
    [*_, answer] = Assistant(chinese.library, answer_from=1.01)._answers(asked[1], resolved)
    assert answer.refused
    assert answer.background is not None
    assert answer.background.thing == thing


def test_nothing_is_told_from_outside_of_what_is_searched(wary: Assistant) -> None:
    later = Options(since=date(2024, 5, 20))  # the notice on the night market only
    assert wary.ask("老码头夜市的门票多少钱", later).background is not None
    assert wary.ask("林晓棠的丈夫是谁", later).background is None
