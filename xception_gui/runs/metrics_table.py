"""`metrics.csv` in a run's folder: one row for each epoch, or for the fit of the head."""

import csv
import io
import math
import re
from pathlib import Path

from xception_gui.files.regular_files import open_regular

METRICS = ("epoch", "images", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds")
"""Columns, which are fields of `EpochFinished`."""

_NUMBER = re.compile(r"([0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?)?")
"""A number from 0 up, as Python writes it; or nothing."""

MAX_BYTES = 5_000_000
"""Limit of the file, some ten thousand epochs."""


def metrics_text(path: Path) -> str | None:
    """Return a table as this program writes it; None if there is none, or its name is taken by something else."""
    try:
        with open_regular(path) as file:
            rows = list(csv.reader(io.StringIO(file.read(MAX_BYTES).decode(), newline=""), strict=True))
    except (OSError, ValueError, csv.Error):
        return None
    if not rows or tuple(rows[0]) != METRICS or not all(map(_is_measured, rows[1:])):
        return None
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _is_measured(row: list[str]) -> bool:
    """Return whether each cell is a number, or empty for an unknown value."""
    if len(row) != len(METRICS) or not all(map(_NUMBER.fullmatch, row)):
        return False
    numbers = dict(zip(METRICS, (float(value or 0) for value in row), strict=True))
    return all(map(math.isfinite, numbers.values())) and max(numbers["accuracy"], numbers["val_accuracy"]) <= 1
