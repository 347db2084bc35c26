"""The cache of embeddings: what it saves, what it keeps apart, and what it survives."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedding_cache import AT_ONCE, FILE, CachedEncoder, EmbeddingCache, open_cache
from index.encoder import FakeEncoder
from index.types import Encoder, Vectors

TEXTS = ["贾鲁河治理", "河道治理", "天气晴朗", "", "贾鲁河治理", "half \ud83d"]


class Counting(FakeEncoder):
    """A fake that writes down what it was asked, and may pass for another model."""

    def __init__(self, dimension: int = 64, fingerprint: str = "") -> None:
        super().__init__(dimension)
        self._named = fingerprint
        self.asked: list[str] = []

    @property
    def fingerprint(self) -> str:
        return self._named or super().fingerprint

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        self.asked += [f"query {text}" for text in texts]
        return -super().encode_passages([f"问{text}" for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().encode_passages(texts)


@pytest.fixture
def cache(tmp_path: Path) -> EmbeddingCache:
    return EmbeddingCache(tmp_path / "deep" / FILE)


def test_no_text_is_embedded_twice(cache: EmbeddingCache) -> None:
    model = Counting()
    expected = FakeEncoder().encode_passages(TEXTS)
    first = CachedEncoder(model, cache).encode_passages(TEXTS)
    assert model.asked == [TEXTS[0], TEXTS[1], TEXTS[2], "", TEXTS[5]]
    np.testing.assert_array_equal(first, expected)
    second = CachedEncoder(model, cache).encode_passages(TEXTS[::-1])
    assert len(model.asked) == 5
    assert second.dtype == np.float32
    np.testing.assert_array_equal(second, expected[::-1])
    mixed = CachedEncoder(model, cache).encode_passages(["new", TEXTS[1], "newer"])
    assert model.asked[5:] == ["new", "newer"]
    np.testing.assert_array_equal(mixed[1], expected[1])
    np.testing.assert_array_equal(mixed[2], FakeEncoder().encode_passages(["newer"])[0])


def test_it_is_an_encoder_like_its_own(cache: EmbeddingCache) -> None:
    model = Counting(32)
    encoder = CachedEncoder(model, cache)
    assert isinstance(encoder, Encoder)
    assert encoder.encoder is model
    assert (encoder.name, encoder.fingerprint, encoder.dimension) == ("fake", "fake-32", 32)
    empty = encoder.encode_queries([])
    assert (empty.shape, empty.dtype) == ((0, 32), np.float32)
    assert not model.asked


def test_queries_and_passages_are_kept_apart(cache: EmbeddingCache) -> None:
    model = Counting()
    encoder = CachedEncoder(model, cache)
    passage, query = encoder.encode_passages(["河"]), encoder.encode_queries(["河"])
    assert model.asked == ["河", "query 河"]
    assert not np.array_equal(passage, query)
    np.testing.assert_array_equal(encoder.encode_passages(["河"]), passage)
    np.testing.assert_array_equal(encoder.encode_queries(["河"]), query)
    assert len(model.asked) == 2


def test_models_are_never_mixed(cache: EmbeddingCache) -> None:
    for model, variant in (
        (Counting(64, "one"), ""),
        (Counting(64, "other"), ""),
        (Counting(64, "one"), "float16"),
        (Counting(32, "one"), ""),  # as if two models had one fingerprint
    ):
        found = CachedEncoder(model, cache, variant=variant).encode_passages(["河"])
        assert model.asked == ["河"]
        np.testing.assert_array_equal(found, FakeEncoder(model.dimension).encode_passages(["河"]))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from("贾鲁河治理道") | st.text(max_size=3), max_size=8), max_size=4
    )
)
def test_whatever_is_asked_in_whatever_order(
    tmp_path_factory: pytest.TempPathFactory, calls: list[list[str]]
) -> None:
    cache = EmbeddingCache(tmp_path_factory.mktemp("cache") / FILE)
    model = Counting()
    for texts in calls:
        found = CachedEncoder(model, cache).encode_passages(texts)
        np.testing.assert_array_equal(found, FakeEncoder().encode_passages(texts))
    assert sorted(model.asked) == sorted({text for texts in calls for text in texts})


def test_what_was_done_is_kept_when_the_rest_fails(cache: EmbeddingCache) -> None:
    class Failing(Counting):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            if "last" in texts:
                raise KeyboardInterrupt
            return super().encode_passages(texts)

    texts = [f"text {i}" for i in range(AT_ONCE)]
    with pytest.raises(KeyboardInterrupt):
        CachedEncoder(Failing(), cache).encode_passages([*texts, "last"])
    model = Counting()
    CachedEncoder(model, cache).encode_passages([*texts, "last"])
    assert model.asked == ["last"]


def test_the_oldest_go_when_it_is_full(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path / FILE, limit=400_000)
    model = Counting(256)  # 1 KiB each
    encoder = CachedEncoder(model, cache)
    for start in range(0, 2000, 100):
        encoder.encode_passages([f"text {i}" for i in range(start, start + 100)])
        assert (tmp_path / FILE).stat().st_size < 600_000
    model.asked.clear()
    encoder.encode_passages([f"text {i}" for i in range(1900, 2000)])
    assert not model.asked
    encoder.encode_passages(["text 0"])
    assert model.asked == ["text 0"]


@pytest.mark.parametrize(
    "damage", [b"this is no database " * 400, b"SQLite format 3\0" + b"\xff" * 8000]
)
def test_a_damaged_file_is_set_aside(cache: EmbeddingCache, damage: bytes) -> None:
    cache.file.parent.mkdir()
    cache.file.write_bytes(damage)
    _works(cache)
    assert cache.file.with_name(f"{FILE}.damaged").read_bytes() == damage


def test_a_file_damaged_in_its_middle(cache: EmbeddingCache) -> None:
    texts = [f"text {i}" for i in range(500)]
    CachedEncoder(FakeEncoder(), cache).encode_passages(texts)
    with sqlite3.connect(cache.file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = bytearray(cache.file.read_bytes())
    data[8192 : len(data) // 2] = b"\xa5" * (len(data) // 2 - 8192)
    cache.file.write_bytes(data)
    for _ in range(2):
        found = CachedEncoder(FakeEncoder(), cache).encode_passages(texts)
        np.testing.assert_array_equal(found, FakeEncoder().encode_passages(texts))
    _works(cache)


def test_a_row_with_wrong_numbers_is_written_anew(cache: EmbeddingCache) -> None:
    model = Counting()
    CachedEncoder(model, cache).encode_passages(["河"])
    for wrong in (np.full(64, 9, "<f4"), np.full(64, np.nan, "<f4"), np.ones(3, "<f4")):
        with sqlite3.connect(cache.file) as connection:
            connection.execute("UPDATE vectors SET vector = ?", (wrong.tobytes(),))
        connection.close()
        found = CachedEncoder(model, cache).encode_passages(["河"])
        np.testing.assert_array_equal(found, FakeEncoder().encode_passages(["河"]))
    assert model.asked == ["河"] * 4
    CachedEncoder(model, cache).encode_passages(["河"])
    assert len(model.asked) == 4


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / FILE).mkdir()
    for file in (tmp_path / "file" / FILE, tmp_path / FILE):
        found = CachedEncoder(FakeEncoder(), EmbeddingCache(file)).encode_passages(TEXTS)
        np.testing.assert_array_equal(found, FakeEncoder().encode_passages(TEXTS))


def test_while_another_writes(cache: EmbeddingCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.embedding_cache.PATIENCE", 0.1)
    model = Counting()
    CachedEncoder(model, cache).encode_passages(["河"])
    other = sqlite3.connect(cache.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    CachedEncoder(model, cache).encode_passages(["河", "道"])  # reads, and does not wait for ever
    assert model.asked == ["河", "道"]
    other.close()
    _works(cache)
    assert not cache.file.with_name(f"{FILE}.damaged").exists()


def test_several_threads(cache: EmbeddingCache) -> None:
    texts = [f"text {i}" for i in range(200)]
    expected = FakeEncoder().encode_passages(texts)
    encoder = CachedEncoder(FakeEncoder(), cache)
    found: dict[int, Vectors] = {}

    def ask(n: int) -> None:
        for start in range(0, 200, 20):
            part = encoder.encode_passages(texts[start : start + 20])
            found[n] = np.concatenate([found[n], part]) if n in found else part

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n in range(4):
        np.testing.assert_array_equal(found[n], expected)


def test_several_processes_at_once(cache: EmbeddingCache, root: Path) -> None:
    code = f"""
import numpy as np
from index.embedding_cache import CachedEncoder, EmbeddingCache
from index.encoder import FakeEncoder
from pathlib import Path
cache = EmbeddingCache(Path({str(cache.file)!r}))
for start in range(0, 300, 10):
    texts = [f"text {{i}}" for i in range(start, start + 10)]
    found = CachedEncoder(FakeEncoder(), cache).encode_passages(texts)
    assert np.array_equal(found, FakeEncoder().encode_passages(texts))
"""
    running = [
        subprocess.Popen([sys.executable, "-c", code], cwd=root, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in running:
        _, said = process.communicate(timeout=120)
        assert (process.returncode, said) == (0, "")
    model = Counting()
    CachedEncoder(model, cache).encode_passages([f"text {i}" for i in range(300)])
    assert not model.asked


def test_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOUJU_CACHE", str(tmp_path))
    cache = open_cache()
    assert cache is not None
    assert cache.file == tmp_path / FILE
    monkeypatch.setenv("YOUJU_CACHE", "off")
    assert open_cache() is None
    monkeypatch.delenv("YOUJU_CACHE")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda: tmp_path / "of-the-user")
    cache = open_cache()
    assert cache is not None
    assert cache.file == tmp_path / "of-the-user" / "youju" / FILE
    assert list(tmp_path.iterdir()) == []  # nothing is written before there is a vector


def _works(cache: EmbeddingCache) -> None:
    model = Counting()
    for _ in range(2):
        found = CachedEncoder(model, cache).encode_passages(["又一篇", "再一篇"])
        np.testing.assert_array_equal(found, FakeEncoder().encode_passages(["又一篇", "再一篇"]))
    assert model.asked == ["又一篇", "再一篇"]
