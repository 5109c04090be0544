"""JPEG 2000 (ITU-T T.800): the sizes of picture and tiles, and the number of pieces into which they are divided.

A file of a thousand bytes may contain a picture of any size in any number of pieces, and each piece takes memory.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from xception_gui.data.pictures.excerpt import Readable
from xception_gui.data.pictures.headers.boxes import find
from xception_gui.data.pictures.headers.header import Header, HeaderError, read_exactly, size_of

CODESTREAM = b"\xff\x4f\xff\x51"
MAGICS = (CODESTREAM, b"\0\0\0\x0cjP  \r\n\x87\n")

MEMORY_A_SAMPLE = 5.2  # of a tile
MEMORY_A_TILE = 6000
MEMORY_A_COMPONENT_OF_A_TILE = 1200
MEMORY_A_PRECINCT = 1000
MEMORY_A_BLOCK = 300
SECONDS_A_SAMPLE = 12e-9
SECONDS_A_BYTE = 130e-9
SECONDS_A_TILE = 50e-6
SECONDS_A_PACKET = 1e-6

_TILE_PART, _DATA, _END, _STYLE, _STYLE_OF_COMPONENT = 0x90, 0x93, 0xD9, 0x52, 0x53


@dataclass(frozen=True, slots=True)
class _Grid:
    width: int
    height: int
    tile: tuple[int, int]  # width and height
    tiles: int
    components: int


@dataclass(frozen=True, slots=True)
class _Style:
    """The division of tiles."""

    layers: int
    levels: int
    block: int  # samples, at most
    precincts: tuple[tuple[int, int], ...]  # powers of two, for each resolution from the smallest

    def counts(self, tile: tuple[int, int]) -> tuple[int, int]:
        """Return the number of precincts of one component of a tile, and of their blocks."""
        precincts = blocks = 0
        for resolution in range(self.levels + 1):
            width, height = (math.ceil(side / 2 ** (self.levels - resolution)) for side in tile)
            across, down = self.precincts[min(resolution, len(self.precincts) - 1)] if self.precincts else (15, 15)
            here = math.ceil(width / 2**across) * math.ceil(height / 2**down)
            precincts += here
            blocks += max(width * height // max(min(self.block, 2 ** (across + down - 2)), 1), here)
        return precincts, blocks


def read(file: Readable, at_least: int | None) -> Header:
    """Read the headers of a JPEG 2000.

    Args:
        file: begins with one of `MAGICS`.
        at_least: ignored.

    Raises:
        HeaderError: there is no picture in it.
    """
    size = size_of(file)
    begin = _codestream(file, size)
    grid = _grid(file, begin + 4)
    memory, seconds = 0.0, size * SECONDS_A_BYTE + grid.tiles * SECONDS_A_TILE
    for style in {*_styles(file, begin, size)}:
        precincts, blocks = style.counts(grid.tile)
        packets = style.layers * grid.components * precincts
        dividing = grid.components * (precincts * MEMORY_A_PRECINCT + blocks * MEMORY_A_BLOCK) + 4 * packets
        memory = max(memory, dividing)
        seconds = max(seconds, size * SECONDS_A_BYTE + grid.tiles * (SECONDS_A_TILE + packets * SECONDS_A_PACKET))
    samples = grid.components * grid.tile[0] * grid.tile[1]
    memory += MEMORY_A_SAMPLE * samples
    memory += grid.tiles * (MEMORY_A_TILE + MEMORY_A_COMPONENT_OF_A_TILE * grid.components)
    seconds += grid.components * grid.width * grid.height * SECONDS_A_SAMPLE
    return Header("JPEG2000", grid.width, grid.height, [(0, size)], int(memory) + size, seconds)


def _codestream(file: Readable, size: int) -> int:
    file.seek(0)
    if file.read(4) == CODESTREAM:
        return 0
    for box in find(file, 0, size, b"jp2c"):
        file.seek(box.begin)
        if file.read(4) == CODESTREAM:
            return box.begin
    raise HeaderError("contains no picture")


def _grid(file: Readable, place: int) -> _Grid:
    file.seek(place + 4)
    right, bottom, left, top, *tile, tiles_left, tiles_top, components = struct.unpack(
        ">IIIIIIIIH", read_exactly(file, 34)
    )
    if not (right > left and bottom > top and all(tile) and components):
        raise HeaderError("impossible sizes")
    width, height = right - left, bottom - top
    tiles = math.ceil((right - tiles_left) / tile[0]) * math.ceil((bottom - tiles_top) / tile[1])
    return _Grid(width, height, (min(tile[0], width), min(tile[1], height)), tiles, components)


def _styles(file: Readable, begin: int, end: int) -> Iterator[_Style]:
    """Yield the division in the headers of the picture and of all its tiles."""
    layers = 1
    for marker, place, length in _markers(file, begin + 2, end):
        if marker not in (_STYLE, _STYLE_OF_COMPONENT):
            continue
        file.seek(place)
        fields = file.read(length)
        if marker == _STYLE:
            layers = int.from_bytes(fields[2:4], "big")
            flags, fields = fields[0], fields[5:]
        else:  # the component's number has one byte or two: yield both readings
            yield from _style(layers, fields[2], fields[3:])
            flags, fields = fields[1], fields[2:]
        yield from _style(layers, flags, fields)


def _style(layers: int, flags: int, fields: bytes) -> Iterator[_Style]:
    if len(fields) < 5:
        return
    levels, across, down = min(fields[0], 32), (fields[1] & 15) + 2, (fields[2] & 15) + 2
    precincts = tuple((byte & 15, byte >> 4) for byte in fields[5 : 6 + levels]) if flags & 1 else ()
    yield _Style(layers, levels, 2 ** min(across + down, 12), precincts)


def _markers(file: Readable, place: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield each marker of the headers, the offset of its contents and their length."""
    next_part = end
    while True:
        file.seek(place)
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] == _END:
            return
        marker, length = head[1], int.from_bytes(head[2:], "big")
        if marker == _DATA:
            place = next_part
            continue
        if marker == _TILE_PART:
            fields = file.read(8)
            next_part = place + int.from_bytes(fields[2:6], "big")
            if next_part <= place:  # the last part, up to the end
                next_part = end
        yield marker, place + 4, length - 2
        place += 2 + length
