"""Regular expressions that are compiled when first used, not on import.

The long alternations that recognise names, dates and kinds of question take a fifth of a second
to compile together; one question needs a few of them.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Lazy:
    __slots__ = ("_compiled", "_flags", "_source")

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        if self._compiled is None:
            self._compiled = re.compile(self._source, self._flags)
        return getattr(self._compiled, name)


def lazy(source: str, flags: int = 0) -> re.Pattern[str]:
    """``re.compile`` put off to the first use; an error in ``source`` shows only then."""
    return cast("re.Pattern[str]", _Lazy(source, flags))
