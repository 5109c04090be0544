"""Arrays in a `.npz` file of numpy, looked at before they are read: the file may be a stranger's."""

import contextlib
import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from xception_gui.files.regular_files import open_regular
from xception_gui.runs.archives import refuse_archive

SUFFIX = ".npy"

_READERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
"""How a file of numbers says what is in it, by the version of its format."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a file says of an array in it, and what is so: its numbers take as many bytes as the file has for them."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    bytes: int


class StoredArrays:
    """The arrays of an open file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @property
    def names(self) -> list[str]:
        """What the arrays are called."""
        return [name.removesuffix(SUFFIX) for name in self._archive.namelist() if name.endswith(SUFFIX)]

    def describe(self, name: str) -> Described:
        """Return what an array is, without reading it.

        Raises:
            KeyError: there is none of this name.
            ValueError: it isn't what its file says.
        """
        return _described(self._archive, self._archive.getinfo(name + SUFFIX))

    def read(self, name: str) -> NDArray[Any]:
        """Read an array. Raises what `describe` does."""
        self.describe(name)
        with self._archive.open(name + SUFFIX) as entry:
            array: NDArray[Any] = np.lib.format.read_array(entry, allow_pickle=False)
        return array


@contextlib.contextmanager
def open_arrays(path: Path, most_bytes: int) -> Iterator[StoredArrays]:
    """Open a file that numpy's `savez` wrote: nothing in it is compressed, so it can't hold more than it is large.

    Args:
        path: of the file.
        most_bytes: of all that is in it.

    Raises:
        ValueError: it holds something else.
        OSError, zipfile.BadZipFile: it can't be read, or is none.
    """
    with open_regular(path) as file:
        refuse_archive(file, most_bytes, compressed=False)
        with zipfile.ZipFile(file) as archive:
            yield StoredArrays(archive)


def _described(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Described:
    with archive.open(info) as entry:
        shape, dtype = _header(entry)
        size = math.prod(shape) * dtype.itemsize
        if dtype.hasobject:
            raise ValueError(f"“{info.filename}” holds code, not numbers (allow_pickle is off)")
        if entry.tell() + size != info.file_size:
            raise ValueError(f"“{info.filename}” is said to have the shape {shape}, and has another size")
    return Described(shape, dtype, size)


def _header(entry: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = np.lib.format.read_magic(entry)
    if version not in _READERS:
        raise ValueError(f"it has numbers in the format {version}")
    shape, _, dtype = _READERS[version](entry)
    return shape, dtype
