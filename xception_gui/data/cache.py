"""The cache: what is kept between starts because it takes long to compute. All of it can be deleted at any time."""

from xception_gui import paths
from xception_gui.data import cache_folders
from xception_gui.data.blob_store import BlobStore
from xception_gui.data.known_files import KnownFiles
from xception_gui.data.preferences import load_preferences

NETWORK_FOLDERS = ("backbones", "compiled")
"""Of networks that were made from weights files, or made ready for one processor."""


def known_files() -> KnownFiles:
    """Open what is known about files."""
    return KnownFiles(paths.cache_folder() / "files.sqlite3")


def embeddings() -> BlobStore:
    """Open the embeddings, 13 kB a picture and some 80 ms each; they may take half of the cache."""
    return BlobStore(paths.cache_folder() / "embeddings.sqlite3", load_preferences().cache_bytes // 2)


def decoded_pictures() -> BlobStore:
    """Open the decoded pictures, 268 kB and some 5 ms each; they may take the other half."""
    return BlobStore(paths.cache_folder() / "decoded.sqlite3", load_preferences().cache_bytes // 2)


def used_bytes() -> int:
    """Measure how much of the disk the cache takes."""
    networks = sum(map(cache_folders.bytes_in, NETWORK_FOLDERS))
    return known_files().bytes + embeddings().bytes + decoded_pictures().bytes + networks


def make_room() -> None:
    """Delete what is over the limit, the oldest first."""
    embeddings().make_room()
    decoded_pictures().make_room()


def clear() -> None:
    """Delete everything."""
    known_files().clear()
    embeddings().clear()
    decoded_pictures().clear()
    for name in NETWORK_FOLDERS:
        cache_folders.clear(name)
