"""File objects for decoders: only the needed parts of a file, in a limited number of reads."""

from bisect import bisect_right
from collections.abc import Sequence
from io import SEEK_CUR, SEEK_END, SEEK_SET
from itertools import accumulate
from typing import Protocol

MAX_AT_ONCE = 4_000_000
"""Bytes in one read, unless the whole rest is asked for. Decoders that need more read in a loop."""

Part = tuple[int, int]
"""First byte, and the one after the last."""


class Readable(Protocol):
    """The part of the file interface that decoders use."""

    def read(self, size: int = ..., /) -> bytes: ...
    def seek(self, offset: int, whence: int = ..., /) -> int: ...
    def tell(self) -> int: ...


class TooManyPiecesError(Exception):
    """A file is read in more pieces than any picture needs."""


class Counted:
    """A file with a limited number of reads.

    Headers are read in Python loops, where each round takes a microsecond and may allocate memory: millions of empty
    entries in a small file would keep them busy for minutes.

    Args:
        file: seekable.
        pieces: limit of reads.
        most: limit of bytes in all reads.
    """

    def __init__(self, file: Readable, pieces: int, most: int | None = None) -> None:
        self._file = file
        self._pieces_left = pieces
        self._bytes_left = most
        self.seek = file.seek
        self.tell = file.tell

    def read(self, size: int | None = -1, /) -> bytes:
        """Read `size` bytes, or all that are left; fewer at the end of the file, or for a very large `size`.

        Raises:
            TooManyPiecesError: one of the limits was exceeded.
        """
        data = self._file.read(-1 if size is None or size < 0 else min(size, MAX_AT_ONCE))
        self._pieces_left -= 1
        if self._bytes_left is not None:
            self._bytes_left -= len(data)
        if self._pieces_left < 0 or (self._bytes_left is not None and self._bytes_left < 0):
            raise TooManyPiecesError
        return data


class Excerpt:
    """Parts of a file, read as if they were the whole file.

    Args:
        file: seekable.
        parts: of the file, in order; none is empty.
    """

    def __init__(self, file: Readable, parts: Sequence[Part]) -> None:
        self._file = file
        self._parts = parts
        self._begins = [0, *accumulate(end - begin for begin, end in parts)]
        self._position = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Read `size` bytes, or all that are left; fewer at the end."""
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
        """Move to a position in the parts, as in any file."""
        start = {SEEK_SET: 0, SEEK_CUR: self._position, SEEK_END: self._begins[-1]}[whence]
        if start + offset < 0:
            raise ValueError(f"negative place in a file: {start + offset}")
        self._position = start + offset
        return self._position

    def tell(self) -> int:
        """Return the position of the next byte."""
        return self._position


class Begun:
    """A file whose first bytes are replaced, to select another of its pictures.

    Args:
        file: seekable.
        beginning: replaces the same number of bytes.
    """

    def __init__(self, file: Readable, beginning: bytes) -> None:
        self._file = file
        self._beginning = beginning
        self.seek = file.seek
        self.tell = file.tell

    def read(self, size: int | None = -1, /) -> bytes:
        """Read `size` bytes, or all that are left; fewer at the end."""
        place = self._file.tell()
        data = self._file.read(-1 if size is None else size)
        begun = self._beginning[place : place + len(data)]
        return begun + data[len(begun) :] if begun else data
