"""Many embeddings as one array, in memory or, where there are too many, in a file that is mapped into it."""

import errno
import os
import tempfile
import weakref
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from xception_gui import paths
from xception_gui.inference.backbone import Embedding
from xception_gui.runs.atomic import cannot_write

ROWS_IN_MEMORY = 20_000
"""268 MB of Xception's embeddings."""

AT_ONCE = 1_000_000
"""Bytes of zeros that are written at once where the system can't set room aside."""

_CANT_SET_ASIDE = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
"""What file systems say that know no such thing."""


class EmbeddingTable:
    """Embeddings, a row each, in the order in which they were added.

    Args:
        rows: that it has room for.
        embedding_size: numbers in an embedding.

    Raises:
        ProgramError: CANNOT_WRITE, they are too many for the memory, and the disk has no room for them.
    """

    def __init__(self, rows: int, embedding_size: int) -> None:
        self._file = _RowsOnDisk(rows, embedding_size) if rows > ROWS_IN_MEMORY else None
        self._rows = np.empty((rows, embedding_size), np.float16) if self._file is None else self._file.rows
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, embedding: Embedding) -> None:
        """Add a row.

        Raises:
            ProgramError: CANNOT_WRITE, the disk takes it no more.
        """
        if self._file is None:
            self._rows[self._count] = embedding
        else:
            self._file.append(embedding)
        self._count += 1

    @property
    def embeddings(self) -> NDArray[np.float16]:
        """What was added so far, (N, D): a view."""
        return self._rows[: self._count]


class _RowsOnDisk:
    """Rows in a file that has no name and ends with the process; not in the system's place for such files, which may
    lie in memory itself.

    They are read by way of the memory but written as files are: whoever writes into mapped memory for which the disk
    has no room is ended by the system (SIGBUS), and some file systems need more room for that than they had set aside.

    Args:
        count: rows.
        width: numbers in a row.

    Attributes:
        rows: all of them, (count, width), zeros before they are written.
    """

    def __init__(self, count: int, width: int) -> None:
        self._folder = paths.cache_folder()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 - stays open
            weakref.finalize(self, self._file.close)
            _set_aside(self._file, count * width * np.dtype(np.float16).itemsize)
            self.rows: NDArray[np.float16] = np.memmap(self._file, np.float16, "r", shape=(count, width))
        except OSError as error:
            raise cannot_write(self._folder, error) from error
        self._file.seek(0)

    def append(self, embedding: Embedding) -> None:
        """Write the next row."""
        try:
            _write_all(self._file, embedding.astype(np.float16).tobytes())
        except OSError as error:
            raise cannot_write(self._folder, error) from error


def _set_aside(file: BinaryIO, size: int) -> None:
    """Make a file `size` bytes long, all of which the disk has room for.

    Raises:
        OSError: it hasn't.
    """
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(file.fileno(), 0, size)
            return
        except OSError as error:
            if error.errno not in _CANT_SET_ASIDE:
                raise
    zeros = bytes(AT_ONCE)
    for begin in range(0, size, AT_ONCE):
        _write_all(file, zeros[: size - begin])


def _write_all(file: BinaryIO, data: bytes) -> None:
    """Write all of it: a disk that fills up takes a part without an error."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]
