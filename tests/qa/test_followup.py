"""Follow-up questions are made to stand by themselves; a change of subject is left alone."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.assistant import Assistant
from qa.followup import Resolved, resolve
from qa.types import Status, Turn

HOST = "谁主持了校园食品安全会议"
START = "云岭水库什么时候开工"


def talk(assistant: Assistant, *questions: str) -> Resolved:
    """What the last question becomes after the others were asked and answered."""
    conversation = assistant.chat()
    for question in questions[:-1]:
        conversation.ask(question)
    return resolve(questions[-1], conversation.turns, assistant.library)


@pytest.mark.parametrize(
    ("questions", "resolved"),
    [
        # a pronoun becomes the person whom the last answer marked
        ((HOST, "他强调了什么"), "主持了校园食品安全会议，高文博强调了什么"),
        (("县水务局局长是谁", "他汇报了什么"), "县水务局局长，周启明汇报了什么"),
        # … or whom the last question named
        (("林晓棠提出了什么要求", "她出席了什么仪式"), "提出了要求，林晓棠出席了什么仪式"),
        # another person is put in the place of the first
        (("马立新负责什么", "那唐雨薇呢"), "唐雨薇负责什么"),
        (("马立新负责什么", "唐雨薇呢？"), "唐雨薇负责什么"),
        # a thing, or nothing, is pointed at
        (("夜市设在哪里", "它有多少个摊位"), "夜市设，它有多少个摊位"),
        (("夜市设在哪里", "这个夜市营业到几点"), "夜市设，这个夜市营业到几点"),
        ((START, "总投资是多少"), "云岭水库开工，总投资是多少"),
        ((START, "谁出席了"), "云岭水库开工，谁出席了"),
        ((START, "为什么"), "云岭水库开工，为什么"),
        # the same once more, without what was told
        (("检查中发现了哪些问题", "还有呢"), "检查中发现了哪些问题"),
        (("检查中发现了哪些问题", "那还有其他的吗？"), "检查中发现了哪些问题"),
        (("检查中发现了哪些问题", "还有哪些部门参加"), "检查中发现了问题，还有哪些部门参加"),
    ],
)
def test_a_question_that_leans_is_completed(
    chinese: Assistant, questions: tuple[str, ...], resolved: str
) -> None:
    assert talk(chinese, *questions).text == resolved


@pytest.mark.parametrize(
    "questions",
    [
        (START,),
        (HOST, "周启明担任什么职务"),
        (START, "夜市设在哪里"),
        (START, "怎么做红烧肉"),
        (START, "其他部门负责什么工作"),
        ("Why did the clock stop?", "Who won the world cup in 1998?"),
    ],
)
def test_a_question_that_stands_by_itself_is_left_alone(
    assistant: Assistant, questions: tuple[str, ...]
) -> None:
    assert talk(assistant, *questions) == Resolved(questions[-1])


@pytest.mark.parametrize(
    ("before", "question"),
    [
        # it begins as a cited title does, or as the question before
        ("谁汇报了工程准备情况", "云岭水库除险加固工程由哪家公司施工"),
        # what the question before does not have: a name, a quotation; why is no attribute
        ("茶厂理事长是谁", "石桥茶厂请回了几位退休师傅"),
        (START, "“把住质量关”有什么要求"),
        ("夜市设在哪里", "大坝为什么要巡查两次"),
        ("夜市设在哪里", "巡坝制度是哪天改的"),
        # it is not joined to a question of another language if it names its thing
        ("Who attended the start of the Yunling reservoir project?", "云岭水库工程有什么要求"),
        ("How much will the Yunling reservoir cost?", "云岭水库什么时候完工"),
    ],
)
def test_a_question_that_begins_with_its_thing_is_not_padded(
    assistant: Assistant, before: str, question: str
) -> None:
    assert talk(assistant, before, question).text == question
    alone, after = assistant.ask(question), assistant.chat()
    after.ask(before)
    assert after.ask(question).text == alone.text


@pytest.mark.parametrize(
    "question", ["总投资是多少", "开工是哪天", "施工单位负责人是谁", "工程有哪些要求"]
)
def test_one_that_does_not_is_completed_across_languages_too(
    assistant: Assistant, question: str
) -> None:
    before = "Who attended the start of the Yunling reservoir project?"
    found = talk(assistant, before, question)
    assert found.text[: found.context].startswith("Who attended")


def test_what_was_refused_is_talked_of_further_if_its_thing_is_known(chinese: Assistant) -> None:
    refused = Assistant(chinese.library, answer_from=1.01).ask("松坪茶厂的年产值是多少")
    assert refused.background is not None
    turns = [
        Turn(HOST, chinese.ask(HOST)),
        Turn("松坪茶厂的年产值是多少", refused),
    ]
    found = resolve("首批春茶炒制了多少斤", turns, chinese.library)
    assert found.text == "松坪茶厂，首批春茶炒制了多少斤"
    assert found.prefer == (refused.background.citations[0].article_id,)


@pytest.mark.parametrize("more", ["还有呢", "还有别的吗", "更多"])
def test_more_is_what_was_not_told(chinese: Assistant, more: str) -> None:
    conversation = chinese.chat()
    answers = [conversation.ask("松坪茶厂怎么样")]
    while not answers[-1].refused:
        answers.append(conversation.ask(more))
        assert len(answers) < 9
    assert len(answers) > 2
    cited = [c.place for a in answers for c in a.citations]
    apart = [
        a[0] != b[0] or a[2] <= b[1] or b[2] <= a[1] for i, a in enumerate(cited) for b in cited[:i]
    ]
    assert apart
    assert all(apart)
    assert answers[-1].text == "资料库里关于这个问题没有更多内容了。"
    assert answers[-1].nearest == ()
    assert conversation.ask("它请了几位师傅").resolved.startswith("松坪茶厂")


def test_no_article_is_listed_twice(chinese: Assistant) -> None:
    conversation = chinese.chat()
    listed = conversation.ask("白露写了哪些报道")
    assert listed.citations
    assert conversation.ask("还有吗").text == "资料库里关于这个问题没有更多内容了。"


def test_more_of_nothing_is_a_question_like_any(chinese: Assistant) -> None:
    assert resolve("还有呢", [], chinese.library) == Resolved("还有呢")
    assert talk(chinese, "怎么做红烧肉", "还有呢").told == ()


@pytest.mark.parametrize("more", ["What else?", "anything more?", "Tell me more"])
def test_more_is_asked_for_in_english_too(assistant: Assistant, more: str) -> None:
    conversation = assistant.chat()
    first = conversation.ask("Why did the clock stop?")
    asked = conversation.resolve(more)
    assert asked.text == "Why did the clock stop?"
    assert asked.told == tuple(c.place for c in first.citations)
    assert asked.told


def test_a_person_is_looked_for_beyond_a_refusal(chinese: Assistant) -> None:
    asked = talk(chinese, HOST, "校园食品安全会议花了多少钱", "他是谁")
    assert asked.text.endswith("高文博是谁")


def test_english_pronouns_lean(assistant: Assistant) -> None:
    for question in ("How much will its repairs cost?", "And who leads the team?"):
        found = talk(assistant, "Why did the clock stop?", question)
        assert found.text == f"Why did the clock stop, {question}"
        assert found.text[found.context :] == question


def test_english_questions_on_the_same_article_lean(assistant: Assistant) -> None:
    found = talk(assistant, "Why did the clock stop?", "How many craftsmen are in the team?")
    assert found.text == "Why did the clock stop, How many craftsmen are in the team?"
    for alone in ("What does Shen Guolin lead?", "How many canteens opened?"):
        assert talk(assistant, "Why did the clock stop?", alone).text == alone


def test_what_was_taken_over_is_told_from_what_is_asked(chinese: Assistant) -> None:
    found = talk(chinese, START, "总投资是多少")
    assert found.text[: found.context] == "云岭水库开工，"
    assert found.text[found.context :] == "总投资是多少"
    [title] = {a.title for i in found.prefer if (a := chinese.library.article(i))}
    assert title == "云岭水库除险加固工程开工"


def test_a_refused_question_is_passed_over(chinese: Assistant) -> None:
    conversation = chinese.chat()
    conversation.ask(START)
    assert conversation.ask("怎么做红烧肉").status is Status.NO_EVIDENCE
    found = resolve("总投资是多少", conversation.turns, chinese.library)
    assert found.text == "云岭水库开工，总投资是多少"


def test_a_new_subject_starts_anew(chinese: Assistant) -> None:
    asked = (START, "总投资是多少", "夜市设在哪里", "有多少个摊位")
    assert talk(chinese, *asked).text == "夜市设，有多少个摊位"


def test_a_long_talk_does_not_pile_up(chinese: Assistant) -> None:
    asked = [START] + ["总投资是多少", "什么时候完工", "谁出席了", "有哪些要求", "有多少设备"] * 3
    found = talk(chinese, *asked)
    assert found.text.startswith("云岭水库开工，")
    assert found.text.endswith("，有多少设备")
    assert found.context <= 40


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="他她它那这呢为什么水库夜市谁多少？ abWhoit ", max_size=16))
def test_any_follow_up_keeps_what_was_asked(chinese: Assistant, question: str) -> None:
    first = chinese.ask(HOST)
    found = resolve(question, [Turn(HOST, first)], chinese.library)
    assert 0 <= found.context <= len(found.text)
    assert found.text or not question
    assert resolve(question, [], chinese.library) == Resolved(question)
