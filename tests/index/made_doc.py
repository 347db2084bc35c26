"""A document of Word 97, made byte by byte: no library in Python writes them."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from tests.index.made_files import PARTS

_A_PAGE = 15  # paragraphs of which one page of settings tells
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def ole_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file; each stream is padded to 4,096 bytes at least."""
    padded = {
        name: data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0")
        for name, data in streams.items()
    }
    directory_sectors = -(-(len(padded) + 1) // 4)
    sectors = directory_sectors + sum(len(data) // 512 for data in padded.values())
    fats = -(-(sectors + 8) // 127)
    table = [_FAT] * fats
    chains = [directory_sectors, *(len(data) // 512 for data in padded.values())]
    starts = []
    for length in chains:
        starts.append(len(table))
        table += [*range(len(table) + 1, len(table) + length), _END]
    table += [_FREE] * (fats * 128 - len(table))
    order = sorted(padded, key=lambda name: (len(name), name.upper()))
    entries = [_entry("Root Entry", 5, _FREE, 1, _END, 0)]
    where = dict(zip(padded, starts[1:], strict=True))
    for number, name in enumerate(order, start=1):
        right = number + 1 if number < len(order) else _FREE
        entries.append(_entry(name, 2, right, _FREE, where[name], len(padded[name])))
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack(
            "<HHHHH6xIIIIIIIIII",
            0x3E,
            3,
            0xFFFE,
            9,
            6,
            0,
            fats,
            starts[0],
            0,
            4096,
            _END,
            0,
            _END,
            0,
            0,
        )
    )
    head += struct.pack(f"<{fats - 1}I", *range(1, fats)) + b"\xff" * (
        512 - len(head) - 4 * (fats - 1)
    )
    body = struct.pack(f"<{len(table)}I", *table)
    body += b"".join(entries).ljust(directory_sectors * 512, b"\0")
    return head + body + b"".join(padded.values())


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    wide = name.encode("utf-16-le")
    return wide.ljust(64, b"\0") + struct.pack(
        "<HBBIII36xIII", len(wide) + 2, kind, 1, _FREE, right, child, start, size, 0
    )


def doc_file(
    parts: Sequence[tuple[int, str]] = PARTS,
    notes: str = "",
    heads: str = "",
    struck: str = "",
    flags: int = 0x1200,
    version: int = 0xC1,
) -> bytes:
    """A document; ``parts`` are (rank as a heading, words), one of ASCII only stands a byte a letter.

    ``struck`` are words that were struck out, wherever they stand.
    """  # fmt: skip
    main = bytearray(0x800)
    bounds, places, settings, looks = [0], [], [], []
    body = [(rank, f"{text}\r") for rank, text in parts]
    tails = [(0, f"{text}\r") for text in (notes, heads) if text]
    for rank, text in body + tails:
        narrow = text.isascii()
        main += bytes(len(main) % 2)
        at, data = len(main), text.encode("ascii" if narrow else "utf-16-le")
        places.append((2 * at | 0x40000000) if narrow else at)
        bounds.append(bounds[-1] + (len(data) if narrow else len(data) // 2))
        settings.append((at, at + len(data), struct.pack("<BH", 2, rank) + b"\0"))
        if struck and struck in text:
            gone = text.index(struck) * (1 if narrow else 2)
            width = len(struck) * (1 if narrow else 2)
            looks.append((at + gone, at + gone + width, b"\x06\x35\x08\x01\x00\x08\x01"))
        main += data
    counts = [0] * 8
    counts[0] = sum(_units(t) for _, t in body)
    counts[1], counts[2] = (len(notes) + 1 if notes else 0), (len(heads) + 1 if heads else 0)
    places_end = len(main)
    main += bytes(-len(main) % 512)
    plans = []
    for told, size in ((settings, 13), (looks or [(0x800, 0x802, b"")], 1)):
        pages = [told[at : at + _A_PAGE] for at in range(0, len(told), _A_PAGE)]
        begins = [page[0][0] for page in pages] + [told[-1][1]]
        numbers = range(len(main) // 512, len(main) // 512 + len(pages))
        main += b"".join(_page(page, size) for page in pages)
        plans.append(
            struct.pack(f"<{len(begins)}I", *begins) + struct.pack(f"<{len(pages)}I", *numbers)
        )
    pieces = struct.pack(f"<{len(bounds)}I", *bounds) + b"".join(
        struct.pack("<HIH", 0, place, 0) for place in places
    )
    clx = b"\x01\x02\0\0\0" + b"\x02" + struct.pack("<I", len(pieces)) + pieces
    table = clx + b"".join(plans)
    struct.pack_into("<HH6xH", main, 0, 0xA5EC, version, flags)
    struct.pack_into("<II", main, 0x18, 0x800, places_end)
    struct.pack_into("<H28xH", main, 0x20, 14, 22)  # how many numbers follow in the head
    struct.pack_into("<H", main, 0x98, 93)
    struct.pack_into("<8I", main, 0x4C, *counts)
    struct.pack_into("<II", main, 0x01A2, 0, len(clx))
    struct.pack_into("<II", main, 0x0102, len(clx), len(plans[0]))
    struct.pack_into("<II", main, 0x00FA, len(clx) + len(plans[0]), len(plans[1]))
    return ole_file({"WordDocument": bytes(main), "1Table": table})


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _page(settings: Sequence[tuple[int, int, bytes]], size: int) -> bytes:
    """512 bytes that tell how stretches of bytes are set."""
    edges: list[tuple[int, bytes]] = []
    for start, end, value in settings:
        if edges and edges[-1][0] == start:
            edges.pop()
        edges += [(start, value), (end, b"")]
    count = len(edges) - 1
    page = bytearray(512)
    struct.pack_into(f"<{count + 1}I", page, 0, *(at for at, _ in edges))
    at = 510
    for number, (_, value) in enumerate(edges[:-1]):
        if value:
            at = (at - len(value)) // 2 * 2
            page[at : at + len(value)] = value
            page[4 * (count + 1) + size * number] = at // 2
    page[511] = count
    return bytes(page)
