"""Articles, passages and their vectors in one SQLite file: the truth. The only room of sqlite3.

Every change is one transaction that raises the revision. What was removed leaves its passage id
behind with the revision at which it went, so that derived indexes can catch up.
"""

from __future__ import annotations

from index.store.listing import Catalogue, Entry, Order, Wanted
from index.store.records import NewPassage, NewSource, StoredPassage, key_of
from index.store.schema import FORMAT
from index.store.truth import Store

__all__ = [
    "FORMAT",
    "Catalogue",
    "Entry",
    "NewPassage",
    "NewSource",
    "Order",
    "Store",
    "StoredPassage",
    "Wanted",
    "key_of",
]
