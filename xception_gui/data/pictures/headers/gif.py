"""GIF (89a): blocks. Comments and application data are skipped."""

from collections.abc import Iterator

from xception_gui.data.pictures.excerpt import Part, Readable
from xception_gui.data.pictures.headers.header import Header, HeaderError, read_exactly, size_of

MAGICS = (b"GIF87a", b"GIF89a")
SECONDS_A_PIXEL = 20e-9

_EXTENSION, _PICTURE, _END, _CONTROL = 0x21, 0x2C, 0x3B, 0xF9


def read(file: Readable, at_least: int | None) -> Header:
    """Read the blocks before the first frame of a GIF.

    Args:
        file: begins with one of `MAGICS`.
        at_least: ignored.

    Raises:
        HeaderError: there is no frame.
    """
    file.seek(6)
    screen = read_exactly(file, 7)
    colours = 13 + _palette(screen[4])
    parts: list[Part] = [(0, colours)]
    for label, begin, end in _blocks(file, colours):
        if label in (_CONTROL, _PICTURE):
            parts.append((begin, end))
    file.seek(parts[-1][0] + 1)
    frame = read_exactly(file, 8)
    width = max(_number(screen, 0), _number(frame, 0) + _number(frame, 4))
    height = max(_number(screen, 2), _number(frame, 2) + _number(frame, 6))
    return Header("GIF", width, height, parts, 0, width * height * SECONDS_A_PIXEL)


def _palette(flags: int) -> int:
    """Return the size in bytes of the colour table that follows."""
    return 3 << (flags & 7) + 1 if flags & 128 else 0


def _number(data: bytes, place: int) -> int:
    return int.from_bytes(data[place : place + 2], "little")


def _blocks(file: Readable, place: int) -> Iterator[tuple[int, int, int]]:
    """Yield the label, the first byte and the one after the last of each extension before the first frame, then of that
    frame, up to the end of the file.
    """
    begin = label = None
    while True:
        file.seek(place)
        byte = read_exactly(file, 1)[0]
        if begin is not None and label is not None:  # inside an extension: the block's length
            place += 1 + byte
            if byte == 0:
                yield label, begin, place
                begin = None
        elif byte == _EXTENSION:
            begin, label = place, read_exactly(file, 1)[0]
            place += 2
        elif byte == _PICTURE:
            yield _PICTURE, place, size_of(file)
            return
        elif byte == _END:
            raise HeaderError("contains no frame")
        else:  # some programs write an extra byte between blocks
            place += 1
