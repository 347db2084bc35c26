"""An article too long to be read whole is read around the passages that were found in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.library import Library
from qa.assistant import Assistant
from qa.extract import READ_WHOLE

DAY = (
    "第{}日，某地召开例会，研究日常事务，与会人员进行了讨论。各单位要按照部署抓好落实，不得延误。\n"
)
SOUGHT = (
    "3月5日上午，云岭县县长高文博到水库工地检查，提出两点要求：一是抢抓进度。要倒排工期。"
    "二是确保安全。要专人值守。"
)


@pytest.mark.parametrize("place", [0, 300, 599])
def test_the_whole_enumeration_is_quoted_at_its_place(tmp_path: Path, place: int) -> None:
    days = [DAY.format(i) for i in range(600)]
    days.insert(place, SOUGHT + "\n")
    file = tmp_path / "annals.txt"
    file.write_text("云岭县编年\n\n" + "".join(days) + "记者 沈一诺\n", encoding="utf-8")
    with Library.open(tmp_path / "library") as library:
        library.add([file])
        assistant = Assistant(library)
        answer = assistant.ask("高文博对水库工地提出了什么要求")
        author = assistant.ask("高文博到水库工地检查的报道是哪位记者写的")
        article = library.article(answer.citations[0].article_id)
    assert article is not None
    assert len(article.text) > READ_WHOLE
    citation = answer.citations[0]
    assert citation.quote == SOUGHT
    assert article.text[citation.start : citation.end] == SOUGHT
    assert citation.lines == str(place + 3)
    assert [c.quote for c in author.citations] == ["记者 沈一诺"]
