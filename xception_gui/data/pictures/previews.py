"""Small copies of pictures in a folder of the cache, shown so that a stranger's file isn't opened again."""

import hashlib
import io
from pathlib import Path

from PIL import Image

from xception_gui.data.file_state import FileState
from xception_gui.data.pictures.augmentation import Transform, apply_transform
from xception_gui.data.pictures.open_picture import PICTURE_PATH_VERSION, decode_file, of_decoded, open_file
from xception_gui.data.pictures.upright import Box, UprightPicture
from xception_gui.domain.messages.dataset import PreviewShape
from xception_gui.files.atomic import write_private
from xception_gui.files.regular_files import open_regular

JPEG = b"\xff\xd8\xff"
"""First bytes of a JPEG file."""

JPEG_QUALITY = 85
LARGEST = 8192
"""Limit of a preview's sides, in pixels."""


def make_preview(path: Path, size: int, shape: PreviewShape, folder: Path) -> Path:
    """Make a small copy of a picture in `folder`, or find the one made of its current state.

    Args:
        path: the picture.
        size: pixels: the side of a square, the longer side of a whole picture. Pictures are never enlarged.
        shape: the kind of copy.
        folder: of the previews.

    Returns:
        A JPEG file.

    Raises:
        PictureError: there is no picture in the file.
        OSError: the preview can't be written.
    """
    size = min(max(size, 1), LARGEST)
    preview = folder / _name_of(path, size, shape)
    if not _is_there(preview):
        with open_file(path) as file:
            small = of_decoded(file, size, lambda picture: _made_small(picture, size, shape))
        write_private(preview, _as_jpeg(small))
    return preview


def make_look(path: Path, size: int, transform: Transform, folder: Path) -> Path:
    """Make a small copy of a picture as a network sees it: stretched to a square, and transformed.

    Args:
        path: the picture.
        size: pixels, width and height.
        transform: as in training.
        folder: of the previews.

    Returns:
        A JPEG file.

    Raises:
        PictureError: there is no picture in the file.
        OSError: the preview can't be written.
    """
    size = min(max(size, 1), LARGEST)
    preview = folder / _name_of(path, size, str(transform))
    if not _is_there(preview):
        write_private(preview, _as_jpeg(Image.fromarray(apply_transform(decode_file(path, size), transform))))
    return preview


def _name_of(path: Path, size: int, shape: str) -> str:
    """Name the preview of a picture in its current state: a changed file has another state."""
    state = FileState.of(path)  # None: reading it will raise the error again
    key = b"%d %b %b %d %b" % (
        size,
        shape.encode(),
        b"unknown" if state is None else bytes(state),
        PICTURE_PATH_VERSION,
        str(path.absolute()).encode(errors="surrogatepass"),
    )
    return f"{hashlib.sha256(key).hexdigest()[:32]}.jpg"


def _is_there(preview: Path) -> bool:
    try:
        with open_regular(preview) as file:
            return file.read(len(JPEG)) == JPEG
    except OSError:
        return False


def _made_small(picture: UprightPicture, size: int, shape: PreviewShape) -> Image.Image:
    width, height = picture.size
    if shape is PreviewShape.SQUARE:
        side = min(width, height)
        left, top = (width - side) // 2, (height - side) // 2
        return _scaled(picture, (left, top, left + side, top + side), size / side)
    return _scaled(picture, (0, 0, width, height), size / max(width, height))


def _scaled(picture: UprightPicture, box: Box, factor: float) -> Image.Image:
    """Scale a part of a picture; never up, and no side to zero."""
    factor = min(factor, 1.0)
    width, height = (max(round((box[i + 2] - box[i]) * factor), 1) for i in (0, 1))
    return picture.scaled((width, height), Image.Resampling.BICUBIC, box)


def _as_jpeg(image: Image.Image) -> bytes:
    image.info.clear()  # place, author, comments: not needed in a cache
    stream = io.BytesIO()
    image.save(stream, format="JPEG", quality=JPEG_QUALITY)
    return stream.getvalue()
