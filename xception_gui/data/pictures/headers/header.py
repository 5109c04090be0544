"""What a header says."""

from collections.abc import Sequence
from dataclasses import dataclass

from xception_gui.data.pictures.excerpt import Part, Readable

METADATA = 1_000_000
"""Bytes of EXIF and XMP data that are read for the orientation. By their standard, EXIF data have 64 kB at most."""

_PIECE = 1_000_000


class HeaderError(Exception):
    """A file ends, or stops making sense, before it has said what picture it holds."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says about its picture, and what it takes to decode that, at most.

    Attributes:
        kind: Pillow's name of the format.
        width: of what is decoded, in pixels: of a large JPEG, at a fraction of its size.
        height: likewise.
        parts: of the file, that the decoder needs.
        memory: bytes that its decoder takes, beside the picture itself at four bytes a pixel.
        seconds: that its decoder takes, on one core of an Intel Xeon (avx512). Measured, and rounded up.
        memory_of_a_bomb: bytes that it takes beyond `memory` if the file was made to take as many as it can, which its
            header doesn't show.
        beginning: what the decoder is to find at the beginning of the file, in the place of what is there.
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
        raise HeaderError("it ends in its header")
    return data


def size_of(file: Readable) -> int:
    """Return the size of a file, in bytes."""
    return file.seek(0, 2)


def count_of(file: Readable, wanted: bytes) -> int:
    """Count how often one or two bytes occur."""
    end, found = size_of(file), 0
    for begin in range(0, end, _PIECE):
        file.seek(begin)
        found += file.read(_PIECE + len(wanted) - 1).count(wanted)
    return found
