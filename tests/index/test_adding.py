"""Adding embeds what is new, and only that; what is broken off goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index import adding
from index.encoder import FakeEncoder
from index.library import Library
from index.types import Vectors


class Watched(FakeEncoder):
    """The fake, keeping the texts that it embedded."""

    def __init__(self) -> None:
        super().__init__(64)
        self.texts: list[str] = []
        self.calls = 0

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        self.calls += 1
        return super().encode_passages(texts)


def long(number: int, paragraphs: int = 6) -> list[str]:
    return [f"第{j}段：苗圃{number}号温室第{j}排育苗，长势良好。" * 12 for j in range(paragraphs)]


def write(path: Path, number: int, lines: list[str]) -> None:
    path.write_text("\n".join([f"苗圃{number}号温室", *lines]) + "\n", encoding="utf-8")


@pytest.fixture
def encoder() -> Watched:
    return Watched()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "pages"
    folder.mkdir()
    for i in range(30):
        write(folder / f"{i:02}.txt", i, long(i))
    return sorted(folder.iterdir())


@pytest.fixture
def library(tmp_path: Path, encoder: Watched, files: list[Path]) -> Iterator[Library]:
    with Library.open(tmp_path / "lib", encoder=encoder) as library:
        library.add(files)
        yield library


def test_files_are_embedded_together(library: Library, encoder: Watched) -> None:
    assert len(encoder.texts) == library.passages() == len(set(encoder.texts))
    assert encoder.calls <= 4


def test_of_a_changed_file_only_the_changed_passages_are_embedded(
    library: Library, encoder: Watched, files: list[Path]
) -> None:
    encoder.texts.clear()
    before = library.passages()
    lines = long(7)
    lines[3] = lines[3].replace("长势良好", "番茄开花")
    write(files[7], 7, lines)
    report = library.add(files)
    assert [f.outcome for f in report.files].count("added") == 1
    assert 1 <= len(encoder.texts) <= 2
    assert all("番茄" in text for text in encoder.texts)
    assert library.passages() == before
    assert library.search("番茄开花", 1)[0].article.source == str(files[7])
    texts = {h.passage.text: h for h in library.search("苗圃7号温室育苗", 300, "dense")}
    fresh = FakeEncoder(64)
    for text, hit in texts.items():  # those taken over are under their own texts
        if hit.article.source == str(files[7]):
            row = library._store.vectors([hit.passage.id])[hit.passage.id]
            embedded = f"{hit.article.title}\n{text}"
            assert float(fresh.encode_passages([embedded])[0] @ row) == pytest.approx(1, abs=1e-3)
    assert library.check() == []


def test_a_new_title_is_embedded_anew(
    library: Library, encoder: Watched, files: list[Path]
) -> None:
    encoder.texts.clear()
    files[3].write_text("番茄上市\n" + "\n".join(long(3)) + "\n", encoding="utf-8")
    library.add(files)
    assert len(encoder.texts) >= 5
    assert all(text.startswith("番茄上市") for text in encoder.texts)


def test_equal_passages_are_embedded_once(
    tmp_path: Path, encoder: Watched, files: list[Path]
) -> None:
    for path in files[:5]:
        write(path, 99, long(99))
    with Library.open(tmp_path / "twins", encoder=encoder) as library:
        library.add(files[:5])
        assert library.passages() == 5 * len(set(encoder.texts))
        assert len(encoder.texts) == len(set(encoder.texts))


def test_a_slow_model_is_given_less_at_a_time(
    tmp_path: Path, encoder: Watched, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "PASSAGES", 64)
    monkeypatch.setattr(adding, "SECONDS", -1.0)  # whatever it takes is too long
    with Library.open(tmp_path / "slow", encoder=encoder) as library:
        library.add(files)
        assert encoder.calls == len(files)
        assert library.check() == []


def test_a_file_given_twice_is_in_once(tmp_path: Path, encoder: Watched, files: list[Path]) -> None:
    with Library.open(tmp_path / "twice", encoder=encoder) as library:
        library.add([files[0], files[1], files[0]])
        assert len(library) == 2
        assert library.check() == []
