"""AVIF: the picture's size in the boxes, and the size of the AV1 data, which may contradict it.

The decoder allocates the size in the data, then scales to the size in the boxes.
"""

from collections.abc import Iterator

from xception_gui.data.pictures.excerpt import Excerpt, Part, Readable
from xception_gui.data.pictures.headers.bits import Bits
from xception_gui.data.pictures.headers.boxes import find
from xception_gui.data.pictures.headers.header import Header, HeaderError, size_of
from xception_gui.data.pictures.headers.items import data_of_items, number_at

BRANDS = (b"avif", b"avis", b"mif1", b"msf1")

MEMORY_A_DECODED_PIXEL = 6  # 12 bits of three colours; transparency is a separate picture
MEMORY_A_PIXEL = 4
MEMORY_A_PIXEL_SCALED = 8
MEMORY_A_BYTE = 6  # of the file, which is read whole; EXIF, XMP and profile are copied
SECONDS_A_DECODED_PIXEL = 70e-9

_SEQUENCE_HEADER = 1


def is_avif(beginning: bytes) -> bool:
    """Return whether a file begins like AVIF, given its first 12 bytes."""
    return beginning[4:8] == b"ftyp" and beginning[8:12] in BRANDS


def read(file: Readable, at_least: int | None) -> Header:
    """Read the sizes in an AVIF.

    Args:
        file: one for which `is_avif` is true.
        at_least: ignored.

    Raises:
        HeaderError: there is no size in it.
    """
    size = size_of(file)
    sizes = [*_sizes(file, size)]
    if not sizes:
        raise HeaderError("no size in its header")
    width, height = max(sizes, key=lambda each: each[0] * each[1])
    pixels = width * height
    decoded = sum(width * height for width, height in _decoded_sizes(file, size))
    memory = MEMORY_A_DECODED_PIXEL * decoded + MEMORY_A_PIXEL * pixels + MEMORY_A_BYTE * size
    if decoded != pixels:
        memory += MEMORY_A_PIXEL_SCALED * pixels
    return Header("AVIF", width, height, [(0, size)], memory, SECONDS_A_DECODED_PIXEL * max(decoded, pixels))


def _sizes(file: Readable, end: int) -> Iterator[tuple[int, int]]:
    """Yield all sizes in the boxes, of stills and of tracks."""
    for box in find(file, 0, end, b"meta", b"iprp", b"ipco", b"ispe"):
        yield number_at(file, box.begin + 4, 4), number_at(file, box.begin + 8, 4)
    for box in find(file, 0, end, b"moov", b"trak", b"tkhd"):  # in its last eight bytes, in 65536ths
        yield number_at(file, box.end - 8, 4) >> 16, number_at(file, box.end - 4, 4) >> 16


def _decoded_sizes(file: Readable, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sizes of the AV1 data of all stills, and of the first picture of each track."""
    for parts in (*(parts for _, parts in data_of_items(file, end)), *_first_pictures(file, end)):
        data = Excerpt(file, [part for part in parts if part[0] < part[1]])
        yield max(_sequence_sizes(data), key=lambda size: size[0] * size[1], default=(0, 0))


def _first_pictures(file: Readable, end: int) -> Iterator[list[Part]]:
    """Yield the part of the file with the first picture of each track."""
    table = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
    for kind, width in ((b"stco", 4), (b"co64", 8)):
        for places, lengths in zip(find(file, 0, end, *table, kind), find(file, 0, end, *table, b"stsz"), strict=False):
            begin = number_at(file, places.begin + 8, width)
            length = number_at(file, lengths.begin + 4, 4) or number_at(file, lengths.begin + 12, 4)
            yield [(begin, min(begin + length, end))]


def _sequence_sizes(file: Excerpt) -> Iterator[tuple[int, int]]:
    """Yield the sizes in all sequence headers of AV1 data (section 5.5 of its specification)."""
    place = 0
    while True:
        file.seek(place)
        head = file.read(10)
        if not head or head[0] & 0x80:  # not AV1 data
            return
        begin = 2 if head[0] & 4 else 1
        length, used = _leb128(head[begin:]) if head[0] & 2 else (size_of(file) - place - begin, 0)
        begin += used
        if head[0] >> 3 & 15 == _SEQUENCE_HEADER:
            file.seek(place + begin)
            yield _size(Bits(file.read(min(length, 4096))))
        place += begin + length


def _leb128(data: bytes) -> tuple[int, int]:
    """Read a number with seven bits in each byte. Returns the number and its length in bytes."""
    number = 0
    for index, byte in enumerate(data[:8]):
        number |= (byte & 0x7F) << 7 * index
        if not byte & 0x80:
            return number, index + 1
    return number, min(len(data), 8)


def _size(bits: Bits) -> tuple[int, int]:
    """Read the largest width and height of the pictures after a sequence header."""
    bits.number(3)  # profile
    bits.number(1)  # still
    if bits.number(1):  # the reduced header of a still
        bits.number(5)  # level
    else:
        _skip_timing(bits)
    across, down = bits.number(4) + 1, bits.number(4) + 1
    return bits.number(across) + 1, bits.number(down) + 1


def _skip_timing(bits: Bits) -> None:
    """Skip clocks, levels and buffers, which precede the size in a full header."""
    with_model = False
    delay_bits = 0
    if bits.number(1):  # timing
        bits.number(32)
        bits.number(32)
        if bits.number(1):
            bits.variable()
        with_model = bool(bits.number(1))
        if with_model:
            delay_bits = bits.number(5) + 1
            bits.number(32)
            bits.number(10)
    with_delays = bits.number(1)
    for _ in range(bits.number(5) + 1):  # operating points
        bits.number(12)
        if bits.number(5) > 7:
            bits.number(1)  # tier
        if with_model and bits.number(1):
            bits.number(delay_bits)
            bits.number(delay_bits)
            bits.number(1)
        if with_delays and bits.number(1):
            bits.number(4)
