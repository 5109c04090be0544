"""What a classifier mixes up, read off a confusion matrix. Without numpy, as the window uses it at once."""

from collections.abc import Sequence
from dataclasses import dataclass

Matrix = Sequence[Sequence[int]]
"""Rows: what pictures were. Columns: what was said."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """Pictures of one class that were taken for another. Row and column of the confusion matrix."""

    row: int  # what they were
    column: int  # what was said
    count: int
    pictures: int  # of that row


def confusions(matrix: Matrix) -> list[Confusion]:
    """List all mistakes, the most frequent first; of equally frequent ones, the one that takes most of its class."""
    mistakes = [
        Confusion(row, column, count, sum(counts))
        for row, counts in enumerate(matrix)
        for column, count in enumerate(counts)
        if row != column and count
    ]
    return sorted(mistakes, key=lambda one: (-one.count, -one.count / one.pictures))
