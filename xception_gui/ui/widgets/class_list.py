"""The classes of a data set as rows: name, number of pictures, some of them, a bar to compare, how well they are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from xception_gui.domain.visible import visible
from xception_gui.ui import texts, theme
from xception_gui.ui.thumbnails import Thumbnails
from xception_gui.ui.widgets.labels import tool_tip
from xception_gui.ui.widgets.painting import draw_bar, draw_focus, draw_text, draw_thumbnail

ROW = 62  # pixels
MOST_PICTURES = 8  # in a row
PICTURE = 44
BETWEEN = 6
BAR = 140
SHARE = 60

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class."""

    name: str
    count: int
    samples: tuple[str, ...]  # paths


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand in a row, for its width."""

    name: QRect
    count: QRect
    pictures: tuple[QRect, ...]
    bar: QRect | None
    share: QRect | None


def columns_of(row: QRect, most_pictures: int, *, with_share: bool = False) -> Columns:
    """Arrange a row: the name has a quarter, the bar goes first when it gets narrow, then pictures."""
    share = SHARE if with_share else 0
    left, width = row.left() + 8, row.width() - 16 - share
    name = max(110, min(300, width // 4))
    count = 74
    bar = BAR if width + share > 620 else 0
    room = width - name - count - (bar + 24 if bar else 0)
    fitting = max(1, min(most_pictures, (room + BETWEEN) // (PICTURE + BETWEEN)))
    top = row.top() + (row.height() - PICTURE) // 2
    start = left + name + count
    pictures = tuple(QRect(start + i * (PICTURE + BETWEEN), top, PICTURE, PICTURE) for i in range(fitting))
    return Columns(
        name=QRect(left, row.top(), name - 12, row.height()),
        count=QRect(left + name, row.top(), count - 12, row.height()),
        pictures=pictures,
        bar=QRect(row.right() - 8 - share - bar, row.top() + row.height() // 2 - 3, bar, 6) if bar else None,
        share=QRect(row.right() - 8 - share, row.top(), share, row.height()) if share else None,
    )


class ClassModel(QAbstractListModel):
    """The rows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[ClassRow, ...] = ()
        self.largest = 1
        self.shares: Mapping[str, float] = {}

    def show_classes(self, rows: Sequence[ClassRow]) -> None:
        """Show other classes."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.largest = max((row.count for row in rows), default=1) or 1
        self.shares = {}
        self.endResetModel()

    def show_shares(self, shares: Mapping[str, float]) -> None:
        """Show which part of each class is recognised, 0..1; an empty mapping: not known."""
        self.shares = shares
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's names
        """Count the classes."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give what is read aloud, and the tool tip."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            said = self.tr("{name}: {n} pictures").format(name=visible(row.name), n=texts.number(row.count))
            share = self.shares.get(row.name)
            if share is None:
                return said
            return self.tr("{said}, {share} right so far").format(said=said, share=texts.percent(share))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(row.name)
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, model: ClassModel, thumbnails: Thumbnails, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._model.rows[index.row()]
        place: QRect = option.rect
        columns = columns_of(place, MOST_PICTURES, with_share=bool(self._model.shares))
        draw_text(painter, columns.name, row.name, theme.font(14, QFont.Weight.DemiBold))
        draw_text(painter, columns.count, texts.number(row.count), theme.font(14))
        for spot, path in zip(columns.pictures, row.samples, strict=False):
            failed = self._thumbnails.has_failed(path)
            draw_thumbnail(painter, spot, self._thumbnails.pixmap(path), failed=failed)
        if columns.bar is not None:
            draw_bar(painter, QRectF(columns.bar), row.count / self._model.largest)
        share = self._model.shares.get(row.name)
        if columns.share is not None and share is not None:
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            bold = theme.font(14, QFont.Weight.DemiBold)
            draw_text(painter, columns.share, texts.percent(share), bold, alignment=right)
        painter.setPen(theme.color("line"))
        painter.drawLine(place.bottomLeft(), place.bottomRight())
        if option.state & QStyle.StateFlag.State_HasFocus:
            draw_focus(painter, place.adjusted(0, 2, 0, -3))


class ClassList(QListView):
    """Shows classes. A double click on a picture, or Enter on a class, opens its pictures.

    Signals:
        picture_opened: the paths of a class's pictures, and which of them.
    """

    picture_opened = Signal(list, int)

    def __init__(self, thumbnails: Thumbnails, object_name: str) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self.setAccessibleName(self.tr("Classes"))
        self._model = ClassModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self._model, thumbnails, self))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        thumbnails.thumbnail_ready.connect(lambda _path: self.viewport().update())

    def show_classes(self, rows: Sequence[ClassRow]) -> None:
        """Show other classes."""
        self._model.show_classes(rows)

    def show_shares(self, shares: Mapping[str, float]) -> None:
        """Show which part of each class is recognised, 0..1; an empty mapping: not known."""
        self._model.show_shares(shares)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's names
        """Open the picture below the pointer, or the first one of the class."""
        index = self.indexAt(event.position().toPoint())
        columns = columns_of(self.visualRect(index), MOST_PICTURES, with_share=bool(self._model.shares))
        hit = (at for at, spot in enumerate(columns.pictures) if spot.contains(event.position().toPoint()))
        self._open(index, next(hit, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Open the pictures of the class that the keyboard has reached with Enter or space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self.currentIndex(), 0)
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex, number: int) -> None:
        samples = self._model.rows[index.row()].samples if index.isValid() else ()
        if samples:
            self.picture_opened.emit(list(samples), min(number, len(samples) - 1))
