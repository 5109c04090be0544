"""TIFF (6.0, and BigTIFF): how the pixels are stored, and how much else is in the file."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from xception_gui.data.pictures.excerpt import Readable, TooManyPiecesError
from xception_gui.data.pictures.file_kinds import FileKind
from xception_gui.data.pictures.headers.header import Header, HeaderError, count_of, read_exactly, size_of

MAGICS = (b"MM\0*", b"II*\0", b"MM*\0", b"II\0*", b"MM\0+", b"II+\0")
MAX_TAGS = 65_536
MAX_TAGS_OF_OTHERS = 1000  # tags in directories other than the decoded one

MEMORY_A_BYTE = 4  # of values, which are read more than once
MEMORY_A_VALUE = 300  # a number becomes an object, the offset of a strip several
SECONDS_A_PIXEL = 12e-9
SECONDS_A_BYTE_UNPACKED = 3e-9
SECONDS_A_VALUE = 3e-6
SECONDS_A_SAMPLE = 0.6e-9  # for each scan of a JPEG inside

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _STRIPS, _ORIENTATION = 256, 257, 258, 259, 262, 273, 274
_SAMPLES, _ROWS, _TILE_WIDTH, _TILE_HEIGHT, _TILES = 277, 278, 322, 323, 324
_REDUCED, _OLD_REDUCED, _INNER, _DNG = 254, 255, 330, 50706
_EXIF, _GPS, _INTEROPERABILITY = 34665, 34853, 40965
_RAW, _OLD_JPEG, _JPEG, _DEFLATE, _OLD_DEFLATE, _LZMA, _ZSTD = 1, 6, 7, 8, 32946, 34925, 50000
_SECONDS_A_BYTE = {_RAW: 0.0, _DEFLATE: 8e-9, _OLD_DEFLATE: 8e-9, _LZMA: 30e-9}
_SECONDS_A_BYTE_OF_OTHERS = 3e-9
_YCBCR = 6
_OF_A_SENSOR = (32803, 34892)  # colour filter array, linear raw
_MARKS_OF_RAW = (b"CR\2", b"IIII")  # Canon, Phase One; at byte 8
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}  # of a value
_BYTES = frozenset({1, 2, 7})  # types of values that aren't converted
_LOOKED_AT = 64  # number of a tag's values that are read
MAX_DIRECTORIES = 100
"""Limit of the directories that are searched for the largest picture."""


@dataclass(frozen=True, slots=True)
class _Layout:
    order: Literal["little", "big"]
    big: bool

    def number(self, data: bytes) -> int:
        return int.from_bytes(data, self.order)

    def beginning(self, head: bytes, place: int) -> bytes:
        """Return the beginning of a file whose first directory is at this offset."""
        begin, size = (8, 8) if self.big else (4, 4)
        return head[:begin] + place.to_bytes(size, self.order)


@dataclass(slots=True)
class _Directory:
    """A directory's description of a picture: the largest value and the number of values of each tag, and totals."""

    greatest: dict[int, int] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    bytes: int = 0
    values: int = 0
    place: int = 0
    next: int = 0  # offset of the next page's directory
    inner: tuple[int, ...] = ()  # offsets of directories of other sizes of this picture

    @property
    def pixels(self) -> int:
        return self.get(_WIDTH, 0) * self.get(_HEIGHT, 0)

    @property
    def is_reduced(self) -> bool:
        return bool(self.get(_REDUCED, 0) & 1) or self.get(_OLD_REDUCED, 0) == 2

    @property
    def is_mask(self) -> bool:
        return bool(self.get(_REDUCED, 0) & 4)

    @property
    def is_of_a_sensor(self) -> bool:
        return self.get(_PHOTOMETRIC, 0) in _OF_A_SENSOR or _DNG in self.greatest

    def get(self, tag: int, default: int) -> int:
        return self.greatest.get(tag, default)


def read(file: Readable, at_least: int | None) -> Header:
    """Read the directory of the picture in a TIFF: the first one or, if that is marked as reduced, the largest.

    Args:
        file: begins with one of `MAGICS`.
        at_least: ignored.

    Raises:
        HeaderError: there is no size in it.
        TooManyPiecesError: there are too many tags.
        PictureError: it is a raw photograph, which contains a thumbnail at best.
    """
    file.seek(0)
    head = read_exactly(file, 16)
    layout = _Layout("little" if head.startswith(b"I") else "big", head[2] == 43)
    first = _directory(file, layout, layout.number(head[8:16] if layout.big else head[4:8]))
    pages = [first, *_other_directories(file, layout, first)] if first.is_reduced or first.inner else [first]
    if head.startswith(_MARKS_OF_RAW, 8) or any(page.is_of_a_sensor for page in pages):
        raise FileKind.RAW.error()
    picture = _largest(pages) if first.is_reduced else first
    width, height = picture.get(_WIDTH, 0), picture.get(_HEIGHT, 0)
    if not width or not height:
        raise HeaderError("no size in its header")
    size = size_of(file)
    directories = [picture, *_inner_directories(file, layout, picture)]
    memory = MEMORY_A_BYTE * sum(min(each.bytes, size) for each in directories)
    memory += MEMORY_A_VALUE * sum(each.values for each in directories)
    memory += _memory_of_decoder(picture, width, height, size)
    seconds = SECONDS_A_VALUE * picture.values + _seconds_of_decoder(file, picture, width * height, size)
    beginning = b"" if picture is first else layout.beginning(head, picture.place)
    return Header("TIFF", width, height, [(0, size)], memory, seconds, beginning=beginning)


def _largest(pages: list[_Directory]) -> _Directory:
    """Return the largest picture; a mask only marks where another one is transparent."""
    return max(pages, key=lambda page: (not page.is_mask, page.pixels))


def _memory_of_decoder(picture: _Directory, width: int, height: int, size: int) -> int:
    """Return the bytes for rotating the picture, for the file, which is read whole if compressed, and for its largest
    piece."""
    memory = 4 * width * height if picture.get(_ORIENTATION, 1) > 1 else 0
    compression = picture.get(_COMPRESSION, _RAW)
    if compression == _RAW:
        return memory
    bits = _bits(picture)
    if picture.get(_PHOTOMETRIC, 0) == _YCBCR or compression == _OLD_JPEG:
        bits = max(bits, 32)
    if _TILE_WIDTH in picture.greatest or _TILE_HEIGHT in picture.greatest:
        columns, rows = picture.get(_TILE_WIDTH, width), picture.get(_TILE_HEIGHT, height)
    else:
        columns, rows = width, min(picture.get(_ROWS, height), height)
    pieces = 2 if compression in (_LZMA, _ZSTD) else 1  # these refer back to their output
    return memory + size + pieces * math.ceil(columns * bits / 8) * rows


def _bits(picture: _Directory) -> int:
    """Return the bits of a pixel."""
    return picture.get(_BITS, 1) * max(_samples(picture), picture.counts.get(_BITS, 1))


def _samples(picture: _Directory) -> int:
    return picture.get(_SAMPLES, 3 if picture.get(_COMPRESSION, _RAW) in (_OLD_JPEG, _JPEG) else 1)


def _seconds_of_decoder(file: Readable, picture: _Directory, pixels: int, size: int) -> float:
    compression = picture.get(_COMPRESSION, _RAW)
    seconds = (SECONDS_A_PIXEL + SECONDS_A_BYTE_UNPACKED * _bits(picture) / 8) * pixels
    if compression in (_OLD_JPEG, _JPEG):
        strips = max(picture.counts.get(_STRIPS, 1), picture.counts.get(_TILES, 1))
        scans = max(count_of(file, b"\xff\xda") / strips, 1)
        seconds += SECONDS_A_SAMPLE * _samples(picture) * pixels * scans
    return seconds + _SECONDS_A_BYTE.get(compression, _SECONDS_A_BYTE_OF_OTHERS) * size


def _other_directories(file: Readable, layout: _Layout, first: _Directory) -> Iterator[_Directory]:
    """Yield the directories of further pages and sizes, each once, up to the limit."""
    waiting, seen = [first.next, *first.inner], {first.place, 0}
    while waiting and len(seen) < MAX_DIRECTORIES:
        place = waiting.pop(0)
        if place not in seen:
            seen.add(place)
            found = _directory(file, layout, place, MAX_TAGS_OF_OTHERS)
            yield found
            waiting += (found.next, *found.inner)


def _inner_directories(file: Readable, layout: _Layout, picture: _Directory) -> Iterator[_Directory]:
    """Yield the directories that Pillow reads too."""
    for tag in (_EXIF, _GPS):
        if tag in picture.greatest:
            inner = _directory(file, layout, picture.greatest[tag])
            yield inner
            if _INTEROPERABILITY in inner.greatest:
                yield _directory(file, layout, inner.greatest[_INTEROPERABILITY])


def _directory(file: Readable, layout: _Layout, place: int, most_tags: int = MAX_TAGS) -> _Directory:
    entry, inline, head = (20, 8, 8) if layout.big else (12, 4, 2)
    file.seek(place)
    tags = layout.number(file.read(head))
    if tags > most_tags:
        raise TooManyPiecesError
    table = file.read(tags * entry)
    following = layout.number(file.read(inline))
    limit = size_of(file)
    found, seen = _Directory(place=place, next=following), set[int]()
    for begin in range(0, len(table) - entry + 1, entry):
        tag, kind = layout.number(table[begin : begin + 2]), layout.number(table[begin + 2 : begin + 4])
        count = layout.number(table[begin + 4 : begin + entry - inline])
        value = table[begin + entry - inline : begin + entry]
        if tag not in seen:
            if count * _SIZES.get(kind, 0) > inline:
                found.bytes += count * _SIZES[kind]
                if found.bytes > limit:  # Pillow skips these too
                    continue
            if kind not in _BYTES and kind in _SIZES:
                found.values += count
            seen.add(tag)
        if tag in _USED:  # of duplicate tags, the largest value counts: readers differ in which one they use
            found.counts[tag] = max(found.counts.get(tag, 0), count)
            values = [*_values(file, layout, kind, count, value)]
            found.greatest[tag] = max(found.get(tag, 0), *values)
            if tag == _INNER:
                found.inner += tuple(values)
    return found


_USED = frozenset(
    {
        *(_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _STRIPS, _ORIENTATION, _SAMPLES, _ROWS),
        *(_TILE_WIDTH, _TILE_HEIGHT, _TILES, _EXIF, _GPS, _INTEROPERABILITY),
        *(_REDUCED, _OLD_REDUCED, _INNER, _DNG),
    }
)


def _values(file: Readable, layout: _Layout, kind: int, count: int, value: bytes) -> Iterator[int]:
    """Yield zero, then the first values of a tag."""
    yield 0
    size = _SIZES.get(kind, 0)
    data = value
    if count * size > len(value):
        file.seek(layout.number(value))
        data = file.read(min(count, _LOOKED_AT) * size)
    for begin in range(0, min(count * size, len(data)), size or 1):
        yield layout.number(data[begin : begin + size])
