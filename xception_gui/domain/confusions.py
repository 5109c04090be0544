"""The mistakes in a confusion matrix. Without numpy: the window uses this before numpy is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass

Matrix = Sequence[Sequence[int]]
"""Rows: actual classes. Columns: predicted classes."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """Pictures of one class that were predicted as another: an entry of the confusion matrix off its diagonal."""

    row: int  # actual class
    column: int  # predicted class
    count: int
    pictures: int  # of the actual class


def confusions(matrix: Matrix) -> list[Confusion]:
    """List all mistakes, the most frequent first; ties are ordered by their share of the actual class."""
    mistakes = [
        Confusion(row, column, count, sum(counts))
        for row, counts in enumerate(matrix)
        for column, count in enumerate(counts)
        if row != column and count
    ]
    return sorted(mistakes, key=lambda one: (-one.count, -one.count / one.pictures))
