"""What a decoder gets to see of a file: the parts that it needs, and not in endlessly many small pieces."""

from bisect import bisect_right
from collections.abc import Sequence
from io import SEEK_CUR, SEEK_END, SEEK_SET
from itertools import accumulate
from typing import Protocol

MAX_AT_ONCE = 4_000_000
"""Bytes in one piece, unless all that is left is asked for. Decoders that ask for more do so in a loop."""

Part = tuple[int, int]
"""First byte, and the one after the last."""


class Readable(Protocol):
    """A file, as far as pictures need one."""

    def read(self, size: int = ..., /) -> bytes: ...
    def seek(self, offset: int, whence: int = ..., /) -> int: ...
    def tell(self) -> int: ...


class TooManyPiecesError(Exception):
    """A file is read in more pieces than any picture needs."""


class Counted:
    """A file that is read in a limited number of pieces.

    Headers are read in loops of Python, each round of which takes a microsecond and may leave something in memory:
    whoever writes millions of empty entries into a small file would keep it busy for minutes.

    Args:
        file: can seek.
        pieces: that may be read.
        most: bytes that may be read in all.
    """

    def __init__(self, file: Readable, pieces: int, most: int | None = None) -> None:
        self._file = file
        self._pieces_left = pieces
        self._bytes_left = most
        self.seek = file.seek
        self.tell = file.tell

    def read(self, size: int | None = -1, /) -> bytes:
        """Read `size` bytes, or all that are left; fewer where there are no more, or where it would be very many.

        Raises:
            TooManyPiecesError: it was read too often, or too much of it.
        """
        data = self._file.read(-1 if size is None or size < 0 else min(size, MAX_AT_ONCE))
        self._pieces_left -= 1
        if self._bytes_left is not None:
            self._bytes_left -= len(data)
        if self._pieces_left < 0 or (self._bytes_left is not None and self._bytes_left < 0):
            raise TooManyPiecesError
        return data


class Excerpt:
    """Parts of a file, one behind the other, read as if they were all of it.

    Args:
        file: can seek.
        parts: of the file; none is empty.
    """

    def __init__(self, file: Readable, parts: Sequence[Part]) -> None:
        self._file = file
        self._parts = parts
        self._begins = [0, *accumulate(end - begin for begin, end in parts)]
        self._position = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Read `size` bytes, or all that are left; fewer where there are no more."""
        wanted = max(self._begins[-1] - self._position, 0)
        if size is not None and size >= 0:
            wanted = min(wanted, size)
        pieces = []
        while wanted > 0:
            piece = self._read_piece(wanted)
            if not piece:  # the file ends before its parts do
                break
            pieces.append(piece)
            wanted -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _read_piece(self, wanted: int) -> bytes:
        index = bisect_right(self._begins, self._position) - 1
        begin, end = self._parts[index]
        offset = begin + self._position - self._begins[index]
        self._file.seek(offset)
        piece = self._file.read(min(wanted, end - offset))
        self._position += len(piece)
        return piece

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        """Go to a place in the parts, as in any file."""
        start = {SEEK_SET: 0, SEEK_CUR: self._position, SEEK_END: self._begins[-1]}[whence]
        if start + offset < 0:
            raise ValueError(f"negative place in a file: {start + offset}")
        self._position = start + offset
        return self._position

    def tell(self) -> int:
        """Return where the next byte is read."""
        return self._position


class Begun:
    """A file that begins with other bytes than there are, which say which of its pictures is meant.

    Args:
        file: can seek.
        beginning: stands in the place of as many of its bytes.
    """

    def __init__(self, file: Readable, beginning: bytes) -> None:
        self._file = file
        self._beginning = beginning
        self.seek = file.seek
        self.tell = file.tell

    def read(self, size: int | None = -1, /) -> bytes:
        """Read `size` bytes, or all that are left; fewer where there are no more."""
        place = self._file.tell()
        data = self._file.read(-1 if size is None else size)
        begun = self._beginning[place : place + len(data)]
        return begun + data[len(begun) :] if begun else data
