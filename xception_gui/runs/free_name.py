"""Names that aren't taken yet."""

import os
from itertools import count
from pathlib import Path


def free_name(folder: Path, name: str) -> str:
    """Find a name that isn't taken in a folder, not even by a link to nowhere: `name`, `name 2`, `name 3` …"""
    names = (name if number == 1 else f"{name} {number}" for number in count(1))
    return next(name for name in names if not os.path.lexists(folder / name))
