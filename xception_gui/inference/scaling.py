"""Embeddings as float32, and their mean and standard deviation."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.floating]

MIN_DEVIATION = 0.1
"""Share of the median standard deviation: smaller deviations are raised to it."""

BLOCK_OF_PICTURES = 256
"""Pictures in a block. Xception's embeddings of one take 7 MB in float32, which fit a processor's cache."""

# All 65,536 values of float16: a lookup is exact and takes a quarter of the time of numpy's conversion.
_FLOAT32_OF = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(np.float32)


def as_float32(embeddings: Matrix) -> NDArray[np.float32]:
    """Convert (N, D) to float32; by a lookup table if it is float16."""
    if embeddings.dtype != np.float16:
        return embeddings.astype(np.float32)
    return _FLOAT32_OF.take(embeddings.view(np.uint16))


def row_slices(count: int) -> Iterator[slice]:
    """Yield slices that divide `count` rows into blocks."""
    return (slice(start, start + BLOCK_OF_PICTURES) for start in range(0, count, BLOCK_OF_PICTURES))


@dataclass(frozen=True, slots=True)
class Scaling:
    """Mean and standard deviation of each number of an embedding, float64 (D,)."""

    mean: Vector
    deviation: Vector  # at least a tenth of the median deviation

    def apply(self, embeddings: Matrix) -> NDArray[np.float32]:
        """Standardise (N, D)."""
        scaled = as_float32(embeddings)
        scaled -= self.mean.astype(np.float32)
        scaled /= self.deviation.astype(np.float32)
        return scaled


def measure_scaling(embeddings: NDArray[np.float16]) -> Scaling:
    """Compute mean and standard deviation of (N, D), a block of pictures at a time.

    The sums are of differences from the mean of the first block: squares of large, nearly equal numbers would cancel.
    """
    size = embeddings.shape[1]
    origin = as_float32(embeddings[:BLOCK_OF_PICTURES]).mean(axis=0)
    total, squares = np.zeros(size), np.zeros(size)
    for rows in row_slices(len(embeddings)):
        differences = as_float32(embeddings[rows])
        differences -= origin
        total += differences.sum(axis=0)
        squares += np.einsum("nd,nd->d", differences, differences)
    shift = total / len(embeddings)
    deviation = np.sqrt(np.maximum(squares / len(embeddings) - np.square(shift), 0.0))
    # What is nearly constant in a few pictures may vary in others: scaled by a tiny deviation, it would dominate.
    floor = MIN_DEVIATION * float(np.median(deviation)) or 1.0
    return Scaling(origin + shift, np.maximum(deviation, floor))
