"""Picture bombs: small files that would take gigabytes, or minutes, to decode naively.

Each maker returns the bytes of a file. Some are written by hand to be small: scans of only zeros, strips that share the
same bytes, headers that promise data that don't exist.

    python -m tests.torture.bombs FOLDER            decodes the files in the folder one by one
    python -m tests.torture.bombs FOLDER --check    checks the folder as a data set, four files at a time

Both print JSON: the outcomes, the processor's seconds for each file, and the process's peak memory.
"""

import argparse
import functools
import io
import json
import resource
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from xception_gui.data import pool
from xception_gui.data.dataset import checks
from xception_gui.data.pictures.open_picture import PictureError, decode_file

SIZE = 299  # pixels of the network's input
TEN_THOUSAND = 10_000  # pixels a side: the most that are allowed


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@functools.cache
def png(width: int, height: int, depth: int, colour: int, *, before: bytes = b"", filled: bool = True) -> bytes:
    """Return a black PNG. Unless it is `filled`, its pixels are missing.

    Args:
        width: pixels.
        height: pixels.
        depth: bits.
        colour: 0 grey, 2 RGB, 3 palette, 4 grey with transparency, 6 RGB with transparency.
        before: chunks before the pixels.
        filled: whether it contains pixels.
    """
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    pixels = b"no pixels"
    if filled:
        row = 1 + -(-width * depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour] // 8)
        packer = zlib.compressobj(1)
        many = bytes(row * 64)
        pixels = b"".join(packer.compress(many) for _ in range(height // 64))
        pixels += packer.compress(bytes(row * (height % 64))) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + head + before + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")


def in_an_icon(picture: bytes) -> bytes:
    """Return an icon that declares 32×32 pixels and contains another picture."""
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 32, 32, 0, 0, 1, 32, len(picture), 22) + picture


def segment(marker: int, content: bytes) -> bytes:
    """Return a segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def jpeg(
    width: int, height: int, *, frame: int = 0xC0, components: int = 1, scans: int = 1, before: bytes = b""
) -> bytes:
    """Return a grey JPEG: the first scan encodes that with a bit for each block, the others are empty.

    Args:
        width: pixels.
        height: pixels.
        frame: 0xC0 baseline, 0xC2 progressive, 0xC9 arithmetic.
        components: colours.
        scans: number of scans.
        before: segments before the picture's own.
    """
    numbers = range(1, components + 1)
    blocks = -(-width // 8) * -(-height // 8) * components
    progressive = frame == 0xC2
    first = bytes([components]) + b"".join(bytes([number, 0]) for number in numbers)
    first += bytes([0, 0 if progressive else 63, 0])
    bits = blocks if progressive else 2 * blocks  # no difference in brightness, then the end of the block
    return b"".join(
        (
            b"\xff\xd8",
            before,
            segment(0xDB, bytes([0]) + bytes([1] * 64)),
            segment(
                frame, struct.pack(">BHHB", 8, height, width, components) + b"".join(b"%c\x11\0" % n for n in numbers)
            ),
            segment(0xC4, bytes([0x00, 1, *[0] * 15, 0])),
            segment(0xC4, bytes([0x10, 1, *[0] * 15, 0])),
            segment(0xDA, first),
            bytes(-(-bits // 8)),
            segment(0xDA, bytes([1, 1, 0, 1, 63, 0])) * (scans - 1),
            b"\xff\xd9",
        )
    )


def tiff(
    width: int,
    height: int,
    *,
    bits: int = 8,
    samples: int = 1,
    kind: int = 1,
    compression: int = 8,
    rows: int = 100,
    more: dict[int, int] | None = None,
) -> bytes:
    """Return a black TIFF whose strips all are the same bytes of the file.

    Args:
        width: pixels.
        height: pixels.
        bits: of a sample.
        samples: of a pixel.
        kind: of samples: 1 whole numbers, 3 floats.
        compression: 1 none, 8 deflate.
        rows: of a strip.
        more: tags and their values.
    """
    strip = bytes(rows * width * samples * bits // 8)
    data = zlib.compress(strip, 1) if compression == 8 else strip
    count = -(-height // rows)
    tags = {
        256: (4, [width]),
        257: (4, [height]),
        258: (3, [bits] * samples),
        259: (3, [compression]),
        262: (3, [2 if samples > 2 else 1]),
        273: (4, [8] * count),
        277: (3, [samples]),
        278: (4, [rows]),
        279: (4, [len(data)] * count),
        339: (3, [kind] * samples),
        **{tag: (4, [value]) for tag, value in (more or {}).items()},
    }
    place = 8 + len(data)
    values, entries = b"", b""
    for tag, (type_, numbers) in sorted(tags.items()):
        content = struct.pack(f"<{len(numbers)}{'H' if type_ == 3 else 'I'}", *numbers)
        if len(content) > 4:
            content, values = struct.pack("<I", place + len(values)), values + content
        entries += struct.pack("<HHI", tag, type_, len(numbers)) + content.ljust(4, b"\0")
    head = struct.pack("<2sHI", b"II", 42, place + len(values))
    return head + data + values + struct.pack("<H", len(tags)) + entries + bytes(4)


def jpeg2000(width: int, height: int, components: int = 3, *, tile: int | None = None, style: bytes = b"") -> bytes:
    """Return a JPEG 2000 of empty packets.

    Args:
        width: pixels.
        height: pixels.
        components: colours.
        tile: pixels a side; by default, the picture is one tile.
        style: the contents of its coding style; by default, five levels and blocks of 64×64.
    """
    tiles = (tile or width, tile or height)
    size = struct.pack(">HIIIIIIIIH", 0, width, height, 0, 0, *tiles, 0, 0, components) + b"\x07\x01\x01" * components
    style = style or bytes([0, 0, 0, 1, 1, 5, 4, 4, 0, 1])
    steps = bytes([0x40]) + bytes([0x48] * (3 * style[5] + 1))
    head = b"\xff\x4f" + segment(0x51, size) + segment(0x52, style) + segment(0x5C, steps)
    return head + segment(0x90, struct.pack(">HIBB", 0, 0, 0, 1)) + b"\xff\x93" + bytes(1000) + b"\xff\xd9"


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


def lying_avif() -> bytes:
    """Return an AVIF with a size of 64 pixels in its boxes, and 5000 in its data."""
    data = encoded(Image.new("L", (5000, 5000)), "AVIF", speed=10)
    return data.replace(struct.pack(">II", 5000, 5000), struct.pack(">II", 64, 64))


def webp(side: int) -> bytes:
    """Return a lossless WebP of one colour, which takes no bits for any number of pixels."""
    data = encoded(Image.new("RGB", (8, 8), (1, 2, 3)), "WEBP", lossless=True)
    place = data.index(b"\x2f") + 1
    return data[:place] + struct.pack("<I", side - 1 | side - 1 << 14) + data[place + 4 :]


def png_with_texts() -> bytes:
    """Return a PNG with texts that unpack to a thousand times their size, in characters of four bytes each."""
    long = zlib.compress(("a" * 999_000 + "\U0001f600").encode())
    return png(9, 9, 8, 0, before=b"".join(png_chunk(b"iTXt", b"%d\0\1\0\0\0" % n + long) for n in range(60)))


class _Bits:
    def __init__(self) -> None:
        self._number = self._bits = 0
        self._bytes = bytearray()

    def write(self, number: int, bits: int) -> None:
        """Write a number, its lowest bit first."""
        self._number |= number << self._bits
        self._bits += bits
        while self._bits >= 8:
            self._bytes.append(self._number & 0xFF)
            self._number >>= 8
            self._bits -= 8

    def bytes(self) -> bytes:
        return bytes(self._bytes) + bytes([self._number])


def webp_of_many_codes(side: int = 1024) -> bytes:
    """Return a lossless WebP with 65,536 sets of codes: one for every 4×4 pixels, each with one symbol."""
    bits = _Bits()
    for number, width in ((0x2F, 8), (side - 1, 14), (side - 1, 14), (0, 4), (0, 2), (1, 1), (0, 3), (0, 1)):
        bits.write(number, width)  # no transformation, no colour cache, sets of codes for 4×4 pixels
    for unused in (24, 0):  # green and red: 256 codes of eight bits, the numbers of sets
        bits.write(0, 1)
        bits.write(8, 4)
        for symbol in (17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8):
            bits.write(int(symbol in (8, 18)), 3)
        bits.write(0, 257)
        if unused:
            bits.write(1, 1)
            bits.write(unused - 11, 7)
    nothing = 0b0001  # one symbol, of one bit, zero
    for _ in range(3):
        bits.write(nothing, 4)
    turned = [int(f"{number:08b}"[::-1], 2) for number in range(256)]
    for number in range((side // 4) ** 2):
        bits.write(turned[number & 0xFF] | turned[number >> 8 & 0xFF] << 8, 16)
    for _ in range(65_536):
        bits.write(nothing * 0x11111, 20)
    data = bits.bytes() + bytes(16)
    data += bytes(len(data) % 2)
    chunk = b"VP8L" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def gif(width: int, height: int, before: bytes = b"") -> bytes:
    """Return a GIF that declares a size; `before` precedes the picture."""
    data = encoded(Image.new("P", (1, 1)), "GIF")
    frame = data.index(b",\0\0\0\0")
    data = data[:frame] + before + data[frame:]
    return data[:6] + struct.pack("<HH", width, height) + data[10:]


def bmp_of_runs(width: int, height: int) -> bytes:
    """Return a BMP in which each pixel is a run of its own."""
    colours = bytes(range(256)) * 4
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, 0, 0, 0, 256, 0)
    return struct.pack("<2sIHHI", b"BM", 0, 0, 0, 54 + len(colours)) + head + colours + b"\1\5" * (width * height)


def tga(width: int, height: int) -> bytes:
    """Return a mirrored TGA of runs."""
    head = struct.pack("<BBBHHBHHHHBB", 0, 0, 10, 0, 0, 0, 0, 0, width, height, 32, 0x18)
    return head + b"\xff\0\0\0\0" * (width * height // 128) + bytes(26)


TRANSPARENT_PALETTE = png_chunk(b"PLTE", bytes(768)) + png_chunk(b"tRNS", bytes(range(256)))
TURNED = png_chunk(b"eXIf", b"II*\0" + struct.pack("<IHHHII", 8, 1, 0x0112, 3, 1, 6) + bytes(4))
SMALLEST_PRECINCTS = bytes([1, 0, 0, 1, 1, 5, 4, 4, 0, 1, *[0x11] * 6])
MAX_LAYERS = bytes([0, 0, 0xFF, 0xFF, 1, 5, 0, 0, 0, 1])

BOMBS: dict[str, Callable[[], bytes]] = {
    # large in memory
    "progressive JPEG": lambda: jpeg(40_000, 40_000, frame=0xC2),
    "progressive JPEG of four colours": lambda: jpeg(12_000, 12_000, frame=0xC2, components=4),
    "float TIFF": lambda: tiff(9_990, 9_990, bits=32, kind=3),
    "TIFF in one strip": lambda: tiff(TEN_THOUSAND, TEN_THOUSAND, samples=3, rows=TEN_THOUSAND),
    "16-bit PNG": lambda: png(TEN_THOUSAND, TEN_THOUSAND, 16, 0),
    "transparent PNG": lambda: png(TEN_THOUSAND, TEN_THOUSAND, 8, 6),
    "turned PNG": lambda: png(TEN_THOUSAND, TEN_THOUSAND, 8, 3, before=TRANSPARENT_PALETTE + TURNED),
    "turned TIFF": lambda: tiff(TEN_THOUSAND, TEN_THOUSAND, samples=3, more={274: 6}),
    "tall PNG": lambda: png(1, 50_000_000, 1, 0),
    "wide PNG": lambda: png(TEN_THOUSAND * TEN_THOUSAND, 1, 1, 0),
    "PNG in an icon": lambda: in_an_icon(png(TEN_THOUSAND, TEN_THOUSAND, 8, 6)),
    "JPEG 2000": lambda: jpeg2000(TEN_THOUSAND, TEN_THOUSAND),
    "JPEG 2000 of small precincts": lambda: jpeg2000(2000, 2000, style=SMALLEST_PRECINCTS),
    "JPEG 2000 of many tiles": lambda: jpeg2000(255, 255, tile=1),
    "WebP": lambda: webp(8000),
    "WebP of many codes": webp_of_many_codes,
    "AVIF that lies": lying_avif,
    "TGA": lambda: tga(9984, TEN_THOUSAND),
    "GIF": lambda: gif(TEN_THOUSAND, TEN_THOUSAND, before=b"!\xf9\x04\x09\0\0\0\0"),
    "PNG with texts": png_with_texts,
    # slow
    "JPEG of 2000 scans": lambda: jpeg(16_000, 16_000, frame=0xC2, scans=2000),
    "arithmetic JPEG": lambda: jpeg(65_500, 65_500, frame=0xC9)[:600] + b"\xff\xd9",
    "JPEG of many comments": lambda: jpeg(9, 9, before=segment(0xFE, b"") * 2_000_000),
    "JPEG of much EXIF": lambda: jpeg(9, 9, before=segment(0xE1, b"Exif\0\0" + bytes(60_000)) * 500),
    "JPEG of many tables": lambda: jpeg(9, 9, before=segment(0xDB, b"\0" + bytes(64)) * 200_000),
    "JPEG 2000 of many layers": lambda: jpeg2000(2000, 2000, style=MAX_LAYERS),
    "PNG of many chunks": lambda: png(9, 9, 8, 0, before=png_chunk(b"abCd", b"") * 1_000_000),
    "GIF of many blocks": lambda: gif(9, 9, before=b"!\xfe\1a" + b"\1a" * 4_000_000 + b"\0"),
    "PPM of words": lambda: b"P3 1800 1800 255\n" + b"1 " * (3 * 1800 * 1800),
    "PPM of comments": lambda: b"P2 100 100 255\n" + b"#\n" * 500_000 + b"1 " * 10_000,
    "PPM of odd depth": lambda: b"P6 2000 2000 1000\n" + bytes(2000 * 2000 * 6),
    "BMP of runs": lambda: bmp_of_runs(4000, 5000),
    "TIFF of many strips": lambda: tiff(1, 1_500_000, rows=1, compression=1),
}


def peak() -> int:
    """Return the peak memory of this process in bytes."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # `ru_maxrss` is wrong on Linux: a process starts with its parent's peak.
    (line,) = (line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def outcome(path: Path) -> tuple[str, float]:
    """Decode a file; return the outcome, and the processor time in seconds."""
    began = time.process_time()
    try:
        decode_file(path, SIZE)
        found = "pixels"
    except PictureError as error:
        found = error.reason.value
    return found, time.process_time() - began


def main() -> None:
    """Decode the files in a folder, or check it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if arguments.check:
        pool.usable_cores = lambda: 4
        dataset = checks.check_dataset(arguments.folder)
        found = {"pictures": len(dataset.pictures), "left out": [file.code for file in dataset.left_out]}
    else:
        found = {path.name: outcome(path) for path in sorted(arguments.folder.iterdir())}
    print(json.dumps({"peak": peak(), "found": found}))


if __name__ == "__main__":
    main()
