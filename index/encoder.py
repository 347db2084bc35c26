"""Texts → unit vectors: the bundled model, a model of the user's choice, or a fake.

The bundled model is a table: a text's vector is the sum of its pieces' rows, made unit
length. Reading it takes tokenizers, safetensors and NumPy; torch stays out. The same
folder opens in sentence-transformers (``StaticEmbedding``) and gives the same vectors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from index.arrays import ONE_THREAD
from index.errors import ModelError
from index.types import Encoder, Vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

BUNDLED = "bundled"
BUNDLED_FOLDER = Path(__file__).resolve().parent / "model"
SHORTER = {"bundled-128": 128, "bundled-64": 64}
"""The bundled model with vectors cut short: it was trained so that their beginnings serve too."""
BATCH = 256
"""Texts whose pieces are found together: more would not fit the processor's cache."""
LONGEST = 4096
"""Rows summed at once: bounds the memory and the rounding error of a very long text."""


def load_encoder(name: str | None = None) -> Encoder:
    """The encoder called ``name``: the bundled model, or any sentence-transformers model.

    ``None`` and ``"bundled"`` give the model that ships with the package; ``"bundled-128"`` and
    ``"bundled-64"`` the same with shorter vectors, for indexes of a half or a quarter the size.
    Anything else is a folder or a name on the Hugging Face hub and is loaded by sentence-transformers (which
    takes seconds). Its vectors are kept on disk (``index.embedding_cache``), so that no text is
    embedded twice; the bundled model is faster than a look-up. Raises ModelError, with the cause
    and the mend, if loading fails; no other model ever takes its place.
    """
    if name is None or name == BUNDLED:
        return bundled()
    if name in SHORTER:
        return ShortEncoder(bundled(), SHORTER[name])
    from index.embedding_cache import CachedEncoder, open_cache
    from index.hub import HubEncoder

    encoder, cache = HubEncoder(name), open_cache()
    return encoder if cache is None else CachedEncoder(encoder, cache, variant=encoder.arithmetic)


class StaticEncoder:
    """A static model read from its folder: ``model.safetensors``, ``tokenizer.json``, ``config.json``.

    Queries and passages are encoded alike. Nothing is cut off, however long. An empty text
    counts as one blank, so that every vector has length 1.
    """

    def __init__(self, folder: Path, name: str = BUNDLED) -> None:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        from index.pieces import Pieces

        try:
            self._pieces = Pieces((folder / "tokenizer.json").read_bytes())
            tensors = load_file(folder / "model.safetensors")
            config = json.loads((folder / "config.json").read_text("utf-8"))
            self._rows: NDArray[np.int8] = tensors["embeddings"]
            self._scales: NDArray[np.float32] = tensors["weights"]
            self._fingerprint = str(config["fingerprint"])
            self._lengths = np.zeros(len(self._scales), np.float32)  # as they are asked for
        except (OSError, KeyError, TypeError, ValueError, SafetensorError) as error:
            raise _damaged(folder, error) from error
        self._name = name

    @property
    def name(self) -> str:
        """``"bundled"``, or the folder as given."""
        return self._name

    @property
    def fingerprint(self) -> str:
        """A digest of weights and tokenizer, written beside them when the model was made."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._rows.shape[1])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, float32, shape ``(len(texts), dimension)``, unit rows."""
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, float32, shape ``(len(texts), dimension)``, unit rows."""
        return self._encode(texts)

    def pieces(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The pieces of all texts and where each text's begin, as ``index.pieces`` gives them."""
        return self._pieces(texts)

    def vector(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """The unit vector of a text by its pieces, shape ``(dimension,)``."""
        unit: NDArray[np.float32] = _unit(self._sum(ids)[None])[0]
        return unit

    def rows(self, ids: NDArray[np.int32]) -> tuple[Vectors, NDArray[np.float32]]:
        """The vectors of pieces, shape ``(len(ids), dimension)``, and their lengths."""
        return self._scales[ids][:, None] * self._rows[ids].astype(np.float32), self.lengths(ids)

    def along(self, ids: NDArray[np.int32], axes: NDArray[np.float32]) -> NDArray[np.float32]:
        """The products of some axes, shape ``(axes, dimension)``, with the vectors of pieces:
        shape ``(axes, len(ids))``."""
        products = np.empty((len(axes), len(ids)), np.float32)
        step = max(ONE_THREAD // max(axes.size, 1), 1)
        for i in range(0, len(ids), step):
            rows = self._rows[ids[i : i + step]].astype(np.float32)
            np.matmul(axes, rows.T, out=products[:, i : i + step])
        products *= self._scales[ids]
        return products

    def lengths(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """The lengths of pieces' vectors, above 0: how much each weighs in a text's sum."""
        new = ids[self._lengths[ids] == 0]
        if len(new):
            rows = self._rows[new].astype(np.float32)
            found = self._scales[new] * np.sqrt(np.einsum("ij,ij->i", rows, rows))
            self._lengths[new] = np.maximum(found, 1e-9)
        lengths: NDArray[np.float32] = self._lengths[ids]
        return lengths

    def is_mark(self, ids: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Of each piece whether it is no word: punctuation, blanks, single bytes."""
        return self._pieces.is_mark[ids]

    def knows(self, ids: NDArray[np.int32]) -> float:
        """The share of a text's pieces that are more than single letters, 0 to 1: how far the
        model's vectors say anything of a text in its language."""
        bare = int(self._pieces.is_bare[ids].sum())
        words = int((~self._pieces.is_mark[ids] & ~self._pieces.is_bare[ids]).sum())
        return words / max(bare + words, 1)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        out = np.empty((len(texts), self.dimension), np.float32)
        for begin in range(0, len(texts), BATCH):
            batch = [text or " " for text in texts[begin : begin + BATCH]]
            ids, first = self._pieces(batch)
            for row in range(len(batch)):
                out[begin + row] = self._sum(ids[first[row] : first[row + 1]])
        return _unit(out)

    def _sum(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """Σ scale·row as one product a text: its rows fit the processor's cache."""
        if len(ids) > LONGEST:
            parts = np.stack([self._sum(ids[i : i + LONGEST]) for i in range(0, len(ids), LONGEST)])
            whole: NDArray[np.float32] = parts.sum(axis=0, dtype=np.float64).astype(np.float32)
            return whole
        rows = self._rows.take(ids, axis=0)  # in a third of the time that [ids] takes
        total: NDArray[np.float32] = self._scales.take(ids) @ rows.astype(np.float32)
        return total


def _unit(rows: Vectors) -> Vectors:
    """Rows made unit length, in their place."""
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


class ShortEncoder:
    """The first ``dimension`` numbers of a model's vectors, made unit length again.

    For a model trained so that these serve by themselves (Matryoshka, Kusupati et al. 2022);
    sentence-transformers' ``truncate_dim`` gives the same.
    """

    def __init__(self, whole: StaticEncoder, dimension: int) -> None:
        self.whole = whole
        self._dimension = dimension

    @property
    def name(self) -> str:
        """The model's name with the dimension behind it."""
        return f"{self.whole.name}-{self._dimension}"

    @property
    def fingerprint(self) -> str:
        """The model's with the dimension behind it."""
        return f"{self.whole.fingerprint}-{self._dimension}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, float32, shape ``(len(texts), dimension)``, unit rows."""
        return self._cut(self.whole.encode_queries(texts))

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, float32, shape ``(len(texts), dimension)``, unit rows."""
        return self._cut(self.whole.encode_passages(texts))

    def _cut(self, vectors: Vectors) -> Vectors:
        short = vectors[:, : self._dimension]
        lengths = np.maximum(np.linalg.norm(short, axis=1, keepdims=True), 1e-9)
        return np.asarray(short / lengths, np.float32)


class FakeEncoder:
    """A deterministic stand-in for tests: hashed character pairs, made unit length.

    Needs no model file. Texts that share pairs of characters are near each other; the vectors
    are the same on every machine and in every process.

    >>> a, b, c = FakeEncoder().encode_passages(["治理贾鲁河", "贾鲁河的治理", "天气"])
    >>> bool(a @ b > a @ c)
    True
    """

    def __init__(self, dimension: int = 64) -> None:
        self._dimension = dimension

    @property
    def name(self) -> str:
        """``"fake"``."""
        return "fake"

    @property
    def fingerprint(self) -> str:
        """Differs by dimension."""
        return f"fake-{self._dimension}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, float32, shape ``(len(texts), dimension)``, unit rows."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, float32, shape ``(len(texts), dimension)``, unit rows."""
        out = np.zeros((len(texts), self._dimension), np.float32)
        for row, text in zip(out, texts, strict=True):
            for pair in zip(f"\x02{text}", f"{text}\x03", strict=True):
                row[crc32("".join(pair).encode("utf-8", "surrogatepass")) % self._dimension] += 1.0
        out /= np.linalg.norm(out, axis=1, keepdims=True)
        return out


def model_fingerprint(folder: Path) -> str:
    """The digest that ``config.json`` of a static model states, computed from its files."""
    digest = hashlib.blake2b(digest_size=12)
    for file in ("model.safetensors", "tokenizer.json"):
        digest.update((folder / file).read_bytes())
    return digest.hexdigest()


@cache
def bundled() -> StaticEncoder:
    """The model that ships with the package, loaded once. Raises ModelError when it is damaged."""
    return StaticEncoder(BUNDLED_FOLDER)


def _damaged(folder: Path, error: Exception) -> ModelError:
    return ModelError(
        f"The model in {folder} could not be read: {error}. "
        "If it is the bundled one, install youju again; if it is your own, save it again."
    )
