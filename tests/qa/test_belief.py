"""How far an answer is believed: what is asked must be there, not only what it is asked of."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from made import make_library

from index.errors import ModelError
from index.library import Library
from qa.assistant import HITS, Assistant
from qa.belief import LACKS, SURE, WEIGHTS, belief, signs, weights
from qa.extract import Extraction, extract
from qa.options import ANSWER_FROM
from qa.question import Question, analyse
from qa.scoring import lacking
from qa.types import Status

NEWS = {
    "望川阁": "望川阁修缮工程昨日完工。工程由县文物局组织，历时十四个月，更换瓦件三万余块。"
    "阁楼始建于明代，是县城最高的木构建筑。修缮后每周二至周日免费开放。",
    "柳溪镇": "柳溪镇今年种植中药材两千亩，带动四百户村民增收。镇里请来农技员上门指导，"
    "收购由合作社统一办理。镇长韩立群说，明年要再建一座烘干房。",
    "展馆": "旧仓库展馆位于青石路12号，由县文化馆管理。每年四月，展馆举办木雕展。咨询电话：8555-0136。",
    "茶园": "副县长在县政府会议室听取茶园项目汇报。她说，茶园项目在全县范围内是头一个。",
    "三号线": "城市公交三号线本周一起延长到北站，全程增加四站，末班车推迟到二十二点三十分。",
}


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    texts = {name: f"{name}\n\n{text}\n" for name, text in NEWS.items()}
    return Assistant(make_library(texts, tmp_path_factory.mktemp("news")))


def found(assistant: Assistant, text: str) -> tuple[Question, Extraction]:
    question = analyse(text)
    return question, extract(question, assistant.library.search(text, k=HITS), assistant.library)


@pytest.mark.parametrize(
    ("held", "missed"),
    [
        ("望川阁修缮历时几个月", "望川阁修缮花了多少万元"),
        ("望川阁始建于什么朝代", "望川阁的设计师是谁"),
        ("柳溪镇种了多少亩中药材", "柳溪镇有多少名党员"),
        ("三号线末班车推迟到几点", "三号线的票价是多少元"),
        ("When does the last bus of line 3 leave", "Who paid for the marathon in Oslo"),
    ],
)
def test_what_is_asked_counts_more_than_what_it_is_asked_of(
    news: Assistant, held: str, missed: str
) -> None:
    assert found(news, held)[1].confidence > found(news, missed)[1].confidence


@pytest.mark.parametrize(
    "text",
    [
        "望川阁修缮历时几个月",
        "望川阁的设计师是谁",
        "旧仓库展馆在什么路几号",
        "柳溪镇 中药材 多少亩",
        "展馆电话",
    ],
)
def test_a_question_mark_changes_no_confidence(news: Assistant, text: str) -> None:
    plain = found(news, text)[1].confidence
    for mark in ("？", "?", "??", "。"):
        assert found(news, text + mark)[1].confidence == pytest.approx(plain, abs=0.01)


def test_a_thing_of_the_wrong_form_is_never_believed_more_than_by_hand(news: Assistant) -> None:
    question, asked = found(news, "柳溪镇的收购花了多少钱")
    assert lacking(question, asked.candidates[0]) == 1
    assert asked.confidence <= asked.fit < ANSWER_FROM["balanced"]


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("柳溪镇的收购花了多少钱", True),  # no sum of money stands there
        ("柳溪镇有多少名会计师", True),  # 四百户, but of accountants nothing is told anywhere
        ("柳溪镇带动多少户村民增收", False),
        ("柳溪镇帮扶了多少户", False),  # 帮扶 stands nowhere, and is not what is counted
        ("旧仓库展馆由谁管理", False),
    ],
)
def test_what_lacks_the_amount_or_counts_another_thing_loses(
    news: Assistant, monkeypatch: pytest.MonkeyPatch, text: str, lacks: bool
) -> None:
    def odds() -> float:
        confidence = found(news, text)[1].confidence
        return math.log(confidence / (1 - confidence))

    before = odds()
    monkeypatch.setattr("qa.belief.LACKS", 0.0)
    assert odds() - before == pytest.approx(LACKS if lacks else 0.0, abs=1e-6)


def test_what_the_reader_is_sure_of_loses_nothing(news: Assistant) -> None:
    question, asked = found(news, "柳溪镇的收购花了多少钱")
    best, *others = asked.candidates
    assert lacking(question, best) == 1

    def odds(verdict: float) -> float:
        read = [replace(c, verdict=-9.0) for c in others]
        pieces = [replace(best, verdict=verdict), *read]
        confidence = belief(question, asked.terms, pieces, asked.fit, 10)
        return math.log(confidence / (1 - confidence))

    assert odds(SURE) - odds(SURE - 1e-6) == pytest.approx(LACKS, abs=1e-3)


def test_a_word_half_met_is_not_what_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "名单\n\n青溪街道人大组成人员33人，出席会议29人。工作安排妥当。\n"
    street = Assistant(make_library({"street": text}, tmp_path))
    for asked, loses in (
        ("青溪街道有多少名工作人员", True),
        ("青溪街道人大有多少名组成人员", False),
    ):
        _, sure = found(street, asked)
        with monkeypatch.context() as without:
            without.setattr("qa.belief.LACKS", 0.0)
            _, freely = found(street, asked)
        assert (sure.confidence < freely.confidence) == loses


def test_what_an_article_on_another_thing_says_is_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.txt").write_text(
        "青石河整治\n\n青石河整治今天开工，总投资三亿元，明年底完工。\n", encoding="utf-8"
    )
    (tmp_path / "b.txt").write_text(
        "白沙河治理\n\n区长到白沙河治理现场督导，要求加快拆迁。\n", encoding="utf-8"
    )
    with Library.open(tmp_path / "library") as library:
        library.add([tmp_path / "a.txt", tmp_path / "b.txt"])
        rivers = Assistant(library)
        assert "三亿元" in rivers.ask("青石河整治总投资是多少").text
        _, asked = found(rivers, "白沙河治理总投资是多少")
        assert asked.candidates[0].article.title == "青石河整治"
        assert asked.confidence < ANSWER_FROM["balanced"]
        talk = rivers.chat()
        assert talk.ask("白沙河治理有什么要求").citations
        answer = talk.ask("白沙河治理总投资是多少")
        assert answer.status is Status.NO_EVIDENCE
        assert answer.resolved == "白沙河治理总投资是多少"  # it names its thing itself


def test_every_sign_of_a_found_answer_has_a_weight(news: Assistant) -> None:
    question, asked = found(news, "望川阁修缮历时几个月")
    there = signs(question, asked.terms, asked.candidates, asked.fit, 10)
    assert set(weights()["read"]) <= {*there, "bias"}
    assert set(weights()["unknown"]) < set(weights()["known"]) < {*there, "bias"}
    by_the_reader = {"most", "goes_on", "comes_from"}
    assert by_the_reader <= set(weights()["read"])
    assert not by_the_reader & set(weights()["known"])
    assert all(0 <= value <= 1 for name, value in there.items() if name not in by_the_reader)
    assert there["size"] == 0.0


def test_what_the_article_has_nowhere_speaks_against_it(news: Assistant) -> None:
    def against(text: str) -> tuple[float, float]:
        question, asked = found(news, text)
        there = signs(question, asked.terms, asked.candidates, asked.fit, 10)
        return there["missing"], there["weightiest"]

    assert against("望川阁修缮历时几个月") == (0.0, 0.0)
    missing, weightiest = against("望川阁修缮花了多少万元请了木匠")
    assert 0 < weightiest <= missing <= 1


def test_words_beyond_the_name_of_the_thing_must_be_told(news: Assistant) -> None:
    def beyond(text: str) -> float:
        question, asked = found(news, text)
        return signs(question, asked.terms, asked.candidates, asked.fit, 10)["beyond"]

    assert beyond("旧仓库展馆由谁管理") == 1.0
    assert beyond("旧仓库展馆的赞助商是谁") < 0.4
    assert beyond("旧仓库展馆什么时候拆迁") < 0.4
    assert beyond("旧仓库展馆位于哪里") == 1.0
    assert beyond("旧仓库展馆为什么拆迁") == 1.0  # what is no thing told by its form


def test_in_a_large_library_more_is_asked_of_evidence(news: Assistant) -> None:
    question, asked = found(news, "望川阁修缮历时几个月")
    small, middle, large = (
        belief(question, asked.terms, asked.candidates, asked.fit, n)
        for n in (1_000, 10_000, 1_000_000)
    )
    assert small > middle > large
    assert belief(question, asked.terms, asked.candidates, asked.fit, 3) == small


def test_the_reader_is_asked_about_the_whole_article_and_what_goes_on(news: Assistant) -> None:
    question, asked = found(news, "望川阁修缮历时几个月")
    best, *others = asked.candidates
    there = signs(question, asked.terms, asked.candidates, asked.fit, 10)
    same = [c.verdict for c in asked.candidates if c.article.id == best.article.id]
    assert there["most"] == max(same)
    doubted = [replace(c, verdict=c.verdict - 5) for c in (best, *others)]
    less = belief(question, asked.terms, doubted, asked.fit, 10)
    assert less < belief(question, asked.terms, asked.candidates, asked.fit, 10)
    question, asked = found(news, "Who is the mayor of Liuxi town?")
    there = signs(question, asked.terms, asked.candidates, asked.fit, 10)
    assert there["most"] == there["goes_on"] == there["comes_from"] == 0.0


def test_no_weight_turns_a_sign_round() -> None:
    for row in weights().values():
        against = {name for name, weight in row.items() if weight < 0} - {"bias"}
        assert against <= {
            "missing",
            "weightiest",
            "thing",
            "without",
            "echo",
            "year",
            "unknown",
            "size",
        }


def test_questions_across_languages_keep_to_the_sum_set_by_hand(news: Assistant) -> None:
    _question, asked = found(news, "Who is the mayor of Liuxi town?")
    assert asked.candidates
    assert asked.confidence == asked.fit


def test_the_settings_stand_in_order() -> None:
    least = [ANSWER_FROM[c] for c in ("bold", "balanced", "cautious")]
    assert least == sorted(least)
    assert least[0] > 0
    assert least[-1] < 1


@pytest.mark.parametrize("damage", ["", "{}", '{"format": 99, "weights": {}}', "[]"])
def test_damaged_weights_are_named(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "belief.json"
    path.write_text(damage, encoding="utf-8")
    with pytest.raises(ModelError, match="Install the package again"):
        weights(path)


def test_the_file_says_what_it_was_learned_from() -> None:
    stated = json.loads(WEIGHTS.read_text(encoding="utf-8"))["learned_from"]
    assert "dureader" not in stated
    assert "xquad" not in stated


def test_without_a_word_to_look_for_the_sum_set_by_hand_decides(news: Assistant) -> None:
    question, asked = found(news, "望川阁修缮历时几个月")
    bare = replace(asked.candidates[0], held=([], [], []))
    assert belief(question, asked.terms, [bare], 0.25, 10) == 0.25


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("旧仓库展馆在哪里", "青石路12号"),
        ("旧仓库展馆的地址", "青石路12号"),
        ("旧仓库展馆的咨询电话", "8555-0136"),
        ("望川阁的电话是多少", ""),
        ("望川阁在哪", ""),
        ("茶园项目在哪里", ""),  # 在会议室听取汇报，在全县范围内是头一个
        ("柳溪镇位于什么地方", ""),
    ],
)
def test_where_a_thing_is_and_how_it_is_reached_must_be_said(
    news: Assistant, question: str, place: str
) -> None:
    answer = news.ask(question)
    assert answer.refused == (not place)
    assert place in answer.text
