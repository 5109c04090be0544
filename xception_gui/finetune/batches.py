"""Pictures as batches for training: in an order and with changes that follow from seed and epoch alone.

Batches are made ahead on threads of their own and wait ready to be taken, as bytes: a network turns them into floats
faster, and a quarter as much memory is moved.
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
"""Batches that wait to be taken: one that is learned from next, and one for a picture that takes long to decode."""


@dataclass(frozen=True, slots=True)
class LabelledFiles:
    """Files and what they show."""

    files: Sequence[Path]
    labels: NDArray[np.int64]  # (N,)
    class_count: int
    hashes: Sequence[str] = ()  # of the contents: with them, each picture is decoded once and then comes from the cache

    def __len__(self) -> int:
        return len(self.files)


@dataclass(frozen=True, slots=True)
class Batch:
    """Decoded pictures and what they show."""

    pixels: NDArray[np.uint8]  # (B, size, size, 3), 0..255
    labels: NDArray[np.int64]  # (B,)
    truth: NDArray[np.float32]  # (B, classes), one 1 in each row
    end: int  # pictures of the epoch up to its end, unreadable ones too


def steps_per_epoch(pictures: int, batch_size: int) -> int:
    """Count the batches of an epoch; the last one may be smaller."""
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
) -> Generator[Batch, None, None]:
    """Give the batches of one epoch, shuffled and changed as asked for.

    Args:
        data: what is learned from.
        batch_size: pictures in a batch.
        image_size: pixels.
        augment: what is done to each picture.
        seed: decides, with the epoch, order and changes.
        epoch: from 1.
        start: pictures of the epoch to pass over, as they were learned from already.
    """
    order = np.random.default_rng([seed, epoch]).permutation(len(data))
    decoded = _decoder(data, image_size)

    def pixels_of(index: int) -> Pixels:
        transform = draw_transform(augment, seed=seed, epoch=epoch, picture=index)
        return apply_transform(decoded(index), transform)

    return _batches(data, order, start, batch_size, pixels_of)


def batches_in_order(data: LabelledFiles, *, batch_size: int, image_size: int) -> Generator[Batch, None, None]:
    """Give the batches for validation: every picture as it is."""
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
        except PictureError as error:  # it was fine when the data set was checked
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
    labels = data.labels[[index for index, _ in found]]
    truth = np.eye(data.class_count, dtype=np.float32)[labels]
    return Batch(np.stack([pixels for _, pixels in found]), labels, truth, end)
