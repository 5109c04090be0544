"""How long a training will take, from rates that were measured on this machine. Seconds everywhere."""

from xception_gui.domain.messages.machine import SpeedResult
from xception_gui.domain.recipe import DEFAULT_IMAGE_SIZE, Hyperparameters, Precision, Recipe

FITTING = 0.015
"""Fitting the head takes this share of embedding the pictures it is fitted on (measured: 1 s for 900 pictures that take
70 s); both are multiplications of matrices, so the share hardly depends on the machine."""

VALIDATING = 0.3
"""A look at a picture takes this share of a training step on it: forward, but not back twice."""

STARTING = 1.5
"""An engine that starts and opens the network."""

CONVERTING = 3.0
"""Writing the trained network for predictions and as a Keras file takes some three times as long as building it."""

CONVERTING_AT_LEAST = 12.0
"""Seconds: where Keras was loaded before, for the probe of the precision say, building is no measure of it."""

WRITING = 1.75
"""Writing Quick's model for Keras, where no epoch was better, takes up to twice as long as building the network."""

WRITING_AT_LEAST = 3.0
"""Seconds: as above."""

ENDING = 2.0
"""Seconds after the test of a trained network: its Keras file is written."""

TESTING = 0.45
"""The predictor looks at a picture in this share of a training step on it: 0.3 of one in float32, 0.5 in bfloat16, and
more where a processor has units for that."""


def seconds_for(
    recipe: Recipe, *, pictures: int, embedded: int, speed: SpeedResult, pace: float | None = None
) -> float | None:
    """Estimate a training from start to finish; None while what it needs was not measured.

    Args:
        recipe: what is asked for.
        pictures: usable ones of the data set.
        embedded: how many of them are embedded already, at 299 pixels with the shipped weights.
        speed: of this machine, at 299 pixels. Everything grows with the area of the picture.
        pace: pictures a second at which they are embedded just now, if they are.
    """
    area = (recipe.image_size / DEFAULT_IMAGE_SIZE) ** 2
    known = embedded if recipe.image_size == DEFAULT_IMAGE_SIZE and recipe.weights is None else 0
    validation = pictures * recipe.val_fraction
    embedding = max(0, pictures - known) * (1 / pace if pace else speed.embedding_seconds) * area
    quick = STARTING + embedding + pictures * speed.embedding_seconds * FITTING
    if not recipe.trains_network:
        return quick
    if speed.training_seconds is None or speed.starting_seconds is None:
        return None
    training = recipe.hyperparameters
    step = speed.training_seconds * _slowdown(training, speed)
    epoch = (pictures - validation) * step + validation * speed.embedding_seconds
    testing = validation * speed.embedding_seconds * area
    start = quick if recipe.starts_from_quick else STARTING
    return start + speed.starting_seconds * (1 + CONVERTING) + training.epochs * epoch * area + testing


def _slowdown(training: Hyperparameters, speed: SpeedResult) -> float:
    """Return how many times as long a step takes in the precision asked for as in the one that was measured."""
    if training.precision is Precision.AUTO:
        return 1.0
    asked, measured = (speed.step_seconds.get(name) for name in (training.precision, speed.precision))
    return asked / measured if asked and measured else 1.0
