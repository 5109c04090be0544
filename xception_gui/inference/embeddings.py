"""Embeddings, each computed once: a cache on disk in front of the backbone."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xception_gui.data.images import PICTURE_PATH_VERSION, PictureError, Pixels, content_hash, decode, read_file
from xception_gui.data.pool import read_ahead
from xception_gui.data.whole_files import write_whole
from xception_gui.diagnostics import logger
from xception_gui.domain.embedding import EMBEDDING_SIZE
from xception_gui.domain.errors import JobStopped
from xception_gui.inference.backbone import Backbone, Embedding


class EmbeddingCache:
    """Embeddings of one backbone at one image size, one small file each, found by the content of the picture.

    Everything that changes an embedding is part of the folder's name: backbone, runtime and precision, image size and
    the version of the picture path. Files appear whole or not at all, so several programs may use it at once.
    """

    def __init__(self, root: Path, *, backbone_sha256: str, runtime: str, image_size: int) -> None:
        key = f"{backbone_sha256} {runtime} {image_size} {PICTURE_PATH_VERSION}"
        self._folder = root / "embeddings" / hashlib.sha256(key.encode()).hexdigest()[:16]
        self._can_write = True

    def __contains__(self, sha256: str) -> bool:
        return self.load(sha256) is not None

    def load(self, sha256: str) -> Embedding | None:
        """Look the embedding of a picture with this content hash up; a damaged file counts as none."""
        try:
            data = self._path(sha256).read_bytes()
        except OSError:
            return None
        if len(data) != EMBEDDING_SIZE * 2:
            return None
        return np.frombuffer(data, dtype="<f2")

    def save(self, sha256: str, embedding: Embedding) -> None:
        """Keep an embedding. A full or read-only disk is no reason to stop: then it is not kept."""
        if not self._can_write:
            return
        path = self._path(sha256)
        try:
            write_whole(path, embedding.astype("<f2").tobytes())
        except OSError as error:
            self._can_write = False
            logger.warning("Embeddings can't be cached in %s: %s", self._folder, error)

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.f16"


@dataclass(frozen=True, slots=True)
class Embedded:
    """A picture's embedding, or why there is none."""

    path: Path
    sha256: str | None  # None if the file couldn't be read
    embedding: Embedding | None
    error: PictureError | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    path: Path
    sha256: str | None = None
    cached: Embedding | None = None
    pixels: Pixels | None = None
    error: PictureError | None = None


def embed_files(
    files: Iterable[Path],
    *,
    open_backbone: Callable[[], Backbone],
    cache: EmbeddingCache,
    image_size: int,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Embedded]:
    """Give the embedding of each file, in order; files are read and decoded on other threads meanwhile.

    Args:
        files: pictures, or not.
        open_backbone: called for each picture that isn't cached.
        cache: asked first, and told.
        image_size: pixels.
        stop: asked before each picture.

    Raises:
        JobStopped: `stop` said so.
    """
    for read in read_ahead(lambda path: _read(path, cache, image_size), files):
        if stop():
            raise JobStopped
        if read.pixels is None:
            yield Embedded(read.path, read.sha256, read.cached, read.error)
            continue
        assert read.sha256 is not None
        embedding = open_backbone().embed(read.pixels)
        cache.save(read.sha256, embedding)
        yield Embedded(read.path, read.sha256, embedding)


def _read(path: Path, cache: EmbeddingCache, image_size: int) -> _Read:
    try:
        data = read_file(path)
        sha256 = content_hash(data)
        cached = cache.load(sha256)
        if cached is not None:
            return _Read(path, sha256, cached=cached)
        return _Read(path, sha256, pixels=decode(data, image_size))
    except PictureError as error:
        return _Read(path, error=error)
