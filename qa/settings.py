"""Where the library is: read once, from the argument, the environment, or the platform's habit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import SettingsError
from index.types import Reranking

if TYPE_CHECKING:
    from qa.generate import OpenAIGenerator
    from qa.verify import Entailment

LIBRARY_VARIABLE = "YOUJU_LIBRARY"
MODEL_VARIABLE = "YOUJU_MODEL"
RERANKER_VARIABLE = "YOUJU_RERANKER"
LLM_URL_VARIABLE = "YOUJU_LLM_BASE_URL"
LLM_MODEL_VARIABLE = "YOUJU_LLM_MODEL"
LLM_CONTEXT_VARIABLE = "YOUJU_LLM_CONTEXT"
LLM_TIMEOUT_VARIABLE = "YOUJU_LLM_TIMEOUT"
NLI_VARIABLE = "YOUJU_NLI"
LLM_KEY_VARIABLES = ("YOUJU_LLM_API_KEY", "OPENAI_API_KEY")
"""Where the key is looked for. It is read when a server is asked, and kept in no setting."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set. ``model`` None means the model that the library was built with;
    ``reranker`` None the light one in the package, ``"none"`` none, else a cross-encoder.
    ``llm_url`` is the base URL of a language model's server, None for none; ``llm_context`` its
    context in tokens, ``llm_timeout`` the seconds that an answer may take; ``nli`` an NLI model that
    checks its sentences too."""

    library: Path
    model: str | None = None
    reranker: str | None = None
    llm_url: str | None = None
    llm_model: str | None = None
    llm_context: int | None = None
    llm_timeout: float | None = None
    nli: str | None = None

    @classmethod
    def read(
        cls,
        library: str | Path | None = None,
        model: str | None = None,
        reranker: str | None = None,
    ) -> Settings:
        """Arguments first, then the environment, then the user's data folder."""
        chosen = library or os.environ.get(LIBRARY_VARIABLE) or _default_library()
        return cls(
            library=Path(chosen).expanduser(),
            model=model or os.environ.get(MODEL_VARIABLE) or None,
            reranker=reranker or os.environ.get(RERANKER_VARIABLE) or None,
            llm_url=os.environ.get(LLM_URL_VARIABLE) or None,
            llm_model=os.environ.get(LLM_MODEL_VARIABLE) or None,
            llm_context=_whole(LLM_CONTEXT_VARIABLE),
            llm_timeout=_whole(LLM_TIMEOUT_VARIABLE),
            nli=os.environ.get(NLI_VARIABLE) or None,
        )

    def generator(self, wanted: bool | None = None) -> OpenAIGenerator | None:
        """The language model that is set, None where none is, or none is ``wanted`` (False).

        Nothing is asked of its server yet. Raises SettingsError when the address is none, and
        when one is wanted (True) and none is set.
        """
        if self.llm_url is None and wanted:
            raise SettingsError(
                f"No language model is set. Set {LLM_URL_VARIABLE} to the address of an "
                "OpenAI-compatible server; `youju doctor` says which are running here."
            )
        if self.llm_url is None or wanted is False:
            return None
        from qa.generate import OpenAIGenerator, Patience

        key = next((k for v in LLM_KEY_VARIABLES if (k := os.environ.get(v))), None)
        whole = self.llm_timeout or Patience().whole
        patience = Patience(first=min(Patience().first, whole), whole=whole)
        return OpenAIGenerator(
            self.llm_url,
            self.llm_model,
            api_key=key,
            context=self.llm_context,
            patience=patience,
        )

    def entailment(self) -> Entailment | None:
        """The NLI model that is set, None where none is. Raises ModelError when it cannot be loaded."""
        if self.nli is None:
            return None
        from qa.entailment import CrossEncoderEntailment

        return CrossEncoderEntailment(self.nli)

    def reranking(self) -> Reranking:
        """The reranker to open a library with. Raises ModelError when it cannot be loaded."""
        if self.reranker is None:
            return "light"
        from index.cross_encoder import reranking

        return reranking(self.reranker)


def _whole(variable: str) -> int | None:
    """A whole number above 0 from the environment; None where it is not set."""
    text = os.environ.get(variable, "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise SettingsError(f"{variable} is {text!r}. It must be a whole number above 0.")
    return int(text)


def _default_library() -> Path:
    from platformdirs import user_data_path

    return user_data_path() / "youju-library"
