"""Embeddings as float32, and how their numbers are spread."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.floating]

MIN_DEVIATION = 0.1
"""Of the median standard deviation; smaller ones count as this."""

BLOCK_OF_PICTURES = 256
"""Of many embeddings, so many are looked at together: 7 MB of float32, which a processor's cache holds."""

# All 65,536 numbers of float16: looking one up is exact and takes a quarter of the time of numpy's conversion.
_FLOAT32_OF = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(np.float32)


def as_float32(embeddings: Matrix) -> NDArray[np.float32]:
    """Convert (N, D), of float16 in no time."""
    if embeddings.dtype != np.float16:
        return embeddings.astype(np.float32)
    return _FLOAT32_OF.take(embeddings.view(np.uint16))


def row_slices(count: int) -> Iterator[slice]:
    """Cut `count` rows into blocks."""
    return (slice(start, start + BLOCK_OF_PICTURES) for start in range(0, count, BLOCK_OF_PICTURES))


@dataclass(frozen=True, slots=True)
class Scaling:
    """Mean and standard deviation of each number of an embedding, float64 (D,)."""

    mean: Vector
    deviation: Vector  # never below a tenth of the median one

    def apply(self, embeddings: Matrix) -> NDArray[np.float32]:
        """Standardise (N, D)."""
        scaled = as_float32(embeddings)
        scaled -= self.mean.astype(np.float32)
        scaled /= self.deviation.astype(np.float32)
        return scaled


def measure_scaling(embeddings: NDArray[np.float16]) -> Scaling:
    """Measure mean and standard deviation of (N, D), a block of pictures at a time.

    Sums run over differences from the first block's mean: of large, nearly equal numbers, squares would cancel.
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
    # A number that hardly changes in a few pictures may change a lot in others; blown up, it would outshout the rest.
    floor = MIN_DEVIATION * float(np.median(deviation)) or 1.0
    return Scaling(origin + shift, np.maximum(deviation, floor))
