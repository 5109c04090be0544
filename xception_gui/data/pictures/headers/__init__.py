"""Information in file headers, read before anything is decoded."""

from collections.abc import Callable

from PIL import UnidentifiedImageError

from xception_gui.data.pictures.excerpt import Counted, Readable
from xception_gui.data.pictures.file_kinds import BEGINNING, any_kind, known_kind
from xception_gui.data.pictures.headers import avif, gif, heif, ico, jpeg, jpeg2000, png, simple, tiff, webp
from xception_gui.data.pictures.headers.header import Header, HeaderError

__all__ = ["FORMATS", "Header", "HeaderError", "read_header"]

FORMATS = ("JPEG", "PNG", "GIF", "TIFF", "JPEG2000", "ICO", "WEBP", "AVIF", "HEIF", *simple.KINDS)
"""Pillow's names of the supported formats (MPO is opened as JPEG, HEIC is HEIF). Excluded on purpose: EPS and PDF,
which run programs, and rare scientific formats."""

PIECES = 200_000
"""Limit of reads for a header. Ordinary pictures take a few dozen."""


def read_header(file: Readable, at_least: int | None = None) -> Header:
    """Determine a file's format, the size of its picture and the cost of decoding it, by reading little.

    Args:
        file: any.
        at_least: pixels; a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size, neither side below this.

    Raises:
        UnidentifiedImageError: the file is neither a picture nor of another known kind.
        PictureError: it is of a known kind that can't be opened.
        HeaderError: the header is damaged.
        TooManyPiecesError: the header is endless.
        Exception: any that Pillow raises for a damaged header.
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
    """Read a header with a weak signature; before and after, check for other kinds of files."""
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
