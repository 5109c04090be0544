"""Preferences that apply to all models, stored in one small file."""

import msgspec

from xception_gui import paths
from xception_gui.diagnostics import logger
from xception_gui.files.atomic import write_private
from xception_gui.files.regular_files import read_regular

MAX_BYTES = 10_000
"""Limit of the file's size."""

SMALLEST_CACHE = 100_000_000
"""Bytes: embeddings of 7,000 pictures."""


class Preferences(msgspec.Struct, frozen=True):
    """The preferences."""

    cache_bytes: int = 10_000_000_000
    """Disk space that the cache may take."""

    def __post_init__(self) -> None:
        if self.cache_bytes < SMALLEST_CACHE:
            raise ValueError(f"the cache needs at least {SMALLEST_CACHE} bytes")


def load_preferences() -> Preferences:
    """Read the preferences; if the file is missing or damaged, return the defaults."""
    file = paths.preferences_file()
    try:
        return msgspec.json.decode(read_regular(file, MAX_BYTES, through_links=True), type=Preferences)
    except FileNotFoundError:
        return Preferences()
    except (OSError, ValueError, RecursionError) as error:
        logger.warning("The preferences in %s can't be read: %s", file, error)
        return Preferences()


def save_preferences(preferences: Preferences) -> None:
    """Write the preferences.

    Raises:
        OSError: the file can't be written.
    """
    write_private(paths.preferences_file(), msgspec.json.encode(preferences))
