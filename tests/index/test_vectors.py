"""The vector index gives what NumPy gives, on disk and in memory."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import stamps, vectors
from index.types import Vectors
from index.vectors import FlatVectors, VectorIndex, building, saved

DIMENSION = 16


def unit(count: int, seed: int = 0, dimension: int = DIMENSION) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def ids(*numbers: int) -> NDArray[np.int64]:
    return np.array(numbers, dtype=np.int64)


def exact(
    numbers: NDArray[np.int64], rows: NDArray[np.float32], query: NDArray[np.float32], k: int
) -> list[tuple[int, float]]:
    """The reference: all products, sorted."""
    products = rows @ query
    return [(int(numbers[i]), float(products[i])) for i in np.argsort(-products)[:k]]


def assert_same(found: list[tuple[int, float]], expected: list[tuple[int, float]]) -> None:
    assert [i for i, _ in found] == [i for i, _ in expected]
    assert [s for _, s in found] == pytest.approx([s for _, s in expected], abs=1e-5)


@pytest.fixture
def filled() -> FlatVectors:
    index = FlatVectors(DIMENSION)
    index.put(np.arange(10, 210, dtype=np.int64), unit(200))
    return index


@pytest.mark.parametrize("k", [1, 7, 200, 500])
def test_search_is_exact(filled: FlatVectors, k: int) -> None:
    numbers = np.random.default_rng(3).permutation(1000)[:200].astype(np.int64)
    index = FlatVectors(DIMENSION)
    index.put(numbers[:90], unit(200)[:90])
    index.put(numbers[90:], unit(200)[90:])
    for query in unit(20, seed=1):
        assert_same(index.search(query, k), exact(numbers, unit(200), query, k))


def test_nothing_to_find(filled: FlatVectors) -> None:
    assert FlatVectors(DIMENSION).search(unit(1)[0], 5) == []
    assert filled.search(unit(1)[0], 0) == []
    assert len(FlatVectors(DIMENSION)) == 0


def test_put_replaces(filled: FlatVectors) -> None:
    new = unit(3, seed=9)
    filled.put(ids(12, 500, 10), new)
    assert len(filled) == 201
    for number, row in zip((12, 500, 10), new, strict=True):
        best, cosine = filled.search(row, 1)[0]
        assert (best, cosine) == (number, pytest.approx(1.0, abs=1e-5))
    old = filled.search(unit(200)[2], 1)[0]  # what 12 held before
    assert old[0] != 12
    assert old[1] < 0.99


def test_remove(filled: FlatVectors) -> None:
    filled.remove(ids(10, 11, 9999))
    assert len(filled) == 198
    query = unit(200)[0]
    keep = np.arange(12, 210, dtype=np.int64)
    assert_same(filled.search(query, 198), exact(keep, unit(200)[2:], query, 198))
    filled.remove(ids())
    filled.remove(keep)
    assert len(filled) == 0
    assert filled.search(query, 3) == []


def test_removed_ids_can_come_back(filled: FlatVectors) -> None:
    filled.remove(ids(15))
    filled.put(ids(15), unit(1, seed=4))
    assert len(filled) == 200
    assert filled.search(unit(1, seed=4)[0], 1)[0][0] == 15


def test_put_of_nothing() -> None:
    index = FlatVectors(DIMENSION)
    index.put(ids(), np.zeros((0, DIMENSION), np.float32))
    assert len(index) == 0


class Memory:
    """A source of vectors, as the store is one: rows by id, ids by the revision they came at."""

    def __init__(self) -> None:
        self.rows: dict[int, NDArray[np.float32]] = {}
        self.came: dict[int, int] = {}
        self.went: dict[int, int] = {}
        self.revision = 0

    def put(self, numbers: Iterable[int], rows: NDArray[np.float32]) -> None:
        self.revision += 1
        for number, row in zip(numbers, rows.astype(np.float16), strict=True):
            self.rows[number], self.came[number] = row.astype(np.float32), self.revision

    def remove(self, numbers: Iterable[int]) -> None:
        self.revision += 1
        for number in numbers:
            del self.rows[number]
            self.went[number] = self.revision

    def vectors_since(self, revision: int) -> Iterator[tuple[NDArray[np.int64], Vectors]]:
        numbers = [n for n in sorted(self.rows) if self.came[n] > revision]
        for i in range(0, len(numbers), 100):
            part = numbers[i : i + 100]
            yield ids(*part), np.stack([self.rows[n] for n in part])

    def sample_vectors(self, count: int, seed: int = 0) -> Vectors:
        picked = np.random.default_rng(seed).permutation(sorted(self.rows))[:count]
        return np.stack([self.rows[int(n)] for n in picked])

    def vector_rows(self, ids: Sequence[int]) -> tuple[NDArray[np.int64], Vectors]:
        found = np.array(sorted(n for n in ids if n in self.rows), np.int64)
        rows = [self.rows[int(n)] for n in found]
        return found, np.stack(rows) if rows else np.zeros((0, 0), np.float32)

    def removed_since(self, revision: int) -> list[int]:
        return [n for n, at in self.went.items() if at > revision]

    def exact(
        self, query: NDArray[np.float32], k: int, among: Container[int] | None = None
    ) -> list[tuple[int, float]]:
        numbers = np.array([n for n in sorted(self.rows) if among is None or n in among], np.int64)
        if not len(numbers):
            return []
        return exact(numbers, np.stack([self.rows[int(n)] for n in numbers]), query, k)


@pytest.fixture
def source() -> Memory:
    source = Memory()
    source.put(range(10, 210), unit(200))
    return source


def opened(folder: Path, source: Memory, fingerprint: str = "m") -> VectorIndex:
    index = VectorIndex(folder, DIMENSION, fingerprint, source)
    index.catch_up()
    return index


def save(folder: Path, source: Memory) -> VectorIndex:
    """Save all, and open what was saved."""
    opened(folder, source).save(len(source.rows), source.revision)
    index = VectorIndex(folder, DIMENSION, "m", source)
    assert index.revision == source.revision
    return index


def clustered(count: int, seed: int = 0) -> NDArray[np.float32]:
    """Vectors as texts have them: in heaps, not spread evenly."""
    rng = np.random.default_rng(seed)
    rows = unit(max(1, count // 20), 99)[rng.integers(0, max(1, count // 20), count)]
    rows = rows + 0.5 * unit(count, seed + 1)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_what_is_saved_is_found_again(source: Memory, tmp_path: Path) -> None:
    index = save(tmp_path, source)
    assert (len(index), index.unsaved) == (200, 0)
    for query in unit(5, seed=2):
        assert_same(index.search(query, 20), source.exact(query, 20))


def test_what_came_and_went_since_is_seen_without_saving(source: Memory, tmp_path: Path) -> None:
    save(tmp_path, source)
    source.put(range(300, 320), unit(20, seed=5))
    source.remove([10, 11, 305])
    for index in (opened(tmp_path, source), save(tmp_path, source)):
        assert len(index) == 217
        for query in [*unit(5, seed=2), unit(200)[0], unit(20, seed=5)[5]]:
            assert_same(index.search(query, 217), source.exact(query, 217))
    assert save(tmp_path, source).unsaved == 0


def test_vectors_are_given_as_they_were_added(source: Memory, tmp_path: Path) -> None:
    index = save(tmp_path, source)
    wanted = np.array([number for number, _ in index.search(unit(1)[0], 7)])
    wanted.sort()
    rows = index.exact(wanted)
    assert rows is not None
    assert (rows == source.vector_rows(wanted.tolist())[1].astype(np.float16)).all()
    assert index.exact(ids()) is None
    assert index.exact(np.append(wanted, 999_999)) is None  # one that is not there


def test_vectors_that_went_are_not_given(source: Memory, tmp_path: Path) -> None:
    index = save(tmp_path, source)
    gone = index.search(unit(1)[0], 3)[0][0]
    source.remove([gone])
    index.catch_up()
    assert index.exact(ids(gone)) is None


def test_codes_give_no_exact_vectors(large: Memory, tmp_path: Path) -> None:
    assert save(tmp_path, large).exact(ids(1)) is None


@pytest.mark.parametrize("among", [[10, 50, 301, 209, 5000], [], list(range(10, 400))])
def test_among_some_ids_only(source: Memory, tmp_path: Path, among: list[int]) -> None:
    save(tmp_path, source)
    source.put(range(300, 320), unit(20, seed=5))
    source.remove([50])
    index = opened(tmp_path, source)
    for query in unit(5, seed=2):
        found = index.search(query, 300, ids(*among))
        assert_same(found, source.exact(query, 300, set(among)))


def test_it_is_due_when_much_has_changed(source: Memory, tmp_path: Path) -> None:
    save(tmp_path, source)
    source.put(range(1000, 1000 + vectors.UNSAVED), unit(vectors.UNSAVED))
    assert not opened(tmp_path, source).is_due()
    source.remove([10])
    assert opened(tmp_path, source).is_due()
    assert not save(tmp_path, source).is_due()


def test_a_long_change_leaves_more_to_its_end(
    source: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "UNSAVED", 3)
    monkeypatch.setattr(vectors, "GROWING", 400)  # twice as many as are saved
    index = save(tmp_path, source)
    assert index.is_due(unread=31)
    assert not index.is_due(unread=400, growing=True)
    assert index.is_due(unread=401, growing=True)
    monkeypatch.setattr(vectors, "GROWING", 10)
    assert not index.is_due(unread=len(index), growing=True)  # not before it has doubled
    assert index.is_due(unread=len(index) + 1, growing=True)


def test_an_older_source_is_followed(source: Memory, tmp_path: Path) -> None:
    save(tmp_path, source)
    source.put([1], unit(1))
    index = opened(tmp_path, source)
    source.__init__()  # type: ignore[misc]
    source.put(range(20), unit(20, seed=8))
    index.catch_up()
    assert_same(index.search(unit(1)[0], 20), source.exact(unit(1)[0], 20))


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Memory:
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 500)
    monkeypatch.setattr(building, "EXACT_UP_TO", 500)
    source = Memory()
    source.put(range(5_000), clustered(5_000))
    return source


def recall(index: VectorIndex, source: Memory, queries: NDArray[np.float32]) -> float:
    right = sum(
        len({i for i, _ in index.search(q, 10)} & {i for i, _ in source.exact(q, 10)})
        for q in queries
    )
    return right / (10 * len(queries))


def test_many_vectors_are_in_lists_and_the_recall_is_kept(large: Memory, tmp_path: Path) -> None:
    index = save(tmp_path, large)
    facts = index.facts
    assert facts is not None
    assert facts.lists >= facts.probes >= 1
    assert facts.recall >= building.RECALL
    assert recall(index, large, clustered(60, seed=5)) >= building.RECALL - 0.03
    best, cosine = index.search(large.rows[77], 1)[0]
    assert (best, cosine) == (77, pytest.approx(1.0, abs=0.001))


def test_lists_are_extended_and_removed_from(large: Memory, tmp_path: Path) -> None:
    laid_out = save(tmp_path, large).facts
    large.put(range(6_000, 8_000), clustered(2_000, seed=3))
    large.remove(range(1_000))
    index = opened(tmp_path, large)
    assert (index.unsaved, len(index)) == (3_000, 6_000)
    assert recall(index, large, clustered(40, seed=5)) >= building.RECALL - 0.03
    index = save(tmp_path, large)
    assert index.facts is not None
    assert laid_out is not None
    assert (index.facts.count, index.facts.trained_on) == (6_000, laid_out.trained_on)
    assert index.facts.highest == 7_999
    assert recall(index, large, clustered(40, seed=5)) >= building.RECALL - 0.03
    assert all(index.search(large.rows[n], 1)[0][0] == n for n in (1_000, 6_000, 7_999))


@pytest.mark.parametrize("share", [1, 40, 500])
def test_few_of_many_are_all_found(large: Memory, tmp_path: Path, share: int) -> None:
    index = save(tmp_path, large)
    among = set(range(0, 5_000, share))
    for query in clustered(10, seed=4):
        found = {i for i, _ in index.search(query, 10, ids(*sorted(among)))}
        assert len(found & {i for i, _ in large.exact(query, 10, among)}) >= min(9, len(among))
        assert found <= among


def test_nothing_saved(source: Memory, tmp_path: Path) -> None:
    index = VectorIndex(tmp_path, DIMENSION, "m", source)
    assert (index.revision, len(index), vectors.saved_revision(tmp_path)) == (0, 0, 0)
    assert index.search(unit(1)[0], 3) == []


def test_of_another_model(source: Memory, tmp_path: Path) -> None:
    save(tmp_path, source)
    assert VectorIndex(tmp_path, DIMENSION, "other", source).revision == 0
    assert VectorIndex(tmp_path, DIMENSION + 1, "m", source).revision == 0


@pytest.mark.parametrize("which", ["file", "stamp"])
@pytest.mark.parametrize("damage", ["gone", "empty", "half", "garbage", "flipped", "folder"])
def test_damage_means_reading_the_store(
    source: Memory, tmp_path: Path, which: str, damage: str
) -> None:
    save(tmp_path, source)
    assert vectors.is_intact(tmp_path)
    (file,) = tmp_path.glob("vectors-*.faiss")
    path = file if which == "file" else tmp_path / "vectors.json"
    content = bytearray(path.read_bytes())
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "gone":
        content[len(content) // 2] ^= 0x05
        half = content[: len(content) // 2]
        path.write_bytes(
            {"empty": b"", "half": half, "garbage": b"\x00\xff" * 40, "flipped": content}[damage]
        )
    assert not vectors.is_intact(tmp_path)
    index = VectorIndex(tmp_path, DIMENSION, "m", source)
    assert (index.revision, len(index)) == (0, 0)
    assert_same(opened(tmp_path, source).search(unit(1)[0], 5), source.exact(unit(1)[0], 5))


def test_a_flipped_bit_among_many_vectors_is_told(large: Memory, tmp_path: Path) -> None:
    save(tmp_path, large)
    (file,) = tmp_path.glob("vectors-*.faiss")
    content = bytearray(file.read_bytes())
    content[-1_000] ^= 1
    file.write_bytes(content)
    assert not vectors.is_intact(tmp_path)
    assert len(opened(tmp_path, large)) == 5_000  # read from the store
    large.put([9_000], unit(1))
    assert len(save(tmp_path, large)) == 5_001  # and what is damaged is not built upon
    assert vectors.is_intact(tmp_path)


@pytest.mark.parametrize("stamp", ["[]", "null", "7", '{"format": 1}', '{"facts": 1}', "{"])
def test_a_strange_stamp_means_empty(source: Memory, tmp_path: Path, stamp: str) -> None:
    save(tmp_path, source)
    (tmp_path / "vectors.json").write_text(stamp)
    assert VectorIndex(tmp_path, DIMENSION, "m", source).revision == 0
    assert vectors.saved_revision(tmp_path) == 0


def test_cut_off_between_file_and_stamp(source: Memory, tmp_path: Path) -> None:
    save(tmp_path, source)
    (old,) = tmp_path.glob("vectors-*.faiss")
    stamp, content = (tmp_path / "vectors.json").read_bytes(), old.read_bytes()
    source.put([500], unit(1, seed=6))
    save(tmp_path, source)
    old.write_bytes(content)
    (tmp_path / "vectors.json").write_bytes(stamp)
    assert VectorIndex(tmp_path, DIMENSION, "m", source).revision == 1
    save(tmp_path, source)
    assert len(list(tmp_path.iterdir())) == 2  # nothing is left behind


def test_a_full_disk_leaves_the_saved_index(
    source: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, source)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    source.put([500], unit(1, seed=6))

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    for part in (saved.os, stamps.os):
        index = opened(tmp_path, source)
        with monkeypatch.context() as patch:
            patch.setattr(part, "fsync", full)
            with pytest.raises(OSError, match="No space left"):
                index.save(201, source.revision)
    after = {p.name: p.read_bytes() for p in tmp_path.iterdir() if not p.name.endswith(".part")}
    assert after == before
