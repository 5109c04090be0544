"""Choice of the precision of a training."""

from collections.abc import Mapping

from xception_gui.domain.recipe import Precision

WORTHWHILE = 1.1
"""Minimum speed-up over float32 that justifies another precision: rounding to 8 bits of mantissa has its price."""


def fastest(step_seconds: Mapping[Precision, float]) -> Precision:
    """Return the precision with the shortest step; float32 if the gain is small or nothing was measured.

    Args:
        step_seconds: duration of the same step, by precision.
    """
    best = min(step_seconds, key=step_seconds.__getitem__, default=Precision.FLOAT32)
    return best if gain(step_seconds, best) >= WORTHWHILE else Precision.FLOAT32


def gain(step_seconds: Mapping[Precision, float], precision: Precision) -> float:
    """Return how many times as fast as float32 a precision is; 1 if unknown.

    If a float32 step doesn't fit in memory, it wasn't measured, and any precision that does fit is infinitely faster.
    """
    if precision not in step_seconds or precision is Precision.FLOAT32:
        return 1.0
    return step_seconds.get(Precision.FLOAT32, float("inf")) / step_seconds[precision]
