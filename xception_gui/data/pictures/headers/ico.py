"""Icons: the picture that Pillow opens, regardless of the size in its entry."""

from xception_gui.data.pictures.excerpt import Excerpt, Readable
from xception_gui.data.pictures.headers import png
from xception_gui.data.pictures.headers.header import Header, HeaderError, read_exactly, size_of

MAGIC = b"\0\0\1\0"
MEMORY_A_PIXEL = 16  # a second copy with transparency, and its mask
MEMORY_A_BYTE = 4
SECONDS_A_PIXEL = 100e-9


def read(file: Readable, at_least: int | None) -> Header:
    """Read the sizes of the largest picture in an icon.

    Args:
        file: begins with `MAGIC`.
        at_least: ignored.

    Raises:
        HeaderError: there is no picture in it.
    """
    file.seek(4)
    entries = read_exactly(file, 16 * int.from_bytes(read_exactly(file, 2), "little"))
    if not entries:
        raise HeaderError("contains no picture")
    chosen = min((entries[at : at + 16] for at in range(0, len(entries), 16)), key=_order)
    width, height = _size(file, int.from_bytes(chosen[12:], "little"))
    pixels, size = width * height, size_of(file)
    memory = MEMORY_A_PIXEL * pixels + MEMORY_A_BYTE * size
    return Header("ICO", width, height, [(0, size)], memory, SECONDS_A_PIXEL * pixels)


def _order(entry: bytes) -> tuple[int, int]:
    """Return Pillow's sort key: the largest first, then the one with the fewest colours."""
    width, height, colours = entry[0] or 256, entry[1] or 256, entry[2]
    depth = int.from_bytes(entry[6:8], "little") or (colours and (colours - 1).bit_length()) or 256
    return -width * height, depth


def _size(file: Readable, place: int) -> tuple[int, int]:
    file.seek(place)
    head = read_exactly(file, 12)
    if head.startswith(png.MAGIC):
        inside = png.read(Excerpt(file, [(place, size_of(file))]), None)
        return inside.width, inside.height
    if int.from_bytes(head[:4], "little") == 12:  # OS/2
        return int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")
    width, height = (abs(int.from_bytes(head[at : at + 4], "little", signed=True)) for at in (4, 8))
    return width, height  # picture and mask together: an overestimate
