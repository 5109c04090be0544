"""Which pictures files hold: those that haven't changed since they were decoded needn't be read again."""

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
"""That are remembered, in some 500 MB; beyond, those that were met first are forgotten."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that holds a picture, as it was when it was decoded."""

    path: Path
    state: FileState | None  # before it was read; None: it couldn't be looked at, or it isn't settled yet
    sha256: str  # of its bytes


class KnownFiles:
    """Remembers files by path and state.

    Args:
        file: of the cache.
    """

    def __init__(self, file: Path) -> None:
        self._database = Database(file, _SCHEMA)

    def sha256_of(self, path: Path) -> str | None:
        """Return the content hash of the picture in a file that is as it was; None for any other file."""
        rows = self._database.read(f"{_SELECT} AND path = ?", (PICTURE_PATH_VERSION, _name(path)))
        return next((sha256.hex() for _, state, sha256 in rows if state == _state_of(path)), None)

    def below(self, folder: Path) -> "KnownBelow":
        """Read what is known of all files below a folder at once."""
        inside = os.path.join(_name(folder), b"")  # noqa: PTH118 - bytes
        after = inside[:-1] + bytes([inside[-1] + 1])
        rows = self._database.read(f"{_SELECT} AND path >= ? AND path < ?", (PICTURE_PATH_VERSION, inside, after))
        return KnownBelow({path: (state, sha256) for path, state, sha256 in rows})

    def remember(self, files: Iterable[KnownFile]) -> None:
        """Keep what was just found out."""
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
        """How much of the disk this takes."""
        return self._database.bytes


class KnownBelow:
    """What was known of the files below a folder when it was asked."""

    def __init__(self, files: dict[bytes, tuple[bytes, bytes]]) -> None:
        self._files = files

    def sha256_of(self, path: Path) -> str | None:
        """Return the content hash of the picture in a file that is as it was; None for any other file."""
        state, sha256 = self._files.get(_name(path), (b"", b""))
        return sha256.hex() if state and state == _state_of(path) else None


_SELECT = """
SELECT path, state, sha256 FROM files WHERE picture_path = ? AND typeof(path) = 'blob'
AND typeof(state) = 'blob' AND typeof(sha256) = 'blob' AND length(sha256) = 32
"""
"""Rows that are as they should be: SQLite takes any value in any column."""


def _state_of(path: Path) -> bytes | None:
    state = FileState.of(path)
    return None if state is None else bytes(state)


def _name(path: Path) -> bytes:
    """Name a file: absolute, and whole also where its name isn't UTF-8."""
    return os.fsencode(os.path.abspath(path))  # noqa: PTH100 - Path.absolute takes five times as long
