"""Checks of ZIP archives, as numpy and Keras write them, before anything is unpacked: they may be a stranger's."""

import contextlib
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from xception_gui.files.regular_files import open_regular

MAX_BYTES_OF_NAMES = 4_000_000
"""Limit of an archive's directory: 40,000 entries, where models have ten and trainings some thousand. Python reads it
whole, and takes ten times as much memory for it."""


def refuse_archive(archive: Path | BinaryIO, most_bytes: int, *, compressed: bool = True) -> None:
    """Check that the names in an archive stay in its own folder, and that its contents don't exceed the limit unpacked.

    Entries must be unpacked with a given size: without one, Python unpacks much more than the archive declares.

    Args:
        archive: its path, or the open file.
        most_bytes: limit of all contents, unpacked.
        compressed: whether entries may be compressed; then a small file can expand up to `most_bytes`.

    Raises:
        ValueError: the archive fails a check.
        OSError, zipfile.BadZipFile: it can't be read, or isn't an archive.
    """
    with _opened(archive) as file:
        _refuse_long_list(file)
        with zipfile.ZipFile(file) as opened:
            entries = opened.infolist()
    size = sum(entry.file_size for entry in entries)
    if size > most_bytes:
        megabytes, most = size // 1_000_000, most_bytes // 1_000_000
        raise ValueError(f"{megabytes:,} MB when unpacked, where {most:,} MB are allowed")
    ways = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) if compressed else (zipfile.ZIP_STORED,)
    for entry in entries:
        if entry.compress_type not in ways:  # others unpack without a limit
            raise ValueError(f"“{entry.filename}” is compressed in an unsupported way")
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts:
            raise ValueError(f"“{entry.filename}” leads outside the archive")


@contextlib.contextmanager
def _opened(archive: Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(archive, Path):
        with open_regular(archive, through_links=True) as file:
            yield file
    else:
        yield archive
        archive.seek(0)


def _refuse_long_list(file: BinaryIO) -> None:
    """Check the size of the directory, which is given at the end of an archive, before the directory is read."""
    # An archive can end in several such records: only zipfile itself knows which one it will use.
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    if end is not None and end[zipfile._ECD_SIZE] > MAX_BYTES_OF_NAMES:  # type: ignore[attr-defined]
        raise ValueError("contains too many files")
