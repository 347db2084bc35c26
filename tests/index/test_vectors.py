"""The vector index gives what NumPy gives, on disk and in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.vectors import VectorIndex

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
def filled() -> VectorIndex:
    index = VectorIndex(DIMENSION)
    index.put(np.arange(10, 210, dtype=np.int64), unit(200))
    return index


@pytest.mark.parametrize("k", [1, 7, 200, 500])
def test_search_is_exact(filled: VectorIndex, k: int) -> None:
    numbers = np.random.default_rng(3).permutation(1000)[:200].astype(np.int64)
    index = VectorIndex(DIMENSION)
    index.put(numbers[:90], unit(200)[:90])
    index.put(numbers[90:], unit(200)[90:])
    for query in unit(20, seed=1):
        assert_same(index.search(query, k), exact(numbers, unit(200), query, k))


def test_nothing_to_find(filled: VectorIndex) -> None:
    assert VectorIndex(DIMENSION).search(unit(1)[0], 5) == []
    assert filled.search(unit(1)[0], 0) == []
    assert len(VectorIndex(DIMENSION)) == 0


def test_put_replaces(filled: VectorIndex) -> None:
    new = unit(3, seed=9)
    filled.put(ids(12, 500, 10), new)
    assert len(filled) == 201
    for number, row in zip((12, 500, 10), new, strict=True):
        best, cosine = filled.search(row, 1)[0]
        assert (best, cosine) == (number, pytest.approx(1.0, abs=1e-5))
    old = filled.search(unit(200)[2], 1)[0]  # what 12 held before
    assert old[0] != 12
    assert old[1] < 0.99


def test_remove(filled: VectorIndex) -> None:
    filled.remove(ids(10, 11, 9999))
    assert len(filled) == 198
    query = unit(200)[0]
    keep = np.arange(12, 210, dtype=np.int64)
    assert_same(filled.search(query, 198), exact(keep, unit(200)[2:], query, 198))
    filled.remove(ids())
    filled.remove(keep)
    assert len(filled) == 0
    assert filled.search(query, 3) == []


def test_removed_ids_can_come_back(filled: VectorIndex) -> None:
    filled.remove(ids(15))
    filled.put(ids(15), unit(1, seed=4))
    assert len(filled) == 200
    assert filled.search(unit(1, seed=4)[0], 1)[0][0] == 15


def test_put_of_nothing() -> None:
    index = VectorIndex(DIMENSION)
    index.put(ids(), np.zeros((0, DIMENSION), np.float32))
    assert len(index) == 0


def test_save_and_load(filled: VectorIndex, tmp_path: Path) -> None:
    filled.save(tmp_path, 7, "model-a")
    assert VectorIndex.saved_revision(tmp_path) == 7
    loaded, revision = VectorIndex.load(tmp_path, DIMENSION, "model-a")
    assert (revision, len(loaded)) == (7, 200)
    for query in unit(5, seed=2):
        assert loaded.search(query, 20) == filled.search(query, 20)
    loaded.put(ids(20), unit(1, seed=5))  # an id that the file holds
    assert len(loaded) == 200
    assert loaded.search(unit(1, seed=5)[0], 1)[0][0] == 20
    loaded.save(tmp_path, 8, "model-a")
    assert VectorIndex.load(tmp_path, DIMENSION, "model-a")[1] == 8


def test_an_empty_index_is_saved_too(tmp_path: Path) -> None:
    VectorIndex(DIMENSION).save(tmp_path, 3, "m")
    loaded, revision = VectorIndex.load(tmp_path, DIMENSION, "m")
    assert (revision, len(loaded)) == (3, 0)
    loaded.put(ids(1), unit(1))
    assert loaded.search(unit(1)[0], 1)[0][0] == 1


def test_nothing_saved(tmp_path: Path) -> None:
    loaded, revision = VectorIndex.load(tmp_path, DIMENSION, "m")
    assert (revision, len(loaded), VectorIndex.saved_revision(tmp_path)) == (0, 0, 0)


def test_of_another_model(filled: VectorIndex, tmp_path: Path) -> None:
    filled.save(tmp_path, 7, "model-a")
    for loaded, revision in (
        VectorIndex.load(tmp_path, DIMENSION, "model-b"),
        VectorIndex.load(tmp_path, DIMENSION + 1, "model-a"),
    ):
        assert (revision, len(loaded)) == (0, 0)


@pytest.mark.parametrize("name", ["vectors.faiss", "vectors.json"])
@pytest.mark.parametrize("damage", ["gone", "empty", "half", "garbage", "flipped", "folder"])
def test_damage_means_empty(filled: VectorIndex, tmp_path: Path, name: str, damage: str) -> None:
    filled.save(tmp_path, 7, "m")
    path = tmp_path / name
    content = bytearray(path.read_bytes())
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "gone":
        content[len(content) // 2] ^= 0x55
        half = content[: len(content) // 2]
        path.write_bytes(
            {"empty": b"", "half": half, "garbage": b"\x00\xff" * 40, "flipped": content}[damage]
        )
    loaded, revision = VectorIndex.load(tmp_path, DIMENSION, "m")
    assert (revision, len(loaded)) == (0, 0)
    loaded.put(ids(1), unit(1))
    assert loaded.search(unit(1)[0], 1)[0][0] == 1


@pytest.mark.parametrize("stamp", ["[]", "null", "7", '{"format": 1}', '{"format": 99}', "{"])
def test_a_strange_stamp_means_empty(filled: VectorIndex, tmp_path: Path, stamp: str) -> None:
    filled.save(tmp_path, 7, "m")
    (tmp_path / "vectors.json").write_text(stamp)
    assert VectorIndex.load(tmp_path, DIMENSION, "m")[1] == 0
    assert VectorIndex.saved_revision(tmp_path) == 0


def test_a_crash_between_index_and_stamp(filled: VectorIndex, tmp_path: Path) -> None:
    filled.save(tmp_path, 7, "m")
    stamp = (tmp_path / "vectors.json").read_bytes()
    filled.put(ids(500), unit(1, seed=6))
    filled.save(tmp_path, 8, "m")
    (tmp_path / "vectors.json").write_bytes(stamp)
    assert VectorIndex.load(tmp_path, DIMENSION, "m")[1] == 0  # read from the store again


def test_nothing_is_left_behind(filled: VectorIndex, tmp_path: Path) -> None:
    filled.save(tmp_path, 7, "m")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["vectors.faiss", "vectors.json"]
