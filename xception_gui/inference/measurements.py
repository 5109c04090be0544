"""Measurements of this machine, cached as long as what they depend on stays the same."""

from pathlib import Path
from typing import TypeVar

import msgspec

from xception_gui import paths
from xception_gui.diagnostics import logger
from xception_gui.files.atomic import write_private
from xception_gui.files.regular_files import read_regular

MAX_BYTES = 100_000
"""Limit of the file of a measurement."""

Value = TypeVar("Value")


def recall(name: str, depends_on: dict[str, str], kind: type[Value]) -> Value | None:
    """Return what was measured before, or None.

    Args:
        name: name of the measurement.
        depends_on: machine, versions and the like; if any of them has changed, the measurement is void.
        kind: type of the value.
    """
    try:
        kept = msgspec.json.decode(read_regular(_file(name), MAX_BYTES), type=dict[str, msgspec.Raw])
        if msgspec.json.decode(kept["depends_on"]) == depends_on:
            return msgspec.json.decode(kept["value"], type=kind)
    except (OSError, ValueError, KeyError, RecursionError):  # none yet, or a damaged one
        pass
    return None


def keep(name: str, depends_on: dict[str, str], value: object) -> None:
    """Cache a measurement. If the disk is full or read-only, it is made again next time."""
    try:
        write_private(_file(name), msgspec.json.encode({"depends_on": depends_on, "value": value}))
    except OSError as error:
        logger.warning("The measurement “%s” can't be kept in %s: %s", name, _file(name), error)


def _file(name: str) -> Path:
    return paths.cache_folder() / f"{name}.json"
