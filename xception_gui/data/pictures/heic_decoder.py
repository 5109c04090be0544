"""HEIC by libheif, by way of pi-heif: loaded when the first such file is opened, as most people have none.

What pi-heif is made of is called directly. Its own way of opening a file also reads what goes with each picture, in a
way that some damaged files crash.
"""

from functools import cache
from types import ModuleType
from typing import Any, cast

from PIL import ImageFile

from xception_gui.data.pictures.file_kinds import FileKind

THREADS = 1
"""Of libheif, for one picture. Pictures are decoded side by side already."""


class HeicFile(ImageFile.ImageFile):
    """A HEIC's shown picture, which libheif turns as the file says: by the standard, its EXIF data have no say in that.

    Raises:
        PictureError: there is no libheif for this computer.
        Exception: whatever pi-heif says of a damaged file.
    """

    format = "HEIF"
    format_description = "High Efficiency Image File Format"
    _shown: Any = None

    def _open(self) -> None:
        library = _library()
        if library is None:
            raise FileKind.HEIC.error()
        assert self.fp is not None
        pictures = library.load_file(
            self.fp.read(),
            THREADS,
            True,  # 8 bits a colour
            False,  # RGB, not BGR
            False,  # rows may be longer than they are wide
            True,
            "",  # any decoder
            False,  # the limits of libheif are kept
        )
        self._shown = next((picture for picture in pictures if picture is not None and picture.primary), None)
        if self._shown is None:
            raise ValueError("it shows no picture")
        self._size, self._mode = self._shown.size_mode

    def load(self) -> Any:
        """Decode the picture, once."""
        if self._shown is not None:
            shown, self._shown = self._shown, None
            pixels = shown.data
            self._size, self._mode = shown.size_mode
            self.load_prepare()
            self.frombytes(pixels, "raw", (self._mode, shown.stride))
        return super().load()


@cache
def _library() -> ModuleType | None:
    try:
        import _pi_heif
    except ImportError:
        return None
    return cast("ModuleType", _pi_heif)


def libheif_version() -> str | None:
    """Return which libheif opens HEIC; None if there is none for this computer. Loads it."""
    library = _library()
    return None if library is None else str(library.get_lib_info()["libheif"])
