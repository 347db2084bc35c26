"""The lexicon: known words both ways, names by sound, offsets, damaged files."""

from __future__ import annotations

import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import ModelError
from index.lexicon import (
    Expansion,
    Lexicon,
    pinyin_keys,
    pinyin_queries,
    sound_keys,
    sound_queries,
    stem,
)
from index.sounds import foreign_keys, inventory, letter_of, syllables
from index.tables import FOLDER, SortedTable, read_rows, read_text
from index.tokens import fold


def best(key: str, n: int = 4) -> list[str]:
    return [word for word, _ in (Lexicon.load().chinese(key) or ())[:n]]


def best_english(word: str, n: int = 4) -> list[str]:
    return [w for w, _ in (Lexicon.load().english(word) or ())[:n]]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("river", "河"),
        ("project", "项目"),
        ("demanded", "要求"),
        ("measures", "措施"),
        ("reporter", "记者"),
        ("government", "政府"),
        ("companies", "公司"),
        ("investments", "投资"),
        ("schools", "学校"),
        ("Zhengzhou", "郑州"),
        ("Wuhan", "武汉"),
    ],
)
def test_english_words(english: str, chinese: str) -> None:
    assert chinese in best(stem(english))


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("要求", "demand"),
        ("项目", "project"),
        ("河", "river"),
        ("总经理", "manager"),
        ("会议", "meeting"),
        ("学校", "school"),
        ("污染", "pollution"),
        ("投资", "invest"),
        ("郑州", "zhengzhou"),
    ],
)
def test_chinese_words(chinese: str, english: str) -> None:
    assert stem(english) in map(stem, best_english(chinese))


@pytest.mark.parametrize(
    ("acronym", "chinese"),
    [("WHO", "世界卫生组织"), ("IMF", "国际货币基金组织"), ("AI", "人工智能"), ("US", "美国")],
)
def test_acronyms_keep_their_capitals(acronym: str, chinese: str) -> None:
    found = Lexicon.load().translate_to_chinese(f"What did the {acronym} say?")
    assert (found[0].source, found[0].alternatives[0]) == (acronym, (chinese, 1.0))


def test_who_in_small_letters_is_grammar() -> None:
    assert [e.source for e in Lexicon.load().translate_to_chinese("who spoke")] == ["spoke"]
    assert [e.source for e in Lexicon.load().translate_to_chinese("WHO SPOKE")] == ["SPOKE"]


def test_weights_fall_from_one() -> None:
    for table in (Lexicon.load().chinese("river"), Lexicon.load().english("要求")):
        assert table is not None
        weights = [w for _, w in table]
        assert weights[0] == 1.0
        assert weights == sorted(weights, reverse=True)
        assert weights[-1] > 0
        assert len(weights) <= 12


def test_a_question_in_english() -> None:
    found = Lexicon.load().translate_to_chinese("Who is the general manager of Wuhan QXZ Group?")
    assert [e.source for e in found] == ["general manager", "Wuhan", "QXZ", "Group"]
    assert found[0].alternatives == (("总经理", 1.0),)
    assert [p.source for p in found[0].parts] == ["general", "manager"]
    assert "经理" in dict(found[0].parts[1].alternatives)
    assert found[2].alternatives == ()  # no source explains it: an acronym out of reach
    assert found[3].alternatives[0][0] == "集团"


def test_phrases_go_before_words() -> None:
    found = Lexicon.load().translate_to_chinese("When did overseas Chinese visit?")
    assert found[0].source == "overseas Chinese"
    assert found[0].alternatives[0][0] == "华侨"
    apart = Lexicon.load().translate_to_chinese("He went overseas. Chinese is spoken there.")
    assert "overseas. Chinese" not in [e.source for e in apart]


def test_a_question_in_chinese() -> None:
    found = Lexicon.load().translate_to_english("贾鲁河治理有什么要求")
    assert [e.source for e in found] == ["贾鲁河", "治理", "要求"]
    assert found[0].alternatives == ()
    assert "demand" in dict(found[2].alternatives)


def test_unknown_compounds_give_their_parts() -> None:
    (group,) = Lexicon.load().translate_to_english("华侨城集团")
    assert group.alternatives == ()
    assert [p.source for p in group.parts] == ["华侨", "集团"]


def test_traditional_characters_are_folded() -> None:
    lexicon = Lexicon.load()
    ours = lexicon.translate_to_english("總經理")
    assert ours[0].source == "總經理"
    assert ours[0].alternatives == lexicon.translate_to_english("总经理")[0].alternatives


@pytest.mark.parametrize(
    "text", ["What is it?", "who are you", "的", "是什么", "在哪里", "", "2016 14", "？"]
)
def test_words_of_grammar_yield_nothing(text: str) -> None:
    assert Lexicon.load().translate_to_chinese(text) == []
    assert Lexicon.load().translate_to_english(text) == []


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("贾鲁河", ["jialu", "luhe"]),
        ("賈魯河", ["jialu", "luhe"]),
        ("王玉红", ["wangyu", "yuhong"]),
        ("郑州", ["zhengzhou"]),
        ("曾国藩", ["zengguo", "guofan"]),
        ("吕布", ["lubu"]),
        ("贾，鲁", []),
        ("河", []),
        ("river", []),
    ],
)
def test_keys_of_chinese(text: str, keys: list[str]) -> None:
    assert pinyin_keys(text) == keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Jialu", ["jialu"]),
        ("jialu", ["jialu"]),
        ("Yuhong", ["yuhong"]),
        ("Zhengzhou", ["zhengzhou"]),
        ("Erqi District", ["erqi"]),
        ("Suanjian", ["suanjian"]),
        ("Xi'an", ["xian"]),
        ("Wang Yuhong", ["wangyu", "yuhong"]),
        ("Wang Yuhong's plan", ["wangyu", "yuhong"]),
        ("who is wang yuhong", ["wangyu", "yuhong"]),
        ("What did Su Jianshe demand?", ["sujian", "jianshe"]),
        ("Liu Li", ["liuli"]),
        ("Liu, Li", []),
        ("Lü Bu", ["lubu"]),
        ("Shan Tianfang", ["shantian", "dantian", "tianfang"]),
        ("river", []),
        ("manager", []),
        ("change", []),
        ("women", []),
        ("dating", []),
        ("finance", []),
        ("China and Canada", []),
        ("Wang", []),
        ("WHO", []),
        ("", []),
    ],
)
def test_keys_of_pinyin_names(text: str, keys: list[str]) -> None:
    assert pinyin_queries(text) == keys


def test_syllables_inside_a_word_do_not_begin_with_a_vowel() -> None:
    assert syllables("fangan") == [("fan", "gan")]
    assert syllables("fang'an") == [("fang", "an")]
    assert syllables("Jialu") == [("jia", "lu")]
    assert syllables("street") == []


@pytest.mark.parametrize(
    ("latin", "chinese"),
    [
        ("Huguenot", "胡格诺"),
        ("Jacksonville", "杰克逊维尔"),
        ("Zelensky", "泽连斯基"),
        ("Denver", "丹佛"),
    ],
)
def test_foreign_names_sound_like_their_chinese(latin: str, chinese: str) -> None:
    likely = [key for key, _ in foreign_keys(latin)[:12]]
    assert set(pinyin_keys(chinese)) & set(likely)


def test_sure_keys_are_probabilities_in_order() -> None:
    sure = [p for _, p in foreign_keys("Jacksonville")]
    assert sure == sorted(sure, reverse=True)
    assert all(0 < p <= 1 for p in sure)
    assert foreign_keys("xy") == ()


def test_sounds_of_questions() -> None:
    english = sound_queries("Did Wang Yuhong meet Brownlee in London?")
    assert [e.source for e in english] == ["Wang Yuhong", "Wang Yuhong", "Brownlee"]
    assert [e.alternatives for e in english[:2]] == [(("wangyu", 1.0),), (("yuhong", 1.0),)]
    assert dict(english[2].alternatives).keys() & {"buluo", "bulang", "langli"}
    chinese = sound_queries("刘升勇在会议上讲了什么")
    assert [e.alternatives[0][0] for e in chinese] == ["liusheng", "shengyong"]
    assert [e.source for e in sound_queries("华侨城集团的经理")] == ["侨城", "城集"]


def test_keys_that_are_spelled_alike_have_one_letter() -> None:
    letters = {
        first + second: letter_of(first + second)
        for first in inventory()
        for second in "an gan xi".split()
    }
    assert {len(letter) for letter in letters.values()} == {1}
    assert len(set(letters.values())) == len(letters)  # no two keys have the same
    assert letter_of("fangan") == letters["fang" + "an"] == letters["fan" + "gan"]
    assert letter_of("smith") == "smith"  # none of Chinese


def test_both_languages_meet_in_sound_keys() -> None:
    asked = {e.alternatives[0][0] for e in sound_queries("刘升勇是谁")}
    assert asked & set(sound_keys("The manager, Liu Shengyong, was there."))
    assert "huge" in sound_keys("The Huguenots left.") or "genuo" in sound_keys(
        "The Huguenots left."
    )
    assert sound_keys("贾鲁河 and Wang Yuhong") == ["jialu", "luhe", "wangyu", "yuhong"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Cities", "city"),
        ("demanded", "demand"),
        ("stopped", "stop"),
        ("hoping", "hope"),
        ("women", "woman"),
        ("buses", "bus"),
        ("news", "news"),
        ("crisis", "crisis"),
        ("Yuan's", "yuan"),
        ("don’t", "do"),
        ("used", "use"),
        ("died", "die"),
        ("added", "add"),
        ("agreed", "agreed"),
        ("classes", "class"),
        ("要求", "要求"),
        ("2016", "2016"),
    ],
)
def test_stem(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize(
    "family",
    [
        "provide provides provided providing",
        "become became becoming",
        "control controlled controls",
    ],
)
def test_forms_of_a_word_have_one_stem(family: str) -> None:
    assert len({stem(word) for word in family.split()}) == 1


def _all(expansions: list[Expansion]) -> list[Expansion]:
    return [e for whole in expansions for e in (whole, *whole.parts)]


_TEXT = st.text(
    st.sampled_from(list("贾鲁河總经理的在what general manager Wang's Li,.-’'2016é　ＡＢ\n")),
    max_size=40,
) | st.text(max_size=30)


@settings(max_examples=150, deadline=None)
@given(_TEXT)
def test_offsets_are_exact_and_in_order(text: str) -> None:
    lexicon = Lexicon.load()
    for found in (lexicon.translate_to_chinese(text), lexicon.translate_to_english(text)):
        assert all(text[e.start : e.end] == e.source for e in _all(found))
        assert all(a.end <= b.start for a, b in pairwise(found))
        assert all(w.start <= p.start and p.end <= w.end for w in found for p in w.parts)
    for e in sound_queries(text):
        assert text[e.start : e.end] == e.source
        assert e.alternatives
        assert all(0 < w <= 1 for _, w in e.alternatives)
    assert sound_keys(text) == sound_keys(text)


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from(list("贾鲁河治理工程二七区要求")), max_size=20))
def test_keys_are_pairs_of_readings(text: str) -> None:
    keys = pinyin_keys(text)
    assert len(keys) == max(0, len(text) - 1)
    assert keys == [key for pair in pairwise(text) for key in pinyin_keys("".join(pair))]


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.text(st.characters(exclude_characters="\t\n", codec="utf-8"), min_size=1, max_size=6),
        st.text(st.sampled_from("ab 1"), max_size=5),
        max_size=12,
    ),
    st.text(max_size=4),
)
def test_a_sorted_table_is_a_dictionary(table: dict[str, str], other: str) -> None:
    body = "".join(f"{k}\t{v}\n" for k, v in sorted(table.items())).encode()
    found = SortedTable(body)
    assert {key: found.get(key) for key in table} == table
    if "\n" not in other and "\t" not in other and other.isprintable():
        assert found.get(other) == table.get(other)


def test_tables_are_sorted_and_bound_to_their_keys() -> None:
    for name, kind in (("lexicon_en_zh", "en-zh"), ("lexicon_zh_en", "zh-en")):
        rows = read_rows(f"{name}.tsv", kind)
        keys = [key for key, _ in rows]
        assert keys == sorted(set(keys))
        assert len(keys) > 50_000
        assert all("\t" not in value for _, value in rows)
    assert all(fold(key) == key for key in keys[:2000])


def test_the_files_are_small() -> None:
    assert sum(p.stat().st_size for p in FOLDER.glob("lexicon_*.tsv")) < 6_700_000


def _broken(folder: Path, name: str, content: bytes | None) -> Lexicon:
    for path in FOLDER.glob("lexicon_*.tsv"):
        shutil.copy(path, folder)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    return Lexicon(folder)


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (None, "missing"),
        (b"\x1f\x8b packed", "begins with"),
        (
            "#youju-lexicon 9 en-zh\nriver\t河 99\n".encode(),
            "#youju-lexicon 1 en-zh",
        ),
        ("#youju-lexicon 1 zh-en\nriver\t河 99\n".encode(), "begins with"),
        ("#youju-lexicon 1 en-zh\nriver\t河".encode(), "cut off"),
        ("#youju-lexicon 1 en-zh\nriver\t河\n".encode(), "damaged"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, content: bytes | None, cause: str) -> None:
    lexicon = _broken(tmp_path, "lexicon_en_zh.tsv", content)
    with pytest.raises(ModelError, match=cause) as error:
        lexicon.translate_to_chinese("river")
    assert "python -m training.lexicon" in str(error.value)


def test_a_line_without_a_tab_is_named(tmp_path: Path) -> None:
    (tmp_path / "t").write_bytes(b"#youju-lexicon 1 names\nabc\n")
    with pytest.raises(ModelError, match="without a tab"):
        read_rows("t", "names", tmp_path)
    (tmp_path / "t").write_bytes(b"#youju-lexicon 1 names\n\xff\t1\n")
    with pytest.raises(ModelError, match="UTF-8"):
        read_rows("t", "names", tmp_path)


def test_one_direction_is_read_without_the_other(tmp_path: Path) -> None:
    lexicon = _broken(tmp_path, "lexicon_zh_en.tsv", None)
    assert lexicon.translate_to_chinese("river")[0].alternatives[0][0] == "河"
    with pytest.raises(ModelError):
        lexicon.translate_to_english("河")


def test_importing_it_loads_nothing_heavy() -> None:
    code = "import sys, index.lexicon; print([m for m in ('torch', 'tantivy', 'rjieba', 'opencc', 'faiss') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_card_names_every_file() -> None:
    card = (FOLDER / "LEXICON.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("lexicon_*.tsv"):
        assert path.name in card
        assert f"| `{path.name}` | {path.stat().st_size:,} bytes |" in card
        assert read_text(
            path.name, path.name.split(".")[0].removeprefix("lexicon_").replace("_", "-")
        )
