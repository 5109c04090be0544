"""What a model says of a picture, ranked and by name, as people read it."""

from collections.abc import Sequence
from heapq import nsmallest

import msgspec


class Prediction(msgspec.Struct, frozen=True):
    """A class, and how probable the model holds it to be."""

    class_name: str = msgspec.field(name="class")
    probability: float  # 0..1


class PicturePrediction(msgspec.Struct, frozen=True):
    """Classes, the most probable first; or why the picture couldn't be read."""

    path: str
    predictions: tuple[Prediction, ...]
    error: str | None = None  # a sentence


def ranked(classes: Sequence[str], probabilities: Sequence[float], most: int | None = None) -> tuple[Prediction, ...]:
    """Return classes with their probabilities, the most probable first, equal ones in the order of the classes.

    Args:
        classes: their names.
        probabilities: one for each class, or none at all for a picture that can't be read.
        most: how many to return; None: all.
    """
    numbers = range(len(probabilities))
    first = nsmallest(len(numbers) if most is None else most, numbers, key=lambda number: -probabilities[number])
    return tuple(Prediction(classes[number], probabilities[number]) for number in first)
