"""Data augmentation: random transforms of the training pictures, so that the network doesn't learn them by heart."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from xception_gui.data.pictures.open_picture import Pixels
from xception_gui.domain.recipe import Augmentation

MAX_SHIFT = 0.06
"""Share of the picture's side, each way."""

MAX_ROTATION = 8.0
"""Degrees, each way."""

MAX_BRIGHTNESS = 0.1
"""Share of the whole range from black to white, each way."""

MAX_CONTRAST = 0.2
"""Share by which differences of brightness grow or shrink."""

MARGIN = 0.15
"""Share of the side by which a picture is padded, by reflection. A transform shows at most this much of the outside:
(0.5 + 0.06) · (cos 8° + sin 8°) − 0.5 < 0.14."""


@dataclass(frozen=True, slots=True)
class Transform:
    """A flip, an affine transform and a change of lighting, in this order."""

    flipped: bool = False  # left and right exchanged
    shift: tuple[float, float] = (0.0, 0.0)  # right and down, shares of the side
    rotation: float = 0.0  # degrees, counterclockwise
    brightness: float = 0.0  # added to all values, a share of 255
    contrast: float = 1.0  # a factor around the picture's mean


def draw_transform(augment: Augmentation, *, seed: int, epoch: int, picture: int) -> Transform:
    """Draw the transform of a picture in an epoch. It depends on the arguments alone."""
    if augment is Augmentation.NONE:
        return Transform()
    random = np.random.default_rng([seed, epoch, picture])
    flipped = bool(random.random() < 0.5)
    if augment is Augmentation.FLIPS:
        return Transform(flipped)
    right, down, rotation, brightness, contrast = random.uniform(-1, 1, 5).tolist()
    return Transform(
        flipped,
        (right * MAX_SHIFT, down * MAX_SHIFT),
        rotation * MAX_ROTATION,
        brightness * MAX_BRIGHTNESS,
        1 + contrast * MAX_CONTRAST,
    )


def apply_transform(pixels: Pixels, transform: Transform) -> Pixels:
    """Transform a picture.

    Args:
        pixels: uint8 (size, size, 3).
        transform: shift and rotation are one bilinear resampling, with the picture reflected at its edges.

    Returns:
        uint8 (size, size, 3); a view if nothing is resampled.
    """
    if transform.flipped:
        pixels = pixels[:, ::-1]
    if transform.rotation or any(transform.shift):
        pixels = _shifted_and_rotated(pixels, transform.shift, transform.rotation)
    if transform.brightness or transform.contrast != 1:
        pixels = _with_lighting(pixels, transform.brightness, transform.contrast)
    return pixels


def _shifted_and_rotated(pixels: Pixels, shift: tuple[float, float], rotation: float) -> Pixels:
    """Shift and rotate around the centre."""
    size = len(pixels)
    margin = math.ceil(size * MARGIN)
    wide = Image.fromarray(np.pad(pixels, ((margin, margin), (margin, margin), (0, 0)), mode="reflect"))
    cos, sin = math.cos(math.radians(rotation)), math.sin(math.radians(rotation))
    # Pillow expects the map from a pixel of the result to its source: (x, y) → (ax + by + c, dx + ey + f).
    x, y = size / 2 + shift[0] * size, size / 2 + shift[1] * size
    middle = size / 2 + margin
    places = (cos, -sin, middle - cos * x + sin * y, sin, cos, middle - sin * x - cos * y)
    transformed = wide.transform((size, size), Image.Transform.AFFINE, places, Image.Resampling.BILINEAR)
    return np.asarray(transformed, dtype=np.uint8)


def _with_lighting(pixels: Pixels, brightness: float, contrast: float) -> Pixels:
    """Change brightness and contrast by a lookup table of the 256 values."""
    mean = float(pixels.mean())
    table = (np.arange(256) - mean) * contrast + mean + brightness * 255
    return np.clip(np.round(table), 0, 255).astype(np.uint8)[pixels]
