"""Headers as no program of today writes them, but as the formats allow them or a stranger may: the rare branches.

They are headers and little more; nothing in them can be decoded.
"""

import struct
from collections.abc import Iterator, Sequence

from tests.torture.bombs import png, png_chunk, segment

Entry = tuple[int, int, int, bytes]
"""Of a TIFF: tag, kind of values, how many, and the values, or where they are, padded to what an entry holds."""


# --- TIFF -------------------------------------------------------------------------------------------------------------


def short(tag: int, number: int) -> Entry:
    """Give an entry with one number. The rest of its field is rubbish, which readers don't look at."""
    return tag, 3, 1, struct.pack("<HH", number, 0xFFFF)


def table_of(entries: Sequence[Entry]) -> bytes:
    """Give a directory."""
    return struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHI", *entry[:3]) + entry[3] for entry in entries)


def tiff_of(*entries: Entry, data: bytes = b"", small: bytes = b"II*\0") -> bytes:
    """Give a TIFF of 640×480 pixels with more entries; `data` lies at byte 8."""
    return small + struct.pack("<I", 8 + len(data)) + data + table_of([short(256, 640), short(257, 480), *entries])


def big_endian_tiff(magic: bytes) -> bytes:
    """Give a TIFF of 640×480 pixels."""
    head = magic + struct.pack(">I", 8) + struct.pack(">H", 2)
    return head + struct.pack(">HHIHHHHIHH", 256, 3, 1, 640, 9, 257, 3, 1, 480, 9)


def big_tiff(tags: int) -> bytes:
    """Give a BigTIFF of 640×480 pixels that promises so many tags."""
    entries = struct.pack("<HHQQHHQQ", 256, 16, 1, 640, 257, 4, 1, 480)
    return b"II+\0" + struct.pack("<HHQQ", 8, 0, 16, tags) + entries


def at(place: int) -> bytes:
    return struct.pack("<I", place)


def with_values_at_the_limit(beyond: int) -> bytes:
    """Give a TIFF with an entry of as many bytes as the file has, or two more; long values after that don't count."""
    entries = [(300, 3, 0, at(0)), (301, 4, 5, at(0)), short(277, 4), (302, 3, 2, at(0))]
    size = len(tiff_of(*entries))
    entries[0] = (300, 3, size // 2 + beyond, at(0))
    return tiff_of(*entries)


KINDS_OF_VALUES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16)


def tiffs() -> Iterator[tuple[str, bytes]]:
    yield from ((magic.hex(), tiff_of(small=magic)) for magic in (b"II*\0", b"II\0*"))
    yield from ((magic.hex(), big_endian_tiff(magic)) for magic in (b"MM\0*", b"MM*\0", b"MM\0+"))
    yield from ((f"{tags} tags", big_tiff(tags)) for tags in (2, 65_536, 65_537))
    yield "no width", b"II*\0" + at(8) + table_of([short(257, 480)]) + bytes(9)
    yield "no height", b"II*\0" + at(8) + table_of([short(256, 640)]) + bytes(9)
    yield "no pixels", b"II*\0" + at(8) + table_of([short(256, 640), short(257, 0)])
    for kind in (*KINDS_OF_VALUES, 14):
        yield f"values of kind {kind}", tiff_of((300, kind, 9, at(8)), data=bytes(90))
        yield f"one value of kind {kind}", tiff_of((274, kind, 1, at(8)))
    yield "as many bytes as in the file", with_values_at_the_limit(0)
    yield "more bytes than in the file", with_values_at_the_limit(1)
    yield (
        "the same tag again",
        tiff_of(
            (258, 3, 4, at(8)), short(258, 9), (258, 3, 6, at(8)), short(277, 2), short(277, 5), data=bytes([8, 0] * 6)
        ),
    )
    numbers = struct.pack("<70H", *range(1, 64), 700, 900, *[1] * 5)
    yield "many values", tiff_of((258, 3, 70, at(8)), data=numbers)
    yield "fewer values than a field holds", tiff_of((258, 1, 2, bytes([8, 7, 99, 99])), (277, 4, 0, at(99)))
    yield "cut in its last entry", tiff_of(short(300, 1), short(277, 3))[:-1]
    yield "cut before its last entry", tiff_of(short(300, 1), short(277, 3))[:-12]

    for turned in (1, 2, 6):
        yield f"turned {turned}", tiff_of(short(274, turned))
    for compression in (1, 5, 6, 7, 8, 32946, 34925, 50000):
        yield f"compression {compression}", tiff_of(short(259, compression), short(258, 8), data=bytes(999))
    for compression, bits, samples, kind in ((8, 8, 3, 6), (8, 16, 3, 6), (6, 8, 3, 2), (6, 16, 4, 6), (8, 8, 3, 2)):
        entries = short(259, compression), short(258, bits), short(277, samples), short(262, kind)
        yield f"compression {compression}, {bits} bits, {samples} samples, kind {kind}", tiff_of(*entries)
    yield "rows", tiff_of(short(259, 8), short(278, 7))
    yield "more rows than it has", tiff_of(short(259, 8), short(278, 700))
    yield "tiles", tiff_of(short(259, 8), short(322, 64), short(323, 32))
    yield "tiles without a width", tiff_of(short(259, 8), short(323, 32), short(278, 7))
    yield "tiles without a height", tiff_of(short(259, 8), short(322, 64), short(278, 7))
    scans = b"\xff\xda" * 12
    yield "scans", tiff_of(short(259, 7), data=scans)
    yield "scans of strips", tiff_of(short(259, 7), (273, 4, 3, at(8)), data=scans)
    yield "scans of tiles", tiff_of(short(259, 7), short(277, 4), (273, 4, 3, at(8)), (324, 4, 4, at(8)), data=scans)
    yield "fewer scans than strips", tiff_of(short(259, 7), (273, 4, 30, at(8)), data=scans)
    yield "more samples than depths", tiff_of(short(259, 8), short(258, 8), short(277, 4))
    yield "more depths than samples", tiff_of(short(259, 8), (258, 3, 4, at(8)), short(277, 1), data=bytes([8, 0] * 4))

    inner = table_of([short(9, 1), (10, 4, 3, at(8)), (40965, 4, 1, at(0))])
    last = table_of([(1, 2, 5, at(8)), (2, 5, 2, at(8))])
    for tag in (34665, 34853):
        place = len(inner) + 8
        yield f"directory {tag}", tiff_of((tag, 4, 1, at(8)), data=inner[:-4] + at(place) + last)
    alone = table_of([(10, 4, 3, at(8))])
    yield "both directories", tiff_of((34665, 4, 1, at(8)), (34853, 4, 1, at(8)), data=alone + last)


# --- JPEG -------------------------------------------------------------------------------------------------------------


def frame(
    marker: int = 0xC0, samplings: Sequence[int] = (0x22, 0x11, 0x11), size: tuple[int, int] = (640, 481)
) -> bytes:
    """Give the segment that says how large a JPEG is."""
    components = b"".join(bytes([number, sampling, 0]) for number, sampling in enumerate(samplings, start=1))
    return segment(marker, struct.pack(">BHHB", 8, size[1], size[0], len(samplings)) + components)


def scan(components: int = 3) -> bytes:
    return segment(0xDA, bytes([components]) + bytes(2 * components + 3))


def jpeg_of(*segments: bytes, behind: bytes = b"pixels\xff\0\xff\xd0" + b"pixels\xff\xd9") -> bytes:
    return b"\xff\xd8" + b"".join(segments) + behind


def filling(marker: int, size: int, beginning: bytes = b"") -> bytes:
    """Give segments of so many bytes in all."""
    whole, rest = divmod(size, 50_000)
    sizes = [50_000] * whole + [rest] * (rest > 0)
    return b"".join(segment(marker, beginning.ljust(size - 4, b"\1")) for size in sizes)


def jpegs() -> Iterator[tuple[str, bytes]]:
    for marker in (*range(0xC0, 0xD1), 0xDE, 0xDF):
        yield f"marker {marker:x}", jpeg_of(segment(marker, bytes(9)), frame(marker), frame(0xC4), scan())
        yield f"scans of marker {marker:x}", jpeg_of(frame(marker), scan(1), scan(1))
    for marker in (1, *range(0xC8, 0xCE), 0xD0, 0xD1, 0xD9, 0xDB, 0xDC, 0xDD, *range(0xE0, 0xF2), 0xFD, 0xFE):
        yield f"segment {marker:x}", jpeg_of(frame(), segment(marker, b"words"), scan())
        yield f"only marker {marker:x}", jpeg_of(frame(), bytes([0xFF, marker]), scan())
    for samplings in ((), (0x11,), (0x12, 0x21), (0x00, 0x20, 0x02), (0x41, 0x14)):
        yield f"samplings {bytes(samplings).hex()}", jpeg_of(frame(samplings=samplings), scan(len(samplings)))
    for side in (597, 598, 1195, 1196, 2391, 2392, 2690, 2691):
        yield f"{side} pixels", jpeg_of(frame(size=(side, 4000)), scan())
        yield f"4000×{side} pixels", jpeg_of(frame(size=(4000, side)), scan())
    yield "no frame", jpeg_of(scan(), frame())
    yield "no scan", jpeg_of(frame())
    yield "no scan, and a byte", jpeg_of(frame(), behind=b"\xff\0\xff\0\xff\0\xff")
    yield "padding", jpeg_of(b"\xff\xff\xff", frame(), b"\xff\0rubbish\xff\0\0", scan())
    yield "much padding", jpeg_of(frame(), b"\0" * (16_384 - 1), scan())
    yield "cut in its scan", jpeg_of(frame(), b"\xff\xda\0\x0c\3", behind=b"")
    yield "cut before its scan", jpeg_of(frame(), b"\xff\xda\0\x0c", behind=b"")
    for beginning in (
        b"Exif\0\0",
        b"http://ns.adobe.com/xap/1.0/\0",
        b"http://ns.adobe.com/xap/1.0/",
        b"JFIF",
        b"Adobe",
    ):
        for marker in (0xE0, 0xE1, 0xE2, 0xEE):
            yield f"{beginning!r} in {marker:x}", jpeg_of(segment(marker, beginning + b"more"), frame(), scan())
    exif = b"Exif\0\0"
    for size in (999_999, 1_000_000, 1_000_001):
        yield f"{size} bytes of metadata", jpeg_of(filling(0xE1, size, exif), segment(0xE1, exif), frame(), scan())
        tables = size - len(frame())
        yield f"{size} bytes of tables", jpeg_of(frame(), filling(0xDB, tables), scan())
    large = frame(0xC2, (0x11,), (20_000, 20_000))
    for scans in (40, 41, 42, 43, 44):
        yield f"{scans} long scans", jpeg_of(large, scan(1) * scans)
        yield f"{scans} short scans", jpeg_of(frame(0xC2), scan(1) * scans)
    words = segment(0xFE, b"\xff\xda")
    yield "words between scans", jpeg_of(frame(0xC2), scan(1), words, b"\xff\xff", words, scan(1), b"\xff\xd0\xff")


# --- JPEG 2000 --------------------------------------------------------------------------------------------------------

SIZE_OF_J2K = (700, 500, 0, 0, 300, 200, 0, 0)
"""Right, bottom, left, top; width and height of tiles; left and top of the first tile."""

STYLE = bytes([0, 0, 1, 2, 1, 2, 4, 3, 0, 1])
"""Flags, order, two bytes of layers, a transformation; levels, block, style and filter."""


def j2k(*markers: bytes, size: Sequence[int] = SIZE_OF_J2K, components: int = 3, style: bytes = STYLE) -> bytes:
    """Give a code stream; `markers` are in the header of its first tile."""
    grid = segment(0x51, struct.pack(">HIIIIIIIIH", 0, *size, components) + b"\7\1\1" * components)
    main = b"\xff\x4f" + grid + (segment(0x52, style) if style else b"")
    return main + tile_part(b"".join(markers)) + b"\xff\xd9"


def tile_part(markers: bytes, length: int | None = None) -> bytes:
    part = markers + b"\xff\x93" + bytes(70)
    told = 12 + len(part) if length is None else length
    return segment(0x90, struct.pack(">HIBB", 0, told, 0, 1)) + part


def jpeg2000s() -> Iterator[tuple[str, bytes]]:
    yield "plain", j2k()
    yield "without a style", j2k(style=b"")
    for place, number in (
        (0, 0),
        (1, 0),
        (2, 700),
        (2, 701),
        (3, 500),
        (4, 0),
        (5, 0),
        (2, 90),
        (3, 60),
        (6, 99),
        (6, 250),
        (7, 250),
        (7, 77),
    ):
        size = [*SIZE_OF_J2K]
        size[place] = number
        yield f"size with {number} at {place}", j2k(size=size)
    yield "without components", j2k(components=0)
    for levels in (0, 5, 31, 32, 33, 40):
        for flags in (0, 1, 2):
            precincts = bytes((0x31 + 0x12 * at) & 0xFF for at in range(levels + 3))
            style = bytes([flags, 0, 1, 2, 1, levels, 4, 3, 0, 1]) + precincts
            yield f"{levels} levels, flags {flags}", j2k(style=style, size=(9000, 7000, 0, 0, 9000, 7000, 0, 0))
    yield "fewer precincts than levels", j2k(style=bytes([1, 0, 0, 1, 1, 5, 4, 4, 0, 1, 0x33, 0x56]))
    for across, down in ((0, 0), (4, 4), (8, 8), (18, 2), (4, 5), (9, 0)):
        yield f"blocks {across}, {down}", j2k(style=bytes([0, 0, 0, 1, 1, 5, across, down, 0, 1]))
    wide = (70_000, 40_000, 0, 0, 70_000, 40_000, 0, 0)
    yield "wider than a precinct", j2k(size=wide, components=1)
    yield "short style", j2k(style=STYLE[:9])
    for name, content in (("one byte", b"\1"), ("two bytes", b"\0\1")):
        for flags in (0, 1):
            fields = content + bytes([flags, 3, 2, 2, 0, 1, 0x22, 0x33, 0x44, 0x55])
            yield f"style of a component, {name}, flags {flags}", j2k(segment(0x53, fields))
    yield "style of a tile", j2k(segment(0x64, b"words"), segment(0x52, bytes([0, 0, 9, 9, 1, 6, 1, 1, 0, 1])))
    finer = segment(0x52, bytes([0, 0, 9, 9, 1, 6, 1, 1, 0, 1]))
    yield "style of the second tile", j2k()[:-2] + tile_part(finer) + b"\xff\xd9"
    yield "style of a tile without an end", j2k()[:-2] + tile_part(finer, length=0)
    yield "nothing behind the last tile", j2k()[:-2] + tile_part(b"", length=0) + tile_part(finer)
    yield "nothing behind an odd length", j2k()[:-2] + tile_part(b"", length=1) + tile_part(finer)
    yield "rubbish for a marker", j2k()[:-2] + b"\0\x52" + finer[2:]
    yield "the end, and more", j2k() + finer + b"\xff\xd9"
    start = box(b"jP  ", b"\r\n\x87\n") + box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
    yield "in boxes", start + box(b"jp2h", b"") + box(b"jp2c", b"no picture") + box(b"jp2c", j2k())
    yield "in a box without an end", start + b"\0\0\0\0jp2c" + j2k()
    yield "in a box of a long length", start + struct.pack(">I4sQ", 1, b"jp2c", 16 + len(j2k())) + j2k()
    yield "behind a box that is too short", start + struct.pack(">I4s", 7, b"free") + box(b"jp2c", j2k())
    yield "behind a box of two bytes", start + struct.pack(">I4s", 2, b"free") + bytes(8) + box(b"jp2c", j2k())
    yield "in no box", start


# --- AVIF -------------------------------------------------------------------------------------------------------------


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def as_bits(*fields: tuple[int, int]) -> bytes:
    """Write numbers, given with their bits, the highest bit first."""
    bits = "".join(f"{number:0{width}b}" for number, width in fields)
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


def leb128(number: int, size: int) -> bytes:
    """Write a number of seven bits a byte."""
    return bytes([number >> 7 * at & 127 | 128 for at in range(size - 1)] + [number >> 7 * (size - 1)])


def obu(kind: int, content: bytes, *, sized: int = 2, extension: bytes = b"", reserved: int = 0) -> bytes:
    """Give a unit of AV1 data, which says its length in `sized` bytes."""
    told = leb128(len(content), sized) if sized else b""
    return bytes([kind << 3 | bool(extension) << 2 | bool(sized) << 1 | reserved]) + extension + told + content


def size_in_bits(width: int, height: int) -> tuple[tuple[int, int], ...]:
    return (15, 4), (14, 4), (width - 1, 16), (height - 1, 15), (0x5555, 16)


def reduced(width: int, height: int) -> bytes:
    """Give the sequence header of a still."""
    return as_bits((0, 3), (1, 1), (1, 1), (9, 5), *size_in_bits(width, height))


def timed(*timing: tuple[int, int], delays: int, points: Sequence[tuple[tuple[int, int], ...]]) -> bytes:
    """Give a whole sequence header."""
    of_points = (field for point in points for field in point)
    size = size_in_bits(0xABCD, 0x6543)
    return as_bits((0, 3), (0, 1), (0, 1), *timing, (delays, 1), (len(points) - 1, 5), *of_points, *size)


CLOCK = ((1, 1), (0x9ABCDEF1, 32), (0x87654321, 32))
MODEL = ((1, 1), (6, 5), (0xF00DFACE, 32), (0x2AB, 10))
DELAYS_OF_MODEL = ((1, 1), (0x55, 7), (0x2A, 7), (1, 1))
SEQUENCES = {
    "no timing": timed((0, 1), delays=0, points=[((0xABC, 12), (7, 5))]),
    "levels and delays": timed(
        (0, 1),
        delays=1,
        points=[
            ((1, 12), (7, 5), (1, 1), (9, 4)),
            ((2, 12), (8, 5), (1, 1), (0, 1)),
            ((3, 12), (9, 5), (1, 1), (0, 1)),
        ],
    ),
    "a clock": timed(*CLOCK, (0, 1), (0, 1), delays=0, points=[((0xABC, 12), (4, 5))]),
    "a steady clock": timed(*CLOCK, (1, 1), (0b0001101, 7), (0, 1), delays=0, points=[((0xABC, 12), (4, 5))]),
    "an endless number": timed(*CLOCK, (1, 1), (0, 32), (0x91234567, 32), (0, 1), delays=0, points=[((5, 12), (4, 5))]),
    "a model": timed(
        *CLOCK,
        (0, 1),
        *MODEL,
        delays=0,
        points=[((5, 12), (4, 5), *DELAYS_OF_MODEL), ((6, 12), (9, 5), (1, 1), (0, 1))],
    ),
    "everything": timed(
        *CLOCK,
        *((1, 1), (0b010, 3)),
        *MODEL,
        delays=1,
        points=[
            ((5, 12), (9, 5), (1, 1), *DELAYS_OF_MODEL, (1, 1), (9, 4)),
            ((6, 12), (3, 5), (0, 1), (1, 1), (15, 4)),
        ],
    ),
}
START_OF_AVIF = box(b"ftyp", b"avif\0\0\0\0avifmif1")


def ispe(width: int, height: int) -> bytes:
    return box(b"ispe", struct.pack(">III", 0, width, height))


def meta(*more: bytes, sizes: bytes | None = None) -> bytes:
    size = ispe(300, 200) if sizes is None else sizes
    return box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", size)) + b"".join(more))


def avif_of(data: bytes) -> bytes:
    """Give an AVIF with one still, which is in its meta box."""
    return START_OF_AVIF + meta(iloc(1, [(1, 0, [(0, 0, len(data))])]), box(b"idat", data))


def iloc(
    version: int,
    items: Sequence[tuple[int, int, Sequence[tuple[int, int, int]]]],
    sizes: tuple[int, int, int, int] = (4, 4, 4, 0),
) -> bytes:
    """Say where items are.

    Args:
        version: 0, 1 or 2.
        items: method and base of each, and index, place and length of its parts.
        sizes: bytes of places, lengths, bases and indices.
    """
    offset, length, base, index = sizes
    number = 4 if version == 2 else 2
    content = bytes([version, 0, 0, 0, offset << 4 | length, base << 4 | index]) + len(items).to_bytes(number, "big")
    for method, begins, parts in items:
        content += bytes(number - 1) + b"\7" + (struct.pack(">H", 0xFFF0 | method) if version else b"") + b"\0\0"
        content += in_bytes(begins, base) + struct.pack(">H", len(parts))
        for part in parts:
            content += in_bytes(part[0], index * bool(version)) + in_bytes(part[1], offset) + in_bytes(part[2], length)
    return box(b"iloc", content)


def in_bytes(number: int, size: int) -> bytes:
    return number.to_bytes(size, "big") if size else b""


def track(data: bytes, *, kind: bytes = b"stco", lengths: Sequence[int] = (), all_lengths: int = 0) -> bytes:
    """Give an AVIF with a track of 320×240 pixels, whose first picture is at byte 32."""
    width = ">IIQ" if kind == b"co64" else ">III"
    place = box(kind, struct.pack(width, 0, 1, len(START_OF_AVIF) + 8) + b"\xff\xff")
    told = struct.pack(">III", 0xFF, all_lengths, len(lengths)) + b"".join(struct.pack(">I", one) for one in lengths)
    inner = box(b"mdia", box(b"minf", box(b"stbl", place + box(b"stsz", told + b"\xff\xff"))))
    head = box(b"tkhd", bytes(76) + struct.pack(">II", 321 << 16 | 0x8001, 243 << 16 | 0x8001))
    return START_OF_AVIF + box(b"mdat", data + b"\x0a\xff") + box(b"moov", box(b"trak", head + inner))


def avifs() -> Iterator[tuple[str, bytes]]:
    for brand in (b"avif", b"avis", b"mif1", b"msf1", b"heic"):
        yield f"brand {brand.decode()}", box(b"ftyp", brand + bytes(4)) + meta()
    yield "a brand in another box", box(b"free", b"avif" + bytes(4)) + meta()
    yield "no size", START_OF_AVIF + meta(sizes=b"")
    yield "several sizes", START_OF_AVIF + meta(sizes=ispe(300, 200) + ispe(5000, 3) + ispe(2, 6000))
    yield "an empty size at the end", START_OF_AVIF + meta(sizes=box(b"ispe", b""))
    yield "an empty box before", START_OF_AVIF + box(b"free", b"") + meta()
    for name, sequence in SEQUENCES.items():
        yield name, avif_of(obu(1, sequence))
    still = reduced(301, 202)
    yield "a still", avif_of(obu(1, still))
    for length, size in ((9, 1), (9, 3), (9, 7), (9, 8), (300, 2), (20_000, 3)):
        yield f"{length} bytes before, in {size}", avif_of(obu(5, bytes(length), sized=size) + obu(1, still, sized=1))
    yield "a length without an end", avif_of(b"\x2a" + b"\x80" * 9 + obu(1, still))
    yield "units with extensions", avif_of(obu(2, b"", extension=b"\x08") + obu(1, still, extension=b"\x10"))
    yield "a unit without a length", avif_of(obu(2, b"") + obu(1, still, sized=0))
    yield "an extension without a length", avif_of(obu(2, b"") + obu(1, still, sized=0, extension=b"\x08"))
    yield "reserved bits", avif_of(obu(2, b"", reserved=1) + obu(1, still, sized=0, reserved=1))
    several = [obu(1, reduced(width, height)) for width, height in ((300, 200), (5000, 3), (2, 6000))]
    yield "several sequences", avif_of(b"".join(several))
    yield "several sequences, the greatest last", avif_of(b"".join(several[::-1]))
    yield "no sequence", avif_of(obu(5, bytes(9)))
    yield "no AV1 data behind a sequence", avif_of(several[2] + b"\x8a" + several[0][1:])
    yield "a sequence that ends early", avif_of(obu(1, still[:4]) + b"\xff" * 99)

    data = obu(2, b"") + obu(1, still)
    held = START_OF_AVIF + box(b"mdat", data)
    place = len(held) - len(data)
    for version in (0, 1, 2):
        for index in (0, 4):
            sizes = 4, 4, 4, index
            whole = iloc(version, [(0, place - 9, [(7, 9, len(data))])], sizes)
            yield f"items of version {version}, {index} bytes of index", held + meta(whole)
            parts = iloc(
                version, [(0, 0, [(7, place, 3), (8, place + 3, len(data) - 3)]), (0, place, [(1, 0, 0)])], sizes
            )
            yield f"parts of version {version}, {index} bytes of index", held + meta(parts)
            inside = iloc(version, [(1, 0, [(7, 0, len(data))]), (2, 0, [(7, 0, len(data))])], sizes)
            yield f"inside, version {version}, {index} bytes of index", held + meta(inside, box(b"idat", data))
    yield "inside, but there is nothing", held + meta(iloc(1, [(1, place, [(0, 0, len(data))])]))
    yield "wide fields", held + meta(iloc(1, [(0, place, [(1, 0, len(data))])], (8, 8, 8, 8)))
    yield "no fields", held + meta(iloc(1, [(0, place, [(1, 0, 0)])], (0, 0, 4, 0)))
    yield "items that aren't there", held + meta(iloc(0, [(0, 0, [(1, 90_000, 9), (1, place, len(data))])]))
    yield "items that end early", (held + meta(iloc(0, [(0, 0, [(1, 0, 0)])])))[:-1]

    for kind in (b"stco", b"co64"):
        yield f"track {kind.decode()}", track(data, kind=kind, lengths=[len(data), 5])
        yield f"track {kind.decode()} of equal lengths", track(data, kind=kind, all_lengths=len(data))
    yield "track that is too long", track(data, lengths=[90_000])
    yield "track without a length", track(data)


# --- Others -----------------------------------------------------------------------------------------------------------


def icon(*entries: tuple[int, int, int, int], pictures: Sequence[bytes]) -> bytes:
    """Give an icon, of entries that say width, height, colours and depth."""
    place, table = 6 + 16 * len(entries), b""
    for entry, picture in zip(entries, pictures, strict=True):
        table += struct.pack("<BBBBHHII", *entry[:3], 77, 1, entry[3], len(picture), place)
        place += len(picture)
    return struct.pack("<HHH", 0, 1, len(entries)) + table + b"".join(pictures)


def icons() -> Iterator[tuple[str, bytes]]:
    two = [struct.pack("<Iii", 40, 33, -67), struct.pack("<IHH", 12, 21, 43) + b"\x99" * 4]
    for one in two:
        yield f"{one[0]} bytes of header", icon((9, 9, 0, 0), pictures=[one])
    yield "an end in its header", icon((9, 9, 0, 0), pictures=[two[0][:11]])
    yield "negative sizes", icon((9, 9, 0, 0), pictures=[struct.pack("<Iii", 40, -33, -67)])
    yield "unlike OS/2", icon((9, 9, 0, 0), pictures=[struct.pack("<Iii", 13, 33, 67)])
    yield "no entries", icon(pictures=[]) + bytes(99)
    for first, second in (
        ((0, 9, 0, 8), (255, 9, 0, 8)), ((9, 0, 0, 8), (9, 255, 0, 8)), ((8, 8, 0, 8), (16, 4, 0, 7)),
        ((8, 8, 0, 8), (16, 4, 0, 9)), ((9, 9, 4, 0), (9, 9, 5, 0)), ((9, 9, 2, 0), (9, 9, 0, 0)),
        ((9, 9, 0, 0), (9, 9, 0, 255)), ((9, 9, 0, 0), (9, 9, 0, 257)), ((9, 9, 200, 7), (9, 9, 2, 6)),
        ((9, 9, 1, 0), (9, 9, 0, 255)), ((9, 9, 0, 300), (9, 9, 0, 299)), ((9, 9, 0, 4), (9, 9, 9, 3)),
        ((2, 100, 0, 0), (50, 5, 0, 0)), ((100, 2, 0, 0), (5, 50, 0, 0)), ((9, 9, 16, 0), (9, 9, 0, 4)),
        ((9, 9, 17, 0), (9, 9, 0, 4)), ((9, 9, 0, 256), (9, 9, 0, 0)),
    ):  # fmt: skip
        yield f"{first} or {second}", icon(first, second, pictures=two)
        yield f"{second} or {first}", icon(second, first, pictures=two)


def gifs() -> Iterator[tuple[str, bytes]]:
    def head(flags: int, magic: bytes = b"GIF89a") -> bytes:
        colours = bytes(3 << (flags & 7) + 1) if flags & 128 else b""
        return magic + struct.pack("<HHBBB", 40, 30, flags, 0, 0) + colours

    def frame(*place: int) -> bytes:
        return b"," + struct.pack("<HHHHB", *place, 0) + b"\2\1\0\0;"

    whole = frame(0, 0, 40, 30)
    control, words, other = b"!\xf9\4\1\2\3\4\0", b"!\xfe\3abc\2de\0", b"!\xfa\2ab\0"
    for name, before in {"": b"", " control": control, " both": words + control, " odd": b"\0\1" + other}.items():
        for flags in (0, 1, 7, 0x80, 0x81, 0x87):
            yield f"flags {flags}{name}", head(flags) + before + whole
        for place in ((9, 0, 35, 30), (0, 8, 40, 25), (0, 0, 9, 300), (500, 700, 1, 1)):
            yield f"frame {place}{name}", head(0, b"GIF87a") + before + frame(*place)
    yield "end", head(0) + b";" + whole
    yield "end behind a control", head(0) + control + b";" + whole
    yield "a byte that is almost an end", head(0) + b"<" + whole
    yield "a byte that is almost an extension", head(0) + b'"\2\3' + whole
    for blocks in (199_993, 199_994, 199_995):
        yield f"{blocks} blocks", head(0) + b"!\xfe" + b"\1a" * blocks + b"\0" + whole


def png_of(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def pngs() -> Iterator[tuple[str, bytes]]:
    def size(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
        return png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))

    data, end = png_chunk(b"IDAT", b"no pixels"), png_chunk(b"IEND", b"")
    for colour in range(8):
        for depth in (1, 16):
            yield f"colour {colour}, depth {depth}", png_of(size(331, 70_001, depth, colour), data, end)
    for sizes in (((300, 200), (2, 6000)), ((300, 200), (5000, 3)), ((3, 200), (300, 2)), ((2, 7), (2, 5))):
        yield f"sizes {sizes}", png_of(*(size(*one) for one in sizes), data, end)
    yield "sizes of several depths", png_of(size(100, 100, 16), size(110, 100, 1), data, end)
    yield "short size", png_of(png_chunk(b"IHDR", bytes([0, 0, 1, 0, 0, 0, 1, 1, 8, 2])))
    yield "cut size", png_of(png_chunk(b"IHDR", bytes([0, 0, 1, 0, 0, 0, 1, 1, 8, 2])))[:-5]
    yield "no size", png_of(data, end)
    yield "more behind the end", png_of(size(30, 20), data, end, data)
    for name in (b"PLTE", b"tRNS", b"eXIf", b"eXIg", b"iCCP", b"acTL"):
        yield name.decode(), png_of(size(30, 20), png_chunk(name, b"content"), data, end)
    for name in (b"iTXt", b"tEXt", b"zTXt", b"aTXt"):
        for word in (b"XML:com.adobe.xmp", b"Raw profile type exif", b"Comment"):
            yield f"{word!r} in {name!r}", png_of(size(30, 20), png_chunk(name, word + b"\0more"), data, end)
    for most in (999_999, 1_000_000, 1_000_001):
        exif = (png_chunk(b"eXIf", bytes(size - 12)) for size in (most - 400_000, 400_000))
        yield f"{most} bytes of metadata", png_of(size(30, 20), *exif, png_chunk(b"eXIf", b""), data, end)


def webps() -> Iterator[tuple[str, bytes]]:
    def webp(kind: bytes, content: bytes, more: int = 0) -> bytes:
        return b"RIFF\1\2\3\4WEBP" + kind + b"\5\6\7\x08" + content.ljust(10, b"\x99") + b"\xff" * more

    for width, height in ((1, 1), (98, 46), (257, 400), (0x3FFF, 0x3000), (0x3000, 0x3FFF)):
        name = f"{width}×{height}"
        flags = (width - 1) | (height - 1) << 14
        extended = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        for more in (0, 1000, 400_000):
            yield f"extended, {name}, {more}", webp(b"VP8X", extended, more)
            yield f"lossless, {name}, {more}", webp(b"VP8L", b"\x2f" + struct.pack("<I", flags | 3 << 30), more)
            sizes = struct.pack("<HH", width | 0x4000, height | 0x8000)
            yield f"lossy, {name}, {more}", webp(b"VP8 ", b"\0\0\0\x9d\1\x2a" + sizes, more)
    yield "another chunk", webp(b"EXIF", b"words")
    yield "no WebP", b"RIFF\1\2\3\4WAVE" + bytes(40)
    yield "end in its header", webp(b"VP8X", b"")[:29]


def bmp(compression: int, bits: int = 8, more: bytes = bytes(500)) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, 31, 17, 1, bits, compression, 0, 0, 0, 256, 0)
    return struct.pack("<2sIHHI", b"BM", 0, 0, 0, 54 + 1024) + head + bytes(range(256)) * 4 + more


def others() -> Iterator[tuple[str, bytes]]:
    for compression, bits in ((0, 8), (1, 8), (2, 4)):
        yield f"BMP of runs {compression}", bmp(compression, bits)
    yield "DIB", bmp(0)[14:]
    for kind in (1, 2, 3):
        for comments in (b"", b"# words # and more\n"):
            deepest = b"" if kind == 1 else b"255\n"
            yield f"P{kind}, {len(comments)}", b"P%d 31 17\n%s%s" % (kind, comments, deepest) + b"1 0 " * 999
    for comment in (9_000, 11_000):
        yield f"PPM with a comment of {comment} bytes", b"P6 #" + b"a" * comment + b"\n31 17 255\n" + bytes(99)
    for flags in (0, 0x01, 0x10, 0x20, 0x30):
        for kind in (2, 10):
            head = struct.pack("<BBBHHBHHHHBB", 0, 0, kind, 0, 0, 0, 0, 0, 31, 17, 24, flags)
            yield f"TGA {kind} with flags {flags:x}", head + bytes(99)
    yield "TGA of nothing but a head", struct.pack("<BBBHHBHHHHBB", 0, 0, 2, 0, 0, 0, 0, 0, 31, 17, 24, 0x30)
    yield "words", b"Only words, of which none is a picture."
    yield "PNG in an icon", icon((9, 9, 0, 0), pictures=[png(31, 17, 8, 2, filled=False)])


def odd_pictures() -> dict[str, bytes]:
    """Give them all, by a name that says what is odd."""
    makers = {
        "TIFF": tiffs, "JPEG": jpegs, "JPEG 2000": jpeg2000s, "AVIF": avifs,
        "ICO": icons, "GIF": gifs, "PNG": pngs, "WebP": webps, "": others,
    }  # fmt: skip
    return {f"{kind} {name}".strip(): data for kind, maker in makers.items() for name, data in maker()}
