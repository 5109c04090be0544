"""The predictions of a model for a picture, ranked and with class names, for people."""

from collections.abc import Sequence
from heapq import nsmallest

import msgspec


class Prediction(msgspec.Struct, frozen=True):
    """A class and its probability."""

    class_name: str = msgspec.field(name="class")
    probability: float  # 0..1


class PicturePrediction(msgspec.Struct, frozen=True):
    """The predictions for a picture, most probable first, or why the picture couldn't be read."""

    path: str
    predictions: tuple[Prediction, ...]
    error: str | None = None  # a sentence


def ranked(classes: Sequence[str], probabilities: Sequence[float], most: int | None = None) -> tuple[Prediction, ...]:
    """Return classes with their probabilities, the most probable first; ties are in the order of the classes.

    Args:
        classes: their names.
        probabilities: one for each class, or empty for a picture that can't be read.
        most: how many to return; None: all.
    """
    numbers = range(len(probabilities))
    first = nsmallest(len(numbers) if most is None else most, numbers, key=lambda number: -probabilities[number])
    return tuple(Prediction(classes[number], probabilities[number]) for number in first)
