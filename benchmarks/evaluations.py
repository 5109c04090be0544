"""Measurements of a training: accuracies on the validation pictures, and how correct the time left was."""

import os
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

import psutil

DECIDING_EPOCH = 4
"""Epoch of the tutorial whose accuracy is the target of all contestants."""

ROUNDING = 1e-6
"""Keras computes accuracies in float32."""


class Evaluation(TypedDict):
    """One measurement on all validation pictures."""

    seconds: float  # since the process began
    val_accuracy: float  # 0..1
    val_loss: float


class TimeLeft(NamedTuple):
    """A time left as it was shown."""

    seconds: float  # since the process began
    left: float  # seconds


TOLD_FROM = 0.1
"""Share of a training from which the time left is judged."""

SHORT = 3.0
"""Seconds; shorter times count as this long, as their errors don't matter to anyone."""


def worst_factor(told: Sequence[TimeLeft], whole: float) -> float | None:
    """Return the largest factor between the time left as shown and the true one, after the first tenth of a training.

    Args:
        told: the times left that were shown.
        whole: seconds that the training took.

    Returns:
        1 or more; None if no time was shown.
    """
    pairs = [(max(left, SHORT), max(whole - at, SHORT)) for at, left in told if at >= TOLD_FROM * whole]
    return max((max(said / true, true / said) for said, true in pairs), default=None)


def thinned(told: Sequence[TimeLeft], seconds: float) -> list[TimeLeft]:
    """Return the times left that are at least `seconds` apart from each other."""
    kept: list[TimeLeft] = []
    for one in told:
        if not kept or one.seconds - kept[-1].seconds >= seconds:
            kept.append(one)
    return kept


def target_of(tutorial: dict[str, Any]) -> float:
    """Return the target accuracy from the result of `tutorial.py`."""
    evaluations = tutorial["evaluations"]
    return float(evaluations[min(DECIDING_EPOCH, len(evaluations)) - 1]["val_accuracy"])


def time_to_accuracy(evaluations: Sequence[Evaluation], target: float) -> float | None:
    """Return the seconds of the first of two consecutive evaluations that both reach the target, None without such."""
    reached = [one["val_accuracy"] >= target - ROUNDING for one in evaluations]
    for (first, one), (second, _) in pairwise(zip(reached, evaluations, strict=True)):
        if first and second:
            return one["seconds"]
    return None


def seconds_since_start() -> float:
    """Return the age of this process, including the start of Python.

    Linux counts process starts from the boot, in hundredths of seconds. psutil adds the time of the boot, which Linux
    has in whole seconds, so its result may be off by a second.
    """
    if sys.platform == "linux":
        fields = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        ticks = int(fields[19])  # since the boot; the 22nd of all fields
        return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    return time.time() - psutil.Process().create_time()
