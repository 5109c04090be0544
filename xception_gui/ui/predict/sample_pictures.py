"""As many pictures as fit, centred in a row."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from xception_gui.ui.kit import theme
from xception_gui.ui.kit.painting import draw_thumbnail
from xception_gui.ui.pictures.thumbnails import Thumbnails

SIDE = 104  # pixels
MOST = 6


class SamplePictures(QWidget):
    """Shows some training pictures of a model, without those that no longer exist."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._paths: tuple[str, ...] = ()
        self.setFixedHeight(SIDE)
        thumbnails.thumbnail_ready.connect(self._on_ready)

    def show_paths(self, paths: tuple[str, ...]) -> None:
        """Show other pictures."""
        self._paths = paths[:MOST]
        self.setVisible(bool(paths))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint as many as fit."""
        step = SIDE + theme.BETWEEN_CARDS
        paths = [path for path in self._paths if not self._thumbnails.has_failed(path)]
        paths = paths[: max(1, (self.width() + theme.BETWEEN_CARDS) // step)]
        left = (self.width() - (len(paths) * step - theme.BETWEEN_CARDS)) // 2
        painter = QPainter(self)
        for number, path in enumerate(paths):
            draw_thumbnail(painter, QRect(left + number * step, 0, SIDE, SIDE), self._thumbnails.pixmap(path))
        painter.end()

    def _on_ready(self, path: str) -> None:
        if path in self._paths:
            self.update()
