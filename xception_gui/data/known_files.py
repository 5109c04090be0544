"""Which pictures files hold: those that haven't changed since they were decoded needn't be read again."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from xception_gui.data.database import Database
from xception_gui.data.images import PICTURE_PATH_VERSION

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    path BLOB PRIMARY KEY, size INTEGER, changed INTEGER, picture_path INTEGER, sha256 BLOB
);
"""

MOST_FILES = 2_000_000
"""That are remembered, in some 400 MB; beyond, those that were met first are forgotten."""

COARSEST_CLOCK = 2_000_000_000
"""Nanoseconds: FAT knows the time of a change to two seconds. A file that changed so shortly before it was read could
change once more and look the same, so it isn't remembered."""


@dataclass(frozen=True, slots=True)
class FileState:
    """What shows whether a file has changed."""

    size: int
    changed: int  # nanoseconds since 1970

    @classmethod
    def of(cls, path: Path) -> "FileState | None":
        """Look at a file without opening it; None if there is none."""
        try:
            status = os.stat(path)  # noqa: PTH116 - a third faster than Path.stat, and there may be 100,000 files
        except (OSError, ValueError):
            return None
        return cls(status.st_size, status.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that holds a picture, as it was when it was decoded."""

    path: Path
    state: FileState | None  # None: it couldn't be looked at
    sha256: str  # of its bytes


class KnownFiles:
    """Remembers files by path, size and time of change.

    Args:
        file: of the cache.
    """

    def __init__(self, file: Path) -> None:
        self._database = Database(file, _SCHEMA)

    def sha256_of(self, path: Path) -> str | None:
        """Give the content hash of the picture in a file that is as it was; None for any other file."""
        rows = self._database.read(f"{_SELECT} AND path = ?", (PICTURE_PATH_VERSION, _name(path)))
        return next((sha256.hex() for _, *state, sha256 in rows if FileState(*state) == FileState.of(path)), None)

    def below(self, folder: Path) -> "KnownBelow":
        """Read what is known of all files below a folder at once."""
        inside = os.path.join(os.fsencode(folder.absolute()), b"")  # noqa: PTH118 - bytes
        after = inside[:-1] + bytes([inside[-1] + 1])
        rows = self._database.read(f"{_SELECT} AND path >= ? AND path < ?", (PICTURE_PATH_VERSION, inside, after))
        return KnownBelow({path: (FileState(size, changed), sha256) for path, size, changed, sha256 in rows})

    def remember(self, files: Iterable[KnownFile]) -> None:
        """Keep what was just found out."""
        latest = time.time_ns() - COARSEST_CLOCK
        rows = [
            (_name(file.path), file.state.size, file.state.changed, PICTURE_PATH_VERSION, bytes.fromhex(file.sha256))
            for file in files
            if file.state is not None and file.state.changed < latest
        ]
        if rows:
            self._database.write("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", rows)
            self._database.write("DELETE FROM files WHERE rowid <= (SELECT max(rowid) FROM files) - ?", [(MOST_FILES,)])

    def clear(self) -> None:
        """Forget all files."""
        self._database.write("DELETE FROM files")
        self._database.give_back()

    @property
    def bytes(self) -> int:
        """How much of the disk this takes."""
        return self._database.bytes


class KnownBelow:
    """What was known of the files below a folder when it was asked."""

    def __init__(self, files: dict[bytes, tuple[FileState, bytes]]) -> None:
        self._files = files

    def sha256_of(self, path: Path) -> str | None:
        """Give the content hash of the picture in a file that is as it was; None for any other file."""
        known, sha256 = self._files.get(_name(path), (None, b""))
        return sha256.hex() if known is not None and known == FileState.of(path) else None


_SELECT = """
SELECT path, size, changed, sha256 FROM files WHERE picture_path = ? AND typeof(path) = 'blob'
AND typeof(size) = 'integer' AND typeof(changed) = 'integer' AND typeof(sha256) = 'blob' AND length(sha256) = 32
"""
"""Rows that are as they should be: SQLite takes any value in any column."""


def _name(path: Path) -> bytes:
    """Name a file: absolute, and whole also where its name isn't UTF-8."""
    return os.fsencode(os.path.abspath(path))  # noqa: PTH100 - Path.absolute takes five times as long
