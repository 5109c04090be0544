"""The contents of a header."""

from collections.abc import Sequence
from dataclasses import dataclass

from xception_gui.data.pictures.excerpt import Part, Readable

METADATA = 1_000_000
"""Bytes of EXIF and XMP data that are read for the orientation. Standard EXIF data have 64 kB at most."""

_PIECE = 1_000_000


class HeaderError(Exception):
    """A file ends, or is inconsistent, before its picture is described."""


@dataclass(frozen=True, slots=True)
class Header:
    """A file's description of its picture, and the most that decoding it takes.

    Attributes:
        kind: Pillow's name of the format.
        width: pixels after decoding: a fraction of the full size for a large JPEG.
        height: likewise.
        parts: parts of the file that the decoder needs.
        memory: bytes that the decoder takes, besides the picture itself at four bytes a pixel.
        seconds: time that the decoder takes on one core of an Intel Xeon (avx512). Measured, and rounded up.
        memory_of_a_bomb: bytes beyond `memory` that decoding takes if the file was made to take as many as possible,
            which its header doesn't show.
        beginning: bytes that replace the beginning of the file for the decoder.
    """

    kind: str
    width: int
    height: int
    parts: Sequence[Part]
    memory: int
    seconds: float
    memory_of_a_bomb: int = 0
    beginning: bytes = b""

    @property
    def is_whole(self) -> bool:
        """Whether the decoder needs all of the file."""
        return len(self.parts) == 1


def read_exactly(file: Readable, size: int) -> bytes:
    """Read `size` bytes.

    Raises:
        HeaderError: there are fewer.
    """
    data = file.read(size)
    if len(data) < size:
        raise HeaderError("ends within its header")
    return data


def size_of(file: Readable) -> int:
    """Return the size of a file in bytes."""
    return file.seek(0, 2)


def count_of(file: Readable, wanted: bytes) -> int:
    """Count the occurrences of one or two bytes."""
    end, found = size_of(file), 0
    for begin in range(0, end, _PIECE):
        file.seek(begin)
        found += file.read(_PIECE + len(wanted) - 1).count(wanted)
    return found
