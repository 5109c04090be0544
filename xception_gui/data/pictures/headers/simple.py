"""Formats with short, simple headers that Pillow itself can read safely: BMP, PPM, TGA, PCX."""

from typing import IO, cast

from PIL import Image, ImageFile

from xception_gui.data.pictures.excerpt import Counted, Readable
from xception_gui.data.pictures.headers.header import Header, count_of, size_of

KINDS = ("BMP", "DIB", "PPM", "TGA", "PCX")
PIECES = 10_000
LONGEST = 1_000_000  # bytes of a header, colours included

SECONDS_A_PIXEL = 20e-9
# Of decoders in Python:
SECONDS_A_PIXEL_OF_RUNS = 60e-9
SECONDS_A_BYTE_OF_RUNS = 0.35e-6
SECONDS_A_DIGIT = 60e-9  # of a black-and-white picture
SECONDS_A_NUMBER = 0.5e-6
SECONDS_A_COMMENT = 50e-6


def read(file: Readable, at_least: int | None) -> Header:
    """Read the header of one of the `KINDS`.

    Args:
        file: any.
        at_least: ignored.

    Raises:
        UnidentifiedImageError: it is none of these.
        Exception: any that Pillow raises for a damaged header.
    """
    with Image.open(cast("IO[bytes]", Counted(file, PIECES, LONGEST)), formats=KINDS) as image:
        memory, seconds = _cost(file, image)
        return Header(image.format or "", image.width, image.height, [(0, size_of(file))], memory, seconds)


def _cost(file: Readable, image: ImageFile.ImageFile) -> tuple[int, float]:
    """Return the bytes and seconds that decoding takes besides the picture itself."""
    codec = image.tile[0].codec_name if image.tile else "raw"
    pixels = image.width * image.height
    if codec == "bmp_rle":
        return 3 * pixels, SECONDS_A_PIXEL_OF_RUNS * pixels + SECONDS_A_BYTE_OF_RUNS * size_of(file)
    if codec == "ppm_plain":
        each = SECONDS_A_DIGIT if image.mode == "1" else SECONDS_A_NUMBER * len(image.getbands())
        return 12 * pixels, each * pixels + SECONDS_A_COMMENT * count_of(file, b"#")
    mirrored = 4 * pixels if image.format == "TGA" and _mirrored(file) else 0
    return mirrored, SECONDS_A_PIXEL * pixels


def _mirrored(file: Readable) -> bool:
    file.seek(17)
    return bool(file.read(1)[0] & 0x10)
