"""The one path from a file to pixels: the same for checks, training, prediction and exported models.

A change of the resulting pixels must raise `PICTURE_PATH_VERSION`, which is part of the key of cached embeddings.
"""

import contextlib
import hashlib
import io
import os
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, BinaryIO, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, JpegImagePlugin, PngImagePlugin, UnidentifiedImageError

from xception_gui.data.file_state import FileState
from xception_gui.data.pictures import ppm_decoder
from xception_gui.data.pictures.excerpt import Begun, Counted, Excerpt, Readable, TooManyPiecesError
from xception_gui.data.pictures.headers import FORMATS as FORMATS
from xception_gui.data.pictures.headers import Header, HeaderError, read_header
from xception_gui.data.pictures.headers.jpeg import LONGEST_SEGMENT
from xception_gui.data.pictures.heic_decoder import HeicFile
from xception_gui.data.pictures.memory_budget import MemoryBudget, return_freed_memory
from xception_gui.data.pictures.open_files import NO_MORE, OpenFiles
from xception_gui.data.pictures.picture_error import PictureError as PictureError
from xception_gui.data.pictures.upright import AT_ONCE, UprightPicture, between_size
from xception_gui.domain.errors import system_finding
from xception_gui.domain.reasons import Reason
from xception_gui.files.regular_files import NotRegularError, open_regular

PICTURE_PATH_VERSION = 2

MAX_BYTES = 1_000_000_000
MAX_PIXELS = 100_000_000
"""Limit of pixels decoded at once, some 400 MB in memory. Large JPEGs are decoded at a fraction of their size."""

MAX_MEMORY = 650_000_000
"""Limit in bytes of all pictures decoded at the same time. With the program itself that is less than 1 GB."""

MAX_MEMORY_OF_A_BOMB = 900_000_000
"""Bytes that one picture, alone, may take at worst, if its header doesn't show whether it will."""

MAX_SECONDS = 4.0
"""Limit of the estimated decoding time of one picture, by measurements of its format. Most take some milliseconds."""

ORDINARY_SIDE = 299
"""Pixels. Checks and smaller sizes reserve as much memory as decoding a picture to this size takes."""

SMALL_THINGS = 4_000_000
"""Bytes that decoding takes regardless of the picture's size."""

MAX_PIECES = 8_000_000
"""Limit of reads of a file during decoding."""

SUFFIXES = frozenset(
    """
    .jpg .jpeg .jpe .jfif .mpo .png .apng .webp .gif .tif .tiff .bmp .dib .avif .avifs .jp2 .j2k .jpx .jpf .j2c
    .ppm .pgm .pbm .pnm .tga .pcx .ico .heic .heif .hif
    """.split()  # noqa: SIM905 - thirty quoted strings are harder to read
)
"""Usual suffixes of pictures. The contents decide what a file is."""

READ_AT_ONCE = 4_000_000
"""Bytes up to which a file is read whole, once. Of larger files, only what a decoder reads is in memory."""

LARGE = 64_000_000
"""Bytes of memory that are worth returning to the system at once."""

# Pillow warns above this, and raises above twice this, wherever it finds a size: also in an icon or a tile.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
PngImagePlugin.MAX_TEXT_MEMORY = 1_000_000  # of a picture in an icon; the texts of others aren't read
warnings.filterwarnings("ignore", module=r"PIL\..*")
ppm_decoder.register()

_BUDGET = MemoryBudget(MAX_MEMORY)
_OPEN_FILES = OpenFiles()

Value = TypeVar("Value")

Pixels = NDArray[np.uint8]
"""(height, width, 3), 0..255, RGB."""


@contextlib.contextmanager
def open_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that may contain a picture; devices and pipes are never opened.

    Raises:
        PictureError: the file doesn't exist, isn't readable, isn't regular, is empty or too large; at the end: it
            changed meanwhile, so that its parts may not belong together.
        ProgramError: TOO_MANY_OPEN_FILES.
    """
    with _OPEN_FILES.opened(lambda: _opened(path)) as file:
        before = FileState.of_open(file)
        yield file
        if FileState.of_open(file) != before:
            raise PictureError(Reason.UNREADABLE, "changed while being read")


def _opened(path: Path) -> BinaryIO:
    with _file_errors_told(), contextlib.ExitStack() as stack:
        file = stack.enter_context(open_regular(path, through_links=True))
        size = os.fstat(file.fileno()).st_size
        _refuse_unlikely(size)
        if size <= READ_AT_ONCE:
            with contextlib.suppress(MemoryError):  # then it is read piece by piece, like larger files
                return io.BytesIO(file.read())
            file.seek(0)
        stack.pop_all()
        return file


@contextlib.contextmanager
def _file_errors_told() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise PictureError(Reason.MISSING) from error
    except NotRegularError as error:
        raise PictureError(Reason.NOT_A_FILE) from error
    except OSError as error:
        if error.errno in NO_MORE:  # which isn't the fault of this file
            raise
        raise PictureError(Reason.UNREADABLE, system_finding(error)) from error
    except ValueError as error:  # an impossible name, for instance with a null character
        raise PictureError(Reason.MISSING) from error


def _refuse_unlikely(size: int) -> None:
    if size == 0:
        raise PictureError(Reason.EMPTY)
    if size > MAX_BYTES:
        raise PictureError(Reason.TOO_LARGE, f"{MAX_BYTES // 1_000_000} MB")


def content_hash(source: bytes | BinaryIO) -> str:
    """Return the SHA-256 of a file, which identifies its picture.

    Raises:
        PictureError: the file can't be read.
    """
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with _file_errors_told():
        source.seek(0)
        found = hashlib.sha256()
        while piece := source.read(1_000_000):
            found.update(piece)
        return found.hexdigest()


def hash_file(path: Path) -> str:
    """Return the content hash of a file, with little of it in memory at a time.

    Raises:
        PictureError: as `open_file`.
    """
    with open_file(path) as file:
        return content_hash(file)


def decode(source: bytes | BinaryIO, size: int) -> Pixels:
    """Decode a picture and stretch it to the network's input.

    EXIF orientation is applied, any colour mode becomes RGB, transparency becomes white, and the first of several
    frames is used. Stretched as in the tutorial, bilinear with antialiasing.

    Args:
        source: a file, or its bytes.
        size: pixels, width and height.

    Returns:
        uint8 (size, size, 3).

    Raises:
        PictureError: there is no picture, it is damaged, has too many pixels or takes too much memory or time, or there
            isn't enough memory now.
    """
    return of_decoded(
        source,
        size,
        lambda picture: np.asarray(picture.scaled((size, size), Image.Resampling.BILINEAR), dtype=np.uint8),
    )


def decode_file(path: Path, size: int) -> Pixels:
    """Decode the picture in a file, as `decode` does.

    Raises:
        PictureError: as `open_file` and `decode`.
    """
    with open_file(path) as file:
        return decode(file, size)


def examine(source: bytes | BinaryIO) -> None:
    """Decode a whole picture, only to check that this is possible.

    Raises:
        PictureError: as `decode`.
    """
    # All data of a file are decoded at any size.
    of_decoded(source, 1, lambda picture: picture.scaled((1, 1), Image.Resampling.BILINEAR))


def of_decoded(source: bytes | BinaryIO, at_least: int, work: Callable[[UprightPicture], Value]) -> Value:
    """Decode a picture and process it; if memory runs out, try again while no other picture is decoded.

    Args:
        source: a file, or its bytes.
        at_least: pixels, as for `decoded`.
        work: called with the picture; its result is returned.

    Raises:
        PictureError: as `decode`.
    """
    try:
        with decoded(source, at_least) as picture:
            return work(picture)
    except PictureError as error:
        if error.reason is not Reason.NO_MEMORY:
            raise
    return_freed_memory()  # not earlier: the error referred to the decoded picture
    with decoded(source, at_least, alone=True) as picture:
        return work(picture)


@contextlib.contextmanager
def decoded(source: bytes | BinaryIO, at_least: int | None = None, *, alone: bool = False) -> Iterator[UprightPicture]:
    """Decode a picture, once there is memory for it besides those that other threads decode.

    Args:
        source: a file, or its bytes.
        at_least: pixels; a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size, neither side below this.
        alone: wait until no other picture is decoded.

    Raises:
        PictureError: as `decode`.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    with _decoding_errors_told():
        header = read_header(file, at_least)
        memory = memory_to_decode(header, at_least)
        _refuse_demanding(header, memory)
        wanted = min(memory + header.memory_of_a_bomb, MAX_MEMORY)
        with _BUDGET.reserved(MAX_MEMORY if alone else wanted):
            try:
                with (
                    _lack_of_memory_told(wanted if alone else MAX_MEMORY),
                    contextlib.closing(_load(file, header, at_least)) as picture,
                ):
                    yield picture
            finally:
                if wanted > LARGE:
                    return_freed_memory()


@contextlib.contextmanager
def _decoding_errors_told() -> Iterator[None]:
    try:
        yield
    except PictureError:
        raise
    except MemoryError as error:
        raise PictureError(Reason.NO_MEMORY) from error
    except UnidentifiedImageError as error:
        raise PictureError(Reason.NOT_A_PICTURE) from error
    except Image.DecompressionBombError as error:
        raise PictureError(Reason.TOO_MANY_PIXELS, f"more than {MAX_PIXELS:,}") from error
    except TooManyPiecesError as error:
        raise PictureError(Reason.TOO_DEMANDING, "hundreds of thousands of small steps") from error
    # Pillow's decoders raise almost any exception for damaged files; none of them may stop a run.
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:  # from the disk, not the decoder
            raise PictureError(Reason.UNREADABLE, system_finding(error)) from error
        raise PictureError(Reason.DAMAGED, _in_one_line(error)) from error


@contextlib.contextmanager
def _lack_of_memory_told(wanted: int) -> Iterator[None]:
    """Replace a decoder's error by NO_MEMORY unless memory was sufficient: most report both in the same way.

    Args:
        wanted: bytes that can be allocated now if there was enough memory for the picture. While other pictures are
            decoded, that is the limit for all of them, since some may have released theirs meanwhile.
    """
    try:
        yield
    except PictureError:
        raise
    except Exception as error:
        if isinstance(error, MemoryError) or not _can_be_had(wanted):
            raise PictureError(Reason.NO_MEMORY) from error
        raise


def _can_be_had(wanted: int) -> bool:
    try:
        np.empty(wanted, np.uint8)
    except MemoryError:
        return False
    return True


def memory_to_decode(header: Header, at_least: int | None) -> int:
    """Estimate the most bytes that decoding and scaling a picture take.

    Args:
        header: of the picture.
        at_least: pixels of both sides, at least; None for the full size.
    """
    width, height = header.width, header.height
    pixels = width * height
    whole = 4 * pixels  # every mode has four bytes a pixel or fewer
    converted = 28 * min(pixels, max(AT_ONCE, width, height))
    rows = 16 * (width + height) + 24 * width  # scaling factors, and rows of the file
    decoding = SMALL_THINGS + header.memory + whole + converted + rows
    if at_least is None:
        return decoding + whole
    side = max(at_least, ORDINARY_SIDE)
    between = 4 * max(between_size(width, height, side), between_size(height, width, side))
    return decoding + between + 4 * side * side


def _refuse_demanding(header: Header, memory: int) -> None:
    if header.width * header.height > MAX_PIXELS:
        raise Image.DecompressionBombError
    if memory > MAX_MEMORY or memory + header.memory_of_a_bomb > MAX_MEMORY_OF_A_BOMB:
        raise PictureError(Reason.TOO_DEMANDING, f"{memory / 1e9:.1f} GB of memory")
    if header.seconds > MAX_SECONDS:
        raise PictureError(Reason.TOO_DEMANDING, f"about {header.seconds:.0f} seconds")


def _load(file: Readable, header: Header, at_least: int | None) -> UprightPicture:
    image = _open(file, header)
    try:
        if at_least is not None:
            image.draft("RGB", (at_least, at_least))
        if image.width * image.height > header.width * header.height:
            raise HeaderError("contradictory sizes")
        image.decodermaxblock = max(image.decodermaxblock, 8 * image.width)  # a row of any width in one read
        image.load()
    except BaseException:
        image.close()
        raise
    return UprightPicture(image)


def _open(file: Readable, header: Header) -> ImageFile.ImageFile:
    counted = Counted(file, MAX_PIECES)
    excerpt: Readable = counted if header.is_whole else Excerpt(counted, header.parts)
    if header.beginning:
        excerpt = Begun(excerpt, header.beginning)
    excerpt.seek(0)
    if header.kind == "HEIF":
        return HeicFile(cast("IO[bytes]", excerpt))
    if header.kind != "JPEG":
        return Image.open(cast("IO[bytes]", excerpt), formats=(header.kind,))
    # Not Image.open, which refuses a large JPEG before its size can be reduced; and Pillow reads what precedes the
    # scans in many small pieces.
    tables = sum(end - begin for begin, end in header.parts[:-1])
    image = JpegImagePlugin.JpegImageFile(io.BytesIO(excerpt.read(tables + LONGEST_SEGMENT)))
    image.fp = cast("IO[bytes]", excerpt)
    return image


def resize(image: Image.Image, size: int) -> Pixels:
    """Stretch an RGB picture to uint8 (size, size, 3), bilinear with antialiasing."""
    return np.asarray(image.resize((size, size), Image.Resampling.BILINEAR), dtype=np.uint8)


def looks_like_a_picture(path: Path) -> bool:
    """Return whether the name is that of a picture."""
    return path.suffix.lower() in SUFFIXES


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
