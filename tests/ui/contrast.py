"""Contrast, as the Web Content Accessibility Guidelines 2.2 define it."""

from collections import Counter

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage

OF_TEXT = 4.5
OF_GRAPHICS = 3.0
"""The least that success criteria 1.4.3 and 1.4.11 ask for. What can't be pressed now is exempt there, but not here: it
says what there is to be done."""


def luminance(color: QColor | str) -> float:
    """Relative luminance: 0..1."""
    parts = [value / 255 for value in QColor(color).getRgb()[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: QColor | str, second: QColor | str) -> float:
    """Contrast ratio: 1..21."""
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def contrast_within(image: QImage, place: QRect | None = None) -> float:
    """Contrast of what stands in a part of a picture with the ground that it stands on, its most frequent colour.

    The edges of letters are smoothed; what counts is the pixel that differs most.
    """
    where = image.rect() if place is None else place.intersected(image.rect())
    colors = Counter(
        image.pixel(x, y)
        for y in range(where.top(), where.bottom() + 1)
        for x in range(where.left(), where.right() + 1)
    )
    ((ground, _),) = colors.most_common(1)
    return max(contrast(QColor(one), QColor(ground)) for one in colors)
