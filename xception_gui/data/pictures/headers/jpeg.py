"""JPEG (ITU-T T.81): the segments before the first scan, and the number of scans.

A baseline picture has one scan and is decoded row by row, at a fraction of its size if wanted. A progressive one, or
one with a scan for each colour, is kept at full size until its last scan, and each scan passes over all of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xception_gui.data.pictures.excerpt import Part, Readable, TooManyPiecesError
from xception_gui.data.pictures.headers.header import METADATA, Header, HeaderError, read_exactly, size_of

MAGIC = b"\xff\xd8\xff"
LONGEST_SEGMENT = 65_537  # bytes
MAX_NEEDED = 1_000_000
"""Bytes of tables before the first scan. Ordinary pictures have a few hundred."""

SECONDS_A_SAMPLE = 0.3e-9
SECONDS_A_SAMPLE_OF_SEVERAL_SCANS = 0.6e-9  # for each scan
SECONDS_A_SAMPLE_ARITHMETIC = 4e-9  # for each scan, with the rare arithmetic coding
SECONDS_A_SCAN = 50e-6
SECONDS_A_BYTE = 7e-9
SECONDS_A_BYTE_OF_SEVERAL_SCANS = 16e-9
LONGEST = 10.0  # seconds of estimated decoding, at which counting scans ends

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}) | {0xDE}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_ARITHMETIC = frozenset(range(0xC9, 0xD0))
_TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDC, 0xDD})
_SCAN, _END = 0xDA, 0xD9
_WITHOUT_LENGTH = frozenset({0xC8, *range(0xD0, 0xDA), *range(0xF0, 0xFE)})
_MARKER = re.compile(rb"\xff[^\x00\xff]", re.DOTALL)
_MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)  # FF 00 is a byte of the scan, FF D0 a restart
_PIECE = 16_384  # bytes


@dataclass(frozen=True, slots=True)
class _Frame:
    marker: int
    width: int
    height: int
    samplings: tuple[tuple[int, int], ...]  # of each component, horizontal and vertical

    @property
    def samples(self) -> int:
        """Samples of all components, in whole blocks."""
        across = max((h for h, _ in self.samplings), default=1)
        down = max((v for _, v in self.samplings), default=1)
        columns, rows = -(-self.width // (8 * across)), -(-self.height // (8 * down))
        return sum(64 * columns * h * rows * v for h, v in self.samplings)


def read(file: Readable, at_least: int | None) -> Header:
    """Read the header of a JPEG.

    Args:
        file: begins with `MAGIC`.
        at_least: pixels; the picture may be decoded at 1/2, 1/4 or 1/8 of its size, neither side below this.

    Raises:
        HeaderError: there is no scan.
        TooManyPiecesError: the tables before the scan are too large.
    """
    size = size_of(file)
    parts: list[Part] = [(0, 2)]
    needed = metadata = 0
    frame = None
    for marker, begin, end in _segments(file):
        if marker == _SCAN:
            if frame is None:
                raise HeaderError("contains no frame")
            parts.append((begin, max(size, end)))
            return _header(file, frame, (begin, end), parts, at_least)
        if marker in _FRAMES:
            frame = _frame(file, marker, begin)
        if marker in _FRAMES or marker in _TABLES or _says_how_colours_are_meant(file, marker, begin):
            needed += end - begin
        elif _may_say_how_it_is_turned(file, marker, begin) and metadata + end - begin <= METADATA:
            metadata += end - begin
        else:
            continue
        if needed > MAX_NEEDED:
            raise TooManyPiecesError
        parts.append((begin, end))
    raise HeaderError("contains no scan")


def _header(file: Readable, frame: _Frame, scan: Part, parts: list[Part], at_least: int | None) -> Header:
    file.seek(scan[0] + 4)
    components = read_exactly(file, 1)[0]
    several = frame.marker in _PROGRESSIVE or components < len(frame.samplings)
    each = SECONDS_A_SCAN + _seconds_a_sample(frame, several) * frame.samples
    scans = _count_scans(file, scan[1], most=int(LONGEST / each) + 1) if several else 1
    seconds = scans * each + size_of(file) * (SECONDS_A_BYTE_OF_SEVERAL_SCANS if several else SECONDS_A_BYTE)
    scale = _scale(frame, at_least)
    return Header(
        "JPEG",
        -(-frame.width // scale),
        -(-frame.height // scale),
        parts,
        memory=2 * frame.samples if several else 0,
        seconds=seconds,
    )


def _seconds_a_sample(frame: _Frame, several: bool) -> float:
    if frame.marker in _ARITHMETIC:
        return SECONDS_A_SAMPLE_ARITHMETIC
    return SECONDS_A_SAMPLE_OF_SEVERAL_SCANS if several else SECONDS_A_SAMPLE


def _scale(frame: _Frame, at_least: int | None) -> int:
    """Choose the fraction as Pillow's `draft` does."""
    if at_least is None:
        return 1
    most = min(frame.width, frame.height) // at_least
    return next((scale for scale in (8, 4, 2) if most >= scale), 1)


def _segments(file: Readable) -> Iterator[tuple[int, int, int]]:
    """Yield the marker, the first byte and the one after the last of each segment up to the first scan's."""
    place = 2
    while True:
        file.seek(place)
        head = read_exactly(file, 4)
        if head[0] != 0xFF or head[1] in (0, 0xFF):  # padding, or garbage
            place = _find(file, place, _MARKER)
        elif head[1] in _WITHOUT_LENGTH:
            place += 2
        else:
            begin, place = place, place + 2 + int.from_bytes(head[2:], "big")
            yield head[1], begin, place
            if head[1] == _SCAN:
                return


def _find(file: Readable, place: int, pattern: re.Pattern[bytes]) -> int:
    """Find the next marker.

    Raises:
        HeaderError: there is none.
    """
    while True:
        file.seek(place)
        piece = file.read(_PIECE)
        found = pattern.search(piece)
        if found is not None:
            return place + found.start()
        if len(piece) < 2:
            raise HeaderError("contains no scan")
        place += len(piece) - 1  # the marker may start with the last byte


def _frame(file: Readable, marker: int, begin: int) -> _Frame:
    file.seek(begin + 5)
    fields = read_exactly(file, 5)
    layout = file.read(3 * fields[4])
    samplings = tuple((byte >> 4 or 1, byte & 15 or 1) for byte in layout[1::3])
    height, width = int.from_bytes(fields[:2], "big"), int.from_bytes(fields[2:4], "big")
    return _Frame(marker, width, height, samplings)


def _says_how_colours_are_meant(file: Readable, marker: int, begin: int) -> bool:
    wanted = {0xE0: b"JFIF", 0xEE: b"Adobe"}.get(marker)
    return wanted is not None and _beginning(file, begin, len(wanted)) == wanted


def _may_say_how_it_is_turned(file: Readable, marker: int, begin: int) -> bool:
    return marker == 0xE1 and _beginning(file, begin, 29).startswith((b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"))


def _beginning(file: Readable, begin: int, size: int) -> bytes:
    file.seek(begin + 4)
    return file.read(size)


def _count_scans(file: Readable, place: int, most: int) -> int:
    """Count the scans, up to `most`, after the header of the first one; thumbnails, which precede it, don't count."""
    scans = 1
    while scans < most:
        try:
            begin = _find(file, place, _MARKER_IN_SCAN)
            file.seek(begin + 1)
            marker = read_exactly(file, 1)[0]
            if marker == _END:
                break
            place = begin + 2 + int.from_bytes(read_exactly(file, 2), "big")
        except HeaderError:  # cut off
            break
        scans += marker == _SCAN
    return scans
