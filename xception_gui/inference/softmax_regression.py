"""Quick's training: softmax regression (multinomial logistic regression, L2) on standardised embeddings.

Minimised is  mean cross-entropy + ½ · strength · ‖kernel‖²;  the bias is free. scikit-learn's `C` is
1 / (strength · pictures).

The principal axes of some of the pictures precondition L-BFGS: a change of variables, after the curvature of the loss
along each axis, gives it steps of the right size from the start (Nocedal & Wright, Numerical Optimization, 2nd edition,
section 5.1). That saves a third of its steps or more.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from xception_gui.data.pool import read_ahead
from xception_gui.domain.architecture import Architecture
from xception_gui.inference.head import Head
from xception_gui.inference.lbfgs import minimize
from xception_gui.inference.scaling import Matrix, Scaling, Vector, as_float32, measure_scaling, row_slices

L2_STRENGTHS = (0.16, 0.04, 0.01)
"""Cross-validation chooses one of these. The strongest comes first: the next fit starts from its solution."""

FOLDS = 5
CROSS_VALIDATED_PICTURES = 1000
"""About the most: the best strength hardly changes with more, and 15 fits on these take a second."""

ROTATED_PICTURES = 1500
"""Up to this many pictures, the fit runs along their principal axes: fewer than the numbers of an embedding."""

CURVATURE = 0.02
"""Average of p · (1 − p), the second derivative of the loss in a logit, where a fit ends; measured on photographs of
rubbish. It changes the number of steps, not where they lead."""

TOLERANCE = 1e-5
"""Of the gradient in the changed variables: the loss is then right to 1e-6."""

ROUGH_TOLERANCE = 1e-4
"""For comparing strengths, and for very many pictures: the loss is then right to about 1e-5."""


def never() -> bool:
    """Default stop flag: never stop."""
    return False


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted head."""

    head: Head
    strength: float  # L2
    pictures: int
    unseen_losses: NDArray[np.float64] | None = None
    """(M,): log loss of each picture when it was left out, in cross-validation among M of the pictures, which follow
    from the labels and their order alone; None: there was none."""


@dataclass(frozen=True, slots=True)
class PrincipalAxes:
    """The principal axes of N standardised embeddings: an orthonormal basis of the space that they span.

    The L2 term keeps a kernel in the span of the pictures it is fitted on, so nothing is lost by fitting it there.
    """

    coordinates: Vector  # (N, r), r ≤ N: the embeddings along the axes
    rows: NDArray[np.float32]  # (N, D): the embeddings
    dual_coefficients: Vector  # (N, r): the axes are rows.T @ dual_coefficients

    @classmethod
    def of(cls, standardised: NDArray[np.float32]) -> "PrincipalAxes":
        """Find the axes of (N, D) by the eigenvectors of its Gram matrix."""
        rows = standardised.astype(np.float64)
        values, vectors = np.linalg.eigh(rows @ rows.T)
        kept = values > values[-1] * 1e-10
        lengths, vectors = np.sqrt(values[kept]), vectors[:, kept]
        return cls(vectors * lengths, standardised, vectors / lengths)

    def to_features(self, coordinates: Vector) -> Vector:
        """Convert a kernel (r, C) along the axes to one (D, C) on features."""
        return (self.rows.T @ (self.dual_coefficients @ coordinates).astype(np.float32)).astype(np.float64)

    def from_features(self, kernel: Vector) -> Vector:
        """Project a kernel (D, C) on features onto the axes: (r, C)."""
        return self.dual_coefficients.T @ (self.rows @ kernel.astype(np.float32)).astype(np.float64)


def fit_head(
    architecture: Architecture,
    embeddings: NDArray[np.float16],
    labels: NDArray[np.integer],
    class_count: int,
    *,
    strength: float | None = None,
    stop: Callable[[], bool] = never,
) -> Fit:
    """Fit a head.

    Args:
        architecture: what the embeddings are of.
        embeddings: (N, D), N ≥ 2; may be mapped from a file that is larger than the memory.
        labels: (N,), 0..class_count − 1.
        class_count: columns of the kernel.
        strength: L2; chosen by cross-validation among the pictures if None.
        stop: asked after each step; once true, the head of that step is returned.
    """
    # Multiplications as narrow as these are slower on several threads, by many times where the processor has other work
    # to do; and in another order, so that the digits of a fit would depend on the number of cores.
    with threadpool_limits(limits=1, user_api="blas"):
        return _fit_head(architecture, embeddings, labels, class_count, strength, stop)


def _fit_head(
    architecture: Architecture,
    embeddings: NDArray[np.float16],
    labels: NDArray[np.integer],
    class_count: int,
    strength: float | None,
    stop: Callable[[], bool],
) -> Fit:
    scaling = measure_scaling(embeddings)
    few = _stratified_sample(labels, ROTATED_PICTURES)
    axes = PrincipalAxes.of(scaling.apply(embeddings[few]))
    unseen = None
    if strength is None:
        strength, unseen = choose_strength(axes.coordinates, labels[few], class_count)
    kernel, bias = fit_on_axes(axes, labels[few], class_count, strength)
    if len(few) < len(embeddings):
        start = np.vstack([kernel, bias])
        kernel, bias = fit_in_blocks(embeddings, labels, class_count, strength, scaling, axes, start, stop)
    return Fit(_fold_scaling_in(architecture, kernel, bias, scaling), strength, len(embeddings), unseen)


def choose_strength(coordinates: Vector, labels: NDArray[np.integer], class_count: int) -> tuple[float, Vector | None]:
    """Return the L2 strength with the lowest cross-validated loss on (N, r), and that loss of each picture used.

    If a class is too small for that: the middle one, and None.
    """
    chosen = _stratified_sample(labels, CROSS_VALIDATED_PICTURES)
    few, labels = coordinates[chosen].astype(np.float32), labels[chosen]  # float32 is exact enough to compare
    if np.bincount(labels, minlength=class_count).min() < 2:
        return L2_STRENGTHS[1], None
    folds = _folds(labels)

    def losses(fold: int) -> Vector:
        training, validation = folds != fold, folds == fold
        found, start = [], None
        for strength in L2_STRENGTHS:
            start = _minimize(few[training], labels[training], class_count, strength, start, tolerance=ROUGH_TOLERANCE)
            found.append(_cross_entropies(few[validation], labels[validation], start))
        return np.array(found)

    unseen = np.empty((len(L2_STRENGTHS), len(labels)))
    for fold, found in zip(np.unique(folds), read_ahead(losses, np.unique(folds)), strict=True):
        unseen[:, folds == fold] = found
    best = int(unseen.sum(axis=1).argmin())
    return L2_STRENGTHS[best], unseen[best]


def fit_on_axes(
    axes: PrincipalAxes, labels: NDArray[np.integer], class_count: int, strength: float
) -> tuple[Vector, Vector]:
    """Fit on the pictures whose axes these are: kernel (D, classes) and bias (classes,)."""
    solution = _minimize(axes.coordinates, labels, class_count, strength)
    return axes.to_features(solution[:-1]), solution[-1]


def fit_in_blocks(
    embeddings: NDArray[np.float16],
    labels: NDArray[np.integer],
    class_count: int,
    strength: float,
    scaling: Scaling,
    axes: PrincipalAxes,
    start: Vector,
    stop: Callable[[], bool] = never,
) -> tuple[Vector, Vector]:
    """Fit on any number of pictures, a block of them in memory at a time: kernel (D, classes) and bias (classes,).

    Args:
        embeddings: (N, D).
        labels: (N,).
        class_count: C.
        strength: L2.
        scaling: of all embeddings.
        axes: of some of them, for preconditioning.
        start: kernel and bias in one, (D + 1, C).
        stop: asked after each step.
    """
    variables = _Variables.of(axes, strength)
    shape = start.shape

    def objective(flat: Vector) -> tuple[float, Vector]:
        weights = variables.weights(flat.reshape(shape))
        loss, gradient = _loss_and_gradient(embeddings, labels, weights, scaling)
        value, gradient = _regularised(loss / len(labels), gradient / len(labels), weights, strength)
        return value, variables.gradient(gradient).ravel()

    changed = variables.from_weights(start).ravel()
    found = minimize(objective, changed, gradient_tolerance=ROUGH_TOLERANCE, stop=stop).reshape(shape)
    solution = variables.weights(found)
    return solution[:-1], solution[-1]


@dataclass(frozen=True, slots=True)
class _Variables:
    """A change of variables after which the loss has about the same curvature in all directions.

    The part of a kernel along each axis is multiplied by one factor, the rest of it by the largest of these.
    """

    axes: PrincipalAxes
    stretches: Vector  # (r,)
    elsewhere: float
    of_bias: float

    @classmethod
    def of(cls, axes: PrincipalAxes, strength: float) -> "_Variables":
        stretches = _stretches(axes.coordinates, strength)
        return cls(axes, stretches, float(stretches.max()), 1 / np.sqrt(CURVATURE))

    def weights(self, variables: Vector) -> Vector:
        """Return kernel and bias (D + 1, C)."""
        return self._stretched(variables, self.stretches, self.elsewhere, self.of_bias)

    def from_weights(self, weights: Vector) -> Vector:
        """Return the variables of kernel and bias (D + 1, C): the inverse of `weights`."""
        return self._stretched(weights, 1 / self.stretches, 1 / self.elsewhere, 1 / self.of_bias)

    def gradient(self, gradient: Vector) -> Vector:
        """Convert a gradient in the weights to one in the variables. The change is symmetric, so it is the same map."""
        return self.weights(gradient)

    def _stretched(self, both: Vector, stretches: Vector, elsewhere: float, of_bias: float) -> Vector:
        kernel = both[:-1]
        along = (stretches - elsewhere)[:, np.newaxis] * self.axes.from_features(kernel)
        return np.vstack([elsewhere * kernel + self.axes.to_features(along), of_bias * both[-1:]])


def _stretches(coordinates: Matrix, strength: float) -> Vector:
    """Return 1 / √curvature along each axis of coordinates (N, r)."""
    stretches: Vector = 1 / np.sqrt(CURVATURE * np.square(coordinates).mean(axis=0) + strength)
    return stretches


def _loss_and_gradient(
    embeddings: NDArray[np.float16], labels: NDArray[np.integer], weights: Vector, scaling: Scaling
) -> tuple[float, Vector]:
    """Return the sum of the cross-entropies and its gradient in the weights (D + 1, C) for standardised embeddings.

    The weights are scaled instead of the embeddings: there are fewer of them. Several threads work on blocks of
    embeddings; their results are added in order, so that the sum is the same each time.
    """
    kernel = weights[:-1] / scaling.deviation[:, np.newaxis]
    bias = (weights[-1] - scaling.mean @ kernel).astype(np.float32)
    kernel_float32 = kernel.astype(np.float32)

    def part(rows: slice) -> tuple[float, Matrix, Vector]:
        x = as_float32(embeddings[rows])
        loss, error = _loss_and_error(x @ kernel_float32 + bias, labels[rows])
        return loss, x.T @ error.astype(np.float32), error.sum(axis=0)

    loss, gradient, errors = 0.0, np.zeros_like(kernel), np.zeros_like(weights[-1])
    for part_of_loss, part_of_gradient, error in read_ahead(part, row_slices(len(embeddings))):
        loss += part_of_loss
        gradient += part_of_gradient
        errors += error
    gradient = (gradient - np.outer(scaling.mean, errors)) / scaling.deviation[:, np.newaxis]
    return loss, np.vstack([gradient, errors])


def _minimize(
    x: Matrix,
    labels: NDArray[np.integer],
    class_count: int,
    strength: float,
    start: Vector | None = None,
    *,
    tolerance: float = TOLERANCE,
) -> Vector:
    """Fit on coordinates (N, r) in memory. Returns kernel and bias in one, (r + 1, classes)."""
    shape = (x.shape[1] + 1, class_count)
    stretches = np.append(_stretches(x, strength), 1 / np.sqrt(CURVATURE))[:, np.newaxis]

    def objective(flat: Vector) -> tuple[float, Vector]:
        weights = flat.reshape(shape) * stretches
        loss, error = _loss_and_error(x @ weights[:-1].astype(x.dtype, copy=False) + weights[-1], labels)
        gradient = np.vstack([x.T @ error.astype(x.dtype, copy=False), error.sum(axis=0)])
        value, gradient = _regularised(loss / len(labels), gradient / len(labels), weights, strength)
        return value, (gradient * stretches).ravel()

    start = np.zeros(shape) if start is None else start / stretches
    solution: Vector = minimize(objective, start.ravel(), gradient_tolerance=tolerance).reshape(shape) * stretches
    return solution


def _loss_and_error(logits: Matrix, labels: NDArray[np.integer]) -> tuple[float, Vector]:
    """Return the sum of the cross-entropies and its gradient in the logits (N, classes): probabilities − truth."""
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
    """Add the L2 term to a mean loss and its gradient (…, C), whose last row is the bias'."""
    kernel = weights[:-1]
    gradient[:-1] += strength * kernel
    return loss + 0.5 * strength * float(np.square(kernel).sum()), gradient


def _cross_entropies(x: Matrix, labels: NDArray[np.integer], weights: Vector) -> Vector:
    """Return the cross-entropy of each picture (N,)."""
    logits = (x @ weights[:-1] + weights[-1]).astype(np.float64)
    logits -= logits.max(axis=1, keepdims=True)
    losses: Vector = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(labels)), labels]
    return losses


def _fold_scaling_in(architecture: Architecture, kernel: Vector, bias: Vector, scaling: Scaling) -> Head:
    """Convert weights for standardised embeddings to a head for embeddings as they are."""
    scaled = kernel / scaling.deviation[:, np.newaxis]
    return Head(
        architecture=architecture,
        blocks=architecture.embedding_blocks,
        kernel=scaled.astype(np.float32),
        bias=(bias - scaling.mean @ scaled).astype(np.float32),
    )


def _folds(labels: NDArray[np.integer]) -> NDArray[np.integer]:
    """Assign the pictures of each class to the folds in turn: (N,), 0..FOLDS − 1."""
    return _rank_in_class(labels) % FOLDS


def _stratified_sample(labels: NDArray[np.integer], at_most: int) -> NDArray[np.integer]:
    """Return indices of a stratified sample: every class keeps its share, and at least two pictures if it has two."""
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
