"""Icons, drawn from SVG in the colours of the present appearance."""

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from xception_gui.paths import resources_folder
from xception_gui.ui.kit import theme

DENSITY = 2  # drawn for dense screens, scaled down by Qt on others


def icon(name: str, token: str = "muted", checked: str = "accent", size: int = 20) -> QIcon:
    """Draw an icon; `checked` is its colour on a button that is checked."""
    made = QIcon()
    made.addPixmap(_draw(name, token, size), QIcon.Mode.Normal, QIcon.State.Off)
    made.addPixmap(_draw(name, checked, size), QIcon.Mode.Normal, QIcon.State.On)
    return made


def program_icon() -> QIcon:
    """Return the program's own icon."""
    return QIcon(str(resources_folder() / "icons" / "xception-gui.svg"))


def _draw(name: str, token: str, size: int) -> QPixmap:
    pixmap = QPixmap(QSize(size, size) * DENSITY)
    pixmap.setDevicePixelRatio(DENSITY)
    pixmap.fill(Qt.GlobalColor.transparent)
    try:
        svg = (resources_folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    except OSError:  # the text beside the icon is enough
        return pixmap
    renderer = QSvgRenderer(QByteArray(svg.replace("currentColor", theme.color(token).name()).encode()))
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
