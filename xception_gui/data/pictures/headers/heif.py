"""HEIC: the coded pictures that make up the shown one, and the size of their HEVC data.

A phone's photograph is a grid of some dozens of tiles. libheif decodes each at the size in its data, assembles them,
rotates the picture and returns 8 bits a colour.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from xception_gui.data.pictures.excerpt import Excerpt, Readable, TooManyPiecesError
from xception_gui.data.pictures.file_kinds import FileKind
from xception_gui.data.pictures.headers.bits import Bits
from xception_gui.data.pictures.headers.boxes import Box
from xception_gui.data.pictures.headers.header import Header, HeaderError, size_of
from xception_gui.data.pictures.headers.items import Fields, Items, brands_of, number_at, read_items

BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
GENERAL_BRANDS = frozenset({b"mif1", b"mif2", b"msf1", b"miaf"})
"""Brands that don't name the codec; the brands beside them do."""

MEMORY_A_PIXEL_GIVEN = 4  # RGB, or with transparency; Pillow's copy is counted by the caller
COPIES = 2  # of the decoded picture: for assembling and rotating
MEMORY_A_BYTE = 3  # of the file, which is read whole
SECONDS_A_PIXEL = 50e-9  # of decoded pixels, in ordinary 8-bit colour
SECONDS_A_PIXEL_PUT_TOGETHER = 15e-9
SECONDS_A_BYTE = 45e-9

MAX_USES = 10_000
"""Limit of coded pictures that make up the shown one, repetitions included."""

DEEPEST = 4
"""Limit of the nesting of assembled pictures."""

MAX_FRAMES = 17
"""Frames that an HEVC decoder keeps: 16 references and the current one."""

_CODED, _TOGETHER = b"hvc1", (b"grid", b"iden", b"iovl")
_FILLED_AT = {b"grid": 4, b"iovl": 10}
"""Offset of the size in the data of each kind of canvas."""

_NO_IMAGE_DATA_FROM = 32  # kinds of units from here on
_SEQUENCE_PARAMETERS = 33
_LONGEST_PARAMETERS = 4096  # bytes


def is_heif(beginning: bytes) -> bool:
    """Return whether a file begins like HEIC, given its first 512 bytes."""
    brand, *others = brands_of(beginning) or (b"",)
    return brand in BRANDS or (brand in GENERAL_BRANDS and not BRANDS.isdisjoint(others) and b"avif" not in others)


def read(file: Readable, at_least: int | None) -> Header:
    """Read the size of the shown picture of a HEIC, and the cost of decoding it.

    Args:
        file: one for which `is_heif` is true.
        at_least: ignored.

    Raises:
        HeaderError: there is no size, or the file contradicts itself.
        TooManyPiecesError: it is made up of too many pictures.
        PictureError: its codec isn't HEVC.
    """
    size = size_of(file)
    items = read_items(file, size)
    if items.kinds.get(items.primary) not in (_CODED, *_TOGETHER):
        raise FileKind.OTHER_HEIF.error()
    uses = Counter(_uses(items, items.primary, DEEPEST, [MAX_USES]))
    coded = [(_coded(file, items, item), times) for item, times in uses.items() if items.kinds.get(item) == _CODED]
    put_together = sum(
        math.prod(_size_of_item(file, items, item)) * times
        for item, times in uses.items()
        if items.kinds.get(item) in _TOGETHER
    )
    width, height = _size_of_item(file, items, items.primary)
    pixels = width * height
    memory = MEMORY_A_PIXEL_GIVEN * pixels + MEMORY_A_BYTE * size
    # Tiles are decoded one after another; assembled pictures are in memory together.
    memory += max((COPIES * math.ceil(each.bytes) for each, _ in coded), default=0)
    memory += COPIES * math.ceil(max((each.bytes_a_pixel for each, _ in coded), default=0) * put_together)
    seconds = SECONDS_A_PIXEL_PUT_TOGETHER * put_together + SECONDS_A_BYTE * size
    seconds += sum(SECONDS_A_PIXEL * each.work * times for each, times in coded)
    return Header("HEIF", width, height, [(0, size)], memory, seconds)


def _uses(items: Items, item: int, depth: int, left: list[int]) -> Iterator[int]:
    """Yield an item, its parts and its companions, once for each time that they are decoded."""
    left[0] -= 1
    if left[0] < 0:
        raise TooManyPiecesError
    if depth < 0:
        raise HeaderError("pictures made of each other in a circle")
    yield item
    for part in (*items.made_of.get(item, ()), *items.beside.get(item, ())):
        yield from _uses(items, part, depth - 1, left)


def _size_of_item(file: Readable, items: Items, item: int) -> tuple[int, int]:
    """Return the largest size that an item claims, in its properties and, for a canvas, in its own data."""
    sizes = [
        (number_at(file, box.begin + 4, 4), number_at(file, box.begin + 8, 4))
        for box in items.properties.get(item, ())
        if box.kind == b"ispe"
    ]
    if items.kinds.get(item) in _FILLED_AT:
        sizes.append(_size_of_canvas(_data(file, items, item), _FILLED_AT[items.kinds[item]]))
    if not sizes:
        raise HeaderError("no size in its header")
    return max(width for width, _ in sizes), max(height for _, height in sizes)


def _size_of_canvas(data: Excerpt, place: int) -> tuple[int, int]:
    wide = 4 if number_at(data, 1, 1) & 1 else 2
    return number_at(data, place, wide), number_at(data, place + wide, wide)


def _data(file: Readable, items: Items, item: int) -> Excerpt:
    return Excerpt(file, [part for part in items.data.get(item, ()) if part[0] < part[1]])


@dataclass(frozen=True, slots=True)
class _Frames:
    """The frames in an item's data."""

    pixels: int  # of a frame
    frames: int
    chroma: int  # as HEVC counts: grey, 4:2:0, 4:2:2, 4:4:4
    is_deep: bool  # more than 8 bits a colour

    @property
    def bytes_a_pixel(self) -> float:
        """Bytes a pixel of a decoded frame."""
        return _SAMPLES_A_PIXEL[self.chroma] * (2 if self.is_deep else 1)

    @property
    def bytes(self) -> float:
        """Bytes of all frames that are in memory together."""
        return self.bytes_a_pixel * self.pixels * min(self.frames, MAX_FRAMES)

    @property
    def work(self) -> float:
        """Number of pixels in ordinary colour that take the same time."""
        return self.pixels * self.frames * max(_SAMPLES_A_PIXEL[self.chroma] / 2, 1) * (2 if self.is_deep else 1)


_SAMPLES_A_PIXEL = (1.0, 1.5, 2.0, 3.0)


def _coded(file: Readable, items: Items, item: int) -> _Frames:
    """Read the largest of all sizes in an item's HEVC data, and the number of frames."""
    records = [box for box in items.properties.get(item, ()) if box.kind == b"hvcC"]
    units = [*chain.from_iterable(_units_of_record(file, box) for box in records)]
    frames = 0
    data = _data(file, items, item)
    for unit in _units(data, 0, size_of(data), 4):
        kind, first_slice = unit.kind, unit.beginning[2:3] >= b"\x80"
        frames += kind < _NO_IMAGE_DATA_FROM and first_slice
        if kind == _SEQUENCE_PARAMETERS:
            units.append(unit)
    said = [_sequence(unit.beginning) for unit in units if unit.kind == _SEQUENCE_PARAMETERS]
    pixels = max(math.prod(_size_of_item(file, items, item)), *(each.pixels for each in said), 0)
    chroma = max((each.chroma for each in said), default=1)
    return _Frames(pixels, max(frames, 1), chroma, any(each.is_deep for each in said))


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit of HEVC data (NAL unit)."""

    kind: int
    beginning: bytes


def _units(file: Readable, begin: int, end: int, length: int) -> Iterator[_Unit]:
    """Yield the units between two offsets; each follows its size, a number of `length` bytes."""
    while begin + length + 2 <= end:
        size = number_at(file, begin, length)
        head = file.read(3)
        kind = head[0] >> 1 & 63 if head else 0
        if kind == _SEQUENCE_PARAMETERS:
            head += file.read(min(size, _LONGEST_PARAMETERS))
        yield _Unit(kind, head[:size])
        begin += length + size


def _units_of_record(file: Readable, box: Box) -> Iterator[_Unit]:
    """Yield the units in a decoder configuration record (ISO/IEC 14496-15, section 8.3.3)."""
    fields = Fields(file, box.begin + 22)
    place = box.begin + 23
    for _ in range(fields.number(1)):
        count = number_at(file, place + 1, 2)
        place += 3
        for _ in range(count):
            size = number_at(file, place, 2)
            yield from _units(file, place, min(place + 2 + size, box.end), 2)
            place += 2 + size


def _sequence(unit: bytes) -> _Frames:
    """Read a sequence parameter set (HEVC, ITU-T H.265, section 7.3.2.2)."""
    bits = Bits(unit[2:].replace(b"\0\0\3", b"\0\0"))
    bits.number(4)
    layers = bits.number(3)
    bits.number(1)
    _skip_levels(bits, layers)
    bits.variable()  # id
    chroma = min(bits.variable(), 3)
    if chroma == 3:
        bits.number(1)
    width, height = bits.variable(), bits.variable()
    if bits.number(1):  # cropping
        for _ in range(4):
            bits.variable()
    depth = max(bits.variable(), bits.variable())  # beyond 8 bits
    return _Frames(width * height, 1, chroma, depth > 0)


def _skip_levels(bits: Bits, layers: int) -> None:
    """Skip profiles and levels."""
    bits.number(96)
    told = [(bits.number(1), bits.number(1)) for _ in range(layers)]
    if layers:
        bits.number(2 * (8 - layers))
    for profile, level in told:
        bits.number(88 * profile + 8 * level)
