"""The library: what is added is found, what is removed is gone, whatever happens in between."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import get_args

import pytest

from index import articles as splitter
from index import readers, stamps, vectors
from index.encoder import FakeEncoder
from index.errors import (
    LibraryBusy,
    LibraryDamaged,
    LibraryError,
    LibraryNotFound,
    ModelMismatch,
    SettingsError,
)
from index.library import Library
from index.types import Article, Mode, Origin, SearchableLibrary, Vectors

MODES: tuple[Mode, ...] = get_args(Mode)

# One article a file; each file has words that no other has.
FILES = {
    "river.txt": "区领导调研河道综合治理\n11月14日，区领导到柳溪河沿线调研河道综合治理工作。"
    "会议要求，一是加快截污纳管，二是清淤疏浚，三是严查排污口。\n记者 林晓\n",
    "canteen.txt": "社区食堂开张迎客\n3月2日，梧桐街道社区食堂开张，一荤一素一汤十二元，"
    "六十岁以上老人再打八折。\n居民周大爷说，饭菜软烂可口。\n",
    "clinic.txt": "夜间门诊方便上班族\n自4月1日起，区人民医院开设夜间门诊，接诊到晚上十点，"
    "挂号费与白天相同，医保照常报销。\n",
    "library.txt": "旧粮仓变身图书馆\n闲置多年的旧粮仓改造成图书馆，藏书三万册，"
    "设有自习座位一百二十个，周一闭馆。\n",
    "english.txt": "Lotus harvest begins\nFarmers in Willow Village began the lotus root harvest "
    "on Monday. The yield is about 2,500 kilograms per mu this year.\n",
}
QUESTIONS = {
    "river.txt": "柳溪河治理有什么要求",
    "canteen.txt": "社區食堂一荤一素多少钱",
    "clinic.txt": "夜间门诊几点结束",
    "library.txt": "旧粮仓图书馆有多少自习座位",
    "english.txt": "What is the lotus root yield per mu?",
}


class SpyEncoder(FakeEncoder):
    """The fake, counting the passages that it embeds."""

    def __init__(self, dimension: int = 256) -> None:
        super().__init__(dimension)
        self.embedded = 0

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        return super().encode_passages(texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return super().encode_passages(texts)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {name: folder / name for name in FILES}


@pytest.fixture
def spy() -> SpyEncoder:
    return SpyEncoder()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "my library"


@pytest.fixture
def library(home: Path, spy: SpyEncoder) -> Iterator[Library]:
    with Library.open(home, encoder=spy) as library:
        yield library


@pytest.fixture
def filled(library: Library, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.setattr(vectors, "UNSAVED", 0)  # or so few vectors would not be saved
    monkeypatch.setattr(vectors, "UNSAVED_SHARE", 0.0)
    assert library.add(files.values()).failed == ()
    return library


def best(library: Library, question: str, mode: Mode = "hybrid") -> str:
    """The name of the file that the best hit is from."""
    hits = library.search(question, k=3, mode=mode)
    return Path(hits[0].article.source).name if hits else ""


def names(library: Library, question: str, mode: Mode = "hybrid") -> set[str]:
    return {Path(hit.article.source).name for hit in library.search(question, 50, mode)}


def holding(library: Library, word: str) -> list[str]:
    """The passages that hold a word, by any search for it."""
    hits = [hit for mode in MODES for hit in library.search(word, 50, mode)]
    return [hit.passage.text for hit in hits if word in hit.passage.text]


def assert_finds_all(library: Library, wanted: Collection[str] = tuple(FILES)) -> None:
    for name in wanted:
        for mode in MODES:
            assert best(library, QUESTIONS[name], mode) == name


# Adding and finding


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", FILES)
def test_what_is_added_is_found(filled: Library, name: str, mode: Mode) -> None:
    hits = filled.search(QUESTIONS[name], k=3, mode=mode)
    assert Path(hits[0].article.source).name == name
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((h.score for h in hits), reverse=True)
    assert {hit.leg for hit in hits} == {"reranked" if mode == "hybrid" else mode}
    for hit in hits:
        assert hit.article.text[hit.passage.start : hit.passage.end] == hit.passage.text
        assert hit.passage.article_id == hit.article.id


def test_the_report_says_what_was_added(library: Library, files: dict[str, Path]) -> None:
    seen: list[tuple[int, int, str]] = []
    report = library.add(files.values(), progress=lambda *step: seen.append(step))
    assert [(Path(f.source).name, f.outcome, f.articles) for f in report.files] == [
        (name, "added", 1) for name in FILES
    ]
    assert (report.articles, report.failed) == (5, ())
    assert sum(f.passages for f in report.files) == library.passages() == 5
    assert seen == [(i, 5, str(p)) for i, p in enumerate(files.values())] + [(5, 5, "")]
    assert len(library) == 5
    assert library.sources() == sorted(map(str, files.values()))
    assert [Path(a.source).name for a in library.articles()] == list(FILES)
    assert library.article(library.articles()[2].id) == library.articles()[2]
    assert library.article("nobody") is None


def test_it_is_a_searchable_library(filled: Library) -> None:
    assert isinstance(filled, SearchableLibrary)
    assert filled.languages() == {a.language for a in filled.articles()}
    assert filled.document_frequency("words", "食堂") == 1


def test_a_path_may_stand_alone(library: Library, files: dict[str, Path]) -> None:
    path = next(iter(files.values()))
    for alone in (str(path), path):
        report = library.add(alone)
        assert [Path(f.source) for f in report.files] == [path]
        assert library.remove(alone) > 0


def test_a_folder_is_added_with_all_in_it(library: Library, files: dict[str, Path]) -> None:
    assert library.add([files["river.txt"].parent]).articles == 5
    assert_finds_all(library)


def _written(home: Path) -> dict[Path, int]:
    """When each file of the derived indexes was last written."""
    paths = [home / "keywords.json", home / "vectors.json", *home.glob("keywords-*/*.json")]
    return {path: path.stat().st_mtime_ns for path in paths if path.exists()}


def test_adding_again_does_nothing(
    filled: Library, files: dict[str, Path], spy: SpyEncoder
) -> None:
    before = (filled.revision, spy.embedded, filled.articles())
    written = _written(filled.folder)
    report = filled.add(files.values())
    assert {f.outcome for f in report.files} == {"unchanged"}
    assert report.articles == 0
    assert (filled.revision, spy.embedded, filled.articles()) == before
    assert _written(filled.folder) == written


def test_a_changed_file_replaces_its_articles(
    filled: Library, files: dict[str, Path], spy: SpyEncoder
) -> None:
    embedded = spy.embedded
    files["clinic.txt"].write_text(
        "夜间门诊延长\n夜间门诊接诊时间延长至零点，新增儿科。\n", encoding="utf-8"
    )
    report = filled.add(files.values())
    assert [f.outcome for f in report.files].count("added") == 1
    assert spy.embedded == embedded + 1
    assert len(filled) == 5
    assert filled.search("夜间门诊几点结束")[0].article.title == "夜间门诊延长"
    assert holding(filled, "挂号费") == []
    assert set(holding(filled, "儿科")) == {filled.articles()[-1].text}


def test_a_removed_file_leaves_no_trace(filled: Library, files: dict[str, Path]) -> None:
    assert filled.remove([files["river.txt"], "never.txt"]) == 1
    assert filled.remove([files["river.txt"]]) == 0
    assert len(filled) == 4
    assert str(files["river.txt"]) not in filled.sources()
    for mode in MODES:
        assert "river.txt" not in names(filled, QUESTIONS["river.txt"], mode)
        assert "river.txt" not in names(filled, "河道综合治理", mode)
    assert holding(filled, "柳溪河") == []
    assert_finds_all(filled, set(FILES) - {"river.txt"})
    with Library.open(filled.folder, encoder=SpyEncoder()) as again:
        assert holding(again, "柳溪河") == []
        assert "river.txt" not in names(again, QUESTIONS["river.txt"], "dense")
    filled.add([files["river.txt"]])
    assert_finds_all(filled)


def test_everything_may_be_removed(filled: Library, files: dict[str, Path]) -> None:
    assert filled.remove(files.values()) == 5
    assert (len(filled), filled.passages(), filled.sources()) == (0, 0, [])
    for mode in MODES:
        assert filled.search(QUESTIONS["river.txt"], mode=mode) == []


def test_articles_made_elsewhere(library: Library) -> None:
    def made(number: int, text: str) -> Article:
        return Article(f"m{number}", f"题{number}", text, "zh-Hans", "feed", Origin(1, 1))

    library.add_articles("feed", [made(1, "桂花大道通车。"), made(2, "枫林小学扩建。")])
    assert library.search("枫林小学")[0].article.id == "m2"
    library.add_articles("feed", [made(3, "荷塘公园开放。")])
    assert [a.id for a in library.articles()] == ["m3"]
    assert library.search("枫林小学", mode="keyword") == []


# Questions at the edge


def test_nothing_asked_or_wanted(filled: Library) -> None:
    for mode in MODES:
        assert filled.search("", mode=mode) == filled.search(" \n\u3000", mode=mode) == []
        assert filled.search("食堂", k=0, mode=mode) == []
        assert filled.search("食堂", k=-1, mode=mode) == []
        assert len(filled.search("社区食堂开张", k=1, mode=mode)) == 1


@pytest.mark.parametrize(
    "question",
    [
        "？？？",
        "的",
        "\x00",
        "食\udce5堂",
        "x" * 5_000,
        "食堂" * 2_000,
        "🍲🍲",
        "什么时候",
        "a\u0300",
        '()[]{}*:"AND OR',
    ],
)
def test_odd_questions_break_nothing(filled: Library, question: str) -> None:
    for mode in MODES:
        assert len(filled.search(question, k=3, mode=mode)) <= 3


def test_a_question_in_another_script_or_width(filled: Library) -> None:
    assert best(filled, "夜間門診幾點結束", "keyword") == "clinic.txt"
    assert best(filled, "ＬＯＴＵＳ", "keyword") == "english.txt"


def test_another_mode_is_refused(filled: Library) -> None:
    with pytest.raises(SettingsError, match="'bm25': use one of hybrid, dense, keyword"):
        filled.search("食堂", mode="bm25")  # type: ignore[arg-type]


def test_an_empty_library_finds_nothing(library: Library) -> None:
    for mode in MODES:
        assert library.search("食堂", mode=mode) == []
    assert library.status()["articles"] == len(library) == 0


# Files that fail, runs that are cut off


def test_a_failed_file_does_not_stop_the_others(
    library: Library, files: dict[str, Path], tmp_path: Path
) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    binary = tmp_path / "binary.txt"
    binary.write_bytes(bytes(range(256)) * 20)
    missing = tmp_path / "missing.txt"
    paths = [empty, files["river.txt"], missing, binary, files["clinic.txt"]]
    report = library.add(paths)
    assert [f.outcome for f in report.files] == ["failed", "added", "failed", "failed", "added"]
    assert [f.source for f in report.failed] == [str(empty), str(missing), str(binary)]
    kinds = ["EmptyDocument", "DocumentNotFound", "UnknownEncoding"]
    assert [f.kind for f in report.failed] == kinds, "told apart without reading the words"
    assert {f.kind for f in report.files if f.outcome == "added"} == {""}
    assert all(f.source in f.error and len(f.error) > len(f.source) + 10 for f in report.failed)
    assert_finds_all(library, {"river.txt", "clinic.txt"})


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_text_is_reported(library: Library, files: dict[str, Path]) -> None:
    folder = files["river.txt"].parent
    name = os.fsencode(folder) + b"/\xd0\xc2\xce\xc5.txt"  # GB18030, out of an old archive
    with open(name, "wb") as file:
        file.write(FILES["river.txt"].encode())
    seen: list[str] = []
    report = library.add([folder], progress=lambda *step: seen.append(step[2]))
    assert [f.error for f in report.failed] == [
        f"{folder}/\\udcd0\\udcc2\\udcce\\udcc5.txt: The file's name is not UTF-8. "
        "Rename it, then add it again."
    ]
    assert report.articles == 5
    assert report.failed[0].source in seen
    assert "".join(seen).encode()  # can be printed


@pytest.mark.parametrize("when", range(6))
def test_an_interrupt_keeps_the_finished_files(
    library: Library, files: dict[str, Path], spy: SpyEncoder, when: int
) -> None:
    def interrupt(done: int, total: int, source: str) -> None:
        if done == when:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.add(files.values(), progress=interrupt)
    kept = list(FILES)[:when]
    assert [Path(a.source).name for a in library.articles()] == kept
    assert_finds_all(library, set(kept))
    with Library.open(library.folder, encoder=spy) as again:
        embedded = spy.embedded
        assert_finds_all(again, set(kept))
        assert spy.embedded == embedded
        assert again.add(files.values()).articles == 5 - when
        assert spy.embedded == 5
    assert_finds_all(library)


def test_searching_in_the_middle_of_adding(library: Library, files: dict[str, Path]) -> None:
    found: list[set[str]] = []
    library.add(
        files.values(),
        progress=lambda *_: found.append(names(library, "柳溪河治理", "dense")),
    )
    assert [len(each) for each in found] == sorted(len(each) for each in found)
    assert len(found[-1]) == 5
    assert_finds_all(library)


# The derived indexes


def _derived(home: Path) -> list[Path]:
    """Every file of the derived indexes."""
    return [
        path
        for kind in ("keywords*", "vectors*")
        for top in home.glob(kind)
        for path in (top.iterdir() if top.is_dir() else [top])
    ]


def _keep_only_store(home: Path) -> None:
    for path in _derived(home):
        path.unlink()


def _truncate_all(home: Path) -> None:
    for path in _derived(home):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


def _drop_stamps(home: Path) -> None:
    for name in ("keywords.json", "vectors.json"):
        (home / name).unlink()


def _lose_the_list_of_segments(home: Path) -> None:
    for path in home.glob("keywords-*/meta.json"):
        path.unlink()


def _from_the_future(home: Path) -> None:
    for name in ("keywords.json", "vectors.json"):
        stamps.write(home / name, stamps.read(home / name) | {"revision": 99})


def _of_another_format(home: Path) -> None:
    for name in ("keywords.json", "vectors.json"):
        stamps.write(home / name, stamps.read(home / name) | {"format": 99})


DAMAGES = [
    _keep_only_store,
    _truncate_all,
    _drop_stamps,
    _lose_the_list_of_segments,
    _from_the_future,
    _of_another_format,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_lost_indexes_are_made_again_from_the_store(
    filled: Library, files: dict[str, Path], damage: Callable[[Path], None]
) -> None:
    filled.remove([files["canteen.txt"]])
    filled.close()
    assert {path.suffix for path in _derived(filled.folder)} >= {".json", ".faiss", ".store"}
    damage(filled.folder)
    kept = set(FILES) - {"canteen.txt"}
    spy = SpyEncoder()
    with Library.open(filled.folder, encoder=spy, create=False) as again:
        assert_finds_all(again, kept)
        assert holding(again, "周大爷") == []
        assert "canteen.txt" not in names(again, QUESTIONS["canteen.txt"], "dense")
    assert spy.embedded == 0
    assert vectors.saved_revision(filled.folder) == filled.revision
    with Library.open(filled.folder, encoder=spy) as again:  # and stay so
        assert again.add([files["canteen.txt"]]).articles == 1
        assert_finds_all(again)
    assert spy.embedded == 1


def test_stale_indexes_are_caught_up(
    library: Library, files: dict[str, Path], tmp_path: Path
) -> None:
    library.add([files["river.txt"], files["canteen.txt"]])
    stale = tmp_path / "stale"
    shutil.copytree(library.folder, stale)
    library.add(files.values())
    library.remove([files["canteen.txt"]])
    library.close()
    for kind in ("keywords*", "vectors*"):
        for path in library.folder.glob(kind):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in stale.glob(kind):
            copy = shutil.copytree if path.is_dir() else shutil.copyfile
            copy(path, library.folder / path.name)  # type: ignore[operator]
    spy = SpyEncoder()
    with Library.open(library.folder, encoder=spy) as again:
        assert holding(again, "周大爷") == []
        assert_finds_all(again, set(FILES) - {"canteen.txt"})
        assert "canteen.txt" not in names(again, QUESTIONS["canteen.txt"], "dense")
    assert spy.embedded == 0


def test_an_older_copy_of_the_store_may_be_put_back(
    library: Library, files: dict[str, Path], tmp_path: Path
) -> None:
    """Then the indexes know passages that the store does not, under numbers it will give again."""
    library.add([files["river.txt"]])
    library.close()
    copy = tmp_path / "copy.sqlite"
    shutil.copyfile(library.folder / "library.sqlite", copy)
    library.add([files["canteen.txt"], files["clinic.txt"]])
    library.close()
    for old in library.folder.glob("library.sqlite*"):
        old.unlink()
    shutil.copyfile(copy, library.folder / "library.sqlite")
    with Library.open(library.folder, encoder=SpyEncoder()) as again:
        again.add([files["library.txt"], files["english.txt"]])
        assert len(again) == 3
        assert_finds_all(again, {"river.txt", "library.txt", "english.txt"})
        assert holding(again, "夜间门诊") == []


# Opening


def test_a_missing_library_is_named(tmp_path: Path) -> None:
    with pytest.raises(LibraryNotFound, match=r"no library there\. Make one with: youju add") as e:
        Library.open(tmp_path / "nowhere", create=False)
    assert str(tmp_path / "nowhere") in str(e.value)
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="no library can be made there"):
        Library.open(tmp_path / "file" / "library")


def test_a_damaged_store_is_named(filled: Library) -> None:
    filled.close()
    for path in filled.folder.glob("library.sqlite*"):
        path.write_bytes(b"\x00\x01\x02 no database" * 300)
    with pytest.raises(LibraryDamaged, match=r"library\.sqlite: not a Youju library"):
        Library.open(filled.folder)


def test_another_model_is_refused(filled: Library) -> None:
    with pytest.raises(ModelMismatch, match="built with the model fake") as error:
        Library.open(filled.folder, encoder=FakeEncoder(32))
    assert str(filled.folder) in str(error.value)
    Library.open(filled.folder, encoder=FakeEncoder(256)).close()


def test_the_model_is_remembered(filled: Library) -> None:
    status = filled.status()
    assert (status["model"], status["articles"], status["sources"]) == ("fake", 5, 5)
    assert status["revision"] == filled.revision == 5
    assert isinstance(status["bytes"], int)
    assert status["bytes"] > 10_000


def test_paths_with_blanks_and_any_letters(tmp_path: Path, spy: SpyEncoder) -> None:
    folder = tmp_path / "区 报 (2016年) ünï🍲"
    folder.mkdir()
    page = folder / "第 1 版　要闻.txt"
    page.write_text(FILES["river.txt"], encoding="utf-8")
    with Library.open(folder / "书 库", encoder=spy) as library:
        assert library.add([page]).articles == 1
        assert library.sources() == [str(page)]
        assert best(library, QUESTIONS["river.txt"]) == page.name
    with Library.open(str(folder / "书 库"), encoder=spy) as library:
        assert best(library, QUESTIONS["river.txt"]) == page.name
        assert library.remove([str(page)]) == 1


def test_relative_paths_and_home(
    tmp_path: Path, files: dict[str, Path], spy: SpyEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files["river.txt"].parent)
    monkeypatch.setenv("HOME", str(tmp_path))
    with Library.open("~/shelf", encoder=spy) as library:
        assert library.folder == tmp_path / "shelf"
        library.add(["river.txt"])
        assert library.sources() == [str(files["river.txt"])]
        assert library.add([files["river.txt"]]).files[0].outcome == "unchanged"
        assert library.remove(["river.txt"]) == 1
        link = tmp_path / "link.txt"
        link.symlink_to(files["clinic.txt"])
        library.add([link])
        monkeypatch.chdir(tmp_path)
        assert library.remove(["link.txt"]) == 1


# Words of the user's own


def test_words_of_the_users_own(home: Path, tmp_path: Path, spy: SpyEncoder) -> None:
    page = tmp_path / "page.txt"
    page.write_text("豫见二七开幕\n豫见二七书画展开幕，展期十天。\n", encoding="utf-8")
    with Library.open(home, encoder=spy) as library:
        library.add([page])
        assert library.document_frequency("words", "豫见二七") == 0
    (home / "words.txt").write_text("\ufeff豫見二七 100 nz\n\n书画展开幕\n", encoding="utf-8")
    with Library.open(home, encoder=spy) as library:
        words = [t.word for t in library.segmenter.tokens("豫见二七书画展开幕")]
        assert words == ["豫见二七", "书画展开幕"]
        assert best(library, "豫见二七", "keyword") == "page.txt"  # its tokens are made again
        assert library.document_frequency("words", "豫见二七") == 1
        assert library.document_frequency("words", "书画展开幕") == 1
    assert spy.embedded == 1


def test_words_in_another_encoding_are_named(home: Path, spy: SpyEncoder) -> None:
    home.mkdir()
    (home / "words.txt").write_bytes("豫小二".encode("gb18030"))
    with pytest.raises(SettingsError, match=r"words.txt: not UTF-8 .* Save it as UTF-8"):
        Library.open(home, encoder=spy)


# Several at once

HOLDER = """
import sys
from index import adding
from index.encoder import FakeEncoder
from index.library import Library

adding.SECONDS = 0.0  # each file is a group of its own

def wait(done, total, source):
    if done == 1:
        print("one is in", flush=True)
        sys.stdin.readline()

with Library.open(sys.argv[1], encoder=FakeEncoder(256)) as library:
    library.add(sys.argv[2:], progress=wait)
"""


def test_two_processes(filled: Library, tmp_path: Path, root: Path) -> None:
    """One writes: another is told so, reads on meanwhile, and sees it all in the end."""
    pages = [tmp_path / "bridge.txt", tmp_path / "kiln.txt"]
    pages[0].write_text("新桥通车\n跨柳溪河的桂花桥今日通车，全长二百米。\n", encoding="utf-8")
    pages[1].write_text("古窑展览\n古窑陶器展在文化馆开展，展期一个月。\n", encoding="utf-8")
    filled.search("食堂")
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(filled.folder), *map(str, pages)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
    )
    assert child.stdout
    assert child.stdout.readline() == "one is in\n"
    with pytest.raises(LibraryBusy, match="another process is changing this library"):
        filled.add([tmp_path / "bridge.txt"])
    assert_finds_all(filled)  # what was there is found while the other is at work
    assert len(filled) == 6
    child.communicate("go on\n", timeout=60)
    assert child.returncode == 0
    for mode in MODES:
        assert best(filled, "桂花桥全长", mode) == "bridge.txt"
        assert best(filled, "古窑陶器展", mode) == "kiln.txt"
    assert_finds_all(filled)
    filled.remove([str(p) for p in pages])  # and now it may write
    assert len(filled) == 5


def test_many_threads_search_while_one_adds(
    filled: Library, tmp_path: Path, files: dict[str, Path]
) -> None:
    wrong: list[object] = []
    done = threading.Event()

    def search(mode: Mode) -> None:
        try:
            while not done.is_set():
                for name in ("river.txt", "clinic.txt"):
                    found = best(filled, QUESTIONS[name], mode)
                    if found != name:
                        wrong.append((mode, name, found))
        except BaseException as error:
            wrong.append(error)
            raise

    threads = [threading.Thread(target=search, args=(m,)) for m in (*MODES, *MODES)]
    for thread in threads:
        thread.start()
    try:
        for i in range(8):
            page = tmp_path / f"page{i}.txt"
            page.write_text(f"苗圃{i}号\n苗圃{i}号温室育苗。\n", encoding="utf-8")
            filled.add([page])
            if i % 2:
                filled.remove([page])
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert len(filled) == 5 + 4
    assert {f"page{i}.txt" for i in (0, 2, 4, 6)} <= names(filled, "温室育苗", "keyword")


# Killed at any moment

KILLER = """
import os, random, signal, sys, time
from pathlib import Path
from index import adding
from index.encoder import FakeEncoder
from index.library import Library
from index.lexicon import sound_keys

home, files, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
sound_keys("预热")
adding.SECONDS = 0.0  # each file is a group of its own

def add(folder):
    with Library.open(folder, encoder=FakeEncoder(64)) as library:
        library.add([files])

def forked(folder):
    pid = os.fork()
    if not pid:
        try:
            add(folder)
        finally:
            os._exit(0)
    return pid

def done(pid, within):
    end = time.monotonic() + within
    while time.monotonic() < end:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return True
        time.sleep(0.001)
    return False

start = time.monotonic()
assert done(forked(home / "whole"), 60)
took = time.monotonic() - start
random.seed(7)
for i in range(rounds):
    pid = forked(home / f"killed{i}")
    if not done(pid, took * (i + random.random()) / rounds):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_killed_at_any_moment(tmp_path: Path, root: Path) -> None:
    rounds = 10
    pages = tmp_path / "pages"
    pages.mkdir()
    for i in range(30):
        text = "\n".join(f"第{j}段：苗圃{i}号温室第{j}排育苗，长势良好。" * 12 for j in range(4))
        (pages / f"{i:02}.txt").write_text(f"苗圃{i}号温室\n{text}\n", encoding="utf-8")
    homes = tmp_path / "homes"
    subprocess.run(
        [sys.executable, "-c", KILLER, str(homes), str(pages), str(rounds)],
        cwd=root,
        check=True,
        timeout=120,
        env=os.environ | {"OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"},
    )
    expected = {str(p): splitter.split(readers.read(p)) for p in sorted(pages.iterdir())}
    held: list[int] = []
    for i in range(rounds):
        spy = SpyEncoder(64)
        with Library.open(homes / f"killed{i}", encoder=spy) as library:
            held.append(len(library.sources()))
            assert library.articles() == [a for s in library.sources() for a in expected[s]]
            found = {h.article.source for h in library.search("温室育苗", 1000, "keyword")}
            assert found == set(library.sources())
            found = {h.article.source for h in library.search("温室育苗", 1000, "dense")}
            assert found == set(library.sources())
            assert spy.embedded == 0
            assert len(library.add([pages]).files) == 30
            assert library.articles() == [a for each in expected.values() for a in each]
            assert library.passages() == len(library.search("温室育苗", 1000, "keyword"))
            assert library.passages() == len(library.search("温室育苗", 1000, "dense"))
    assert min(held) < 30  # some were cut off
    assert max(held) > 0
