"""Reads what was dropped or pasted: files, picture data, or something to refuse with a sentence."""

import base64
import binascii
import re
import sys
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QImage, QPixmap

from xception_gui.files.absolute_paths import absolute_path

PICTURE_TYPES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/heic": ".heic",
    "image/gif": ".gif",
    "image/tiff": ".tif",
    "image/bmp": ".bmp",
}
"""MIME types that are taken as they are, the best first; an engine opens them."""

FILES_OF_WINDOWS = 'application/x-qt-windows-mime;value="FileNameW"'
"""MIME type that is present when Windows' file manager provides the files; a page in a browser can't add it."""

HOSTS_IN_PATHS = ("//", "/??/")
"""Beginnings of paths that Windows takes for another computer's, with slashes in either direction."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Files or picture data that were dropped or pasted."""

    paths: tuple[str, ...] = ()
    data: bytes = b""  # of a picture without a file
    suffix: str = ""
    refusal: str = ""  # why some or all of it can't be used

    @property
    def is_usable(self) -> bool:
        """Whether there are files or picture data."""
        return bool(self.paths or self.data)


def may_be_taken(mime: QMimeData) -> bool:
    """Return whether something that hovers may be dropped. An address may be: then a sentence says why it isn't used."""
    return mime.hasUrls() or mime.hasImage() or any(mime.hasFormat(kind) for kind in PICTURE_TYPES) or mime.hasText()


def read_incoming(mime: QMimeData) -> Incoming:
    """Read what was dropped or pasted. Nothing is ever fetched: a web address alone is refused, and so is the address
    of a file on another computer, which Windows would call."""
    of_files = [url for url in mime.urls() if url.isLocalFile()]
    path_of = QUrl.toLocalFile if _is_by_file_manager_of_windows(mime) else _path_here
    files = tuple(absolute_path(path) for url in of_files if (path := path_of(url)))
    refusal = _elsewhere() if len(files) < len(of_files) else ""
    if files:
        return Incoming(paths=files, refusal=refusal)
    for kind, suffix in PICTURE_TYPES.items():
        data = bytes(mime.data(kind).data())
        if data:
            return Incoming(data=data, suffix=suffix)
    for text in (*(url.toString() for url in mime.urls()), mime.text(), mime.html()):
        embedded = _embedded_picture(text)
        if embedded is not None:
            return embedded
    if mime.hasImage():
        image = mime.imageData()
        return _from_image(image.toImage() if isinstance(image, QPixmap) else QImage(image))
    return Incoming(refusal=refusal or _refusal(mime))


def _path_here(url: QUrl) -> str:
    """Return the path of a URL on this computer, empty if it is elsewhere."""
    without_host = QUrl(url)
    without_host.setHost("")
    path = without_host.toLocalFile()
    is_here = url.host().lower() in ("", "localhost") and url.path().startswith("/")
    return path if is_here and not path.replace("\\", "/").startswith(HOSTS_IN_PATHS) else ""


def _is_by_file_manager_of_windows(mime: QMimeData) -> bool:
    """Return whether the files come from Windows' file manager. Files in a shared folder are URLs with a host there, and
    the person has opened that folder already."""
    return sys.platform == "win32" and mime.hasFormat(FILES_OF_WINDOWS)


def _embedded_picture(text: str) -> Incoming | None:
    """Decode a picture in a data URL (data:image/png;base64,…), which browsers use for small ones."""
    found = re.search(r"data:(image/[a-z+]+);base64,([A-Za-z0-9+/=]+)", text or "")
    if found is None or found[1] not in PICTURE_TYPES:
        return None
    try:
        return Incoming(data=base64.b64decode(found[2], validate=True), suffix=PICTURE_TYPES[found[1]])
    except binascii.Error:
        return None


def _from_image(image: QImage) -> Incoming:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs say bytes; PySide needs a str
    data = bytes(buffer.data().data())
    return Incoming(data=data, suffix=".png") if data else Incoming(refusal=_nothing())


def _refusal(mime: QMimeData) -> str:
    if mime.hasUrls() or re.match(r"\s*(https?|ftp)://", mime.text() or ""):
        return QCoreApplication.translate(
            "incoming",
            "This is only the address of a picture, and this program never uses the network. "
            "Save the picture or copy the picture itself, then drop or paste that.",
        )
    return _nothing()


def _elsewhere() -> str:
    return QCoreApplication.translate(
        "incoming",
        "Files on other computers can't be opened, because this program never uses the network. "
        "Copy them to this computer, then drop or paste the copies.",
    )


def _nothing() -> str:
    return QCoreApplication.translate(
        "incoming", "What you dropped or pasted contains no picture or file. Drop picture files or folders instead."
    )
