"""The embedding model that a library's vectors are of: loaded when needed, followed when it changes."""

from __future__ import annotations

from pathlib import Path

from index.encoder import load_encoder
from index.errors import ModelMismatch
from index.store import Store
from index.types import Encoder


class CurrentModel:
    """The model of one library, as its store names it."""

    def __init__(self, folder: Path, store: Store, given: Encoder | None) -> None:
        self._folder = folder
        self._store = store
        self._encoder = given
        self._given = given is not None

    def encoder(self) -> Encoder:
        """The model. Raises ModelMismatch when the one of that name makes other vectors now."""
        encoder = self._encoder
        if encoder is None:
            encoder = load_encoder(self._store.meta("model"))
            self.check(encoder)
            self._encoder = encoder
        return encoder

    def take(self, encoder: Encoder) -> None:
        """Go on with another model, that the library was migrated to."""
        self._encoder, self._given = encoder, False

    def changed(self) -> bool:
        """Whether the library was migrated since, and with it the model. Raises ModelMismatch when
        the library was opened with a model of the user's choice."""
        encoder = self._encoder
        if encoder is None or self._store.meta("fingerprint") in (None, encoder.fingerprint):
            return False
        if self._given:
            self.check(encoder)
        self._store.reread()
        self._encoder = None
        return True

    def keep(self) -> None:
        """On the first change, write down which model the vectors come from."""
        if self._store.meta("fingerprint") is None:
            encoder = self.encoder()
            self._store.set_meta("model", encoder.name)
            self._store.set_meta("fingerprint", encoder.fingerprint)

    def check(self, encoder: Encoder) -> None:
        """Raise ModelMismatch when the library's vectors are not of this model."""
        built_with = self._store.meta("fingerprint")
        if built_with is not None and built_with != encoder.fingerprint:
            raise ModelMismatch(
                f"{self._folder}: built with the model {self._store.meta('model')} "
                f"({built_with[:12]}), opened with {encoder.name} ({encoder.fingerprint[:12]}). "
                "Open it with the model it was built with, or embed it anew with: "
                f"youju migrate --model {encoder.name} --library {self._folder}"
            )
