"""From files to embeddings, with the cache in front of the backbone."""

import contextlib
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from xception_gui.data.cache.known_files import KnownFiles
from xception_gui.data.pictures.open_picture import PictureError, Pixels, content_hash, decode, open_file
from xception_gui.data.pool import read_ahead, usable_cores
from xception_gui.domain.errors import JobStopped
from xception_gui.inference.backbone import Backbone, Embedding
from xception_gui.inference.embedding_cache import EmbeddingCache

READ_AHEAD = 2
"""Pictures read ahead by each thread, at least."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A picture's embedding, or the reason why there is none."""

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
    known_files: KnownFiles,
    image_size: int,
    batch_size: int = 1,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Embedded]:
    """Yield the embedding of each file, in order. Other threads read and decode files ahead.

    Args:
        files: pictures or other files.
        open_backbone: called for each batch with a picture that isn't cached, and only then.
        cache: where embeddings are looked up and saved.
        known_files: content hashes of unchanged files, which needn't be read.
        image_size: pixels.
        batch_size: pictures that the backbone embeds at once.
        stop: asked for each picture.

    Raises:
        JobStopped: `stop` returned true.
    """
    ahead = max(READ_AHEAD, math.ceil(batch_size / usable_cores()))
    with contextlib.closing(
        read_ahead(lambda path: _read(path, cache, known_files, image_size), files, ahead=ahead)
    ) as reads:
        for batch in _in_batches(reads, batch_size, stop):
            pictures = [read.pixels for read in batch if read.pixels is not None]
            embeddings: Iterator[Embedding] = iter(open_backbone().embed_all(pictures) if pictures else ())
            for read in batch:
                if read.pixels is None:
                    yield Embedded(read.path, read.sha256, read.cached, read.error)
                    continue
                assert read.sha256 is not None
                embedding = next(embeddings)
                cache.save(read.sha256, embedding)
                yield Embedded(read.path, read.sha256, embedding)


def _in_batches(reads: Iterable[_Read], batch_size: int, stop: Callable[[], bool]) -> Iterator[list[_Read]]:
    """Group files in order. A cached picture is yielded at once, unless one before it waits for its batch."""
    batch: list[_Read] = []
    for read in reads:
        if stop():
            raise JobStopped
        batch.append(read)
        if batch[0].pixels is None or len(batch) == batch_size:
            yield batch
            batch = []
    if batch:
        yield batch


def _read(path: Path, cache: EmbeddingCache, known_files: KnownFiles, image_size: int) -> _Read:
    known = known_files.sha256_of(path)
    cached = cache.load(known) if known else None
    if cached is not None:
        return _Read(path, known, cached=cached)
    try:
        with open_file(path) as file:
            sha256 = content_hash(file)
            cached = cache.load(sha256) if sha256 != known else None
            if cached is not None:
                return _Read(path, sha256, cached=cached)
            return _Read(path, sha256, pixels=decode(file, image_size))
    except PictureError as error:  # without its traceback, which would keep the picture in memory
        return _Read(path, error=PictureError(error.reason, error.detail))
