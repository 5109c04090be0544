"""Small disks that can be filled, and users without all rights."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

NOBODY = 65534


class SmallDisk:
    """A file system of a few megabytes.

    Attributes:
        place: mount point.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self._ballast = place / "ballast"

    def fill(self) -> None:
        """Fill the disk."""
        with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    def make_room(self) -> None:
        """Undo `fill`."""
        self._ballast.unlink()


@contextlib.contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a small file system in memory; skip the test if that isn't allowed."""
    place.mkdir(parents=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "tmpfs", str(place)]
    try:
        subprocess.run(words, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"No small disk can be made here: {error}")
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """Yield a folder that every user can open, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def as_ordinary_user() -> list[str]:
    """Return the words before a command that run it without root's right to read and write everything.

    The command runs as another user or, if no other user can run this Python, as root without that right. Skips the
    test if neither is possible.
    """
    if not hasattr(os, "getuid") or os.getuid() != 0:
        return []
    capabilities = "-dac_override,-dac_read_search"
    for words in (
        ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"],
        ["setpriv", f"--bounding-set={capabilities}", f"--inh-caps={capabilities}"],
    ):
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            subprocess.run([*words, sys.executable, "-c", "import PIL"], check=True, capture_output=True)
            return words
    pytest.skip("No program can be run here as an ordinary user")
