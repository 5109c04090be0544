"""Pictures side by side, each with its augmented variants."""

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from xception_gui.ui.kit.painting import draw_thumbnail

SIDE = 72  # pixels
WITHIN = 4  # between the variants of one picture
BETWEEN = 20


class LooksStrip(QWidget):
    """The pictures with their variants, from the left, as far as they fit."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._looks: Sequence[Sequence[QPixmap | None]] = ()
        self.setFixedHeight(SIDE)

    def show_looks(self, looks: Sequence[Sequence[QPixmap | None]]) -> None:
        """Show other variants: a row for each picture; None: not made yet."""
        self._looks = looks
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the first picture, and the others that fit whole."""
        painter = QPainter(self)
        left = 0
        for looks in self._looks:
            width = len(looks) * (SIDE + WITHIN) - WITHIN
            if left and left + width > self.width():
                break
            for number, pixmap in enumerate(looks):
                draw_thumbnail(painter, QRect(left + number * (SIDE + WITHIN), 0, SIDE, SIDE), pixmap)
            left += width + BETWEEN
        painter.end()
