"""From one embedding model to another, passage by passage, while the old one serves.

What was embedded is kept beside the vectors that serve; a run that is cut off is taken up where
it stopped. When all passages have their new vector, these take the place of the old ones in one
transaction. Files may be added and removed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from index.passages import embedded_text
from index.store import Store, migrating
from index.types import Encoder, Progress

AT_ONCE = 512
"""Passages embedded between two savings."""

Writing = Callable[[], AbstractContextManager[None]]


def migrate(store: Store, encoder: Encoder, writing: Writing, progress: Progress | None) -> int:
    """Give every passage a vector of another model; how many were embedded in this run.

    ``writing`` makes this the one who writes, for as long as its block lasts.
    """
    with writing():
        if store.meta("fingerprint") == encoder.fingerprint:
            return 0
        table = migrating.begin(store, encoder.name, encoder.fingerprint)
    embedded = 0
    while True:
        batch = migrating.missing(store, table, AT_ONCE)
        if progress:
            total = store.counts()[2]
            progress(min(total, migrating.done(store, table)), total, encoder.name)
        if batch:
            texts = [embedded_text(a, a.text[start:end]) for _, start, end, a in batch]
            rows = encoder.encode_passages(texts)
            with writing():
                migrating.put(store, table, [i for i, *_ in batch], rows)
            embedded += len(batch)
            continue
        with writing():
            if not migrating.missing(store, table, 1):  # else files came meanwhile
                migrating.finish(store, table, encoder.name, encoder.fingerprint)
                return embedded
