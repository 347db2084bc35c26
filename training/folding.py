"""Characters that mean the same are one character: scripts, cases, accents.

The fold is a table from one character to a short string, applied after NFKC. It is written
as a ``Precompiled`` character map (the format of SentencePiece), because that is the one
kind of table that ``tokenizers`` applies in a single pass, in the torch-free path and in
sentence-transformers alike:

    發展 → 发展   (traditional to simplified, character by character, OpenCC)
    経済 → 经济   (Japanese forms that no Chinese standard has)
    Café → cafe  (case; accents of Latin and Greek letters, ё)
"""

from __future__ import annotations

import struct
import sys
import unicodedata
from collections import deque
from collections.abc import Mapping

import opencc
from tokenizers.normalizers import NFKC, Normalizer, Precompiled, Sequence

EXTRA = {
    "ß": "ss",
    "đ": "d",
    "ø": "o",
    "ł": "l",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "ð": "d",
    "þ": "th",
    "ς": "σ",
}


def normalizer() -> Normalizer:
    """NFKC, then the fold."""
    return Sequence([NFKC(), Precompiled(charsmap(fold_table()))])


def fold_table() -> dict[str, str]:
    """Every character that the fold changes, and what it becomes (never an empty string)."""
    to_simplified, from_japanese = opencc.OpenCC("t2s"), opencc.OpenCC("jp2t")
    table = {}
    for code in range(0x41, sys.maxunicode + 1):
        char = chr(code)
        if (
            unicodedata.category(char) in ("Cn", "Co", "Cs")
            or unicodedata.normalize("NFKC", char) != char
        ):
            continue
        folded = (
            _fold_han(char, to_simplified, from_japanese) if _is_han(code) else _fold_letter(char)
        )
        if folded and folded != char:
            table[char] = folded
    return table


def _is_han(code: int) -> bool:
    return 0x3400 <= code <= 0x9FFF or 0x20000 <= code <= 0x323AF


def _fold_han(char: str, to_simplified: opencc.OpenCC, from_japanese: opencc.OpenCC) -> str:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        simplified = to_simplified.convert(char)
        return (
            simplified if simplified != char else to_simplified.convert(from_japanese.convert(char))
        )
    # Characters of the simplified standard stay, apart from the few that OpenCC still changes.
    return to_simplified.convert(char)


def _fold_letter(char: str) -> str:
    lower = unicodedata.normalize("NFC", char.lower())
    if lower in EXTRA:
        return EXTRA[lower]
    bare = unicodedata.normalize("NFD", lower)
    if bare and (bare[0].isascii() or "α" <= bare[0] <= "ω" or bare[0] == "е"):
        lower = "".join(c for c in bare if not unicodedata.combining(c))
        return EXTRA.get(lower, lower)
    return lower


def charsmap(table: Mapping[str, str]) -> bytes:
    """The table as a SentencePiece character map: a double-array trie and its values.

    A unit is ``label | has_value << 8 | offset << 10``; the children of a node with base b
    stand at ``b ^ byte``, its value at ``b`` (darts-clone, as ``spm_precompiled`` reads it).
    """
    values = bytearray()
    root: dict[int, object] = {}
    for key, value in sorted(table.items()):
        node = root
        for byte in key.encode():
            node = node.setdefault(byte, {})  # type: ignore[assignment]
        node[0] = len(values)
        values += value.encode() + b"\0"
    units: dict[int, int] = {0: 0}
    bases: set[int] = {0}
    queue: deque[tuple[dict[int, object], int]] = deque([(root, 0)])
    low, wide = 1, 1  # where to look for room: for one child, and for several
    while queue:
        node, position = queue.popleft()
        while low in units or low in bases:
            low += 1
        base = low if len(node) == 1 else wide
        while base in bases or any(base ^ byte in units for byte in node):
            base += 1
        bases.add(base)
        if len(node) > 1:
            wide = max(low, base)
        units[position] |= (position ^ base) << 10
        for byte, child in node.items():
            if byte == 0:
                units[position] |= 1 << 8
                units[base] = int(child) | 1 << 31  # type: ignore[call-overload]
            else:
                units[base ^ byte] = byte
                queue.append((child, base ^ byte))  # type: ignore[arg-type]
    size = (max(units) | 0xFF) + 1
    # Empty places carry a label that no byte search asks for at them (0 ends every search).
    array = [units.get(i, 0) for i in range(size)]
    return struct.pack("<I", 4 * size) + struct.pack(f"<{size}I", *array) + bytes(values)
