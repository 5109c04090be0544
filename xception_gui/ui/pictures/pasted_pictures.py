"""Pictures that came without a file."""

import os
import time
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from xception_gui import paths
from xception_gui.files.deletion import delete_oldest, delete_written, make_folder
from xception_gui.files.own_names import PASTED

MAX_PASTED = 500_000_000
"""Bytes that pasted pictures may take, as many as their previews may."""


class PastedPictures:
    """Pictures that came without a file, written into the cache for an engine to open.

    They may take so much of the disk; above that the oldest are deleted, but none that this session has shown.
    """

    def __init__(self) -> None:
        self._shown: set[str] = set()

    @property
    def shown(self) -> tuple[str, ...]:
        """Names of those that this session has predicted: their results still show them."""
        return tuple(sorted(self._shown))

    def note(self, paths: Iterable[str]) -> None:
        """Remember that these files, some of which may be pasted pictures, are shown from now on."""
        folder = str(pasted_folder())
        self._shown.update(os.path.basename(path) for path in paths if os.path.dirname(path) == folder)  # noqa: PTH119, PTH120 - there may be many

    def keep(self, data: bytes, suffix: str) -> str:
        """Write a picture down. Returns its path.

        Raises:
            OSError: it can't be written.
        """
        path = keep(data, suffix)
        self.note([path])
        delete_oldest(pasted_folder(), PASTED, down_to=MAX_PASTED, spared=self._shown)
        return path


def pasted_folder() -> Path:
    """Return where pasted pictures are, or will be."""
    return paths.cache_folder() / "pasted"


def keep(data: bytes, suffix: str) -> str:
    """Write a picture that came without a file into the cache, for an engine to open. Returns its path.

    Raises:
        OSError: it can't be written; nothing is left of it then.
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
