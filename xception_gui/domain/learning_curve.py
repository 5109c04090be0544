"""Conclusions from a learning curve: how good a model is now, and what more pictures would bring."""

import math
from collections.abc import Sequence

from xception_gui.domain.messages.training import EpochFinished, LearningOutlook

LOOKED_BACK = 8.0
"""The slope is fitted to the points from 1/8 of the pictures on; the beginning of a curve has another slope."""

FEWEST_POINTS = 4

SURE = 1.645
"""Number of standard errors by which a slope must be below zero to count (one-sided 95 %)."""

INTERVAL = 1.282
"""Half-width of the forecast interval in standard errors (80 %)."""

SMALLEST_GAIN = 0.005
"""Smallest gain in accuracy that is worth reporting."""

FINE = 0.02
"""Largest standard error with which an accuracy is given in hundredths."""


def cases(accuracy: float, pictures: int) -> tuple[int, int]:
    """Return an accuracy as a natural frequency (“8 of 10”), as precisely as it is known: 8 and 10, or 84 and 100.

    Hundredths are also used where tenths would be rounded to all or none. Only exactly 0 and 1 give none and all.

    Args:
        accuracy: 0..1.
        pictures: number of pictures on which it was measured.
    """
    tenths = round(accuracy * 10)
    if accuracy in (0.0, 1.0):
        return tenths, 10
    error = math.sqrt(accuracy * (1 - accuracy) / max(1, pictures))
    if error > FINE and 0 < tenths < 10:
        return tenths, 10
    return _in_cases(accuracy, 100), 100


def outlook_cases(foretold: LearningOutlook) -> tuple[int, int, int, int]:
    """Return an outlook in natural frequencies: now, the lower and upper end of the forecast, and the total.

    The total is 100, or 1,000 if now and the forecast would round to the same number, or the forecast to all.
    """
    for among in (100, 1000):
        now, low, high = (_in_cases(share, among) for share in (foretold.accuracy, foretold.low, foretold.high))
        if now < low and round(foretold.high * among) < among:
            break
    return now, low, high, among


def _in_cases(share: float, among: int) -> int:
    return max(1, min(among - 1, round(share * among)))


def outlook(fits: Sequence[EpochFinished], counts: Sequence[int], classes: Sequence[str]) -> LearningOutlook | None:
    """Forecast the accuracy with twice as many pictures; None if the curve doesn't allow a forecast.

    The errors of classifiers fall roughly as a power of the number of pictures (Hestness et al. 2017, arXiv
    1712.00409), so a line in ln(pictures) is fitted to ln(error). Each point is weighted by the precision with which
    that many validation pictures measure it (binomial).

    Args:
        fits: the points of the curve, fits of the head on growing numbers of pictures; the last one is the current one.
        counts: validation pictures of each class.
        classes: their names.
    """
    pictures = sum(counts)
    if not fits or not pictures:
        return None
    now = fits[-1]
    points = [fit for fit in fits if fit.images * LOOKED_BACK >= now.images]
    slope = _slope([(fit.images, 1 - fit.val_accuracy) for fit in points], pictures)
    if slope is None:
        return None
    error = 1 - now.val_accuracy
    high, low = (1 - error * 2.0**exponent for exponent in slope)
    if low - now.val_accuracy < SMALLEST_GAIN:
        return None
    return LearningOutlook(
        now.images, now.val_accuracy, now.images * 2, low, high, _class_to_add(points, counts, classes)
    )


def _class_to_add(points: Sequence[EpochFinished], counts: Sequence[int], classes: Sequence[str]) -> str | None:
    """Return the class whose pictures would help most, if its own curve shows that."""
    gains = {}
    for index, (name, count) in enumerate(zip(classes, counts, strict=True)):
        if any(len(point.recalls) != len(classes) for point in points) or not count:
            return None
        errors = [(point.images, 1 - point.recalls[index]) for point in points]
        slope = _slope(errors, count)
        if slope is not None:
            gains[name] = errors[-1][1] * count * (1 - 2.0 ** slope[1])
    best = max(gains, key=gains.__getitem__, default=None)
    return best if best is not None and gains[best] >= 1 else None


def _slope(errors: Sequence[tuple[int, float]], pictures: int) -> tuple[float, float] | None:
    """Fit ln(error) = a + b · ln(pictures) and return the interval of b; None unless b is clearly below zero."""
    if len(errors) < FEWEST_POINTS:
        return None
    xs = [math.log(images) for images, _ in errors]
    shares = [(error * pictures + 0.5) / (pictures + 1) for _, error in errors]  # avoids ln(0)
    weights = [pictures * share / (1 - share) for share in shares]  # 1 / variance of ln(share)
    ys = [math.log(share) for share in shares]
    total = sum(weights)
    mean_x = sum(w * x for w, x in zip(weights, xs, strict=True)) / total
    mean_y = sum(w * y for w, y in zip(weights, ys, strict=True)) / total
    spread = sum(w * (x - mean_x) ** 2 for w, x in zip(weights, xs, strict=True))
    if spread <= 0:
        return None
    slope = sum(w * (x - mean_x) * (y - mean_y) for w, x, y in zip(weights, xs, ys, strict=True)) / spread
    error = 1 / math.sqrt(spread)
    if slope + SURE * error >= 0:
        return None
    return slope - INTERVAL * error, slope + INTERVAL * error
