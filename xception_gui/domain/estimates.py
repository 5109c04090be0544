"""Estimates of the duration of a training, from rates measured on this machine. All durations are in seconds."""

from xception_gui.domain.messages.machine import SpeedResult
from xception_gui.domain.recipe import DEFAULT_IMAGE_SIZE, Hyperparameters, Precision, Recipe

FITTING = 0.015
"""Time to fit the head, as a share of the time to embed its pictures (measured: 1 s for 900 pictures that take 70 s to
embed). Both are matrix multiplications, so the share hardly depends on the machine."""

VALIDATING = 0.3
"""Time to validate on a picture, as a share of a training step on it: only the forward pass."""

STARTING = 1.5
"""Seconds until an engine has started and opened the network."""

CONVERTING = 3.0
"""Time to write the trained network, for predictions and as a Keras file, as a multiple of the time to build it."""

CONVERTING_AT_LEAST = 12.0
"""Seconds: a minimum, as building is fast if Keras is already loaded, for example to measure precisions."""

ENDING = 2.0
"""Seconds after the test of a trained network, in which its Keras file is written."""

MOST_TRIED = 1_000
"""Training pictures in a trial: enough for a forecast, in about two minutes."""

FEWEST_TRIED = 150
"""Training pictures. With fewer, the trial would take more than 15 % of the time of the training itself, as it takes
ten seconds to load the network."""

FORECASTING = 0.15
"""Time of a forecast, as a share of the training that it is about; it reads its pictures as Quick does besides."""

TESTING = 0.45
"""Time of a prediction, as a share of a training step on the same picture: 0.3 in float32, 0.5 in bfloat16, and more on
processors with bfloat16 units."""


def seconds_for(
    recipe: Recipe, *, pictures: int, embedded: int, speed: SpeedResult, pace: float | None = None
) -> float | None:
    """Estimate the seconds of a whole training; None if the speed of this machine is not known yet.

    Args:
        recipe: the recipe.
        pictures: number of usable pictures in the data set.
        embedded: how many of them have cached embeddings, at 299 pixels with the shipped weights.
        speed: of this machine, at 299 pixels. All times are proportional to the area of the picture.
        pace: pictures per second that are being embedded right now, if any.
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
    share = (recipe.network_size / DEFAULT_IMAGE_SIZE) ** 2
    # Heads are fitted on the training pictures before, if their size differs from Quick's, and after.
    fits = recipe.starts_from_quick + (recipe.starts_from_quick and recipe.network_size != recipe.image_size)
    testing = (validation + fits * (pictures - validation)) * speed.embedding_seconds
    start = quick if recipe.starts_from_quick else STARTING
    return start + speed.starting_seconds * (1 + CONVERTING) + (training.epochs * epoch + testing) * share


def forecast_seconds(fine_tune: float, quick: float, pictures: int) -> float:
    """Estimate the seconds of a forecast from those of the whole training with each recipe, on all pictures."""
    return (quick + FORECASTING * (fine_tune - quick)) * min(1.0, MOST_TRIED / max(1, pictures))


def fine_tuning_seconds(recipe: Recipe, learned: int, validated: int, step_seconds: float) -> float:
    """Estimate the seconds of a training of the network, without Quick, from its steps.

    Args:
        recipe: of the training.
        learned: number of training pictures.
        validated: number of validation pictures.
        step_seconds: of a picture in a step.
    """
    passes = recipe.hyperparameters.epochs * (learned + validated * VALIDATING) + 2 * (learned + validated) * TESTING
    return CONVERTING_AT_LEAST + ENDING + passes * step_seconds


def _slowdown(training: Hyperparameters, speed: SpeedResult) -> float:
    """Return the duration of a step in the requested precision, as a multiple of that in the measured one."""
    if training.precision is Precision.AUTO:
        return 1.0
    asked, measured = (speed.step_seconds.get(name) for name in (training.precision, speed.precision))
    return asked / measured if asked and measured else 1.0
