"""Lists as high as all their rows: the page around them scrolls, the lists themselves don't."""

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QScrollArea, QSizePolicy

LEAST_WIDTH = 200  # pixels


def show_whole(view: QAbstractItemView) -> None:
    """Leave scrolling to the page, which keeps the current row in view."""
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    view.selectionModel().currentChanged.connect(lambda now, _before: _bring_into_sight(view, now))
    view.model().modelReset.connect(view.updateGeometry)


def whole_size(view: QAbstractItemView, rows: int, row: int, head: int = 0) -> QSize:
    """Return the size of a view with all its rows. All in pixels.

    Args:
        view: the list or table.
        rows: number of rows.
        row: height of each.
        head: height of the header.
    """
    return QSize(LEAST_WIDTH, rows * row + head + 2 * view.frameWidth())


def _bring_into_sight(view: QAbstractItemView, index: QModelIndex) -> None:
    around = view.parentWidget()
    while around is not None and not isinstance(around, QScrollArea):
        around = around.parentWidget()
    if not isinstance(around, QScrollArea) or not index.isValid():
        return
    rect, content = view.visualRect(index), around.widget()
    if content is not None:
        middle = view.viewport().mapTo(content, QPoint(0, rect.center().y()))
        around.ensureVisible(0, middle.y(), 0, rect.height())
