"""Any sentence-transformers model, by folder or by name on the Hugging Face hub."""

from __future__ import annotations

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import ModelError
from index.types import Vectors

PATIENCE = 5.0
"""Seconds to wait for a sign of life from the hub (loading itself may take longer)."""
BATCH = 32
SAMPLE = 64
"""Numbers of each weight tensor that enter the fingerprint."""

PROMPTS: tuple[tuple[str, str, str], ...] = (
    ("e5", "query: ", "passage: "),
    ("bge-small-zh", "为这个句子生成表示以用于检索相关文章：", ""),
    ("bge-base-zh", "为这个句子生成表示以用于检索相关文章：", ""),
    ("bge-large-zh", "为这个句子生成表示以用于检索相关文章：", ""),
    ("bge-small-en", "Represent this sentence for searching relevant passages: ", ""),
    ("bge-base-en", "Represent this sentence for searching relevant passages: ", ""),
    ("bge-large-en", "Represent this sentence for searching relevant passages: ", ""),
)
"""Prompts of families whose folders do not name them: (part of the name, query, passage)."""


class HubEncoder:
    """A model loaded by sentence-transformers, with its own prompts, pooling and length limit.

    Queries go through ``encode_query`` and passages through ``encode_document``. The prompts are
    the model's own where it defines any, else those of its family (``PROMPTS``). Raises
    ModelError, naming the cause and the mend, when the model cannot be loaded.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        folder = Path(name).expanduser()
        is_folder = folder.is_dir()
        if not is_folder and _looks_like_a_path(name):
            raise ModelError(
                f"There is no model folder {name}. Give the folder that holds modules.json or config.json, "
                "or the model's name on the hub, such as BAAI/bge-m3."
            )
        self._model: Any = _load(
            str(folder) if is_folder else name, offline=not is_folder and _offline()
        )
        self._queries, self._passages = _prompts(name, self._model)
        self._fingerprint = _fingerprint(self._model, self._queries, self._passages)

    @property
    def name(self) -> str:
        """The model's name or folder, as given."""
        return self._name

    @property
    def fingerprint(self) -> str:
        """A digest of a sample of every weight, the tokenizer, the prompts and the length limit."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension())

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, float32, shape ``(len(texts), dimension)``, unit rows."""
        return self._encode(self._model.encode_query, texts, self._queries)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, float32, shape ``(len(texts), dimension)``, unit rows."""
        return self._encode(self._model.encode_document, texts, self._passages)

    def _encode(self, encode: Any, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        found = encode(
            [text or " " for text in texts],
            prompt=prompt,
            batch_size=BATCH,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        vectors: Vectors = np.array(found, np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        # A text of which the model knows no word has no direction: give all such the same one.
        vectors[lengths[:, 0] == 0] = 1.0
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def _load(name: str, offline: bool) -> Any:
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(name, local_files_only=offline)
    except (
        OSError,
        ValueError,
        RuntimeError,
        ImportError,
        LookupError,
        TypeError,
        AttributeError,
        SafetensorError,
    ) as error:
        raise ModelError(_explain(name, error, offline)) from error


def _explain(name: str, error: Exception, offline: bool) -> str:
    cause = (str(error).strip() or type(error).__name__).splitlines()[0]
    if offline:
        cause = f"{_endpoint()} cannot be reached (or HF_HUB_OFFLINE is set), and the model is not in the cache"
        mend = (
            "Check the name; connect once to download it; or set HF_ENDPOINT to a mirror; "
            "or copy the model's folder here and give its path."
        )
    elif Path(name).is_dir():
        mend = "The folder must hold a complete sentence-transformers model: copy or download it again."
    else:
        mend = "Check the name (as on the hub: owner/model), or give the path of a local folder."
    return f"The embedding model {name} could not be loaded: {cause}. {mend}"


def _looks_like_a_path(name: str) -> bool:
    return name.startswith((".", "~", os.sep)) or "\\" in name or name.count("/") > 1


def _endpoint() -> str:
    from huggingface_hub import constants

    return str(constants.ENDPOINT)


def _offline() -> bool:
    """Whether the hub is out of reach. Asked once here: the hub's client would retry for minutes."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return True
    try:
        request = urllib.request.Request(_endpoint(), method="HEAD")
        with urllib.request.urlopen(request, timeout=PATIENCE):
            return False
    except urllib.error.HTTPError:
        return False  # it answered
    except OSError:
        return True


def _prompts(name: str, model: Any) -> tuple[str, str]:
    own: dict[str, str] = {k: v for k, v in model.prompts.items() if v}
    query = own.get("query", "")
    passage = own.get("document") or own.get("passage") or own.get("corpus") or ""
    if own:
        return query, passage
    base = Path(name).name.lower()
    for part, family_query, family_passage in PROMPTS:
        if part in base.split("-") or base.startswith(part):
            return family_query, family_passage
    return "", ""


def _fingerprint(model: Any, *settings: str) -> str:
    digest = hashlib.blake2b(digest_size=12)
    for key, tensor in sorted(model.state_dict().items()):
        flat = tensor.detach().flatten()
        sample = flat[:: max(1, len(flat) // SAMPLE)][:SAMPLE].cpu().double().numpy()
        digest.update(f"{key} {tuple(tensor.shape)} {tensor.dtype}".encode())
        digest.update(sample.tobytes())
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", model.tokenizer)
    if hasattr(tokenizer, "to_str"):
        digest.update(tokenizer.to_str().encode())
    digest.update(repr((settings, model.max_seq_length)).encode())
    return digest.hexdigest()
