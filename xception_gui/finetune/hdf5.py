"""HDF5 files of strangers: only finite numbers stored in the file itself are read.

HDF5 has features that a file of weights doesn't need, but that let an attacker read other files or fill the memory.
Links lead into other files; the numbers of a dataset may be stored in any other file ("external storage") or combined
from several ("virtual"); filters are code loaded from a folder; chunks and attributes of a few bytes unpack to
gigabytes. Here every step follows a hard link to an object in the same file. The properties of a dataset are checked
before anything of it is read, even its shape, since HDF5 opens the sources of a virtual dataset to find that.
Attributes and references are never read.

The caller opens the file, and HDF5 reads it through Python: without a path, it can't find other files beside it. It
would still open external storage, hence the checks.
"""

import contextlib
import math
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import h5py
import numpy as np
from h5py import h5d, h5g, h5l, h5o, h5p, h5t, h5z
from numpy.typing import NDArray

from xception_gui.domain.visible import visible

Member = Any
"""An open member of a group: h5g.GroupID, h5d.DatasetID or h5t.TypeID."""

UNREADABLE = (OSError, LookupError, RuntimeError, ValueError, TypeError, AttributeError, ArithmeticError, zlib.error)
"""Errors that h5py and the functions here raise for damaged files."""

_MIN_CHUNK_BYTES = 1_000
"""Average size of a dataset's chunks; h5py recommends ten times as much. Checking a chunk takes time."""

_ALWAYS_ALLOWED_CHUNKS = 16
"""Two in each of four directions."""

_FLOATS = (h5t.IEEE_F16LE, h5t.IEEE_F16BE, h5t.IEEE_F32LE, h5t.IEEE_F32BE, h5t.IEEE_F64LE, h5t.IEEE_F64BE)

_FILTERS = (h5z.FILTER_SHUFFLE, h5z.FILTER_DEFLATE, h5z.FILTER_FLETCHER32)
"""The filters built into HDF5, in the order in which they are applied: shuffle, gzip, checksum."""

_CHECKSUM_BYTES = 4


@contextlib.contextmanager
def root_of(file: BinaryIO) -> Iterator[h5g.GroupID]:
    """Open an HDF5 file and yield its root group.

    Raises:
        OSError: it is no HDF5 file, or damaged.
    """
    with h5py.File(file, "r") as opened:
        yield opened["/"].id


def members(group: h5g.GroupID, most: int) -> Iterator[tuple[str, Member]]:
    """Yield the members of a group: groups, datasets and types of this file, opened one by one.

    Raises:
        ValueError: there are more than `most`, or one of them is a link to elsewhere.
    """
    count = group.get_num_objs()
    if count > most:
        raise ValueError(f"a group with {count:,} members")
    for name in group:
        text = name.decode("utf-8", errors="backslashreplace")
        if b"/" in name or group.links.get_info(name).type != h5l.TYPE_HARD:  # a path may go through other links
            raise ValueError(f"“{shown(text)}” is a link to another place")
        yield text, h5o.open(group, name)


def shown(name: str) -> str:
    """Return a name from the file, safe to show in a message."""
    return visible(name[:60])


class Numbers:
    """A dataset of float16, float32 or float64, stored in the file itself. Its numbers have not been read.

    Args:
        dataset: an object of the file.
        name: its name in messages.

    Raises:
        ValueError: it is something else.
    """

    def __init__(self, dataset: Member, name: str) -> None:
        if not isinstance(dataset, h5d.DatasetID):
            raise ValueError(f"{name} contains no numbers")
        plan = dataset.get_create_plist()
        if plan.get_external_count() or plan.get_layout() not in (h5d.CONTIGUOUS, h5d.COMPACT, h5d.CHUNKED):
            raise ValueError(f"the numbers of {name} are in another file")
        kind = dataset.get_type()
        if not any(kind.equal(known) for known in _FLOATS):
            raise ValueError(f"the numbers of {name} are not float16, float32 or float64")
        self.name = name
        self.shape: tuple[int, ...] = dataset.shape
        self._dataset = dataset
        self._plan = plan

    def read(self) -> NDArray[np.float32]:
        """Read all numbers, in the dataset's shape, which the caller has found to be small enough.

        Raises:
            ValueError: it is compressed in an unknown way or unpacks to more than it should, or not all of its numbers
                are finite.
            OSError: it is damaged.
        """
        if self._plan.get_layout() == h5d.CHUNKED:
            _refuse_chunks(self._dataset, self._plan, self.name)
        with np.errstate(over="ignore"):  # the check below finds it
            numbers = np.asarray(h5py.Dataset(self._dataset)[()], dtype=np.float32)
        if not np.isfinite(numbers).all():
            raise ValueError(f"some numbers of {self.name} are not finite")
        return numbers


def _refuse_chunks(dataset: h5d.DatasetID, plan: h5p.PropDCID, name: str) -> None:
    """Check that each chunk unpacks to its proper size. HDF5 itself has no limit.

    Raises:
        ValueError: one doesn't, or there are too many of them.
    """
    filters = [plan.get_filter(number)[0] for number in range(plan.get_nfilters())]
    if filters != [one for one in _FILTERS if one in filters]:
        raise ValueError(f"{name} is compressed in an unsupported way")
    sides = plan.get_chunk()
    size = math.prod(sides) * dataset.get_type().get_size()
    needed = math.prod(-(-whole // side) for whole, side in zip(dataset.shape, sides, strict=True))
    if needed > _ALWAYS_ALLOWED_CHUNKS + needed * size // _MIN_CHUNK_BYTES or dataset.get_num_chunks() > needed:
        raise ValueError(f"{name} is split into too many chunks")
    if any(side > whole for whole, side in zip(dataset.shape, sides, strict=True)):
        raise ValueError(f"{name} has chunks larger than itself")
    chunks: list[h5d.StoreInfo] = []
    dataset.chunk_iter(chunks.append)
    for chunk in chunks:
        # Incompressible data become slightly larger: deflate's own bound is far below this.
        if chunk.size > 2 * size + 1_000 or _unpacked_size(dataset, chunk, filters, size) != size:
            raise ValueError(f"a chunk of {name} unpacks to the wrong size")


def _unpacked_size(dataset: h5d.DatasetID, chunk: "h5d.StoreInfo", filters: list[int], most: int) -> int:
    """Return the unpacked size of a chunk in bytes; no more than `most` + 1 of them are unpacked."""
    _, packed = dataset.read_direct_chunk(chunk.chunk_offset)
    passed = {one for number, one in enumerate(filters) if not chunk.filter_mask >> number & 1}
    end = len(packed) - (_CHECKSUM_BYTES if h5z.FILTER_FLETCHER32 in passed else 0)
    if h5z.FILTER_DEFLATE in passed:
        return len(zlib.decompressobj().decompress(packed[:end], most + 1))
    return end
