"""Quick's training: softmax regression (multinomial logistic regression, L2) on standardised embeddings.

Minimised is  mean cross-entropy + ½ · strength · ‖kernel‖²;  the bias is free. scikit-learn's `C` is
1 / (strength · pictures).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xception_gui.domain.embedding import EMBEDDING_BLOCKS
from xception_gui.inference.head import Head
from xception_gui.inference.lbfgs import Vector, minimize

STRENGTHS = (0.16, 0.04, 0.01)
"""L2 strengths that cross-validation chooses from, the strongest first: the next fit starts from its solution."""

FOLDS = 5
CROSS_VALIDATED_PICTURES = 1000
"""About at most: the best strength hardly changes with more, and 15 fits on these take seconds."""

SMALLEST_DEVIATION = 0.1
"""Of the median standard deviation; smaller ones count as this."""

ROTATED_PICTURES = 1500
"""Up to this many pictures the fit runs in their span, which is smaller than the space of embeddings."""

BLOCK_OF_PICTURES = 2048
"""With more than that, so many embeddings are standardised at a time: 55 MB of float32."""

Matrix = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted head."""

    head: Head
    strength: float  # L2
    pictures: int


@dataclass(frozen=True, slots=True)
class Scaling:
    """Mean and standard deviation of each number of an embedding, float64 (D,)."""

    mean: Vector
    deviation: Vector  # never below a tenth of the median one

    def apply(self, embeddings: Matrix) -> Matrix:
        """Standardise (N, D) in float32."""
        scaled: Matrix = embeddings.astype(np.float32)
        scaled -= self.mean.astype(np.float32)
        scaled /= self.deviation.astype(np.float32)
        return scaled


def fit_head(
    embeddings: NDArray[np.float16], labels: NDArray[np.integer], class_count: int, *, strength: float | None = None
) -> Fit:
    """Fit a head.

    Args:
        embeddings: (N, 6712), N ≥ 2.
        labels: (N,), 0..class_count − 1.
        class_count: columns of the kernel.
        strength: L2; chosen by cross-validation among the pictures if None.
    """
    scaling = measure_scaling(embeddings)
    if strength is None:
        strength = choose_strength(embeddings, labels, class_count, scaling)
    if len(embeddings) <= ROTATED_PICTURES:
        kernel, bias = fit_rotated(scaling.apply(embeddings), labels, class_count, strength)
    else:
        kernel, bias = fit_in_blocks(embeddings, labels, class_count, strength, scaling)
    return Fit(_fold_scaling_in(kernel, bias, scaling), strength, len(embeddings))


def measure_scaling(embeddings: NDArray[np.float16]) -> Scaling:
    """Measure mean and standard deviation in float64, a block of pictures at a time."""
    total = np.zeros(embeddings.shape[1])
    for rows in _blocks(len(embeddings)):
        total += embeddings[rows].sum(axis=0, dtype=np.float64)
    mean = total / len(embeddings)
    squares = np.zeros_like(mean)
    for rows in _blocks(len(embeddings)):
        squares += np.square(embeddings[rows].astype(np.float64) - mean).sum(axis=0)
    deviation = np.sqrt(squares / len(embeddings))
    # A number that hardly changes in a few pictures may change a lot in others; blown up, it would outshout the rest.
    floor = SMALLEST_DEVIATION * float(np.median(deviation)) or 1.0
    return Scaling(mean, np.maximum(deviation, floor))


def choose_strength(
    embeddings: NDArray[np.float16], labels: NDArray[np.integer], class_count: int, scaling: Scaling
) -> float:
    """Choose the L2 strength with the lowest cross-validated loss; the middle one for too few pictures to tell."""
    chosen = _every_class_in_its_share(labels, CROSS_VALIDATED_PICTURES)
    labels = labels[chosen]
    if np.bincount(labels, minlength=class_count).min() < 2:
        return STRENGTHS[1]
    coordinates, _ = rotate(scaling.apply(embeddings[chosen]))
    folds = _folds(labels)
    losses = np.zeros(len(STRENGTHS))
    for fold in range(FOLDS):
        inside, outside = folds != fold, folds == fold
        if not outside.any():
            continue
        start = None
        for index, strength in enumerate(STRENGTHS):
            start = _minimize(coordinates[inside], labels[inside], class_count, strength, start, tolerance=1e-4)
            losses[index] += _cross_entropy(coordinates[outside], labels[outside], start)
    return STRENGTHS[int(losses.argmin())]


def fit_rotated(
    standardised: Matrix, labels: NDArray[np.integer], class_count: int, strength: float
) -> tuple[Vector, Vector]:
    """Fit in the span of the pictures: the same kernel (D, classes) and bias (classes,), far fewer numbers.

    The L2 term keeps the kernel in that span, so nothing is lost by looking for it there only.
    """
    coordinates, basis = rotate(standardised)
    solution = _minimize(coordinates, labels, class_count, strength)
    return basis @ solution[:-1], solution[-1]


def rotate(standardised: Matrix) -> tuple[Vector, Vector]:
    """Rotate rows (N, D) into their own span, by the eigenvectors of their Gram matrix.

    Returns:
        Coordinates (N, r) and basis (D, r) with orthonormal columns, r ≤ N: rows = coordinates @ basis.T.
    """
    rows = standardised.astype(np.float64)
    values, vectors = np.linalg.eigh(rows @ rows.T)
    kept = values > values[-1] * 1e-10
    lengths, vectors = np.sqrt(values[kept]), vectors[:, kept]
    return vectors * lengths, rows.T @ (vectors / lengths)


def fit_in_blocks(
    embeddings: NDArray[np.float16],
    labels: NDArray[np.integer],
    class_count: int,
    strength: float,
    scaling: Scaling,
) -> tuple[Vector, Vector]:
    """Fit without ever holding all standardised embeddings: kernel (D, classes) and bias (classes,)."""
    size = embeddings.shape[1]

    def objective(flat: Vector) -> tuple[float, Vector]:
        weights = flat.reshape(size + 1, class_count)
        kernel, bias = weights[:-1].astype(np.float32), weights[-1].astype(np.float32)
        loss, gradient = 0.0, np.zeros_like(weights)
        for rows in _blocks(len(embeddings)):
            x = scaling.apply(embeddings[rows])
            part, error = _loss_and_error(x @ kernel + bias, labels[rows])
            loss += part
            gradient[:-1] += x.T @ error.astype(np.float32)
            gradient[-1] += error.sum(axis=0)
        return _regularised(loss / len(labels), gradient / len(labels), weights, strength)

    start = np.zeros((size + 1) * class_count)
    solution = minimize(objective, start, gradient_tolerance=1e-5).reshape(size + 1, class_count)
    return solution[:-1], solution[-1]


def _minimize(
    x: Vector,
    labels: NDArray[np.integer],
    class_count: int,
    strength: float,
    start: Vector | None = None,
    *,
    tolerance: float = 1e-5,
) -> Vector:
    """Fit on (N, D) in memory. Returns kernel and bias in one, (D + 1, classes)."""
    shape = (x.shape[1] + 1, class_count)

    def objective(flat: Vector) -> tuple[float, Vector]:
        weights = flat.reshape(shape)
        loss, error = _loss_and_error(x @ weights[:-1] + weights[-1], labels)
        gradient = np.vstack([x.T @ error, error.sum(axis=0)])
        return _regularised(loss / len(labels), gradient / len(labels), weights, strength)

    start = np.zeros(shape) if start is None else start
    return minimize(objective, start.ravel(), gradient_tolerance=tolerance).reshape(shape)


def _loss_and_error(logits: Matrix, labels: NDArray[np.integer]) -> tuple[float, Vector]:
    """Give the sum of the cross-entropies, and its gradient in the logits (N, classes): probabilities − truth."""
    logits = logits.astype(np.float64)
    logits -= logits.max(axis=1, keepdims=True)
    exponentials = np.exp(logits)
    sums = exponentials.sum(axis=1)
    at = np.arange(len(labels))
    loss = float((np.log(sums) - logits[at, labels]).sum())
    error = exponentials / sums[:, np.newaxis]
    error[at, labels] -= 1.0
    return loss, error


def _regularised(loss: float, gradient: Vector, weights: Vector, strength: float) -> tuple[float, Vector]:
    kernel = weights[:-1]
    gradient[:-1] += strength * kernel
    return loss + 0.5 * strength * float(np.square(kernel).sum()), gradient.ravel()


def _cross_entropy(x: Vector, labels: NDArray[np.integer], weights: Vector) -> float:
    return _loss_and_error(x @ weights[:-1] + weights[-1], labels)[0]


def _fold_scaling_in(kernel: Vector, bias: Vector, scaling: Scaling) -> Head:
    """Turn weights for standardised embeddings into weights for embeddings as they come."""
    scaled = kernel / scaling.deviation[:, np.newaxis]
    return Head(
        blocks=EMBEDDING_BLOCKS,
        kernel=scaled.astype(np.float32),
        bias=(bias - scaling.mean @ scaled).astype(np.float32),
    )


def _folds(labels: NDArray[np.integer]) -> NDArray[np.integer]:
    """Deal each class out to the folds in turn, (N,), 0..FOLDS − 1."""
    return _rank_in_class(labels) % FOLDS


def _every_class_in_its_share(labels: NDArray[np.integer], at_most: int) -> NDArray[np.integer]:
    """Choose indices so that every class keeps its share, at least two where it has two."""
    if len(labels) <= at_most:
        return np.arange(len(labels))
    counts = np.bincount(labels)
    wanted = np.minimum(np.maximum(counts * at_most // len(labels), 2), counts)
    # Evenly spread ranks, not the first ones: neighbours in a folder are often alike.
    ranks, counts, wanted = _rank_in_class(labels), counts[labels], wanted[labels]
    return np.flatnonzero((ranks + 1) * wanted // counts > ranks * wanted // counts)


def _rank_in_class(labels: NDArray[np.integer]) -> NDArray[np.integer]:
    ranks = np.zeros(len(labels), np.int64)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        ranks[members] = np.arange(len(members))
    return ranks


def _blocks(count: int) -> Iterator[slice]:
    return (slice(start, start + BLOCK_OF_PICTURES) for start in range(0, count, BLOCK_OF_PICTURES))
