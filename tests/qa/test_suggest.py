"""Example questions come from the articles, and the library answers them."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from index.types import Article, Origin
from qa.assistant import Assistant
from qa.generator import FakeGenerator
from qa.page.suggesting import Suggestions
from qa.suggest import suggestions
from qa.types import Status

PLAIN = Article("a1", "天气", "今天天晴。", "zh", "news.txt", Origin(1, 2))


def test_an_enumeration_an_office_and_a_byline_are_asked_about() -> None:
    article = replace(
        PLAIN,
        title="水库开工",
        text="县长高文博主持会议，提出三项要求：一是快。二是好。",
        byline="记者 沈一诺",
    )
    assert list(suggestions([article])) == [
        "《水库开工》提出了哪些要求？",
        "高文博是什么职务？",
        "《水库开工》是哪位记者写的？",
    ]


def test_what_is_asked_changes_by_turns() -> None:
    wanted = "提出三项要求：一是快。二是好。"
    every = [
        replace(PLAIN, id=str(i), title=f"第{i}号", text=f"县长高文{name}主持会议，{wanted}")
        for i, name in enumerate("博华")
    ]
    amount = replace(PLAIN, id="x", title="水库开工", text="今天，水库开工，总投资达 3亿元。")
    made = list(suggestions([*every, amount]))
    assert made[:3] == [
        "《第0号》提出了哪些要求？",
        "《水库开工》里，总投资是多少？",
        "高文博是什么职务？",
    ]
    assert len(made) == len(set(made)) == 5
    assert list(suggestions([replace(amount, text="总投资还没有定。")])) == []


def test_nothing_is_asked_that_an_article_does_not_hold() -> None:
    assert list(suggestions([])) == []
    assert list(suggestions([PLAIN])) == []
    long = replace(PLAIN, title="长" * 31, text="要求：一是快。二是好。", byline="记者 沈一诺")
    assert list(suggestions([long])) == []


def test_english_articles_are_asked_about_in_english() -> None:
    article = replace(PLAIN, title="Clock Tower", language="en", byline="By Tang Yue")
    assert list(suggestions([article])) == ["Who wrote “Clock Tower”?"]


def test_questions_are_spread_over_the_articles(articles: dict[str, Article]) -> None:
    made = list(islice(suggestions(list(articles.values())), 4))
    assert len(set(made)) == len(made)
    assert sum("云岭水库" in question for question in made) <= 2


def test_examples_are_answered(assistant: Assistant) -> None:
    examples = assistant.examples(4)
    assert len(examples) == len(set(examples)) == 4
    assert all(assistant.ask(q).status is Status.ANSWERED for q in examples)
    assert assistant.examples(0) == []
    assert assistant.examples(2) == examples[:2]


def test_what_is_offered_costs_a_language_model_nothing(assistant: Assistant) -> None:
    model = FakeGenerator("好。[1]")
    written = Assistant(assistant.library, generator=model)
    assert written.examples(3) == assistant.examples(3) != []
    answer = assistant.ask("云岭水库什么时候开工")
    cited = [c.article_id for c in answer.citations]
    assert Suggestions().after(written, answer, cited, []) != []
    assert Suggestions().first(written) != []
    assert model.heard == []
    assert assistant.without_model() is assistant
