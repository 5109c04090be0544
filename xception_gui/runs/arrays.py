"""Arrays in numpy's `.npz` files, checked before they are read: the file may be a stranger's."""

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
"""Readers of an array's header, by format version."""


@dataclass(frozen=True, slots=True)
class Described:
    """Description of an array in a file, checked: the file contains exactly as many bytes of numbers."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    bytes: int


class StoredArrays:
    """The arrays in an open file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @property
    def names(self) -> list[str]:
        """Names of the arrays."""
        return [name.removesuffix(SUFFIX) for name in self._archive.namelist() if name.endswith(SUFFIX)]

    def describe(self, name: str) -> Described:
        """Return the description of an array, without reading its numbers.

        Raises:
            KeyError: there is no array with this name.
            ValueError: the description doesn't match the file.
        """
        return _described(self._archive, self._archive.getinfo(name + SUFFIX))

    def read(self, name: str) -> NDArray[Any]:
        """Read an array. Raises as `describe` does."""
        self.describe(name)
        with self._archive.open(name + SUFFIX) as entry:
            array: NDArray[Any] = np.lib.format.read_array(entry, allow_pickle=False)
        return array


@contextlib.contextmanager
def open_arrays(path: Path, most_bytes: int) -> Iterator[StoredArrays]:
    """Open a file that numpy's `savez` wrote: nothing is compressed, so its contents can't exceed its size.

    Args:
        path: of the file.
        most_bytes: limit of its contents.

    Raises:
        ValueError: its contents are something else.
        OSError, zipfile.BadZipFile: it can't be read, or isn't an archive.
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
            raise ValueError(f"“{info.filename}” contains code, not numbers (allow_pickle is off)")
        if entry.tell() + size != info.file_size:
            raise ValueError(f"“{info.filename}” has a size that doesn't match its shape {shape}")
    return Described(shape, dtype, size)


def _header(entry: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = np.lib.format.read_magic(entry)
    if version not in _READERS:
        raise ValueError(f"numbers in the unknown format {version}")
    shape, _, dtype = _READERS[version](entry)
    return shape, dtype
