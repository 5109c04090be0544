"""What a learning curve says: how far a model has come, and what more pictures would bring."""

import math
from collections.abc import Sequence

from xception_gui.domain.messages.training import EpochFinished, LearningOutlook

LOOKED_BACK = 8.0
"""The part of a curve that counts: from an eighth of the pictures on. Its beginning follows another slope."""

FEWEST_POINTS = 4

SURE = 1.645
"""Standard errors that a slope must be below zero, one-sided 95 %, before anything is said."""

INTERVAL = 1.282
"""Standard errors to both sides of what is foretold: 80 %."""

SMALLEST_GAIN = 0.005
"""Of all pictures, that more of them must bring at least to be worth a sentence."""

FINE = 0.02
"""Standard error up to which an accuracy is known well enough to be told in hundredths."""


def cases(accuracy: float, pictures: int) -> tuple[int, int]:
    """Return an accuracy as a natural frequency, “8 of 10”, as finely as it is known: 8 and 10, or 84 and 100.

    In hundredths too where tenths would say all or none of what isn't, and never all or none of what isn't.

    Args:
        accuracy: 0..1.
        pictures: that it was measured on.
    """
    tenths = round(accuracy * 10)
    if accuracy in (0.0, 1.0):
        return tenths, 10
    error = math.sqrt(accuracy * (1 - accuracy) / max(1, pictures))
    if error > FINE and 0 < tenths < 10:
        return tenths, 10
    return _in_cases(accuracy, 100), 100


def outlook_cases(foretold: LearningOutlook) -> tuple[int, int, int, int]:
    """Return an outlook in natural frequencies: now, the lower and the upper end then, and of how many.

    Of 100, or of 1,000 where now and then would sound alike, or then would be about all.
    """
    for among in (100, 1000):
        now, low, high = (_in_cases(share, among) for share in (foretold.accuracy, foretold.low, foretold.high))
        if now < low and round(foretold.high * among) < among:
            break
    return now, low, high, among


def _in_cases(share: float, among: int) -> int:
    return max(1, min(among - 1, round(share * among)))


def outlook(fits: Sequence[EpochFinished], counts: Sequence[int], classes: Sequence[str]) -> LearningOutlook | None:
    """Foretell what twice as many pictures would bring; None where the curve doesn't tell.

    Errors of classifiers fall about as a power of the number of pictures (Hestness et al. 2017, arXiv 1712.00409), so
    ln(error) is fitted by a line in ln(pictures), each point weighted by how well that many validation pictures
    measure it (binomial).

    Args:
        fits: the points of the curve, fits of the head on growing numbers of pictures; the last one counts as now.
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
    """Name the class whose pictures would help most, if its own curve tells."""
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
    """Fit ln(error) = a + b · ln(pictures): the interval of b, if b is surely below zero."""
    if len(errors) < FEWEST_POINTS:
        return None
    xs = [math.log(images) for images, _ in errors]
    shares = [
        (error * pictures + 0.5) / (pictures + 1) for _, error in errors
    ]  # so that no error is not minus infinity
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
