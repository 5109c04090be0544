"""Percentages for people: one rule for the window and the command line.

“100 %” means exactly all, “0 %” exactly none; values that would be rounded to them are “> 99 %” and “< 1 %”. A share
measured on few pictures is given as a count, because 100 % of four pictures means less than it seems.
"""

import math
from enum import StrEnum
from typing import NamedTuple

FEWEST = 20
"""Fewest pictures for which an accuracy is given as a percentage. Below, each picture counts for more than 5 %, and
even if all are correct, the true accuracy may be as low as 83 % (19 pictures, Wilson's interval, 95 %)."""

ROUNDING = 1e-6
"""Tolerance for shares slightly outside of 0..1: float32 probabilities don't sum to exactly 1."""


class Bound(StrEnum):
    """The sign before a percentage that would otherwise be rounded to all or none."""

    BELOW = "< "
    ABOVE = "> "
    NONE = ""


class Percentage(NamedTuple):
    """A rounded percentage."""

    bound: Bound
    value: float  # 0..100
    digits: int  # after the decimal point


def percentage(share: float, digits: int = 0) -> Percentage | None:
    """Round a share; None if it is NaN or outside of 0..1 by more than `ROUNDING`.

    Args:
        share: 0..1.
        digits: after the decimal point. All and none have no digits.
    """
    if not -ROUNDING <= share <= 1 + ROUNDING:
        return None
    if share <= 0 or share >= 1:
        return Percentage(Bound.NONE, 100.0 if share >= 1 else 0.0, 0)
    step = 10.0**-digits
    value = round(share * 100, digits)
    if value >= 100:
        return Percentage(Bound.ABOVE, 100 - step, digits)
    if value <= 0:
        return Percentage(Bound.BELOW, step, digits)
    return Percentage(Bound.NONE, value, digits)


def percent(share: float, digits: int = 0) -> str:
    """Format a share in English: “97 %”, “> 99 %”, “< 1 %”, “100 %”; a dash if `percentage` gives None."""
    told = percentage(share, digits)
    return "–" if told is None else f"{told.bound}{told.value:.{told.digits}f} %"


def too_few(pictures: int) -> bool:
    """Return whether there are too few pictures to tell how good a model is."""
    return pictures < FEWEST


def right_ones(accuracy: float, pictures: int) -> int:
    """Return the number of correct pictures from the accuracy, 0..1."""
    return round(accuracy * pictures) if math.isfinite(accuracy) else 0
