"""Pictures as batches for training: in an order and with flips that follow from seed and epoch alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xception_gui.data.images import PictureError, Pixels, decode, read_file
from xception_gui.data.pool import read_ahead
from xception_gui.diagnostics import logger
from xception_gui.domain.recipe import Augmentation


@dataclass(frozen=True, slots=True)
class LabelledFiles:
    """Files and what they show."""

    files: Sequence[Path]
    labels: NDArray[np.int64]  # (N,)
    class_count: int

    def __len__(self) -> int:
        return len(self.files)


@dataclass(frozen=True, slots=True)
class Batch:
    """Decoded pictures and what they show."""

    pixels: NDArray[np.float32]  # (B, size, size, 3), 0..255
    labels: NDArray[np.int64]  # (B,)
    truth: NDArray[np.float32]  # (B, classes), one 1 in each row


def steps_per_epoch(pictures: int, batch_size: int) -> int:
    """Count the batches of an epoch; the last one may be smaller."""
    return -(-pictures // batch_size)


def training_batches(
    data: LabelledFiles, *, batch_size: int, image_size: int, augment: Augmentation, seed: int, epoch: int
) -> Iterator[Batch]:
    """Give the batches of one epoch, shuffled, flipped if asked for."""
    random = np.random.default_rng([seed, epoch])
    order = random.permutation(len(data))
    flips = random.random(len(data)) < 0.5 if augment is Augmentation.FLIPS else np.zeros(len(data), bool)
    return _batches(data, order, flips, batch_size, image_size)


def batches_in_order(data: LabelledFiles, *, batch_size: int, image_size: int) -> Iterator[Batch]:
    """Give the batches for validation: every picture as it is."""
    return _batches(data, np.arange(len(data)), np.zeros(len(data), bool), batch_size, image_size)


def _batches(
    data: LabelledFiles, order: NDArray[np.int64], flips: NDArray[np.bool_], batch_size: int, image_size: int
) -> Iterator[Batch]:
    def picture(place: int) -> tuple[int, Pixels] | None:
        index = int(order[place])
        try:
            pixels = decode(read_file(data.files[index]), image_size)
        except PictureError as error:  # it was fine when the data set was checked
            logger.warning("Left out of this epoch: %s (%s)", data.files[index], error.reason)
            return None
        return index, pixels[:, ::-1] if flips[place] else pixels

    def batch(start: int) -> list[tuple[int, Pixels] | None]:
        return [picture(place) for place in range(start, min(start + batch_size, len(order)))]

    for found in read_ahead(batch, range(0, len(order), batch_size), ahead=1):
        readable = [one for one in found if one is not None]
        if not readable:
            continue
        labels = data.labels[[index for index, _ in readable]]
        yield Batch(
            pixels=np.stack([pixels for _, pixels in readable]).astype(np.float32),
            labels=labels,
            truth=np.eye(data.class_count, dtype=np.float32)[labels],
        )
