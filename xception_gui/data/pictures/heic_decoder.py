"""HEIC decoding by libheif through pi-heif, which is loaded with the first such file, as most people have none.

The C module of pi-heif is called directly. Its public functions also read the companions of each picture, in a way that
some damaged files crash.
"""

from functools import cache
from types import ModuleType
from typing import Any, cast

from PIL import ImageFile

from xception_gui.data.pictures.file_kinds import FileKind

THREADS = 1
"""Threads of libheif for one picture. Pictures are already decoded in parallel."""


class HeicFile(ImageFile.ImageFile):
    """A HEIC's shown picture, rotated by libheif as the file says: by the standard, EXIF orientation has no effect.

    Raises:
        PictureError: libheif isn't available for this computer.
        Exception: any that pi-heif raises for a damaged file.
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
            False,  # rows may be padded
            True,
            "",  # any decoder
            False,  # keep libheif's own limits
        )
        self._shown = next((picture for picture in pictures if picture is not None and picture.primary), None)
        if self._shown is None:
            raise ValueError("contains no main picture")
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
    """Load libheif and return its version; None if it isn't available for this computer."""
    library = _library()
    return None if library is None else str(library.get_lib_info()["libheif"])
