"""Content hashes of files by path: a file that hasn't changed since it was decoded needn't be read again."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from xception_gui.data.cache.database import Database
from xception_gui.data.file_state import FileState
from xception_gui.data.pictures.open_picture import PICTURE_PATH_VERSION

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (path BLOB PRIMARY KEY, state BLOB, picture_path INTEGER, sha256 BLOB);
"""

MAX_FILES = 2_000_000
"""Limit of the number of entries, some 500 MB in all; the oldest are forgotten first."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that contains a picture, with its state when it was decoded."""

    path: Path
    state: FileState | None  # before it was read; None: unknown, or not settled yet
    sha256: str  # of the file's bytes


class KnownFiles:
    """Stores content hashes by path and state of the file.

    Args:
        file: database file in the cache.
    """

    def __init__(self, file: Path) -> None:
        self._database = Database(file, _SCHEMA)

    def sha256_of(self, path: Path) -> str | None:
        """Return the content hash of the picture in an unchanged file; None for any other file."""
        rows = self._database.read(f"{_SELECT} AND path = ?", (PICTURE_PATH_VERSION, _name(path)))
        return next((sha256.hex() for _, state, sha256 in rows if state == _state_of(path)), None)

    def below(self, folder: Path) -> "KnownBelow":
        """Read all entries below a folder at once."""
        inside = os.path.join(_name(folder), b"")  # noqa: PTH118 - bytes
        after = inside[:-1] + bytes([inside[-1] + 1])
        rows = self._database.read(f"{_SELECT} AND path >= ? AND path < ?", (PICTURE_PATH_VERSION, inside, after))
        return KnownBelow({path: (state, sha256) for path, state, sha256 in rows})

    def remember(self, files: Iterable[KnownFile]) -> None:
        """Store files that have just been decoded."""
        rows = [
            (_name(file.path), bytes(file.state), PICTURE_PATH_VERSION, bytes.fromhex(file.sha256))
            for file in files
            if file.state is not None
        ]
        if rows:
            self._database.write("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", rows)
            self._database.write("DELETE FROM files WHERE rowid <= (SELECT max(rowid) FROM files) - ?", [(MAX_FILES,)])

    def clear(self) -> None:
        """Forget all files."""
        self._database.empty("DELETE FROM files")

    @property
    def bytes(self) -> int:
        """Disk space that the entries take."""
        return self._database.bytes


class KnownBelow:
    """The entries below a folder, as they were when read."""

    def __init__(self, files: dict[bytes, tuple[bytes, bytes]]) -> None:
        self._files = files

    def sha256_of(self, path: Path) -> str | None:
        """Return the content hash of the picture in an unchanged file; None for any other file."""
        state, sha256 = self._files.get(_name(path), (b"", b""))
        return sha256.hex() if state and state == _state_of(path) else None


_SELECT = """
SELECT path, state, sha256 FROM files WHERE picture_path = ? AND typeof(path) = 'blob'
AND typeof(state) = 'blob' AND typeof(sha256) = 'blob' AND length(sha256) = 32
"""
"""Valid rows only: SQLite takes any value in any column."""


def _state_of(path: Path) -> bytes | None:
    state = FileState.of(path)
    return None if state is None else bytes(state)


def _name(path: Path) -> bytes:
    """Return the absolute path as bytes, exact even if the name isn't UTF-8."""
    return os.fsencode(os.path.abspath(path))  # noqa: PTH100 - Path.absolute takes five times as long
