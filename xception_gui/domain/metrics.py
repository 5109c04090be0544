"""Metrics of a classifier, from its probabilities and the actual classes."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from xception_gui.domain.messages.using import ClassMetrics

SMALLEST_PROBABILITY = 1e-7
"""Lower limit of probabilities in a loss, as in Keras, so that a single picture can't make the loss infinite."""


class Measured(msgspec.Struct, frozen=True):
    """Accuracy and loss of a model on some pictures."""

    accuracy: float  # 0..1
    log_loss: float


def accuracy(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """Return the share of pictures whose most probable class is the actual one.

    Args:
        probabilities: (N, classes), N ≥ 1.
        labels: (N,), indices of the actual classes.
    """
    return float(np.mean(probabilities.argmax(axis=1) == labels))


def log_loss(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """Return the mean of −ln(probability of the actual class): categorical cross-entropy. Shapes as for `accuracy`."""
    return float(np.mean(log_losses(probabilities, labels)))


def log_losses(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return −ln(probability of the actual class) of each picture, (N,). Shapes as for `accuracy`."""
    of_actual_class = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    losses: NDArray[np.float64] = -np.log(np.maximum(of_actual_class, SMALLEST_PROBABILITY))
    return losses


def paired_range(differences: NDArray[np.floating], resamples: int = 2000) -> tuple[float, float]:
    """Return the 95 % range of the mean of paired differences, by a bootstrap over pictures with a fixed seed.

    Args:
        differences: (N,), one for each picture, N ≥ 1.
        resamples: number of samples.
    """
    random = np.random.default_rng(0)
    means = [random.choice(differences, len(differences)).mean() for _ in range(resamples)]
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def is_as_good(known: NDArray[np.floating], other: NDArray[np.floating], labels: NDArray[np.integer]) -> bool:
    """Return whether other predictions of the same pictures are no worse than the known ones, as far as can be told.

    Neither log loss nor accuracy may be worse by more than one standard error of the paired difference (after the
    one-standard-error rule of Breiman et al. 1984, Classification and Regression Trees, section 3.4.3).

    Args:
        known: probabilities, (N, classes).
        other: the same, for example of another model.
        labels: (N,), indices of the actual classes.
    """
    losses = log_losses(other, labels) - log_losses(known, labels)
    errors = (known.argmax(axis=1) == labels).astype(float) - (other.argmax(axis=1) == labels)
    return all(worse.mean() <= worse.std() / np.sqrt(len(worse)) for worse in (losses, errors))


def is_clearly_lower(losses: NDArray[np.floating] | None, others: NDArray[np.floating] | None) -> bool:
    """Return whether losses are lower than others of the same pictures by more than two standard errors of the mean
    paired difference; False if some aren't known.

    Args:
        losses: (N,), of each picture.
        others: the same, in the same order.
    """
    if losses is None or others is None or len(losses) != len(others):
        return False
    lower = others - losses
    return bool(lower.mean() > 2 * lower.std() / np.sqrt(len(lower)))


def measure_probabilities(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> Measured:
    """Return accuracy and log loss. Shapes as for `accuracy`."""
    return Measured(accuracy(probabilities, labels), log_loss(probabilities, labels))


def confusion_matrix(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], class_count: int
) -> NDArray[np.int64]:
    """Count pictures, int64 (classes, classes): rows are the actual classes, columns the predicted ones."""
    matrix = np.zeros((class_count, class_count), np.int64)
    np.add.at(matrix, (labels, probabilities.argmax(axis=1)), 1)
    return matrix


def per_class(matrix: NDArray[np.integer]) -> list[ClassMetrics]:
    """Return precision, recall and F1 of each class, from a confusion matrix.

    Values that would divide by zero are None: the recall and F1 of a class without pictures, the precision of a class
    that was never predicted. F1 is 0 for a class that has pictures but no correct prediction.
    """
    correct, predicted, support = np.diag(matrix).tolist(), matrix.sum(axis=0).tolist(), matrix.sum(axis=1).tolist()
    return [
        ClassMetrics(_share(r, s), _share(r, n), _share(2 * r, s + n) if n else None, n)
        for r, s, n in zip(correct, predicted, support, strict=True)
    ]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
