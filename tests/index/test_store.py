"""The store: what goes in comes out, each change is whole, and it says what is wrong with a file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.errors import LibraryDamaged, LibraryNewer
from index.store import FORMAT, NewPassage, Store
from index.types import Article, Origin, PartialDate, Run

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SMALL = st.integers(0, 2**40)
ARTICLES = st.builds(
    Article,
    id=TEXTS,
    title=TEXTS,
    text=TEXTS,
    language=TEXTS,
    source=st.just("s"),
    origin=st.builds(Origin, SMALL, SMALL, st.none() | SMALL),
    published=st.none() | st.dates(),
    byline=TEXTS,
    section=TEXTS,
    kicker=TEXTS,
    event=st.none()
    | st.builds(
        PartialDate, st.integers(1, 12), st.integers(1, 31), st.none() | st.integers(1, 9999)
    ),
    byline_span=st.none() | st.tuples(SMALL, SMALL),
    runs=st.lists(st.builds(Run, SMALL, SMALL, SMALL, SMALL), max_size=4).map(tuple),
)


def article(
    number: int, source: str = "a.txt", text: str = "一是加快拆迁。二是保障迁坟。"
) -> Article:
    return Article(
        f"id{number}", f"题{number}", text, "zh-Hans", source, Origin(number, number + 2)
    )


def vector(number: int) -> NDArray[np.float32]:
    return np.array([number, 0.5, -1.25, 2.0**-10], np.float32)  # exact in float16


def entry(number: int, source: str = "a.txt") -> tuple[Article, list[NewPassage]]:
    passages = [NewPassage(0, 7, vector(number)), NewPassage(7, 14, vector(number + 100))]
    return article(number, source), passages


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "library.sqlite")
    yield store
    store.close()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(ARTICLES)
def test_every_field_of_an_article_comes_back(store: Store, article: Article) -> None:
    store.replace_source("s", "d", [(article, [])])
    assert store.articles() == [article]
    assert store.article(article.id) == article
    assert store.articles()[0].runs == article.runs


def test_a_full_article_comes_back_by_hand(store: Store) -> None:
    full = Article(
        id="x1",
        title="区领导督察贾鲁河",
        text="一是加快拆迁。\n记者 王云\x00\u2028𠮷",
        language="zh-Hans",
        source="/文 件/news page.txt",
        origin=Origin(3, 9, page=2),
        published=date(2016, 11, 14),
        byline="记者 王云",
        section="要闻",
        kicker="绿水青山",
        event=PartialDate(11, 14),
        byline_span=(8, 13),
        runs=(Run(0, 20, 7, 4), Run(7, 29, 10, 6)),
    )
    store.replace_source(full.source, "d", [(full, [])])
    assert store.article("x1") == full
    assert store.article("x1").file_position(9) == (31, 6)  # type: ignore[union-attr]
    assert store.article("nobody") is None


def test_passages_come_with_their_article_and_text(store: Store) -> None:
    store.replace_source("a.txt", "d1", [entry(1), entry(2)])
    found = store.passages([2, 3, 99])
    assert sorted(found) == [2, 3]
    assert (found[2].passage.text, found[2].article) == ("二是保障迁坟。", article(1))
    assert (found[3].passage.text, found[3].passage.article_id) == ("一是加快拆迁。", "id2")
    assert (found[3].passage.start, found[3].passage.end) == (0, 7)
    assert store.passages([]) == {}


def test_vectors_come_back(store: Store) -> None:
    store.replace_source("a.txt", "d1", [entry(1), entry(2)])
    found = store.vectors([4, 1, 99])
    assert sorted(found) == [1, 4]
    assert found[1].tolist() == vector(1).tolist()
    assert found[4].tolist() == vector(102).tolist()
    assert found[1].dtype == np.float32


def test_many_ids_at_once(store: Store) -> None:
    passages = [NewPassage(0, 1, vector(i % 9)) for i in range(1234)]
    store.replace_source("a.txt", "d", [(article(1), passages)])
    assert len(store.passages(range(1, 5000))) == 1234
    assert store.vectors(range(1, 5000))[1234].tolist() == vector(1233 % 9).tolist()


def test_a_long_article_is_read_once_not_with_each_passage(store: Store) -> None:
    text = "长" * 2_000_000
    passages = [NewPassage(i, i + 1, vector(1)) for i in range(3_000)]
    store.replace_source("a.txt", "d", [(article(1, text=text), passages)])  # 18 GB otherwise
    assert sum(row[2] - row[1] for row in store.added_since(0)) == 3_000
    assert len(store.passages(range(1, 3_001))) == 3_000


def test_each_change_raises_the_revision(store: Store) -> None:
    assert store.revision == 0
    assert store.replace_source("a.txt", "d1", [entry(1)]) == store.revision == 1
    assert store.replace_source("b.txt", "d2", []) == store.revision == 2
    store.remove_source("a.txt")
    assert store.revision == 3
    store.set_meta("model", "m")
    assert store.revision == 3


def test_sources_digests_counts_languages(store: Store) -> None:
    store.replace_source("b.txt", "d1", [entry(1, "b.txt")])
    store.replace_source("a.txt", "d2", [entry(2), entry(3)])
    assert store.sources() == ["a.txt", "b.txt"]
    assert (store.digest("a.txt"), store.digest("c.txt")) == ("d2", None)
    assert store.counts() == (2, 3, 6)
    assert store.languages() == {"zh-Hans"}
    assert [a.id for a in store.articles()] == ["id1", "id2", "id3"]


def test_meta(store: Store) -> None:
    assert store.meta("model") is None
    store.set_meta("model", "m1")
    store.set_meta("model", "m2")
    assert store.meta("model") == "m2"


def test_replacing_a_source_leaves_nothing_of_the_old(store: Store) -> None:
    store.replace_source("a.txt", "d1", [entry(1), entry(2)])
    store.replace_source("b.txt", "d1", [entry(3, "b.txt")])
    store.replace_source("a.txt", "d2", [entry(2), entry(4)])
    assert [a.id for a in store.articles()] == ["id3", "id2", "id4"]
    assert store.counts() == (2, 3, 6)
    assert store.passages([1, 2, 3, 4]) == {}
    assert store.digest("a.txt") == "d2"


def test_removing_a_source(store: Store) -> None:
    store.replace_source("a.txt", "d1", [entry(1), entry(2)])
    store.replace_source("b.txt", "d1", [entry(3, "b.txt")])
    assert store.remove_source("a.txt") == 2
    assert store.remove_source("never.txt") == 0
    assert store.sources() == ["b.txt"]
    assert [a.id for a in store.articles()] == ["id3"]
    assert store.counts() == (1, 1, 2)


def test_what_came_and_went_since_a_revision(store: Store) -> None:
    store.replace_source("a.txt", "d1", [entry(1)])  # revision 1: passages 1, 2
    store.replace_source("b.txt", "d1", [entry(2, "b.txt")])  # 2: passages 3, 4
    store.replace_source("a.txt", "d2", [entry(3)])  # 3: 1, 2 went, 5, 6 came
    store.remove_source("b.txt")  # 4: 3, 4 went

    def added(since: int) -> list[int]:
        return [row[0] for row in store.added_since(since)]

    assert [added(r) for r in range(5)] == [[5, 6], [5, 6], [5, 6], [], []]
    assert [store.removed_since(r) for r in range(5)] == [
        [1, 2, 3, 4],
        [1, 2, 3, 4],
        [1, 2, 3, 4],
        [3, 4],
        [],
    ]
    assert next(store.added_since(0)) == (5, 0, 7, article(3), 3)
    vectors = {
        int(number): row.tolist()
        for ids, rows in store.vectors_since(2)
        for number, row in zip(ids, rows, strict=True)
    }
    assert vectors == {5: vector(3).tolist(), 6: vector(103).tolist()}
    assert list(store.vectors_since(3)) == []


def test_numbers_of_removed_passages_are_never_used_again(store: Store) -> None:
    store.replace_source("a.txt", "d1", [entry(1)])
    store.remove_source("a.txt")
    store.replace_source("a.txt", "d1", [entry(1)])
    assert [row[0] for row in store.added_since(0)] == [3, 4]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_change_that_fails_leaves_the_old_state(store: Store, error: type[BaseException]) -> None:
    store.replace_source("a.txt", "d1", [entry(1), entry(2)])

    class Failing(list[NewPassage]):
        def __iter__(self) -> Iterator[NewPassage]:
            yield NewPassage(0, 1, vector(1))
            raise error

    with pytest.raises(error):
        store.replace_source("a.txt", "d2", [entry(3), (article(4), Failing())])
    assert store.revision == 1
    assert store.digest("a.txt") == "d1"
    assert [a.id for a in store.articles()] == ["id1", "id2"]
    assert store.counts() == (1, 2, 4)
    assert store.removed_since(0) == []
    assert store.replace_source("a.txt", "d3", [entry(5)]) == 2  # and goes on


def test_a_reopened_store_holds_everything(store: Store) -> None:
    store.replace_source("a.txt", "d1", [entry(1)])
    store.close()
    again = Store(store.path)
    assert (again.revision, again.articles()) == (1, [article(1)])
    again.close()
    assert store.revision == 1  # a closed store opens again when used


def test_a_reader_does_not_see_an_open_change(store: Store) -> None:
    store.replace_source("a.txt", "d1", [entry(1)])
    seen: list[tuple[int, list[str]]] = []

    def read() -> None:
        seen.append((store.revision, [a.id for a in store.articles()]))

    class ReadingHalfway(list[NewPassage]):
        def __iter__(self) -> Iterator[NewPassage]:
            thread = threading.Thread(target=read)
            thread.start()
            thread.join()
            yield NewPassage(0, 1, vector(1))

    store.replace_source("a.txt", "d2", [entry(2), (article(3), ReadingHalfway())])
    read()
    assert seen == [(1, ["id1"]), (2, ["id2", "id3"])]


def test_threads_that_ended_leave_no_open_files(store: Store) -> None:
    store.replace_source("a.txt", "d1", [entry(1)])

    def read() -> None:
        assert store.counts() == (1, 1, 2)

    def open_files() -> int:
        return len(os.listdir("/proc/self/fd"))

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("counts open files in /proc")
    before = open_files()
    for _ in range(50):
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    assert open_files() <= before + 8


def test_many_threads_read_while_one_writes(store: Store) -> None:
    done = threading.Event()
    wrong: list[object] = []

    def read() -> None:
        while not done.is_set():
            revision, articles = store.revision, store.articles()
            ids = [int(a.id[2:]) for a in articles]
            # Whole changes only: each puts in two articles, the second twin of the first.
            if len(ids) != 2 or ids[1] != ids[0] + 1 or ids[0] < 2 * revision:
                wrong.append((revision, ids))
                return

    store.replace_source("a.txt", "d", [entry(2), entry(3)])
    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for i in range(2, 30):
        store.replace_source("a.txt", str(i), [entry(2 * i), entry(2 * i + 1)])
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_newer_format_is_named(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    store = Store(path)
    store.set_meta("format", str(FORMAT + 1))
    store.close()
    with pytest.raises(LibraryNewer, match=rf"format {FORMAT + 1}, .* {FORMAT}\b.*[Uu]pgrade") as e:
        Store(path)
    assert str(path) in str(e.value)


def _sqlite_of_another(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()


def _cut_in_half(path: Path) -> None:
    store = Store(path)
    for i in range(40):
        store.replace_source(f"{i}.txt", "d", [entry(i, f"{i}.txt")])
    store.close()
    content = path.read_bytes()
    path.write_bytes(content[:50] + b"\xff" * 200)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_bytes(b"\x00\xff not a database" * 100),
        lambda path: path.write_text("贾鲁河治理\n" * 50, encoding="utf-8"),
        _sqlite_of_another,
        _cut_in_half,
    ],
    ids=["garbage", "text", "another program's", "damaged"],
)
def test_a_damaged_file_is_named_with_its_mend(tmp_path: Path, make: object) -> None:
    path = tmp_path / "library.sqlite"
    make(path)  # type: ignore[operator]
    with pytest.raises(LibraryDamaged, match="Restore it from a copy, or delete") as error:
        Store(path)
    assert str(path) in str(error.value)


def test_an_empty_file_becomes_a_library(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.touch()  # what a crash leaves that came before the first page
    store = Store(path)
    assert (store.revision, store.counts()) == (0, (0, 0, 0))
    store.close()


def test_two_processes_may_make_the_same_library(tmp_path: Path, root: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index.store import Store;"
        "s = Store(Path(sys.argv[1])); s.set_meta(sys.argv[2], 'here'); print(s.revision)"
    )
    path = str(tmp_path / "library.sqlite")
    children = [
        subprocess.Popen(
            [sys.executable, "-c", code, path, f"child{i}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=root,
        )
        for i in range(4)
    ]
    assert [child.communicate(timeout=60) for child in children] == [("0\n", "")] * 4
    store = Store(Path(path))
    assert [store.meta(f"child{i}") for i in range(4)] == ["here"] * 4
    store.close()
