"""The folders of the cache: their sizes and limits."""

from collections.abc import Collection
from pathlib import Path

from xception_gui import paths
from xception_gui.data.cache.limit import load_preferences
from xception_gui.diagnostics import logger
from xception_gui.files.deletion import claim, delete_files, delete_oldest, own_files
from xception_gui.files.own_names import CACHE_FOLDERS

MAX_BYTES = {"previews": 500_000_000, "pasted": 500_000_000, "backbones": 500_000_000, "compiled": 300_000_000}
"""Limit of each of `CACHE_FOLDERS`."""

KEPT_SHARE = 0.8
"""Share of a folder's limit that is kept when room is made, so that this isn't needed again at once."""


def folder_of(name: str) -> Path:
    """Return the path of one of `CACHE_FOLDERS`, which needn't exist."""
    return paths.cache_folder() / name


def share_of(name: str, limit: int) -> int:
    """Return the limit of a folder in a cache of `limit` bytes; all folders together take half of these at most."""
    return round(MAX_BYTES[name] * min(1.0, limit / 2 / sum(MAX_BYTES.values())))


def clear(name: str, spared: Collection[str] = ()) -> None:
    """Delete all files in one of `CACHE_FOLDERS` except those named in `spared`; files in use may stay."""
    claim(folder_of(name), CACHE_FOLDERS[name])
    delete_files(folder_of(name), CACHE_FOLDERS[name], lambda file: file not in spared)


def bytes_in(name: str) -> int:
    """Return the total size of the files in one of `CACHE_FOLDERS`."""
    claim(folder_of(name), CACHE_FOLDERS[name])
    return sum(file.size for file in own_files(folder_of(name), CACHE_FOLDERS[name]))


def keep_within_share(name: str, spared: Collection[str] = ()) -> None:
    """Delete the oldest files in one of `CACHE_FOLDERS` if it exceeds its share of the person's limit."""
    share = share_of(name, load_preferences().cache_bytes)
    tidy(name, above=share, down_to=round(KEPT_SHARE * share), spared=spared)


def tidy(name: str, *, above: int, down_to: int, spared: Collection[str] = ()) -> None:
    """If the files in one of `CACHE_FOLDERS` take more than `above` bytes, delete the oldest until `down_to` are left.

    Those named in `spared` stay.
    """
    if bytes_in(name) <= above:
        return
    logger.info("%s takes over %d MB: the oldest files are deleted", folder_of(name), above // 1_000_000)
    delete_oldest(folder_of(name), CACHE_FOLDERS[name], down_to=down_to, spared=spared)
