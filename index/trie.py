"""The pieces of a tokenizer as a trie in NumPy, walked from many characters at once or from one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.arrays import unique, unique_places

Places = NDArray[np.int64]

_CODE_BITS = 21
_VALUE = (1 << _CODE_BITS) - 1  # nodes are fewer than characters could be
_MIX_INT, _ALL_BITS = 0x9E3779B97F4A7C15, (1 << 64) - 1
_MIX = np.uint64(_MIX_INT)  # 2^64 / golden ratio (Knuth, TAOCP 6.4)


class Trie:
    """Pieces by their characters. Node 0 is none; an edge is found by (node, character).

    ``piece`` is by node the number of the piece that ends there, -1 where none does; ``goes_on``
    whether longer pieces begin so.
    """

    def __init__(self, lengths: Places, codes: Places) -> None:
        """From the pieces' lengths and all their code points, one piece's after the other's."""
        first = np.cumsum(lengths) - lengths
        self.depth = int(lengths.max())
        self._root = np.zeros(int(codes.max()) + 2, np.int64)
        rows = np.flatnonzero(lengths > 0)
        letters = unique(codes[first[rows]])
        self._root[letters] = np.arange(1, len(letters) + 1)
        nodes = self._root[codes[first]]
        count, keys, ends = len(letters) + 1, [], [(nodes, rows[lengths[rows] == 1])]
        for depth in range(1, self.depth):
            rows = rows[lengths[rows] > depth]
            edge = nodes[rows] << _CODE_BITS | codes[first[rows] + depth]
            known, inverse = unique_places(edge)
            nodes[rows] = count + inverse
            count += len(known)
            keys.append(known)
            ends.append((nodes.copy(), rows[lengths[rows] == depth + 1]))
        self.piece = np.full(count, -1, np.int32)
        for at, whole in ends:
            self.piece[at[whole]] = whole
        edges = np.concatenate(keys) if keys else np.zeros(0, np.int64)
        self.goes_on = np.zeros(count, bool)
        self.goes_on[edges >> _CODE_BITS] = True
        self._hash(edges, np.arange(len(letters) + 1, count))

    def roots(self, codes: Places) -> Places:
        """The node of each character by itself; 0 where no piece begins with it."""
        return self._root.take(codes, mode="clip")  # the last of them is none's

    def along(
        self, node: int, letters: Sequence[int], at: int, end: int
    ) -> Iterator[tuple[int, int]]:
        """The pieces that begin at ``letters[at]``, whose node this is, and end before ``end``:
        (length, which); -1 for a single character that is none."""
        piece, goes_on, slot = self.piece.item, self.goes_on.item, self._table.item
        yield 1, piece(node)
        for length in range(2, end - at + 1):
            if not goes_on(node):
                return
            wanted = node << _CODE_BITS | letters[at + length - 1]
            place = (wanted * _MIX_INT & _ALL_BITS) >> self._shift_int
            while (seen := slot(place)) >= 0 and seen >> _CODE_BITS != wanted:
                place = (place + 1) & self._mask
            if seen < 0:
                return
            node = seen & _VALUE
            if (whole := piece(node)) >= 0:
                yield length, whole

    def step(self, nodes: Places, codes: Places) -> Places:
        """From each node along a character; 0 where no piece goes on so."""
        wanted = nodes << _CODE_BITS | codes
        slots = self._slots(wanted)
        seen = self._table.take(slots)
        keys = seen >> _CODE_BITS
        hit = keys == wanted
        found: Places = np.where(hit, seen & _VALUE, 0)
        left = np.flatnonzero((keys >= 0) & ~hit)
        while len(left):
            slots[left] = (slots[left] + 1) & self._mask
            seen = self._table[slots[left]]
            keys = seen >> _CODE_BITS
            hit = keys == wanted[left]
            found[left[hit]] = seen[hit] & _VALUE
            left = left[(keys >= 0) & ~hit]
        return found

    def _slots(self, keys: Places) -> Places:
        return ((keys.view(np.uint64) * _MIX) >> self._shift).view(np.int64)

    def _hash(self, keys: Places, values: Places) -> None:
        """A table with open addressing, three times as large as what it holds, filled in rounds.

        Key and value lie in one number, so that one look at a place of memory gives both.
        """
        bits = max(4, int(3 * len(keys) + 1).bit_length())
        self._shift_int = 64 - bits
        self._shift, self._mask = np.uint64(64 - bits), (1 << bits) - 1
        self._table = np.full(1 << bits, -1, np.int64)
        slots, both = self._slots(keys), keys << _CODE_BITS | values
        left = np.arange(len(keys))
        while len(left):
            free = left[self._table[slots[left]] < 0]
            self._table[slots[free]] = both[free]  # of several for one slot one stays
            left = left[self._table[slots[left]] != both[left]]
            slots[left] = (slots[left] + 1) & self._mask
