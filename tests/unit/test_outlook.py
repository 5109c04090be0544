"""What a learning curve foretells: only what it shows, and of the class that needs it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xception_gui.domain.learning_curve import outlook
from xception_gui.domain.messages import EpochFinished

CLASSES = ("glass", "metal")
SIZES = (8, 12, 18, 27, 41, 61, 92, 138, 207, 310, 465, 700)


def curve(errors: dict[str, list[float]]) -> list[EpochFinished]:
    """Fits on growing numbers of pictures, with such errors of each class; classes are equally many."""
    fits = []
    for number, of_classes in enumerate(zip(*errors.values(), strict=True)):
        recalls = tuple(1 - error for error in of_classes)
        accuracy = sum(recalls) / len(recalls)
        fits.append(EpochFinished(number + 1, SIZES[number], 0.1, 1.0, 0.5, accuracy, None, 0.1, True, True, recalls))
    return fits


def falling(start: float, exponent: float) -> list[float]:
    """Errors that fall as a power of the pictures."""
    return [start * (size / SIZES[0]) ** exponent for size in SIZES]


def test_a_curve_that_falls_as_a_power_is_followed():
    fits = curve({"glass": falling(0.6, -0.4), "metal": falling(0.6, -0.4)})
    found = outlook(fits, (500, 500), CLASSES)
    assert found is not None
    then = 1 - (1 - fits[-1].val_accuracy) * 2**-0.4
    assert found.low < then < found.high
    assert (found.images, found.images_then) == (700, 1400)
    assert found.accuracy == fits[-1].val_accuracy < found.low


def test_a_flat_curve_says_nothing():
    assert outlook(curve({"glass": [0.1] * 12, "metal": [0.1] * 12}), (500, 500), CLASSES) is None


def test_few_validation_pictures_say_nothing():
    fits = curve({"glass": falling(0.6, -0.3), "metal": falling(0.6, -0.3)})
    assert outlook(fits, (5, 5), CLASSES) is None


def test_nothing_is_foretold_of_a_model_that_errs_no_more():
    assert outlook(curve({"glass": [0.0] * 12, "metal": [0.0] * 12}), (500, 500), CLASSES) is None


@pytest.mark.parametrize("fits", [[], curve({"glass": [0.5, 0.3], "metal": [0.5, 0.3]})])
def test_too_few_points_say_nothing(fits):
    assert outlook(fits, (500, 500), CLASSES) is None


def test_the_class_that_still_gets_better_is_named():
    found = outlook(curve({"glass": falling(0.7, -0.4), "metal": [0.05] * 12}), (500, 500), CLASSES)
    assert found is not None
    assert found.class_name == "glass"


@given(seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_the_noise_of_a_flat_curve_is_rarely_taken_for_a_slope(seed):
    random = np.random.default_rng(seed)
    wrong = random.binomial(200, 0.1, (2, len(SIZES))) / 200
    found = outlook(curve({"glass": list(wrong[0]), "metal": list(wrong[1])}), (200, 200), CLASSES)
    assert found is None or found.low - found.accuracy < 0.1
