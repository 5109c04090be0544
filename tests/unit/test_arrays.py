"""Arrays of a stranger's file are looked at before they are read: what they are said to be is what they are."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from xception_gui.runs.arrays import Described, open_arrays


def stored(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return path


def with_header(shape: tuple[int, ...], data: bytes, dtype: str = "<f4", version: tuple[int, int] = (1, 0)) -> bytes:
    """An array whose header says what it wants."""
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    size = len(header).to_bytes(2 if version == (1, 0) else 4, "little")
    return b"\x93NUMPY" + bytes(version) + size + header + data


def test_arrays_are_described_and_read_by_their_names(tmp_path):
    arrays = {"one": np.arange(6, dtype=np.float32).reshape(2, 3), "two": np.array(7, np.int64), "3": np.zeros((0, 4))}
    np.savez(tmp_path / "a.npz", **arrays)
    with open_arrays(tmp_path / "a.npz", 10_000) as file:
        assert file.names == ["one", "two", "3"]
        assert file.describe("one") == Described((2, 3), np.dtype(np.float32), 24)
        assert file.describe("two") == Described((), np.dtype(np.int64), 8)
        assert file.describe("3") == Described((0, 4), np.dtype(np.float64), 0)
        for name, array in arrays.items():
            np.testing.assert_array_equal(file.read(name), array)
        for look in (file.describe, file.read):
            with pytest.raises(KeyError):
                look("four")


def test_what_else_is_in_it_is_no_array(tmp_path):
    path = stored(tmp_path / "a.npz", {"one.npy": with_header((1,), bytes(4)), "two.txt": b"2", ".npyx": b"", "x": b""})
    with open_arrays(path, 1000) as file:
        assert file.names == ["one"]


@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
@pytest.mark.parametrize("size", [11, 12, 13])
def test_an_array_has_the_size_that_its_shape_says(version, size, tmp_path):
    path = stored(tmp_path / "a.npz", {"one.npy": with_header((3,), bytes(size), version=version)})
    with open_arrays(path, 1000) as file:
        if size == 12:
            assert file.describe("one").bytes == 12 and file.read("one").tolist() == [0, 0, 0]
            return
        for look in (file.describe, file.read):
            with pytest.raises(ValueError, match=r"one\.npy” has a size that doesn't match its shape \(3,\)"):
                look("one")


def test_a_format_that_is_not_known_and_code_are_refused(tmp_path):
    later = with_header((1,), bytes(4), version=(3, 0))
    path = stored(tmp_path / "a.npz", {"one.npy": later, "two.npy": with_header((1,), bytes(8), "|O")})
    with open_arrays(path, 1000) as file:
        with pytest.raises(ValueError, match=r"numbers in the unknown format \(3, 0\)"):
            file.describe("one")
        for look in (file.describe, file.read):
            with pytest.raises(ValueError, match=r"two\.npy” contains code"):
                look("two")


def test_nothing_larger_than_allowed_compressed_or_that_a_link_leads_to_is_opened(tmp_path):
    np.savez(tmp_path / "a.npz", one=np.zeros(100, np.uint8))
    np.savez_compressed(tmp_path / "b.npz", one=np.zeros(100, np.uint8))
    (tmp_path / "link.npz").symlink_to("a.npz")
    with open_arrays(tmp_path / "a.npz", 228) as file:  # with numpy's header
        assert file.read("one").size == 100
    for name, most, error in (
        ("a.npz", 227, "0 MB when unpacked"),
        ("b.npz", 10_000, "compressed"),
        ("link.npz", 10_000, "not a regular file"),
    ):
        with pytest.raises((ValueError, OSError), match=error), open_arrays(tmp_path / name, most):
            pass
