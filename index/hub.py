"""Any sentence-transformers model, by folder or by name on the Hugging Face hub."""

from __future__ import annotations

import hashlib
import os
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from index.errors import ModelError
from index.families import Family, family_of
from index.loading import halve, load_model, on_gpu, whole_number
from index.runtimes import chosen_backend, convert
from index.types import Vectors

BATCH = 32
MANY = 512
"""Texts in one call that are worth several processes: each takes seconds to start."""
PROCESSES_VARIABLE = "YOUJU_PROCESSES"
SAMPLE = 64
"""Numbers of each weight tensor that enter the fingerprint."""


class HubEncoder:
    """A model loaded by sentence-transformers, with its own prompts, pooling and length limit.

    What the model's folder says counts. A prompt or a pooling that it does not name comes from its
    family (``index.families``). Texts are cut at the model's own length. sentence-transformers
    sorts them by length, so that a batch holds little padding, and gives the vectors back in order.

    ``backend`` (else ``$YOUJU_BACKEND``, else torch) is torch, onnx or openvino; the last two run
    on the CPU. ``device`` is torch's name of one; by default the best there is. On a GPU torch uses
    half precision. ``processes`` (else ``$YOUJU_PROCESSES``, else 1) share calls of ``MANY`` texts
    or more on the CPU; ``close`` ends them. Safe to use from several threads, which take turns.

    Raises ModelError, naming the cause and the mend, when the model cannot be loaded, and
    SettingsError for a backend or a number of processes that cannot be.
    """

    def __init__(
        self,
        name: str,
        *,
        backend: str | None = None,
        device: str | None = None,
        processes: int | None = None,
        batch: int = BATCH,
    ) -> None:
        self._name, self._batch = name, batch
        self._backend = chosen_backend(backend)
        self._processes = whole_number(processes, PROCESSES_VARIABLE, 1)
        if self._backend != "torch":
            device, self._processes = "cpu", 1  # they bring threads of their own

        from sentence_transformers import SentenceTransformer

        self._model: Any = load_model(
            SentenceTransformer, "embedding model", name, "BAAI/bge-m3", device
        )
        family = family_of(name)
        if family is not None and not _names_its_modules(name):
            _pool(self._model, family)
        self._queries, self._passages = _prompts(family, self._model)
        self._dimension = int(self._model.get_embedding_dimension())
        self._fingerprint = _fingerprint(self._model, self._queries, self._passages)
        if self._backend != "torch":
            convert(self._model, self._backend, name)
        elif on_gpu(device):
            halve(self._model)
        self._lock = threading.Lock()
        self._pool: Any = None
        self._stop: Callable[[], Any] | None = None

    @property
    def name(self) -> str:
        """The model's name or folder, as given."""
        return self._name

    @property
    def fingerprint(self) -> str:
        """A digest of a sample of every weight, the tokenizer, the pooling, the prompts and the
        length limit. The same on every device and backend: their vectors are near enough to mix."""
        return self._fingerprint

    @property
    def arithmetic(self) -> str:
        """What the numbers come from beside the weights: backend, device, precision."""
        if self._backend != "torch":
            return f"{self._backend} cpu float32"
        return f"torch {self._model.device.type} {str(self._model.dtype).removeprefix('torch.')}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, float32, shape ``(len(texts), dimension)``, unit rows."""
        return self._encode(self._model.encode_query, texts, self._queries)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, float32, shape ``(len(texts), dimension)``, unit rows."""
        return self._encode(self._model.encode_document, texts, self._passages)

    def fits(self, text: str) -> bool:
        """Whether a passage is embedded whole: not cut at the model's own length."""
        limit = self._model.max_seq_length
        whole = f"{self._passages}{text}".encode("utf-8", "replace").decode()
        # No token is shorter than a byte; two mark the ends.
        if limit is None or len(whole.encode()) + 2 <= limit:
            return True
        with self._lock:
            tokens = self._model.tokenizer(whole, truncation=False, verbose=False)["input_ids"]
        return len(tokens) <= int(limit)

    def close(self) -> None:
        """End the processes that were started, if any; a later call starts them again."""
        if self._stop is not None:
            self._stop()
        self._pool = self._stop = None

    def _encode(self, encode: Any, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        # Half a surrogate pair is no character: no tokenizer takes it.
        clean = [text.encode("utf-8", "replace").decode() or " " for text in texts]
        with self._lock:  # a tokenizer serves one thread at a time
            vectors: Vectors = np.array(self._run(encode, clean, prompt), np.float32)
        if not np.isfinite(vectors).all():
            raise ModelError(
                f"The embedding model {self._name} gave vectors that are not numbers, on "
                f"{self.arithmetic}. Try it on the CPU: set CUDA_VISIBLE_DEVICES= (to nothing)."
            )
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        # A text of which the model knows no word has no direction: give all such the same one.
        vectors[lengths[:, 0] == 0] = 1.0
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def _run(self, encode: Any, texts: list[str], prompt: str) -> Any:
        together = {
            "prompt": prompt,
            "batch_size": self._batch,
            "convert_to_numpy": True,
            "show_progress_bar": False,
        }
        if self._processes == 1 or len(texts) < MANY or self._model.device.type == "cuda":
            return encode(texts, **together)
        done = False
        try:
            found = encode(texts, pool=self._started(), **together)
            done = True
        except RuntimeError as error:
            raise ModelError(
                f"One of the {self._processes} processes of the embedding model {self._name} failed: "
                f"{error}. If memory ran out, set {PROCESSES_VARIABLE} to a smaller number."
            ) from error
        finally:
            if not done:  # what is still in the queues must not become the next call's answer
                self.close()
        return found

    def _started(self) -> Any:
        if self._pool is None:
            with _shared_threads(self._processes):
                self._pool = self._model.start_multi_process_pool(["cpu"] * self._processes)
            stop = type(self._model).stop_multi_process_pool
            self._stop = weakref.finalize(self, stop, self._pool)
        return self._pool


@contextmanager
def _shared_threads(processes: int) -> Iterator[None]:
    """Processes started here share the processor: each would take all of its cores otherwise."""
    variable = "OMP_NUM_THREADS"
    if variable in os.environ:
        yield
        return
    os.environ[variable] = str(max(1, (os.cpu_count() or 1) // processes))
    try:
        yield
    finally:
        del os.environ[variable]


def _names_its_modules(name: str) -> bool:
    """Whether a model says how it pools. Without ``modules.json`` the library guesses the mean."""
    from sentence_transformers.util import is_sentence_transformer_model

    place = os.path.expanduser(name)
    if not os.path.isdir(place) and "/" not in name:
        place = f"sentence-transformers/{name}"  # as the library reads it
    cache = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
    # The model is loaded by now, so that the file is in the hub's cache if there is one.
    return bool(is_sentence_transformer_model(place, cache_folder=cache, local_files_only=True))


def _pool(model: Any, family: Family) -> None:
    from sentence_transformers.sentence_transformer.modules import Pooling

    if len(model) > 1 and isinstance(model[1], Pooling):
        model[1] = Pooling(model[0].get_embedding_dimension(), family.pooling)


def _prompts(family: Family | None, model: Any) -> tuple[str, str]:
    own: dict[str, str] = model.prompts
    query = own.get("query") or ""
    passage = own.get("document") or own.get("passage") or own.get("corpus") or ""
    if query or passage or family is None:
        return query, passage
    return family.query, family.passage


def _fingerprint(model: Any, *settings: str) -> str:
    digest = hashlib.blake2b(digest_size=12)
    for key, tensor in sorted(model.state_dict().items()):
        flat = tensor.detach().flatten()
        sample = flat[:: max(1, len(flat) // SAMPLE)][:SAMPLE].cpu().double().numpy()
        digest.update(f"{key} {tuple(tensor.shape)}".encode())
        digest.update(sample.tobytes())
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", model.tokenizer)
    if hasattr(tokenizer, "to_str"):
        digest.update(tokenizer.to_str().encode())
    for module in list(model)[1:]:  # pooling and what follows it
        digest.update(f"{type(module).__name__} {module.get_config_dict()}".encode())
    digest.update(repr((settings, model.max_seq_length, model.truncate_dim)).encode())
    return digest.hexdigest()
