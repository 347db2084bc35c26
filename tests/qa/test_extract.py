"""The pieces that answer, best first: by kind of question, to the character, and how sure."""

from __future__ import annotations

import pytest

from qa.assistant import HITS, Assistant
from qa.extract import Extraction, extract
from qa.options import ANSWER_FROM
from qa.question import analyse
from qa.units import UnitKind

# question, the whole piece that answers, what is marked in it
ANSWERS = {
    "person": ("谁主持了校园食品安全会议", "会议由县长高文博主持。", ["高文博"]),
    "date": (
        "云岭水库什么时候开工",
        "5月6日上午，云岭水库除险加固工程在松坪镇开工。",
        ["5月6日上午"],
    ),
    "money": (
        "云岭水库总投资是多少",
        "工程总投资4200万元，计划2025年10月底前完工。",
        ["4200万元"],
    ),
    "number": ("全县准备了多少吨融雪剂", "全县准备了融雪剂90吨、铲雪车14辆。", ["90吨"]),
    "years": ("松坪茶厂停产了几年", "4月18日清晨，停产七年的松坪茶厂重新开灶。", ["七年"]),
    "office": (
        "周启明担任什么职务",
        "副县长林晓棠出席开工仪式并讲话，县水务局局长周启明汇报工程准备情况。",
        ["县水务局局长"],
    ),
    "items in a row": (
        "检查中发现了哪些问题",
        "检查中发现的问题有索证不全、生熟混放、冷库超温、餐具消毒记录缺失。",
        [],
    ),
    "reason": ("为什么今年采茶晚了", "由于连续下雨，今年采茶比往年晚了十天。", None),
    "method": (
        "茶厂用什么方法炒茶",
        "茶厂用炭火代替电炉炒茶，先高温杀青，再低温慢焙，然后摊凉入罐。",
        None,
    ),
    "speech": (
        "欧阳明珠说了什么",
        "茶厂理事长欧阳明珠说：“我们不比谁家产量大，只比谁家火候稳。”",
        None,
    ),
    "author": (
        "水库开工的报道是谁写的",
        "记者 沈一诺 通讯员 田青禾",
        ["记者 沈一诺 通讯员 田青禾"],
    ),
    "traditional": ("誰主持了校園食品安全會議", "会议由县长高文博主持。", ["高文博"]),
}
ENUMERATIONS = {
    "across paragraphs": (
        "林晓棠对工程建设提出了哪些要求",
        "林晓棠对工程建设提出要求：\n"
        "一是把住质量关。混凝土要批批送检，不合格的一律退场。\n"
        "二是把住安全关。汛期每天两次巡坝，发现险情立即停工撤人。\n"
        "三是把住廉洁关。工程款按进度拨付，账目每季度公开一次。",
    ),
    "in a sentence": (
        "高文博强调了哪些要求",
        "高文博强调，一要把好采购关，食材统一招标；二要把好加工关，后厨全部装上摄像头；"
        "三要把好留样关，每餐留样四十八小时。",
    ),
    "bracketed": (
        "商户应当做到哪几点",
        "商户应当做到以下三点：（一）摊位不得占用消防通道；（二）食品摊主须持健康证；"
        "（三）收摊后半小时内清扫干净。",
    ),
}


def extracted(assistant: Assistant, text: str) -> Extraction:
    return extract(analyse(text), assistant.library.search(text, k=HITS), assistant.library)


@pytest.mark.parametrize(("question", "piece", "marked"), ANSWERS.values(), ids=ANSWERS)
def test_the_sentence_that_answers_comes_first(
    chinese: Assistant, question: str, piece: str, marked: list[str] | None
) -> None:
    best = extracted(chinese, question).candidates[0]
    text = best.article.text[best.unit.start : best.unit.end]
    assert text == piece
    if marked is not None:
        assert [text[a:b] for a, b in best.highlights] == marked


@pytest.mark.parametrize(("question", "piece"), ENUMERATIONS.values(), ids=ENUMERATIONS)
def test_a_question_for_several_things_gets_them_all_and_no_more(
    chinese: Assistant, question: str, piece: str
) -> None:
    best = extracted(chinese, question).candidates[0]
    assert best.unit.kind is UnitKind.ENUMERATION
    assert best.article.text[best.unit.start : best.unit.end] == piece


def test_a_question_for_one_item_gets_that_item(chinese: Assistant) -> None:
    best = extracted(chinese, "汛期每天巡坝几次").candidates[0]
    assert "两次巡坝" in best.text
    assert "质量关" not in best.text


def test_candidates_come_best_first_and_are_spans(assistant: Assistant) -> None:
    for question in ("云岭水库有哪些要求", "Why did the clock stop?", "怎么做红烧肉"):
        found = extracted(assistant, question)
        scores = [c.score for c in found.candidates]
        assert scores == sorted(scores, reverse=True)
        assert 0.0 <= found.confidence <= 1.0
        for candidate in found.candidates:
            assert 0 <= candidate.unit.start < candidate.unit.end <= len(candidate.article.text)
            length = candidate.unit.end - candidate.unit.start
            assert all(0 <= a < b <= length for a, b in candidate.highlights)


def test_an_answer_is_surer_than_a_near_miss_and_that_than_another_field(
    chinese: Assistant,
) -> None:
    for held, near, far in (
        ("云岭水库总投资是多少", "云岭水库库容是多少", "珠穆朗玛峰有多高"),
        ("全县准备了多少吨融雪剂", "铲雪车总共花了多少钱", "怎样给笔记本电脑重装系统"),
        ("谁主持了校园食品安全会议", "王建国参加了哪些活动", "Who won the world cup in 1998?"),
    ):
        sure, less, least = (extracted(chinese, q).confidence for q in (held, near, far))
        assert sure >= ANSWER_FROM["balanced"] > less, (held, near)
        assert sure >= ANSWER_FROM["balanced"] > least, (held, far)


def test_articles_already_talked_about_are_preferred(chinese: Assistant) -> None:
    text = "谁负责这项工作"
    hits = chinese.library.search(text, k=HITS)
    for article in {h.article.id: h.article for h in hits}.values():
        plain = extract(analyse(text), hits, chinese.library)
        preferred = extract(analyse(text), hits, chinese.library, [article.id])

        def best(found: Extraction, wanted: str = article.id) -> float:
            return max((c.score for c in found.candidates if c.article.id == wanted), default=0.0)

        assert best(preferred) > best(plain)


def test_no_hits_no_candidates(chinese: Assistant) -> None:
    found = extract(analyse("云岭水库有哪些要求"), [], chinese.library)
    assert (found.candidates, found.confidence) == ((), 0.0)
