"""Cached pixels of pictures, for recipes that use each picture many times."""

import hashlib
from pathlib import Path

import numpy as np

from xception_gui.data.cache.blob_store import BlobStore
from xception_gui.data.pictures.open_picture import PICTURE_PATH_VERSION, Pixels, content_hash, decode, open_file


class DecodedPictures:
    """Decodes each picture once; later its pixels come from the cache.

    Args:
        store: the cache of pixels.
        image_size: pixels.
    """

    def __init__(self, store: BlobStore, image_size: int) -> None:
        self._store = store
        self._size = image_size
        self._prefix = hashlib.sha256(f"{image_size} {PICTURE_PATH_VERSION}".encode()).digest()[:16]

    def get(self, path: Path, sha256: str) -> Pixels:
        """Return the pixels, uint8 (size, size, 3), of the picture with this content hash; read `path` if they aren't
        cached.

        Raises:
            PictureError: the picture can no longer be read.
        """
        key = self._prefix + bytes.fromhex(sha256)
        data = self._store.load(key)
        if data is not None and len(data) == self._size * self._size * 3:
            return np.frombuffer(data, np.uint8).reshape(self._size, self._size, 3)
        with open_file(path) as file:
            pixels = decode(file, self._size)
            if content_hash(file) == sha256:  # else the file has changed, and the pixels are another picture's
                self._store.save(key, pixels.tobytes())
        return pixels
