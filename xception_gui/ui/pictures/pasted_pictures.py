"""Pictures that were pasted or dropped as data, without a file."""

import os
import time
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from xception_gui import paths
from xception_gui.files.deletion import delete_oldest, delete_written, make_folder
from xception_gui.files.own_names import PASTED

MAX_PASTED = 500_000_000
"""Bytes on disk for pasted pictures, the same as for previews."""


class PastedPictures:
    """Writes pasted pictures into the cache for an engine to open.

    Above `MAX_PASTED` the oldest are deleted, but none that this session has shown.
    """

    def __init__(self) -> None:
        self._shown: set[str] = set()

    @property
    def shown(self) -> tuple[str, ...]:
        """File names of those classified since the program started: their results still show them."""
        return tuple(sorted(self._shown))

    def note(self, paths: Iterable[str]) -> None:
        """Remember which of these files are pasted pictures: they are shown from now on."""
        folder = str(pasted_folder())
        self._shown.update(os.path.basename(path) for path in paths if os.path.dirname(path) == folder)  # noqa: PTH119, PTH120 - there may be many

    def keep(self, data: bytes, suffix: str) -> str:
        """Save a picture. Returns its path.

        Raises:
            OSError: the picture can't be written.
        """
        path = keep(data, suffix)
        self.note([path])
        delete_oldest(pasted_folder(), PASTED, down_to=MAX_PASTED, spared=self._shown)
        return path


def pasted_folder() -> Path:
    """Return the folder of pasted pictures, which may not exist yet."""
    return paths.cache_folder() / "pasted"


def keep(data: bytes, suffix: str) -> str:
    """Write a picture without a file into the cache, for an engine to open. Returns its path.

    Raises:
        OSError: the picture can't be written; no partial file remains.
    """
    folder = pasted_folder()
    make_folder(folder, parents=True)
    name = time.strftime("%Y-%m-%d %H.%M.%S")
    path = next(path for path in _names(folder, name, suffix) if not path.exists())
    try:
        path.write_bytes(data)
    except OSError:
        delete_written(path)
        raise
    return str(path)


def _names(folder: Path, name: str, suffix: str) -> Iterator[Path]:
    yield folder / f"{name}{suffix}"
    for number in count(2):
        yield folder / f"{name} {number}{suffix}"
