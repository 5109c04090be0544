"""The one picture path: from a file to pixels, the same for checks, training, prediction and exported models.

Whoever changes what pixels come out must raise `PICTURE_PATH_VERSION`: cached embeddings are kept under it.
"""

import hashlib
import io
import stat
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFile, JpegImagePlugin, UnidentifiedImageError

from xception_gui.domain.reasons import Reason

PICTURE_PATH_VERSION = 1

MAX_BYTES = 1_000_000_000
MAX_PIXELS = 100_000_000
"""Pixels that are decoded at once, some 400 MB in memory. Large JPEGs are decoded at a fraction of their size."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "DIB", "AVIF", "JPEG2000", "PPM", "TGA", "PCX", "ICO")
"""Pillow's names of what is opened (MPO is opened as JPEG). Left out on purpose: EPS and PDF, which run programs, and
rare scientific ones."""

SUFFIXES = frozenset(
    """
    .jpg .jpeg .jpe .jfif .mpo .png .apng .webp .gif .tif .tiff .bmp .dib .avif .avifs .jp2 .j2k .jpx .jpf .j2c
    .ppm .pgm .pbm .pnm .tga .pcx .ico .heic .heif
    """.split()  # noqa: SIM905 - thirty quoted strings are harder to read
)
"""What the name of a picture usually ends with. What a file is, its contents decide."""

UNKNOWN_SUFFIXES = frozenset({".heic", ".heif"})
"""Of these, what belongs to formats that this program can't read: such files are not damaged."""

# Pillow refuses twice this, wherever it finds a size: also of a picture inside an icon, or of a tile. It warns before.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
warnings.filterwarnings("ignore", module=r"PIL\..*")

_TURNS = {  # EXIF orientation → what makes the picture stand upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Pixels = NDArray[np.uint8]
"""(height, width, 3), 0..255, RGB."""


class PictureError(Exception):
    """A file that gives no picture.

    Attributes:
        reason: why.
        detail: what fills the place in the reason's text.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def read_file(path: Path) -> bytes:
    """Read a file that may hold a picture; devices and pipes are never opened.

    Raises:
        PictureError: nothing there, no right to read it, no regular file, empty or too large.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise PictureError(Reason.NOT_A_FILE)
        if status.st_size == 0:
            raise PictureError(Reason.EMPTY)
        if status.st_size > MAX_BYTES:
            raise PictureError(Reason.TOO_LARGE, f"{MAX_BYTES // 1_000_000} MB")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise PictureError(Reason.MISSING) from error
    except OSError as error:
        raise PictureError(Reason.UNREADABLE, error.strerror or str(error)) from error
    except ValueError as error:  # a name that no file can have, as one with a zero in it
        raise PictureError(Reason.MISSING) from error


def content_hash(data: bytes) -> str:
    """Name a picture by the SHA-256 of its file."""
    return hashlib.sha256(data).hexdigest()


def decode(data: bytes, size: int) -> Pixels:
    """Decode a picture and stretch it to the network's input.

    Orientation (EXIF) is applied, any colour mode becomes RGB, transparency lies on white, of several frames the
    first counts. Stretched as in the tutorial, bilinear with antialiasing.

    Args:
        data: the bytes of a file.
        size: pixels, both ways.

    Returns:
        uint8 (size, size, 3).

    Raises:
        PictureError: no picture, a damaged one, or one of too many pixels.
    """
    return resize(open_picture(data, at_least=size), size)


def open_picture(data: bytes, at_least: int | None = None) -> Image.Image:
    """Decode a picture, RGB and upright.

    Args:
        data: the bytes of a file.
        at_least: pixels; a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size, neither side below this.

    Raises:
        PictureError: no picture, a damaged one, or one of too many pixels.
    """
    try:
        with _open(data) as image:
            if at_least is not None:
                image.draft("RGB", (at_least, at_least))
            if image.width * image.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            image.load()
            return _as_rgb(_upright(image))
    except UnidentifiedImageError as error:
        raise PictureError(Reason.NOT_A_PICTURE) from error
    except Image.DecompressionBombError as error:
        raise PictureError(Reason.TOO_MANY_PIXELS, f"more than {MAX_PIXELS:,}") from error
    # Pillow's decoders meet damaged files with almost any exception; none of them may stop a run.
    except Exception as error:
        raise PictureError(Reason.DAMAGED, _in_one_line(error)) from error


def resize(image: Image.Image, size: int) -> Pixels:
    """Stretch an RGB picture to uint8 (size, size, 3), bilinear with antialiasing."""
    return np.asarray(image.resize((size, size), Image.Resampling.BILINEAR), dtype=np.uint8)


def _open(data: bytes) -> ImageFile.ImageFile:
    if data.startswith(b"\xff\xd8\xff"):  # not by Image.open, which refuses a large JPEG before its size can be reduced
        return JpegImagePlugin.jpeg_factory(io.BytesIO(data))
    return Image.open(io.BytesIO(data), formats=FORMATS)


def looks_like_a_picture(path: Path) -> bool:
    """Say whether the name promises a picture."""
    return path.suffix.lower() in SUFFIXES


def _upright(image: Image.Image) -> Image.Image:
    """Turn a picture as its EXIF data say. Pillow's own `exif_transpose` gives up where any other entry is odd."""
    try:
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # damaged EXIF data: the picture itself is fine
        turn = None
    return image.copy() if turn is None else image.transpose(turn)


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "RGB" and not image.has_transparency_data:
        return image
    if image.mode.startswith(("I", "F")):
        return _grey_of_any_range(image).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def _grey_of_any_range(image: Image.Image) -> Image.Image:
    """16-bit, 32-bit and float grey → 8-bit. Pillow's own conversion would cut everything above 255 off."""
    values: NDArray[np.floating] = np.asarray(image, dtype=np.float32)
    finite = values[np.isfinite(values)]
    values = np.nan_to_num(values, posinf=finite.max(initial=0), neginf=finite.min(initial=0))
    scaled: NDArray[np.floating]
    if image.mode.startswith("I;16"):
        scaled = values / 257
    elif image.mode == "F" and values.min() >= 0 and values.max() <= 1:
        scaled = values * 255
    elif values.min() >= 0 and values.max() <= 255:
        scaled = values
    elif image.mode == "I" and values.min() >= 0 and values.max() <= 65535:
        scaled = values / 257
    else:  # measurements in units of their own: darkest to brightest
        scaled = (values - values.min()) * (255 / max(float(np.ptp(values)), 1e-12))
    return Image.fromarray(np.round(scaled).astype(np.uint8))


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
