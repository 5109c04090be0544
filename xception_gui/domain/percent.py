"""How shares are told to people: one rule for the window and the command line.

“100 %” is said of all and nothing less, “0 %” of nothing and nothing more: what would be rounded to either is “> 99 %”
or “< 1 %”. A share measured on few pictures is told as a count, as 100 % of four says less than it seems to.
"""

import math
from enum import StrEnum
from typing import NamedTuple

FEWEST = 20
"""Pictures below which an accuracy is too little known to be told as a percentage: each counts for more than 5 %, and
even where all are right, the true accuracy may be as low as 83 % (19 pictures, Wilson's interval, 95 %)."""

ROUNDING = 1e-6
"""By which the sum of probabilities in float32 may miss 1."""


class Bound(StrEnum):
    """What stands before a percentage that would be rounded to all or nothing."""

    BELOW = "< "
    ABOVE = "> "
    NONE = ""


class Percentage(NamedTuple):
    """A share as it is told."""

    bound: Bound
    value: float  # 0..100
    digits: int  # after the decimal sign


def percentage(share: float, digits: int = 0) -> Percentage | None:
    """Round a share of one; None where it is none, by more than `ROUNDING`, or no number.

    Args:
        share: 0..1.
        digits: after the decimal sign. All and nothing have none.
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
    """Write a share in English: “97 %”, “> 99 %”, “< 1 %”, “100 %”; a dash for what is none. As for `percentage`."""
    told = percentage(share, digits)
    return "–" if told is None else f"{told.bound}{told.value:.{told.digits}f} %"


def too_few(pictures: int) -> bool:
    """Return whether pictures are too few to tell how good a model is."""
    return pictures < FEWEST


def right_ones(accuracy: float, pictures: int) -> int:
    """Return how many of the pictures were right, from the share of them that was: 0..1."""
    return round(accuracy * pictures) if math.isfinite(accuracy) else 0
