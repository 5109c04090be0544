"""The cache of the embeddings of one backbone."""

import hashlib

import numpy as np

from xception_gui.data.cache.blob_store import BlobStore
from xception_gui.data.pictures.open_picture import PICTURE_PATH_VERSION
from xception_gui.inference.backbone import Embedding


class EmbeddingCache:
    """Embeddings, keyed by the content of the picture and by everything else that changes them.

    That is the backbone, the runtime with its precision, the image size and the version of the picture path. The
    backbone's hash implies its architecture, so the key doesn't name it.

    Args:
        store: where they are saved.
        embedding_size: numbers in an embedding.
        backbone_sha256: hash of the backbone's file.
        runtime: the runtime, with its precision.
        image_size: pixels.
    """

    def __init__(
        self, store: BlobStore, *, embedding_size: int, backbone_sha256: str, runtime: str, image_size: int
    ) -> None:
        key = f"{backbone_sha256} {runtime} {image_size} {PICTURE_PATH_VERSION}"
        self._prefix = hashlib.sha256(key.encode()).digest()[:16]
        self._store = store
        self._bytes = embedding_size * np.dtype("<f2").itemsize

    def __contains__(self, sha256: str) -> bool:
        return self._key(sha256) in self._store

    def load(self, sha256: str) -> Embedding | None:
        """Return the embedding of a picture with this content hash; None if there is no valid one."""
        data = self._store.load(self._key(sha256))
        if data is None or len(data) != self._bytes:
            return None
        embedding = np.frombuffer(data, dtype="<f2")
        return embedding if np.isfinite(embedding).all() else None

    def save(self, sha256: str, embedding: Embedding) -> None:
        """Save the embedding of a picture with this content hash."""
        self._store.save(self._key(sha256), embedding.astype("<f2").tobytes())

    def _key(self, sha256: str) -> bytes:
        return self._prefix + bytes.fromhex(sha256)
