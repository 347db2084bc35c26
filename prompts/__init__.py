"""The words that Youju says around an answer, by language: small Jinja files, one a frame.

>>> render("nothing_found", "en", titles=[])
'The library holds no evidence that answers this.'
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

LANGUAGES = ("zh", "en")
FOLDER_VARIABLE = "YOUJU_PROMPTS"
"""The environment variable that names a folder of the user's own frames."""


def render(name: str, language: str, **values: Any) -> str:
    """The frame ``name`` in a language (any but Chinese falls back to English), filled in.

    A file of the same name in ``$YOUJU_PROMPTS/zh`` or ``/en`` goes before ours. Raises
    jinja2.TemplateError for a name that there is no file for, and for one that cannot be filled in.
    """
    folder = "zh" if language.startswith("zh") else "en"
    environment = _environment(os.environ.get(FOLDER_VARIABLE, ""))
    return str(environment.get_template(f"{folder}/{name}.md").render(**values)).strip()


@lru_cache(maxsize=2)
def _environment(own: str) -> Any:
    from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined

    ours = PackageLoader("prompts", ".")
    return Environment(
        loader=ChoiceLoader([FileSystemLoader(own), ours]) if own else ours,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
