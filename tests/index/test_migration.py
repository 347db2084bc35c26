"""Another model, passage by passage: the old one serves until the end, and no work is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index import migration
from index.encoder import FakeEncoder
from index.errors import ModelMismatch
from index.library import Library
from index.store.changes import vector_tables
from index.types import Vectors


class Counting(FakeEncoder):
    def __init__(self, dimension: int, stop_after: int = 10**9) -> None:
        super().__init__(dimension)
        self.embedded, self.stop_after = 0, stop_after

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        if self.embedded >= self.stop_after:
            raise KeyboardInterrupt
        self.embedded += len(texts)
        return super().encode_passages(texts)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.setattr(migration, "AT_ONCE", 4)
    for i in range(20):
        text = f"苗圃{i}号\n苗圃{i}号温室育苗。\n"
        (tmp_path / f"{i:02}.txt").write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "lib", encoder=FakeEncoder(64)) as library:
        library.add(sorted(tmp_path.glob("*.txt")))
        yield library


def titles(library: Library, question: str) -> list[str]:
    return [h.article.title for h in library.search(question, 1, "dense")]


def test_all_passages_change_to_the_new_model(library: Library, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    new = Counting(32)
    assert library.migrate(new, lambda done, total, _: seen.append((done, total))) == 20
    assert seen == [(done, 20) for done in (0, 4, 8, 12, 16, 20)]
    assert (new.embedded, library.encoder.dimension) == (20, 32)
    assert titles(library, "苗圃7号温室") == ["苗圃7号"]
    assert library.check() == []
    assert library.migrate(Counting(32)) == 0
    with pytest.raises(ModelMismatch, match=r"youju migrate --model fake"):
        Library.open(library.folder, encoder=FakeEncoder(64))
    with Library.open(library.folder, encoder=FakeEncoder(32)) as again:
        assert titles(again, "苗圃7号温室") == ["苗圃7号"]
    library.compact()
    assert vector_tables(library._store.connections.mine) == ["vectors_2"]  # the old ones went
    assert library.check() == []
    assert titles(library, "苗圃7号温室") == ["苗圃7号"]


@pytest.mark.parametrize("after", [0, 8, 12])
def test_what_is_broken_off_goes_on(library: Library, after: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        library.migrate(Counting(32, stop_after=after))
    with Library.open(library.folder, encoder=FakeEncoder(64)) as old:  # it serves
        assert titles(old, "苗圃7号温室") == ["苗圃7号"]
        assert old.check() == []
        again = Counting(32)
        assert old.migrate(again) == again.embedded == 20 - after
        assert titles(old, "苗圃7号温室") == ["苗圃7号"]


def test_files_come_and_go_meanwhile(library: Library, tmp_path: Path) -> None:
    pages = [tmp_path / "neu.txt", tmp_path / "03.txt"]
    pages[0].write_text("新桥通车\n桂花桥今日通车。\n", encoding="utf-8")
    done: list[int] = []

    def change(at: int, total: int, name: str) -> None:
        done.append(at)
        if len(done) == 3:
            library.add([pages[0]])
            library.remove([pages[1]])
            assert titles(library, "桂花桥通车") == ["新桥通车"]

    library.migrate(Counting(32), change)
    assert titles(library, "桂花桥通车") == ["新桥通车"]
    assert titles(library, "苗圃3号温室") != ["苗圃3号"]
    assert library.passages() == 20
    assert library.check() == []


def test_an_open_reader_follows(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    import index.current_model

    old, new = FakeEncoder(64), FakeEncoder(32)
    served = [old]
    monkeypatch.setattr(index.current_model, "load_encoder", lambda name=None: served[0])
    with Library.open(library.folder) as reader:
        assert titles(reader, "苗圃7号温室") == ["苗圃7号"]
        library.migrate(new)
        served[0] = new
        assert titles(reader, "苗圃7号温室") == ["苗圃7号"]
        assert reader.encoder.dimension == 32
        assert titles(reader, "苗圃9号温室") == ["苗圃9号"]


def test_another_new_model_begins_afresh(library: Library) -> None:
    with pytest.raises(KeyboardInterrupt):
        library.migrate(Counting(32, stop_after=8))
    assert library.migrate(Counting(16)) == 20
    assert library.encoder.dimension == 16
    assert library.check() == []
