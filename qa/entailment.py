"""Does a text say what a claim says? An NLI cross-encoder of the user's choice, asked by ``verify``."""

from __future__ import annotations

import threading
from typing import Any

from index.errors import ModelError
from index.loading import load_model

EXAMPLE = "MoritzLaurer/mDeBERTa-v3-base-xnli-multilingual-nli-2mil7"
_ENTAILS = ("entailment", "entailed", "entail")


class CrossEncoderEntailment:
    """A cross-encoder trained for natural language inference, by name or folder, loaded by
    sentence-transformers. Safe to use from several threads, which take turns.

    Raises ModelError when it cannot be loaded, or has no label for entailment.
    """

    def __init__(self, name: str, *, device: str | None = None) -> None:
        from sentence_transformers import CrossEncoder

        self._model: Any = load_model(CrossEncoder, "NLI model", name, EXAMPLE, device)
        labels = {str(v).lower(): int(k) for k, v in self._model.config.id2label.items()}
        found = [labels[label] for label in _ENTAILS if label in labels]
        if not found:
            raise ModelError(
                f"The model {name} is no NLI model: its labels are {', '.join(labels)}. "
                f"Give one with a label “entailment”, such as {EXAMPLE}."
            )
        self._entails = found[0]
        self._lock = threading.Lock()

    def contradiction(self, text: str, claim: str) -> float:
        """The probability (0–1) that the text contradicts the claim or does not say it."""
        with self._lock:  # a tokenizer serves one thread at a time
            found = self._model.predict(
                [(text, claim)], apply_softmax=True, show_progress_bar=False
            )
        return 1.0 - float(found[0][self._entails])
