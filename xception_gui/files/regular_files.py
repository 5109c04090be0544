"""Opening regular files only: opening a pipe would block for ever, and a device has no end."""

import errno
import mmap
import os
import stat
from io import BufferedReader
from pathlib import Path

_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
_WITHOUT_LINKS = getattr(os, "O_NOFOLLOW", 0)


class NotRegularError(OSError):
    """The path isn't that of a regular file."""


def open_regular(path: Path, *, through_links: bool = False) -> BufferedReader:
    """Open a regular file for reading.

    Args:
        path: of the file.
        through_links: follow a link at the end of the path: for files that a person names, not for those in a
            stranger's folder.

    Raises:
        NotRegularError: it isn't a regular file.
        OSError: it doesn't exist, or can't be read.
    """
    # First, since opening a device may have effects; and again on the open file, which can't be replaced any more.
    _refuse_other(path.stat() if through_links else path.lstat(), path)
    descriptor = os.open(path, os.O_RDONLY | _WITHOUT_WAITING | (0 if through_links else _WITHOUT_LINKS))
    try:
        _refuse_other(os.fstat(descriptor), path)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _refuse_other(status: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise NotRegularError(errno.EINVAL, "not a regular file", str(path))


def read_regular(path: Path, most_bytes: int, *, through_links: bool = False) -> bytes:
    """Read a regular file. See `open_regular`.

    Raises:
        OSError: as `open_regular`.
        ValueError: it is larger than `most_bytes`.
    """
    with open_regular(path, through_links=through_links) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most_bytes:
            raise ValueError(f"larger than {most_bytes / 1_000_000:,.3g} MB")
        return file.read(size)


def map_regular(path: Path, most_bytes: int) -> mmap.mmap:
    """Map a regular file that is never changed in place into memory. See `open_regular`.

    Returns:
        Its bytes; changes of them don't reach the file.

    Raises:
        OSError: as `open_regular`.
        ValueError: it is empty or larger than `most_bytes`.
    """
    with open_regular(path) as file:
        if os.fstat(file.fileno()).st_size > most_bytes:
            raise ValueError(f"larger than {most_bytes / 1_000_000:,.3g} MB")
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)


def is_regular(path: Path) -> bool:
    """Return whether a path is that of a regular file, not of a link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False
