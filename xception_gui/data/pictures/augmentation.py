"""Data augmentation: random transforms of the training pictures, so that the network doesn't learn them by heart."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from xception_gui.data.pictures.open_picture import Pixels
from xception_gui.domain.recipe import Augmentation


@dataclass(frozen=True, slots=True)
class Amounts:
    """The largest changes of a kind of augmentation, each way."""

    shift: float  # share of the picture's side
    rotation: float  # degrees
    brightness: float  # share of the whole range from black to white
    contrast: float  # share by which differences of brightness grow or shrink
    zoom: float = 0.0  # share of the size
    shear: float = 0.0  # degrees


AMOUNTS = {
    Augmentation.GENTLE: Amounts(shift=0.06, rotation=8.0, brightness=0.1, contrast=0.2),
    Augmentation.VARIED: Amounts(shift=0.1, rotation=15.0, brightness=0.0, contrast=0.0, zoom=0.2, shear=10.0),
}


@dataclass(frozen=True, slots=True)
class Transform:
    """A flip, an affine transform and a change of lighting, in this order."""

    flipped: bool = False  # left and right exchanged
    shift: tuple[float, float] = (0.0, 0.0)  # right and down, shares of the side
    rotation: float = 0.0  # degrees, counterclockwise
    brightness: float = 0.0  # added to all values, a share of 255
    contrast: float = 1.0  # a factor around the picture's mean
    zoom: float = 1.0  # a factor of the size
    shear: float = 0.0  # degrees by which vertical lines lean

    @property
    def is_affine(self) -> bool:
        """Whether pixels are resampled."""
        return bool(self.rotation or any(self.shift) or self.zoom != 1 or self.shear)


def draw_transform(augment: Augmentation, *, seed: int, epoch: int, picture: int, mirrored: bool = False) -> Transform:
    """Draw the transform of a picture in an epoch. It depends on the arguments alone.

    Args:
        augment: the kind.
        seed: of the training.
        epoch: from 1.
        picture: its number.
        mirrored: whether half of the pictures are mirrored, if the kind is VARIED; with other kinds they are.
    """
    if augment is Augmentation.NONE:
        return Transform()
    random = np.random.default_rng([seed, epoch, picture])
    flipped = bool(random.random() < 0.5) and (mirrored or augment is not Augmentation.VARIED)
    if augment is Augmentation.FLIPS:
        return Transform(flipped)
    most = AMOUNTS[augment]
    right, down, rotation, brightness, contrast, zoom, shear = random.uniform(-1, 1, 7).tolist()
    return Transform(
        flipped,
        (right * most.shift, down * most.shift),
        rotation * most.rotation,
        brightness * most.brightness,
        1 + contrast * most.contrast,
        (1 + most.zoom) ** zoom,
        shear * most.shear,
    )


def apply_transform(pixels: Pixels, transform: Transform) -> Pixels:
    """Transform a picture.

    Args:
        pixels: uint8 (size, size, 3).
        transform: its affine part is one bilinear resampling, with the picture reflected at its edges.

    Returns:
        uint8 (size, size, 3); a view if nothing is resampled.
    """
    if transform.flipped:
        pixels = pixels[:, ::-1]
    if transform.is_affine:
        pixels = _resampled(pixels, transform)
    if transform.brightness or transform.contrast != 1:
        pixels = _with_lighting(pixels, transform.brightness, transform.contrast)
    return pixels


def _resampled(pixels: Pixels, transform: Transform) -> Pixels:
    """Shear, zoom, rotate and shift around the centre."""
    size = len(pixels)
    cos, sin = math.cos(math.radians(transform.rotation)), math.sin(math.radians(transform.rotation))
    lean = math.tan(math.radians(transform.shear))
    # From a place in the result, measured from its centre, to the place in the picture that it shows.
    back = np.array([[cos, cos * lean - sin], [sin, sin * lean + cos]]) / transform.zoom
    centre = size / 2 + np.array(transform.shift) * size
    corners = back @ (np.array([[0, size, 0, size], [0, 0, size, size]]) - centre[:, None])
    margin = max(0, min(size - 1, math.ceil(np.abs(corners).max() - size / 2) + 1))
    wide = Image.fromarray(np.pad(pixels, ((margin, margin), (margin, margin), (0, 0)), mode="reflect"))
    # Pillow expects (x, y) → (ax + by + c, dx + ey + f).
    right, down = size / 2 + margin - back @ centre
    places = (*back[0], right, *back[1], down)
    resampled = wide.transform((size, size), Image.Transform.AFFINE, places, Image.Resampling.BILINEAR)
    return np.asarray(resampled, dtype=np.uint8)


def _with_lighting(pixels: Pixels, brightness: float, contrast: float) -> Pixels:
    """Change brightness and contrast by a lookup table of the 256 values."""
    mean = float(pixels.mean())
    table = (np.arange(256) - mean) * contrast + mean + brightness * 255
    return np.clip(np.round(table), 0, 255).astype(np.uint8)[pixels]
