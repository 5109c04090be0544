"""Items: the pictures, tiles and companions in HEIC and AVIF files (HEIF, ISO/IEC 23008-12)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from xception_gui.data.pictures.excerpt import Part, Readable
from xception_gui.data.pictures.headers.boxes import Box, boxes_in, find
from xception_gui.data.pictures.headers.header import HeaderError

BRANDS_AT = (8, *range(16, 512, 4))
"""Offsets of a file's brand, and of the brands that it is compatible with."""


class Fields:
    """A sequence of numbers in a file."""

    def __init__(self, file: Readable, place: int) -> None:
        self._file = file
        self._place = place

    def number(self, size: int) -> int:
        """Read the next number.

        Args:
            size: bytes.

        Raises:
            HeaderError: the file ends.
        """
        self._file.seek(self._place)
        self._place += size
        data = self._file.read(size)
        if len(data) < size:
            raise HeaderError("ends within its header")
        return int.from_bytes(data, "big")


def number_at(file: Readable, place: int, size: int) -> int:
    """Read a number of up to `size` bytes at an offset; fewer bytes at the end of the file."""
    file.seek(place)
    return int.from_bytes(file.read(size), "big")


def brands_of(beginning: bytes) -> tuple[bytes, ...]:
    """Return the brands that a file names, its own first; none if it doesn't begin like such files."""
    if beginning[4:8] != b"ftyp":
        return ()
    end = min(int.from_bytes(beginning[:4], "big"), len(beginning))
    return tuple(beginning[place : place + 4] for place in BRANDS_AT if place == 8 or place + 4 <= end)


def data_of_items(file: Readable, end: int) -> Iterator[tuple[int, list[Part]]]:
    """Yield the number and the parts of the file of each item.

    Raises:
        HeaderError: the table of items is cut off.
    """
    data = next(find(file, 0, end, b"meta", b"idat"), Box(b"idat", 0, 0))
    for box in find(file, 0, end, b"meta", b"iloc"):
        yield from _located(Fields(file, box.begin), data, end)


def _located(fields: Fields, data: Box, end: int) -> Iterator[tuple[int, list[Part]]]:
    version = fields.number(4) >> 24
    sizes = fields.number(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    items = fields.number(4 if version == 2 else 2)
    for _ in range(items):
        item = fields.number(4 if version == 2 else 2)
        method = fields.number(2) & 15 if version else 0
        fields.number(2)
        base = fields.number(base_size) + (data.begin if method == 1 else 0)
        parts = []
        for _ in range(fields.number(2)):
            fields.number(index_size if version else 0)
            begin = base + fields.number(offset_size)
            parts.append((begin, min(begin + (fields.number(length_size) or end), end)))
        yield item, parts


@dataclass(slots=True)
class Items:
    """All items of a file.

    Attributes:
        primary: number of the item that is shown.
        kinds: four-letter kind of each item.
        data: parts of the file that contain each item. Duplicate entries count twice.
        properties: boxes that describe each item.
        made_of: items that each item is assembled from, in order, repetitions included.
        beside: items that accompany each item, such as its transparency.
    """

    primary: int = 0
    kinds: dict[int, bytes] = field(default_factory=dict)
    data: dict[int, list[Part]] = field(default_factory=lambda: defaultdict(list))
    properties: dict[int, list[Box]] = field(default_factory=lambda: defaultdict(list))
    made_of: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    beside: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


_ONCE = (b"pitm", b"iinf", b"iprp", b"iloc")


def read_items(file: Readable, end: int) -> Items:
    """Read the items of a file. Anything that decoders could read in different ways is refused.

    Raises:
        HeaderError: there are no items, or something is missing or duplicated.
    """
    metas = [box for box in boxes_in(file, 0, end) if box.kind == b"meta"]
    if len(metas) != 1:
        raise HeaderError("no clear list of its contents")
    boxes = [*boxes_in(file, metas[0].begin + 4, metas[0].end)]
    found = {kind: [box for box in boxes if box.kind == kind] for kind in (*_ONCE, b"iref", b"idat")}
    if any(len(found[kind]) != 1 for kind in _ONCE) or len(found[b"iref"]) > 1 or len(found[b"idat"]) > 1:
        raise HeaderError("no clear list of its contents")
    items = Items(primary=_numbered(Fields(file, found[b"pitm"][0].begin)))
    _read_kinds(file, found[b"iinf"][0], items)
    _read_properties(file, found[b"iprp"][0], items)
    for box in found[b"iref"]:
        _read_references(file, box, items)
    for item, parts in data_of_items(file, end):
        items.data[item] += parts
    return items


def _numbered(fields: Fields) -> int:
    """Read an item's number, whose length depends on the version before it."""
    return fields.number(2 if fields.number(4) >> 24 == 0 else 4)


def _read_kinds(file: Readable, box: Box, items: Items) -> None:
    counted = 6 if number_at(file, box.begin, 1) == 0 else 8
    for entry in boxes_in(file, box.begin + counted, box.end):
        fields = Fields(file, entry.begin)
        version = fields.number(4) >> 24
        item = fields.number(4 if version == 3 else 2)
        fields.number(2)  # index of the protection
        if version < 2 or items.kinds.setdefault(item, kind := fields.number(4).to_bytes(4, "big")) != kind:
            raise HeaderError("contradictory list of its contents")


def _read_properties(file: Readable, box: Box, items: Items) -> None:
    known = [*find(file, box.begin, box.end, b"ipco")]
    if len(known) != 1:
        raise HeaderError("contradictory list of its contents")
    properties = [*boxes_in(file, known[0].begin, known[0].end)]
    for table in find(file, box.begin, box.end, b"ipma"):
        fields = Fields(file, table.begin)
        head = fields.number(4)
        for _ in range(fields.number(4)):
            item = fields.number(4 if head >> 24 else 2)
            for _ in range(fields.number(1)):
                index = fields.number(2) & 0x7FFF if head & 1 else fields.number(1) & 0x7F
                if 0 < index <= len(properties):
                    items.properties[item].append(properties[index - 1])


def _read_references(file: Readable, box: Box, items: Items) -> None:
    wide = 4 if number_at(file, box.begin, 1) else 2
    for entry in boxes_in(file, box.begin + 4, box.end):
        fields = Fields(file, entry.begin)
        source = fields.number(wide)
        for _ in range(fields.number(2)):
            target = fields.number(wide)
            if entry.kind == b"dimg":
                items.made_of[source].append(target)
            elif entry.kind == b"auxl":
                items.beside[target].append(source)
