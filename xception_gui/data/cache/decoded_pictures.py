"""Pictures as the network sees them, for recipes that look at each of them many times."""

import hashlib
from pathlib import Path

import numpy as np

from xception_gui.data.cache.blob_store import BlobStore
from xception_gui.data.pictures.open_picture import PICTURE_PATH_VERSION, Pixels, content_hash, decode, open_file


class DecodedPictures:
    """Decodes pictures, each once: after that their pixels come from the cache.

    Args:
        store: of the cache.
        image_size: pixels.
    """

    def __init__(self, store: BlobStore, image_size: int) -> None:
        self._store = store
        self._size = image_size
        self._prefix = hashlib.sha256(f"{image_size} {PICTURE_PATH_VERSION}".encode()).digest()[:16]

    def get(self, path: Path, sha256: str) -> Pixels:
        """Return the pixels, uint8 (size, size, 3), of the picture with this content hash, read from `path` if need be.

        Raises:
            PictureError: it can't be read any more.
        """
        key = self._prefix + bytes.fromhex(sha256)
        data = self._store.load(key)
        if data is not None and len(data) == self._size * self._size * 3:
            return np.frombuffer(data, np.uint8).reshape(self._size, self._size, 3)
        with open_file(path) as file:
            pixels = decode(file, self._size)
            if content_hash(file) == sha256:  # else it has changed since, and these are another picture's
                self._store.save(key, pixels.tobytes())
        return pixels
