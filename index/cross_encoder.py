"""Rerankers of the user's choice: a cross-encoder reads a question and a passage together."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.loading import halve, load_model, on_gpu
from index.types import Reranker, Reranking

BATCH = 32
_HEADS = ("ForSequenceClassification", "ForCausalLM", "ForConditionalGeneration")


def load_reranker(name: str) -> Reranker:
    """The reranker called ``name``: any cross-encoder, by folder or by name on the hub.

    Raises ModelError, with the cause and the mend, if it cannot be loaded; no other model ever
    takes its place.
    """
    return CrossEncoderReranker(name)


def reranking(name: str | None) -> Reranking:
    """What a setting means: ``None`` or ``"light"`` the reranker in the package, ``"none"`` none,
    anything else a cross-encoder by name or folder, which orders what the light one found best."""
    if name is None or name == "light":
        return "light"
    return "none" if name == "none" else load_reranker(name)


class CrossEncoderReranker:
    """A cross-encoder loaded by sentence-transformers, such as BAAI/bge-reranker-v2-m3.

    A pair is cut at the model's own length. ``device`` is torch's name of one; by default the
    best there is; half precision on a GPU. Safe to use from several threads, which take turns.
    """

    def __init__(self, name: str, *, device: str | None = None, batch: int = BATCH) -> None:
        from sentence_transformers import CrossEncoder

        self._name, self._batch = name, batch
        self._model: Any = load_model(
            CrossEncoder, "reranker", name, "BAAI/bge-reranker-v2-m3", device
        )
        _check_head(self._model, name)
        if on_gpu(device):
            halve(self._model)
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The model's name or folder, as given."""
        return self._name

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text answers, float32, shape ``(len(texts),)``: the model's logits, the
        higher the better. They compare only within one question and one model."""
        if not texts:
            return np.zeros(0, np.float32)
        from torch.nn import Identity

        pairs = [(_clean(question), _clean(text)) for text in texts]
        with self._lock:  # a tokenizer serves one thread at a time
            found = self._model.predict(
                pairs,
                batch_size=self._batch,
                activation_fn=Identity(),
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        logits: NDArray[np.float32] = np.array(found, np.float32).reshape(len(texts))
        if not np.isfinite(logits).all():
            raise ModelError(
                f"The reranker {self._name} gave scores that are not numbers. "
                "Try it on the CPU: set CUDA_VISIBLE_DEVICES= (to nothing)."
            )
        return logits


class FakeReranker:
    """A deterministic stand-in for tests: how many of the question's pairs of characters a text
    holds. Needs no model.

    >>> FakeReranker().scores("治理河道", ["河道治理", "天气"]).tolist()
    [2.0, 0.0]
    """

    @property
    def name(self) -> str:
        """``"fake"``."""
        return "fake"

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """One number a text, shape ``(len(texts),)``."""
        pairs = {question[i : i + 2] for i in range(len(question) - 1)}
        return np.array([sum(pair in text for pair in pairs) for text in texts], np.float32)


def _clean(text: str) -> str:
    """Half a surrogate pair is no character: no tokenizer takes it."""
    return text.encode("utf-8", "replace").decode() or " "


def _check_head(model: Any, name: str) -> None:
    """An embedding model opens as a cross-encoder too, with a head of random numbers."""
    built_as = (getattr(model.config, "architectures", None) or [""])[0]
    if built_as and not built_as.endswith(_HEADS):
        raise ModelError(
            f"The model {name} is no reranker: it was trained as {built_as}. "
            "Give a cross-encoder, such as BAAI/bge-reranker-v2-m3."
        )
    if model.num_labels != 1:
        raise ModelError(
            f"The model {name} is no reranker: it gives {model.num_labels} numbers for a pair, not "
            "one. Give a cross-encoder with one label, such as BAAI/bge-reranker-v2-m3."
        )
