"""What is done to a training picture before each look at it, so that the network doesn't learn it by heart."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from xception_gui.data.pictures.open_picture import Pixels
from xception_gui.domain.recipe import Augmentation

MOST_SHIFT = 0.06
"""Of the picture's side, each way."""

MOST_TURN = 8.0
"""Degrees, each way."""

MOST_BRIGHTNESS = 0.1
"""Of the whole range from black to white, each way."""

MOST_CONTRAST = 0.2
"""By which differences of light grow or shrink."""

MARGIN = 0.15
"""Of the side, mirrored around the picture. What comes in lies no farther out than half the side and the shift, both
turned, less half the side: (0.5 + 0.06) · (cos 8° + sin 8°) − 0.5 < 0.14."""


@dataclass(frozen=True, slots=True)
class Change:
    """One look at a picture."""

    flipped: bool = False  # left and right exchanged
    shift: tuple[float, float] = (0.0, 0.0)  # right and down, shares of the side
    turn: float = 0.0  # degrees, counterclockwise
    brightness: float = 0.0  # added to all, a share of 255
    contrast: float = 1.0  # a factor around the picture's mean


def draw_change(augment: Augmentation, *, seed: int, epoch: int, picture: int) -> Change:
    """Draw what is done to a picture in an epoch. It follows from the arguments alone."""
    if augment is Augmentation.NONE:
        return Change()
    random = np.random.default_rng([seed, epoch, picture])
    flipped = bool(random.random() < 0.5)
    if augment is Augmentation.FLIPS:
        return Change(flipped)
    right, down, turn, brightness, contrast = random.uniform(-1, 1, 5).tolist()
    return Change(
        flipped,
        (right * MOST_SHIFT, down * MOST_SHIFT),
        turn * MOST_TURN,
        brightness * MOST_BRIGHTNESS,
        1 + contrast * MOST_CONTRAST,
    )


def changed(pixels: Pixels, change: Change) -> Pixels:
    """Give a picture as it looks after a change.

    Args:
        pixels: uint8 (size, size, 3).
        change: what is done: shift and turn by one bilinear resampling, with the picture mirrored beyond its edges.

    Returns:
        uint8 (size, size, 3); where nothing is resampled, a view.
    """
    if change.flipped:
        pixels = pixels[:, ::-1]
    if change.turn or any(change.shift):
        pixels = _moved(pixels, change.shift, change.turn)
    if change.brightness or change.contrast != 1:
        pixels = _lit(pixels, change.brightness, change.contrast)
    return pixels


def _moved(pixels: Pixels, shift: tuple[float, float], turn: float) -> Pixels:
    """Shift and turn around the middle."""
    size = len(pixels)
    margin = math.ceil(size * MARGIN)
    wide = Image.fromarray(np.pad(pixels, ((margin, margin), (margin, margin), (0, 0)), mode="reflect"))
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    # Pillow asks where a pixel of the result comes from: (x, y) → (ax + by + c, dx + ey + f).
    x, y = size / 2 + shift[0] * size, size / 2 + shift[1] * size
    middle = size / 2 + margin
    places = (cos, -sin, middle - cos * x + sin * y, sin, cos, middle - sin * x - cos * y)
    moved = wide.transform((size, size), Image.Transform.AFFINE, places, Image.Resampling.BILINEAR)
    return np.asarray(moved, dtype=np.uint8)


def _lit(pixels: Pixels, brightness: float, contrast: float) -> Pixels:
    """Change the light, by a table of what each of 256 values becomes."""
    mean = float(pixels.mean())
    table = (np.arange(256) - mean) * contrast + mean + brightness * 255
    return np.clip(np.round(table), 0, 255).astype(np.uint8)[pixels]
