"""Error analysis of an evaluation: the weakest class, what is mixed up most, and the pictures behind a count."""

from collections.abc import Sequence

from xception_gui.domain.confusions import Confusion, Matrix, confusions
from xception_gui.domain.messages.using import EvaluateResult, PictureEvaluated


def worst_confusion(matrix: Matrix) -> Confusion | None:
    """Find the most frequent mistake; of equally frequent ones, the one that takes most of its class."""
    return next(iter(confusions(matrix)), None)


def first_cell(matrix: Matrix) -> tuple[int, int]:
    """Return which cell to look at first: the most frequent mistake, else the first class with pictures."""
    worst = worst_confusion(matrix)
    if worst is not None:
        return worst.row, worst.column
    filled = next((index for index in range(len(matrix)) if matrix[index][index]), 0)
    return filled, filled


def weakest_class(result: EvaluateResult) -> str | None:
    """Find the class of which the smallest part was found; None if nothing was missed."""
    told = {name: (one.recall, one.f1) for name, one in result.per_class.items() if one.support}
    missed = {name: (recall, f1) for name, (recall, f1) in told.items() if recall is not None and recall < 1}
    return min(missed, key=lambda name: (missed[name][0], missed[name][1] or 0.0), default=None)


def pictures_of_cell(pictures: Sequence[PictureEvaluated], was: int, said: int) -> list[PictureEvaluated]:
    """Return the pictures of a cell, the most telling first: the surest mistakes, or the least sure hits."""
    found = [picture for picture in pictures if picture.label == was and said_of(picture) == said]
    return sorted(found, key=_sureness, reverse=was != said)


def mistakes_of_class(pictures: Sequence[PictureEvaluated], label: int) -> list[PictureEvaluated]:
    """Return the pictures of a class that were missed, then those that were taken for it; the surest first."""
    wrong = [picture for picture in pictures if picture.label != said_of(picture)]
    missed = [picture for picture in wrong if picture.label == label]
    added = [picture for picture in wrong if said_of(picture) == label]
    return sorted(missed, key=_sureness, reverse=True) + sorted(added, key=_sureness, reverse=True)


def said_of(picture: PictureEvaluated) -> int:
    """Return what was said about a picture: the number of its most probable class."""
    return picture.ranking[0]


def beside(picture: PictureEvaluated) -> int | None:
    """Return what is worth telling beside what was said: the right class after a mistake, else the runner-up."""
    others = picture.ranking[1:]
    return picture.label if picture.label in others else next(iter(others), None)


def _sureness(picture: PictureEvaluated) -> float:
    return picture.probabilities[0]
