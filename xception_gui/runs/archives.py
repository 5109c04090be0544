"""ZIP archives, as numpy and Keras write them: looked at before anything in them is unpacked, as they may be a
stranger's."""

import contextlib
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from xception_gui.files.regular_files import open_regular

MAX_BYTES_OF_NAMES = 4_000_000
"""Of the list of what is in an archive: 40,000 entries, where models have ten and trainings some thousand. Python reads
it whole, and takes ten times as much memory for it."""


def refuse_archive(archive: Path | BinaryIO, most_bytes: int, *, compressed: bool = True) -> None:
    """Make sure that what is in an archive has names of its own folder, and takes no more memory than it may.

    Whoever unpacks an entry gives a size: without one, Python unpacks much more than the archive says that it holds.

    Args:
        archive: its path, or the open file.
        most_bytes: of all that is in it, unpacked.
        compressed: whether entries may be: what a small file can become is then up to `most_bytes` alone.

    Raises:
        ValueError: it is another.
        OSError, zipfile.BadZipFile: it can't be read, or is none.
    """
    with _opened(archive) as file:
        _refuse_long_list(file)
        with zipfile.ZipFile(file) as opened:
            entries = opened.infolist()
    size = sum(entry.file_size for entry in entries)
    if size > most_bytes:
        megabytes, most = size // 1_000_000, most_bytes // 1_000_000
        raise ValueError(f"unpacked, it would take {megabytes:,} MB, and {most:,} are allowed")
    ways = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) if compressed else (zipfile.ZIP_STORED,)
    for entry in entries:
        if entry.compress_type not in ways:  # others unpack without a limit
            raise ValueError(f"“{entry.filename}” is compressed in a way that is not used here")
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts:
            raise ValueError(f"“{entry.filename}” leads out of it")


@contextlib.contextmanager
def _opened(archive: Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(archive, Path):
        with open_regular(archive, through_links=True) as file:
            yield file
    else:
        yield archive
        archive.seek(0)


def _refuse_long_list(file: BinaryIO) -> None:
    """Look at the end of an archive, which says how long the list of its entries is, before the list is read."""
    # Only zipfile itself knows which of the records it will go by that an archive can have at its end.
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    if end is not None and end[zipfile._ECD_SIZE] > MAX_BYTES_OF_NAMES:  # type: ignore[attr-defined]
        raise ValueError("it holds too many files")
