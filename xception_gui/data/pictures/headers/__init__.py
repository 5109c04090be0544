"""What files say about their pictures before anything is decoded."""

from collections.abc import Callable

from PIL import UnidentifiedImageError

from xception_gui.data.pictures.excerpt import Counted, Readable
from xception_gui.data.pictures.file_kinds import BEGINNING, any_kind, known_kind
from xception_gui.data.pictures.headers import avif, gif, heif, ico, jpeg, jpeg2000, png, simple, tiff, webp
from xception_gui.data.pictures.headers.header import Header, HeaderError

__all__ = ["FORMATS", "Header", "HeaderError", "read_header"]

FORMATS = ("JPEG", "PNG", "GIF", "TIFF", "JPEG2000", "ICO", "WEBP", "AVIF", "HEIF", *simple.KINDS)
"""Pillow's names of what is opened (MPO is opened as JPEG, HEIC is HEIF). Left out on purpose: EPS and PDF,
which run programs, and rare scientific ones."""

PIECES = 200_000
"""In which a header may be read. Those of ordinary pictures have some dozens."""


def read_header(file: Readable, at_least: int | None = None) -> Header:
    """Find out which format a file has, how large its picture is, and what decoding it takes. Little is read for that.

    Args:
        file: any.
        at_least: pixels; a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size, neither side below this.

    Raises:
        UnidentifiedImageError: it is no picture, nor anything else that is known.
        PictureError: it is something that is known and can't be opened.
        HeaderError: a damaged one.
        TooManyPiecesError: its header is endless.
        Exception: whatever Pillow says of a damaged header.
    """
    file.seek(0)
    beginning = file.read(BEGINNING)
    return _reader_for(beginning)(Counted(file, PIECES), at_least)


_Reader = Callable[[Readable, int | None], Header]

_READERS: tuple[tuple[bytes | tuple[bytes, ...], _Reader], ...] = (
    (jpeg.MAGIC, jpeg.read),
    (png.MAGIC, png.read),
    (gif.MAGICS, gif.read),
    (tiff.MAGICS, tiff.read),
    (jpeg2000.MAGICS, jpeg2000.read),
    (ico.MAGIC, ico.read),
)


def _reader_for(beginning: bytes) -> _Reader:
    for magics, read in _READERS:
        if beginning.startswith(magics):
            return read
    if webp.is_webp(beginning):
        return webp.read
    if heif.is_heif(beginning):
        return heif.read
    return avif.read if avif.is_avif(beginning) else _read_simple


def _read_simple(file: Readable, at_least: int | None) -> Header:
    """Read the header of a format that is hardly marked as one; before and after that, see what else it may be."""
    file.seek(0)
    beginning = file.read(BEGINNING)
    if (kind := known_kind(beginning)) is not None:
        raise kind.error()
    try:
        return simple.read(file, at_least)
    except UnidentifiedImageError:
        if (kind := any_kind(beginning)) is not None:
            raise kind.error() from None
        raise
