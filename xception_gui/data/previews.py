"""Small copies of pictures in a folder of the cache: what is shown instead of opening a stranger's file again."""

import contextlib
import hashlib
import io
import os
from pathlib import Path

from PIL import Image

from xception_gui.data.augmentation import Change, changed
from xception_gui.data.images import PICTURE_PATH_VERSION, decode, open_picture, read_file
from xception_gui.data.whole_files import write_whole
from xception_gui.diagnostics import logger
from xception_gui.domain.messages import PreviewShape

JPEG_QUALITY = 85
LARGEST = 8192
"""Pixels that a side of a preview may have."""


def make_preview(path: Path, size: int, shape: PreviewShape, folder: Path) -> Path:
    """Make a small copy of a picture in `folder`, or find the one that was made of it as it is now.

    Args:
        path: the picture.
        size: pixels: the side of a square, the longer side of a whole picture. Nothing is ever enlarged.
        shape: how it is made small.
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
        write_whole(preview, _as_jpeg(_made_small(open_picture(read_file(path), at_least=size), size, shape)))
    return preview


def make_look(path: Path, size: int, change: Change, folder: Path) -> Path:
    """Make a small copy of a picture as a network sees it: stretched to a square, and changed.

    Args:
        path: the picture.
        size: pixels, both ways.
        change: what a training does to it.
        folder: of the previews.

    Returns:
        A JPEG file.

    Raises:
        PictureError: there is no picture in the file.
        OSError: the preview can't be written.
    """
    size = min(max(size, 1), LARGEST)
    preview = folder / _name_of(path, size, str(change))
    if not _is_there(preview):
        write_whole(preview, _as_jpeg(Image.fromarray(changed(decode(read_file(path), size), change))))
    return preview


def tidy(folder: Path, *, above: int, down_to: int) -> None:
    """If the files in `folder` take more than `above` bytes, delete the oldest until `down_to` are left."""
    files = _files_in(folder)
    left = sum(size for _, size, _ in files)
    if left <= above:
        return
    logger.info("%s takes %d MB: the oldest files are deleted", folder, left // 1_000_000)
    for _, size, path in sorted(files):
        if left <= down_to:
            return
        with contextlib.suppress(OSError):
            path.unlink()
            left -= size


def _files_in(folder: Path) -> list[tuple[int, int, Path]]:
    """Time of change, size and path of each file."""
    found = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):  # another program has just deleted it
                status = entry.stat(follow_symlinks=False)
                found.append((status.st_mtime_ns, status.st_size, Path(entry.path)))
    return found


def _name_of(path: Path, size: int, shape: str) -> str:
    """Name the preview of a picture as it is now: another content means another time or size of its file."""
    try:
        status = path.stat()
        state = f"{status.st_mtime_ns} {status.st_size}"
    except (OSError, ValueError):  # whoever reads it will meet the error again
        state = "unknown"
    key = f"{size} {shape} {state} {PICTURE_PATH_VERSION} {path.absolute()}"
    return f"{hashlib.sha256(key.encode(errors='surrogatepass')).hexdigest()[:32]}.jpg"


def _is_there(preview: Path) -> bool:
    try:
        return preview.stat().st_size > 0
    except OSError:
        return False


def _made_small(image: Image.Image, size: int, shape: PreviewShape) -> Image.Image:
    if shape is PreviewShape.SQUARE:
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        return _scaled(image, (left, top, left + side, top + side), size / side)
    return _scaled(image, (0, 0, *image.size), size / max(image.size))


def _scaled(image: Image.Image, box: tuple[int, int, int, int], factor: float) -> Image.Image:
    """Scale a part of a picture, never up, and no side to nothing."""
    factor = min(factor, 1.0)
    width, height = (max(round((box[i + 2] - box[i]) * factor), 1) for i in (0, 1))
    return image.resize((width, height), Image.Resampling.BICUBIC, box=box)


def _as_jpeg(image: Image.Image) -> bytes:
    image.info.clear()  # where it was taken, by whom, comments: nobody needs that in a cache
    stream = io.BytesIO()
    image.save(stream, format="JPEG", quality=JPEG_QUALITY)
    return stream.getvalue()
