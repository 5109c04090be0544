"""WebP (RFC 9649): the size of the canvas. The decoder keeps two canvases and a copy.

Lossless pictures, and lossless transparency, may have a set of codes for every 16 pixels, each with its own tables.
"""

from xception_gui.data.pictures.excerpt import Readable
from xception_gui.data.pictures.headers.header import Header, HeaderError, read_exactly, size_of

MEMORY_A_PIXEL = 12
MEMORY_A_BYTE = 3  # of the file, which is read whole; EXIF, XMP and profile are copied
MEMORY_A_SET_OF_CODES = 6000
MAX_SETS = 65_536
BITS_A_SET = 36  # at least: 20 for the codes, 16 for where they are used
SECONDS_A_PIXEL = 45e-9

_LOSSY = b"VP8 "


def is_webp(beginning: bytes) -> bool:
    """Return whether a file begins like WebP."""
    return beginning.startswith(b"RIFF") and beginning[8:12] == b"WEBP"


def read(file: Readable, at_least: int | None) -> Header:
    """Read the first chunk of a WebP.

    Args:
        file: one for which `is_webp` is true of its first 12 bytes.
        at_least: ignored.

    Raises:
        HeaderError: there is no size in it.
    """
    file.seek(12)
    chunk = read_exactly(file, 18)
    width, height = _canvas(chunk)
    size = size_of(file)
    memory = MEMORY_A_PIXEL * width * height + MEMORY_A_BYTE * size
    sets = 0 if chunk.startswith(_LOSSY) else min(MAX_SETS, width * height // 16, 8 * size // BITS_A_SET)
    return Header(
        "WEBP",
        width,
        height,
        [(0, size)],
        memory,
        SECONDS_A_PIXEL * width * height,
        memory_of_a_bomb=MEMORY_A_SET_OF_CODES * sets,
    )


def _canvas(chunk: bytes) -> tuple[int, int]:
    """Return width and height, from the first chunk and its header."""
    if chunk.startswith(b"VP8X"):
        return int.from_bytes(chunk[12:15], "little") + 1, int.from_bytes(chunk[15:18], "little") + 1
    if chunk.startswith(b"VP8L"):
        bits = int.from_bytes(chunk[9:13], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk.startswith(_LOSSY):
        return int.from_bytes(chunk[14:16], "little") & 0x3FFF, int.from_bytes(chunk[16:18], "little") & 0x3FFF
    raise HeaderError("no size in its header")
