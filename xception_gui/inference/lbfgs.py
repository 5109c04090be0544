"""L-BFGS for smooth convex functions (Nocedal & Wright, Numerical Optimization, 2nd edition, chapter 7)."""

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

_MEMORY = 10  # pairs of steps and gradient changes that are stored
_SUFFICIENT_DECREASE = 1e-4  # c1 of the Wolfe conditions, equation 3.6a
_CURVATURE = 0.9  # c2, equation 3.6b
_TRIALS = 30  # step lengths tried in one line search


def minimize(
    function: Callable[[Vector], tuple[float, Vector]],
    start: Vector,
    *,
    gradient_tolerance: float = 1e-6,
    max_iterations: int = 500,
    stop: Callable[[], bool] = lambda: False,
) -> Vector:
    """Minimise a function.

    Args:
        function: returns its value and its gradient at a point.
        start: the first point.
        gradient_tolerance: ends when no component of the gradient is larger.
        max_iterations: ends after these, at the best point so far.
        stop: asked before each iteration; once true, ends at the best point so far.

    Returns:
        The minimum, or the best point so far.
    """
    x = start.copy()
    value, gradient = function(x)
    pairs: deque[tuple[Vector, Vector]] = deque(maxlen=_MEMORY)
    for _ in range(max_iterations):
        if np.abs(gradient).max(initial=0.0) <= gradient_tolerance or stop():
            break
        direction = _two_loop_recursion(gradient, pairs)
        found = _line_search(function, x, value, gradient, direction, first=1.0 if pairs else _first_step(gradient))
        if found is None:  # no lower point in floating-point arithmetic: this is the minimum
            break
        next_x, value, next_gradient = found
        pairs.append((next_x - x, next_gradient - gradient))
        x, gradient = next_x, next_gradient
    return x


def _first_step(gradient: Vector) -> float:
    return 1.0 / max(float(np.linalg.norm(gradient)), 1e-12)


def _two_loop_recursion(gradient: Vector, pairs: deque[tuple[Vector, Vector]]) -> Vector:
    """Algorithm 7.4: return the direction −H·gradient, with H from the stored pairs (s, y)."""
    q = gradient.copy()
    alphas = []
    for s, y in reversed(pairs):
        alpha = (s @ q) / (y @ s)
        alphas.append(alpha)
        q -= alpha * y
    if pairs:
        s, y = pairs[-1]
        q *= (s @ y) / (y @ y)  # equation 7.20
    for (s, y), alpha in zip(pairs, reversed(alphas), strict=True):
        q += (alpha - (y @ q) / (y @ s)) * s
    return -q


def _line_search(
    function: Callable[[Vector], tuple[float, Vector]],
    x: Vector,
    value: float,
    gradient: Vector,
    direction: Vector,
    *,
    first: float,
) -> tuple[Vector, float, Vector] | None:
    """Find a step that meets the weak Wolfe conditions, by doubling and bisection; None if there is none."""
    slope = float(gradient @ direction)
    low, high, step = 0.0, np.inf, first
    for _ in range(_TRIALS):
        next_x = x + step * direction
        next_value, next_gradient = function(next_x)
        if not next_value <= value + _SUFFICIENT_DECREASE * step * slope:
            high = step
        elif next_gradient @ direction < _CURVATURE * slope:
            low = step
        else:
            return next_x, next_value, next_gradient
        step = 2 * low if high == np.inf else (low + high) / 2
    return None
