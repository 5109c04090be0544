"""The folders of the cache: how much is in them, and that it stays within bounds."""

from collections.abc import Collection
from pathlib import Path

from xception_gui import paths
from xception_gui.data.cache.limit import load_preferences
from xception_gui.diagnostics import logger
from xception_gui.files.deletion import claim, delete_files, delete_oldest, own_files
from xception_gui.files.own_names import CACHE_FOLDERS

MAX_BYTES = {"previews": 500_000_000, "pasted": 500_000_000, "backbones": 500_000_000, "compiled": 300_000_000}
"""That each of `CACHE_FOLDERS` may take."""

KEPT_SHARE = 0.8
"""Of what a folder may take, that is left after making room: making it costs a moment."""


def folder_of(name: str) -> Path:
    """Return where one of `CACHE_FOLDERS` is, or will be."""
    return paths.cache_folder() / name


def share_of(name: str, limit: int) -> int:
    """Return how many bytes a folder may take of a cache that may take `limit`: all of them together half at most."""
    return round(MAX_BYTES[name] * min(1.0, limit / 2 / sum(MAX_BYTES.values())))


def clear(name: str, spared: Collection[str] = ()) -> None:
    """Delete all files in one of `CACHE_FOLDERS`, but those named in `spared`; one that is in use may stay."""
    claim(folder_of(name), CACHE_FOLDERS[name])
    delete_files(folder_of(name), CACHE_FOLDERS[name], lambda file: file not in spared)


def bytes_in(name: str) -> int:
    """Add up the files in one of `CACHE_FOLDERS`."""
    claim(folder_of(name), CACHE_FOLDERS[name])
    return sum(file.size for file in own_files(folder_of(name), CACHE_FOLDERS[name]))


def keep_within_share(name: str, spared: Collection[str] = ()) -> None:
    """Delete the oldest files in one of `CACHE_FOLDERS` if they take more than the person's limit leaves for them."""
    share = share_of(name, load_preferences().cache_bytes)
    tidy(name, above=share, down_to=round(KEPT_SHARE * share), spared=spared)


def tidy(name: str, *, above: int, down_to: int, spared: Collection[str] = ()) -> None:
    """If the files in one of `CACHE_FOLDERS` take over `above` bytes, delete the oldest until `down_to` are left.

    Those named in `spared` stay.
    """
    if bytes_in(name) <= above:
        return
    logger.info("%s takes over %d MB: the oldest files are deleted", folder_of(name), above // 1_000_000)
    delete_oldest(folder_of(name), CACHE_FOLDERS[name], down_to=down_to, spared=spared)
