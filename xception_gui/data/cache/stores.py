"""The cache: results that are slow to compute, kept between starts. All of it can be deleted at any time."""

from collections.abc import Collection

from xception_gui import paths
from xception_gui.data.cache import folders as cache_folders
from xception_gui.data.cache.blob_store import BlobStore
from xception_gui.data.cache.known_files import KnownFiles
from xception_gui.data.cache.limit import load_preferences
from xception_gui.files.deletion import claim, delete_files, own_files
from xception_gui.files.own_names import CACHE, CACHE_FOLDERS, MEASUREMENTS


def known_files() -> KnownFiles:
    """Open the store of known files."""
    return KnownFiles(paths.cache_folder() / "files.sqlite3")


def embeddings() -> BlobStore:
    """Open the store of embeddings, 13 kB and some 80 ms each. Its limit is half of what the folders leave."""
    return BlobStore(paths.cache_folder() / "embeddings.sqlite3", _share_of_a_store())


def decoded_pictures() -> BlobStore:
    """Open the store of decoded pictures, 268 kB and some 5 ms each. Its limit is the other half."""
    return BlobStore(paths.cache_folder() / "decoded.sqlite3", _share_of_a_store())


def _share_of_a_store() -> int:
    limit = load_preferences().cache_bytes
    return (limit - sum(cache_folders.share_of(name, limit) for name in CACHE_FOLDERS)) // 2


def used_bytes() -> int:
    """Return the disk space that the whole cache takes."""
    return bytes_of_pictures() + sum(map(cache_folders.bytes_in, CACHE_FOLDERS))


def bytes_of_pictures() -> int:
    """Return the disk space of the stores and of the measurements of this machine."""
    claim(paths.cache_folder(), CACHE)
    return sum(file.size for file in own_files(paths.cache_folder(), CACHE))


def make_room(spared: Collection[str] = ()) -> None:
    """Delete the oldest entries beyond the limits, except the pasted pictures named in `spared`."""
    embeddings().make_room()
    decoded_pictures().make_room()
    for name in CACHE_FOLDERS:
        cache_folders.keep_within_share(name, spared)


def clear(spared: Collection[str] = ()) -> None:
    """Delete everything except the pasted pictures named in `spared`."""
    known_files().clear()
    embeddings().clear()
    decoded_pictures().clear()
    for name in CACHE_FOLDERS:
        cache_folders.clear(name, spared)
    claim(paths.cache_folder(), CACHE)
    delete_files(paths.cache_folder(), MEASUREMENTS)
