"""PNG (ISO/IEC 15948): chunks. Texts, profiles and animations are skipped: they change no pixel."""

import re
from collections.abc import Iterator

from xception_gui.data.pictures.excerpt import Part, Readable
from xception_gui.data.pictures.headers.header import METADATA, Header, HeaderError, read_exactly, size_of

MAGIC = b"\x89PNG\r\n\x1a\n"
SECONDS_A_CHUNK = 10e-6
SECONDS_A_BYTE = 8e-9
SECONDS_A_BYTE_UNPACKED = 2.5e-9
SECONDS_A_PIXEL = 12e-9

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_TEXTS = (b"XML:com.adobe.xmp\0", b"Raw profile type exif\0")  # may contain the orientation
_LONGEST_NAME = max(map(len, _TEXTS))
_NAME = re.compile(rb"\w{4}")


def read(file: Readable, at_least: int | None) -> Header:
    """Read the chunks of a PNG.

    Args:
        file: begins with `MAGIC`.
        at_least: ignored.

    Raises:
        HeaderError: there is no size in it.
    """
    parts: list[Part] = [(0, len(MAGIC))]
    sizes: list[tuple[int, int, int]] = []  # width, height, bytes a row
    chunks = metadata = 0
    for name, begin, end in _chunks(file):
        chunks += 1
        if name == b"IHDR":
            sizes.append(_size(file, begin + 8))
        if name not in _NEEDED:
            if not _may_say_how_it_is_turned(file, name, begin) or metadata + end - begin > METADATA:
                continue
            metadata += end - begin
        if begin == parts[-1][1]:
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((begin, end))
    if not sizes:
        raise HeaderError("no size in its header")
    width, height, row = max(sizes, key=lambda size: size[0] * size[1])
    seconds = SECONDS_A_CHUNK * chunks + SECONDS_A_BYTE * size_of(file)
    seconds += SECONDS_A_BYTE_UNPACKED * row * height + SECONDS_A_PIXEL * width * height
    return Header("PNG", width, height, parts, 0, seconds)


def _chunks(file: Readable) -> Iterator[tuple[bytes, int, int]]:
    """Yield the name, the first byte and the one after the last of each chunk, up to the first invalid one."""
    size = size_of(file)
    place = len(MAGIC)
    while True:
        file.seek(place)
        head = file.read(8)
        name, end = head[4:], place + 12 + int.from_bytes(head[:4], "big")
        if not _NAME.fullmatch(name):
            return
        yield name, place, min(end, size)
        if name == b"IEND":
            return
        place = end


def _size(file: Readable, place: int) -> tuple[int, int, int]:
    file.seek(place)
    fields = read_exactly(file, 10)
    width, height = int.from_bytes(fields[:4], "big"), int.from_bytes(fields[4:8], "big")
    return width, height, width * fields[8] * _CHANNELS.get(fields[9], 4) // 8 + 1


def _may_say_how_it_is_turned(file: Readable, name: bytes, begin: int) -> bool:
    if name in (b"iTXt", b"tEXt", b"zTXt"):
        file.seek(begin + 8)
        return file.read(_LONGEST_NAME).startswith(_TEXTS)
    return name == b"eXIf"
