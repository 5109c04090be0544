"""What was measured on this machine, kept in the cache and believed as long as what it depends on is the same."""

from pathlib import Path
from typing import TypeVar

import msgspec

from xception_gui import paths
from xception_gui.data.whole_files import write_whole
from xception_gui.diagnostics import logger
from xception_gui.files.regular_files import read_regular

MAX_BYTES = 100_000
"""Of what is kept of a measurement."""

Value = TypeVar("Value")


def recall(name: str, depends_on: dict[str, str], kind: type[Value]) -> Value | None:
    """Find what was measured before.

    Args:
        name: of the measurement.
        depends_on: the machine, versions and the like; where any of them is another one, there is nothing to recall.
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
    """Keep what was measured. A full or read-only disk is no reason to stop: then it is measured again."""
    try:
        write_whole(_file(name), msgspec.json.encode({"depends_on": depends_on, "value": value}))
    except OSError as error:
        logger.warning("The measurement “%s” can't be kept in %s: %s", name, _file(name), error)


def _file(name: str) -> Path:
    return paths.cache_folder() / f"{name}.json"
