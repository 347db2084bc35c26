"""The questions of our own: each on one article, and no article learned from where it is measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from training import sources, written

FILES = (written.READ, written.NEAR_MISSES, written.UNSEEN)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_answer_is_marked_in_its_page(path: Path) -> None:
    pages = {page["id"]: page["text"] for page in sources.rows(sources.PAGES)}
    asked: set[tuple[str, str]] = set()
    for row in written.rows(path):
        assert (row["question"], row["passage_id"]) not in asked
        asked.add((row["question"], row["passage_id"]))
        assert ("start" in row) <= row["answerable"]
        if row["passage_id"] in pages and row["answerable"]:
            assert pages[row["passage_id"]][row["start"] : row["end"]].strip()
    assert len(asked) > 100


def test_the_reader_learns_from_no_article_that_the_others_ask_of() -> None:
    read, near, unseen = ({row["passage_id"] for row in written.rows(p)} for p in FILES)
    assert not read & near
    assert not read & unseen


def test_pages_have_names_of_their_own() -> None:
    pages = list(sources.rows(sources.PAGES))
    assert len({page["id"] for page in pages}) == len(pages)
    assert len({page["text"] for page in pages}) == len(pages)
