"""Names that aren't taken."""

import contextlib
import os
from itertools import count
from pathlib import Path

from xception_gui.files.atomic import place


def free_name(folder: Path, name: str) -> str:
    """Return a name that isn't taken in a folder, not even by a broken link: `name`, `name 2`, `name 3` …"""
    names = (name if number == 1 else f"{name} {number}" for number in count(1))
    return next(name for name in names if not os.path.lexists(folder / name))


def place_under_free_name(new: Path, folder: Path) -> Path:
    """Move a new folder into another one, under the first free name like its own. Returns where it is now.

    If the name gets taken meanwhile, the next one is tried.

    Raises:
        OSError: it can't be moved.
    """
    while True:
        path = folder / free_name(folder, new.name)
        with contextlib.suppress(FileExistsError):
            place(new, path)
            return path
