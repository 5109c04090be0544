"""How good a classifier is, from its probabilities and what the pictures really show."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from xception_gui.domain.messages.using import ClassMetrics

SMALLEST_PROBABILITY = 1e-7
"""As in Keras: a class given less than this counts as given this, so that one picture can't make a loss infinite."""


class Measured(msgspec.Struct, frozen=True):
    """How good a model is on some pictures."""

    accuracy: float  # 0..1
    log_loss: float


def accuracy(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """Give the share of pictures whose most probable class is the right one.

    Args:
        probabilities: (N, classes), N ≥ 1.
        labels: (N,), indices of the right classes.
    """
    return float(np.mean(probabilities.argmax(axis=1) == labels))


def log_loss(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """Give the mean of −ln(probability of the right class): categorical cross-entropy. Shapes as for `accuracy`."""
    of_right_class = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(np.mean(-np.log(np.maximum(of_right_class, SMALLEST_PROBABILITY))))


def measure_probabilities(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> Measured:
    """Give both. Shapes as for `accuracy`."""
    return Measured(accuracy(probabilities, labels), log_loss(probabilities, labels))


def confusion_matrix(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], class_count: int
) -> NDArray[np.int64]:
    """Count pictures, int64 (classes, classes): rows are what they were, columns what was said."""
    matrix = np.zeros((class_count, class_count), np.int64)
    np.add.at(matrix, (labels, probabilities.argmax(axis=1)), 1)
    return matrix


def per_class(matrix: NDArray[np.integer]) -> list[ClassMetrics]:
    """Read precision, recall and F1 of each class off a confusion matrix.

    What would be divided by nothing isn't defined, and None: the recall of a class without pictures, the precision of
    one that was never said, F1 where there are no pictures (it is 0 where none of them was found, said or not).
    """
    right, said, support = np.diag(matrix).tolist(), matrix.sum(axis=0).tolist(), matrix.sum(axis=1).tolist()
    return [
        ClassMetrics(_share(r, s), _share(r, n), _share(2 * r, s + n) if n else None, n)
        for r, s, n in zip(right, said, support, strict=True)
    ]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
