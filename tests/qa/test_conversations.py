"""Conversations: kept, named, searched, renamed, deleted, resumed; nothing of another user's."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from index.errors import LibraryDamaged, LibraryNewer
from qa.assistant import Assistant
from qa.conversations import NAME_LENGTH, Conversations, name_from
from qa.records import from_record, to_record


@pytest.fixture
def shelf(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "c.sqlite")


def test_a_conversation_is_there_after_a_restart(tmp_path: Path, assistant: Assistant) -> None:
    answer = assistant.ask("春茶每斤卖多少钱")
    refused = assistant.ask("火星上的氧气浓度是多少")
    first = Conversations(tmp_path / "c.sqlite")
    kept = first.begin("", "home", "春茶每斤\n卖多少钱")
    first.end(first.ask(kept.id, "春茶每斤卖多少钱"), "done", to_record(answer))
    first.end(first.ask(kept.id, "坏了"), "failed", reason="正忙")
    first.end(first.ask(kept.id, "火星上的氧气浓度是多少"), "done", to_record(refused))
    first.ask(kept.id, "没有答完")  # the process is cut off here
    first.close()

    again = Conversations(tmp_path / "c.sqlite")
    assert [(k.id, k.name) for k in again.of("")] == [(kept.id, "春茶每斤 卖多少钱")]
    rounds = again.rounds(kept.id)
    assert [r.outcome for r in rounds] == ["done", "failed", "done", "open"]
    assert rounds[1].reason == "正忙"
    assert rounds[0].answer is not None
    assert rounds[2].answer is not None
    back = from_record(rounds[0].answer, assistant.library.article)
    assert back.to_dict() == answer.to_dict()
    assert [s.highlights for s in back.sentences] == [s.highlights for s in answer.sentences]
    assert from_record(rounds[2].answer, assistant.library.article).nearest == refused.nearest
    assert from_record(rounds[2].answer, lambda _: None).nearest == ()


def test_each_user_sees_only_their_own(shelf: Conversations) -> None:
    hers, his = shelf.begin("her", "", "甲"), shelf.begin("him", "", "乙")
    number = shelf.ask(hers.id, "甲")
    assert [k.id for k in shelf.of("her")] == [hers.id]
    assert shelf.find(hers.id, "him") is None
    assert not shelf.rename(hers.id, "him", "偷来的")
    assert not shelf.delete(hers.id, "him")
    assert not shelf.rate(number, "him", 1)
    assert [k.name for k in shelf.of("her")] == ["甲"]
    assert shelf.find(his.id, "him") == his


def test_names_questions_and_answers_are_searched(shelf: Conversations) -> None:
    first = shelf.begin("", "", "柳林河")
    shelf.end(shelf.ask(first.id, "柳林河"), "done", {"text": "总投资3.8亿元，增长50%"})
    second = shelf.begin("", "", "a_b 的问题")
    assert [k.id for k in shelf.of("", "3.8亿元")] == [first.id]
    assert [k.id for k in shelf.of("", "柳林河 总投资")] == [first.id]
    assert [k.id for k in shelf.of("", "50%")] == [first.id]
    assert [k.id for k in shelf.of("", "A_B")] == [second.id], "_ is a letter, not any letter"
    assert shelf.of("", "aXb") == []
    assert [k.id for k in shelf.of("")] == [second.id, first.id], "the last used first"


def test_renamed_deleted_and_taken_back(shelf: Conversations) -> None:
    kept = shelf.begin("", "", "甲")
    assert shelf.rename(kept.id, "", "  新的\n名字 ")
    assert not shelf.rename(kept.id, "", " ")
    assert [k.name for k in shelf.of("")] == ["新的 名字"]
    assert shelf.delete(kept.id, "")
    assert shelf.of("") == []
    assert shelf.find(kept.id, "") is None
    assert shelf.restore(kept.id, "")
    assert [k.name for k in shelf.of("")] == ["新的 名字"]


def test_what_was_deleted_long_ago_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    shelf = Conversations(path)
    kept = shelf.begin("", "", "机密的问题")
    shelf.ask(kept.id, "机密的问题")
    shelf.delete(kept.id, "")
    shelf.close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE conversations SET deleted = deleted - 90000")
    db.close()
    again = Conversations(path)
    assert not again.restore(kept.id, "")
    assert again.rounds(kept.id) == []


def test_a_round_that_is_asked_again_takes_the_place_of_the_old_one(shelf: Conversations) -> None:
    kept = shelf.begin("", "", "甲")
    old = shelf.ask(kept.id, "甲")
    new = shelf.ask(kept.id, "乙", replaces=old)
    assert [r.id for r in shelf.rounds(kept.id)] == [new]
    other = shelf.begin("", "", "丙")
    shelf.ask(other.id, "丙", replaces=new)
    assert [r.id for r in shelf.rounds(kept.id)] == [new], "never a round of another conversation"


def test_a_round_ends_once(shelf: Conversations) -> None:
    kept = shelf.begin("", "", "甲")
    number = shelf.ask(kept.id, "甲")
    shelf.end(number, "stopped", {"text": "半句"})
    shelf.end(number, "done", {"text": "全文"})
    assert [(r.outcome, r.answer) for r in shelf.rounds(kept.id)] == [("stopped", {"text": "半句"})]


def test_ratings_are_kept_and_can_be_taken_back(shelf: Conversations) -> None:
    kept = shelf.begin("", "", "甲")
    good, bad = shelf.ask(kept.id, "甲"), shelf.ask(kept.id, "乙")
    shelf.rate(good, "", 1)
    shelf.rate(bad, "", -5, "引错了")
    assert [(r.id, r.rating, r.remark) for r in shelf.rated("")] == [
        (good, 1, ""),
        (bad, -1, "引错了"),
    ]
    shelf.rate(good, "", 0)
    assert [r.id for r in shelf.rated("")] == [bad]


def test_many_at_once_lose_nothing(shelf: Conversations) -> None:
    def talk(number: int) -> None:
        kept = shelf.begin("", "", f"第{number}个")
        for _ in range(10):
            shelf.end(shelf.ask(kept.id, "问"), "done", {"text": "答"})

    threads = [threading.Thread(target=talk, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = shelf.of("")
    assert {k.name for k in kept} == {f"第{i}个" for i in range(8)}
    assert all([r.outcome for r in shelf.rounds(k.id)] == ["done"] * 10 for k in kept)


def test_a_file_that_is_none_of_ours_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "c.sqlite"
    bad.write_text("这不是数据库" * 200, encoding="utf-8")
    with pytest.raises(LibraryDamaged, match="Put it aside"):
        Conversations(bad)
    newer = tmp_path / "n.sqlite"
    with sqlite3.connect(newer) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(LibraryNewer, match="format 99"):
        Conversations(newer)


def test_a_name_is_one_short_line() -> None:
    assert name_from(" 甲 \n 乙 ") == "甲 乙"
    assert len(name_from("长" * 500)) == NAME_LENGTH
