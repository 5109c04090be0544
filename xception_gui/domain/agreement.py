"""Whether an exported model gives the same predictions as the model it was made from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1e-2
"""Probabilities that differ by no more than this count as equal."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How close the predictions of two models are."""

    pictures: int
    largest_difference: float  # of a probability, 0..1; NaN if a probability is NaN
    same_top_class: int  # pictures whose most probable class is the same, or equally probable within the tolerance

    @property
    def is_close(self) -> bool:
        """Whether one model can replace the other."""
        return self.largest_difference <= TOLERANCE and self.same_top_class == self.pictures


def agreement(expected: NDArray[np.floating], found: NDArray[np.floating]) -> Agreement:
    """Compare the predictions of two models.

    Args:
        expected: probabilities of the model, (N, classes), N ≥ 1.
        found: probabilities of the other model for the same pictures, in the same shape.

    Raises:
        ValueError: the shapes differ.
    """
    if expected.shape != found.shape:
        raise ValueError(f"Probabilities of the same shape are compared. Received: {expected.shape}, {found.shape}")
    top = found.argmax(axis=1)
    behind = expected.max(axis=1) - expected[np.arange(len(expected)), top]
    return Agreement(
        pictures=len(expected),
        largest_difference=float(np.abs(expected - found).max()),
        same_top_class=int((behind <= TOLERANCE).sum()),
    )
