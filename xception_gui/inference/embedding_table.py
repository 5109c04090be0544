"""Many embeddings as one array: in memory or, if there are too many, in a memory-mapped file."""

import errno
import os
import tempfile
import weakref
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from xception_gui import paths
from xception_gui.domain.errors import cannot_write
from xception_gui.inference.backbone import Embedding

ROWS_IN_MEMORY = 20_000
"""More rows go into a file. These take 268 MB for Xception."""

AT_ONCE = 1_000_000
"""Bytes of zeros written at once where the system can't allocate space."""

_CANT_ALLOCATE = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
"""Errors of file systems that can't allocate space."""


class EmbeddingTable:
    """Embeddings as rows, in the order in which they were added.

    Args:
        rows: the most that can be added.
        embedding_size: numbers in an embedding.

    Raises:
        ProgramError: CANNOT_WRITE, there are too many for memory, and the disk has no room for them.
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
            ProgramError: CANNOT_WRITE, the disk doesn't take it.
        """
        if self._file is None:
            self._rows[self._count] = embedding
        else:
            self._file.append(embedding)
        self._count += 1

    @property
    def embeddings(self) -> NDArray[np.float16]:
        """The rows added so far, (N, D): a view."""
        return self._rows[: self._count]


class _RowsOnDisk:
    """Rows in a nameless file that disappears with the process. It is in the cache, since the system's folder for such
    files may be in memory.

    Rows are read from mapped memory but written as to any file: a process that writes to mapped memory for which the
    disk has no room is killed (SIGBUS), and some file systems need more room for that than was allocated.

    Args:
        count: rows.
        width: numbers in a row.

    Attributes:
        rows: all rows, (count, width); zeros until they are written.
    """

    def __init__(self, count: int, width: int) -> None:
        self._folder = paths.cache_folder()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 - stays open
            weakref.finalize(self, self._file.close)
            _allocate(self._file, count * width * np.dtype(np.float16).itemsize)
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


def _allocate(file: BinaryIO, size: int) -> None:
    """Make a file `size` bytes long, with all of them allocated on the disk.

    Raises:
        OSError: the disk has no room for them.
    """
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(file.fileno(), 0, size)
            return
        except OSError as error:
            if error.errno not in _CANT_ALLOCATE:
                raise
    zeros = bytes(AT_ONCE)
    for begin in range(0, size, AT_ONCE):
        _write_all(file, zeros[: size - begin])


def _write_all(file: BinaryIO, data: bytes) -> None:
    """Write all bytes: a disk that fills up takes part of them without an error."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]
