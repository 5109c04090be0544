"""A decoded picture, upright and in RGB, without a second copy of all of it in memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from xception_gui.data.pictures.headers.header import METADATA

AT_ONCE = 250_000
"""Pixels that are rotated and converted at once."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels."""

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Turn:
    """A transposition that makes a picture upright, and the inverse map: sides swapped, then mirrored."""

    how: Image.Transpose
    swapped: bool
    from_right: bool
    from_bottom: bool

    def place(self, box: Box, size: tuple[int, int]) -> Box:
        """Return where a part of the upright picture is in the stored one, which has this size."""
        left, top, right, bottom = box
        if self.swapped:
            left, top, right, bottom = top, left, bottom, right
        if self.from_right:
            left, right = size[0] - right, size[0] - left
        if self.from_bottom:
            top, bottom = size[1] - bottom, size[1] - top
        return left, top, right, bottom


_TURNS = {  # by EXIF orientation
    2: _Turn(Image.Transpose.FLIP_LEFT_RIGHT, swapped=False, from_right=True, from_bottom=False),
    3: _Turn(Image.Transpose.ROTATE_180, swapped=False, from_right=True, from_bottom=True),
    4: _Turn(Image.Transpose.FLIP_TOP_BOTTOM, swapped=False, from_right=False, from_bottom=True),
    5: _Turn(Image.Transpose.TRANSPOSE, swapped=True, from_right=False, from_bottom=False),
    6: _Turn(Image.Transpose.ROTATE_270, swapped=True, from_right=False, from_bottom=True),
    7: _Turn(Image.Transpose.TRANSVERSE, swapped=True, from_right=True, from_bottom=True),
    8: _Turn(Image.Transpose.ROTATE_90, swapped=True, from_right=True, from_bottom=False),
}


class UprightPicture:
    """A picture that is rotated and converted piece by piece, on demand.

    Args:
        image: decoded.
    """

    def __init__(self, image: Image.Image) -> None:
        self._image = image
        self._turn = _turn_of(image)
        swapped = self._turn is not None and self._turn.swapped
        self.size: tuple[int, int] = (image.height, image.width) if swapped else image.size
        self._greys = _Greys(image) if image.mode.startswith(("I", "F")) else None

    def close(self) -> None:
        """Free the memory, even if others still hold this object."""
        self._image.close()
        del self._image

    def _part(self, box: Box) -> Image.Image:
        stored = box if self._turn is None else self._turn.place(box, self._image.size)
        part = self._image if stored == (0, 0, *self._image.size) else self._image.crop(stored)
        if self._turn is not None:
            part = part.transpose(self._turn.how)
        return _in_rgb(part, self._greys)

    def scaled(self, size: tuple[int, int], resample: Image.Resampling, box: Box | None = None) -> Image.Image:
        """Scale the picture, or a part of it, to exactly the pixels of converting it first and resizing then.

        Resizing goes along one side, then along the other, with integers between: so the first pass can be done strip
        by strip.
        """
        box = box or (0, 0, *self.size)
        width, height = box[2] - box[0], box[3] - box[1]
        if width * height <= AT_ONCE:
            return self._part(box).resize(size, resample)
        columns = _columns_first(width, height, size)
        between = Image.new("RGB", (width, size[1]) if columns else (size[0], height))
        for strip in _strips(box, columns):
            part = self._part(strip)
            if columns:
                between.paste(part.resize((part.width, size[1]), resample), (strip[0] - box[0], 0))
            else:
                between.paste(part.resize((size[0], part.height), resample), (0, strip[1] - box[1]))
        return between.resize(size, resample)


def between_size(width: int, height: int, side: int) -> int:
    """Return the number of pixels between the two passes of scaling to a square of this side."""
    return width * side if _columns_first(width, height, (side, side)) else side * height


def _columns_first(width: int, height: int, size: tuple[int, int]) -> bool:
    """Return whether the height is scaled first, by Pillow's own rule: if it shrinks more than twice as much."""
    return height > size[1] and height - size[1] > 2 * (width - size[0])


def _strips(box: Box, columns: bool) -> Iterator[Box]:
    left, top, right, bottom = box
    if columns:
        width = max(AT_ONCE // (bottom - top), 1)
        for begin in range(left, right, width):
            yield begin, top, min(begin + width, right), bottom
    else:
        height = max(AT_ONCE // (right - left), 1)
        for begin in range(top, bottom, height):
            yield left, begin, right, min(begin + height, bottom)


def _turn_of(image: Image.Image) -> _Turn | None:
    """Read the EXIF orientation. Pillow's `exif_transpose` fails if any other entry is invalid."""
    if len(image.info.get("exif") or b"") > METADATA:
        return None
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except MemoryError:
        raise
    except Exception:  # damaged EXIF data: the picture itself is fine
        return None


def _in_rgb(image: Image.Image, greys: "_Greys | None") -> Image.Image:
    if greys is not None:
        return greys.in_8_bits(image).convert("RGB")
    if image.mode == "RGB" and not image.has_transparency_data:
        return image
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


_GREYS_OF_16_BITS = np.round(np.arange(65536, dtype=np.float32) / 257).astype(np.uint8)


class _Greys:
    """Conversion of 16-bit, 32-bit and float grey to 8-bit. Pillow's own would clip everything above 255.

    Args:
        image: the whole picture, for its range of values.
    """

    def __init__(self, image: Image.Image) -> None:
        self._mode = image.mode
        self._instead: tuple[float, float] | None = None  # replacements for ±infinity, if there is any
        if image.mode.startswith("I;16"):
            return
        self._low, self._high = _extremes(image, lambda values: values)
        if not (np.isfinite(self._low) and np.isfinite(self._high)):
            low, high = _extremes(image, lambda values: values[np.isfinite(values)])
            self._instead = max(float(high), 0.0), min(float(low), 0.0)
            self._low, self._high = _extremes(image, self._finite)

    def _finite(self, values: Values) -> Values:
        """Replace NaN by zero, and infinities by the largest and smallest finite value."""
        if self._instead is None:
            return values
        above, below = self._instead
        return np.nan_to_num(values, posinf=above, neginf=below)

    def in_8_bits(self, image: Image.Image) -> Image.Image:
        """Convert a part of the picture."""
        if self._mode.startswith("I;16"):
            return Image.fromarray(_GREYS_OF_16_BITS[np.asarray(image)])
        values = self._finite(np.asarray(image, dtype=np.float32))
        return Image.fromarray(np.round(self._scaled(values)).astype(np.uint8))

    def _scaled(self, values: Values) -> NDArray[np.floating]:
        low, high = self._low, self._high
        if self._mode == "F" and low >= 0 and high <= 1:
            return values * 255
        if low >= 0 and high <= 255:
            return values
        if self._mode == "I" and low >= 0 and high <= 65535:
            return values / 257
        # Measurements in other units: map darkest to brightest.
        return (values - low) * (255 / max(float(high - low), 1e-12))


def _extremes(image: Image.Image, prepared: Callable[[Values], Values]) -> tuple[np.float32, np.float32]:
    """Find the smallest and largest value; NaN if there is any among them."""
    low, high = np.float32(np.inf), np.float32(-np.inf)
    for strip in _strips((0, 0, *image.size), columns=False):
        values = prepared(np.asarray(image.crop(strip), dtype=np.float32))
        low = np.minimum(low, values.min(initial=np.inf))
        high = np.maximum(high, values.max(initial=-np.inf))
    return low, high
