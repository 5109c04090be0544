"""What a learning curve foretells: only what it shows, and of the class that needs it."""

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xception_gui.domain.learning_curve import cases, outlook, outlook_cases
from xception_gui.domain.messages.training import EpochFinished, LearningOutlook

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


def slope_of(pictures: list[int], errors: list[float], validated: int) -> tuple[float, float]:
    """The slope of ln(error) in ln(pictures), and its standard error: weighted least squares, as textbooks have it."""
    shares = (np.array(errors) * validated + 0.5) / (validated + 1)
    weights = np.diag(validated * shares / (1 - shares))
    design = np.stack([np.ones(len(pictures)), np.log(pictures)], axis=1)
    covariance = np.linalg.inv(design.T @ weights @ design)
    return float((covariance @ design.T @ weights @ np.log(shares))[1]), float(np.sqrt(covariance[1, 1]))


def foretold(fits: list[EpochFinished], counts: tuple[int, int]) -> LearningOutlook | None:
    """What is to be said, worked out another way: what is sure to 95 %, and to be better by 0.5 %, with 80 % around."""
    points = [fit for fit in fits if fit.images >= fits[-1].images / 8]
    pictures, accuracy = [fit.images for fit in points], fits[-1].val_accuracy
    slope, error = slope_of(pictures, [1 - fit.val_accuracy for fit in points], sum(counts))
    low, high = (1 - (1 - accuracy) * 2 ** (slope + way * 1.282 * error) for way in (1, -1))
    if slope > -1.645 * error or low < accuracy + 0.005:
        return None
    gains = {}
    for number, (name, count) in enumerate(zip(CLASSES, counts, strict=True)):
        wrong = [1 - fit.recalls[number] for fit in points]
        slope, error = slope_of(pictures, wrong, count)
        if slope < -1.645 * error:
            gains[name] = wrong[-1] * count * (1 - 2 ** (slope + 1.282 * error))
    best = max(gains, key=gains.get, default=None)
    last = fits[-1].images
    name = best if best and gains[best] >= 1 else None
    return LearningOutlook(last, accuracy, 2 * last, pytest.approx(low), pytest.approx(high), name)


@pytest.mark.parametrize("exponents", [(-0.4, -0.4), (-0.1, -0.4), (-0.4, -0.1), (-0.05, -0.06), (-0.3, 0.2)], ids=str)
@pytest.mark.parametrize("start", [0.04, 0.3, 0.8])
def test_what_is_foretold_is_what_statistics_say(exponents, start):
    """Whatever the number of validation pictures: with few nothing is sure, with many every slope is."""
    glass, metal = (np.minimum(falling(start, exponent), 0.95) for exponent in exponents)
    fits = curve({"glass": list(glass), "metal": list(metal)})
    said = []
    for count in sorted({round(8 * 1.12**step) for step in range(60)}):
        for counts in ((count, count), (count, 3 * count)):
            said.append(outlook(fits, counts, CLASSES))
            assert said[-1] == foretold(fits, counts), counts
    assert None in said


@pytest.mark.parametrize(("images", "counts"), [(100, True), (99, False)])
def test_a_curve_counts_from_an_eighth_of_the_pictures_on(images, counts):
    """Four fits are enough, three are not."""
    fits = curve({"glass": falling(0.6, -0.5), "metal": falling(0.6, -0.5)})[-4:]
    sizes = (images, 200, 400, 800)
    fits = [msgspec.structs.replace(fit, images=size) for fit, size in zip(fits, sizes, strict=True)]
    assert (outlook(fits, (5000, 5000), CLASSES) is not None) == counts


def test_without_pictures_or_without_more_of_them_nothing_is_said():
    fits = curve({"glass": falling(0.6, -0.4), "metal": falling(0.6, -0.4)})
    assert outlook(fits, (0, 0), CLASSES) is None
    assert outlook([msgspec.structs.replace(fit, images=100) for fit in fits], (500, 500), CLASSES) is None


def test_no_class_is_named_where_one_is_not_measured():
    fits = curve({"glass": falling(0.6, -0.4), "metal": falling(0.6, -0.3)})
    assert outlook(fits, (500, 500), CLASSES).class_name == "metal"
    assert outlook(fits, (1000, 0), CLASSES).class_name is None
    fits[-2] = msgspec.structs.replace(fits[-2], recalls=())
    found = outlook(fits, (500, 500), CLASSES)
    assert found is not None and found.class_name is None


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


@pytest.mark.parametrize(
    ("accuracy", "pictures", "said"),
    [
        (0.81, 40, (8, 10)),
        (0.84, 100, (8, 10)),  # 4 in 100 is within the error
        (0.91, 227, (91, 100)),
        (0.84, 2000, (84, 100)),
        (0.5, 30, (5, 10)),
        (0.5, 624, (5, 10)),
        (0.5, 625, (50, 100)),  # an error of 0.02
        (0.1, 30, (1, 10)),
        (0.9, 30, (9, 10)),
        (0.04, 30, (4, 100)),
        (0.5, 0, (5, 10)),
        (0.97, 30, (97, 100)),  # “10 of 10” would be too much
        (0.999, 1000, (99, 100)),
        (0.003, 300, (1, 100)),
        (1.0, 5, (10, 10)),
        (0.0, 5, (0, 10)),
    ],
)
def test_an_accuracy_in_cases_is_as_fine_as_it_is_known(accuracy, pictures, said):
    assert cases(accuracy, pictures) == said


@given(right=st.integers(0, 5000), wrong=st.integers(0, 5000))
def test_an_accuracy_in_cases_is_near_it_and_all_or_none_only_where_that_is_so(right, wrong):
    pictures = max(1, right + wrong)
    of, among = cases(right / pictures, pictures)
    assert abs(of / among - right / pictures) <= 0.05
    assert (of == among) == (right == pictures) and (of == 0) == (right == 0)


@pytest.mark.parametrize(
    ("now", "low", "high", "said"),
    [
        (0.907, 0.926, 0.938, (91, 93, 94, 100)),
        (0.912, 0.918, 0.93, (91, 92, 93, 100)),
        (0.911, 0.9145, 0.93, (911, 914, 930, 1000)),  # else it would come from 91 to 91
        (0.97, 0.98, 0.997, (970, 980, 997, 1000)),  # nobody knows all
    ],
)
def test_an_outlook_in_cases_goes_up(now, low, high, said):
    assert outlook_cases(LearningOutlook(100, now, 200, low, high)) == said
