"""HEIC files as telephones write them, and as nobody should: tiles of a recorded picture put together by hand.

Nothing that the project may use writes HEVC. So its data come from `tests/recordings/pictures`, and the boxes around
them from here.
"""

import functools
import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xception_gui.data.pictures.headers.items import read_items

PICTURES = Path(__file__).resolve().parents[1] / "recordings" / "pictures"

UPRIGHT, TO_THE_LEFT = 0, 1
"""How often a picture is turned by a quarter against the clock (irot)."""


def box(kind: bytes, *contents: bytes) -> bytes:
    """Give a box."""
    inside = b"".join(contents)
    return struct.pack(">I", 8 + len(inside)) + kind + inside


def full_box(kind: bytes, version: int, *contents: bytes) -> bytes:
    """Give a box that begins with a version."""
    return box(kind, struct.pack(">I", version << 24), *contents)


@dataclass(frozen=True)
class Item:
    """A picture, or what goes with it.

    Attributes:
        kind: four letters.
        data: what it is made of.
        properties: boxes that describe it.
        made_of: numbers of the items that it is put together from.
    """

    kind: bytes
    data: bytes
    properties: Sequence[bytes] = ()
    made_of: Sequence[int] = ()


def heic(items: Sequence[Item], *, brand: bytes = b"heic", primary: int = 1, extra: bytes = b"") -> bytes:
    """Give a file of items, which are numbered from 1 on.

    Args:
        items: all there are.
        brand: of the file.
        primary: the number of the one that is shown.
        extra: boxes at the end of the list of items' properties.
    """
    known = [*dict.fromkeys(each for item in items for each in item.properties)]
    used = b"".join(
        struct.pack(">HB", number, len(item.properties)) + bytes(known.index(each) + 1 for each in item.properties)
        for number, item in enumerate(items, start=1)
    )
    kinds = [
        full_box(b"infe", 2, struct.pack(">HH", number, 0), item.kind, b"\0") for number, item in enumerate(items, 1)
    ]
    uses = [
        box(b"dimg", struct.pack(f">HH{len(item.made_of)}H", number, len(item.made_of), *item.made_of))
        for number, item in enumerate(items, 1)
        if item.made_of
    ]
    contents = b"".join(dict.fromkeys(item.data for item in items))
    start = box(b"ftyp", brand, bytes(4), b"mif1", b"heic")

    def meta(place: int) -> bytes:
        places = [
            struct.pack(">HHHII", number, 0, 1, place + contents.index(item.data), len(item.data))
            for number, item in enumerate(items, start=1)
        ]
        return full_box(
            b"meta",
            0,
            full_box(b"hdlr", 0, bytes(4), b"pict", bytes(13)),
            full_box(b"pitm", 0, struct.pack(">H", primary)),
            full_box(b"iinf", 0, struct.pack(">H", len(items)), *kinds),
            full_box(b"iref", 0, *uses) if uses else b"",
            box(b"iprp", box(b"ipco", *known), full_box(b"ipma", 0, struct.pack(">I", len(items)), used), extra),
            full_box(b"iloc", 0, b"\x44\0", struct.pack(">H", len(items)), *places),
        )

    return start + meta(len(start) + len(meta(0)) + 8) + box(b"mdat", contents)


@functools.cache
def tile() -> Item:
    """Give the recorded picture of 64×64 pixels."""
    file = (PICTURES / "tile.hif").read_bytes()
    items = read_items(io.BytesIO(file), len(file))
    data = b"".join(file[begin:end] for begin, end in items.data[items.primary])
    boxes = [each for each in items.properties[items.primary] if each.kind in (b"hvcC", b"ispe", b"pixi", b"colr")]
    return Item(b"hvc1", data, [box(each.kind, file[each.begin : each.end]) for each in boxes])


def size(width: int, height: int) -> bytes:
    """Give the property of a size, in pixels."""
    return full_box(b"ispe", 0, struct.pack(">II", width, height))


def grid(rows: int, columns: int, width: int, height: int) -> bytes:
    """Give the data of a grid."""
    return struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)


def photograph(
    rows: int = 2, columns: int = 3, *, width: int | None = None, height: int | None = None, quarters: int = UPRIGHT
) -> bytes:
    """Give a picture put together of tiles, all the same, as telephones do it, and turned."""
    width, height = width or columns * 64, height or rows * 64
    turned = [box(b"irot", bytes([quarters]))] if quarters else []
    tiles = range(2, 2 + rows * columns)
    whole = Item(b"grid", grid(rows, columns, width, height), [size(width, height), *turned], tiles)
    return heic([whole, *(tile() for _ in tiles)])
