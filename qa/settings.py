"""Where the library is: read once, from the argument, the environment, or the platform's habit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from index.types import Reranking

LIBRARY_VARIABLE = "YOUJU_LIBRARY"
MODEL_VARIABLE = "YOUJU_MODEL"
RERANKER_VARIABLE = "YOUJU_RERANKER"


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set. ``model`` None means the model that the library was built with;
    ``reranker`` None the light one in the package, ``"none"`` none, else a cross-encoder."""

    library: Path
    model: str | None = None
    reranker: str | None = None

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
        )

    def reranking(self) -> Reranking:
        """The reranker to open a library with. Raises ModelError when it cannot be loaded."""
        if self.reranker is None:
            return "light"
        from index.cross_encoder import reranking

        return reranking(self.reranker)


def _default_library() -> Path:
    from platformdirs import user_data_path

    return user_data_path() / "youju-library"
