"""Batches of pictures for training, in an order and with transforms that follow from seed and epoch alone.

Threads prepare batches ahead, as bytes: a network converts them to floats faster, with a quarter of the memory traffic.
"""

import contextlib
import itertools
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xception_gui.data.cache.decoded_pictures import DecodedPictures
from xception_gui.data.cache.stores import decoded_pictures
from xception_gui.data.pictures.augmentation import apply_transform, draw_transform
from xception_gui.data.pictures.open_picture import PictureError, Pixels, decode_file
from xception_gui.data.pictures.picture_error import refuse_lack_of_memory
from xception_gui.data.pool import prefetched, read_ahead
from xception_gui.diagnostics import logger
from xception_gui.domain.recipe import Augmentation

READY = 2
"""Batches prepared ahead: the next one, and a reserve for a picture that takes long to decode."""


@dataclass(frozen=True, slots=True)
class LabelledFiles:
    """Picture files and their classes."""

    files: Sequence[Path]
    labels: NDArray[np.int64]  # (N,)
    class_count: int
    hashes: Sequence[str] = ()  # of the contents: if given, decoded pictures are cached

    def __len__(self) -> int:
        return len(self.files)


@dataclass(frozen=True, slots=True)
class Batch:
    """Decoded pictures and their classes."""

    pixels: NDArray[np.uint8]  # (B, size, size, 3), 0..255
    labels: NDArray[np.int64]  # (B,)
    truth: NDArray[np.float32]  # (B, classes), one 1 in each row
    end: int  # pictures of the epoch up to the end of this batch, unreadable ones included
    numbers: NDArray[np.int64]  # (B,), of the pictures in the data


def steps_per_epoch(pictures: int, batch_size: int) -> int:
    """Return the number of batches of an epoch; the last one may be smaller."""
    return -(-pictures // batch_size)


def training_batches(
    data: LabelledFiles,
    *,
    batch_size: int,
    image_size: int,
    augment: Augmentation,
    seed: int,
    epoch: int,
    start: int = 0,
    mirrored: bool = False,
) -> Generator[Batch, None, None]:
    """Yield the batches of one epoch, shuffled and augmented.

    Args:
        data: the training pictures.
        batch_size: pictures in a batch.
        image_size: pixels.
        augment: the kind of transforms.
        seed: decides, with the epoch, order and transforms.
        epoch: from 1.
        start: pictures of the epoch to skip, since they were used already.
        mirrored: see `draw_transform`.
    """
    order = np.random.default_rng([seed, epoch]).permutation(len(data))
    decoded = _decoder(data, image_size)

    def pixels_of(index: int) -> Pixels:
        transform = draw_transform(augment, seed=seed, epoch=epoch, picture=index, mirrored=mirrored)
        return apply_transform(decoded(index), transform)

    return _batches(data, order, start, batch_size, pixels_of)


def batches_in_order(data: LabelledFiles, *, batch_size: int, image_size: int) -> Generator[Batch, None, None]:
    """Yield the batches for validation: every picture as it is."""
    return _batches(data, np.arange(len(data)), 0, batch_size, _decoder(data, image_size))


def _decoder(data: LabelledFiles, image_size: int) -> Callable[[int], Pixels]:
    if not data.hashes:
        return lambda index: decode_file(data.files[index], image_size)
    pictures = DecodedPictures(decoded_pictures(), image_size)
    return lambda index: pictures.get(data.files[index], data.hashes[index])


def _batches(
    data: LabelledFiles,
    order: NDArray[np.int64],
    start: int,
    batch_size: int,
    pixels_of: Callable[[int], Pixels],
) -> Generator[Batch, None, None]:
    def read(index: int) -> tuple[int, Pixels] | None:
        try:
            return index, pixels_of(index)
        except PictureError as error:  # it could be read when the data set was checked
            refuse_lack_of_memory(error)
            logger.warning("Left out of this epoch: %s (%s)", data.files[index], error.reason)
            return None

    def collected() -> Generator[Batch, None, None]:
        with contextlib.closing(read_ahead(read, order[start:].tolist())) as pictures:
            for begin in range(start, len(order), batch_size):
                found = [one for one in itertools.islice(pictures, batch_size) if one is not None]
                if found:
                    yield _batch(found, data, end=min(begin + batch_size, len(order)))

    return prefetched(collected(), ahead=READY)


def _batch(found: list[tuple[int, Pixels]], data: LabelledFiles, end: int) -> Batch:
    numbers = np.array([index for index, _ in found])
    labels = data.labels[numbers]
    truth = np.eye(data.class_count, dtype=np.float32)[labels]
    return Batch(np.stack([pixels for _, pixels in found]), labels, truth, end, numbers)
