"""The words that Youju says around an answer, by language: small Jinja files, one a frame.

>>> render("nothing_found", "en", titles=[])
'The library holds no evidence that answers this.'
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

LANGUAGES = ("zh", "en")


def render(name: str, language: str, **values: Any) -> str:
    """The frame ``name`` in a language (any but Chinese falls back to English), filled in.

    Raises jinja2.TemplateNotFound for a name that there is no file for.
    """
    folder = "zh" if language.startswith("zh") else "en"
    return str(_environment().get_template(f"{folder}/{name}.md").render(**values)).strip()


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("prompts", "."),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
