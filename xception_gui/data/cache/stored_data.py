"""All data that the program keeps on disk: where, how much, and whether emptying the cache deletes it."""

import os
from pathlib import Path

from xception_gui import paths
from xception_gui.data.cache import folders as cache_folders
from xception_gui.data.cache import stores as cache
from xception_gui.domain.messages.machine import Stored, StoredKind

_FOLDERS = {
    StoredKind.PREVIEWS: ("previews",),
    StoredKind.PASTED: ("pasted",),
    StoredKind.NETWORKS: ("backbones", "compiled"),
}


def all_stored() -> tuple[Stored, ...]:
    """List all stored data, except models that a person saved elsewhere."""
    data = paths.data_folder()
    outside = {
        StoredKind.LOGS: paths.log_folder(),
        StoredKind.MODELS: data / "models",
        StoredKind.SAMPLES: data / "sample pictures",
    }
    return (
        Stored(StoredKind.PICTURES, cache.bytes_of_pictures(), str(paths.cache_folder()), is_cache=True),
        *(
            Stored(kind, sum(map(cache_folders.bytes_in, names)), _place(names), is_cache=True)
            for kind, names in _FOLDERS.items()
        ),
        *(Stored(kind, bytes_below(folder), str(folder), is_cache=False) for kind, folder in outside.items()),
    )


def _place(names: tuple[str, ...]) -> str:
    return str(cache_folders.folder_of(names[0]) if len(names) == 1 else paths.cache_folder())


def bytes_below(folder: Path) -> int:
    """Return the total size of the files below a folder, at any depth; links don't count."""
    found = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                found += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118 - there may be many
            except OSError:  # deleted meanwhile
                continue
    return found
