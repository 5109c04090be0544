"""The folders of the cache: how much is in them, and that it stays within bounds."""

from collections.abc import Callable
from pathlib import Path

from xception_gui import paths
from xception_gui.deletion import OwnFile, claim, delete_files, own_files
from xception_gui.diagnostics import logger
from xception_gui.own_names import CACHE_FOLDERS


def folder_of(name: str) -> Path:
    """Say where one of `CACHE_FOLDERS` is, or will be."""
    return paths.cache_folder() / name


def clear(name: str) -> None:
    """Delete all files in one of `CACHE_FOLDERS`; one that is in use may stay."""
    claim(folder_of(name), CACHE_FOLDERS[name])
    delete_files(folder_of(name), CACHE_FOLDERS[name])


def bytes_in(name: str) -> int:
    """Add up the files in one of `CACHE_FOLDERS`."""
    claim(folder_of(name), CACHE_FOLDERS[name])
    return sum(file.size for file in own_files(folder_of(name), CACHE_FOLDERS[name]))


def tidy(name: str, *, above: int, down_to: int) -> None:
    """If the files in one of `CACHE_FOLDERS` take over `above` bytes, delete the oldest until `down_to` are left."""
    folder, names = folder_of(name), CACHE_FOLDERS[name]
    claim(folder, names)
    files = own_files(folder, names)
    if sum(file.size for file in files) <= above:
        return
    logger.info("%s takes over %d MB: the oldest files are deleted", folder, above // 1_000_000)
    delete_files(folder, names, _oldest(files, down_to))


def _oldest(files: list[OwnFile], bytes_left: int) -> Callable[[str], bool]:
    """Pick out files, the oldest first, so that the others take no more than so many bytes."""
    left = sum(file.size for file in files)
    oldest = set()
    for file in sorted(files, key=lambda file: file.changed):
        if left <= bytes_left:
            break
        oldest.add(file.name)
        left -= file.size
    return oldest.__contains__
