"""What shows whether a file is still the one that was looked at, without reading it."""

import io
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

COARSEST_CLOCK = 2_000_000_000
"""Nanoseconds: FAT knows the time of a change to two seconds. A file that changed so shortly before it was looked at
could change once more and look the same."""


@dataclass(frozen=True, slots=True)
class FileState:
    """A file with another state may hold something else; one with the same state holds the same.

    Size and time of change aren't enough: whoever writes a file may set that time afterwards, as photo tools and copies
    do. The time at which the system itself last changed anything about the file can't be set; and a file that takes
    the place of another one has another inode. These are what Git goes by, too. Windows tells the time at which the
    file was made instead, and some file systems there no inode: a file that is written over in place, with its size
    and its time kept, looks the same there.

    The device isn't part of it: it changes from start to start for folders of the network, and the path says it too.
    """

    size: int
    changed: int  # nanoseconds since 1970, as whoever wrote it says
    renewed: int  # likewise, as the system says (on Windows: when it was made)
    inode: int

    @classmethod
    def of(cls, path: Path) -> "FileState | None":
        """Look at a file without opening it; None if there is none."""
        try:
            return cls._of(os.stat(path))  # noqa: PTH116 - a third faster than Path.stat; there may be 100,000 files
        except (OSError, ValueError):
            return None

    @classmethod
    def of_open(cls, file: BinaryIO) -> "FileState | None":
        """Look at a file that is open; None if it was read into memory, where nothing changes."""
        return None if isinstance(file, io.BytesIO) else cls._of(os.fstat(file.fileno()))

    @classmethod
    def settled(cls, path: Path) -> "FileState | None":
        """Do as `of` does, but give None too where another change could follow now and not be seen."""
        latest = time.time_ns() - COARSEST_CLOCK
        state = cls.of(path)
        return state if state is not None and max(state.changed, state.renewed) < latest else None

    @classmethod
    def _of(cls, status: os.stat_result) -> "FileState":
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)

    def __bytes__(self) -> bytes:
        """Write it down: as text, since times and inodes may be larger than what a database takes for a number."""
        return f"{self.size} {self.changed} {self.renewed} {self.inode}".encode()
