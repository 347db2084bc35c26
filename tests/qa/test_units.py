"""The pieces of an article that can answer: whole enumerations, their items, sentences, speeches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.units import Unit, UnitKind, speech_spans, units

# text (| marks where the enumeration begins, where its items begin and where it ends)
ENUMERATIONS = {
    "one sentence each": "人到齐了。|会上，林晓棠要求：|一是快。|二是好。|三是省。|周启明作了汇报。",
    "items of two sentences": "|林晓棠要求：|一是快。要抢时间。|二是好。要看质量。|",
    "across paragraphs": "|林晓棠要求：\n|一是把住质量关。要送检。\n|二是把住安全关。要巡坝。|\n何志远说，一切正常。",
    "clauses of one sentence": "|会议要求，|一要抓早，提前排查；|二要抓小，及时处理；|三要抓实，责任到人。|周启明作了汇报。",
    "ordinals": "|县里出台三项措施：\n|第一，减免租金。\n|第二，发放贷款。\n|第三，组织培训。|\n商户们很高兴。",
    "bracketed": "|申请应当符合条件：|（一）依法纳税；|（二）无失信记录。|由县财政局解释。",
    "figures": "|改造内容如下：\n|1. 更换水管。\n|2. 加装路灯。\n|3. 修补路面。|\n工期三个月。",
    "bracketed figures": "|内容如下：|（1）更换水管；|（2）加装路灯。|工期三个月。",
    "circled": "|注意事项：|①提前储水；|②关好龙头。|不便之处请谅解。",
    "bullets": "|班车调整如下：\n|- 1路：延长至车站。\n|- 2路：增设两站。|\n请乘客留意。",
    "dots": "|班车调整如下：\n|• 1路：延长至车站。\n|• 2路：增设两站。|\n请乘客留意。",
    "worded": "|他说，|首先，要种好茶；|其次，要制好茶；|最后，要卖好茶。|大家点头。",
    "headings": "||一、基本情况\n水库建于1958年。\n|二、主要任务\n加固大坝。\n|三、工作要求\n按期完工。|\n特此通知。",
    "English": "|The plan has three parts. |First, mend the roof. |Second, move the books. |Third, open the garden.| Work starts in May.",
    "English clauses": "|She asked for two things: |first, mend the roof; |second, move the books.| Work starts in May.",
    "after a colon": "|柏永年说，明年打算做三件事：|扩种500亩；|修通机耕路；|办一次荷花节。|大家都笑了。",
    "alike": "|贺长林强调，物流园要早一天投用。|要倒排工期；|要专人跑办；|要同步招商。|会后大家散了。",
}
# A speech that counts ends where somebody else begins to speak.
NEW_SPEAKERS = [
    ("林晓棠强调，一是快。要抢时间。\n二是好。要看质量。\n周启明表示，将抓好落实。", "要看质量。"),
    ("林晓棠强调，一是快。要抢时间。二是好。要看质量。周启明表示，将抓好落实。", "要看质量。"),
    ("林晓棠要求，一要快，不等不靠。二要好，不出差错。最后，会议通报了其他事项。", "不出差错。"),
    ("林晓棠说，首先，要快。其次，要好。最后，周启明强调，要省。", "要好。"),
]


def parts(text: str, found: list[Unit], kind: UnitKind) -> list[str]:
    return [text[u.start : u.end] for u in found if u.kind is kind]


def whole(text: str) -> list[Unit]:
    return [u for u in units(text) if u.kind is UnitKind.ENUMERATION]


@pytest.mark.parametrize("marked", ENUMERATIONS.values(), ids=ENUMERATIONS)
def test_whole_enumerations(marked: str) -> None:
    before, lead, *items, _after = marked.split("|")
    text = marked.replace("|", "")
    [unit] = whole(text)
    assert unit.start == len(before)
    assert text[unit.start : unit.lead_end] == lead
    assert text[unit.lead_end : unit.end] == "".join(items).rstrip()
    assert parts(text, units(text), UnitKind.ITEM) == [item.strip() for item in items]


@pytest.mark.parametrize(("text", "end"), NEW_SPEAKERS)
def test_nothing_crosses_into_another_speech(text: str, end: str) -> None:
    [unit] = whole(text)
    assert text[unit.start : unit.end].endswith(end)


def test_two_enumerations_in_a_paragraph_are_two() -> None:
    first = "林晓棠要求：一是快。要抢时间。二是好。要看质量。"
    second = "周启明也讲了两点：一是省。不多花钱。二是稳。不出差错。"
    text = first + second
    assert [text[u.start : u.end] for u in whole(text)] == [first, second]


def test_an_enumeration_may_hold_another() -> None:
    text = "一、任务\n（一）清淤。挖到底。（二）护岸。种草。\n二、要求\n（一）要快。不拖。（二）要好。不差。\n特此通知。"
    inner = [
        "一、任务\n（一）清淤。挖到底。（二）护岸。种草。",
        "二、要求\n（一）要快。不拖。（二）要好。不差。",
    ]
    pieces = [text[u.start : u.end] for u in whole(text)]
    assert pieces[0] == "\n".join(inner)
    assert pieces[1:] == inner


def test_a_byline_is_in_no_piece() -> None:
    byline = "记者 沈一诺 通讯员 田青禾"
    for text in (
        f"林晓棠要求：一是快。要抢时间。二是好。要看质量。{byline}",
        f"林晓棠要求：一是快。要抢时间。\n二是好。要看质量。\n{byline}",
        f"本报讯（{byline}）林晓棠要求：一是快。要抢时间。二是好。要看质量。",
    ):
        at = text.index(byline)
        found = units(text, (at, at + len(byline)))
        assert all(u.end <= at or at + len(byline) <= u.start for u in found)
        assert parts(text, found, UnitKind.SENTENCE) == ["要抢时间。", "要看质量。"]
        [one] = [u for u in found if u.kind is UnitKind.ENUMERATION]
        assert text[one.start : one.end].replace("\n", "") == (
            "林晓棠要求：一是快。要抢时间。二是好。要看质量。"
        )


def test_one_ordinal_alone_counts_nothing() -> None:
    assert whole("一是一，二就是二。第一，要快。会议由高文博主持。") == []
    assert whole("三是省。二是好。一是快。") == []


def test_the_heading_of_an_item_is_no_sentence_by_itself() -> None:
    text = "林晓棠要求：\n一是把住质量关。混凝土要批批送检。\n二是把住安全关。每天两次巡坝。"
    sentences = parts(text, units(text), UnitKind.SENTENCE)
    assert sentences == ["林晓棠要求：", "混凝土要批批送检。", "每天两次巡坝。"]


def test_a_long_sentence_is_offered_by_clauses_too() -> None:
    clauses = ("甲部门负责" + "查" * 30 + "；", "乙部门负责" + "改" * 30 + "。")
    text = "".join(clauses)
    assert parts(text, units(text), UnitKind.CLAUSE) == list(clauses)
    assert parts(text, units(text), UnitKind.SENTENCE) == [text]
    assert parts("甲查；乙改。", units("甲查；乙改。"), UnitKind.CLAUSE) == []


def test_speeches_reach_to_the_end_of_what_is_said() -> None:
    text = "天晴了。林晓棠强调：要快。要好。\n二是要省。\n大家散了。"
    assert [text[a:b] for a, b in speech_spans(text)] == ["林晓棠强调：要快。要好。\n二是要省。"]


TEXTS = st.text() | st.text(
    alphabet="一二三四是要第、，。；：\n（）1２2.①②- 首先其次最后说要求甲乙 firstsecond",
    max_size=120,
)


@given(TEXTS)
def test_pieces_of_any_text_are_spans_of_it(text: str) -> None:
    found = units(text)
    spans = {(u.start, u.end) for u in found if u.kind is not UnitKind.ENUMERATION}
    assert len(spans) == sum(u.kind is not UnitKind.ENUMERATION for u in found)
    for unit in found:
        assert 0 <= unit.start < unit.end <= len(text)
        piece = text[unit.start : unit.end]
        assert piece == piece.strip()
        if unit.kind is UnitKind.ENUMERATION:
            assert unit.start <= unit.lead_end < unit.end
    for start, end in speech_spans(text):
        assert 0 <= start < end <= len(text)


@given(TEXTS, st.data())
def test_no_piece_of_any_text_holds_its_byline(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    for unit in units(text, (start, end)):
        if unit.kind is UnitKind.SENTENCE:
            assert unit.end <= start or end <= unit.start or start == end


@given(st.lists(st.sampled_from(["快", "好", "省", "稳"]), min_size=2, max_size=9))
def test_every_item_counted_is_there(items: list[str]) -> None:
    text = "林晓棠要求：" + "".join(
        f"{'一二三四五六七八九'[i]}是要{item}。" for i, item in enumerate(items)
    )
    [unit] = whole(text)
    assert (unit.start, unit.end) == (0, len(text))
    assert len(parts(text, units(text), UnitKind.ITEM)) == len(items)
