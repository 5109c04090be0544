"""Names that aren't taken."""

import os
from itertools import count
from pathlib import Path


def free_name(folder: Path, name: str) -> str:
    """Return a name that isn't taken in a folder, not even by a broken link: `name`, `name 2`, `name 3` …"""
    names = (name if number == 1 else f"{name} {number}" for number in count(1))
    return next(name for name in names if not os.path.lexists(folder / name))
