"""A grid of pictures with captions. It takes thousands, as only visible ones are loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from xception_gui.domain.visible import visible
from xception_gui.ui.kit import theme
from xception_gui.ui.kit.labels import tool_tip
from xception_gui.ui.kit.painting import draw_text, draw_thumbnail
from xception_gui.ui.pictures.thumbnails import Thumbnails

GAP = 10  # pixels between pictures
LEAST_SIDE = 88  # pixels
MAX_SIDE = 176  # pixels: thumbnails are not larger
LINES = 2  # of the caption below a picture

ItemIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PictureItem:
    """A picture of the grid."""

    path: str
    caption: str = ""  # one or two lines, with invisible characters in names written out
    tool_tip: str = ""  # lines, likewise
    ends: tuple[str, ...] = ()  # figures at the end of each line of the caption, which are never shortened


def side_for(width: int, height: int, count: int, words: int, least: int = LEAST_SIDE) -> int:
    """Return the largest side of a picture at which all are visible, within limits. All in pixels.

    Args:
        width: available.
        height: available.
        count: number of pictures.
        words: height of the caption, with the gap to the next picture.
        least: smallest side; used if the pictures don't all fit.
    """
    most_columns = max(1, width // (least + GAP))
    for columns in range(1, most_columns):
        side = min(width // columns - GAP, MAX_SIDE)
        rows = -(-count // (width // (side + GAP)))
        if rows * (side + words) <= height:
            return side
    return width // most_columns - GAP


class PictureModel(QAbstractListModel):
    """The items of a grid."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[PictureItem, ...] = ()
        self._rows: dict[str, list[int]] = {}

    def show_items(self, items: Sequence[PictureItem]) -> None:
        """Replace all items."""
        self.beginResetModel()
        self._items = tuple(items)
        self._rows = {}
        for row, item in enumerate(self._items):
            self._rows.setdefault(item.path, []).append(row)
        self.endResetModel()

    @property
    def items(self) -> tuple[PictureItem, ...]:
        """All items."""
        return self._items

    def rows_of(self, path: str) -> list[int]:
        """Return the rows of a picture."""
        return self._rows.get(path, [])

    def rowCount(self, parent: ItemIndex = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's names and defaults
        """Count the items."""
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: ItemIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the data of an item for a role."""
        item = self._items[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return item.caption
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(*(item.tool_tip.split("\n") if item.tool_tip else (item.path,)))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{visible(Path(item.path).name)}: {' · '.join(item.caption.splitlines())}"
        return None


class PictureGrid(QListView):
    """Shows pictures in rows that fill its width.

    Signals:
        opened: int, the index of the picture to show in full, by double click, Enter or space bar.
        folder_wanted: int, the index of the picture to show in its folder.
    """

    opened = Signal(int)
    folder_wanted = Signal(int)

    def __init__(
        self, thumbnails: Thumbnails, object_name: str, accessible_name: str, least_side: int = LEAST_SIDE
    ) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self.setAccessibleName(accessible_name)
        self._least_side = least_side
        self._model = PictureModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_PictureDelegate(thumbnails, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self._open_action = self._add_action(self.tr("Open picture"), "show_larger")
        self._folder_action = self._add_action(self.tr("Show in folder"), "show_in_folder")
        self._open_action.triggered.connect(lambda: self._tell(self.opened))
        self._folder_action.triggered.connect(lambda: self._tell(self.folder_wanted))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        thumbnails.thumbnail_ready.connect(self._on_thumbnail_ready)

    def show_items(self, items: Sequence[PictureItem]) -> None:
        """Show other pictures, from the first."""
        self._model.show_items(items)
        self._fit()
        self.scrollToTop()
        if items:
            self.setCurrentIndex(self._model.index(0))

    @property
    def items(self) -> tuple[PictureItem, ...]:
        """The items shown."""
        return self._model.items

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Make the pictures fill the width."""
        self._fit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow changes of the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Open the chosen picture with Enter or the space bar; move with the arrow keys."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._tell(self.opened)
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Show the menu of the picture under the pointer or, from the keyboard, of the chosen one."""
        by_keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_keyboard else self.indexAt(event.pos())
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions())
        where = self.visualRect(index).center() if by_keyboard else event.pos()
        menu.popup(self.viewport().mapToGlobal(where))

    def _fit(self) -> None:
        # Room for the scroll bar is always reserved: otherwise it could appear and disappear for ever.
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        width, height = (size - 2 * self.frameWidth() for size in (self.width(), self.height()))
        words = 4 + LINES * QFontMetrics(theme.font(12)).height() + GAP
        side = side_for(width - bar, height, len(self.items), words, self._least_side)
        self.setGridSize(QSize(side + GAP, side + words))

    def _add_action(self, words: str, name: str) -> QAction:
        action = QAction(words, self)
        action.setObjectName(f"{self.objectName()}_{name}")
        self.addAction(action)
        return action

    def _tell(self, signal: Any) -> None:
        if self.currentIndex().isValid():
            signal.emit(self.currentIndex().row())

    def _on_thumbnail_ready(self, path: str) -> None:
        for row in self._model.rows_of(path):
            self.update(self._model.index(row))


class _PictureDelegate(QStyledItemDelegate):
    """Paints a picture and its caption."""

    def __init__(self, thumbnails: Thumbnails, parent: PictureGrid) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._grid = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: ItemIndex) -> QSize:  # noqa: N802
        """Return the same size for all items."""
        return self._grid.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ItemIndex) -> None:
        """Paint an item."""
        cell, state = option.rect, option.state
        side = self._grid.gridSize().width() - GAP
        picture = QRect(cell.left(), cell.top(), side, side)
        item = self._grid.items[index.row()]
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pixmap = self._thumbnails.pixmap(item.path)
        draw_thumbnail(painter, picture, pixmap, failed=self._thumbnails.has_failed(item.path))
        if is_chosen or state & QStyle.StateFlag.State_MouseOver:
            self._paint_ring(painter, picture, is_chosen=is_chosen)
        self._paint_words(painter, QRect(cell.left(), picture.bottom() + 5, side, cell.height()), item)
        painter.restore()

    def _paint_ring(self, painter: QPainter, place: QRect, *, is_chosen: bool) -> None:
        """Draw a ring: thicker with the keyboard focus. A light line separates the ring from the picture's colours."""
        has_focus = is_chosen and self._grid.hasFocus()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if is_chosen:
            painter.setPen(QPen(theme.color("card"), 4 if has_focus else 3))
            painter.drawRoundedRect(QRectF(place).adjusted(2, 2, -2, -2), 5, 5)
        width = 3 if has_focus else 2 if is_chosen else 1
        inset = width / 2
        painter.setPen(QPen(theme.color("accent" if is_chosen else "muted"), width))
        painter.drawRoundedRect(QRectF(place).adjusted(inset, inset, -inset, -inset), 6, 6)

    def _paint_words(self, painter: QPainter, place: QRect, item: PictureItem) -> None:
        for number, words in enumerate(item.caption.splitlines()[:LINES]):
            font = theme.font(12, QFont.Weight.DemiBold if number == 0 else QFont.Weight.Normal)
            line = QRect(place.left(), place.top(), place.width(), QFontMetrics(font).height())
            token = "ink" if number == 0 else "muted"
            end = item.ends[number] if number < len(item.ends) else ""
            draw_text(painter, line, words, font, token, mode=Qt.TextElideMode.ElideMiddle, end=end)
            place.setTop(line.bottom() + 1)
