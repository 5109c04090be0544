"""What is measured of a training: accuracies on the validation pictures, and whether the time left was right."""

import os
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

import psutil

DECIDING_EPOCH = 4
"""Of the tutorial: the accuracy after it is what everybody has to reach."""

ROUNDING = 1e-6
"""Keras computes accuracies in float32."""


class Evaluation(TypedDict):
    """One measurement on all validation pictures."""

    seconds: float  # since the process began
    val_accuracy: float  # 0..1
    val_loss: float


class TimeLeft(NamedTuple):
    """What was told of the time left."""

    seconds: float  # since the process began
    left: float  # seconds


TOLD_FROM = 0.1
"""Share of a run after which the time left is to be right."""

SHORT = 3.0
"""Seconds: nobody plans with less, so that shorter times count as this long."""


def worst_factor(told: Sequence[TimeLeft], whole: float) -> float | None:
    """Give the largest factor between the time left as it was told and as it was, from the second tenth of a run on.

    Args:
        told: in the course of the run.
        whole: seconds that the run took.

    Returns:
        1 or more; None if nothing was told.
    """
    pairs = [(max(left, SHORT), max(whole - at, SHORT)) for at, left in told if at >= TOLD_FROM * whole]
    return max((max(said / true, true / said) for said, true in pairs), default=None)


def thinned(told: Sequence[TimeLeft], seconds: float) -> list[TimeLeft]:
    """Give what was told so that no two of them are closer to one another than so many seconds."""
    kept: list[TimeLeft] = []
    for one in told:
        if not kept or one.seconds - kept[-1].seconds >= seconds:
            kept.append(one)
    return kept


def target_of(tutorial: dict[str, Any]) -> float:
    """Read the accuracy to reach off the result of `tutorial.py`."""
    evaluations = tutorial["evaluations"]
    return float(evaluations[min(DECIDING_EPOCH, len(evaluations)) - 1]["val_accuracy"])


def time_to_accuracy(evaluations: Sequence[Evaluation], target: float) -> float | None:
    """Give the seconds of the first of two consecutive evaluations that both reach the target."""
    reached = [one["val_accuracy"] >= target - ROUNDING for one in evaluations]
    for (first, one), (second, _) in pairwise(zip(reached, evaluations, strict=True)):
        if first and second:
            return one["seconds"]
    return None


def seconds_since_start() -> float:
    """Say how long ago this process began, the start of Python itself included.

    Linux counts a start from the boot. What psutil makes of it would be up to a second more: it adds the time of the
    boot, which Linux tells in whole seconds.
    """
    if sys.platform == "linux":
        fields = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        ticks = int(fields[19])  # since the boot; the 22nd of all fields
        return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    return time.time() - psutil.Process().create_time()
