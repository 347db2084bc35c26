"""The trained table as the files that ship: one byte a number, and what reads them.

``embeddings`` int8, ``weights`` one float32 a row: the layout of model2vec, which
sentence-transformers (6 and newer) reads as ``StaticEmbedding`` in float32.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from index.encoder import model_fingerprint

MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
    {
        "idx": 1,
        "name": "1",
        "path": "1_Normalize",
        "type": "sentence_transformers.models.Normalize",
    },
]


def write(folder: Path, tokenizer: Tokenizer, table: NDArray[np.float32]) -> None:
    """Write weights, tokenizer and configuration into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    scale = np.maximum(np.abs(table).max(axis=1), 1e-8) / 127
    whole = np.rint(table / scale[:, None]).astype(np.int8)
    save_file(
        {"embeddings": whole, "weights": scale.astype(np.float32)}, folder / "model.safetensors"
    )
    (folder / "model.safetensors").chmod(0o644)  # safetensors writes it for its owner only
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    _json(folder / "modules.json", MODULES)
    _json(
        folder / "config.json",
        {"fingerprint": model_fingerprint(folder), "dimension": table.shape[1]},
    )
    _json(folder / "config_sentence_transformers.json", {"similarity_fn_name": "cosine"})


def _json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
