"""Boxes: the structure of JPEG 2000 (ISO/IEC 15444-1) and AVIF (ISO/IEC 14496-12) files."""

from collections.abc import Iterator
from dataclasses import dataclass

from xception_gui.data.pictures.excerpt import Readable


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a file: its contents are the bytes from `begin` to `end`."""

    kind: bytes  # four letters
    begin: int
    end: int


def boxes_in(file: Readable, begin: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two offsets of a file, one after the other, up to the first invalid one."""
    while True:
        file.seek(begin)
        head = file.read(16)
        size, contents = int.from_bytes(head[:4], "big"), begin + 8
        if size == 1:
            size, contents = int.from_bytes(head[8:], "big"), begin + 16
        stop = end if size == 0 else min(begin + size, end)
        if len(head) < 8 or stop < contents:
            return
        yield Box(head[4:8], contents, stop)
        begin = stop


def find(file: Readable, begin: int, end: int, *kinds: bytes) -> Iterator[Box]:
    """Yield each box of the last kind that is in a box of the kind before it, and so on."""
    for box in boxes_in(file, begin, end):
        if box.kind != kinds[0]:
            continue
        inside = box.begin + (4 if box.kind == b"meta" else 0)  # begins with a version
        if len(kinds) == 1:
            yield box
        else:
            yield from find(file, inside, box.end, *kinds[1:])
