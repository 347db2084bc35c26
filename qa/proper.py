"""Names in a claim: persons, places, bodies, titles, quotations. Is one of them a wrong one?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from index.patterns import lazy
from index.sounds import name_keys, syllables
from index.stems import is_stop
from index.tokens import fold, is_bigrammed
from qa.entities import SURNAMES, persons
from qa.grounding import Laid
from qa.synonyms import synonyms
from qa.wording import Word, Wording

_QUOTATION = lazy(r"[“「『\"]([^“”「」『』\"\n]{2,120})[”」』\"]|《([^《》\n]{2,60})》")
_PROPER_TAGS = ("nr", "ns", "nt", "nz", "nrt", "nrfg")
_PROPER_END = lazy(
    r"(?:省|市|区|县|镇|乡|村|路|街|桥|河|湖|江|山|岛|寺|庙|社区|街道|小区|广场|公园|车站|机场|码头|局|委|办|厅|院|所|社|会|部|公司|集团|中心|学校|中学|小学|大学|银行|医院|酒店|工厂|厂|馆|站|队|组织|协会|基金会|法院|政府)$"
)
_NO_NAMES = frozenset(
    "会议 大会 座谈会 发布会 现场会 工作会 机会 社会 全会 例会 年会 开会 与会 国家 地区 全市 全区 全县 全省 本市 本区 我市 我区 城市 全国 中国 我国 国内 当地 该市 该区 各地 各区 各县 部分 全部 内部 干部 主办 承办 举办 创办 场所 医院 学校 学院 法院 委员会 办公室 部门 单位 政府 公司 企业 集团 中心 银行 协会 组织 道路 公路 铁路 街道 社区 乡村 农村 乡镇 县区 市区 城区 地方 团队 部队 队伍 车站 网站 工厂 图书馆 博物馆 商会 工会 班子 记者 社 会上 会中".split()
)
_SAYS = lazy(
    r"[\u4e00-\u9fff]{0,3}?(?:说|表示|介绍|指出|强调|认为|要求|称|告诉\w{0,6}|透露|坦言|解释)道?"
)
_POINTS_BACK = lazy(r"[他她它其该此这那]|本人|自己|当地|双方|对方|前者|后者")
_ALIKE = 0.6  # likeness of two clauses (0–1) from which what differs is an exchange
_EMPHASIS = 5  # characters in quotation marks that are rather a term than a quotation
_LONGEST_PERSON = 4  # characters of a Chinese name
_SAME_CLAUSE = 3  # pairs of characters that make two clauses the same
# Of these the sound says nothing, though they can be read as pinyin.
_KNOWN = frozenset(
    ["China", "Chinese", "Hong Kong", "Macao", "Women", "Men", "More", "Chile", "Japanese", "Lane"]
)
_FOREIGN_NAME = lazy(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]*")


def wrong_names(w: Wording) -> bool:
    """Whether a name of the claim is none of its evidence, or stands where that has another; or
    words in quotation marks are not there.

    Where claim and evidence are in two languages, only names that can be told by their sound.
    """
    if w.foreign:
        return any(not _sounds(w, m.group()) for m in _FOREIGN_NAME.finditer(w.claim))
    return (
        any(_wrong_quotation(w, m) for m in _QUOTATION.finditer(w.claim))
        or any(_is_name(w, run) for run in w.new_chunks())
        or any(_wrong_person(w, *span) for span in persons(w.claim, w.segmenter))
        or any(_wrong_place(w, word) for word in w.words if _is_place(word))
        or any(_exchanges(w, part) for part in w.laid if part.beside)
    )


def _wrong_quotation(w: Wording, match: re.Match[str]) -> bool:
    spoken = match[1] is not None
    start, end = match.span(1 if spoken else 2)
    if spoken and end - start < _EMPHASIS:
        return False
    return not all(w.covered[start:end])


def _is_name(w: Wording, run: Sequence[Word]) -> bool:
    """Whether new words that follow one another are a name: then it is a wrong one."""
    start, end = run[0].start, run[-1].end
    chunk = w.folded[start:end]
    if not is_bigrammed(chunk[0]):
        return any(_is_latin_name(w, word) for word in run)
    loose = [w.folded[i] for i in range(start, end) if not w.covered[i]]
    if chunk in _NO_NAMES or (len(loose) < 2 and all(c in w.whole for c in loose)):
        return False
    if any(
        other in w.whole for word in run if len(word.text) > 1 for other, _ in synonyms(word.text)
    ):
        return False
    if any(
        word.tag.startswith(_PROPER_TAGS) and len(word.text) > 1 and word.text not in _NO_NAMES
        for word in run
    ):
        return True
    if len(run) > 1 and len(chunk) <= _LONGEST_PERSON and chunk[0] in SURNAMES:
        kinds = ("n", "a", "j", "x", "z")
        if all(len(word.text) == 1 or word.tag.startswith(kinds) for word in run):
            return True
    last = run[-1]
    return (
        len(chunk) > 1
        and last.text not in _NO_NAMES
        and last.tag.startswith(("n", "j", "l", "x", "s"))
        and _PROPER_END.search(chunk) is not None
    )


def _is_latin_name(w: Wording, word: Word) -> bool:
    """Whether a new word of letters is a name: in Chinese any is, in English if it is written as
    one in the middle of a sentence."""
    written = w.claim[word.start : word.end]
    if not _LATIN.fullmatch(written) or is_stop(written):
        return False
    before = w.claim[: word.start].rstrip(" “\"'(")
    opens = not before or before.endswith((".", "!", "?"))
    chinese = any(is_bigrammed(c) for c in w.folded)
    return chinese or (written[0].isupper() and not opens)


def _wrong_person(w: Wording, start: int, end: int) -> bool:
    """Whether a person is not in the evidence, or in a clause where the evidence has another."""
    name = w.folded[start:end]
    if name not in w.whole:
        return is_bigrammed(name[0])  # words of letters are looked at one by one
    part = w.part_at(start)
    if part is None or not part.beside:
        return False
    if _SAYS.fullmatch(w.folded, end, part.clause.end):
        return _says_another(w, part, name)
    if any(name in fold(t) for t in part.texts):
        return False
    ground, best = w.grounds[part.ground], part.beside[0]
    if any(
        best.start <= a < best.end and ground.folded[a:b] not in w.folded for a, b in ground.persons
    ):
        return True
    if name in ground.folded:
        w.places.append((part.ground, ground.folded.index(name)))
    return False


def _says_another(w: Wording, part: Laid, name: str) -> bool:
    """Whether what is told as said by a person is said by another one in the evidence."""
    after = next((p for p in w.laid if p.clause.start > part.clause.end and p.beside), None)
    if after is None:
        return False
    ground, told = w.grounds[after.ground], after.beside[0]
    sentence = ground.sentence_at(told.start)
    if sentence is None:
        return False
    speakers = [ground.folded[a:b] for a, b in ground.persons if sentence[0] <= a < told.start]
    return bool(speakers) and name not in speakers


def _wrong_place(w: Wording, word: Word) -> bool:
    """Whether a place of the evidence stands where its clause has another one."""
    part = w.part_at(word.start)
    if part is None or not part.beside or word.text not in w.whole:
        return False
    if any(word.text in fold(t) for t in part.texts):
        return False
    best = part.beside[0]
    if len(part.clause.pairs & best.pairs) < _SAME_CLAUSE:
        return False
    tagged = w.segmenter.tagged(best.text)
    return any(_is_place(Word(t, tag, 0, 0)) and t not in w.folded for t, tag in tagged)


def _is_place(word: Word) -> bool:
    return word.tag.startswith("ns") and len(word.text) > 1


def _exchanges(w: Wording, part: Laid) -> bool:
    """Whether a name stands in exchange for other words in a clause that is otherwise the same."""
    ours = w.folded[part.clause.start : part.clause.end]
    theirs = fold(part.beside[0].text)
    match = SequenceMatcher(None, ours, theirs, autojunk=False)
    if match.quick_ratio() < _ALIKE:
        return False
    for kind, a, b, c, d in match.get_opcodes():
        if kind != "replace":
            continue
        mine, name = _words_over(w, ours, a, b)
        gone, other = _words_over(w, theirs, c, d)
        if not (name or other) or len(mine) < 2 or len(gone) < 2:
            continue
        if not is_bigrammed(mine[0]) or not is_bigrammed(gone[0]):
            continue
        if _POINTS_BACK.search(mine) or _POINTS_BACK.search(gone):
            continue
        if mine in theirs or gone in w.folded or mine in gone or gone in mine:
            continue
        if not any(other == gone for other, _ in synonyms(mine)):
            return True
    return False


def _words_over(w: Wording, text: str, start: int, end: int) -> tuple[str, bool]:
    """The whole words of ``text[start:end]``, and whether there is a name among them."""
    first, last, name, at = end, start, False, 0
    for word, tag in w.segmenter.tagged(text):
        if at < end and start < at + len(word) and word[0].isalnum():
            first, last = min(first, at), max(last, at + len(word))
            name = name or (tag.startswith(_PROPER_TAGS) and word not in _NO_NAMES)
        at += len(word)
    return text[first:last], name


def _sounds(w: Wording, name: str) -> bool:
    """Whether a name of another script sounds like something in the evidence."""
    if name in _KNOWN or fold(name) in w.whole or not any(is_bigrammed(c) for c in w.whole):
        return True
    parts = [syllables(word) for word in name.split()]
    if not all(parts):
        return True  # no pinyin: a word of English, or a name that is translated by sense
    keys = name_keys(parts)
    return not keys or any(key in w.sounds for key in keys)
