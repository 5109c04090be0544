"""Files opened so that nothing but a regular file is ever read: whoever opened a pipe would wait for ever, and a device
has no end."""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
_WITHOUT_LINKS = getattr(os, "O_NOFOLLOW", 0)


class NotRegularError(OSError):
    """What has this path is no regular file."""


def open_regular(path: Path, *, through_links: bool = False) -> BufferedReader:
    """Open a regular file for reading.

    Args:
        path: of the file.
        through_links: also where the last part of the path is a link to one: for files that a person names, not for
            those that lie in a folder of a stranger's.

    Raises:
        NotRegularError: it is something else.
        OSError: there is none, or it may not be read.
    """
    # First, as opening a device may do something; and again once it is open, as nobody can swap it from then on.
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
        raise NotRegularError(errno.EINVAL, "it is no regular file", str(path))


def read_regular(path: Path, most_bytes: int, *, through_links: bool = False) -> bytes:
    """Read a regular file. See `open_regular`.

    Raises:
        OSError: as `open_regular`.
        ValueError: it holds more than `most_bytes`.
    """
    with open_regular(path, through_links=through_links) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most_bytes:
            raise ValueError(f"it is larger than {most_bytes / 1_000_000:,.3g} MB")
        return file.read(size)


def is_regular(path: Path) -> bool:
    """Return whether a path is a regular file itself, not by a link."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False
