"""Which precision a training computes in."""

from collections.abc import Mapping

from xception_gui.domain.recipe import Precision

WORTHWHILE = 1.1
"""How many times as fast as float32 another precision must be: the rounding of 8 bits is not for free."""


def fastest(step_seconds: Mapping[Precision, float]) -> Precision:
    """Choose the precision of the shortest step; float32 if the gain is small, or if nothing was measured.

    Args:
        step_seconds: how long the same step takes, by precision.
    """
    best = min(step_seconds, key=step_seconds.__getitem__, default=Precision.FLOAT32)
    return best if gain(step_seconds, best) >= WORTHWHILE else Precision.FLOAT32


def gain(step_seconds: Mapping[Precision, float], precision: Precision) -> float:
    """Return how many times as fast as float32 a precision is; 1 where that isn't known.

    A machine on which a step of float32 doesn't fit in memory has no figure for it: whatever fits is endlessly faster.
    """
    if precision not in step_seconds or precision is Precision.FLOAT32:
        return 1.0
    return step_seconds.get(Precision.FLOAT32, float("inf")) / step_seconds[precision]
