"""The program's icons in the formats of each system, drawn from the SVG files in `resources/icons`."""

from io import BytesIO
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = "xception-gui"
MODEL = "application-x-xception-model"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)  # pixels
WINDOWS_SIZES = SIZES[:-1]


def draw(name: str, size: int) -> Image.Image:
    """Draw an icon of `resources/icons`, RGBA (size, size). Needs no `QApplication`."""
    from PySide6.QtCore import QBuffer, QIODevice, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(str(ROOT / "resources" / "icons" / f"{name}.svg"))
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return Image.open(BytesIO(bytes(buffer.data().data()))).convert("RGBA")


def write_windows_icon(name: str, folder: Path) -> Path:
    """Write NAME.ico, with each size drawn from the SVG file."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = [draw(name, size) for size in WINDOWS_SIZES]
    path = folder / f"{name}.ico"
    drawn[-1].save(path, sizes=[image.size for image in drawn], append_images=drawn[:-1])
    return path


def write_mac_icon(name: str, folder: Path) -> Path:
    """Write NAME.icns."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.icns"
    draw(name, 1024).save(path, append_images=[draw(name, size) for size in SIZES])
    return path


def write_linux_icons(folder: Path, program: str) -> None:
    """Write both icons into a folder `icons/hicolor`, the program's under the name `program`."""
    for name, source, kind in ((program, PROGRAM, "apps"), (MODEL, MODEL, "mimetypes")):
        for size in SIZES:
            place = folder / f"{size}x{size}" / kind
            place.mkdir(parents=True, exist_ok=True)
            draw(source, size).save(place / f"{name}.png")
        place = folder / "scalable" / kind
        place.mkdir(parents=True, exist_ok=True)
        svg = (ROOT / "resources" / "icons" / f"{source}.svg").read_bytes()
        (place / f"{name}.svg").write_bytes(svg)
