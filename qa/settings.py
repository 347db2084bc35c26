"""Where the library is: read once, from the argument, the environment, or the platform's habit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

LIBRARY_VARIABLE = "YOUJU_LIBRARY"
MODEL_VARIABLE = "YOUJU_MODEL"


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set. ``model`` None means the model that the library was built with."""

    library: Path
    model: str | None = None

    @classmethod
    def read(cls, library: str | Path | None = None, model: str | None = None) -> Settings:
        """Arguments first, then the environment, then the user's data folder."""
        chosen = library or os.environ.get(LIBRARY_VARIABLE) or _default_library()
        return cls(
            library=Path(chosen).expanduser(), model=model or os.environ.get(MODEL_VARIABLE) or None
        )


def _default_library() -> Path:
    from platformdirs import user_data_path

    return user_data_path() / "youju-library"
