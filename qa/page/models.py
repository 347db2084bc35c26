"""Which language model writes the answers of a page: chosen on it, tried, kept for the next start.

It is one for all libraries and all people of the page. What the environment sets comes first on
starting; the key is kept in a file that only its owner can read, and never leaves the server.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from index.errors import YoujuError
from qa.page.libraries import Libraries
from qa.page.texts import Language, text, why

if TYPE_CHECKING:
    from qa.generate import OpenAIGenerator

FILE = "language-model.json"
"""The file in the first library's folder that keeps the choice."""
_NAMED = 8  # models of a server that are told


@dataclass(frozen=True, slots=True)
class Choice:
    """A server and one of its models; an empty ``url`` means none, an empty ``model`` its only one."""

    url: str = ""
    model: str = ""
    key: str = ""


class Models:
    """The choice of a page. Safe from several threads."""

    def __init__(self, libraries: Libraries) -> None:
        self._libraries = libraries
        self._path = libraries.home.library.folder / FILE
        self._lock = threading.Lock()
        self.choice = Choice()
        set_outside = libraries.home.generator
        if set_outside is not None:
            url, model = getattr(set_outside, "base_url", ""), getattr(set_outside, "_model", "")
            self.choice = Choice(str(url), str(model or ""))
            return
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            self._use(Choice(str(kept["url"]), str(kept["model"]), str(kept["key"])))
        except (OSError, ValueError, KeyError, TypeError, YoujuError):
            return  # none is kept, or what is kept is none: the page answers without

    def attempt(self, choice: Choice, language: Language) -> tuple[bool, str]:
        """Ask a server for its models: whether that went well, and a word on it."""
        choice = self._with_key(choice)
        try:
            generator = _generator(choice)
            try:
                names = generator.models()
            finally:
                generator.close()
        except YoujuError as error:
            return False, text("llm_failed", language, reason=why(error, language))
        if choice.model and choice.model not in names:
            told = "、".join(names[:_NAMED])
            return False, text("llm_not_there", language, model=choice.model, models=told)
        if not choice.model and len(names) != 1:
            return False, text("llm_which", language, models="、".join(names[:_NAMED]))
        return True, text("llm_works", language, model=choice.model or names[0])

    def choose(self, choice: Choice, language: Language) -> tuple[bool, str]:
        """Let a model write from now on, or none; kept for the next start."""
        choice = self._with_key(choice)
        try:
            self._use(choice)
        except YoujuError as error:
            return False, text("llm_failed", language, reason=why(error, language))
        draft = self._path.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(choice), file, ensure_ascii=False)
        draft.replace(self._path)
        return True, text("llm_kept" if choice.url else "llm_none", language)

    def _with_key(self, choice: Choice) -> Choice:
        """A choice with the key that is known, where the same server is named without one."""
        if choice.url and not choice.key and choice.url == self.choice.url:
            return Choice(choice.url, choice.model, self.choice.key)
        return choice

    def _use(self, choice: Choice) -> None:
        generator = _generator(choice) if choice.url else None
        with self._lock:
            self._libraries.let_write(generator)
            self.choice = choice


def _generator(choice: Choice) -> OpenAIGenerator:
    from qa.generate import OpenAIGenerator

    return OpenAIGenerator(choice.url, choice.model or None, api_key=choice.key or None)
