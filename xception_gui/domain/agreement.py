"""Whether an exported model says what the model says that it was made of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1e-2
"""Probabilities within this distance count as equal."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How near what one model says is to what another one says."""

    pictures: int
    largest_difference: float  # of a probability, 0..1; NaN where one is no number
    same_top_class: int  # pictures whose most probable class is the same, or as probable within the tolerance

    @property
    def is_close(self) -> bool:
        """Whether one may stand for the other."""
        return self.largest_difference <= TOLERANCE and self.same_top_class == self.pictures


def agreement(expected: NDArray[np.floating], found: NDArray[np.floating]) -> Agreement:
    """Compare two models.

    Args:
        expected: what the model says, probabilities (N, classes), N ≥ 1.
        found: what the other one says of the same pictures, in the same shape.

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
